"""Find tables that differ from a known one in few cells: the fastest proof that a cell is not pinned down.

From a whole-number solution, move one cell by the width asked for and all others as little as possible. That
linear program has whole-number answers far more often than the one that asks how far a cell can go at all.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .programs import TOLERANCE, Linked, Row, is_optimal, linear_solver, point_of, set_objective


class WitnessSearch:
    """Cheapest moves away from one whole-number solution; solved again and again with other bounds only."""

    def __init__(self, linked: Linked, start: NDArray[np.float64]) -> None:
        self._start = start
        self._room = np.concatenate([linked.upper - start, start - linked.lower])  # up, then down
        n_cells = len(start)
        moves = Linked(np.zeros(2 * n_cells), self._room, _moving_rows(linked.rows, start))
        self._solver: Any = linear_solver(moves)
        # Slightly different prices: of many equally short cycles one is taken whole instead of several in
        # parts.
        prices = 1.0 + np.modf(np.arange(2 * n_cells) * 0.6180339887)[0] / 1000
        set_objective(self._solver, prices)

    def moved(self, position: int, width: float) -> NDArray[np.float64] | None:
        """Return a whole-number solution in which the cell is so far from where it was, or None if none was
        found.
        """
        n_cells = len(self._start)
        for moving, resting in ((position, n_cells + position), (n_cells + position, position)):
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
                witness: NDArray[np.float64] = self._start + np.rint(move[:n_cells] - move[n_cells:])
                return witness
        return None

    def _restore(self, column: int) -> None:
        room = self._room[column]
        self._solver.changeColBounds(column, 0.0, room if np.isfinite(room) else self._solver.getInfinity())


def _moving_rows(rows: Sequence[Row], start: NDArray[np.float64]) -> list[Row]:
    """Return the relations as relations between moves up and moves down."""
    n_cells = len(start)
    moving: list[Row] = []
    for columns, values, low, high in rows:
        here = float(np.dot(values, start[list(columns)]))
        both = (*columns, *(n_cells + column for column in columns))
        moving.append((both, (*values, *(-value for value in values)), low - here, high - here))
    return moving
