"""XLSX: the values of declared sheets only, repeats joined to their records; the rest is named, not read.

python-calamine reads; `workbook_guard` decides first whether the file may be opened at all.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.mapping import Sheet, Source

from .joined import Joiner, Parts
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
    parts = Parts(path.name, frozenset(present), lambda sheet: _sheet(workbook, sheet, path.name))
    joined = Joiner(parts, source.main)
    table.header = header
    table.rows = joined.rows(chain([first], rows), table)
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
    unknown = [sheet for sheet in present if sheet not in declared]
    if unknown and "*" not in source.ignore_sheets:
        raise SourceError(
            f"{name}: sheets that {source.name} does not speak of: {', '.join(unknown)}",
            remedy="add them to the declaration as repeats, or by name under `ignore_sheets`",
        )
    hidden = sum(not str(meta.visible).endswith(".Visible") for meta in sheets)
    told = [f"{hidden} sheets are hidden in the workbook"] if hidden else []
    return told + ([f"{len(unknown)} other sheets were not read"] if unknown else [])


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
