"""The lines of a text file, one at a time and none endless; bytes that are no text are marked, not lost."""

import csv
import io
import re
from collections.abc import Iterator

from .encodings import TextFile, not_text
from .table import MAXIMUM_LINE

_UNDECODED = re.compile("[\udc80-\udcff]")  # what `surrogateescape` leaves in place of a bad byte


class Lines:
    """The lines of a text file, each no longer than `MAXIMUM_LINE`; says what was seen since last asked."""

    def __init__(self, file: TextFile, encoding: str) -> None:
        # UTF-16 cannot carry a bad byte along; a fault in it ends the file.
        self.utf_16 = encoding.startswith("utf-16")
        errors = "strict" if self.utf_16 else "surrogateescape"
        self._file = io.TextIOWrapper(file.open(), encoding=encoding, errors=errors, newline="")
        # The limit is of the whole process: other readers find it as it was.
        self._limit_before = csv.field_size_limit(MAXIMUM_LINE)
        self.source = file
        self.name = file.name
        self.undecoded = False
        self.cut = False
        self.number = 0

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        csv.field_size_limit(self._limit_before)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._file.readline(MAXIMUM_LINE)
        except UnicodeError:
            raise not_text(self.source, self.number + 1) from None
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
