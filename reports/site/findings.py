"""All pages of a release: findings, one page a chart, methods, data, dictionary, corrections, how to cite.

The same pages are written into the release (links are relative) and shown by `serve` (links into the
database are added). No page needs a script or calls anybody.
"""

from typing import Any

from codebook.errors import ReportError
from reports.published import LANGUAGES
from reports.select import ChartData
from reports.snippets import page_of
from reports.words import period, say

from .chart_pages import chart_context
from .model import Findings, Place
from .release_pages import PAGES, headlines, site_title, unchanged_note
from .templating import render, styles, words

OTHER = {"en": "ru", "ru": "en"}


def site_pages(findings: Findings, place: Place | None = None) -> dict[str, str]:
    """Return every page of a release in both languages, path inside the release -> HTML.

    Raises:
        ReportError: A chart is called like one of the other pages.
    """
    place = place or Place()
    taken = sorted({data.declaration.name for data in findings.charts} & set(PAGES))
    if taken:
        raise ReportError(
            f"chart {taken[0]}: a page of the site has this name", remedy="call the chart otherwise"
        )
    pages = {}
    for language in LANGUAGES:
        pages[f"index.{language}.html"] = findings_page(findings, language, place)
        for data in findings.charts:
            path = page_of(data.declaration.name, language)
            pages[path] = _chart_page(findings, data, language, place)
        for name, context in PAGES.items():
            path = f"pages/{name}.{language}.html"
            values = _common(findings, language, place, path)
            pages[path] = render(f"{name}.html", {**values, **context(findings, language, values["w"])})
    return pages


def findings_page(findings: Findings, language: str, place: Place | None = None) -> str:
    """Return the findings page in one language ("en" or "ru")."""
    place = place or Place()
    values = _common(findings, language, place, f"index.{language}.html")
    charts = [chart_context(findings, data, language, query=place.query) for data in findings.charts]
    shown = {
        "charts": charts,
        "headlines": headlines(findings.release, language, place.query),
        "repeated": unchanged_note(findings.release, values["w"]),
    }
    return render("findings.html", {**values, **shown})


def _chart_page(findings: Findings, data: ChartData, language: str, place: Place) -> str:
    values = _common(findings, language, place, page_of(data.declaration.name, language))
    names = [chart.declaration.name for chart in findings.charts]
    at = names.index(data.declaration.name)
    neighbours = {
        "before": _link(findings, language, at - 1) if at else None,
        "after": _link(findings, language, at + 1) if at + 1 < len(names) else None,
    }
    chart = chart_context(findings, data, language, query=place.query)
    return render("chart.html", {**values, **neighbours, "chart": chart})


def _link(findings: Findings, language: str, at: int) -> tuple[str, str]:
    declaration = findings.charts[at].declaration
    return page_of(declaration.name, language), declaration.title.text(language)


def _common(findings: Findings, language: str, place: Place, path: str) -> dict[str, Any]:
    """Return what every page needs; `root` stands before every path inside the release."""
    release = findings.release
    return {
        "language": language,
        "other": OTHER[language],
        "w": words(language),
        "say": lambda name: say(name, language),
        "release": release,
        "fact": release.fact,
        "named": lambda key: release.named(key, language),
        "years": period(release.fact("period_from"), release.fact("period_to")),
        "site": site_title(release, language),
        "styles": styles(),
        "path": path,
        "twin": path.removesuffix(f".{language}.html") + f".{OTHER[language]}.html",
        "root": place.files or "../" * path.count("/"),
        "menu": ["methods", "data", "dictionary", "corrections", "cite"],
        "query": place.query,
        "script": place.script,
        "releases": [(name, link.format(language)) for name, link in place.others],
    }


__all__ = ["Findings", "Place", "findings_page", "site_pages"]
