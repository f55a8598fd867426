"""What every reader hands over: a header, rows of text, and what was seen on the way.

Limits that keep memory bounded are here, so that they are the same in every format.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from codebook import SourceError

MAXIMUM_CELL = 100_000  # characters; a longer cell sends its row to quarantine (Excel's own limit is 32,767)
MAXIMUM_LINE = 2_000_000  # characters of one line of a text file
MAXIMUM_COLUMNS = 1_000

Cell = str | tuple[str, ...]  # a tuple where JSON holds a list


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table, its cells by column, and the rows of its repeats by repeat name.

    Attributes:
        number: Row in the file, the header being row 1; for JSON the position of the record, from 1.
    """

    number: int
    cells: Mapping[str, Cell]
    repeats: "Mapping[str, tuple[Row, ...]]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read as one: kept as it is, for quarantine.

    Attributes:
        reason: Code of list quarantine_reason.
        place: Column or sheet, where one is known.
    """

    number: int
    reason: str
    place: str
    cells: Mapping[str, Cell]


@dataclass
class Table:
    """A file opened for reading: its header at once, its rows as they are asked for.

    Attributes:
        serial_dates: A plain number in a date column is a day of Excel's calendar.
        keys_vary: A record may lack a column (JSON leaves out what was not answered).
        notices: What the data officer should know; counts and names of columns and sheets, no values.
        sheet_rows: Rows of each repeat, by name.
        orphans: Rows of repeats that belong to no record, with the repeat's name as their place.
        close: Lets go of the file; called by the `with` block in which a table is used.
    """

    header: tuple[str, ...]
    rows: Iterator[Row | BadRow]
    keys_vary: bool = False
    serial_dates: bool = False
    notices: list[str] = field(default_factory=list)
    sheet_rows: dict[str, int] = field(default_factory=dict)
    orphans: list[BadRow] = field(default_factory=list)
    close: Callable[[], None] = lambda: None

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def number_repeated(names: list[str]) -> tuple[str, ...]:
    """Return the column names, the second of one name as `name [2]`, so that each can be mapped."""
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(name if seen[name] == 1 or not name else f"{name} [{seen[name]}]")
    return tuple(numbered)


def too_long_column(cells: Mapping[str, Cell]) -> str | None:
    """Return the column of a cell longer than `MAXIMUM_CELL`, if there is one."""
    for column, cell in cells.items():
        if len(cell) > MAXIMUM_CELL or (isinstance(cell, tuple) and sum(map(len, cell)) > MAXIMUM_CELL):
            return column
    return None


def empty_file(name: str) -> SourceError:
    """Return the error for a file in which there is nothing."""
    return SourceError(f"{name}: the file is empty", remedy="export it again; nothing was stored")


def header_only(name: str) -> SourceError:
    """Return the error for a table that has a header and no rows."""
    return SourceError(
        f"{name}: there is a header and not one row",
        remedy="export it again with its rows; nothing was stored",
    )
