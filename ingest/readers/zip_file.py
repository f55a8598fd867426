"""A ZIP of CSV files, as ODK Central exports a form: a main table and its repeats, never unpacked to disk.

Members are read in place, row by row; nothing that lies beside the declared ones is opened.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from codebook import SourceError
from ingest.mapping import Source

from .archive import DAMAGED, MAXIMUM_RATIO, RATIO_FREE
from .csv_file import open_text_tables
from .encodings import TextFile
from .joined import every_repeat
from .table import BadRow, Row, Table

MAXIMUM_MEMBERS = 200_000  # an export with attachments has one a file
MAXIMUM_MEMBER = 8 * 2**30  # bytes of one unpacked table
_TABLES = (".csv", ".tsv", ".tab")


def open_zip(path: Path, source: Source) -> Table:
    """Return the main table of a ZIP with its repeats joined.

    Raises:
        SourceError: Not a whole ZIP, locked, a bomb, a table that is not declared or is missing.
    """
    with _reading(path.name):
        archive = zipfile.ZipFile(path)
    try:
        with _reading(path.name):
            tables, others = _tables(path.name, archive)
        chosen = _chosen(path.name, [PurePosixPath(name) for name in tables], source)
        files = {name: _member(path.name, archive, member) for name, member in chosen.items()}
        with _reading(path.name):
            table = open_text_tables(files, source, archive.close)
    except BaseException:
        archive.close()
        raise
    if others:
        table.notices.append(f"the archive also holds {others} other files (attachments); they were not read")
    table.rows = _guarded(table.rows, path.name)
    return table


def _guarded(rows: Iterator[Row | BadRow], name: str) -> Iterator[Row | BadRow]:
    with _reading(name):
        yield from rows


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except DAMAGED:
        raise SourceError(
            f"{name}: this is not a whole ZIP archive, or it is locked by a password",
            remedy="export it again without a password; nothing was stored",
        ) from None


def _tables(name: str, archive: zipfile.ZipFile) -> tuple[list[str], int]:
    """Return the names of the tables in an archive, and how many other files it holds."""
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MAXIMUM_MEMBERS or len({one.filename for one in members}) != len(members):
        raise _unsafe(name, "holds too many files, or two of one name")
    tables = [one for one in members if _is_table(PurePosixPath(one.filename))]
    for one in tables:
        # What a member really unpacks to never passes the size that is claimed: the reader stops there.
        if one.file_size > MAXIMUM_MEMBER or (
            one.file_size > RATIO_FREE and one.file_size > MAXIMUM_RATIO * max(one.compress_size, 1)
        ):
            raise _unsafe(name, "unpacks to far more than tables of its size hold")
        if one.flag_bits & 1:
            raise zipfile.BadZipFile
    return [one.filename for one in tables], len(members) - len(tables)


def _is_table(name: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts)
    return name.suffix.lower() in _TABLES and not hidden and "media" not in name.parts[:-1]


def _chosen(name: str, members: list[PurePosixPath], source: Source) -> dict[str, str]:
    """Return which member is the main table (the empty name) and which each repeat."""
    main = _main(name, members, source)
    chosen = {"": str(main)}
    for repeat in every_repeat(source.main):
        names = (repeat.name, f"{main.stem}-{repeat.name}")
        found = [one for one in members if one.name in names or one.stem in names]
        if found:
            chosen[repeat.name] = str(found[0])
        elif not repeat.optional:
            raise SourceError(
                f"{name}: the table of the repeat {repeat.name} is not in the archive",
                remedy="export every table, mark it `optional: true`, or correct its name",
            )
    left = [one for one in members if str(one) not in chosen.values() and not _is_ignored(one, source)]
    if left:
        raise SourceError(
            f"{name}: tables that {source.name} does not speak of: {', '.join(one.name for one in left[:9])}",
            remedy="add them to the declaration as repeats, or by name under `ignore_sheets`",
        )
    return chosen


def _is_ignored(member: PurePosixPath, source: Source) -> bool:
    return member.name in source.ignore_sheets or member.stem in source.ignore_sheets


def _main(name: str, members: list[PurePosixPath], source: Source) -> PurePosixPath:
    wanted = source.main.name
    if wanted:
        found = [one for one in members if wanted in (one.name, one.stem)]
    else:
        others = [one for one in members if not _is_ignored(one, source)]
        found = [
            one for one in others
            if all(other == one or other.stem.startswith(f"{one.stem}-") for other in others)
        ]  # fmt: skip
    if not found:
        raise SourceError(
            f"{name}: the main table is not in the archive"
            + ("" if wanted else ": no table's name begins the names of all others"),
            remedy="name it with `sheet` in the declaration",
        )
    return found[0]


def _member(name: str, archive: zipfile.ZipFile, member: str) -> TextFile:
    return TextFile(f"{name}, {PurePosixPath(member).name}", lambda: cast(BinaryIO, archive.open(member)))


def _unsafe(name: str, what: str) -> SourceError:
    return SourceError(f"{name}: the archive {what}: it was not opened", remedy="ask who sent it")
