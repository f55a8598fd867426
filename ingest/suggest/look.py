"""Open a file of which nothing is declared: its tables, their headers, and the profile of every column.

Nothing is stored, and nothing of a cell is told.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.mapping import Block, Sheet, Source
from ingest.readers import Row, Table, open_table
from ingest.readers.encodings import TextFile, encoding_of, likely_encoding
from ingest.readers.registry import ENDINGS
from ingest.readers.table import number_repeated
from ingest.readers.workbook_guard import inspect_workbook

from .profile import Column
from .words import FieldWords

_TOP = 30  # rows among which the header is sought
_START = 256 * 2**10  # bytes over which the delimiter is decided
_DELIMITERS = ",;\t|"
_WORKBOOKS = ("xlsx", "xls", "ods")
_JSON_DEPTH = 3


@dataclass
class LookedAt:
    """One table of an unknown file.

    Attributes:
        name: Sheet, or key of a list; empty for the only table.
        columns: Profile of each column by name.
        n_rows: Rows below the header.
        pairs: Row by row, the cells of the columns that may be keys: (column, column) -> distinct pairs.
    """

    name: str
    columns: dict[str, Column]
    n_rows: int = 0
    serials: bool = False
    repeats: "list[LookedAt]" = field(default_factory=list)
    rows: "list[dict[str, str]]" = field(default_factory=list)


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
    if container in _WORKBOOKS:
        return _workbook(path, container, words)
    if container in ("json", "jsonl"):
        return _json_file(path, container)
    if container in ("parquet", "sqlite"):
        return UnknownFile(
            path.name, container, [_table(path, Source("look", "0", container, _sheet("", ())))]
        )
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
    found.delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else _delimiter(text)
    grid = islice(csv.reader(io.StringIO(text, newline=""), delimiter=found.delimiter), _TOP)
    header = _header(grid, words, path.name)
    source = Source(
        "look", "0", "csv", _sheet("", header), encoding=found.encoding, delimiter=found.delimiter
    )
    found.tables.append(_table(path, source))
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

    if container == "xlsx":
        inspect_workbook(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        tops = {name: _top(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(
            f"{path.name}: the workbook cannot be read", remedy="open it and save it again as .xlsx"
        ) from error
    found = UnknownFile(path.name, container, [])
    for name, top in tops.items():
        if sum(any(row) for row in top) < 2:
            found.tables.append(LookedAt(name, {}))
            continue
        header = _header(iter(top), words, f"{path.name}, sheet {name}")
        source = Source("look", "0", container, _sheet(name, header), ignore_sheets=frozenset(tops) - {name})
        try:
            found.tables.append(_table(path, source, name))
        except SourceError as error:
            found.tables.append(LookedAt(name, {}))
            found.notices.append(error.reason)
    return found


def _top(sheet: Any) -> list[list[str]]:
    return [
        ["" if cell is None else str(cell).strip() for cell in row] for row in islice(sheet.iter_rows(), _TOP)
    ]


def _json_file(path: Path, container: str) -> UnknownFile:
    found = UnknownFile(path.name, container, [])
    main = Sheet("", Block({}))
    if container == "json":
        found.path = _list_key(path, found)
    for _ in range(_JSON_DEPTH):
        source = Source("look", "0", container, main, path=found.path)
        with open_table(path, source) as table:
            nested = _nested(table)
        if not nested:
            break
        main = Sheet("", Block({}), repeats=tuple(Sheet(name, Block({})) for name in nested))
    found.tables.append(_table(path, Source("look", "0", container, main, path=found.path)))
    return found


def _list_key(path: Path, found: UnknownFile) -> str:
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
        except SourceError as error:
            fault = error
    raise fault


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


def _header(rows: Iterator[Sequence[str]], words: FieldWords, place: str) -> tuple[str, ...]:
    """Return the row that is most like a header: known words first, then many different texts."""
    best: Sequence[str] = ()
    most = (0, 0)
    for row in rows:
        names = [str(cell).strip() for cell in row]
        filled = [name for name in names if name]
        known = sum(bool(words.read(name).kind) and len(name) < 80 for name in filled)
        if len(filled) > 1 and (known, len(set(filled))) > most and (known > 0 or not best):
            best, most = names, (known, len(set(filled)))
    if not best:
        raise SourceError(
            f"{place}: no row with names of columns was found", remedy="give the table a row of column names"
        )
    while best and not best[-1]:
        best = best[:-1]
    return number_repeated([name.removeprefix("\ufeff").strip() for name in best])


def _sheet(name: str, header: Sequence[str]) -> Sheet:
    return Sheet(name, Block({column: () for column in header if column}))


def _table(path: Path, source: Source, name: str = "") -> LookedAt:
    with open_table(path, source) as table:
        found = LookedAt(
            name, {one: Column(one, name) for one in table.header if one}, serials=table.serial_dates
        )
        for row in table.rows:
            if isinstance(row, Row):
                _see(row, found)
    return found


def _see(row: Row, found: LookedAt) -> None:
    found.n_rows += 1
    for name, column in found.columns.items():
        column.see(row.cells.get(name, ""))
    if len(found.rows) < 5_000:
        found.rows.append({name: str(row.cells.get(name, "")).strip() for name in found.columns})
    for name, children in row.repeats.items():
        child = next((one for one in found.repeats if one.name == name), None)
        if child is None:
            child = LookedAt(name, {}, serials=found.serials)
            found.repeats.append(child)
        for child_row in children:
            for key in child_row.cells:
                child.columns.setdefault(key, Column(key, name))
            _see(child_row, child)
