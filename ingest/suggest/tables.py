"""One table of an unknown file: its header found, its columns profiled in one pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codebook import SourceError
from ingest.mapping import Block, Sheet, Source
from ingest.readers import Row, open_table
from ingest.readers.table import number_repeated

from .profile import Column
from .words import FieldWords

_REMEMBERED = 5_000  # rows by which keys and joins are found


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


def find_names(rows: Iterator[Sequence[str]], words: FieldWords, place: str) -> tuple[str, ...]:
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


def bare_sheet(name: str, header: Sequence[str]) -> Sheet:
    """Return a table of which only the names of its columns are known."""
    return Sheet(name, Block({column: () for column in header if column}))


def look_at(path: Path, source: Source, name: str = "") -> LookedAt:
    """Return the profile of a table, read as `source` says."""
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
    if len(found.rows) < _REMEMBERED:
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
