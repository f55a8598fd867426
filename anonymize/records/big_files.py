"""Files that do not fit in memory: duckdb groups equal rows, and only the distinct ones come back, counted.

The one narrow function is `count_rows`; a larger engine can stand behind it. What duckdb cannot hold it keeps
for the time of the query in a private temporary folder, which is removed.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from codebook.errors import RecordsError, SourceError

from .coded import CodedColumn
from .hierarchies import IntArray
from .suggest import ColumnHint, hint_of, sorted_hints
from .table_files import SEPARATORS, ReadOptions, certain_separator

LARGE_BYTES = {".csv": 32_000_000, ".tsv": 32_000_000, ".txt": 32_000_000, ".parquet": 4_000_000}
_MEMORY = "2GB"  # of duckdb; beyond, it spills
_SAMPLE_BYTES = 1_000_000


def is_large(path: Path) -> bool:
    """Tell whether a file is counted by duckdb rather than read whole."""
    limit = LARGE_BYTES.get(path.suffix.lower())
    return limit is not None and path.is_file() and path.stat().st_size > limit


def count_rows(
    path: Path, names: Sequence[str], options: ReadOptions | None = None
) -> tuple[dict[str, CodedColumn], IntArray]:
    """Return the distinct rows of some columns, and the records of each.

    Args:
        path: CSV in UTF-8, or Parquet.
        names: Columns.
        options: Separator, where it is not certain.

    Raises:
        RecordsError: A column is not there. SourceError: The file cannot be read.
    """
    with _source(path, options) as (connection, source, columns):
        absent = [name for name in names if name not in columns]
        if absent:
            raise RecordsError(
                f"no column named {', '.join(repr(name) for name in absent)}",
                remedy=f"the columns are: {', '.join(columns)}",
            )
        chosen = ", ".join(f"{_quoted(columns[name])} AS c{i}" for i, name in enumerate(names))
        connection.execute(
            f"CREATE TEMP TABLE counted AS SELECT {chosen}, count(*) AS n FROM {source} GROUP BY ALL"
        )
        return _coded(connection, names)


def column_names(path: Path, options: ReadOptions | None = None) -> list[str]:
    """Return the columns of a large file.

    Raises:
        SourceError: The file cannot be read.
    """
    with _source(path, options) as (_, _, columns):
        return list(columns)


def hints_of_large(path: Path, options: ReadOptions | None = None) -> list[ColumnHint]:
    """Return what each column of a large file looks like, as `suggest_columns` does for a table in memory."""
    hints = []
    with _source(path, options) as (connection, source, columns):
        for name, raw in columns.items():
            n_records, n_values, n_unique = _one_row(
                connection,
                "SELECT sum(n), count(*) FILTER (v <> ''), count(*) FILTER (v <> '' AND n = 1) FROM (SELECT "
                f"coalesce({_quoted(raw)}::VARCHAR, '') AS v, count(*) AS n FROM {source} GROUP BY v)",
            )
            hints.append(hint_of(name, int(n_records or 0), int(n_values), int(n_unique)))
    return sorted_hints(hints)


def _coded(connection: Any, names: Sequence[str]) -> tuple[dict[str, CodedColumn], IntArray]:
    """Return the counted rows as codes; an empty cell and a missing one are the same."""
    columns = [f"c{i}" for i in range(len(names))]
    for column in columns:
        connection.execute(
            f"CREATE TYPE e_{column} AS ENUM (SELECT DISTINCT coalesce({column}::VARCHAR, '') FROM counted)"
        )
    codes = ", ".join(f"enum_code(coalesce({c}::VARCHAR, '')::e_{c})::UINTEGER AS {c}" for c in columns)
    # One query for all: the rows of two queries need not come in the same order.
    found = connection.execute(f"SELECT {codes}, n FROM counted").fetchnumpy()
    values = [_one_row(connection, f"SELECT enum_range(NULL::e_{column})")[0] for column in columns]
    coded = {
        name: CodedColumn(np.asarray(found[column], np.int64), tuple(own or ()))
        for name, column, own in zip(names, columns, values, strict=True)
    }
    return coded, np.asarray(found["n"], np.int64)


@contextmanager
def _source(path: Path, options: ReadOptions | None) -> Iterator[tuple[Any, str, dict[str, str]]]:
    """Open a file in duckdb: the connection, what to select from, and column -> its name as written."""
    import duckdb

    with tempfile.TemporaryDirectory() as spilled:
        try:
            with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spilled}) as connection:
                connection.execute("SET preserve_insertion_order = false")
                # Its progress bar is written to stdout, where `--json` promises one object and nothing else.
                connection.execute("SET enable_progress_bar = false")
                source = _reader(path, options or ReadOptions())
                written = [str(row[0]) for row in connection.execute(f"DESCRIBE FROM {source}").fetchall()]
                yield connection, source, {name.strip(): name for name in written}
        except duckdb.Error as error:
            # The message of the engine may quote a line of the file.
            raise SourceError(
                f"{path.name}: cannot be read as {path.suffix[1:]} ({type(error).__name__})",
                remedy="check that every line has as many cells as the header, and that the file is UTF-8",
            ) from None


def _reader(path: Path, options: ReadOptions) -> str:
    name = _text(str(path))
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({name})"
    if options.encoding not in (None, "utf-8", "UTF-8", "utf8"):
        raise SourceError(
            f"{path.name}: files of this size are read in UTF-8 only", remedy="save the file as UTF-8"
        )
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES).decode("utf-8-sig", "replace")
    separator = options.separator or certain_separator(path, sample[: sample.rfind("\n") + 1])
    if len(separator) != 1:
        raise SourceError(f"{path.name}: a separator is one character", remedy=f"such as {SEPARATORS}")
    return (
        f"read_csv({name}, header = true, all_varchar = true, auto_detect = false, "
        f"delim = {_text(separator)}, quote = '\"', escape = '\"', columns = {_columns(sample, separator)})"
    )


def _columns(sample: str, separator: str) -> str:
    import csv

    header = next(csv.reader(sample.splitlines()[:1], delimiter=separator), [])
    return "{" + ", ".join(f"{_text(name)}: 'VARCHAR'" for name in header) + "}"


def _one_row(connection: Any, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = connection.execute(query).fetchone()
    return row


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
