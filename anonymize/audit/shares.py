"""What a table tells of everybody in a group: the share of a sensitive category among persons whom one knows.

The family knows age, place, time and the kind of perpetrator. The reader here divides: prints by prints, and,
with a linear program over all cells of the unit, the least that a category can make of a group. Counts of
rows stand for persons, of whom some stand in several rows: then the true share is larger still.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from codebook import Verdict

from .cells import Key, PublicUnit
from .exhibit import Exhibit
from .findings import Finding
from .intervals import linked_unit
from .programs import TOLERANCE, is_optimal, linear_solver, point_of, set_objective
from .read import TOTAL, PublicRelease, PublicTable

# Words of names of columns whose code the family knows of the person.
KNOWN_TO_FAMILY = frozenset(
    {
        "period",
        "year",
        "quarter",
        "place",
        "region",
        "district",
        "age",
        "sex",
        "marital",
        "household",
        "actor",
    }
    | {"relationship", "perpetrator", "nationality", "ethnicity"}
)
# A unit in which not everybody stands -> the unit of everybody, dated alike.
EVERYBODY = {"contexts": "persons"}
DEFAULT_RISE, DEFAULT_HIGHEST = 10, 50  # percent, where a release does not say


@dataclass(frozen=True)
class Share:
    """A sensitive category in a known group: where they stand in the cells of a unit."""

    unit: str
    cell: Key
    group: Key
    category: Key


Bounds = tuple[float, float | None, float]
"""The least that a number can be, its print (None where withheld) and the most that it can be."""


def _shares_of(release: PublicRelease, table: PublicTable) -> Iterator[Share]:
    """Yield every sensitive category that a table crosses with columns that the family knows."""
    if table.method == "suppression_rounded" or table.stacked:
        return
    about = [not KNOWN_TO_FAMILY.isdisjoint(column.split("_")) for column in table.columns]
    for row in table.rows:
        pairs = [
            (column, str(code), known)
            for column, code, known in zip(table.columns, row.codes, about, strict=True)
            if str(code) != TOTAL
        ]
        told = [(column, code) for column, code, known in pairs if not known]
        group = tuple(sorted((column, code) for column, code, known in pairs if known))
        if len(told) != 1 or not group:
            continue
        entry = release.codes.get(table.code_lists[told[0][0]], {}).get(told[0][1])
        if entry is not None and entry.sensitive:
            yield Share(table.unit, tuple(sorted((*group, *told))), group, tuple(told))


def _whole(exhibit: Exhibit, share: Share) -> tuple[Bounds, tuple[Bounds, Bounds]] | None:
    """Return the bounds of the group, and of the category and everybody; None where no group is printed."""
    unit = exhibit.units[share.unit]
    everybody = exhibit.units.get(EVERYBODY.get(share.unit, share.unit))
    if everybody is None or share.group not in everybody.index or () not in everybody.index:
        return None
    category = _bounds(unit, share.category) if share.category in unit.index else (0.0, None, 0.0)
    return _bounds(everybody, share.group), (category, _bounds(everybody, ()))


def _bounds(unit: PublicUnit, key: Key) -> Bounds:
    cell = unit.cells[unit.index[key]]
    low, high = cell.bounds
    return low, cell.value, high


def _least(cell: Bounds, group: Bounds) -> float:
    return cell[0] / max(cell[0], group[2]) if cell[0] > 0 and np.isfinite(group[2]) else 0.0


def _largest(of_all: tuple[Bounds, Bounds]) -> float:
    category, everybody = of_all
    return min(1.0, category[2] / max(1.0, everybody[0]))


def _printed(cell: Bounds, group: Bounds) -> float:
    return cell[1] / group[1] if cell[1] and group[1] else 0.0


def _may_be_proved(cell: Bounds, group: Bounds, limit: float) -> bool:
    """Return whether programs can prove it: what is printed is a solution, unless something is withheld."""
    return cell[1] is None or group[1] is None or _printed(cell, group) > limit


def _is_proved(solver: Any, unit: PublicUnit, share: Share, limit: float) -> bool:
    """Return whether no numbers that agree with all prints give the group a share up to the limit."""
    cost = np.zeros(len(unit.cells))
    cost[unit.index[share.cell]] = 1.0
    cost[unit.index[share.group]] = -limit
    set_objective(solver, cost)
    solver.run()
    return is_optimal(solver) and float(cost @ point_of(solver)) > TOLERANCE


class _Reader:
    """Looks at the shares of a release, and keeps the programs of its units."""

    def __init__(self, exhibit: Exhibit) -> None:
        number = exhibit.release.number
        self.rise = number("share_rise_percent", DEFAULT_RISE) / 100
        self.highest = number("share_highest_percent", DEFAULT_HIGHEST) / 100
        self._exhibit = exhibit
        self._solvers: dict[str, Any] = {}

    def tells(self, share: Share) -> Iterator[str]:
        """Yield how a share tells too much: by bounds or programs, and by prints."""
        unit, whole = self._exhibit.units[share.unit], _whole(self._exhibit, share)
        if whole is None:
            return
        group, of_all = whole
        cell = _bounds(unit, share.cell)
        limit = _largest(of_all) + self.rise
        if _least(cell, group) > limit:
            yield "bounds"
        elif share.unit not in EVERYBODY and _may_be_proved(cell, group, limit):
            if share.unit not in self._solvers:
                self._solvers[share.unit] = linear_solver(linked_unit(unit))
            if _is_proved(self._solvers[share.unit], unit, share, limit):
                yield "programs"
        if _printed(cell, group) > max(self.highest, _printed(*of_all) + self.rise):
            yield "prints"


def check_shares(exhibit: Exhibit) -> Finding:
    """Compare the share of each sensitive category in each known group with its share of all.

    A share that the printed bounds of one row prove to be too high fails; one that only the programs prove,
    or that prints alone show, is put to a person. Told are numbers of tables only.
    """
    reader = _Reader(exhibit)
    found: dict[str, set[str]] = {"bounds": set(), "programs": set(), "prints": set()}
    looked_at = 0
    for table in exhibit.release.tables.values():
        for share in _shares_of(exhibit.release, table):
            looked_at += 1
            for how in reader.tells(share):
                found[how].add(table.name)
    counts: dict[str, object] = {"shares": looked_at}
    counts |= {f"tables_where_{how}_tell_too_much": sorted(tables) for how, tables in found.items()}
    verdict = Verdict.FAIL if found["bounds"] else Verdict.REVIEW if any(found.values()) else Verdict.PASS
    rule = (
        "rule 24: a known group is not proved to be in a sensitive category by more than "
        f"{reader.rise:.0%} above all, nor printed so by more than {reader.highest:.0%}"
    )
    remedy = "put categories of that table together, cross it with fewer columns, or leave it out"
    return Finding("shares", verdict, rule, counts, remedy)
