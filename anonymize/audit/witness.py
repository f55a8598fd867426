"""Find tables that differ from a known one in few cells: the fastest proof that a cell is not pinned down.

From a whole-number solution, move one cell by the width asked for and all others as little as possible. That
linear program has whole-number answers far more often than the one that asks how far a cell can go at all.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .programs import TOLERANCE, Linked, Row, is_optimal, linear_solver, point_of, set_objective

Numbers = NDArray[np.float64]


class WitnessSearch:
    """Cheapest moves away from one whole-number solution; solved again and again with other bounds only.

    Over several releases the copies of a cell move together: whatever is believed of the differences between
    releases stays as it was, and the program is no larger than that of one release.
    """

    def __init__(self, linked: Linked, start: Numbers, tied: NDArray[np.int64] | None = None) -> None:
        """Prepare the moves.

        Args:
            linked: What readers know.
            start: A whole-number solution of it.
            tied: Column -> number of the move that it follows; each by itself where left out.
        """
        self._start = start
        self._tied = np.arange(len(start)) if tied is None else tied
        n_moves = self._n_moves = int(self._tied.max(initial=-1)) + 1
        room = np.full(2 * n_moves, np.inf)  # up, then down
        np.minimum.at(room, self._tied, linked.upper - start)
        np.minimum.at(room, n_moves + self._tied, start - linked.lower)
        self._room = room
        moves = Linked(np.zeros(2 * n_moves), room, _moving_rows(linked.rows, start, self._tied))
        self._solver: Any = linear_solver(moves)
        # Slightly different prices: of many equally short cycles one is taken whole instead of several in
        # parts.
        prices = 1.0 + np.modf(np.arange(2 * n_moves) * 0.6180339887)[0] / 1000
        set_objective(self._solver, prices)

    def moved(self, position: int, width: float) -> Numbers | None:
        """Return a whole-number solution in which the cell is so far from where it was, or None if none was
        found.
        """
        up, down = int(self._tied[position]), int(self._n_moves + self._tied[position])
        for moving, resting in ((up, down), (down, up)):
            if self._room[moving] < width:
                continue
            self._solver.changeColBounds(moving, width, width)
            self._solver.changeColBounds(resting, 0.0, 0.0)
            self._solver.run()
            found = is_optimal(self._solver)
            move = point_of(self._solver) if found else None
            self._restore(moving)
            self._restore(resting)
            if move is not None and np.abs(move - np.rint(move)).max() <= TOLERANCE:
                steps = np.rint(move[: self._n_moves] - move[self._n_moves :])
                witness: Numbers = self._start + steps[self._tied]
                return witness
        return None

    def _restore(self, column: int) -> None:
        room = self._room[column]
        self._solver.changeColBounds(column, 0.0, room if np.isfinite(room) else self._solver.getInfinity())


def _moving_rows(rows: Sequence[Row], start: Numbers, tied: NDArray[np.int64]) -> list[Row]:
    """Return the relations as relations between moves up and moves down; equal ones once."""
    n_moves = int(tied.max(initial=-1)) + 1
    moving: dict[Row, None] = {}
    for columns, values, low, high in rows:
        here = float(np.dot(values, start[list(columns)]))
        together: dict[int, float] = {}
        for column, value in zip(columns, values, strict=True):
            together[int(tied[column])] = together.get(int(tied[column]), 0.0) + value
        moves = sorted((move, value) for move, value in together.items() if value)
        if moves:
            both = (*(move for move, _ in moves), *(n_moves + move for move, _ in moves))
            values = (*(value for _, value in moves), *(-value for _, value in moves))
            moving[both, values, low - here, high - here] = None
    return list(moving)
