"""XLSX: the values of declared sheets only, repeats joined to their records; the rest is named, not read.

python-calamine reads; `workbook_guard` decides first whether the file may be opened at all.
"""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.columns import check_columns
from ingest.mapping import Sheet, Source

from .table import (
    MAXIMUM_COLUMNS,
    BadRow,
    Row,
    Table,
    empty_file,
    header_only,
    number_repeated,
    too_long_column,
)
from .workbook_guard import inspect_workbook


def open_xlsx(path: Path, source: Source) -> Table:
    """Return the main sheet of a workbook with its repeats joined.

    Raises:
        SourceError: Not safe to open, a sheet that is not declared, a sheet that is missing, a merged header.
    """
    if path.stat().st_size == 0:
        raise empty_file(path.name)
    findings = inspect_workbook(path)
    workbook = _opened(path)
    sheets = list(workbook.sheets_metadata)
    main_name = source.main.name or (sheets[0].name if sheets else "")
    findings.notices += _check_sheets(path.name, sheets, source, main_name)
    present = {meta.name for meta in sheets}
    if findings.date_1904:
        findings.notices.append(
            "its dates count from 1904: plain numbers in date columns are not read as dates"
        )
    table = Table(header=(), rows=iter(()), notices=findings.notices, serial_dates=not findings.date_1904)
    header, rows = _sheet(workbook, main_name, path.name)
    first = next(rows, None)
    if first is None:
        raise header_only(path.name)
    joined = _Joiner(workbook, path.name, source.main, present)
    table.header = header
    table.rows = joined.rows(first, rows, table)
    return table


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn the reader's own faults into ours: theirs may quote what stands in the file."""
    import python_calamine

    try:
        yield
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        raise SourceError(
            f"{name}: the workbook cannot be read", remedy="open it and save it again as .xlsx"
        ) from None


def _opened(path: Path) -> Any:
    import python_calamine

    with _reading(path.name):
        return python_calamine.load_workbook(str(path))


def _check_sheets(name: str, sheets: list[Any], source: Source, main_name: str) -> list[str]:
    declared = {main_name, *source.ignore_sheets, *_sheet_names(source.main)}
    required = {main_name, *_sheet_names(source.main, required=True)}
    present = [meta.name for meta in sheets]
    if missing := sorted(required - set(present)):
        raise SourceError(
            f"{name}: sheets that {source.name} declares are not there: {', '.join(missing)}",
            remedy="export every sheet, mark a sheet `optional: true`, or correct its name",
        )
    if unknown := [sheet for sheet in present if sheet not in declared]:
        raise SourceError(
            f"{name}: sheets that {source.name} does not speak of: {', '.join(unknown)}",
            remedy="add them to the declaration as repeats, or by name under `ignore_sheets`",
        )
    hidden = sum(not str(meta.visible).endswith(".Visible") for meta in sheets)
    return [f"{hidden} sheets are hidden in the workbook"] if hidden else []


def _sheet_names(sheet: Sheet, *, required: bool = False) -> Iterator[str]:
    for repeat in sheet.repeats:
        if not (required and repeat.optional):
            yield repeat.name
        yield from _sheet_names(repeat, required=required)


def _sheet(workbook: Any, sheet_name: str, file_name: str) -> tuple[tuple[str, ...], Iterator[Row | BadRow]]:
    """Return the header of a sheet and its rows, blank rows left out but counted in the numbering."""
    with _reading(file_name):
        sheet = workbook.get_sheet_by_name(sheet_name)
    if sheet.start is None:
        raise empty_file(f"{file_name}, sheet {sheet_name}")
    cells = sheet.iter_rows()
    number = 1
    values: list[Any] = []
    for values in cells:
        if any(value != "" for value in values):
            break
        number += 1
    names = [_text(value).strip() for value in values]
    if len(names) > MAXIMUM_COLUMNS:
        raise SourceError(
            f"{file_name}, sheet {sheet_name}: more than {MAXIMUM_COLUMNS} columns",
            remedy="copy what you need",
        )
    _refuse_merged(sheet, number, sheet_name, file_name)
    return number_repeated(names), _rows(cells, names, number, f"{file_name}, sheet {sheet_name}")


def _refuse_merged(sheet: Any, header_row: int, sheet_name: str, file_name: str) -> None:
    for (first_row, first_column), (_, last_column) in sheet.merged_cell_ranges or ():
        if first_row == header_row - 1 and last_column > first_column:
            raise SourceError(
                f"{file_name}, sheet {sheet_name}: cells of the header (row {header_row}) are merged",
                remedy="unmerge them so that every column has its own name, then run again",
            )


