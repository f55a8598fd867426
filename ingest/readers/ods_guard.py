"""Look into an OpenDocument spreadsheet before it is opened: repeats, entities, what lies beside the cells.

One element can stand for a million rows (`number-rows-repeated`), so sizes are worked out from the repeats.
"""

import html
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from .archive import MAXIMUM_PART, checked_parts, unpacked, unsafe, whole_archive
from .sheet_scan import MAXIMUM_BOX, MAXIMUM_TOKEN, SheetScan
from .workbook_guard import FORBIDDEN, Findings

MAXIMUM_TEXT = 1 * 2**30  # bytes of text when every repeat is written out
_OVERLAP = 64
_PARTS = re.compile(rb"<table:(?:table|table-row)(?=[\s>/])")
_TABLE_NAME = re.compile(rb"""^<table:table\s[^>]*?\btable:name=["']([^"']*)["']""")
_ROWS_REPEATED = re.compile(rb"""^<table:table-row\s[^>]*?\btable:number-rows-repeated=["'](\d{1,12})["']""")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s>/])")
_COLUMNS_REPEATED = re.compile(rb"""^[^>]*?\btable:number-columns-repeated=["'](\d{1,12})["']""")
_COLLAPSED = re.compile(rb"""^<table:table-row\s[^>]*?\btable:visibility=["'](?:collapse|filter)["']""")
_ERROR = re.compile(rb"""^[^>]*\bcalcext:value-type=["']error["']""")
_FORMULA_WITHOUT_VALUE = re.compile(rb"""^(?![^>]*\boffice:value-type=)[^>]*\btable:formula=""")
_WITNESSES = {
    "notes and comments": b"<office:annotation ",
    "recorded changes, with what was deleted": b"<table:cell-content-change",
    "links to other files": b"<table:table-source",
    "named ranges": b"<table:named-range",
    "filters": b"<table:database-range",
}


def inspect_ods(path: Path) -> Findings:
    """Return what an OpenDocument spreadsheet holds, having unpacked its content once in bounded memory.

    Raises:
        SourceError: Not a spreadsheet, encrypted, or not safe to open.
    """
    findings = Findings()
    witnesses: Counter[str] = Counter()
    with whole_archive(path.name, ".ods spreadsheet"), zipfile.ZipFile(path) as archive:
        parts = {part.filename: part for part in checked_parts(path.name, archive)}
        if "content.xml" not in parts:
            raise zipfile.BadZipFile
        if any(
            b"encryption-data" in piece for piece in _read(path.name, archive, parts, "META-INF/manifest.xml")
        ):
            raise zipfile.BadZipFile
        scan = _ContentScan(path.name, findings)
        for piece, fresh in _windows(path.name, archive, parts, "content.xml"):
            scan.feed(fresh)
            for what, mark in _WITNESSES.items():
                witnesses[what] += piece.count(mark) - piece[: len(piece) - len(fresh)].count(mark)
        scan.end()
        people = sum(b"creator>" in piece for piece in _read(path.name, archive, parts, "meta.xml"))
    if people:
        witnesses["properties that name people"] = people
    findings.notices += [
        f"the workbook also holds {what} ({number}); they were not read"
        for what, number in witnesses.items()
        if number
    ]
    return findings


def _read(name: str, archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], part: str) -> list[bytes]:
    return [window for window, _ in _windows(name, archive, parts, part)] if part in parts else []


def _windows(
    name: str, archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], part: str
) -> Iterator[tuple[bytes, bytes]]:
    """Yield the pieces of a part with a little of the piece before, and each piece alone.

    The part is XML to its end, or refused: of one that is cut the reader looks for the end for ever.
    """
    parser, tail = ParserCreate(), b""
    try:
        for piece in unpacked(name, archive, parts[part], MAXIMUM_PART):
            window = tail + piece
            if b"<!" in window and FORBIDDEN.search(window):
                raise unsafe(name, "declares XML entities, which no spreadsheet program writes")
            parser.Parse(piece, False)
            yield window, piece
            tail = window[-_OVERLAP:]
        parser.Parse(b"", True)
    except ExpatError:
        raise zipfile.BadZipFile from None


class _ContentScan:
    """Works out the size of every table, row by row."""

    def __init__(self, name: str, findings: Findings) -> None:
        self._name = name
        self._findings = findings
        self._scan = SheetScan()
        self._row = 0
        self._rest = b""
        self._text = 0

    def feed(self, piece: bytes) -> None:
        """Take in a piece of the content."""
        window = self._rest + piece
        starts = [found.start() for found in _PARTS.finditer(window)]
        for start, end in pairwise(starts):
            self._take(window[start:end])
        self._rest = window[starts[-1] :] if starts else window[-_OVERLAP:]
        if len(self._rest) > MAXIMUM_TOKEN:
            raise unsafe(self._name, "has a row that does not end")

    def end(self) -> None:
        """Take in what is left."""
        self._take(self._rest)
        self._check()

    def _take(self, part: bytes) -> None:
        if name := _TABLE_NAME.match(part):
            self._check()
            self._scan, self._row = SheetScan(), 0
            self._findings.sheets[html.unescape(name[1].decode("utf-8", "replace"))] = self._scan
        elif part.startswith(b"<table:table-row"):
            self._take_row(part)

    def _take_row(self, part: bytes) -> None:
        repeated = _ROWS_REPEATED.match(part)
        times = int(repeated[1]) if repeated else 1
        self._scan.hidden_rows += times if _COLLAPSED.match(part) and times < 100_000 else 0
        column = last = filled = 0
        for cell in _CELL.split(part)[1:]:
            columns = _COLUMNS_REPEATED.match(cell)
            width = int(columns[1]) if columns else 1
            if b"<text:" in cell or b"office:value" in cell:
                last, filled = column + width, filled + width
                self._text += len(cell) * width * times
            if (b"error" in cell and _ERROR.match(cell)) or (
                b"formula" in cell and _FORMULA_WITHOUT_VALUE.match(cell)
            ):
                last, filled = column + width, filled + width
                for row in range(self._row + 1, self._row + 1 + min(times, 100_000)):
                    self._scan.faults.setdefault(row, set()).update(range(column, column + min(width, 1_000)))
            column += width
        self._row += times
        if filled:
            self._scan.rows = self._row
            self._scan.columns = max(self._scan.columns, last)
            self._scan.filled += filled * times
        if (why := self._scan.danger()) or self._text > MAXIMUM_TEXT:
            raise unsafe(self._name, why or "repeats its texts so often that they would fill the memory")

    def _check(self) -> None:
        if self._scan.rows > 1 and self._scan.box > MAXIMUM_BOX:
            raise unsafe(self._name, f"has a sheet of more than {MAXIMUM_BOX:,} cells")
        if why := self._scan.sparse():
            raise unsafe(self._name, why)
