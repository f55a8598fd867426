"""What a release says about its making: paths, user, host, times, libraries, order of rows, forgotten bytes.

Searched in the text as written. What a release states of itself on purpose (its day, its version of Withheld)
is no trace.
"""

import getpass
import io
import re
import socket
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from anonymize.readable_sqlite import free_pages

_PATTERNS: dict[str, re.Pattern[str]] = {
    "absolute path": re.compile(
        r"(?<![\w.:/-])/(?:home|Users|root|tmp|var|mnt|media|opt|usr|private|work|srv|build|workspace|Volumes)/[\w.-]"
        r"|file:///"
    ),
    "time of day": re.compile(
        r"\d{4}-\d{2}-\d{2}[T ](?!00:00(?::00)?)\d{2}:\d{2}|\(?D:\d{10,14}|\d{1,2} [A-Z][a-z]{2,8} \d{4},? \d{2}:\d{2}"  # noqa: E501
        r"|\d{1,2}\.\d{1,2}\.\d{4},? \d{2}:\d{2}"
        r"|(?!00:00:00)\d{2}:\d{2}:\d{2}\s?(?:Z|UTC|GMT|MSK|[+-]\d{2}:?\d{2})"
    ),
    "time zone": re.compile(r"(?<![\w/])(?:Europe|Asia|Africa|America|Australia)/[A-Z][a-z]+(?!\.\w)|(?<!\w)(?:UTC|GMT)[+-]\d"),  # noqa: E501
    "library banner": re.compile(
        r"/(?:Producer|Creator)\s*[(<]|[Cc]reated (?:with|by) (?:[Mm]atplotlib|Inkscape|Cairo)|matplotlib[.\w ,-]{0,40}https?:"  # noqa: E501
        r"|[Mm]atplotlib (?:v|version|[0-9])|(?:fontTools|Pillow|ImageMagick|LibreOffice|ReportLab|cairo|GIMP|Inkscape|openpyxl)"  # noqa: E501
        r"[ /]v?[0-9]|Microsoft (?:Excel|Word|Office)|xmp:CreatorTool|<meta[^>]{0,60}generator|(?:[Pp]ython|[Nn]um[Pp]y)[ /]\d"  # noqa: E501
    ),
}  # fmt: skip
_WINDOWS_PATH = re.compile(rb"(?<![A-Za-z])[A-Z]:\\{1,2}[A-Za-z][\w .-]{2,}")
_NAMED_BY_ROW = re.compile(
    r"(?:case|row|record|person|incident|дело|случай|строка|запись|лицо)[-_ №]*\d+", re.I
)
_PNG_TRACES = re.compile(rb"(?:tEXt|iTXt|zTXt)(?:Software|Creation Time|Date|Host|User)\x00|tIME")
_ZIP_MEMBER = re.compile(rb"PK\x03\x04.{6}(.{2})", re.DOTALL)  # its time of day (MS-DOS), 0 for midnight
_SHORTEST_NAME = 4  # letters of a user or host that tells
_COMMON_NAMES = frozenset(
    {"root", "user", "admin", "localhost", "ubuntu", "debian", "home", "default", "demo", "test"}
)


def traces_in_text(text: str) -> Iterator[str]:
    """Yield the kinds of traces that stand in a text as written."""
    for kind, pattern in _PATTERNS.items():
        if pattern.search(text):
            yield kind
    for kind, pattern in _machine().items():
        if pattern.search(text):
            yield kind


@cache
def _machine() -> dict[str, re.Pattern[str]]:
    """Return what would name this machine and its user; a name that many have tells nothing."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # no entry for this number, as in a container
        user = ""
    names = {"user name": user, "host name": socket.gethostname(), "home folder": str(Path.home())}
    return {
        kind: re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.I)
        for kind, name in names.items()
        if len(name) >= _SHORTEST_NAME and name.casefold() not in _COMMON_NAMES and name != "/root"
    }


def traces_in_path(data: bytes) -> Iterator[str]:
    """Yield a trace for a path of Windows, which a reading that undoes escapes would spoil."""
    if b":\\" in data and _WINDOWS_PATH.search(data):
        yield "absolute path"


def traces_in_name(name: str) -> Iterator[str]:
    """Yield the kinds of traces in the name of a file: the number of a case or row."""
    if _NAMED_BY_ROW.search(name):
        yield "case or row number in a file name"


def traces_in_bytes(data: bytes) -> Iterator[str]:
    """Yield the kinds of traces that only the bytes of a container show."""
    if data.startswith(b"\x89PNG") and _PNG_TRACES.search(data):
        yield "library banner or time in a picture"
    if data.startswith(b"PK\x03\x04") and _has_times(data):
        yield "time of day"
    if data.startswith(b"\x1f\x8b") and data[4:8] != b"\x00\x00\x00\x00":
        yield "time of day"
    if data.startswith(b"SQLite format 3\x00"):
        yield from traces_in_database(data)


def _has_times(data: bytes) -> bool:
    """Return whether a member of a ZIP has a time of day; a day alone the release states itself.

    Both headers of each member are asked, where the archive can be read: what only looks like a header may
    stand in packed bytes by chance.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        return any(any(time) for time in _ZIP_MEMBER.findall(data))
    local = (_ZIP_MEMBER.match(data, one.header_offset) for one in members)
    return any(any(one.date_time[3:]) for one in members) or any(found and any(found[1]) for found in local)


def traces_in_database(data: bytes) -> Iterator[str]:
    """Yield what a database says of its making: free space that is not empty, counters, order of rows."""
    try:
        if free_pages(data):
            yield "deleted rows in a database"
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            tables = {
                str(name)
                for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if "sqlite_sequence" in tables:
                yield "counter of rows in a database"
            if "records" in tables:
                yield from _traces_in_records(database)
            if {"catalog", "codes"} <= tables:
                yield from _traces_in_order(database, tables)
    except (sqlite3.Error, struct.error, IndexError):
        return  # damaged: told by the reader of the file


def _traces_in_records(database: sqlite3.Connection) -> Iterator[str]:
    rows = database.execute("SELECT * FROM records ORDER BY rowid").fetchall()
    texts = [tuple("" if cell is None else str(cell) for cell in row) for row in rows]
    if texts != sorted(texts):
        yield "order of rows"
    columns = list(zip(*texts, strict=True))
    if len(texts) > 1 and any(len(set(column)) == len(texts) for column in columns):
        yield "an id of records"


def _traces_in_order(database: sqlite3.Connection, tables: set[str]) -> Iterator[str]:
    """Yield a trace where rows of a table stand neither in the order of their codes nor of the code lists.

    Any other order is that of something: of true counts, of the vault, of the days on which cases came.
    """
    place = {
        (str(name), str(code)): int(position)
        for name, code, position in database.execute("SELECT code_list, code, position FROM codes")
    }
    for name, dimensions in database.execute("SELECT name, dimensions FROM catalog").fetchall():
        columns = str(dimensions).split(",")
        if str(name) not in tables:
            continue
        quoted = (one.replace('"', '""') for one in (*columns, str(name)))
        *chosen, table = (f'"{one}"' for one in quoted)
        rows = database.execute(f"SELECT {', '.join(chosen)} FROM {table}").fetchall()
        places = [
            [place.get((c, str(code)), -1) for c, code in zip(columns, row, strict=True)] for row in rows
        ]
        by_code = [tuple(map(str, row)) for row in rows]
        if places != sorted(places) and by_code != sorted(by_code):
            yield "order of rows"
            return
