"""Several releases of one unit as one system: its cells in every release, and what ties them together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .cells import Key, PublicUnit
from .programs import Linked, Row, sum_rows
from .read import PublicRelease
from .records import linked_with_records

Past = Sequence[tuple[PublicRelease, Mapping[str, PublicUnit]]]
"""Earlier releases and their units, oldest first."""


Belief = Callable[[Key, PublicRelease], tuple[float, float] | None]
"""What a reader holds true between a release and the next: the bounds of (later count - earlier count), or
None for no belief.
"""


@dataclass(frozen=True)
class Stack:
    """The unit of a release followed by the same unit of earlier ones, the newest first.

    Args:
        linked: Bounds and sums of all releases; nothing ties one to another yet.
        tied: Column -> number of the cell whose copy it is (n_columns).
        steps: (cell, older release, column there, column in the next release that has the cell).
    """

    linked: Linked
    tied: NDArray[np.int64]
    steps: Sequence[tuple[Key, PublicRelease, int, int]]


def stacked_unit(unit: PublicUnit, release: PublicRelease, past: Past) -> Stack:
    """Return a unit in this release and all earlier ones, with what the records of each prove.

    Each cell is tied to its own next copy.
    """
    now = linked_with_records(unit, release)
    lower, upper, rows = [now.lower], [now.upper], list(now.rows)
    number = dict(unit.index)
    tied = [np.arange(len(unit.cells))]
    steps: list[tuple[Key, PublicRelease, int, int]] = []
    newer = dict(unit.index)
    offset = len(unit.cells)
    for earlier, units in reversed(past):
        then = units.get(unit.unit)
        if then is None:
            continue
        linked = linked_with_records(then, earlier)
        lower.append(linked.lower)
        upper.append(linked.upper)
        rows += sum_rows(then.sums, offset)
        tied.append(np.array([number.setdefault(cell.key, len(number)) for cell in then.cells]))
        for position, cell in enumerate(then.cells):
            if cell.key in newer:
                steps.append((cell.key, earlier, offset + position, newer[cell.key]))
            newer[cell.key] = offset + position
        offset += len(then.cells)
    together = Linked(np.concatenate(lower), np.concatenate(upper), rows)
    return Stack(together, np.concatenate(tied).astype(np.int64), steps)


def believed_rows(stack: Stack, belief: Belief) -> list[Row]:
    """Return what a reader holds true of the change of each cell from one release to the next."""
    rows: list[Row] = []
    for key, release, older, newer in stack.steps:
        bounds = belief(key, release)
        if bounds is not None:
            rows.append(((newer, older), (1.0, -1.0), *bounds))
    return rows


def with_beliefs(stack: Stack, held: Sequence[Row]) -> tuple[Linked, NDArray[np.int64]]:
    """Return the releases tied by what a reader holds true, and the tie of each column that is left.

    A cell that she believes unchanged is one column in all releases: the program is little larger than that
    of the newest, whose cells keep their places.
    """
    linked, of = stack.linked, np.arange(len(stack.linked.lower))
    same = [row[0] for row in held if row[2] == row[3] == 0.0 and row[1] == (1.0, -1.0)]
    # Every older column is tied to one newer column only, so that going from old to new ends.
    newer = {older: one for one, older in same}
    for column in range(len(of)):
        of[column] = newer.get(column, column)
    while (of != of[of]).any():
        of = of[of]
    kept = np.flatnonzero(of == np.arange(len(of)))
    number = np.zeros(len(of), dtype=np.int64)
    number[kept] = np.arange(len(kept))
    column_of = number[of]
    lower, upper = np.full(len(kept), -np.inf), np.full(len(kept), np.inf)
    np.maximum.at(lower, column_of, linked.lower)
    np.minimum.at(upper, column_of, linked.upper)
    rows = dict.fromkeys(_with_columns(row, column_of) for row in (*linked.rows, *held))
    return Linked(lower, upper, [row for row in rows if row[0]]), stack.tied[kept]


def _with_columns(row: Row, column_of: NDArray[np.int64]) -> Row:
    """Return a relation of other columns; what cancels is left out."""
    terms: dict[int, float] = {}
    for column, value in zip(row[0], row[1], strict=True):
        one = int(column_of[column])
        terms[one] = terms.get(one, 0.0) + value
    left = [(column, value) for column, value in terms.items() if value]
    return tuple(column for column, _ in left), tuple(value for _, value in left), row[2], row[3]


def prints_nothing_new(unit: PublicUnit, past: Past) -> bool:
    """Return whether every earlier release printed the same cells alike: then it adds nothing to this one."""
    printed = {cell.key: cell.copies for cell in unit.cells}
    others = [units[unit.unit] for _, units in past if unit.unit in units]
    return all(
        len(then.cells) == len(unit.cells) and all(printed.get(c.key) == c.copies for c in then.cells)
        for then in others
    )
