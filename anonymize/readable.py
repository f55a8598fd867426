"""Which bytes of a published file can be read, by a person or by a program that opens it?

What a file is, its first bytes say, not its name. Pixels and colours of a PNG and glyphs of a font are left
out: four letters stand in them by chance. The rest is given, inflated where it is compressed. A file that
cannot be taken apart is given whole. Not read: words drawn as pixels, as outlines or in codes that belong
to a font, the compressed tables of a WOFF2 font, and any compression but Deflate.
"""

import base64
import binascii
import hashlib
import io
import re
import struct
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from .readable_pdf import pdf_text
from .spans import MOST_INFLATED, CannotBeTakenApart, Inflater, Span, without

DEEPEST = 4  # containers within containers; a release has two: a PDF in a ZIP
_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_PALETTE = 768  # bytes: 256 colours; greys `fff` and `xxx` side by side are no text
_SQLITE = b"SQLite format 3\x00"
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")
# Outlines and measures. `name` and `post` hold words, so they are read.
_GLYPH_TABLES = frozenset(
    b"GDEF GPOS GSUB OS/2 cmap cvt fpgm gasp glyf hdmx head hhea hmtx kern loca maxp prep vhea vmtx".split()
)


class Part(NamedTuple):
    """Bytes to search, and whether all that is behind them could be read.

    `understood` is False for what is damaged, encrypted, compressed by another method, too deep or too large.
    """

    data: bytes
    understood: bool = True


class _Walk(NamedTuple):
    """What is shared on the way down: bytes that may still be inflated, and contents given already."""

    inflater: Inflater
    seen: set[bytes] | None
    depth: int = 0


def readable_parts(data: bytes, *, seen: set[bytes] | None = None) -> Iterator[Part]:
    """Yield what can be read in a file.

    Args:
        data: The file (bytes).
        seen: Digests of files and ZIP members that were given already: these are passed over, and new ones
            are added, so that a picture and its copy in a ZIP are read once. None: everything is given.

    Yields:
        Parts of at most `spans.MOST_INFLATED` bytes or of the length of the file. No text that a reader sees
        in one piece is divided between two.

    Source: PNG third edition, APPNOTE.TXT 6.3.10, ISO 32000-1, WOFF2 and OpenType 1.9 for the places of text.
    """
    yield from _content(data, _Walk(Inflater(), seen))


def _content(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield the parts of a file or of a member of a ZIP, unless it was given already."""
    if walk.seen is not None:
        digest = hashlib.blake2b(data, digest_size=32).digest()
        if digest in walk.seen:
            return
        walk.seen.add(digest)
    yield from _by_type(data, walk)


def _by_type(data: bytes, walk: _Walk) -> Iterator[Part]:
    if walk.depth > DEEPEST:
        yield Part(data, understood=False)
        return
    walk = walk._replace(depth=walk.depth + 1)
    try:
        if data.startswith(_PNG):
            yield from _png_parts(data, walk)
        elif data.startswith(b"%PDF-"):
            yield from _pdf_parts(data, walk)
        elif data.startswith(_TRUETYPE):
            yield from _truetype_parts(data)
        elif data.startswith(b"wOF2"):
            _require_woff2(data)
        elif data.startswith(_SQLITE):
            yield Part(data)
        elif data.startswith((b"PK\x03\x04", b"PK\x05\x06")) or zipfile.is_zipfile(io.BytesIO(data)):
            yield from _zip_parts(data, walk)
        else:
            yield from _text_parts(data, walk)
    except (
        CannotBeTakenApart,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ValueError,
        NotImplementedError,
    ):
        yield Part(data, understood=False)


def _png_parts(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield all but pixels and palette; compressed texts inflated; what stands after the end, as a file."""
    pixels, colours, position, tail = list[Span](), list[Span](), len(_PNG), b""
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        start, end = position + 8, position + 8 + length
        body = data[start:end]
        (checksum,) = struct.unpack_from(">I", data, end)
        if checksum != zlib.crc32(body, zlib.crc32(kind)):
            raise CannotBeTakenApart
        position = end + 4
        if kind == b"IDAT":
            pixels.append((start, end))
        elif kind == b"PLTE" and length <= _LARGEST_PALETTE and length % 3 == 0:
            colours.append((start, end))
        elif kind == b"IEND":
            tail = data[position:]
            break
        else:
            yield from map(Part, _png_texts(kind, body, walk.inflater))
    else:
        raise CannotBeTakenApart
    _require_pixels(data, b"".join(data[start:end] for start, end in pixels))
    yield Part(without(data, pixels + colours))
    if tail:
        yield from _by_type(tail, walk)


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
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, len(_PNG) + 8)
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


