"""Read a release as anyone could: only the published folder, nothing of the software that made it.

Reading is lenient, so that a wrong release can be described; judging is left to the checks.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from codebook import AuditError

TOTAL = "_T"
NUMBER_COLUMNS = ("value", "lower", "upper", "obs_status", "conf_status")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class PublicRow(NamedTuple):
    """A row of a published table, as found."""

    codes: tuple[Any, ...]
    value: Any
    lower: Any
    upper: Any
    obs_status: Any
    conf_status: Any


class Code(NamedTuple):
    """An entry of the published code lists."""

    parent: str
    level: str
    sensitive: bool


@dataclass(frozen=True)
class PublicTable:
    """A published table and what its catalogue entry says of it."""

    name: str
    unit: str
    method: str
    columns: tuple[str, ...]
    code_lists: Mapping[str, str]
    stacked: str
    rows: tuple[PublicRow, ...]
    catalog: Mapping[str, Any]


@dataclass(frozen=True)
class PublicRelease:
    """Everything in a release folder that the attacker uses.

    Args:
        folder: Where the release lies.
        settings: Key -> value of the table `release`.
        tables: Name -> published table, of those in the catalogue that can be read.
        codes: Code list -> code -> entry.
        record_columns: Columns of `records`, with their code list ('' where none is named).
        records: Rows of `records` in the order of the columns.
    """

    folder: Path
    settings: Mapping[str, str]
    tables: Mapping[str, PublicTable]
    codes: Mapping[str, Mapping[str, Code]]
    record_columns: Mapping[str, str]
    records: tuple[tuple[Any, ...], ...]

    def number(self, name: str, default: int) -> int:
        """Return a whole-number setting, or the default where it is missing or no number."""
        text = str(self.settings.get(name, ""))
        return int(text) if text.isdigit() else default


def open_database(folder: Path) -> sqlite3.Connection:
    """Open release.db for reading only.

    Raises:
        AuditError: There is none.
    """
    path = folder / "release.db"
    if not path.is_file():
        raise AuditError(f"{folder.name}: there is no release.db", remedy="name the folder of one release")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def read_release(folder: Path) -> PublicRelease:
    """Read a release folder.

    Raises:
        AuditError: There is no database, or it lacks the tables that explain the others.
    """
    with closing(open_database(Path(folder))) as database:
        try:
            return _read(Path(folder), database)
        except sqlite3.Error as error:
            raise AuditError(
                f"{Path(folder).name}: release.db is damaged or lacks release, catalog, codes or fields",
                remedy="make the release again",
            ) from error


def _read(folder: Path, database: sqlite3.Connection) -> PublicRelease:
    settings = {str(key): str(value) for key, value in database.execute("SELECT key, value FROM release")}
    codes: dict[str, dict[str, Code]] = {}
    for name, code, parent, level, sensitive in database.execute(
        "SELECT code_list, code, parent, level, sensitive FROM codes"
    ):
        entry = Code(str(parent or ""), str(level or ""), str(sensitive) == "1")
        codes.setdefault(str(name), {})[str(code)] = entry
    fields: dict[str, dict[str, tuple[str, str]]] = {}
    for table, name, role, code_list in database.execute(
        "SELECT table_name, name, role, code_list FROM fields"
    ):
        fields.setdefault(str(table), {})[str(name)] = (str(role or ""), str(code_list or ""))
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = {
        table.name: table
        for entry in _dictionaries(database, "SELECT * FROM catalog")
        if str(entry["name"]) in names and (table := _read_table(database, entry, fields))
    }
    records, record_columns = _read_records(database, fields) if "records" in names else ((), {})
    return PublicRelease(folder, settings, tables, codes, record_columns, records)


def _read_table(
    database: sqlite3.Connection,
    entry: Mapping[str, Any],
    fields: Mapping[str, Mapping[str, tuple[str, str]]],
) -> PublicTable | None:
    name = str(entry["name"])
    columns = tuple(part.strip() for part in str(entry["dimensions"]).split(",") if part.strip())
    if not all(IDENTIFIER.fullmatch(part) for part in (name, *columns)):
        return None
    described = fields.get(name, {})
    chosen = ", ".join(f'"{column}"' for column in (*columns, *NUMBER_COLUMNS))
    n = len(columns)
    return PublicTable(
        name=name,
        unit=str(entry["unit"]),
        method=str(entry["method"]),
        columns=columns,
        code_lists={column: described.get(column, ("", column))[1] or column for column in columns},
        stacked=next((column for column in columns if described.get(column, ("", ""))[0] == "stacked"), ""),
        rows=tuple(
            PublicRow(row[:n], *row[n:]) for row in database.execute(f'SELECT {chosen} FROM "{name}"')
        ),
        catalog=entry,
    )


def _read_records(
    database: sqlite3.Connection, fields: Mapping[str, Mapping[str, tuple[str, str]]]
) -> tuple[tuple[tuple[Any, ...], ...], dict[str, str]]:
    cursor = database.execute("SELECT * FROM records")
    described = fields.get("records", {})
    columns = {item[0]: described.get(item[0], ("", ""))[1] for item in cursor.description}
    return tuple(tuple(row) for row in cursor), columns


def _dictionaries(database: sqlite3.Connection, query: str) -> Iterator[dict[str, Any]]:
    cursor = database.execute(query)
    names = [item[0] for item in cursor.description]
    for row in cursor.fetchall():
        yield dict(zip(names, row, strict=True))
