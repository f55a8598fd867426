"""How much text a reader of an XLS workbook holds: each cell that shows a shared text gets a copy of it.

Source: [MS-XLS] 2.4.265 (SST), 2.5.296 (XLUnicodeRichExtendedString), 2.4.58 (Continue).
"""

import struct
from array import array
from collections.abc import Sequence

MAXIMUM_TEXTS = 32 * 2**20  # characters, each counted as often as a cell shows it
_SHARED_TEXTS, _CONTINUE, _SHOWS_SHARED, _FORMULA, _NAME = 0xFC, 0x3C, 0xFD, 0x6, 0x18
_WIDE, _EXTENDED, _RICH = 0x1, 0x4, 0x8


class HeldTexts:
    """How many characters of text the reader will hold: shared texts by each cell, names by each formula."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._lengths: Sequence[int] | None = None
        self._is_open = False
        self._shown = 0
        self._longest_name = 0
        self._formulas = 0

    def take(self, kind: int, body: bytes) -> None:
        """Take in a record."""
        if kind == _SHARED_TEXTS or (kind == _CONTINUE and self._is_open):
            self._parts.append(body)
            self._is_open = True
            return
        self._is_open = False
        if kind == _SHOWS_SHARED:
            if self._lengths is None:
                self._lengths, self._parts = shared_text_lengths(self._parts), []
            number = struct.unpack_from("<I", body, 6)[0]
            self._shown += self._lengths[number] if number < len(self._lengths) else 0
        elif kind == _NAME:
            self._longest_name = max(self._longest_name, body[3])
        elif kind == _FORMULA:
            self._formulas += len(body)

    def danger(self) -> str:
        """Return why the workbook must not be opened; empty where it may be."""
        if self._shown > MAXIMUM_TEXTS:
            return "shows long texts so often that they would fill the memory"
        # A name in a formula takes five bytes and is written out in full.
        if self._formulas // 5 * self._longest_name > 4 * MAXIMUM_TEXTS:
            return "has formulas that would fill the memory"
        return ""


def shared_text_lengths(bodies: Sequence[bytes]) -> Sequence[int]:
    """Return the characters of each shared text, in order.

    Args:
        bodies: The record of shared texts and the records that continue it.

    Raises:
        ValueError, struct.error, IndexError: They end within a text.
    """
    lengths = array("H")
    if not bodies:
        return lengths
    walk = _Walk(bodies)
    walk.skip(8)
    while not walk.is_at_end():
        size, flags = struct.unpack("<HB", walk.head(3))
        runs = struct.unpack("<H", walk.head(2))[0] if flags & _RICH else 0
        more = struct.unpack("<I", walk.head(4))[0] if flags & _EXTENDED else 0
        walk.skip_characters(size, flags & _WIDE)
        walk.skip(4 * runs + more)
        lengths.append(size)
    return lengths


class _Walk:
    """A place in a record and those that continue it."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._bodies = bodies
        self._body = 0
        self._at = 0

    def is_at_end(self) -> bool:
        """Return whether nothing is left."""
        while self._body < len(self._bodies) and self._at >= len(self._bodies[self._body]):
            self._body, self._at = self._body + 1, 0
        return self._body == len(self._bodies)

    def head(self, size: int) -> bytes:
        """Return the next bytes, which stand in one record."""
        self.is_at_end()
        found = self._bodies[self._body][self._at : self._at + size]
        self._at += size
        return found

    def skip(self, size: int) -> None:
        """Step over bytes, however many records they stand in."""
        while size:
            if self.is_at_end():
                raise ValueError("a text that does not end")
            step = min(size, len(self._bodies[self._body]) - self._at)
            self._at += step
            size -= step

    def skip_characters(self, size: int, wide: int) -> None:
        """Step over characters; each record that continues them says anew how wide they are."""
        while True:
            step = min(size, (len(self._bodies[self._body]) - self._at) >> wide)
            self._at += step << wide
            size -= step
            if not size:
                return
            self._body, self._at = self._body + 1, 1
            wide = self._bodies[self._body][0] & _WIDE