def _rows(cells: Iterator[list[Any]], names: list[str], number: int, place: str) -> Iterator[Row | BadRow]:
    header = number_repeated(names)
    nameless = [position for position, name in enumerate(header) if not name]
    named = [(position, name) for position, name in enumerate(header) if name]
    for values in cells:
        number += 1
        if all(value == "" for value in values):
            continue
        if any(values[position] != "" for position in nameless):
            raise SourceError(
                f"{place}: row {number} has a value under a column without a name",
                remedy="give the column a name, or delete it if it holds nothing you need",
            )
        row = {name: _text(values[position]) for position, name in named}
        column = too_long_column(row)
        yield BadRow(number, "too_long", column, row) if column else Row(number, row)


def _text(value: Any) -> str:
    """Return a cell as text: dates as ISO, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        return (
            value.isoformat(sep=" ", timespec="minutes")
            if value.time() != datetime.time()
            else value.date().isoformat()
        )
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


class _Joiner:
    """Puts the rows of repeat sheets under the rows that they belong to."""

    def __init__(self, workbook: Any, name: str, main: Sheet, present: set[str]) -> None:
        self._children = {
            repeat.name: _Repeat(workbook, name, repeat, present)
            for repeat in main.repeats
            if repeat.name in present
        }

    def rows(self, first: Row | BadRow, rest: Iterator[Row | BadRow], table: Table) -> Iterator[Row | BadRow]:
        """Yield main rows with their repeats; rows of no record go to `table.orphans`."""
        for child in self._children.values():
            table.sheet_rows.update(child.counts())
            table.orphans += child.unreadable
        yield self._joined(first)
        for row in rest:
            yield self._joined(row)
        for child in self._children.values():
            table.orphans += child.left_over()

    def _joined(self, row: Row | BadRow) -> Row | BadRow:
        if not self._children:
            return row
        if isinstance(row, Row) and any(child.is_taken(row) for child in self._children.values()):
            return BadRow(row.number, "contradiction", "join", row.cells)
        repeats = {name: child.rows_of(row.cells) for name, child in self._children.items()}
        if isinstance(row, BadRow):
            return row
        return replace(row, repeats={name: rows for name, rows in repeats.items() if rows})


class _Repeat:
    """The rows of one repeat sheet by their parent's key, their own repeats already under them."""

    def __init__(self, workbook: Any, name: str, sheet: Sheet, present: set[str]) -> None:
        self._sheet = sheet
        self._by_key: dict[tuple[str, ...], list[Row]] = {}
        self._used: set[tuple[str, ...]] = set()
        self._parents: dict[tuple[str, ...], int] = {}
        self.unreadable: list[BadRow] = []
        self._inner: list[_Repeat] = []
        header, rows = _sheet(workbook, sheet.name, name)
        check_columns(sheet, header, place=f"{name}, sheet {sheet.name}")
        inner = {
            one.name: _Repeat(workbook, name, one, present) for one in sheet.repeats if one.name in present
        }
        self._inner = list(inner.values())
        self._total = 0
        for row in rows:
            self._total += 1
            below = {key: child.rows_of(row.cells) for key, child in inner.items()}
            if isinstance(row, BadRow):
                self.unreadable.append(replace(row, place=sheet.name))
                continue
            key = tuple(_key_text(row.cells.get(column, "")) for column in sheet.join)
            self._by_key.setdefault(key, []).append(
                replace(row, repeats={k: v for k, v in below.items() if v})
            )

    def rows_of(self, parent: Mapping[str, Any]) -> tuple[Row, ...]:
        """Return the rows that belong to a row of the parent sheet."""
        key = tuple(_key_text(parent.get(column, "")) for column in self._sheet.join.values())
        if key not in self._by_key or not all(key):
            return ()
        self._used.add(key)
        return tuple(self._by_key[key])

    def is_taken(self, parent: Row) -> bool:
        """Return whether another, different row of the parent sheet has the same key."""
        key = tuple(_key_text(parent.cells.get(column, "")) for column in self._sheet.join.values())
        content = hash(tuple(parent.cells.values()))
        return key in self._by_key and self._parents.setdefault(key, content) != content

    def counts(self) -> dict[str, int]:
        """Return the rows of this sheet and of the sheets below it."""
        found = {self._sheet.name: self._total}
        for child in self._inner:
            found.update(child.counts())
        return found

    def left_over(self) -> list[BadRow]:
        """Return the rows that belong to no parent row."""
        lost = [
            BadRow(row.number, "contradiction", self._sheet.name, row.cells)
            for key, rows in self._by_key.items()
            if key not in self._used
            for row in rows
        ]
        return lost + [row for child in self._inner for row in child.left_over() + child.unreadable]


def _key_text(cell: Any) -> str:
    return str(cell).strip()
