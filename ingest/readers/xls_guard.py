"""Look into an XLS workbook (Excel 97 to 2003) before it is opened: its extent, and cells without a value.

Its records are walked once. The reader holds every sheet at once, each cell with a text of its own, so what
it would hold is worked out before: a file of 6 KB could ask for gigabytes. Source: [MS-CFB] 2.1 to 2.6 (the
container), [MS-XLS] 2.3 (the records).
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from codebook import SourceError

from .archive import unsafe
from .sheet_scan import SheetScan
from .workbook_guard import Findings
from .xls_texts import HeldTexts

MAXIMUM_XLS = 16 * 2**20  # bytes; the file and what the reader makes of it are held in memory
MAXIMUM_CELLS = 6_000_000  # cells of the rectangles of all sheets: 32 bytes each
_ROWS, _COLUMNS = 65_536, 256  # of the format
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
_EXTENT = 0x200
_BOUNDSHEET, _BOF, _FORMULA, _MULTIPLE_RK, _BOOL_OR_ERROR, _NOTE = 0x85, 0x809, 0x6, 0xBD, 0x205, 0x1C
_ONE_CELL = frozenset({0x203, 0x27E, 0xFD, 0x204, 0xD6, _FORMULA, _BOOL_OR_ERROR})
_ROW, _COLUMN_INFO, _PASSWORD, _DATE_MODE = 0x208, 0x7D, 0x2F, 0x22


def inspect_xls(path: Path) -> Findings:
    """Return what an XLS workbook holds beside the cells that are read.

    Raises:
        SourceError: Not such a workbook, locked by a password, or not safe to open.
    """
    if path.stat().st_size > MAXIMUM_XLS:
        raise SourceError(
            f"{path.name}: larger than {MAXIMUM_XLS // 2**20} MB, and an .xls workbook is held in memory",
            remedy="open it and save it as .xlsx; nothing was stored",
        )
    try:
        return _inspect(path.name, _stream(path.read_bytes()))
    except (struct.error, IndexError, ValueError, UnicodeError):
        raise SourceError(
            f"{path.name}: this is not a whole .xls workbook (or it is locked by a password)",
            remedy="open it and save it again as .xlsx without a password; nothing was stored",
        ) from None


def _inspect(name: str, stream: bytes) -> Findings:
    found = Findings()
    starts: dict[int, str] = {}
    begun: set[int] = set()
    scan = SheetScan()
    texts = HeldTexts()
    notes = 0
    for place, kind, body in _records(stream):
        if kind == _PASSWORD:
            raise ValueError
        if kind == _BOUNDSHEET:
            _note_sheet(starts, body)
        elif kind == _BOF:
            begun.add(place)
            scan = found.sheets.setdefault(starts.get(place, ""), SheetScan())
        elif kind == _EXTENT:
            _require_extent(body)
        elif kind == _DATE_MODE:
            found.date_1904 = body[:1] == b"\x01"
        notes += kind == _NOTE
        _take(scan, kind, body)
        texts.take(kind, body)
        _refuse(name, scan.danger() or texts.danger())
    _require_sheets(name, found, starts, begun)
    if notes:
        found.notices.append(f"the workbook also holds notes and comments ({notes}); they were not read")
    return found


def _require_sheets(name: str, found: Findings, starts: dict[int, str], begun: set[int]) -> None:
    # What begins elsewhere than where a sheet begins, or twice, would be read over and over.
    if not starts or not starts.keys() <= begun or len(set(starts.values())) < len(starts):
        raise ValueError
    for one in found.sheets.values():
        _refuse(name, one.sparse())
    if sum(one.box for one in found.sheets.values()) > MAXIMUM_CELLS:
        raise unsafe(name, f"has more than {MAXIMUM_CELLS:,} cells in its sheets")


def _note_sheet(starts: dict[int, str], body: bytes) -> None:
    place = struct.unpack_from("<I", body)[0]
    if place in starts:
        raise ValueError("two sheets in one place")
    starts[place] = _sheet_name(body)


def _require_extent(body: bytes) -> None:
    """Refuse an extent that the format cannot have: the reader makes room for it at once."""
    if len(body) == 10:
        return  # of an older format, in which no extent is too large
    first_row, last_row, first_column, last_column = struct.unpack_from("<IIHH", body)
    if (
        last_row
        and last_column
        and not (first_row <= last_row <= _ROWS and first_column <= last_column <= _COLUMNS)
    ):
        raise ValueError("a sheet larger than the format has")


def _sheet_name(body: bytes) -> str:
    wide = body[7] & 1
    return body[8 : 8 + body[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1")


def _refuse(name: str, why: str) -> None:
    if why:
        raise unsafe(name, why)


def _take(scan: SheetScan, kind: int, body: bytes) -> None:
    if kind in _ONE_CELL:
        row, column = struct.unpack_from("<HH", body)
        _extend(scan, row, column, 1)
        if (kind == _BOOL_OR_ERROR and body[7]) or (
            kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
        ):
            scan.faults.setdefault(row + 1, set()).add(column)
    elif kind == _MULTIPLE_RK:
        row, first = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0]
        _extend(scan, row, last, max(last - first + 1, 0))
    elif kind == _ROW:
        scan.hidden_rows += bool(struct.unpack_from("<H", body, 12)[0] & 0x20)
    elif kind == _COLUMN_INFO:
        first, last, _, _, options = struct.unpack_from("<HHHHH", body)
        scan.hidden_columns += (last - first + 1) if options & 1 else 0


def _extend(scan: SheetScan, row: int, column: int, filled: int) -> None:
    scan.rows = max(scan.rows, row + 1)
    scan.columns = max(scan.columns, column + 1)
    scan.filled += filled


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the place, kind and body of each record."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == 0 and size == 0:
            return  # what is left pads the sector
        yield place, kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _stream(content: bytes) -> bytes:
    """Return the stream of the workbook out of its container."""
    if content[:8] != _COMPOUND:
        raise ValueError
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    small = 1 << struct.unpack_from("<H", content, 32)[0]
    if sector not in (512, 4096) or small != 64:
        raise ValueError
    directory, limit, first_small = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    table = _table(content, sector)
    entries = _chain(content, table, directory, sector, base=sector)
    root = entries[:128]
    for at in range(0, len(entries), 128):
        entry = entries[at : at + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name in ("Workbook", "Book"):
            first, size = struct.unpack_from("<II", entry, 116)
            if size >= limit:
                return _chain(content, table, first, sector, base=sector)[:size]
            held = _chain(content, table, struct.unpack_from("<I", root, 116)[0], sector, base=sector)
            links = _chain(content, table, first_small, sector, base=sector)
            small_table = list(struct.unpack(f"<{len(links) // 4}I", links))
            return _chain(held, small_table, first, small, base=0)[:size]
    raise ValueError


def _table(content: bytes, sector: int) -> list[int]:
    """Return the sector that follows each sector."""
    places = list(struct.unpack_from("<109I", content, 76))
    following, left = struct.unpack_from("<II", content, 68)
    per_sector = sector // 4
    for _ in range(min(left, len(content) // sector)):
        more = struct.unpack_from(f"<{per_sector}I", content, sector * (following + 1))
        places += more[:-1]
        following = more[-1]
    table: list[int] = []
    for place in places:
        if place < _LAST_SECTOR:
            table += struct.unpack_from(f"<{per_sector}I", content, sector * (place + 1))
    return table


def _chain(content: bytes, table: list[int], first: int, size: int, *, base: int) -> bytes:
    """Return the sectors of a chain, which must end."""
    parts: list[bytes] = []
    while first < _LAST_SECTOR:
        if len(parts) > len(table):
            raise ValueError("a chain that runs in a circle")
        parts.append(content[base + size * first : base + size * (first + 1)])
        first = table[first]
    return b"".join(parts)
