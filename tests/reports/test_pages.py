"""Every static page: links that hold, words in order, no script, and the same pages for a server."""

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from typing import Any, cast

import pytest

from reports import PublishSummary
from reports.published import LANGUAGES, Release
from reports.select import select_charts
from reports.site.findings import Findings, Place, site_pages
from reports.site.release_pages import PAGES
from reports.snippets import notebook

Tag = tuple[str, dict[str, str | None]]


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Tag] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def _pages(published: PublishSummary) -> dict[str, str]:
    paths = [*published.folder.glob("*.html"), *published.folder.glob("pages/*.html")]
    return {
        path.relative_to(published.folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(paths)
    }


def _findings(release: Release) -> Findings:
    charts = select_charts(release)
    names = [data.declaration.name for data in charts]
    citations = {lang: {"APA": dict.fromkeys([*names, "release"], "cited")} for lang in LANGUAGES}
    return Findings(release, charts, citations, ("svg", "png", "pdf"))


def test_there_is_a_page_a_chart_and_one_of_each_kind_in_both_languages(published: PublishSummary) -> None:
    wanted = {f"pages/{name}.{lang}.html" for name in (*published.charts, *PAGES) for lang in LANGUAGES}
    assert set(_pages(published)) == wanted | {f"index.{lang}.html" for lang in LANGUAGES}


def test_every_link_of_every_page_leads_to_a_file_of_the_release(published: PublishSummary) -> None:
    for path, text in _pages(published).items():
        page = _Page(text)
        names = {attributes.get("id") for _, attributes in page.found}
        for _, attributes in page.found:
            for name in ("src", "href", "srcset"):
                target = attributes.get(name)
                if not target:
                    continue
                if target.startswith("#"):
                    assert target[1:] in names, (path, target)
                    continue
                file = normpath(f"{Path(path).parent.as_posix()}/{target}")
                # evidence.json is written by the auditor, after the pages
                assert file == "evidence.json" or (published.folder / file).is_file(), (path, target)


def test_no_page_runs_anything_or_calls_anybody(published: PublishSummary) -> None:
    for path, text in _pages(published).items():
        page = _Page(text)
        assert not {"iframe", "object", "embed", "form"} & {tag for tag, _ in page.found}
        assert all(attributes == {"type": "application/ld+json"} for attributes in page.all("script"))
        for _, attributes in page.found:
            assert not [name for name in attributes if name.startswith("on")], path
            for name in ("src", "href", "srcset", "action"):
                assert not re.match(r"(?i)\s*([a-z]+:|//)", attributes.get(name) or ""), path


def test_every_page_is_well_ordered_for_those_who_hear_it(published: PublishSummary) -> None:
    for path, text in _pages(published).items():
        page = _Page(text)
        language = path.split(".")[-2]
        assert page.all("html") == [{"lang": language}]
        assert all(len(page.all(tag)) == 1 for tag in ("main", "h1", "title")), path
        levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), path
        assert levels[0] == 1
        ids = [attributes["id"] for _, attributes in page.found if attributes.get("id")]
        assert len(ids) == len(set(ids)), path
        assert len(page.all("table")) == len(page.all("caption"))
        assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
        labelled = {attributes["for"] for attributes in page.all("label")}
        for box in page.all("textarea"):
            assert "readonly" in box
            assert box.get("aria-label") or box["id"] in labelled, path
        for picture in page.all("img"):
            assert len(picture["alt"] or "") > 80
            assert {"width", "height"} <= picture.keys()


def test_a_chart_page_has_all_that_a_reader_may_want(published: PublishSummary) -> None:
    for name in published.charts:
        for language in LANGUAGES:
            text = (published.folder / "pages" / f"{name}.{language}.html").read_text(encoding="utf-8")
            links = {attributes.get("href") for attributes in _Page(text).all("a")}
            pictures = ("svg", "narrow.svg", "png", "social.png", "print.png", "pdf", "bib", "ris")
            wanted = {f"../charts/{name}.{language}.{ending}" for ending in pictures}
            wanted |= {f"../charts/{name}.{ending}" for ending in ("csv", "json", "zip")}
            assert wanted <= links
            for style in ("APA", "Chicago", "MLA", "Harvard", "GOST R 7.0.5"):
                assert f"<dt>{style}</dt>" in text
            assert f"https://listening-post.example/data/2026-Q1/pages/{name}.{language}.html" in text
            assert "SELECT" in text
            assert "2026-Q1" in text


def test_a_page_tells_that_unchanged_numbers_prove_nothing(published: PublishSummary) -> None:
    for name in ("index", "pages/methods", "pages/corrections"):
        text = (published.folder / f"{name}.en.html").read_text(encoding="utf-8")
        assert "does not mean that nothing happened" in text


def test_withheld_cells_of_a_table_are_words(published: PublishSummary) -> None:
    for language, word in (("en", "withheld"), ("ru", "скрыто")):
        text = (published.folder / "pages" / f"spending_year.{language}.html").read_text(encoding="utf-8")
        hidden = re.findall(r'<td class="withheld">([^<]*)</td>', text)
        assert hidden
        assert set(hidden) == {word}


def test_a_server_gets_the_same_pages_with_its_own_links(release: Release) -> None:
    plain = site_pages(_findings(release))
    place = Place(files="/releases/2026-Q1/", query="/2026-Q1", script="/assets/copy.js")
    served = site_pages(_findings(release), place)
    assert served.keys() == plain.keys()
    page = _Page(served["pages/age_acts.en.html"])
    assert page.all("script") == [{"src": "/assets/copy.js", "defer": None}]
    assert any((a.get("href") or "").startswith("/2026-Q1?sql=SELECT") for a in page.all("a"))
    assert "/2026-Q1" not in plain["pages/age_acts.en.html"].replace("data/2026-Q1", "")


def test_the_notebook_snippet_keeps_withheld_numbers_missing(
    published: PublishSummary, release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas")
    code = notebook(release, "spending_year").replace(release.address, f"{published.folder}/")
    names: dict[str, object] = {}
    exec(compile(code, "snippet", "exec"), names)  # the snippet is ours, and running it is the test
    numbers, shown = cast(Any, names["numbers"]), cast(Any, names["shown"])
    table = release.tables["spending_year"]
    read = [
        None if missing else int(value)
        for value, missing in zip(numbers.value, numbers.value.isna(), strict=True)
    ]
    assert read == [cell.value for cell in table.cells]
    assert str(numbers["value"].dtype) == "Int64"
    assert len(shown) == len(table.cells) - table.withheld
    assert f"{table.withheld} withheld" in capsys.readouterr().out
