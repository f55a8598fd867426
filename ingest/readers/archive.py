"""A zip that may be hostile, unpacked in small pieces and measured, whatever its own directory claims."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from codebook import SourceError

MAXIMUM_PART = 1_500 * 2**20  # bytes of one unpacked part: two million rows of 25 columns fit
MAXIMUM_RATIO = 300  # unpacked to packed; real sheets are at 5 to 40
RATIO_FREE = 20 * 2**20  # bytes below which the ratio does not matter
MAXIMUM_PARTS = 5_000
_PIECE = 2**18


# What zipfile raises of an archive that is damaged or locked.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError
)  # fmt: skip


@contextmanager
def whole_archive(name: str, what: str) -> Iterator[None]:
    """Turn every fault of a damaged or locked zip into a refusal."""
    try:
        yield
    except DAMAGED:
        raise SourceError(
            f"{name}: this is not a whole {what} (or it is locked by a password)",
            remedy="open it, save it again without a password; nothing was stored",
        ) from None


def checked_parts(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the parts of a workbook.

    Raises:
        SourceError: Too many of them, or two of one name.
    """
    parts = archive.infolist()
    if len(parts) > MAXIMUM_PARTS or len({part.filename.lower() for part in parts}) != len(parts):
        raise unsafe(name, "has too many parts, or two of one name")
    return parts


def unpacked(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """Yield what a part really unpacks to.

    Raises:
        SourceError: It is more than `limit` bytes, or far more than a part of its size holds.
    """
    size = 0
    for piece in _pieces(archive, part):
        size += len(piece)
        if size > limit or (size > RATIO_FREE and size > MAXIMUM_RATIO * max(part.compress_size, 1)):
            raise unsafe(name, "unpacks to far more than a workbook of its size holds")
        yield piece


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    stored = archive.fp
    if stored is None:
        raise zipfile.BadZipFile
    stored.seek(part.header_offset)
    head = stored.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    stored.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left = part.compress_size
    inflater = zlib.decompressobj(-15)
    deflated = part.compress_type == zipfile.ZIP_DEFLATED
    while left > 0 and (packed := stored.read(min(_PIECE, left))):
        left -= len(packed)
        if not deflated:
            yield packed
            continue
        while packed and not inflater.eof:
            yield inflater.decompress(packed, _PIECE)
            packed = inflater.unconsumed_tail
    if left > 0 or (deflated and not inflater.eof):
        raise zipfile.BadZipFile


def unsafe(name: str, what: str) -> SourceError:
    """Return the error for a workbook that is not opened."""
    return SourceError(
        f"{name}: the workbook {what}: it was not opened",
        remedy="ask who sent it; copy the sheets that you need into a new workbook",
    )
