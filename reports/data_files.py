"""The numbers as files: one CSV a table, one CSV and JSON a chart, with codes and labels.

Limits: every number is the one in release.db; nothing is computed, and a withheld number is an empty field.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from codebook.spreadsheet_safe import spreadsheet_safe

from .alt import alt_text
from .chart_styles.frame import frame_text, rounding_note
from .published import LANGUAGES, Cell, Release, Table
from .select import ChartData

MEASURES = ("value", "lower", "upper", "obs_status", "conf_status")


def table_columns(table: Table) -> tuple[str, ...]:
    """Return the columns of a table's CSV file: each dimension with its two labels, then the measures.

    The label columns are `<dimension>_label_en` and `<dimension>_label_ru`.
    """
    labelled = (
        name
        for column in table.columns
        for name in (column, *(f"{column}_label_{lang}" for lang in LANGUAGES))
    )
    return (*labelled, *MEASURES)


def table_csv(release: Release, table: Table, cells: Iterable[Cell] | None = None) -> bytes:
    """Return the CSV file of a table, or of some of its cells (UTF-8, commas, line feeds)."""
    lines = (_line(release, table, cell) for cell in (table.cells if cells is None else cells))
    return _write(table_columns(table), lines)


HXL_COLUMNS = {"period": "#date", "place": "#adm1", "gbv_type": "#event+type", "act_group": "#event+acts"}
HXL_NUMBERS = {
    "spending": "#value+spent+rub",
    "donations": "#value+received+rub",
    "incidents": "#indicator+incidents+num",
    "requests": "#indicator+requests+num",
}
HXL_PERSONS = "#affected+ind+num"
HXL_MEASURES = {"value": "", "lower": "+min", "upper": "+max"}
HXL_STATUSES = {"obs_status": "#status+obs+code", "conf_status": "#status+conf+code"}


def hxl_tags(table: Table) -> tuple[str, ...]:
    """Return one HXL tag a column of a table's CSV file.

    Source: Humanitarian Exchange Language 1.1, https://hxlstandard.org/standard/1-1final/ .
    """
    number = HXL_NUMBERS.get(table.unit, HXL_PERSONS)
    tags = []
    for name in table_columns(table):
        column, _, language = name.partition("_label_")
        tag = HXL_COLUMNS.get(column, f"#indicator+{column.replace('_', '')}")
        if name in HXL_MEASURES:
            tags.append(f"{number}{HXL_MEASURES[name]}")
        else:
            tags.append(HXL_STATUSES.get(name) or (f"{tag}+name+i_{language}" if language else f"{tag}+code"))
    return tuple(tags)


def hxl_csv(release: Release, table: Table) -> bytes:
    """Return the CSV file of a table with HXL tags in the second row.

    It stands beside the plain file: a program that does not know HXL would read the tags as data.
    """
    lines = (_line(release, table, cell) for cell in table.cells)
    return _write(table_columns(table), [hxl_tags(table), *lines])


def _line(release: Release, table: Table, cell: Cell) -> list[object]:
    line: list[object] = []
    for column, code in zip(table.columns, cell.codes, strict=True):
        label = release.code(table.name, column, code).label
        line += [spreadsheet_safe(code), *(spreadsheet_safe(label.text(language)) for language in LANGUAGES)]
    return [*line, *(getattr(cell, name) for name in MEASURES)]


def _write(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return out.getvalue().encode("utf-8")


def chart_csv(release: Release, data: ChartData) -> bytes:
    """Return the CSV file of exactly the cells that a chart shows, in the order of the picture."""
    return table_csv(release, data.table, _in_order(data))


def _in_order(data: ChartData) -> list[Cell]:
    pairs = ((panel, row) for panel in data.panels for row in data.rows)
    return [cell for panel, row in pairs if (cell := data.cell(panel, row)) is not None]


def chart_json(release: Release, data: ChartData, citation: dict[str, dict[str, str]]) -> bytes:
    """Return the JSON file of a chart: its words, its cells, the SQL and how to cite it.

    `citation` is language -> style -> text.
    """
    declaration = data.declaration
    words = {
        language: {
            "title": declaration.title.text(language),
            "subtitle": frame_text(release, data, language).subtitle,
            "alt": alt_text(release, data, language),
            "rounding": rounding_note(data, language),
            "totals": declaration.totals.text(language),
            "citation": citation.get(language, {}),
        }
        for language in LANGUAGES
    }
    document: dict[str, Any] = {
        "release_id": release.id,
        "name": declaration.name,
        "table": data.table.name,
        "mark": declaration.mark,
        "unit": data.table.unit,
        "period": [release.fact("period_from"), release.fact("period_to")],
        "data_as_of": release.fact("data_as_of"),
        "rules_id": release.fact("rules_id"),
        "licence": release.fact("licence"),
        "sql": data.sql,
        "words": words,
        "cells": [
            {
                **dict(zip(data.table.columns, cell.codes, strict=True)),
                **{name: getattr(cell, name) for name in MEASURES},
            }
            for cell in _in_order(data)
        ],
    }
    return to_json(document)


def to_json(document: object) -> bytes:
    """Write a JSON document, readable and always the same."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
