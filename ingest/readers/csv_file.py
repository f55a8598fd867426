"""CSV: strict encodings, one row at a time; a row that cannot be decoded is named and kept, never mangled.

A file may be UTF-8 or, with its mark, UTF-16. All else must be declared: detectors guess one in five wrong.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from codebook import SourceError
from ingest.mapping import Source

from .table import (
    MAXIMUM_COLUMNS,
    MAXIMUM_LINE,
    BadRow,
    Row,
    Table,
    empty_file,
    header_only,
    number_repeated,
    too_long_column,
)

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = "UTF-8, UTF-8 with a mark, UTF-16 with a mark"
_UNDECODED = re.compile("[\udc80-\udcff]")  # what `surrogateescape` leaves in place of a bad byte


def open_csv(path: Path, source: Source) -> Table:
    """Return a CSV file as the source declares its encoding and delimiter.

    Raises:
        SourceError: Empty, header only, not in a permitted encoding, or its quotes do not close.
    """
    lines = _Lines(path, _encoding(path, source))
    try:
        return _opened(lines, source)
    except BaseException:
        lines.close()
        raise


def _opened(lines: "_Lines", source: Source) -> Table:
    reader = csv.reader(lines, delimiter=source.delimiter or ",", strict=True)
    header = _header(reader, lines, lines.name)
    rows = _rows(reader, lines, header, named=bool(source.encoding))
    first = next(rows, None)
    if first is None:
        raise header_only(lines.name)
    notices = ["the file begins with a UTF-16 mark and was read as UTF-16"] if lines.utf_16 else []
    return Table(header=header, rows=_chained(first, rows), notices=notices, close=lines.close)


def _chained(first: Row | BadRow, rest: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    yield first
    yield from rest


def _encoding(path: Path, source: Source) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise empty_file(path.name)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SourceError(
            f"{path.name}: this is a workbook and not a text file",
            remedy="name it .xlsx and use its own declaration",
        )
    if not source.encoding and b"\0" in start:
        raise SourceError(
            f"{path.name}: the file holds zero bytes: UTF-16 without a mark, or not a text file",
            remedy="save it as CSV UTF-8, or declare `encoding: utf-16-le`",
        )
    try:
        return codecs.lookup(source.encoding or "utf-8").name
    except LookupError:
        raise SourceError(
            f"{source.name}: `encoding` is not one that is known", remedy="e.g. cp1251"
        ) from None


class _Lines:
    """The lines of a text file, each no longer than `MAXIMUM_LINE`; says what was seen since last asked."""

    def __init__(self, path: Path, encoding: str) -> None:
        # UTF-16 cannot carry a bad byte along; a fault in it ends the file.
        self.utf_16 = encoding.startswith("utf-16")
        errors = "strict" if self.utf_16 else "surrogateescape"
        self._file = io.TextIOWrapper(path.open("rb"), encoding=encoding, errors=errors, newline="")
        # The limit is of the whole process: other readers find it as it was.
        self._limit_before = csv.field_size_limit(MAXIMUM_LINE)
        self.name = path.name
        self.undecoded = False
        self.cut = False
        self.number = 0

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        csv.field_size_limit(self._limit_before)

    def __iter__(self) -> "Iterator[str]":
        return self

    def __next__(self) -> str:
        try:
            line = self._file.readline(MAXIMUM_LINE)
        except UnicodeError:
            raise _not_text(self.name, self.number + 1) from None
        if not line:
            raise StopIteration
        self.number += 1
        if not line.isascii() and _UNDECODED.search(line):
            self.undecoded = True
        if len(line) >= MAXIMUM_LINE and not line.endswith(("\n", "\r")):
            line += self._skip_rest()
        return line

    def _skip_rest(self) -> str:
        """Pass over the rest of a line without keeping it; what is returned closes the same quotes."""
        self.cut = True
        quotes = 0
        while True:
            part = self._file.readline(MAXIMUM_LINE)
            quotes += part.count('"')
            if not part or part.endswith(("\n", "\r")):
                return ('"' if quotes % 2 else "") + "\n"

    def take_marks(self) -> tuple[bool, bool]:
        """Return whether the lines since the last call held bad bytes, and whether one was cut."""
        marks = (self.undecoded, self.cut)
        self.undecoded = self.cut = False
        return marks


def _header(reader: Iterator[list[str]], lines: _Lines, name: str) -> tuple[str, ...]:
    try:
        names = next((row for row in reader if any(cell.strip() for cell in row)), None)
    except csv.Error:
        raise SourceError(
            f"{name}: the header cannot be read: its quotes do not close or it is too long",
            remedy="look at the first line of the file; check `delimiter` in the declaration",
        ) from None
    undecoded, cut = lines.take_marks()
    if names is None:
        raise empty_file(name)
    if undecoded:
        raise _not_text(name, 1)
    if cut or len(names) > MAXIMUM_COLUMNS:
        raise SourceError(
            f"{name}: the header has more than {MAXIMUM_COLUMNS} columns or a line that never ends",
            remedy="this is not a table as groups keep them; export it again",
        )
    return number_repeated([cell.strip().removeprefix("\ufeff") for cell in names])


def _rows(
    reader: Iterator[list[str]], lines: _Lines, header: tuple[str, ...], *, named: bool
) -> Iterator[Row | BadRow]:
    number = 1
    width = len(header)
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(error, number, lines)
            continue
        undecoded, cut = lines.take_marks()
        if not any(values):
            continue
        if undecoded and not named:
            raise _not_text(lines.name, number)
        yield _row(values, header, number, _fault(values, width, undecoded, cut))


def _fault(values: list[str], width: int, undecoded: bool, cut: bool) -> str:
    if undecoded:
        return "unreadable_row"
    if cut:
        return "too_long"
    if len(values) > width and not any(values[width:]):
        del values[width:]
    return "unreadable_row" if len(values) != width else ""


def _row(values: list[str], header: tuple[str, ...], number: int, fault: str) -> Row | BadRow:
    cells = dict(zip(header, values, strict=False))
    if fault:
        extra = {f"(cell {position + 1})": values[position] for position in range(len(header), len(values))}
        return BadRow(number, fault, "", {**cells, **extra})
    if max(map(len, values)) > 10_000 and (column := too_long_column(cells)):
        return BadRow(number, "too_long", column, cells)
    return Row(number, cells)


def _broken(error: csv.Error, number: int, lines: _Lines) -> BadRow:
    text = str(error)
    if "field limit" in text or "end of data" in text:
        raise SourceError(
            f"{lines.name}: row {number}: a quoted cell does not end, or is over {MAXIMUM_LINE:,} characters",
            remedy="repair the quotes in that row; nothing of the file was stored",
        ) from None
    lines.take_marks()
    return BadRow(number, "unreadable_row", "", {})


def _not_text(name: str, number: int) -> SourceError:
    return SourceError(
        f"{name}: row {number} holds bytes that are not text in any encoding that was tried ({_TRIED})",
        remedy="find out how the file was saved and declare `encoding`, e.g. cp1251; or save it as CSV UTF-8",
    )
