"""JSON and JSON Lines: records with nested lists, as Kobo's API and Primero's export have them.

Scalars become text as they are written; objects inside a record become `key.key` unless the
declaration names the whole.
"""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.mapping import Sheet, Source

from .columns import LoneName
from .json_stream import NoList, decoded, records_at
from .table import (
    MAXIMUM_CELL,
    MAXIMUM_COLUMNS,
    MAXIMUM_LINE,
    BadRow,
    Cell,
    Row,
    Table,
    header_only,
    too_long_column,
)

_DEEPEST = 20  # levels of nesting that a record may have
_Records = Iterator[tuple[int, Any]]  # position in the file and record


def open_json(path: Path, source: Source) -> Table:
    """Return a JSON document whose records lie at `path` of the declaration.

    Raises:
        SourceError: Not whole JSON, a record that is too large, or no list of records where it is declared.
    """
    keys = tuple(source.path.split(".")) if source.path else ()
    try:
        return _table(partial(records_at, path, keys), source, path.name)
    except NoList:
        raise SourceError(
            f"{path.name}: there is no list of records where the declaration {source.name} says",
            remedy="correct `path` in the declaration",
        ) from None


def open_jsonl(path: Path, source: Source) -> Table:
    """Return a file with one JSON record a line; blank lines are passed over."""
    return _table(partial(_lines, path), source, path.name)


def _lines(path: Path) -> _Records:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
        number = 0
        while line := file.readline(MAXIMUM_LINE):
            number += 1
            whole = len(line) < MAXIMUM_LINE or line.endswith("\n")
            while not whole and (rest := file.readline(MAXIMUM_LINE)):
                whole = rest.endswith("\n")
                line = line[:MAXIMUM_CELL]  # too long to be a record: its beginning is kept for quarantine
            if line.strip():
                yield number, _record_of(line)


def _record_of(line: str) -> Any:
    try:
        return decoded(line)
    except (ValueError, RecursionError):
        return line


def _table(records: Callable[[], _Records], source: Source, name: str) -> Table:
    """Return the table of records that are read twice: for the names of its columns, then for its rows.

    So none of them is held, however many there are.
    """
    header: dict[str, None] = {}
    once: dict[str, int] = {}  # keys that one record has -> its place
    sheet_rows: dict[str, int] = {}
    is_empty = True
    for row in _rows(records(), source.main):
        is_empty = False
        # A record that cannot be read waits in quarantine; what stands in it is no column of the others.
        if isinstance(row, Row):
            _count(row, sheet_rows)
            for key in once.keys() & row.cells.keys():
                del once[key]
            if new := row.cells.keys() - header.keys():
                header.update(dict.fromkeys(row.cells))
                once |= dict.fromkeys(new, row.number)
                _refuse_wide(header, name)
    if is_empty:
        raise header_only(name)
    rows = _rows(records(), source.main)
    names = tuple(LoneName(key, once[key]) if key in once else key for key in header)
    return Table(names, rows, keys_vary=True, sheet_rows=sheet_rows, close=rows.close)


def _rows(records: _Records, main: Sheet) -> Generator[Row | BadRow, None, None]:
    for number, record in records:
        yield _row(number, record, main)


def _refuse_wide(header: Mapping[str, None], name: str) -> None:
    if len(header) > MAXIMUM_COLUMNS or sum(map(len, header)) > MAXIMUM_LINE:
        raise SourceError(
            f"{name}: its records have more than {MAXIMUM_COLUMNS:,} different keys, or endless ones",
            remedy="name an object whose keys are values under `ignore`, or export the file again as a table",
        )


def _count(row: Row, sheet_rows: dict[str, int]) -> None:
    for name, children in row.repeats.items():
        sheet_rows[name] = sheet_rows.get(name, 0) + len(children)
        for child in children:
            _count(child, sheet_rows)


def _row(number: int, record: Any, sheet: Sheet) -> Row | BadRow:
    if not isinstance(record, dict):
        return BadRow(number, "unreadable_row", "", _kept(record))
    cells: dict[str, Cell] = {}
    repeats: dict[str, tuple[Row, ...]] = {}
    declared = {repeat.name: repeat for repeat in sheet.repeats}
    _lift(record, declared)
    for key, value in record.items():
        if key in declared:
            children = _children(value, declared[key])
            if children is None:
                return BadRow(number, "unreadable_row", key, _kept(record))
            repeats[key] = children
        elif type(value) is str:  # as most are: there is nothing to be flattened
            cells[key] = value
        elif not _flatten(key, value, sheet, cells):
            return BadRow(number, "unreadable_row", key, _kept(record))
    if column := too_long_column(cells):
        return BadRow(number, "too_long", column, cells)
    return Row(number, cells, repeats)


def _lift(record: dict[str, Any], declared: Mapping[str, Sheet]) -> None:
    """Bring the lists that are declared as `key.key` to the top of the record, under that name."""
    for name in declared:
        *outer, last = name.split(".")
        inside: Any = record
        for key in outer:
            inside = inside.get(key) if isinstance(inside, dict) else None
        if outer and isinstance(inside, dict) and last in inside and name not in record:
            record[name] = inside.pop(last)


def _kept(record: Any) -> dict[str, Cell]:
    """Return a record that is no row as one cell, so that quarantine keeps it."""
    try:
        return {"(record)": record if isinstance(record, str) else json.dumps(record)}
    except (ValueError, RecursionError):
        return {"(record)": "(nested too deeply)"}


def _children(value: Any, repeat: Sheet) -> tuple[Row, ...] | None:
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    rows = [_row(number, child, repeat) for number, child in enumerate(value, start=1)]
    return (
        None
        if any(isinstance(row, BadRow) for row in rows)
        else tuple(row for row in rows if isinstance(row, Row))
    )


def _flatten(key: str, value: Any, sheet: Sheet, cells: dict[str, Cell], depth: int = 0) -> bool:
    """Put a value of a record into `cells`; False where it is nested deeper than any form is."""
    if depth > _DEEPEST:
        return False
    named = key in sheet.ignore or key in sheet.drop_coordinates
    if isinstance(value, dict) and not named:
        return all(_flatten(f"{key}.{inner}", one, sheet, cells, depth + 1) for inner, one in value.items())
    if isinstance(value, list) and not named and all(not isinstance(one, dict | list) for one in value):
        cells[key] = tuple(_scalar(one) for one in value if one is not None)
        return True
    # A list of objects that no repeat declares is a column: it stops the run unless ignored.
    cells[key] = json.dumps(value) if isinstance(value, dict | list) else _scalar(value)
    return True


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
