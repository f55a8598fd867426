"""Workbooks (XLSX, XLS, ODS): the values of declared sheets, repeats joined; the rest is named, not read.

python-calamine reads, and holds one sheet in memory: about 32 bytes a cell of its rectangle, and its texts.
A guard of the format decides first whether the file may be opened at all.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.mapping import Sheet, Source

from .headers import Header, find_header, is_tags
from .joined import Joiner, Opened, Parts, every_repeat
from .ods_guard import inspect_ods
from .sheet_scan import SheetScan
from .table import BadRow, Row, Table, empty_file, header_only, too_long_column
from .workbook_guard import Findings, inspect_workbook
from .xls_guard import inspect_xls

_REMEMBERED = 50_000  # distinct numbers whose text is remembered
_LONG = 10_000  # characters; only rows with a longer cell are looked at for cells that are too long


def open_xlsx(path: Path, source: Source) -> Table:
    """Return the main sheet of an XLSX workbook with its repeats joined.

    Raises:
        SourceError: Not safe to open, a sheet that is not declared, a sheet that is missing, a merged header.
    """
    return _open(path, source, inspect_workbook)


def open_xls(path: Path, source: Source) -> Table:
    """Return the main sheet of an XLS workbook (Excel 97 to 2003) with its repeats; raises as `open_xlsx`."""
    return _open(path, source, inspect_xls)


def open_ods(path: Path, source: Source) -> Table:
    """Return the main sheet of an OpenDocument spreadsheet with its repeats; raises as `open_xlsx`."""
    return _open(path, source, inspect_ods)


def _open(path: Path, source: Source, inspect: Callable[[Path], Findings]) -> Table:
    if path.stat().st_size == 0:
        raise empty_file(path.name)
    found = path.stat()
    findings = _inspected(path, inspect, (found.st_size, found.st_mtime_ns, found.st_ino))
    # Each reading of a file adds what it notices itself.
    findings = replace(findings, notices=list(findings.notices))
    book = _Book(path, source, findings)
    main_name = book.check_sheets()
    table = Table((), iter(()), notices=findings.notices, serial_dates=not findings.date_1904)
    if findings.date_1904:
        table.notices.append("its dates count from 1904: plain numbers in date columns are not read as dates")
    table.header, rows = book.opened(main_name, source.main, source.names)
    first = next(rows, None)
    if first is None:
        raise header_only(path.name)
    every = {repeat.name: repeat for repeat in every_repeat(source.main)}
    parts = Parts(path.name, book.present, lambda name: book.opened(name, every[name], ()))
    table.rows = Joiner(parts, source.main).rows(chain([first], rows), table)
    return table


@lru_cache(maxsize=1)
def _inspected(path: Path, inspect: Callable[[Path], Findings], _: tuple[int, int, int]) -> Findings:
    """Return what a guard finds, remembered while the file is as it was: several declarations may try it."""
    return inspect(path)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn the reader's own faults into ours: theirs may quote what stands in the file."""
    import python_calamine

    refused = SourceError(f"{name}: the workbook cannot be read", remedy="open it and save it again")
    try:
        yield
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError, MemoryError):
        raise refused from None
    except BaseException as error:
        # A fault inside the reader's own language comes as this class, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise refused from None


