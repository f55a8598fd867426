"""The cells of a SQLite database as its readers see them, and what lies where no reader looks.

The bytes are searched as well; cells are read because a number, a text in UTF-16 or one that goes on in
another page is not in the bytes as it is shown. Source: https://www.sqlite.org/fileformat2.html .
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing

_ROWS_AT_ONCE = 1000


class UnreadableDatabase(Exception):
    """The file says that it is a database, and is none that can be read."""


def cell_texts(data: bytes) -> Iterator[bytes]:
    """Yield the rows of every table, a line each, its cells divided by tabs.

    Raises:
        UnreadableDatabase: It is damaged.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            # A file in WAL mode cannot be opened without its log: it is read as if it had none.
            database.deserialize(data[:18] + b"\x01\x01" + data[20:])
            database.text_factory = bytes
            schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            yield b"\n".join(bytes(cell) for row in schema for cell in row if cell)
            for kind, name, _ in schema:
                if kind == b"table":
                    yield from _rows(database, name.decode("utf-8", "surrogateescape"))
    except (sqlite3.Error, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise UnreadableDatabase from error


def _rows(database: sqlite3.Connection, table: str) -> Iterator[bytes]:
    quoted = table.replace('"', '""')
    cursor = database.execute(f'SELECT * FROM "{quoted}"')
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield b"\n".join(b"\t".join(map(_cell, row)) for row in rows)


def _cell(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("utf-8", "surrogateescape")


def free_pages(data: bytes) -> int:
    """Return how many pages keep what is no longer in a table; a database that was compacted has none.

    Free space inside a page is not counted: SQLite leaves pieces of its schema there. Its bytes are searched.
    """
    return int(struct.unpack_from(">I", data, 36)[0])
