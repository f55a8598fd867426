"""The one private file: an encrypted SQLite database that is written and read only here.

SQLCipher through sqlite-utils. Every write is inside a transaction; a run that dies leaves what was there.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from codebook import Codebook, VaultError
from codebook.errors import PROGRAM_FAULT

from .access import Access, Locked, idle_timer
from .encrypted import Database, bound_memory, named_faults, rekey
from .identifiers import Identifiers
from .keys import fingerprint, many_fingerprints
from .schema import identifier_columns, listed_columns, vault_tables


class Vault:
    """An open vault; made by `create_vault` or `open_vault`, closed by `close` or a `with` block."""

    def __init__(self, connection: Any, path: Path, book: Codebook, access: Access) -> None:
        bound_memory(connection)
        self.path = path
        self.book = book
        self.access = access
        self.database: Any = Database(connection)
        self._connection: Any = connection
        self._tables = vault_tables(book)
        self._lists = listed_columns(book)
        self._identifiers = identifier_columns(book)
        self._numbers = Identifiers(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; an open transaction is rolled back."""
        self._connection.close()

    def lock(self) -> None:
        """Close the file and forget its keys; every later use raises a VaultError that says so."""
        connection, locked = self._connection, Locked()
        self._connection = self.database = locked
        self._numbers = Identifiers(locked)
        self.access = self.access.forgotten()
        self.__dict__.pop("_fingerprint_key", None)
        connection.close()

    @contextmanager
    def waiting_for_a_person(self) -> Iterator[None]:
        """Lock the vault where the block, which asks a person and uses no vault, takes too long."""
        with idle_timer(self.access.lock_after_seconds, self.lock):
            yield

    def change_key(self, raw_key: str) -> None:
        """Write every page again under another key, in one transaction.

        Raises:
            VaultError: Somebody else is using the vault; it opens as before.
        """
        rekey(self._connection, self.path, raw_key)
        self.access = self.access.with_key(raw_key)

    def compact(self) -> None:
        """Write the file anew without its free pages, by way of memory and an encrypted journal.

        Raises:
            VaultError: There is no room, or another program uses it; what was erased is overwritten anyway.
        """
        try:
            with named_faults():
                self._connection.execute("VACUUM")
        except VaultError:
            raise VaultError(
                "it is erased and overwritten, but the file could not be written anew without free pages",
                remedy="make room or end other programs; `withheld vault backup` and `restore` do the same",
            ) from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside the block, or nothing of it; a block inside a block joins it."""
        if self._connection.in_transaction:
            yield
            return
        with named_faults():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            with named_faults():
                yield
                self._connection.execute("COMMIT")
        except BaseException:
            self._numbers.forget()
            # Where the disk is full, SQLite has rolled back by itself.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def insert(self, table: str, rows: Iterable[Mapping[str, object]]) -> int:
        """Append rows and return how many; columns that a row lacks are NULL.

        Raises:
            VaultError: The table or a column does not exist.
        """
        known = self._columns(table)
        rows = list(rows)
        filled: set[str] = set().union(*rows)
        if not filled.issubset(known):
            raise VaultError(
                f"table {table}: a row has a column that the vault does not know",
                remedy=PROGRAM_FAULT,
            )
        columns = [column for column in known if column in filled]
        lists = [columns.index(column) for column in self._lists.get(table, ()) if column in filled]
        statement = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join("?" for _ in columns)})'
        if rows:
            with self.transaction(), named_faults():
                self._connection.executemany(statement, _values(rows, columns, lists))
        return len(rows)

    def append(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Append rows that are values in the order of `columns`, several codes as JSON text already.

        Raises:
            VaultError: The table or a column does not exist.
        """
        if not set(columns).issubset(self._columns(table)):
            raise VaultError(
                f"table {table}: a row has a column that the vault does not know", remedy=PROGRAM_FAULT
            )
        statement = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join("?" for _ in columns)})'
        with self.transaction(), named_faults():
            self._connection.executemany(statement, rows)

    def rows(
        self,
        table: str,
        where: str = "",
        parameters: Sequence[object] = (),
        *,
        only: Collection[str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield rows as dicts in the order they were written; several-code columns come back as lists.

        Args:
            only: Columns that are read; all of them where none are named.
        """
        known = self._columns(table)
        columns = known if only is None else tuple(name for name in known if name in only)
        lists = self._lists.get(table, frozenset()).intersection(columns)
        numbers = self._identifiers.get(table, frozenset())
        wanted = ", ".join(f"CAST({name} AS TEXT)" if name in numbers else name for name in columns)
        condition = f" WHERE {where}" if where else ""
        with named_faults():
            cursor = self._connection.execute(
                f'SELECT {wanted} FROM "{table}"{condition} ORDER BY rowid', parameters
            )
            for values in cursor:
                row = dict(zip(columns, values, strict=True))
                for column in lists:
                    row[column] = json.loads(row[column]) if row[column] else []
                yield row

    def count(self, table: str, where: str = "", parameters: Sequence[object] = ()) -> int:
        """Return the number of rows that meet the condition."""
        self._columns(table)
        condition = f" WHERE {where}" if where else ""
        with named_faults():
            found = self._connection.execute(f'SELECT count(*) FROM "{table}"{condition}', parameters)
            return int(found.fetchone()[0])

    def update(self, table: str, key: str, changes: Mapping[str, object]) -> None:
        """Change columns of the row whose primary key is `key`."""
        self.update_where(table, changes, f"{self._columns(table)[0]} = ?", [key])

    def update_where(
        self, table: str, changes: Mapping[str, object], where: str, parameters: Sequence[object]
    ) -> None:
        """Change columns of all rows that meet the condition."""
        columns = self._columns(table)
        lists = self._lists.get(table, frozenset())
        if not changes or not set(columns).issuperset(changes):
            raise VaultError(
                f"table {table}: no change, or a column that the vault does not know", remedy=PROGRAM_FAULT
            )
        assignments = ", ".join(f"{column} = ?" for column in changes)
        values = [_stored(value, column in lists) for column, value in changes.items()]
        with self.transaction(), named_faults():
            self._connection.execute(
                f'UPDATE "{table}" SET {assignments} WHERE {where}', [*values, *parameters]
            )

    def delete(self, table: str, where: str, parameters: Sequence[object]) -> int:
        """Erase the rows that meet the condition and return how many; their bytes are overwritten."""
        self._columns(table)
        with self.transaction(), named_faults():
            return int(self._connection.execute(f'DELETE FROM "{table}" WHERE {where}', parameters).rowcount)

    def setting(self, key: str) -> str:
        """Return a setting of the vault, or the empty text."""
        with named_faults():
            found = self._connection.execute("SELECT value FROM setting WHERE key = ?", [key]).fetchone()
        return str(found[0]) if found else ""

    def set_setting(self, key: str, value: str) -> None:
        """Write a setting of the vault, over an earlier value."""
        statement = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = ?"
        with self.transaction(), named_faults():
            self._connection.execute(statement, [key, value, value])

    def new_id(self) -> str:
        """Return an identifier that no row had before; it means nothing outside the vault."""
        return str(self.new_number())

    def new_number(self) -> int:
        """Return such an identifier as the number that it is in the file."""
        number = self._numbers.at_hand()
        if number is None:
            with self.transaction():
                number = self._numbers.take()
        return number

    def new_numbers(self, count: int) -> range:
        """Return as many such numbers, one after the other."""
        with self.transaction():
            return self._numbers.take_several(count)

    def fingerprint(self, *parts: str) -> str:
        """Return a fingerprint under the vault's own key: recognises a text without storing it."""
        return fingerprint(self._fingerprint_key, parts)

    def fingerprints(self, *parts: str) -> Callable[[Iterable[str]], list[str]]:
        """Return what makes the fingerprints of many texts at once, each as of `parts` and the text."""
        return many_fingerprints(self._fingerprint_key, parts)

    @property
    def rounding_key(self) -> bytes:
        """The key of the rounding, kept for the life of the vault so that prints persist (RULES 4)."""
        return bytes.fromhex(self.setting("rounding_key"))

    @cached_property
    def _fingerprint_key(self) -> bytes:
        return bytes.fromhex(self.setting("fingerprint_key"))

    def _columns(self, table: str) -> tuple[str, ...]:
        try:
            return tuple(self._tables[table])
        except KeyError:
            raise VaultError(f"the vault has no table {table}", remedy=PROGRAM_FAULT) from None


def _values(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], lists: Sequence[int]
) -> Iterator[Sequence[object]]:
    """Yield the values of rows in the order of the columns, several codes as JSON text."""
    for row in rows:
        values = list(map(row.get, columns))
        for position in lists:
            values[position] = _stored(values[position], is_list=True)
        yield values


def _stored(value: object, is_list: bool) -> object:
    if is_list:
        return codes_text(value) if value else None  # type: ignore[arg-type]
    return value


def codes_text(codes: Iterable[str]) -> str:
    """Return several codes as the vault keeps them."""
    return _codes_text(tuple(codes))


@lru_cache(maxsize=10_000)
def _codes_text(codes: tuple[str, ...]) -> str:
    return json.dumps(codes, ensure_ascii=False)