class _Book:
    """One open workbook."""

    def __init__(self, path: Path, source: Source, findings: Findings) -> None:
        import python_calamine

        with _reading(path.name):
            self._workbook: Any = python_calamine.load_workbook(str(path))
            self._sheets = list(self._workbook.sheets_metadata)
        self._name = path.name
        self._source = source
        self._findings = findings
        self.present = frozenset(meta.name for meta in self._sheets)

    def check_sheets(self) -> str:
        """Return the name of the main sheet, having made sure that every sheet is declared."""
        source = self._source
        if not self._sheets:
            raise SourceError(f"{self._name}: there is no sheet in the workbook", remedy="export it again")
        main = source.main.name or self._sheets[0].name
        declared = {main, *source.ignore_sheets, *(one.name for one in every_repeat(source.main))}
        required = {main, *_required(source.main)}
        if missing := sorted(required - self.present):
            raise SourceError(
                f"{self._name}: sheets that {source.name} declares are not there: {', '.join(missing)}",
                remedy="export every sheet, mark a sheet `optional: true`, or correct its name",
            )
        unknown = [meta.name for meta in self._sheets if meta.name not in declared]
        if unknown and "*" in source.ignore_sheets:
            self._findings.notices.append(f"{len(unknown)} other sheets were not read")
        elif unknown:
            raise SourceError(
                f"{self._name}: sheets that {source.name} does not speak of: {', '.join(unknown)}",
                remedy="add them to the declaration as repeats, or by name under `ignore_sheets`",
            )
        hidden = [str(meta.visible).rpartition(".")[2] for meta in self._sheets]
        for kind, words in (("Hidden", "hidden"), ("VeryHidden", "very hidden (no menu shows them)")):
            if number := hidden.count(kind):
                self._findings.notices.append(f"{number} sheets are {words} in the workbook")
        return main

    def opened(self, sheet_name: str, declared: Sheet, names: tuple[str, ...]) -> Opened:
        """Return the header of a sheet and its rows, blank rows left out but counted in the numbering."""
        place = f"{self._name}, sheet {sheet_name}"
        with _reading(self._name):
            sheet = self._workbook.get_sheet_by_name(sheet_name)
        if sheet.start is None:
            raise empty_file(place)
        cells = enumerate(sheet.iter_rows(), start=1)
        texts = ((number, [_text(value).strip() for value in values]) for number, values in cells)
        header = find_header(texts, declared, names, place)
        _refuse_merged(sheet, header.number, place)
        scan = self._findings.sheets.get(sheet_name, SheetScan())
        self._tell(sheet, header, scan, place, declared)
        rest = chain(((number, list(values)) for number, values in header.read), cells)
        return header.names, _rows(rest, header, _Faults(declared, scan.faults), place, self._findings)

    def _tell(self, sheet: Any, header: Header, scan: SheetScan, place: str, declared: Sheet) -> None:
        """Add notices on what a sheet holds beside plain values."""
        merged = sum(first[0] >= header.number for first, _ in sheet.merged_cell_ranges or ())
        told = {
            f"{merged} merged areas below the header: only the first cell of each has a value": merged,
            f"{scan.hidden_rows} hidden rows: they were read like the others": scan.hidden_rows,
            f"{scan.hidden_columns} hidden columns: those that are mapped were read": scan.hidden_columns,
            "a filter: the rows that it hides were read": scan.filters,
        }
        where = "" if declared is self._source.main else f" (sheet {declared.name})"
        self._findings.notices += [
            f"the sheet has {words}{where}" for words, number in told.items() if number
        ]
        self._findings.notices += [f"{notice}{where}" for notice in header.notices]


def _required(sheet: Sheet) -> Iterator[str]:
    for repeat in sheet.repeats:
        if not repeat.optional:
            yield repeat.name
        yield from _required(repeat)


def _refuse_merged(sheet: Any, header_row: int, place: str) -> None:
    for (first_row, first_column), (_, last_column) in sheet.merged_cell_ranges or ():
        if first_row == header_row - 1 and last_column > first_column:
            raise SourceError(
                f"{place}: cells of the header (row {header_row}) are merged",
                remedy="unmerge them so that every column has its own name, then run again",
            )


class _Faults:
    """The cells of a sheet that hold an error, or a formula that was never calculated."""

    def __init__(self, declared: Sheet, faults: dict[int, set[int]]) -> None:
        self._mapped = declared.mapped_columns
        self._faults = faults

    def __bool__(self) -> bool:
        return bool(self._faults)

    def column(self, number: int, header: tuple[str, ...]) -> str:
        """Return the first mapped column of a row whose cell has no value that could be read."""
        places = sorted(self._faults.get(number, ()))
        names = (header[place] for place in places if place < len(header))
        return next((name for name in names if name in self._mapped), "")


def _rows(
    cells: Iterator[tuple[int, list[Any]]], found: Header, faults: _Faults, place: str, findings: Findings
) -> Iterator[Row | BadRow]:
    header = found.names
    width = len(header)
    nameless = [position for position, name in enumerate(header) if not name]
    text = _Texts()
    first = True
    for number, values in cells:
        if values.count("") == len(values):
            continue
        if len(values) < width:
            values += [""] * (width - len(values))
        if (nameless or len(values) > width) and _is_outside(values, nameless, width):
            raise SourceError(
                f"{place}: row {number} has a value under a column without a name",
                remedy="give the column a name, or delete it if it holds nothing you need",
            )
        row = {
            name: value if value.__class__ is str else text[value]
            for name, value in zip(header, values, strict=False)
        }
        row.pop("", None)
        if first and is_tags(list(row.values())):
            findings.notices.append(f"row {number} holds HXL tags and is not a record")
        elif faults and (column := faults.column(number, header)):
            yield BadRow(number, "unreadable_row", column, row)
        elif max(map(len, row.values())) > _LONG and (column := too_long_column(row) or ""):
            yield BadRow(number, "too_long", column, row)
        else:
            yield Row(number, row)
        first = False


def _is_outside(values: list[Any], nameless: list[int], width: int) -> bool:
    """Return whether a value stands under a column without a name."""
    return any(values[position] != "" for position in nameless) or any(one != "" for one in values[width:])


class _Texts(dict[Any, str]):
    """The text of each value met; a value and another of a different type that equals it are not mixed up."""

    def __missing__(self, value: Any) -> str:
        text = _text(value)
        # 1 == 1.0 == True: only numbers that are no truth values are remembered.
        if value.__class__ is float and len(self) < _REMEMBERED:
            self[value] = text
        return text


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
