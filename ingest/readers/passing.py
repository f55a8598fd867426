"""Rows that a declaration passes over: counted by the column that says so, in every format."""

from collections import Counter
from collections.abc import Iterator, Mapping

from codebook import fold
from ingest.mapping import Sheet

from .table import BadRow, Cell, Row, Table


def pass_over(table: Table, sheet: Sheet) -> Table:
    """Return a table without the rows that `skip_rows` names; how many there were becomes a notice."""
    if sheet.skip_rows:
        table.rows = _kept(table, table.rows, sheet.skip_rows)
    return table


def _kept(
    table: Table, rows: Iterator[Row | BadRow], skipped: Mapping[str, frozenset[str]]
) -> Iterator[Row | BadRow]:
    passed: Counter[str] = Counter()
    for row in rows:
        column = next(
            (name for name, cells in skipped.items() if _said(row.cells.get(name, "")) in cells), ""
        )
        if column and isinstance(row, Row):
            passed[column] += 1
            _uncount(row, table.sheet_rows)
        else:
            yield row
    for column, number in passed.items():
        table.notices.append(f"{number} rows were passed over for what `skip_rows` says of {column}")


def _said(cell: Cell) -> str:
    return fold(cell if isinstance(cell, str) else " ".join(cell))


def _uncount(row: Row, counts: dict[str, int]) -> None:
    """Take the repeats of a row that is passed over out of the counts of their tables."""
    for name, children in row.repeats.items():
        counts[name] -= len(children)
        for child in children:
            _uncount(child, counts)
