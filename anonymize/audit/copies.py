"""Is every copy of a number the same? data/*.csv and charts/*.csv|json against release.db."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .exhibit import Exhibit
from .findings import Finding, judged
from .read import NUMBER_COLUMNS, PublicTable


def _no_faults() -> Counter[str]:
    names = (
        "files",
        "different_cells",
        "extra_cells",
        "missing_cells",
        "unreadable",
        "unknown_files",
        "unknown_columns",
    )
    return Counter(dict.fromkeys(names, 0))


Cells = Mapping[tuple[str, ...], tuple[str, ...]]
"""Codes -> what is printed, both as text; '' for nothing."""


def check_data_files(exhibit: Exhibit) -> Finding:
    """Compare every data/<table>.csv with its table: the same cells, the same numbers, none more."""
    counts = _no_faults()
    folder = exhibit.release.folder / "data"
    for path in sorted(folder.rglob("*.csv")) if folder.is_dir() else ():
        table = _table_of(path, exhibit.release.tables)
        if table is None:
            counts["unknown_files"] += not path.name.startswith(KNOWN_WITHOUT_NUMBERS)
            continue
        counts["files"] += 1
        _compare(table, _rows_of_csv(path), counts, whole=True)
    rule = "rule 26: every data file holds the cells of its table, each printed the same, and nothing else"
    faults = sum(counts.values()) - counts["files"]
    return judged("data_files", rule, faults, counts, "write the data files again")


KNOWN_WITHOUT_NUMBERS = ("records", "fields", "codes", "catalog", "caveats", "corrections", "release")


def check_chart_files(exhibit: Exhibit) -> Finding:
    """Compare the data behind every chart with its table: some of its cells, printed the same, and nothing
    else.
    """
    counts = _no_faults()
    folder = exhibit.release.folder / "charts"
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.suffix not in (".csv", ".json"):
            continue
        table = _table_of(path, exhibit.release.tables)
        if table is None:
            counts["unknown_files"] += 1
            continue
        counts["files"] += 1
        rows = _rows_of_csv(path) if path.suffix == ".csv" else _rows_of_json(path)
        _compare(table, rows, counts, whole=False)
    rule = "rule 26: the data behind a chart are cells of its table, each printed the same"
    faults = sum(counts.values()) - counts["files"]
    return judged("chart_files", rule, faults, counts, "draw the charts again")


def _table_of(path: Path, tables: Mapping[str, PublicTable]) -> PublicTable | None:
    """Return the table that a file copies: its name up to the first dot or dash (`<table>-shares.csv`)."""
    return tables.get(re.split("[.-]", path.name, maxsplit=1)[0])


def _known_columns(table: PublicTable) -> frozenset[str]:
    """Return the columns a copy may have: any other could carry the truth beside the print."""
    labels = (f"{column}_label_{language}" for column in table.columns for language in LANGUAGES)
    return frozenset((*table.columns, *labels, *NUMBER_COLUMNS))


LANGUAGES = ("en", "ru")


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _compare(
    table: PublicTable, rows: list[dict[str, str]] | None, counts: Counter[str], *, whole: bool
) -> None:
    """Count how a copy differs from its table."""
    printed: Cells = {tuple(map(_text, row.codes)): tuple(map(_text, row[1:])) for row in table.rows}
    if rows is None or not all({*table.columns, "value"} <= row.keys() for row in rows):
        counts["unreadable"] += 1
        return
    counts["unknown_columns"] += len({name for row in rows for name in row} - _known_columns(table))
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        codes = tuple(row[column] for column in table.columns)
        counts["extra_cells"] += codes not in printed or codes in seen
        seen.add(codes)
        expected = dict(zip(NUMBER_COLUMNS, printed.get(codes, ()), strict=False))
        counts["different_cells"] += any(row[name] != text for name, text in expected.items() if name in row)
    if whole:
        counts["missing_cells"] += len(printed.keys() - seen)


def _rows_of_csv(path: Path) -> list[dict[str, str]] | None:
    """Return the rows of a CSV file, without HXL's row of tags; None where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    if any(None in row or None in row.values() for row in rows):
        return None  # a row longer or shorter than its header may hide a number
    return [row for row in rows if not _is_tag_row(row.values())]


def _is_tag_row(values: Iterable[str]) -> bool:
    return all(value.startswith("#") or not value for value in values)


def _rows_of_json(path: Path) -> list[dict[str, str]] | None:
    """Return the cells of a chart's JSON file: a list of objects, by itself or under 'cells'."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None
    if isinstance(found, dict):
        found = found.get("cells")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        return None
    return [{str(key): _text(value) for key, value in row.items()} for row in found]
