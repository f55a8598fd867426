"""Save workbooks that are the same to the byte for the same rows: no time of writing in them."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

FIXED_TIME = (1980, 1, 1, 0, 0, 0)


class Tabular(Protocol):
    """A table with a name."""

    @property
    def name(self) -> str:
        """Name of the sheet."""

    @property
    def header(self) -> Sequence[str]:
        """Names of the columns."""

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """Cells, row by row; empty text is an empty cell."""


def save_tables(path: Path, tables: Sequence[Tabular]) -> None:
    """Write each table on a sheet of its own."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        for row in (table.header, *table.rows):
            sheet.append([None if cell == "" else cell for cell in row])
    save_without_clock(book, path)


def save_without_clock(book: Any, path: Path) -> None:
    """Save an openpyxl workbook without the time that it puts into properties and archive."""
    buffer = io.BytesIO()
    book.save(buffer)
    with (
        zipfile.ZipFile(buffer) as archive,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out,
    ):
        for name in archive.namelist():
            content = archive.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            out.writestr(entry, content)
