"""Taking a file apart: what is left without some spans, and what a Deflate stream holds, within bounds."""

import zlib
from collections.abc import Iterable

MOST_INFLATED = 64 << 20  # bytes in all for one file; every file of a release inflates to less than 1 MB
_BLOCK = 1 << 16  # bytes

Span = tuple[int, int]  # first byte, and the byte after the last


class CannotBeTakenApart(Exception):
    """A container that is damaged or larger than the bounds; its reader searches it whole."""


def without(data: bytes, spans: Iterable[Span]) -> bytes:
    """Return the bytes outside the spans, with a line end for each span.

    >>> without(b"abcdef", [(1, 3)])
    b'a\\ndef'
    """
    kept, position = [], 0
    for start, end in sorted(spans):
        if end > position:
            kept.append(data[position:start])
            position = end
    kept.append(data[position:])
    return b"\n".join(kept)


class Inflater:
    """Inflates the streams of one file, `MOST_INFLATED` bytes together."""

    def __init__(self) -> None:
        self._left = MOST_INFLATED

    def whole(self, data: bytes, *, bare: bool = False) -> bytes:
        """Return what a stream holds that is all of the data; `bare`: without the header of zlib.

        Raises:
            CannotBeTakenApart: It is damaged, too large, or something follows it.
        """
        content, end = self.at(data, 0, bare=bare)
        if end != len(data):
            raise CannotBeTakenApart
        return content

    def at(
        self, data: bytes, start: int, *, bare: bool = False, window: int = zlib.MAX_WBITS
    ) -> tuple[bytes, int]:
        """Return what the stream holds that begins at a place, and the place of the first byte after it.

        Args:
            window: As zlib has it: `MAX_WBITS | 16` is a stream with the header of gzip.

        Raises:
            CannotBeTakenApart: No stream begins here, or it is damaged or too large.
        """
        stream = zlib.decompressobj(-zlib.MAX_WBITS if bare else window)
        content, position = [], start
        try:
            while not stream.eof:
                block = stream.unconsumed_tail or data[position : position + _BLOCK]
                if not stream.unconsumed_tail:
                    position += len(block)
                if not block or not self._left:
                    raise CannotBeTakenApart
                content.append(stream.decompress(block, self._left))
                self._left -= len(content[-1])
        except zlib.error as damaged:
            raise CannotBeTakenApart from damaged
        return b"".join(content), position - len(stream.unused_data)
