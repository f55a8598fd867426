"""Tables of any file: CSV, XLSX, Parquet or one table of an SQLite database, every cell as text.

Nothing is guessed: a separator, encoding, sheet or table that is not certain is refused with what to name.
"""

import csv
import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codebook.errors import SourceError

from .text_files import read_text

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class ReadOptions:
    """What the user names where a file does not say it by itself."""

    separator: str | None = None
    encoding: str | None = None
    table: str | None = None  # sheet or SQLite table


Columns = dict[str, Sequence[str]]


def read_table(path: Path, options: ReadOptions | None = None) -> Columns:
    """Return column -> cells of a file; an empty cell is missing.

    Args:
        path: .csv/.tsv/.txt, .xlsx, .parquet, or .db/.sqlite/.sqlite3.
        options: Separator, encoding, sheet or table.

    Raises:
        SourceError: Unknown kind of file, unreadable, ragged, no or repeated column names.
    """
    if not path.is_file():
        raise SourceError(f"{path}: no such file", remedy="check the name and the folder")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceError(
            f"{path.name}: files ending in '{path.suffix}' are not read",
            remedy=f"give one of: {', '.join(sorted(READERS))}",
        )
    return reader(path, options or ReadOptions())


def read_csv(path: Path, options: ReadOptions) -> Columns:
    """Read separated text with a header line."""
    text = read_text(path, encoding=options.encoding)
    if not text.strip():
        raise SourceError(
            f"{path.name}: the file is empty", remedy="export it again, with its header and rows"
        )
    separator = options.separator or certain_separator(path, text)
    return _checked(path, _csv_rows(path, text, separator))


def _csv_rows(path: Path, text: str, separator: str) -> Iterable[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if row:
                yield row
    except csv.Error as error:
        raise SourceError(
            f"{path.name}: line {reader.line_num} is not valid CSV ({error})",
            remedy="look for an unclosed quotation mark near that line",
        ) from error


def certain_separator(path: Path, text: str) -> str:
    """Return the one separator under which every sampled row is as long as the header.

    Raises:
        SourceError: More than one separator, or none, is possible.
    """
    fitting = []
    for separator in SEPARATORS:
        sample = list(islice(_csv_rows(path, text, separator), _SAMPLE_ROWS))
        if len(sample[0]) > 1 and all(len(row) == len(sample[0]) for row in sample):
            fitting.append(separator)
    if len(fitting) == 1:
        return fitting[0]
    header = text.lstrip().splitlines()[0]
    present = [separator for separator in SEPARATORS if separator in header]
    if not fitting and len(present) <= 1:
        return present[0] if present else ","  # one column, or a ragged file that is refused with its line
    names = ", ".join({"\t": "tab"}.get(one, one) for one in (fitting or present))
    raise SourceError(
        f"{path.name}: the separator is not certain (possible: {names})", remedy="name it with --separator"
    )


def read_xlsx(path: Path, options: ReadOptions) -> Columns:
    """Read one sheet of a workbook."""
    import python_calamine

    with _whole_workbook(path):
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    sheet = _one(path, workbook.sheet_names, options.table, "sheet")
    with _whole_workbook(path):
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=True)
    return _checked(path, ([_text(cell) for cell in row] for row in rows))


@contextmanager
def _whole_workbook(path: Path) -> Iterator[None]:
    """Turn the reader's own faults into ours, without their words: these may quote what is in the file."""
    import python_calamine

    try:
        yield
    except BaseException as error:
        # A fault inside the reader's own language comes as a class that is no Exception.
        known = isinstance(error, python_calamine.CalamineError | OSError | ValueError | OverflowError)
        if not known and type(error).__name__ != "PanicException":
            raise
        raise SourceError(
            f"{path.name}: not a readable workbook ({type(error).__name__})",
            remedy="open it and save it again",
        ) from None


def read_parquet(path: Path, _options: ReadOptions) -> Columns:
    """Read a Parquet file."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            found = connection.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
            names = [str(column[0]) for column in found.description]
            rows = found.fetchall()
    except duckdb.Error as error:
        raise SourceError(
            f"{path.name}: not a readable Parquet file", remedy="write it again, or as CSV in UTF-8"
        ) from error
    return _checked(path, [names, *[["" if cell is None else cell for cell in row] for row in rows]])


def read_sqlite(path: Path, options: ReadOptions) -> Columns:
    """Read one table of an SQLite database, which is opened for reading only."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        table = _one(path, [name for (name,) in tables], options.table, "table").replace('"', '""')
        found = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in found.description]
        return _checked(path, [names, *([_text(cell) for cell in row] for row in found)])
    except (sqlite3.Error, UnicodeError) as error:
        raise SourceError(
            f"{path.name}: not a readable SQLite database", remedy="export the table as CSV in UTF-8"
        ) from error
    finally:
        connection.close()


def _one(path: Path, names: Sequence[str], asked: str | None, what: str) -> str:
    if asked is not None and asked in names:
        return asked
    if asked is None and len(names) == 1:
        return names[0]
    reason = f"has {len(names)} {what}s" if asked is None else f"has no {what} of that name"
    raise SourceError(f"{path.name}: {reason}", remedy=f"name one {what} of: {', '.join(names)}")


def _text(cell: object) -> str:
    """Return a cell as a person would write it: whole numbers without a point, dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def _checked(path: Path, rows: Iterable[Sequence[str]]) -> Columns:
    iterator = iter(rows)
    header = [name.strip() for name in next(iterator, [])]
    if not any(header):
        raise SourceError(
            f"{path.name}: there is no header line", remedy="give the first line the names of the columns"
        )
    unnamed = [number for number, name in enumerate(header, start=1) if not name]
    if unnamed:
        raise SourceError(
            f"{path.name}: column {unnamed[0]} has no name",
            remedy="write a name into the header of every column",
        )
    # By their places: where the header is a record in truth, its names are somebody's values.
    twice = [str(number) for number, name in enumerate(header, start=1) if header.count(name) > 1]
    if twice:
        raise SourceError(
            f"{path.name}: column names given twice: columns {', '.join(twice)}",
            remedy="rename one of each pair",
        )
    body = list(iterator)
    for number, row in enumerate(body, start=1):
        if len(row) != len(header):
            raise SourceError(
                f"{path.name}: record {number} has {len(row)} cells, the header has {len(header)}",
                remedy="check the separator, and quotation marks around cells that contain it",
            )
    return dict(zip(header, zip(*body, strict=True) if body else [()] * len(header), strict=True))


READERS: dict[str, Callable[[Path, ReadOptions], Columns]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": read_xlsx,
    ".parquet": read_parquet,
    ".db": read_sqlite,
    ".sqlite": read_sqlite,
    ".sqlite3": read_sqlite,
}
