"""Which reader opens which container format; a new format is one module and one line here."""

from collections.abc import Callable
from pathlib import Path

from ingest.mapping import Source

from .csv_file import open_csv
from .database_file import open_parquet, open_sqlite
from .json_file import open_json, open_jsonl
from .mojibake import watch
from .passing import pass_over
from .table import Table
from .workbook_file import open_ods, open_xls, open_xlsx
from .zip_file import open_zip

Reader = Callable[[Path, Source], Table]

READERS: dict[str, Reader] = {
    "csv": open_csv, "xlsx": open_xlsx, "xls": open_xls, "ods": open_ods, "json": open_json,
    "jsonl": open_jsonl, "parquet": open_parquet, "sqlite": open_sqlite, "zip": open_zip,
}  # fmt: skip

# Endings by which a file of a folder is taken for a format.
ENDINGS: dict[str, str] = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".zip": "zip", ".xls": "xls", ".ods": "ods",
    ".parquet": "parquet", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite",
}  # fmt: skip


def open_table(path: Path, source: Source) -> Table:
    """Return the file opened as the source declares it.

    Raises:
        SourceError: It is not that format, or not safe to open; nothing of it was read further.
    """
    table = READERS[source.format](path, source)
    try:
        return watch(pass_over(table, source.main), path.name)
    except BaseException:
        table.close()
        raise
