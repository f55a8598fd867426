"""Tables of databases: Parquet and SQLite, read-only, nothing in them run, nothing written anywhere.

A database file may hold code: views, triggers, generated columns, extensions. Only plain tables are read, and
the engines are closed to everything but the one file.
"""

import datetime
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.mapping import Sheet, Source

from .headers import find_header
from .joined import Joiner, Opened, Parts, every_repeat
from .table import BadRow, Row, Table, empty_file, header_only, too_long_column

_ROWS = 2_000  # rows fetched at a time
_MEMORY = "512MB"  # what the Parquet engine may hold
_STEPS = 1_000_000  # SQLite's steps between two looks at how much one row has taken
_STEPS_A_ROW = 50  # in millions of steps; a plain table takes a few a row
_LONGEST = 2_000_000  # bytes of one value that SQLite will hand over
_ACTIONS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


def open_parquet(path: Path, source: Source) -> Table:
    """Return a Parquet file.

    Raises:
        SourceError: Not whole, or with columns that are lists or records of their own.
    """
    import duckdb

    _refuse_empty(path)
    refused = SourceError(
        f"{path.name}: this is not a whole Parquet file, or its values need more memory than is allowed",
        remedy="export it again, or as CSV UTF-8",
    )
    connection = duckdb.connect(":memory:")
    try:
        for setting, value in (
            ("threads", 2), ("memory_limit", _MEMORY), ("temp_directory", ""),
            ("preserve_insertion_order", True),
            ("autoinstall_known_extensions", False), ("autoload_known_extensions", False),
            ("allowed_directories", []), ("allowed_paths", [str(path.resolve())]),
            ("enable_external_access", False), ("lock_configuration", True),
        ):  # fmt: skip
            connection.execute(f"SET {setting} = ?", [value])
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path.resolve())])
    except (duckdb.Error, UnicodeError):
        connection.close()
        raise refused from None

    def batches() -> Iterator[Sequence[Any]]:
        while True:
            try:
                batch = found.fetchmany(_ROWS)
            except (duckdb.Error, UnicodeError, ValueError, OverflowError):
                raise refused from None
            if not batch:
                return
            yield from batch

    try:
        names = [column[0] for column in found.description]
        header, rows = _opened(names, batches(), source.main, path.name)
        return _table(header, rows, path.name, connection.close)
    except BaseException:
        connection.close()
        raise


def open_sqlite(path: Path, source: Source) -> Table:
    """Return the table of a SQLite database that `sheet` names, or the only one, with its repeats.

    Raises:
        SourceError: Not a database, a table that is missing or not declared, a view where a table should be.
    """
    _refuse_empty(path)
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise SourceError(
                f"{path.name}: a part of the database still lies in the file {beside.name}",
                remedy="close the program that uses it, or open and close it there once; nothing was stored",
            )
    reader = _Sqlite(path)
    try:
        main = reader.main(source)
        header, rows = reader.opened(main, source.main)
        every = {repeat.name: repeat for repeat in every_repeat(source.main)}
        parts = Parts(path.name, frozenset(reader.tables), lambda name: reader.opened(name, every[name]))
        table = _table(header, rows, path.name, reader.close)
        table.notices += reader.notices
        table.rows = Joiner(parts, source.main).rows(table.rows, table)
        return table
    except BaseException:
        reader.close()
        raise


