"""Find tables that differ from a known one in few cells: the fastest proof that one cell is not pinned down.

From a whole-number solution, move one cell by the width asked for and all others as little as possible. That
linear program has whole-number answers far more often than the one that asks how far a cell can go at all.
"""

from typing import Any

import numpy as np

from .moves import Moves
from .programs import (
    TOLERANCE,
    Linked,
    Numbers,
    Row,
    is_optimal,
    linear_solver,
    point_of,
    resting_basis,
    set_objective,
)
from .spread import whole_near

OTHER_PRICES = 6  # at which moves are asked for again where the cheapest are not whole


class WitnessSearch:
    """Cheapest moves away from one whole-number solution; solved again and again with other bounds only."""

    def __init__(self, moves: Moves) -> None:
        """Prepare the programs for moves away from a solution."""
        linked = moves.linked
        self._moves = moves
        n_moves = self._n_moves = len(linked.lower)
        self._room = np.concatenate([linked.upper, -linked.lower])  # up, then down
        rows = [_two_way(row, n_moves) for row in linked.rows]
        self._solver: Any = linear_solver(Linked(np.zeros(2 * n_moves), self._room, rows))
        # Slightly different prices: of many equally short cycles one is taken whole instead of several in
        # parts.
        prices = 1.0 + np.modf(np.arange(2 * n_moves) * 0.6180339887)[0] / 1000
        dice = np.random.default_rng(OTHER_PRICES)
        self._prices = [prices, *dice.uniform(0.5, 2.0, size=(OTHER_PRICES, 2 * n_moves))]
        set_objective(self._solver, prices)
        # Every program starts where nothing moves: few steps from there, and no trace of the one before.
        self._at_rest = resting_basis(self._solver)

    def moved(
        self, move: int, seen: tuple[float, float], width: float, *, mend: bool = False
    ) -> Numbers | None:
        """Return whole-number moves that carry one so far that all seen of it is as wide as asked for.

        Args:
            move: Number of the move.
            seen: Smallest (<= 0) and largest (>= 0) move already seen.
            width: Asked for.
            mend: Where the shortest moves are not whole, look for whole ones near them.

        Returns:
            All moves (n_moves), or None where none was found.
        """
        up, down = move, self._n_moves + move
        steps = sorted([(seen[0] + width, up, down), (width - seen[1], down, up)])
        for amount, moving, resting in steps:
            if self._room[moving] < amount:
                continue
            self._solver.changeColBounds(moving, amount, amount)
            self._solver.changeColBounds(resting, 0.0, 0.0)
            whole = self._whole_moves(move, mend=mend)
            self._restore(moving)
            self._restore(resting)
            if whole is not None:
                return whole
        return None

    def _whole_moves(self, move: int, *, mend: bool) -> Numbers | None:
        """Return the cheapest moves if they are whole, at other prices too; at last whole ones near them."""
        steps_made: Numbers | None = None
        for number, prices in enumerate(self._prices if mend else self._prices[:1]):
            if number:
                set_objective(self._solver, prices)
            self._solver.setBasis(self._at_rest)
            self._solver.run()
            if not is_optimal(self._solver):
                break
            point = point_of(self._solver)
            steps_made = point[: self._n_moves] - point[self._n_moves :]
            if np.abs(steps_made - np.rint(steps_made)).max() <= TOLERANCE:
                break
        if mend:
            set_objective(self._solver, self._prices[0])
        if steps_made is None or np.abs(steps_made - np.rint(steps_made)).max() <= TOLERANCE:
            return None if steps_made is None else np.rint(steps_made)
        return self._mended(move, steps_made) if mend else None

    def _mended(self, move: int, steps_made: Numbers) -> Numbers | None:
        linked = self._moves.linked
        lower, upper = linked.lower.copy(), linked.upper.copy()
        lower[move] = upper[move] = np.rint(steps_made[move])
        return whole_near(Linked(lower, upper, linked.rows), steps_made)

    def _restore(self, column: int) -> None:
        room = self._room[column]
        self._solver.changeColBounds(column, 0.0, room if np.isfinite(room) else self._solver.getInfinity())


def _two_way(row: Row, n_moves: int) -> Row:
    """Return a relation of moves as one of moves up and moves down."""
    columns, values, low, high = row
    both = (*columns, *(n_moves + column for column in columns))
    return both, (*values, *(-value for value in values)), low, high