def _zip_parts(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield what stands outside the members (names, comments, extra fields, gaps), and their contents."""
    taken: list[Span] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    for member in members:
        span = _member_span(data, member)
        yield Part(member.filename.encode("utf-8", "surrogateescape") + b"\n" + member.comment)
        content = _member_content(data[slice(*span)], member, walk.inflater)
        if content is not None:
            taken.append(span)
            yield from _content(content, walk)
    outside = without(data, taken)
    # A member that the directory leaves out still has its local header.
    complete = len(taken) == len(members) == outside.count(b"PK\x03\x04")
    yield Part(outside, understood=complete)


def _member_span(data: bytes, member: zipfile.ZipInfo) -> Span:
    signature, name, extra = struct.unpack_from("<4s22xHH", data, member.header_offset)
    start = member.header_offset + 30 + name + extra
    if signature != b"PK\x03\x04" or start + member.compress_size > len(data):
        raise CannotBeTakenApart
    return start, start + member.compress_size


def _member_content(raw: bytes, member: zipfile.ZipInfo, inflater: Inflater) -> bytes | None:
    """Return what a member holds; None where it is encrypted, damaged, too large or packed another way."""
    content: bytes | None = None
    if member.flag_bits & 1:
        return None
    if member.compress_type == zipfile.ZIP_STORED:
        content = raw
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        try:
            content = inflater.whole(raw, bare=True)
        except CannotBeTakenApart:
            return None
    if content is None or zlib.crc32(content) != member.CRC:
        return None
    return content


def _pdf_parts(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield what stands outside the Flate streams, and every such stream inflated."""
    taken: list[Span] = []
    understood = b"/Encrypt" not in data
    position = 0
    while found := _STREAM.search(data, position):
        position = found.end()
        header = data[data.rfind(b"obj", 0, found.start()) : found.start()]
        filtered = b"/Filter" in header
        understood = understood and b"/Predictor" not in header
        try:
            inflated, end = walk.inflater.at(data, position)
        except CannotBeTakenApart:
            understood = understood and not filtered
            continue
        taken.append((position, end))
        position = end
        yield from _by_type(inflated, walk)  # a font, drawing instructions, or a file that is attached
        if not inflated.startswith(_TRUETYPE):
            yield from map(Part, pdf_text(inflated))
    for text in pdf_text(without(data, taken)):
        yield Part(text, understood)


_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def _truetype_parts(data: bytes) -> Iterator[Part]:
    """Yield a TrueType font without its outlines and measures; its names also as UTF-8."""
    (n_tables,) = struct.unpack_from(">4xH", data)
    outlines: list[Span] = []
    is_font = False
    for index in range(n_tables):
        tag, start, length = struct.unpack_from(">4s4xII", data, 12 + 16 * index)
        if start + length > len(data):
            raise CannotBeTakenApart
        if tag.strip() in _GLYPH_TABLES:
            outlines.append((start, start + length))
        if tag == b"head":
            is_font = data[start + 12 : start + 16] == b"\x5f\x0f\x3c\xf5"
        elif tag == b"name":
            for odd in (0, 1):
                yield Part(data[start + odd : start + length].decode("utf-16-be", "ignore").encode("utf-8"))
    if not is_font:
        raise CannotBeTakenApart
    yield Part(without(data, outlines))


def _require_woff2(data: bytes) -> None:
    """Raise unless it is a WOFF2 font of the length it states, without the blocks that hold free text."""
    length, n_tables, compressed = struct.unpack_from(">8xIH6xI", data)
    metadata_and_private = data[28:48]
    directory = length - 48 - compressed
    if length != len(data) or any(metadata_and_private) or not 0 <= directory <= 15 * n_tables + 3:
        raise CannotBeTakenApart


_DATA_ADDRESS = re.compile(rb"data:[^,\"'<>()]{0,200};base64,((?:[A-Za-z0-9+/_\s-]+|%2[BbFf]|\\/)*)", re.I)
_FIRST_LINE = re.compile(rb"\s*\S*")
_NOT_TEXT = (_PNG, b"wOF2", *_TRUETYPE)


def _text_parts(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield a text, with what its data addresses hold; only pictures and fonts are left out as written."""
    taken: list[Span] = []
    for found in _DATA_ADDRESS.finditer(data):
        # In one line, or wrapped over several: what follows the first blank may be other text.
        first_line = _FIRST_LINE.match(found[1])
        for candidate in dict.fromkeys((first_line[0] if first_line else b"", found[1])):
            content = _from_base64(candidate)
            parts = list(_by_type(content, walk))
            yield from parts
            if content.startswith(_NOT_TEXT) and all(part.understood for part in parts):
                taken.append((found.start(1), found.start(1) + len(candidate)))
                break
    yield Part(without(data, taken))


def _from_base64(run: bytes) -> bytes:
    plain = urllib.parse.unquote_to_bytes(b"".join(run.replace(b"\\/", b"/").split()))
    plain = plain.translate(bytes.maketrans(b"-_", b"+/"))
    whole = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return b""
