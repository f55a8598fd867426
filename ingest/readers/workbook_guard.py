"""Look into a workbook before it is opened: is it safe to read, and what is in it beside the declared cells?

Every part is unpacked once in small pieces; a bomb, a billion laughs or an endless sheet is refused before a
reader allocates anything for it. What is found beside the cells is counted, never quoted.
"""

import html
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .archive import MAXIMUM_PART, checked_parts, unpacked, unsafe, whole_archive
from .sheet_scan import SheetScan, Strange

MAXIMUM_TEXTS = 256 * 2**20  # bytes of shared texts, which the reader holds in memory
MAXIMUM_COPIES = 2 * 2**30  # bytes of shared texts, each counted as often as a cell shows it
_LONG_TEXT = 4_096  # bytes from which a shared text is looked at by itself
_HELD = 4 * 2**20  # bytes of the parts that say which sheet lies where
_OVERLAP = 64
FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DATE_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)["']""")
_DEFINED_NAME = re.compile(rb"<(?:\w+:)?definedName[\s>]")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PERSON = re.compile(rb"<(?:dc:creator|cp:lastModifiedBy|Manager|Company)(?:\s[^>]*)?>[^<]")
_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d+)<""")
_WITNESSES = {
    "notes and comments": (re.compile(r"xl/comments|xl/.*/comments"), rb"<comment "),
    "threaded comments": (re.compile(r"xl/threadedComments"), rb"<threadedComment "),
    "names of people who commented": (re.compile(r"xl/persons"), rb"<person "),
    "caches of other files": (re.compile(r"xl/externalLinks/[^/]+$"), None),
    "pictures or drawings": (re.compile(r"xl/media/"), None),
    "macros": (re.compile(r"xl/vbaProject"), None),
    "cached pivot tables": (re.compile(r"xl/pivotCache/[^/]+$"), None),
}


@dataclass
class Findings:
    """What a workbook holds beside the cells that are read.

    Attributes:
        date_1904: Whether its dates count from 1904.
        notices: What the data officer should know; kinds and counts only.
        sheets: Sheet -> what its XML holds; empty where the format keeps no such thing.
    """

    date_1904: bool = False
    notices: list[str] = field(default_factory=list)
    sheets: dict[str, SheetScan] = field(default_factory=dict)


@dataclass
class _Seen:
    """What has been seen so far in the parts of a workbook."""

    scans: dict[str, SheetScan] = field(default_factory=dict)
    held: dict[str, bytes] = field(default_factory=dict)
    witnesses: Counter[str] = field(default_factory=Counter)
    long_texts: dict[int, int] = field(default_factory=dict)  # number of a shared text -> bytes
    texts: int = 0

    @cached_property
    def sheet_files(self) -> frozenset[str]:
        """The file names, in small letters, to which the workbook relates anything."""
        relations = b"".join(held for part, held in self.held.items() if part.endswith("workbook.xml.rels"))
        targets = (_attributes(tag).get("Target", "") for tag in _RELATION.findall(relations))
        known = ("styles.xml", "theme1.xml", "sharedstrings.xml")
        names = (posixpath.basename(target.replace("\\", "/")).lower() for target in targets)
        return frozenset(name for name in names if name not in known)


def inspect_workbook(path: Path) -> Findings:
    """Return what an XLSX workbook holds, having unpacked every part of it once in bounded memory.

    Raises:
        SourceError: Not a workbook, encrypted, or not safe to open.
    """
    with whole_archive(path.name, ".xlsx workbook"), zipfile.ZipFile(path) as archive:
        parts = checked_parts(path.name, archive)
        if "xl/workbook.xml" not in {part.filename for part in parts}:
            raise zipfile.BadZipFile
        seen = _Seen()
        # What relates sheets to parts comes first: only the parts of sheets are measured as sheets.
        parts.sort(key=lambda part: not _is_held(part.filename))
        for part in parts:
            _look_into(path.name, archive, part, seen)
        for name in seen.scans:
            if _copies_matter(seen, name):
                _check_copies(path.name, archive, archive.getinfo(name), seen)
    return _findings(path.name, seen)


def _is_held(part: str) -> bool:
    kept = ("workbook.xml", "workbook.xml.rels", "docprops/core.xml", "docprops/app.xml")
    return part.lower().endswith(kept)


def _look_into(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, seen: _Seen) -> None:
    is_texts = _is_texts(part.filename)
    scan = SheetScan() if _is_sheet(part.filename, seen) else None
    keeper = _Keeper(part.filename)
    tail = b""
    try:
        for piece in unpacked(name, archive, part, MAXIMUM_TEXTS if is_texts else MAXIMUM_PART):
            window = tail + piece
            if b"<!" in window and FORBIDDEN.search(window):
                raise unsafe(name, "declares XML entities, which no spreadsheet program writes")
            keeper.take(piece, window, tail)
            tail = window[-_OVERLAP:]
            if is_texts:
                _note_texts(seen, piece)
            if scan:
                scan.feed(piece)
                _refuse(name, scan.danger())
        if scan:
            scan.end()
            _refuse(name, scan.danger() or scan.sparse())
            seen.scans[part.filename] = scan
    except Strange:
        raise unsafe(name, "has a sheet written as no spreadsheet program writes it") from None
    seen.held[part.filename] = keeper.held
    seen.witnesses += keeper.witnesses


def _refuse(name: str, why: str) -> None:
    if why:
        raise unsafe(name, why)


def _is_sheet(part: str, seen: _Seen) -> bool:
    """Return whether a reader could take a part for a sheet, however the workbook spells its place."""
    lower = part.lower()
    return not _is_held(part) and (
        lower.startswith("xl/worksheets/") or posixpath.basename(lower) in seen.sheet_files
    )


def _is_texts(part: str) -> bool:
    return part.lower().endswith("sharedstrings.xml")


class _Keeper:
    """Keeps the parts that say which sheet lies where, and counts what lies beside the sheets."""

    def __init__(self, part: str) -> None:
        self._keeps = _is_held(part)
        self._kinds = [(what, mark) for what, (pattern, mark) in _WITNESSES.items() if pattern.match(part)]
        self.held = b""
        self.witnesses = Counter(what for what, mark in self._kinds if mark is None)

    def take(self, piece: bytes, window: bytes, tail: bytes) -> None:
        """Take in a piece; `window` is the piece with the tail of the one before it."""
        if self._keeps and len(self.held) < _HELD:
            self.held += piece
        for what, mark in self._kinds:
            if mark is not None:
                self.witnesses[what] += window.count(mark) - tail.count(mark)


def _note_texts(seen: _Seen, piece: bytes) -> None:
    """Note the shared texts that are long: each cell that shows one gets a copy of it."""
    texts = piece.split(b"<si")
    for text in texts[:-1]:
        _grow(seen, len(text))
        seen.texts += 1
    _grow(seen, len(texts[-1]))


def _grow(seen: _Seen, size: int) -> None:
    number = seen.texts - 1
    if size >= _LONG_TEXT or number in seen.long_texts:
        seen.long_texts[number] = seen.long_texts.get(number, 0) + size


def _copies_matter(seen: _Seen, part: str) -> bool:
    longest = max(seen.long_texts.values(), default=0)
    return longest * seen.scans[part].filled > MAXIMUM_COPIES


def _check_copies(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, seen: _Seen) -> None:
    copied, tail = 0, b""
    for piece in unpacked(name, archive, part, MAXIMUM_PART):
        window = tail + piece
        cut = window.rfind(b"<c")
        tail = window[cut:] if cut > 0 else b""
        for number, times in Counter(_SHARED.findall(window[:cut])).items():
            copied += seen.long_texts.get(int(number), 0) * times
        if copied > MAXIMUM_COPIES:
            raise unsafe(name, "shows long texts so often that they would fill the memory")


def _findings(name: str, seen: _Seen) -> Findings:
    book = next((held for part, held in seen.held.items() if part == "xl/workbook.xml"), b"")
    found = Findings(date_1904=bool(_DATE_1904.search(book)), sheets=_sheets_by_name(name, book, seen))
    told = {what: seen.witnesses[what] for what in _WITNESSES if seen.witnesses[what]}
    if names := len(_DEFINED_NAME.findall(book)):
        told["defined names"] = names
    if people := sum(
        len(_PERSON.findall(held)) for part, held in seen.held.items() if "docprops" in part.lower()
    ):
        told["properties that name people or offices"] = people
    found.notices += [
        f"the workbook also holds {what} ({number}); they were not read" for what, number in told.items()
    ]
    return found


def _sheets_by_name(name: str, book: bytes, seen: _Seen) -> dict[str, SheetScan]:
    """Return sheet -> what was seen in its part, as the workbook relates them."""
    targets = {
        one.get("Id", ""): one.get("Target", "")
        for one in map(_attributes, _RELATION.findall(seen.held.get("xl/_rels/workbook.xml.rels", b"")))
    }
    found: dict[str, SheetScan] = {}
    for one in map(_attributes, _SHEET.findall(book)):
        relation = next((value for key, value in one.items() if key.endswith(":id")), "")
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        scan = seen.scans.get(part) or seen.scans.get(f"xl/{part}")
        if scan is None:
            raise unsafe(name, "has a sheet whose part is not there, or is another part")
        found[one.get("name", "")] = scan
    return found


def _attributes(tag: bytes) -> Mapping[str, str]:
    return {
        name.decode(): html.unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(tag)
    }
