"""Puts the rows of repeat tables under the rows they belong to: sheets of a workbook, files of an export.

The rows of repeats are held in memory by their parent's key; the main table is read row by row.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ingest.mapping import Sheet, Translation

from .columns import check_columns
from .table import BadRow, Row, Table

Opened = tuple[tuple[str, ...], Iterator[Row | BadRow]]  # a header and the rows below it


@dataclass(frozen=True)
class Parts:
    """The tables of one file.

    Attributes:
        file_name: For messages.
        present: Names of the tables that are there.
        open_part: Opens one of them.
    """

    file_name: str
    present: frozenset[str]
    open_part: Callable[[str], Opened]


class Joiner:
    """Puts the rows of repeat sheets under the rows that they belong to."""

    def __init__(self, parts: Parts, main: Sheet) -> None:
        self._parts = parts
        self._main = main
        self._children: dict[str, _Repeat] = {}

    def rows(self, rows: Iterator[Row | BadRow], table: Table) -> Iterator[Row | BadRow]:
        """Yield main rows with their repeats; rows of no record go to `table.orphans`.

        Raises:
            SourceError: A repeat cannot be read, or its columns are not those that are declared.
        """
        for repeat in self._main.repeats:
            if repeat.name in self._parts.present:
                self._children[repeat.name] = _Repeat(self._parts, repeat)
        for child in self._children.values():
            table.sheet_rows.update(child.counts())
            table.orphans += child.unreadable
        for row in rows:
            yield self._joined(row)
        for child in self._children.values():
            table.orphans += child.left_over()

    def _joined(self, row: Row | BadRow) -> Row | BadRow:
        # The repeats of a row that cannot be read go to quarantine too: they belong to no record.
        if not self._children or isinstance(row, BadRow):
            return row
        if any(child.is_taken(row) for child in self._children.values()):
            return BadRow(row.number, "contradiction", "join", row.cells)
        repeats = {name: child.rows_of(row.cells) for name, child in self._children.items()}
        return replace(row, repeats={name: rows for name, rows in repeats.items() if rows})


class _Repeat:
    """The rows of one repeat sheet by their parent's key, their own repeats already under them."""

    def __init__(self, parts: Parts, sheet: Sheet) -> None:
        self._sheet = sheet
        self._by_key: dict[tuple[str, ...], list[Row]] = {}
        self._used: set[tuple[str, ...]] = set()
        self._parents: dict[tuple[str, ...], int] = {}
        self.unreadable: list[BadRow] = []
        self._inner: list[_Repeat] = []
        header, rows = parts.open_part(sheet.name)
        if sheet.translation:
            header, rows = sheet.translation.header(header), _translated(rows, sheet.translation)
        check_columns(sheet, header, place=f"{parts.file_name}, sheet {sheet.name}")
        inner = {one.name: _Repeat(parts, one) for one in sheet.repeats if one.name in parts.present}
        self._inner = list(inner.values())
        self._total = 0
        for row in rows:
            self._total += 1
            if isinstance(row, BadRow):
                self.unreadable.append(replace(row, place=sheet.name))
                continue
            below = {key: child.rows_of(row.cells) for key, child in inner.items()}
            key = tuple(_key_text(row.cells.get(column, "")) for column in sheet.join)
            self._by_key.setdefault(key, []).append(
                replace(row, repeats={k: v for k, v in below.items() if v})
            )

    def rows_of(self, parent: Mapping[str, Any]) -> tuple[Row, ...]:
        """Return the rows that belong to a row of the parent sheet."""
        key = tuple(_key_text(parent.get(column, "")) for column in self._sheet.join.values())
        if key not in self._by_key or not all(key):
            return ()
        self._used.add(key)
        return tuple(self._by_key[key])

    def is_taken(self, parent: Row) -> bool:
        """Return whether another, different row of the parent sheet has the same key."""
        key = tuple(_key_text(parent.cells.get(column, "")) for column in self._sheet.join.values())
        content = hash(tuple(parent.cells.values()))
        return key in self._by_key and self._parents.setdefault(key, content) != content

    def counts(self) -> dict[str, int]:
        """Return the rows of this sheet and of the sheets below it."""
        found = {self._sheet.name: self._total}
        for child in self._inner:
            found.update(child.counts())
        return found

    def left_over(self) -> list[BadRow]:
        """Return the rows that belong to no parent row."""
        lost = [
            BadRow(row.number, "contradiction", self._sheet.name, row.cells)
            for key, rows in self._by_key.items()
            if key not in self._used
            for row in rows
        ]
        return lost + [row for child in self._inner for row in child.left_over() + child.unreadable]


def _translated(rows: Iterator[Row | BadRow], translation: Translation) -> Iterator[Row | BadRow]:
    for row in rows:
        yield replace(row, cells=translation.cells(row.cells)) if isinstance(row, Row) else row


def _key_text(cell: Any) -> str:
    return str(cell).strip()


def every_repeat(sheet: Sheet) -> Iterator[Sheet]:
    """Yield the repeats of a table and theirs."""
    for repeat in sheet.repeats:
        yield repeat
        yield from every_repeat(repeat)
