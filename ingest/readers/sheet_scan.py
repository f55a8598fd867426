"""What a sheet's XML makes a reader allocate, and which of its cells have no value: seen without parsing it.

Spreadsheet programs write `<c r="B7"...>`; anything else takes the slow way. What that does not understand is
refused: a single cell far away makes the reader allocate the whole rectangle up to it.
"""

import re
from dataclasses import dataclass, field

MAXIMUM_BOX = 40_000_000  # cells of the rectangle that holds every filled cell of a sheet
SPARSE_BOX = 2_000_000  # cells of a rectangle that may be nearly empty
SPARSE_SHARE = 0.02  # of the rectangle that must be filled above that
MAXIMUM_EMPTY = 5_000_000  # formatted cells without a value
MAXIMUM_FAULTS = 200_000  # cells that hold an error or a formula without a value
MAXIMUM_TOKEN = 32 * 2**20  # bytes between two cells
_FAST_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"[^>]*(?<!/)>')
_FAST_ROW = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,7})"[^>]*(?<!/)>')
_FAST_EMPTY = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"[^>]*/>')
_BLANK = re.compile(rb"><v(?:/>|></v>)</c>")
_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:c|row)(?=[\s/>])")
_ATTRIBUTES = re.compile(rb"""<(?:[\w.-]+:)?(c|row)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")
_ANY_PLACE = re.compile(rb"\sr\s*=")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^>]*\bt=["']e["'][^>]*>""")
# A formula and no value after it, or an empty one that is not an empty text.
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c(\s[^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?\s*</(?:\w+:)?c>"""
)
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_SPAN = re.compile(rb"""\b(min|max)=["'](\d{1,5})["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")


class Strange(Exception):
    """A sheet is written as no spreadsheet program writes."""


@dataclass
class SheetScan:
    """What is known of one sheet so far.

    Attributes:
        faults: Row -> columns (from 0) of cells that hold an error, or a formula without a value.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    empty: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    filters: int = 0
    faults: dict[int, set[int]] = field(default_factory=dict)
    _rest: bytes = b""
    _row: int = 0
    _column: int = 0

    @property
    def box(self) -> int:
        """Cells of the smallest rectangle from A1 that holds every filled cell."""
        return self.rows * self.columns

    def danger(self) -> str:
        """Return why the sheet must not be opened; empty where it may be."""
        if self.box > MAXIMUM_BOX:
            return f"has a sheet of more than {MAXIMUM_BOX:,} cells"
        if self.empty > MAXIMUM_EMPTY and self.empty > 10 * self.filled:
            return f"has a sheet of more than {MAXIMUM_EMPTY:,} cells that are formatted and empty"
        if sum(map(len, self.faults.values())) > MAXIMUM_FAULTS:
            return f"has a sheet in which more than {MAXIMUM_FAULTS:,} cells hold an error or no value"
        return ""

    def sparse(self) -> str:
        """Return why a sheet that was seen to its end must not be opened; empty where it may be."""
        if self.box > SPARSE_BOX and self.filled < SPARSE_SHARE * self.box:
            return (
                f"has a sheet that is filled down to row {self.rows:,} and column {self.columns:,} with "
                f"{self.filled:,} cells only: delete the rows and columns behind the last record"
            )
        return ""

    def feed(self, piece: bytes) -> None:
        """Take in a piece of the sheet.

        Raises:
            Strange: A cell cannot be understood, or does not end.
        """
        window = self._rest + piece
        cut = window.rfind(b"<c ")
        if cut <= 0 and (prefixed := window.rfind(b":c ")) > 0:
            cut = window.rfind(b"<", 0, prefixed)
        if cut <= 0:
            cut = window.rfind(b"<")
        if len(window) - cut > MAXIMUM_TOKEN:
            raise Strange
        self._rest = window[cut:] if cut > 0 else window
        if cut > 0:
            self._scan(window[:cut])

    def end(self) -> None:
        """Take in what is left.

        Raises:
            Strange: As `feed`.
        """
        self._scan(self._rest)
        self._rest = b""

    def _scan(self, window: bytes) -> None:
        found = _FAST_COLUMN.findall(window)
        tags = window.count(b"<c")
        emptied = 0
        if tags != len(found):
            emptied = len(_FAST_EMPTY.findall(window))
        if tags != len(found) + emptied or (b":" in window and b":c" in window):
            self._scan_slowly(window)
            emptied = 0
        elif found:
            rows = _FAST_ROW.findall(window)
            self._take(max(map(int, set(rows))), max(map(_column_number, set(found))), len(found))
            self._row, self._column = int(rows[-1]), 0
        self.empty += emptied
        if b"<v></v>" in window or b"<v/>" in window:
            blank = len(_BLANK.findall(window))
            self.filled -= blank
            self.empty += blank
        self._note(window)

    def _take(self, row: int, column: int, filled: int) -> None:
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        self.filled += filled

    def _scan_slowly(self, window: bytes) -> None:
        understood = 0
        for tag in _ATTRIBUTES.finditer(window):
            understood += 1
            kind, attributes, empty = tag.groups()
            place = _PLACE.search(attributes)
            if place is None and _ANY_PLACE.search(attributes):
                raise Strange
            if kind == b"row":
                self._row = int(place[2]) if place else self._row + 1
                self._column = 0
                continue
            self._column = _column_number(place[1].upper()) if place else self._column + 1
            if place:
                self._row = int(place[2])
            if empty:
                self.empty += 1
            else:
                self._take(self._row, self._column, 1)
        if understood != len(_TAG.findall(window)):
            raise Strange

    def _note(self, window: bytes) -> None:
        """Note what is hidden and what has no value."""
        # A single byte is sought ten times faster than a word, and most sheets have none of these.
        if b"h" in window and b"idden" in window:
            self.hidden_rows += sum(bool(_HIDDEN.search(tag)) for tag in _ROW.findall(window))
            for tag in _COLUMN.findall(window):
                if _HIDDEN.search(tag):
                    span = {name: int(number) for name, number in _SPAN.findall(tag)}
                    self.hidden_columns += max(span.get(b"max", 0) - span.get(b"min", 0) + 1, 1)
        if b"u" in window and b"autoFilter" in window:
            self.filters = 1
        if b"e" in window and (b't="e"' in window or (b"'" in window and b"t='e'" in window)):
            for tag in _ERROR.findall(window):
                self._fault(tag)
        if b"f" in window and (b"<f" in window or b":f" in window):
            for attributes, value in _FORMULA.findall(window):
                if not (value and _TEXT_RESULT.search(attributes)):
                    self._fault(attributes)

    def _fault(self, tag: bytes) -> None:
        place = _PLACE.search(tag)
        if place is None or not place[1]:
            raise Strange  # nobody could say which row it is
        self.faults.setdefault(int(place[2]), set()).add(_column_number(place[1].upper()) - 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
