"""One cell of a table as HTML: withheld in words, codes with their labels, numbers with a thousands mark."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from reports.published import Release
from reports.words import number

MEASURES = ("value", "lower", "upper")
LONGEST_SHOWN = 300  # characters of a text in a table of many rows
PLAIN_BELOW = 10_000  # whole numbers below it can be years or positions outside the measures


def cell(
    release: Release,
    table: str | None,
    row: Any,
    column: str,
    language: str,
    words: Mapping[str, str],
    *,
    whole: bool = False,
) -> Markup:
    """Return one cell with its tag.

    Args:
        release: Whose labels to use.
        table: The table the row is of; None for the result of a query.
        row: A row of SQLite (keys are columns).
        column: The column to show.
        language: "en" or "ru".
        words: The words of the pages in that language.
        whole: Show long texts whole.
    """
    value = row[column]
    if value is None:
        if is_withheld(row, column):
            return Markup('<td class="number"><span class="withheld">{}</span></td>').format(
                words["withheld"]
            )
        return Markup('<td class="none">{}</td>').format(words["empty"])
    if isinstance(value, int | float):
        shown = str(value)
        if isinstance(value, int) and (column.endswith(MEASURES) or abs(value) >= PLAIN_BELOW):
            shown = number(value, language)
        return Markup('<td class="number">{}</td>').format(shown)
    if isinstance(value, bytes):
        return Markup('<td class="none">{} B</td>').format(len(value))
    status = words.get(f"status_{value}") if column.endswith(("obs_status", "conf_status")) else None
    if status:
        return Markup('<td class="status"><code>{}</code> {}</td>').format(value, status)
    label = code_label(release, table, column, value, language)
    if label and column == "table_name":
        return Markup('<td class="words">{}</td>').format(label)
    if label:
        return Markup("<td>{} <code>{}</code></td>").format(label, value)
    short = value if whole or len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
    return Markup("<td{}>{}</td>").format(Markup(' class="sql"') if column == "sql" else "", escape(short))


def is_withheld(row: Any, column: str) -> bool:
    """Say whether an empty number of a row was withheld: its status says so."""
    prefix = column.removesuffix("value").removesuffix("lower").removesuffix("upper")
    status = next((name for name in (f"{prefix}obs_status", "obs_status") if name in row.keys()), None)  # noqa: SIM118
    return column.endswith(MEASURES) and status is not None and row[status] == "Q"


def code_label(release: Release, table: str | None, column: str, code: Any, language: str) -> str:
    """Return what a code of a column means; an empty text if it is no code, or is its own label."""
    field = release.fields.get((table or "", column))
    if field is not None and field.code_list:
        label = release.code(field.table, column, str(code)).label.text(language)
    elif table is None and column == "table_name" and code in release.tables:
        label = release.tables[code].title.text(language)
    else:
        found = release.codes.get(column, {}).get(code)
        label = found.label.text(language) if found else ""
    return "" if label == code else label
