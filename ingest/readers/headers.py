"""Which row of a table is its header, and is it one? Rows above it are counted, rows in its place refused.

A name that the declaration knows is a name. Of the others none is told here: it may be a value.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from codebook import SourceError
from ingest.mapping import Sheet

from .table import MAXIMUM_COLUMNS, empty_file, number_repeated

_SEARCHED = 30  # rows at the top of a table among which the header is sought
_HXL_TAG = re.compile(r"#[a-z][a-z_]*(?:\s*\+[a-z_]+)*")
_LIKE_A_VALUE = re.compile(
    r"""[-+]?\d+(?:[.,]\d+)?\s*%?              # a number
    | \d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*        # a date
    | \d{4}-\d{2}(?:-\d{2}.*)?
    | \+?[\d\s()-]{7,}                         # a phone
    | \S+@\S+\.\S+ | \w+://\S+                 # an address of mail or web
    | (?:uuid:)?[0-9a-f]{8}-[0-9a-f-]{27}      # an id that a form server gives
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

Cells = Sequence[str]


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes:
        names: Column names, repeated ones numbered.
        number: Row of the file in which it stands, from 1; 0 where the declaration names the columns.
        read: Rows below it that were read in search of a better one.
        notices: What stood above it.
    """

    names: tuple[str, ...]
    number: int
    read: tuple[tuple[int, Cells], ...] = ()
    notices: list[str] = field(default_factory=list)


def find_header(
    rows: Iterator[tuple[int, Cells]], sheet: Sheet, names: tuple[str, ...], place: str
) -> Header:
    """Return the header of a table: the first filled row, unless a later one holds all declared names.

    Args:
        rows: Every row of the table with its number in the file, blank ones included.
        sheet: What the declaration knows of the table.
        names: Column names of a table that has no header; empty where it has one.
        place: File and sheet, for messages.

    Raises:
        SourceError: Nothing there, too wide, or a row of values where the header should be.
    """
    if names:
        return Header(names, 0)
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise empty_file(place)
    number, found, read = _best(first, filled, sheet.mapped_columns)
    cleaned = _trimmed([cell.strip().removeprefix("\ufeff").strip() for cell in found])
    if len(cleaned) > MAXIMUM_COLUMNS:
        raise SourceError(
            f"{place}: the header has more than {MAXIMUM_COLUMNS} columns or a line that never ends",
            remedy="this is not a table as groups keep them; export it again",
        )
    header = number_repeated(cleaned)
    _refuse_values(header, sheet, place)
    notices = []
    if number > 1:
        notices.append(f"the header is row {number}; the rows above it (blank, titles) were not read")
    return Header(header, number, tuple(read), notices)


def _best(
    first: tuple[int, Cells], rest: Iterator[tuple[int, Cells]], declared: Collection[str]
) -> tuple[int, Cells, list[tuple[int, Cells]]]:
    """Return the row that holds the declared names, and the rows read; the first row where none does."""
    wanted = set(declared)
    if not wanted or wanted & _stripped(first[1]):
        return *first, []
    read = [first]
    for one in rest:
        read.append(one)
        if wanted <= _stripped(one[1]):
            return *one, []
        if len(read) >= _SEARCHED:
            break
    return *first, read[1:]


def _stripped(cells: Cells) -> set[str]:
    return set(number_repeated([cell.strip().removeprefix("\ufeff").strip() for cell in cells]))


def _trimmed(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names


def _refuse_values(header: Sequence[str], sheet: Sheet, place: str) -> None:
    strange = [name for name in header if name and not is_declared(sheet, name)]
    values = sum(bool(_LIKE_A_VALUE.fullmatch(name)) for name in strange)
    if values:
        raise SourceError(
            f"{place}: {values} of {len(header)} names in the header look like values (numbers, dates, "
            "phones, addresses): a record stands in the header's place, or has run into it",
            remedy="give the file its header row; if it never has one, declare `header: none` and `names`",
        )
    if any(name.count("\n") > 1 or len(name) > 300 for name in strange):
        raise SourceError(
            f"{place}: a name in the header runs over several lines: a quote does not close there",
            remedy="repair the quotes in the first lines of the file, or export it again",
        )


def is_declared(sheet: Sheet, name: str) -> bool:
    """Return whether the declaration speaks of a column by name or pattern."""
    return (
        name in sheet.mapped_columns
        or name in sheet.ignore
        or name in sheet.drop_coordinates
        or any(re.fullmatch(pattern, name) for pattern in sheet.ignore_pattern)
    )


def is_tags(cells: Cells) -> bool:
    """Return whether a row under the header holds HXL tags, which form servers add, and no record."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(_HXL_TAG.fullmatch(cell) for cell in filled)


def refuse_other_width(widths: Sequence[int], header: Sequence[str], sheet: Sheet, place: str) -> None:
    """Refuse a table whose rows are not as wide as the header, as where a row has run into it.

    Names that nobody declared are told to a person. So where the header has such names, most rows must be as
    wide as it is: else they are values of a record.

    Args:
        widths: Cells of each row looked at; 0 where a row could not be read.

    Raises:
        SourceError: A row has run into the header, or the delimiter is not the right one.
    """
    narrow = [width for width in widths if width < len(header)]
    is_strange = any(name and not is_declared(sheet, name) for name in header)
    is_alike = len(narrow) == len(widths) and all(widths)
    if widths and len(header) > 1 and (is_alike or (is_strange and 2 * len(narrow) > len(widths))):
        raise SourceError(
            f"{place}: the header has {len(header)} columns, and {len(narrow)} of {len(widths)} rows "
            "have fewer",
            remedy="a row may have run into the header: look at the end of its line; check `delimiter`",
        )
