"""Open a file of which nothing is declared: its tables, their headers, and the profile of every column.

Nothing is stored, and nothing of a cell is told.
"""

import csv
import io
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.mapping import Block, Sheet, Source
from ingest.readers import Row, Table, open_table
from ingest.readers.encodings import TextFile, encoding_of, likely_encoding
from ingest.readers.ods_guard import inspect_ods
from ingest.readers.registry import ENDINGS
from ingest.readers.workbook_guard import inspect_workbook
from ingest.readers.xls_guard import inspect_xls

from .tables import LookedAt, bare_sheet, find_names, look_at
from .words import FieldWords

_TOP = 30  # rows among which the header is sought
_START = 256 * 2**10  # bytes over which the delimiter is decided
_DELIMITERS = ",;\t|"
_GUARDS: dict[str, Callable[[Path], object]] = {
    "xlsx": inspect_workbook,
    "xls": inspect_xls,
    "ods": inspect_ods,
}
_JSON_DEPTH = 3


@dataclass
class UnknownFile:
    """What was found of a file.

    Attributes:
        encoding: Guessed codec of a text file that is not UTF-8, with the evidence; empty otherwise.
        path: Key under which the records of a JSON file lie.
    """

    name: str
    format: str
    tables: list[LookedAt]
    delimiter: str = ""
    encoding: str = ""
    encoding_why: str = ""
    path: str = ""
    notices: list[str] = field(default_factory=list)


def look(path: Path, words: FieldWords) -> UnknownFile:
    """Return what is in a file.

    Raises:
        SourceError: Its kind is not known, or it cannot be read safely.
    """
    container = ENDINGS.get(path.suffix.lower(), "")
    if container == "csv":
        return _text_file(path, words)
    if container in _GUARDS:
        return _workbook(path, container, words)
    if container in ("json", "jsonl"):
        return _json_file(path, container)
    if container == "parquet":
        return UnknownFile(
            path.name, container, [look_at(path, Source("look", "0", container, bare_sheet("", ())))]
        )
    if container == "sqlite":
        return _database(path)
    raise SourceError(
        f"{path.name}: a draft cannot be made of a file of this kind",
        remedy="unpack it, or save it as .xlsx or .csv, and ask for a draft of that",
    )


def _text_file(path: Path, words: FieldWords) -> UnknownFile:
    file = TextFile(path.name, lambda: path.open("rb"))
    found = UnknownFile(path.name, "csv", [])
    encoding = encoding_of(file, "")
    with path.open("rb") as opened:
        raw = opened.read(_START)
    if encoding == "utf-8" and not _decodes(raw):
        likely = likely_encoding(file)
        if not likely:
            raise SourceError(
                f"{path.name}: it is not text in UTF-8, and no other encoding makes words of it",
                remedy="save it as CSV UTF-8 and ask for a draft of that",
            )
        found.encoding, found.encoding_why = likely
        encoding = likely[0]
    text = raw.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        found.delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else _delimiter(text)
        grid = islice(csv.reader(io.StringIO(text, newline=""), delimiter=found.delimiter), _TOP)
        header = find_names(grid, words, path.name)
    except csv.Error:
        raise SourceError(
            f"{path.name}: its first lines are no table: a cell is longer than any that a person fills in",
            remedy="save it as CSV UTF-8 from a spreadsheet and ask for a draft of that",
        ) from None
    source = Source(
        "look", "0", "csv", bare_sheet("", header), encoding=found.encoding, delimiter=found.delimiter
    )
    found.tables.append(look_at(path, source))
    return found


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(raw) - 4  # a letter cut by the end of what was read
    return True


def _delimiter(text: str) -> str:
    """Return what cuts most rows into the same number of cells, which is more than one."""
    best, most = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        rows = [
            row for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 200) if row
        ]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, n = widths.most_common(1)[0]
            if (n / len(rows), width) > most:
                best, most = delimiter, (n / len(rows), width)
    return best


def _workbook(path: Path, container: str, words: FieldWords) -> UnknownFile:
    import python_calamine

    _GUARDS[container](path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        # What is hidden may be other people's data: it is named in the draft and not looked at.
        shown = {
            meta.name: meta.visible == python_calamine.SheetVisibleEnum.Visible
            for meta in workbook.sheets_metadata
        }
        tops = {name: _top(workbook.get_sheet_by_name(name)) if shown[name] else [] for name in shown}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(
            f"{path.name}: the workbook cannot be read", remedy="open it and save it again as .xlsx"
        ) from error
    found = UnknownFile(path.name, container, [])
    faults: list[SourceError] = []
    for name, top in tops.items():
        looked_at = LookedAt(name, {})
        if sum(any(row) for row in top) >= 2:
            try:
                header = find_names(iter(top), words, f"{path.name}, sheet {name}")
                others = frozenset(tops) - {name}
                source = Source("look", "0", container, bare_sheet(name, header), ignore_sheets=others)
                looked_at = look_at(path, source, name)
            except SourceError as error:  # such as a sheet of notes: the draft names it and asks
                faults.append(error)
        found.tables.append(looked_at)
    if faults and not any(one.columns for one in found.tables):
        raise faults[0]
    found.notices += [error.reason for error in faults]
    return found


def _top(sheet: Any) -> list[list[str]]:
    return [
        ["" if cell is None else str(cell).strip() for cell in row] for row in islice(sheet.iter_rows(), _TOP)
    ]


def _database(path: Path) -> UnknownFile:
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(uri, uri=True)
        try:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        raise SourceError(f"{path.name}: this is no SQLite database", remedy="export it as .csv") from None
    names = [str(name) for (name,) in found if not str(name).startswith("sqlite_")]
    file = UnknownFile(path.name, "sqlite", [])
    for name in names:
        others = frozenset(names) - {name}
        try:
            file.tables.append(
                look_at(path, Source("look", "0", "sqlite", bare_sheet(name, ()), ignore_sheets=others), name)
            )
        except SourceError as error:
            file.tables.append(LookedAt(name, {}))
            file.notices.append(error.reason)
    return file


def _json_file(path: Path, container: str) -> UnknownFile:
    found = UnknownFile(path.name, container, [])
    main = Sheet("", Block({}))
    if container == "json":
        found.path = _list_key(path)
    for _ in range(_JSON_DEPTH):
        source = Source("look", "0", container, main, path=found.path)
        with open_table(path, source) as table:
            nested = _nested(table)
        if not nested:
            break
        main = Sheet("", Block({}), repeats=tuple(Sheet(name, Block({})) for name in nested))
    found.tables.append(look_at(path, Source("look", "0", container, main, path=found.path)))
    return found


def _list_key(path: Path) -> str:
    """Return the key under which the records lie: the one under which the file can be opened."""
    for key in (
        "",
        "results",
        "data",
        "records",
        "value",
        "items",
        "rows",
        "cases",
        "incidents",
        "submissions",
    ):
        try:
            with open_table(path, Source("look", "0", "json", Sheet("", Block({})), path=key)):
                return key
        except SourceError:
            continue
    raise SourceError(
        f"{path.name}: no list of records was found in it",
        remedy="export the records as a list, or as CSV, and ask for a draft of that",
    )


def _nested(table: Table) -> list[str]:
    """Return the keys under which records hold lists of records."""
    rows = (row for row in table.rows if isinstance(row, Row))
    return sorted(
        {
            name
            for row in rows
            for name, cell in row.cells.items()
            if isinstance(cell, str) and cell[:2] == "[{"
        }
    )
