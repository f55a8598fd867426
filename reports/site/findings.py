"""index.<lang>.html: every chart with its words, table, downloads, citation and SQL.

The same page is written into the release (links are relative) and shown by `serve` (links carry a prefix).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from reports.alt import alt_text
from reports.chart_styles.frame import frame_text
from reports.chart_styles.look import Look
from reports.published import TOTAL, Bilingual, Cell, Release, Table
from reports.select import ChartData
from reports.words import number, period, say, thousands

HERE = Path(__file__).parent
OTHER = {"en": "ru", "ru": "en"}


@dataclass(frozen=True)
class Place:
    """Where a page stands: what its links begin with."""

    files: str = ""  # before charts/, data/, release.db
    query: str = ""  # Datasette's address of the database; empty = no server behind the page
    others: tuple[tuple[str, str], ...] = ()  # other releases served: id, address with {} for the language


@dataclass(frozen=True)
class Findings:
    """Everything the pages of one release show."""

    release: Release
    charts: Sequence[ChartData]
    citations: Mapping[str, Mapping[str, Mapping[str, str]]]  # language -> style -> chart -> text
    kinds: tuple[str, ...]  # picture formats to offer


def findings_page(findings: Findings, language: str, place: Place | None = None) -> str:
    """Return the findings page in one language ("en" or "ru")."""
    release, place = findings.release, place or Place()
    words = {key: Bilingual(**value).text(language) for key, value in _words().items()}
    page: str = _template().render(
        language=language,
        other=OTHER[language],
        w=words,
        say=lambda name: say(name, language),
        release=release,
        fact=release.fact,
        years=period(release.fact("period_from"), release.fact("period_to")),
        title=_site_title(release, language),
        headlines=_headlines(release, language, place),
        charts=[_chart(findings, data, language, place) for data in findings.charts],
        methods=_methods(release, words),
        caveats=[caveat.text(language) for caveat in release.caveats],
        corrections=[(date, which, text.text(language)) for date, which, text in release.corrections],
        dictionary=[_dictionary(release, table, language) for table in release.tables.values()],
        styles=(HERE / "static" / "site.css").read_text(encoding="utf-8"),
        files=place.files,
        query=place.query,
        releases=[(name, link.format(language)) for name, link in place.others],
    )
    return page


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load((HERE / "words.yml").read_text(encoding="utf-8"))
    return words


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("findings.html")


def _site_title(release: Release, language: str) -> str:
    given = release.fact(f"citation_title_{language}") or (
        release.fact("citation_title") if language == "en" else ""
    )
    words = Bilingual(**_words()["site_title"]).text(language)
    return given or f"{words}, {period(release.fact('period_from'), release.fact('period_to'))}"


def _headlines(release: Release, language: str, place: Place) -> list[dict[str, str]]:
    declared: list[dict[str, Any]] = yaml.safe_load((HERE / "headlines.yml").read_text(encoding="utf-8"))
    shown = []
    for line in declared:
        table = release.tables.get(line["table"])
        if table is None:
            continue
        codes = [line.get("codes", {}).get(column, TOTAL) for column in table.columns]
        cell = next((cell for cell in table.cells if cell.codes == tuple(codes)), None)
        if cell is None:
            continue
        where = " AND ".join(
            f"{column} = '{code}'" for column, code in zip(table.columns, codes, strict=True)
        )
        sql = f"SELECT value, lower, upper, obs_status FROM {table.name} WHERE {where}"
        shown.append(
            {
                "number": _number(table, cell, language),
                "interval": _interval(table, cell, language),
                "label": Bilingual(**line["label"]).text(language),
                "sql": sql,
                "run": _run(place, sql),
            }
        )
    return shown


def _number(table: Table, cell: Cell, language: str) -> str:
    if cell.is_withheld or cell.value is None:
        return say("withheld", language)
    if table.is_money:
        return thousands(cell.value, language)
    return (
        number(cell.value, language) if cell.value or not cell.upper else f"0–{number(cell.upper, language)}"
    )


def _interval(table: Table, cell: Cell, language: str) -> str:
    if cell.is_withheld or cell.lower is None or cell.upper is None or cell.lower == cell.upper:
        return ""
    template = Bilingual(**_words()["interval_money" if table.is_money else "interval"]).text(language)
    return template.format(lower=number(cell.lower, language), upper=number(cell.upper, language))


def _run(place: Place, sql: str) -> str:
    return f"{place.query}?sql={quote(sql)}" if place.query else ""


def _chart(findings: Findings, data: ChartData, language: str, place: Place) -> dict[str, Any]:
    declaration = data.declaration
    cited = findings.citations.get(language, {})
    return {
        "name": declaration.name,
        "table_name": data.table.name,
        "title": declaration.title.text(language),
        "subtitle": frame_text(findings.release, data, language).subtitle,
        "alt": alt_text(findings.release, data, language),
        "note": declaration.totals.text(language),
        "rows": _rows(data, language),
        "panels": [Look(data, language).name(panel) for panel in data.panels] if data.panels[0].code else [],
        "kinds": findings.kinds,
        "citations": {style: texts.get(declaration.name, "") for style, texts in cited.items()},
        "sql": data.sql,
        "run": _run(place, data.sql),
    }


def _rows(data: ChartData, language: str) -> list[dict[str, Any]]:
    look = Look(data, language)
    single = not data.panels[0].code
    rows = []
    for row in data.rows:
        cells = []
        for panel in data.panels:
            cell = data.cell(panel, row)
            text = "" if cell is None else look.cell_label(panel, row)
            cells.append({"text": text, "withheld": cell is not None and cell.is_withheld})
        only = data.cell(data.panels[0], row)
        interval = _interval(data.table, only, language) if single and only is not None else ""
        rows.append({"label": look.name(row), "cells": cells, "interval": interval})
    return rows


def _methods(release: Release, words: Mapping[str, str]) -> list[str]:
    base = int(release.fact("base") or 1)
    sensitive = int(release.fact("base_sensitive") or base)
    rounding = words["methods_rounding"].format(
        base=base, base_sensitive=sensitive, less=base - 1, less_sensitive=sensitive - 1
    )
    rules = words["methods_rules"].format(rules=release.fact("rules_id"), k=release.fact("k"))
    return [rounding, words["methods_withheld"], rules, words["methods_no_rates"]]


def _dictionary(release: Release, table: Table, language: str) -> dict[str, Any]:
    fields = [field for (name, _), field in release.fields.items() if name == table.name]
    return {
        "name": table.name,
        "title": table.title.text(language),
        "unit": table.unit_label.text(language),
        "cells": len(table.cells),
        "withheld": table.withheld,
        "note": table.note.text(language),
        "fields": [
            (field.name, field.label.text(language), field.description.text(language)) for field in fields
        ],
    }
