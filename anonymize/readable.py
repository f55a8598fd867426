"""Which bytes of a published file can be read, by a person or by a program that opens it?

What a file is, its first bytes say, not its name. Pixels and colours of a PNG and glyphs of a font are left
out: four letters stand in them by chance. The rest is given, inflated where it is compressed. A file that
cannot be taken apart is given whole. Not read: words drawn as pixels or as outlines, the compressed tables
of a WOFF2 font, and any compression but Deflate; a file that is compressed otherwise is told.
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

from .readable_pdf import pdf_text, without_measures, without_strings
from .readable_pdf_fonts import drawn_text, read_fonts
from .readable_png import PNG, take_apart_png
from .readable_sqlite import UnreadableDatabase, cell_texts
from .spans import CannotBeTakenApart, Inflater, Span, without

DEEPEST = 4  # containers within containers; a release has two: a PDF in a ZIP
_SQLITE = b"SQLite format 3\x00"
_GZIP = b"\x1f\x8b\x08"
_OTHER_COMPRESSIONS = (  # bzip2, xz, Zstandard, 7z, RAR, LZ4
    b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!\x1a", b"\x04\x22\x4d\x18",
)  # fmt: skip
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
        if data.startswith(PNG):
            taken = take_apart_png(data, walk.inflater)
            yield from map(Part, taken.texts)
            if taken.after:
                yield from _by_type(taken.after, walk)
        elif data.startswith(b"%PDF-"):
            yield from _pdf_parts(data, walk)
        elif data.startswith(_TRUETYPE):
            yield from _truetype_parts(data)
        elif data.startswith(b"wOF2"):
            _require_woff2(data)
        elif data.startswith((_SQLITE, _GZIP, *_OTHER_COMPRESSIONS)):
            yield from _packed_parts(data, walk)
        elif data.startswith((b"PK\x03\x04", b"PK\x05\x06")) or zipfile.is_zipfile(io.BytesIO(data)):
            yield from _zip_parts(data, walk)
        else:
            yield from _text_parts(data, walk)
    except (
        CannotBeTakenApart,
        UnreadableDatabase,
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ValueError,
        NotImplementedError,
    ):
        yield Part(data, understood=False)


def _packed_parts(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield a database with its cells, a gzip inflated; what is packed otherwise is not understood."""
    if data.startswith(_SQLITE):
        yield Part(data)
        yield from map(Part, cell_texts(data))
    elif data.startswith(_GZIP):
        yield from _gzip_parts(data, walk)
    else:
        yield Part(data, understood=False)


def _gzip_parts(data: bytes, walk: _Walk) -> Iterator[Part]:
    """Yield what the header says (the name of the file), what is compressed, and what follows, as a file."""
    content, end = walk.inflater.at(data, 0, window=zlib.MAX_WBITS | 16)
    yield Part(data[: _after_header(data)])
    yield from _content(content, walk)
    if end < len(data):
        yield from _by_type(data[end:], walk)


def _after_header(data: bytes) -> int:
    """Return where the header of a gzip member ends (RFC 1952, 2.3)."""
    flags, position = data[3], 10
    if flags & 4:
        position += 2 + struct.unpack_from("<H", data, position)[0]
    for text in (8, 16):
        if flags & text:
            position = data.find(b"\x00", position) + 1 or len(data)
    return position


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
    """Yield what stands outside the Flate streams, every such stream inflated, and the words they draw."""
    taken: list[Span] = []
    streams: dict[int, bytes] = {}
    understood = b"/Encrypt" not in data
    position = 0
    while found := _STREAM.search(data, position):
        position = found.end()
        start = data.rfind(b"obj", 0, found.start())
        header = data[start : found.start()]
        filtered = b"/Filter" in header
        understood = understood and b"/Predictor" not in header
        try:
            inflated, end = walk.inflater.at(data, position)
        except CannotBeTakenApart:
            understood = understood and not filtered
            end = max(data.find(b"endstream", position), position)
            streams[_number_before(data, start)] = data[position:end]
            continue
        taken.append((position, end))
        position = end
        streams[_number_before(data, start)] = inflated
        if not _DRAWING.search(inflated):  # read below; else a font, or a file that is attached
            yield from _content(inflated, walk)
    outside = without(data, taken)
    fonts = read_fonts(outside, streams)
    for content in map(without_measures, streams.values()):
        drawn = list(drawn_text(content, fonts))
        if drawn:
            yield from (Part(text.encode("utf-8", "replace")) for text in drawn)
            yield Part(without_strings(content))
        elif not content.startswith(_TRUETYPE):
            yield from map(Part, pdf_text(content))
    yield from map(Part, pdf_text(outside))
    yield Part(b"", understood and not fonts.unexplained)


def _number_before(data: bytes, start: int) -> int:
    """Return the number of the object that begins here; -1 where none does."""
    found = _NUMBER.search(data, max(start - 24, 0), max(start, 0))
    return int(found[1]) if found else -1


_DRAWING = re.compile(rb"\bBT\b.*\bET\b", re.DOTALL)
_NUMBER = re.compile(rb"(\d{1,9})\s+\d+\s+\Z")
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
_NOT_TEXT = (PNG, b"wOF2", *_TRUETYPE)


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
