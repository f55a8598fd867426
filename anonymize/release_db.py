"""Write `release.db` from scratch: only what may be published, sorted by public values, no free pages.

The schema is the contract of DESIGN section 5; readers outside the project depend on it.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codebook import TOTAL, ReleaseRefused

from .periods import ShownCode

PAGE_BYTES = 4096
SCHEMA_VERSION = 1
MEASURES = ("value", "lower", "upper", "obs_status", "conf_status")


@dataclass(frozen=True)
class PublishedField:
    """One column of one published table, for the data dictionary."""

    table_name: str
    name: str
    label_en: str
    label_ru: str
    description_en: str
    description_ru: str
    type: str
    role: str
    unit: str = ""
    code_list: str = ""


@dataclass(frozen=True)
class PublishedTable:
    """One table as it will stand in the release: its catalogue entry and its rows.

    Attributes:
        rows: Codes of the columns, then value, lower, upper, obs_status, conf_status.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    catalog: Mapping[str, object]


@dataclass(frozen=True)
class ReleaseContents:
    """Everything that goes into `release.db`."""

    release: Mapping[str, object]
    tables: Sequence[PublishedTable]
    fields: Sequence[PublishedField]
    codes: Mapping[str, Sequence[ShownCode]]
    caveats: Sequence[tuple[str, str]]
    corrections: Sequence[tuple[str, str, str, str]] = ()
    records: tuple[tuple[str, ...], Sequence[tuple[str, ...]]] | None = None  # columns, rows


CATALOG_COLUMNS = (
    "name", "title_en", "title_ru", "unit", "unit_label_en", "unit_label_ru", "dimensions", "cells",
    "withheld_cells", "rounded_cells", "method", "base", "base_sensitive", "threshold",
    "threshold_sensitive", "note_en", "note_ru",
)  # fmt: skip
_FIELD_COLUMNS = (
    "table_name", "name", "label_en", "label_ru", "description_en", "description_ru", "type", "role",
    "unit", "code_list",
)  # fmt: skip
_CHART_COLUMNS = (
    "name", "table_name", "mark", "title_en", "title_ru", "subtitle_en", "subtitle_ru", "alt_en", "alt_ru",
    "sql",
)  # fmt: skip
_INTEGERS = frozenset(
    {"cells", "withheld_cells", "rounded_cells", "base", "base_sensitive", "threshold", "threshold_sensitive"}
    | {"value", "lower", "upper", "position", "sensitive"}
)


def write_release_db(path: Path, contents: ReleaseContents) -> None:
    """Write the database.

    Raises:
        ReleaseRefused: Something is at `path` already; it stays as it is.
    """
    if path.exists():
        raise ReleaseRefused(
            "there is a release.db already", remedy="write into an empty folder; releases are kept"
        )
    connection = sqlite3.connect(path)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        _write_books(connection, contents)
        for table in contents.tables:
            _write(connection, table.name, (*table.columns, *MEASURES), table.rows, key=table.columns)
        if contents.records is not None:
            columns, records = contents.records
            # Sorted by their values: the order of rows says nothing about the order of cases.
            _write(connection, "records", columns, sorted(records))
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _write_books(connection: sqlite3.Connection, contents: ReleaseContents) -> None:
    release = sorted((key, _text(value)) for key, value in contents.release.items())
    # All text: with INTEGER a release named 007, or a phone number to call, would lose its zeros or plus.
    _write(connection, "release", ("key", "value"), release, key=("key",), integers=frozenset())
    catalog = [tuple(table.catalog[column] for column in CATALOG_COLUMNS) for table in contents.tables]
    _write(connection, "catalog", CATALOG_COLUMNS, catalog, key=("name",))
    fields = [tuple(getattr(one, column) for column in _FIELD_COLUMNS) for one in contents.fields]
    _write(connection, "fields", _FIELD_COLUMNS, fields, key=("table_name", "name"))
    _write_codes(connection, contents.codes)
    _write(connection, "charts", _CHART_COLUMNS, [], key=("name",))
    caveats = [(str(position), *texts) for position, texts in enumerate(contents.caveats, 1)]
    _write(connection, "caveats", ("position", "caveat_en", "caveat_ru"), caveats, key=("position",))
    columns = ("date", "release_id", "text_en", "text_ru")
    _write(connection, "corrections", columns, sorted(contents.corrections))


def _write_codes(connection: sqlite3.Connection, codes: Mapping[str, Sequence[ShownCode]]) -> None:
    columns = (
        "code_list", "code", "parent", "level", "label_en", "label_ru", "position", "sensitive",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for name, shown in sorted(codes.items()):
        rows.append((name, TOTAL, "", "total", "Total", "Всего", 0, 0))
        for position, one in enumerate(shown, 1):
            labels = one.label_en, one.label_ru
            rows.append((name, one.code, one.parent, one.level, *labels, position, int(one.sensitive)))
    _write(connection, "codes", columns, rows, key=("code_list", "code"))


def _write(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    key: Sequence[str] = (),
    integers: frozenset[str] = _INTEGERS,
) -> None:
    declared = [f"{column} {'INTEGER' if column in integers else 'TEXT'}" for column in columns]
    if key:
        declared.append(f"PRIMARY KEY ({', '.join(key)})")
    connection.execute(f'CREATE TABLE "{table}" ({", ".join(declared)})')
    marks = ", ".join("?" for _ in columns)
    connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', [tuple(row) for row in rows])


def _text(value: object) -> str:
    return "" if value is None else str(value)