class _Sqlite:
    """One SQLite database, opened so that it can do nothing but hand over the cells of plain tables."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._steps = 0
        # Immutable: no journal is played back, no lock is taken and no file made beside it.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        self._connection.text_factory = bytes
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._connection.set_progress_handler(self._tire, _STEPS)
        settings = [
            "PRAGMA trusted_schema = OFF", "PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY",
            "PRAGMA mmap_size = 0", "PRAGMA cell_size_check = ON",
        ]  # fmt: skip
        try:
            for statement in settings:
                self._connection.execute(statement)
            self._computed = self._with_computed_columns()
            self._connection.set_authorizer(_allowed)
            found = self._connection.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view', 'trigger')"
            ).fetchall()
        except (sqlite3.Error, OSError, ValueError):
            self.close()
            raise self._refused() from None
        kinds = [(kind.decode(), name.decode("utf-8", "replace"), sql or b"") for kind, name, sql in found]
        # A virtual table runs a module's code: it is no plain table.
        plain = [
            (name, sql) for kind, name, sql in kinds if kind == "table" and not name.startswith("sqlite_")
        ]
        self.tables = [name for name, sql in plain if not sql.lstrip().upper().startswith(b"CREATE VIRTUAL")]
        others = len(kinds) - len(self.tables)
        self.notices = [
            f"the database also holds {others} views, triggers or inner tables; they were not used"
        ]
        if not others:
            self.notices = []

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _with_computed_columns(self) -> frozenset[str]:
        """Return the tables of which a column is computed: reading it would run what the file says."""
        found = self._connection.execute(
            "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c "
            "WHERE m.type = 'table' AND c.hidden > 1"
        )
        return frozenset(name.decode("utf-8", "replace") for (name,) in found)

    def main(self, source: Source) -> str:
        """Return the main table, having made sure that every table is declared."""
        name = source.main.name or (self.tables[0] if len(self.tables) == 1 else "")
        required = {name, *(one.name for one in every_repeat(source.main) if not one.optional)}
        if not name or not required <= set(self.tables):
            raise SourceError(
                f"{self._name}: tables that {source.name} declares are not there ({len(self.tables)} are)",
                remedy="name the main table with `sheet`; a view must be made a table or exported as CSV",
            )
        declared = {name, *source.ignore_sheets, *(one.name for one in every_repeat(source.main))}
        if unknown := [one for one in self.tables if one not in declared]:
            raise SourceError(
                f"{self._name}: tables that {source.name} does not speak of: {', '.join(unknown[:9])}",
                remedy="add them to the declaration as repeats, or by name under `ignore_sheets`",
            )
        return name

    def opened(self, name: str, declared: Sheet) -> Opened:
        """Return the columns and rows of a table."""
        if name in self._computed:
            raise SourceError(
                f"{self._name}: the table {name} has columns that the database computes: it was not read",
                remedy="copy its values into a plain table, or export it as CSV UTF-8",
            )
        quoted = '"' + name.replace('"', '""') + '"'
        try:
            cursor = self._connection.execute(f"SELECT * FROM {quoted}")
            names = [str(column[0]) for column in cursor.description]
        except (sqlite3.Error, ValueError):
            raise self._refused() from None
        return _opened(names, self._rows(cursor), declared, f"{self._name}, table {name}")

    def _rows(self, cursor: sqlite3.Cursor) -> Iterator[Sequence[Any]]:
        while True:
            self._steps = 0
            try:
                row = cursor.fetchone()
            except (sqlite3.Error, OverflowError, MemoryError):
                raise self._refused() from None
            if row is None:
                return
            yield row

    def _tire(self) -> int:
        self._steps += 1
        return int(self._steps > _STEPS_A_ROW)

    def _refused(self) -> SourceError:
        return SourceError(
            f"{self._name}: this is not a whole SQLite database, or it is encrypted or made to be slow",
            remedy="export the table as CSV UTF-8; nothing was stored",
        )


def _allowed(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ACTIONS else sqlite3.SQLITE_DENY


def _opened(names: list[str], values: Iterator[Sequence[Any]], declared: Sheet, place: str) -> Opened:
    header = find_header(iter([(1, names)]), declared, (), place)
    return header.names, _rows(header.names, values)


def _rows(header: tuple[str, ...], values: Iterator[Sequence[Any]]) -> Iterator[Row | BadRow]:
    for number, row in enumerate(values, start=1):
        cells = dict(zip(header, map(_text, row), strict=False))
        if not any(cells.values()):
            continue
        if any(
            "\udc80" <= mark <= "\udcff" for cell in cells.values() if not cell.isascii() for mark in cell
        ):
            yield BadRow(number, "unreadable_row", "", cells)
        elif column := too_long_column(cells):
            yield BadRow(number, "too_long", column, cells)
        else:
            yield Row(number, cells)


def _text(value: Any) -> str:
    """Return a value of a database as text, as the other readers do."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        whole = value.time() == datetime.time()
        return value.date().isoformat() if whole else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, list | tuple | set):
        return "; ".join(map(_text, value))
    return str(value)


def _table(
    header: tuple[str, ...], rows: Iterator[Row | BadRow], name: str, close: Callable[[], None]
) -> Table:
    first = next(rows, None)
    if first is None:
        raise header_only(name)
    return Table(header, _chained(first, rows), close=close)


def _chained(first: Row | BadRow, rest: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    yield first
    yield from rest


def _refuse_empty(path: Path) -> None:
    if path.stat().st_size == 0:
        raise empty_file(path.name)
