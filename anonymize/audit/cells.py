"""Rebuild, from published tables and code lists alone, which cells are one and which add up to which.

Written without a look at the protector: if the two disagree, one of them is wrong, and the audit shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .read import TOTAL, PublicRelease, PublicTable

Key = tuple[tuple[str, str], ...]
UNBOUNDED = float("inf")
LEAST_WITHHELD = 1.0  # zeros are published, so a reader knows that a withheld cell is not zero


@dataclass
class PublicCell:
    """A cell of a unit as readers see it.

    Args:
        key: Its coordinates.
        threshold: Below it a number is small.
        copies: Every (value, lower, upper) under which it is printed.
        tables: Where it is printed.
        least_withheld: The least number that a reader can think of where it is withheld.
        may_be_exact: Whether its table says that numbers from the threshold on are printed as they are.
    """

    key: Key
    threshold: int
    copies: set[tuple[object, object, object]]
    tables: set[str]
    least_withheld: float = LEAST_WITHHELD
    may_be_exact: bool = False

    @property
    def value(self) -> int | None:
        """Return the printed value, None where withheld or unreadable."""
        values = [value for value, _, _ in self.copies if isinstance(value, int)]
        return values[0] if values else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the strongest bounds that the prints give."""
        lowers = [float(lower) for _, lower, _ in self.copies if isinstance(lower, int)]
        uppers = [float(upper) for _, _, upper in self.copies if isinstance(upper, int)]
        return max(lowers, default=self.least_withheld), min(uppers, default=UNBOUNDED)


@dataclass
class PublicUnit:
    """All cells of a unit and all sums between them (parent position, child positions)."""

    unit: str
    money: bool
    cells: list[PublicCell]
    index: dict[Key, int]
    sums: set[tuple[int, tuple[int, ...]]]


def public_units(release: PublicRelease) -> dict[str, PublicUnit]:
    """Return the linked cells of every unit of a release."""
    units: dict[str, PublicUnit] = {}
    for table in release.tables.values():
        money = table.method == "suppression_rounded"
        unit = units.setdefault(table.unit, PublicUnit(table.unit, money, [], {}, set()))
        positions = _place_rows(release, table, unit)
        for axis, column in enumerate(table.columns):
            if column != table.stacked:
                known = release.codes.get(table.code_lists[column], {})
                parents = {code: entry.parent for code, entry in known.items()}
                unit.sums |= _sums(positions, axis, parents)
    return units


def _place_rows(release: PublicRelease, table: PublicTable, unit: PublicUnit) -> dict[tuple[str, ...], int]:
    positions: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        codes = tuple(str(code) for code in row.codes)
        key = _key(table, codes)
        if key not in unit.index:
            unit.index[key] = len(unit.cells)
            least = _least_withheld(release, table, codes)
            exact = table.method == "suppression"
            threshold = _threshold(release, table, codes)
            unit.cells.append(PublicCell(key, threshold, set(), set(), least, may_be_exact=exact))
        cell = unit.cells[unit.index[key]]
        cell.copies.add((row.value, row.lower, row.upper))
        cell.tables.add(table.name)
        positions[codes] = unit.index[key]
    return positions


def _least_withheld(release: PublicRelease, table: PublicTable, codes: tuple[str, ...]) -> float:
    """Return the least number that a reader can think of for a row if it is withheld.

    Money may be withheld where there is none, and counts where the release says that zeros may be.
    """
    zeros = release.settings.get("zeros", "published")
    maybe_zero = zeros == "protected" or (zeros == "sensitive" and is_sensitive(release, table, codes))
    return 0.0 if maybe_zero or table.method == "suppression_rounded" else LEAST_WITHHELD


def _key(table: PublicTable, codes: tuple[str, ...]) -> Key:
    coordinates = dict(zip(table.columns, codes, strict=True))
    if table.stacked:
        question = coordinates.pop(table.stacked)
        coordinates = {f"{column} of {question}": code for column, code in coordinates.items()}
    return tuple(sorted(pair for pair in coordinates.items() if pair[1] != TOTAL))


def is_sensitive(release: PublicRelease, table: PublicTable, codes: tuple[str, ...]) -> bool:
    """Return whether a row belongs to a category that the code lists mark as sensitive."""
    lists = (release.codes.get(table.code_lists[column], {}) for column in table.columns)
    return any(code in known and known[code].sensitive for code, known in zip(codes, lists, strict=True))


def _threshold(release: PublicRelease, table: PublicTable, codes: tuple[str, ...]) -> int:
    if is_sensitive(release, table, codes):
        return release.number("threshold_sensitive", 10)
    return release.number("threshold", 5)


def _sums(
    positions: Mapping[tuple[str, ...], int], axis: int, parents: Mapping[str, str]
) -> set[tuple[int, tuple[int, ...]]]:
    """Return the sums along one column: rows that differ in it only, each added to the row of its parent
    code.
    """
    # By the codes of the row above and not by its cell: in a stacked table every question has the same total.
    below: dict[tuple[str, ...], set[int]] = {}
    for codes, position in positions.items():
        parent = parents.get(codes[axis], TOTAL) or TOTAL
        above = (*codes[:axis], parent, *codes[axis + 1 :])
        if above in positions and codes[axis] != TOTAL:
            below.setdefault(above, set()).add(position)
    return {(positions[above], tuple(sorted(children))) for above, children in below.items()}
