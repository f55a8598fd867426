"""What the page of one chart shows: picture, table, downloads, citation, embedding, SQL."""

from typing import Any
from urllib.parse import quote

from reports.alt import alt_text
from reports.chart_styles import NARROW, WIDE
from reports.chart_styles.frame import frame_text, unit_text
from reports.chart_styles.look import Look
from reports.draw import Drawing, sheet_height
from reports.published import TOTAL, Cell, Code, Table
from reports.select import SHARE_MARK, ChartData
from reports.shares import shares_of
from reports.snippets import PLACEHOLDER, base_of, embed, notebook, page_of
from reports.words import number, period, say, thousands

from .model import Findings
from .templating import words

PICTURES = (  # format, ending, key of the word that says what it is for
    ("svg", "svg", "for_web"),
    ("svg", "narrow.svg", "for_phones"),
    ("png", "png", "for_page"),
    ("png", "social.png", "for_social"),
    ("png", "print.png", "for_print"),
    ("pdf", "pdf", "for_paper"),
)
BESIDE = 3  # columns; a wider table stands under the picture


def chart_context(findings: Findings, data: ChartData, language: str, *, query: str = "") -> dict[str, Any]:
    """Return the values of one chart for the templates, in one language."""
    release, declaration = findings.release, data.declaration
    name, w = declaration.name, words(language)
    drawing = Drawing(release, data, language)
    size = (round(WIDE.width), sheet_height(drawing, WIDE))
    alt = alt_text(release, data, language)
    cited = findings.citations.get(language, {})
    columns = _columns(data, language)
    return {
        "name": name,
        "table_name": data.table.name,
        "page": page_of(name, language),
        "permalink": f"{release.address}{page_of(name, language)}" if release.address else "",
        "title": data.title(language),
        "subject": declaration.title.text(language),
        "subtitle": frame_text(release, data, language).subtitle,
        "alt": alt,
        "note": declaration.totals.text(language),
        "size": size,
        "narrow_size": (round(NARROW.width), sheet_height(drawing, NARROW)),
        "head": _row_head(findings, data, language),
        "columns": columns,
        "rows": _rows(data, language),
        "unit": _unit(findings, data, language),
        "is_beside": len(columns) <= BESIDE,
        "pictures": [
            (f"charts/{name}.{language}.{ending}", kind.upper(), w[use])
            for kind, ending, use in PICTURES
            if kind in findings.kinds
        ],
        "citations": {style: texts.get(name, "") for style, texts in cited.items()},
        "embed": embed(release, data, language, alt, size),
        "embed_note": w["embed_note_placeholder"].format(placeholder=PLACEHOLDER)
        if not release.address
        else "",
        "base": base_of(release),
        "notebook": notebook(release, data.table.name),
        "sql": data.sql,
        "run": f"{query}?sql={quote(data.sql)}{'&_lang=ru' if language == 'ru' else ''}" if query else "",
    }


def _unit(findings: Findings, data: ChartData, language: str) -> str:
    unit, release = unit_text(data, language), findings.release
    years = period(release.fact("period_from"), release.fact("period_to"))
    return f"{unit[:1].upper()}{unit[1:]}, {years}. {say('not_prevalence', language)}"


def _row_head(findings: Findings, data: ChartData, language: str) -> str:
    column = data.declaration.rows.column
    field = findings.release.fields.get((data.table.name, column))
    return field.label.text(language) if field else column


def _columns(data: ChartData, language: str) -> list[str]:
    w = words(language)
    if not data.panels[0].code:
        return [w["column_value"], w["column_interval"]]
    look = Look(data, language)
    return [look.name(panel) for panel in data.panels]


def _rows(data: ChartData, language: str) -> list[dict[str, Any]]:
    look = Look(data, language)
    rows = []
    for row in data.rows:
        cells = [_cell(data, look, panel, row) for panel in data.panels]
        only = data.cell(data.panels[0], row)
        if not data.panels[0].code and only is not None:
            cells.append({"text": _interval(data.table, only, language), "withheld": False})
        rows.append({"label": look.name(row), "cells": cells})
    return rows


def _cell(data: ChartData, look: Look, panel: Code, row: Code) -> dict[str, Any]:
    cell = data.cell(panel, row)
    text = look.cell_label(panel, row)
    if data.declaration.mark == SHARE_MARK and panel.code != TOTAL:
        shares = shares_of(data, row).parts
        share = next((share.text for share in shares if share.part == panel), "")
        text = f"{text} ({share})" if share else text
    return {"text": text, "withheld": cell is not None and cell.is_withheld}


def _interval(table: Table, cell: Cell, language: str) -> str:
    """Return the published interval of a number in the unit of its column, short."""
    if cell.lower is None or cell.upper is None:
        return ""
    write = thousands if table.is_money else number
    return f"{write(cell.lower, language)}–{write(cell.upper, language)}"


def number_text(table: Table, cell: Cell, language: str) -> str:
    """Return a number as pages print it; a printed 0 as what it can stand for."""
    if cell.is_withheld or cell.value is None:
        return say("withheld", language)
    if table.is_money:
        return thousands(cell.value, language)
    zero = not cell.value and cell.upper
    return f"0–{number(cell.upper or 0, language)}" if zero else number(cell.value, language)


def interval_text(table: Table, cell: Cell, language: str) -> str:
    """Return the published interval of a number in words; empty where there is none."""
    if cell.is_withheld or cell.lower is None or cell.upper is None or cell.lower == cell.upper:
        return ""
    template = words(language)["interval_money" if table.is_money else "interval"]
    return template.format(lower=number(cell.lower, language), upper=number(cell.upper, language))
