"""What readers know between units narrows what rounding leaves open: find where, and print otherwise there.

An incident has at least one affected person, so what is printed of persons says something of incidents. Each
such comparison is a sum with one number more, which is not published and not negative: larger = smaller +
rest. With these sums all units are one system, asked as `overtime` asks one unit.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.tables.plan import CellKey, Equation, Integers, LinkedSystem, Marks, with_totals
from anonymize.tables.programs import Numbers, Reach, narrow_cells
from codebook.errors import ReleaseRefused

from .overtime import Room, neighbours

NUDGE_WEIGHT = 50.0  # on other prints around a narrow cell: above staying, below what releases must hold
FIRM_WEIGHT = 1000.0  # above that too, where gentle tries found nothing; what it opens over time is attacked
GENTLE_TRIES = 5
RINGS = 2  # of neighbours whose prints may change


@dataclass(frozen=True)
class NotMore:
    """A count that is never larger than another of the same shared dimension.

    Args:
        smaller: Unit.
        larger: Unit.
        shared: The dimension that means the same in both; totals are compared too.
        each: Dimension of the smaller unit, of which every single code is meant; '' for its total.
        only: Codes of `each` that are meant; all where empty.
        summed: Dimension of the larger unit whose codes are added up; '' for its total.
        over: The codes to add up.
    """

    smaller: str
    larger: str
    shared: str
    each: str = ""
    only: tuple[str, ...] = ()
    summed: str = ""
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoundedPart:
    """One rounded unit: its cells, true counts, what its prints leave open, and how wide cells must stay."""

    system: LinkedSystem
    counts: Integers
    room: Room
    widths: Integers


@dataclass(frozen=True)
class JoinedParts:
    """Several units as one system; the rests of the comparisons stand behind all cells (n_numbers each)."""

    equations: tuple[Equation, ...]
    offsets: Mapping[str, int]
    n_cells: int
    room: Room


def join_parts(parts: Mapping[str, RoundedPart], comparisons: Sequence[NotMore]) -> JoinedParts | None:
    """Return the units that are compared as one system, None where nothing can be compared.

    Raises:
        ReleaseRefused: The counts contradict a comparison.
    """
    offsets, n_cells = dict[str, int](), 0
    compared = {unit for one in comparisons for unit in (one.smaller, one.larger)}
    for unit in [unit for unit in parts if unit in compared]:
        offsets[unit] = n_cells
        n_cells += len(parts[unit].counts)
    systems = {unit: part.system for unit, part in parts.items()}
    pairs = dict.fromkeys(pair for one in comparisons for pair in _pairs(one, systems, offsets))
    if not pairs:
        return None
    equations = [
        (offsets[unit] + parent, tuple(offsets[unit] + child for child in children))
        for unit in offsets
        for parent, children in parts[unit].system.equations
    ]
    counts = np.concatenate([parts[unit].counts for unit in offsets])
    rests: list[float] = []
    for larger, smaller in pairs:
        total, rest = int(counts[list(larger)].sum()), n_cells + len(rests)
        if total < counts[smaller]:
            raise ReleaseRefused(
                f"counts of {' and '.join(offsets)} contradict what the methods page says of them",
                remedy="this is a fault of the program: report it, with the names of the units",
            )
        if len(larger) == 1:
            equations.append((larger[0], (smaller, rest)))
            rests.append(total - counts[smaller])
        else:  # both sides are sums: a number of its own stands between them
            equations += [(rest + 1, larger), (rest + 1, (smaller, rest))]
            rests += [total - counts[smaller], total]
    down = np.concatenate([*(parts[unit].room.down for unit in offsets), np.array(rests)])
    up = np.concatenate([*(parts[unit].room.up for unit in offsets), np.full(len(rests), np.inf)])
    return JoinedParts(tuple(equations), offsets, n_cells, Room(down, up))


def wide_between(
    systems: Mapping[str, LinkedSystem], sensitive: Mapping[str, Marks], comparisons: Sequence[NotMore]
) -> dict[str, Marks]:
    """Return which cells of each unit need the larger base: what is never less than one that does, too.

    A larger count printed 0 with the smaller base would say "at most 4" of every smaller one.
    """
    wide = {unit: with_totals(system, sensitive[unit]) for unit, system in systems.items()}
    nowhere = dict.fromkeys(systems, 0)
    present = [one for one in comparisons if {one.smaller, one.larger} <= systems.keys()]
    pairs = [(one, list(_pairs(one, systems, nowhere))) for one in present]
    changed = True
    while changed:
        changed = False
        for one, of_one in pairs:
            needed = [list(larger) for larger, smaller in of_one if wide[one.smaller][smaller]]
            marks = wide[one.larger].copy()
            for larger in needed:
                marks[larger] = True
            marks = with_totals(systems[one.larger], marks)
            changed = changed or bool((marks != wide[one.larger]).any())
            wide[one.larger] = marks
    return wide


def squeezed_between(
    parts: Mapping[str, RoundedPart], comparisons: Sequence[NotMore]
) -> tuple[int, dict[str, list[int]]]:
    """Return how many cells the comparisons leave too narrow, and unit -> the cells around them."""
    joined = join_parts(parts, comparisons)
    if joined is None:
        return 0, {}
    room, n_cells = joined.room, joined.n_cells
    widths = np.zeros(len(room.down))
    widths[:n_cells] = np.concatenate([parts[unit].widths for unit in joined.offsets])
    # What a unit's own prints leave too narrow is not for other prints of other units to mend.
    looked_at = np.flatnonzero((widths > 0) & (room.width >= widths))
    reach = Reach(joined.equations, room.down, room.up)
    doubtful = narrow_cells(reach, looked_at, widths, room.down, room.up)
    found = [cell for cell in doubtful if _width(reach, room, cell, int(widths[cell])) < widths[cell]]
    around = list(found)
    for _ in range(RINGS if found else 0):
        around = neighbours(joined.equations, around)
    return len(found), {
        unit: [cell - offset for cell in around if offset <= cell < offset + len(parts[unit].counts)]
        for unit, offset in joined.offsets.items()
    }


def _width(reach: Reach, room: Room, cell: int, wanted: int) -> int:
    """Return how far a cell can move up and down together, as far as is wanted."""
    total = 0
    for sign, most in ((1.0, room.up[cell]), (-1.0, room.down[cell])):
        steps = range(int(min(most, wanted)), 0, -1)
        total += next((step for step in steps if reach.move(cell, sign * step) is not None), 0)
    return total


def nudges(system: LinkedSystem, cells: Sequence[int], key: bytes, attempt: int) -> Numbers:
    """Return what printing some cells upwards costs more (one number each), so that prints differ."""
    texts = (f"{system.name(cell)}\x00between\x00{attempt}".encode() for cell in cells)
    upwards = [hmac.new(key, text, hashlib.sha256).digest()[0] < 128 for text in texts]
    weight = NUDGE_WEIGHT if attempt < GENTLE_TRIES else FIRM_WEIGHT
    return np.where(upwards, -weight, weight)


def _pairs(
    one: NotMore, systems: Mapping[str, LinkedSystem], offsets: Mapping[str, int]
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield (larger cells, smaller cell) for every comparison of published cells."""
    if one.smaller not in offsets or one.larger not in offsets:
        return
    smaller, larger = systems[one.smaller], systems[one.larger]
    groups = _codes_with_parts(smaller, one.each)
    for key, position in smaller.index.items():
        shared = _shared_part(one, key)
        if shared is None or dict(key).get(one.each) in groups:
            continue  # a person may stand in several parts of a group, and is counted there several times
        keys = [tuple(sorted((*shared, (one.summed, code)))) for code in one.over] or [shared]
        if all(each in larger.index for each in keys):
            cells = tuple(larger.index[each] + offsets[one.larger] for each in keys)
            yield cells, position + offsets[one.smaller]


def _codes_with_parts(system: LinkedSystem, dimension: str) -> frozenset[str]:
    found = set()
    for parent, children in system.equations:
        above, part = (dict(system.cells[at]).get(dimension, "") for at in (parent, children[0]))
        if above and above != part:
            found.add(above)
    return frozenset(found)


def _shared_part(one: NotMore, key: CellKey) -> CellKey | None:
    """Return the shared coordinate of a cell that is meant, None for any other cell."""
    rest = dict(key)
    if one.each:
        code = rest.pop(one.each, None)
        if code is None or (one.only and code not in one.only):
            return None
    shared = tuple((dimension, code) for dimension, code in rest.items() if dimension == one.shared)
    return shared if len(shared) == len(rest) else None
