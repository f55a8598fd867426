"""A PNG without its pixels, colours, lengths and checksums: four letters stand in them by chance.

Source: PNG third edition, https://www.w3.org/TR/png-3/ .
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from .spans import MOST_INFLATED, CannotBeTakenApart, Inflater, Span, without

PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_PALETTE = 768  # bytes: 256 colours; greys `fff` and `xxx` side by side are no text


class Picture(NamedTuple):
    """What can be read in a picture, and what stands after its end: a file of its own."""

    texts: list[bytes]
    after: bytes


def take_apart_png(data: bytes, inflater: Inflater) -> Picture:
    """Return all but pixels, palette and what follows from the rest, compressed texts inflated.

    Raises:
        CannotBeTakenApart: It is damaged, or its pixels are not what they say.
    """
    pixels, colours, position, tail = list[Span](), list[Span](), len(PNG), b""
    derived: list[Span] = []  # the length and the checksum of each chunk, which was found to be right
    texts: list[bytes] = []
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        start, end = position + 8, position + 8 + length
        body = data[start:end]
        (checksum,) = struct.unpack_from(">I", data, end)
        if checksum != zlib.crc32(body, zlib.crc32(kind)):
            raise CannotBeTakenApart
        derived += [(position, position + 4), (end, end + 4)]
        position = end + 4
        if kind == b"IDAT":
            pixels.append((start, end))
        elif kind == b"PLTE" and length <= _LARGEST_PALETTE and length % 3 == 0:
            colours.append((start, end))
        elif kind == b"IEND":
            tail = data[position:]
            break
        else:
            texts += _png_texts(kind, body, inflater)
    else:
        raise CannotBeTakenApart
    _require_pixels(data, b"".join(data[start:end] for start, end in pixels))
    return Picture([*texts, without(data, pixels + colours + derived)], tail)


def _png_texts(kind: bytes, body: bytes, inflater: Inflater) -> Iterator[bytes]:
    """Yield what a reader shows of a chunk and its bytes do not: texts that are compressed or in Latin-1."""
    keyword, _, rest = body.partition(b"\x00")
    if kind == b"tEXt":
        yield body.decode("latin-1").encode("utf-8")
    elif kind in (b"zTXt", b"iCCP"):
        text = inflater.whole(rest[1:])
        yield from (text, keyword.decode("latin-1").encode("utf-8"), text.decode("latin-1").encode("utf-8"))
    elif kind == b"iTXt" and rest[:1] == b"\x01":
        _, _, compressed = rest[2:].split(b"\x00", 2)
        yield inflater.whole(compressed)


def _require_pixels(data: bytes, compressed: bytes) -> None:
    """Raise unless the pixel chunks are one stream of as many bytes as the picture has, and nothing else."""
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, len(PNG) + 8)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour)
    if channels is None or interlaced:
        raise CannotBeTakenApart
    expected = height * (1 + (width * channels * depth + 7) // 8)
    if expected > MOST_INFLATED:
        raise CannotBeTakenApart
    stream, n_bytes, left = zlib.decompressobj(), 0, compressed
    while left and not stream.eof and n_bytes <= expected:
        n_bytes += len(stream.decompress(left, 1 << 20))
        left = stream.unconsumed_tail
    n_bytes += len(stream.flush()) if not stream.eof and n_bytes <= expected else 0
    if not stream.eof or stream.unused_data or n_bytes != expected:
        raise CannotBeTakenApart
