"""What all releases together leave open of each cell, remembered in the ledger beside the last print.

The reader against whom a new print is judged knows every true change from release to release (stronger than
one who believes that counts only grow, or that closed periods stay). For her, what each release leaves open
is room above and below the truth, and only the smallest room over all releases is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import Equation, Integers, LinkedSystem
from anonymize.tables.programs import Numbers, Reach, narrow_cells

Remembered = Mapping[str, tuple[int, int]]
ROOM, WITHHELD = "#room", "#withheld"  # kinds of entries; a cell's own entry is its bare canonical name
BOUNDLESS = 10**9  # stands for no bound, because the ledger holds whole numbers
HOLD_WEIGHT = 500.0  # on the print that leaves enough room over all releases
MOST_ROUNDS = 3
MOST_LOOKED_AT = 40


@dataclass(frozen=True)
class Room:
    """How far each cell could be below and above its true count (n_cells each, infinite for no bound)."""

    down: Numbers
    up: Numbers

    @property
    def width(self) -> Numbers:
        """Return the width of each cell's interval."""
        return self.down + self.up

    def within(self, other: "Room") -> "Room":
        """Return the room that two releases leave together."""
        return Room(np.minimum(self.down, other.down), np.minimum(self.up, other.up))


def is_cell(name: str) -> bool:
    """Return whether a ledger entry is a cell's count and print, not what is remembered beside it."""
    return "#" not in name


def past_room(system: LinkedSystem, ledger: Remembered) -> Room:
    """Return what all earlier releases left open; boundless for cells that none had."""
    n_cells = len(system.cells)
    down, up = np.full(n_cells, np.inf), np.full(n_cells, np.inf)
    for position in range(n_cells) if ledger else ():
        found = ledger.get(system.name(position) + ROOM)
        if found is not None:
            down[position], up[position] = (np.inf if part >= BOUNDLESS else part for part in found)
    return Room(down, up)


def withheld_before(system: LinkedSystem, ledger: Remembered) -> NDArray[np.bool_]:
    """Return the cells that an earlier release withheld: shown now, they would give away what hid behind."""
    names = (system.name(position) + WITHHELD for position in range(len(system.cells)))
    return np.array([name in ledger for name in names], dtype=np.bool_)


def printed_room(
    counts: Integers, prints: Integers, bases: Integers, withheld: NDArray[np.bool_] | None = None
) -> Room:
    """Return what prints and the published rule leave open; of a withheld cell, that it is not zero."""
    hidden = np.zeros(len(counts), dtype=np.bool_) if withheld is None else withheld
    lower = np.maximum(0, prints - (bases - 1))
    up = np.where(hidden, np.inf, prints + bases - 1.0 - counts)
    return Room(np.where(hidden, counts - 1.0, counts - lower), up)


def proven_room(system: LinkedSystem, counts: Integers, minimum: Mapping[str, int]) -> Room:
    """Return what published records leave open: later releases, with or without records, stand beside them.

    Args:
        system: The cells.
        counts: True counts.
        minimum: Canonical cell name -> count that the records prove.
    """
    proven = np.array([minimum.get(system.name(position), 0) for position in range(len(counts))])
    return Room((counts - proven).astype(np.float64), np.full(len(counts), np.inf))


def remembered_room(
    system: LinkedSystem, room: Room, withheld: NDArray[np.bool_]
) -> dict[str, tuple[int, int]]:
    """Return what the ledger must keep of this and all earlier releases."""
    entries: dict[str, tuple[int, int]] = {}
    for position in range(len(system.cells)):
        name = system.name(position)
        down, up = (
            BOUNDLESS if np.isinf(part) else int(part) for part in (room.down[position], room.up[position])
        )
        entries[name + ROOM] = down, up
        if withheld[position]:
            entries[name + WITHHELD] = 1, 1
    return entries


def hold_costs(past: Room, counts: Integers, bases: Integers, widths: Integers) -> Numbers:
    """Return what printing upwards should cost each cell so that enough room is left over all releases.

    Args:
        past: Room that earlier releases left.
        counts: True counts.
        bases: Base of each cell.
        widths: How wide each cell's interval should stay.
    """
    floors = counts // bases * bases
    left = [past.within(printed_room(counts, prints, bases)).width for prints in (floors, floors + bases)]
    enough_below, enough_above = (np.minimum(width, widths) for width in left)
    return np.where(counts % bases != 0, HOLD_WEIGHT * (enough_below - enough_above), 0.0)


def squeezed_cells(system: LinkedSystem, room: Room, printed: Room, widths: Integers) -> list[int]:
    """Return the cells that the sums of all releases leave too little room.

    Looked at are the `MOST_LOOKED_AT` narrowest of those of which earlier releases said what this one does
    not: 12 ms each on the full plan.

    Args:
        system: The cells and their sums.
        room: What all releases leave open.
        printed: What the new prints alone leave open.
        widths: How wide each cell's interval must be.
    """
    doubtful = np.flatnonzero((room.width < printed.width) & (room.width <= widths + 2))
    if not len(doubtful):
        return []
    narrowest = doubtful[np.argsort(room.width[doubtful] - widths[doubtful], kind="stable")]
    reach = Reach(system.equations, room.down, room.up)
    looked_at = narrowest[:MOST_LOOKED_AT]
    return narrow_cells(reach, looked_at, widths.astype(np.float64), room.down, room.up)


def neighbours(equations: Sequence[Equation], cells: Sequence[int]) -> list[int]:
    """Return the cells that stand in a sum with one of these, themselves included."""
    wanted, found = set(cells), set(cells)
    for parent, children in equations:
        if wanted & {parent, *children}:
            found |= {parent, *children}
    return sorted(found)
