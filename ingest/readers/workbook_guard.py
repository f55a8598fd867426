"""Look into a workbook before it is opened: is it safe to read, and what is in it beside the declared cells?

A workbook is a zip of XML. Sizes are measured by unpacking in small pieces, never taken from the zip's own
directory; a bomb, a billion laughs or an endless sheet is refused before a reader allocates anything for it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from codebook import SourceError

MAXIMUM_PART = 1_500 * 2**20  # bytes of one unpacked part: two million rows of 25 columns fit
MAXIMUM_RATIO = 300  # unpacked to packed; real sheets are at 5 to 40
RATIO_FREE = 20 * 2**20  # bytes below which the ratio does not matter
MAXIMUM_TEXTS = 256 * 2**20  # bytes of shared texts, which the reader holds in memory
MAXIMUM_BOX = 40_000_000  # cells of the rectangle that holds every filled cell of a sheet
MAXIMUM_PARTS = 5_000
_PIECE = 2**18
_OVERLAP = 64
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/>]>')
_DATE_1904 = re.compile(rb'date1904="(?:1|true)"')


@dataclass
class Findings:
    """What a workbook holds beside the cells that are read.

    Attributes:
        date_1904: Whether its dates count from 1904.
        notices: What the data officer should know; kinds and counts only.
    """

    date_1904: bool = False
    notices: list[str] = field(default_factory=list)


_WITNESSES = {
    "comments": ("xl/comments", "xl/threadedComments", "xl/persons"),
    "caches of other files": ("xl/externalLinks",),
    "pictures or drawings": ("xl/media",),
    "macros": ("xl/vbaProject",),
    "cached pivot tables": ("xl/pivotCache",),
}


def inspect_workbook(path: Path) -> Findings:
    """Return what a workbook holds, having unpacked every part of it once in bounded memory.

    Raises:
        SourceError: Not a workbook, encrypted, or not safe to open.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise SourceError(
            f"{path.name}: this is not a whole .xlsx workbook (or it is locked by a password)",
            remedy="open it, save it again as .xlsx without a password; nothing was stored",
        ) from None


def _inspect(path: Path, archive: zipfile.ZipFile) -> Findings:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAXIMUM_PARTS or len(names) != len(parts):
        raise _unsafe(path, "has too many parts, or two of one name")
    if "xl/workbook.xml" not in names:
        raise zipfile.BadZipFile
    findings = Findings()
    for part in parts:
        _check_part(path, archive, part, findings)
    for what, starts in _WITNESSES.items():
        count = sum(name.startswith(starts) for name in names)
        if count:
            findings.notices.append(f"the workbook also holds {what} ({count}); they were not read")
    return findings


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, findings: Findings) -> None:
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    is_sheet = part.filename.startswith("xl/worksheets/") and is_xml
    limit = MAXIMUM_TEXTS if part.filename == "xl/sharedStrings.xml" else MAXIMUM_PART
    box = _Box()
    unpacked, tail = 0, b""
    for piece in _unpacked(archive, part):
        unpacked += len(piece)
        if unpacked > limit or (
            unpacked > RATIO_FREE and unpacked > MAXIMUM_RATIO * max(part.compress_size, 1)
        ):
            raise _unsafe(path, "unpacks to far more than a workbook of its size holds")
        window = tail + piece
        if is_xml and _FORBIDDEN.search(window):
            raise _unsafe(path, "declares XML entities, which no spreadsheet program writes")
        if is_sheet:
            box.extend(window)
            if box.cells > MAXIMUM_BOX:
                raise _unsafe(path, f"has a sheet of more than {MAXIMUM_BOX:,} cells")
        if part.filename == "xl/workbook.xml" and _DATE_1904.search(window):
            findings.date_1904 = True
        tail = window[-_OVERLAP:]


class _Box:
    """The smallest rectangle from A1 that holds the filled cells seen so far."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def extend(self, xml: bytes) -> None:
        """Take in the filled cells of a piece of a sheet."""
        found = _FILLED.findall(xml)
        if found:
            self.rows = max(self.rows, int(found[-1][1]), int(found[0][1]))
            self.columns = max(self.columns, *map(_column_number, {column for column, _ in found}))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a part really unpacks to, whatever size the zip's directory claims."""
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


def _unsafe(path: Path, what: str) -> SourceError:
    return SourceError(
        f"{path.name}: the workbook {what}: it was not opened",
        remedy="ask who sent it; copy the sheets that you need into a new workbook",
    )
