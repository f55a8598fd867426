"""A linked system seen from one of its points: only what can still move, and each relation once.

Most cells of a suppressed table are printed as they are. They are put into the relations as numbers, and what
is left is small. Over several releases the copies of a cell may be tied, so that they move together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .programs import TOLERANCE, Linked, Numbers, Row


@dataclass(frozen=True)
class Moves:
    """Moves away from a point.

    Args:
        linked: Bounds and relations of the moves (n_moves); no move is fixed.
        origin: The point (n_cells).
        of_cell: Cell -> its move, -1 where it cannot move (n_cells).
        consistent: Whether the relations without any move hold at the point.
    """

    linked: Linked
    origin: Numbers
    of_cell: NDArray[np.int64]
    consistent: bool

    def point(self, moves: Numbers) -> Numbers:
        """Return the whole-number point that moves lead to (n_cells)."""
        reached: Numbers = self.origin + np.append(np.rint(moves), 0.0)[self.of_cell]
        return reached


def moves_from(linked: Linked, origin: Numbers, tied: NDArray[np.int64] | None = None) -> Moves:
    """Return the moves away from a point.

    Args:
        linked: What readers know.
        origin: A point (n_cells), at the bound of every cell that has one bound only to be at; a solution,
            or any other.
        tied: Cell -> number of the move that it follows; each its own where left out.
    """
    together = np.arange(len(origin)) if tied is None else tied
    n_moves = int(together.max(initial=-1)) + 1
    lower, upper = np.full(n_moves, -np.inf), np.full(n_moves, np.inf)
    np.maximum.at(lower, together, linked.lower - origin)
    np.minimum.at(upper, together, linked.upper - origin)
    rows = _moving_rows(linked.rows, origin, together)
    fixed = _tighten(lower, upper, rows)
    number = np.where(fixed, -1, np.cumsum(~fixed) - 1)
    kept, consistent = _without(rows, fixed, number)
    moving = Linked(lower[~fixed], upper[~fixed], kept)
    return Moves(moving, origin, number[together], consistent)


def _moving_rows(rows: Sequence[Row], origin: Numbers, tied: NDArray[np.int64]) -> list[Row]:
    """Return the relations as relations between moves."""
    moving: list[Row] = []
    for columns, values, low, high in rows:
        here = float(np.dot(values, origin[list(columns)]))
        together: dict[int, float] = {}
        for column, value in zip(columns, values, strict=True):
            move = int(tied[column])
            together[move] = together.get(move, 0.0) + value
        terms = sorted((move, value) for move, value in together.items() if value)
        sides = (low - here, high - here)
        moving.append((tuple(move for move, _ in terms), tuple(value for _, value in terms), *sides))
    return moving


def _tighten(lower: Numbers, upper: Numbers, rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Return which moves must be zero: those bound to it, and those alone in a sum that leaves them nowhere
    to go.
    """
    fixed: NDArray[np.bool_] = (lower == 0) & (upper == 0)
    waiting = [row for row in rows if row[2] == row[3] == 0]
    changed = True
    while changed:
        changed = False
        left = []
        for row in waiting:
            moving = [column for column in row[0] if not fixed[column]]
            if len(moving) == 1:
                fixed[moving[0]] = changed = True
            elif moving:
                left.append(row)
        waiting = left
    return fixed


def _without(
    rows: Sequence[Row], fixed: NDArray[np.bool_], number: NDArray[np.int64]
) -> tuple[list[Row], bool]:
    """Return the relations of the moves that are left, equal ones once, and whether the empty ones hold."""
    sides: dict[tuple[tuple[int, ...], tuple[float, ...]], tuple[float, float]] = {}
    consistent = True
    for columns, values, low, high in rows:
        terms = [(int(number[c]), v) for c, v in zip(columns, values, strict=True) if not fixed[c]]
        if not terms:
            consistent &= low <= TOLERANCE and high >= -TOLERANCE
            continue
        if terms[0][1] < 0:  # a sum and the same sum with other signs are one
            terms, low, high = [(c, -v) for c, v in terms], -high, -low
        key = tuple(c for c, _ in terms), tuple(v for _, v in terms)
        least, most = sides.get(key, (-np.inf, np.inf))
        sides[key] = max(least, low), min(most, high)
    return [(*key, low, high) for key, (low, high) in sides.items()], bool(consistent)
