"""The interval attacker: between which whole numbers must each cell lie, given all bounds and all sums?

Linear programs that differ in their objective only, each started from the last one's basis. Where a
program's best point is not whole, a whole-number program decides. Every whole point found is kept as a
witness for all cells.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .programs import (
    TOLERANCE,
    Linked,
    Row,
    is_optimal,
    is_solution,
    linear_solver,
    point_of,
    set_objective,
    whole_number_solver,
)
from .witness import WitnessSearch


class IntervalAttack:
    """Feasible whole-number intervals of a linked system.

    `seen_low` and `seen_high` are reached by whole-number solutions: the true interval is at least that wide.
    """

    def __init__(
        self,
        linked: Linked,
        hint: NDArray[np.float64] | None = None,
        tied: NDArray[np.int64] | None = None,
    ) -> None:
        """Prepare the attack.

        Args:
            linked: What readers know.
            hint: A point that may be a solution, such as the prints; saves time, and is checked.
            tied: Column -> number of the cell whose copy it is, where there are several releases.
        """
        self._linked = linked
        self._linear_solver: Any = None
        self._whole_solver: Any = None
        n_cells = len(linked.lower)
        self.seen_low = np.full(n_cells, np.inf)
        self.seen_high = np.full(n_cells, -np.inf)
        if hint is not None and is_solution(linked, hint):
            start: NDArray[np.float64] | None = hint
            self._remember(hint)
        else:
            start = self._best(np.zeros(n_cells), whole=True)
        self.feasible = start is not None
        self._search = None if start is None else WitnessSearch(linked, np.rint(start), tied)

    def interval(self, position: int) -> tuple[float, float]:
        """Return the smallest and largest whole number the cell can be; infinite where nothing bounds it."""
        return -self._extreme(position, -1.0), self._extreme(position, 1.0)

    def wide_enough(self, position: int, width: float) -> bool:
        """Return whether the cell's interval is at least so wide, asking for as few programs as possible."""
        if self.seen_wide(position, width):
            return True
        if self._extreme(position, 1.0) - self.seen_low[position] >= width:
            return True
        lowest = -self._extreme(position, -1.0)
        return bool(max(self.seen_high[position], lowest) - lowest >= width)

    def seen_wide(self, position: int, width: float) -> bool:
        """Return whether two whole-number solutions are seen that lie so far apart; False proves nothing."""
        if self.seen_high[position] - self.seen_low[position] >= width:
            return True
        if self._search is not None and (witness := self._search.moved(position, width)) is not None:
            self._remember(witness)
            return True
        return False

    def seen_apart(self, position: int, share: float) -> bool:
        """Return whether solutions are seen of which one is by a share (0..1) of the other below it."""
        if np.isinf(self.seen_high[position]):
            return False
        apart = self.seen_low[position] <= (1 - share) * self.seen_high[position]
        if apart and self.seen_low[position] < self.seen_high[position]:
            return True
        width = np.ceil(self.seen_low[position] * share / (1 - share)) or 1.0
        return self.seen_wide(position, width)

    def _extreme(self, position: int, sign: float) -> float:
        """Return the largest value of sign * cell over all whole-number solutions."""
        objective = np.zeros(len(self._linked.lower))
        objective[position] = -sign
        best = self._best(objective, whole=False)
        if best is None:
            return float("inf")
        if np.abs(best - np.rint(best)).max() <= TOLERANCE:
            return float(sign * np.rint(best[position]))
        bound = np.floor(sign * best[position] + TOLERANCE)
        reached = self.seen_high[position] if sign > 0 else -self.seen_low[position]
        if reached >= bound:
            return float(bound)
        whole = self._best(objective, whole=True)
        return float("inf") if whole is None else float(sign * np.rint(whole[position]))

    def _best(self, objective: NDArray[np.float64], *, whole: bool) -> NDArray[np.float64] | None:
        """Return a best point, None where it is unbounded or nothing is feasible; whole points become
        witnesses.
        """
        if whole and self._whole_solver is None:
            self._whole_solver = whole_number_solver(self._linked)
        if not whole and self._linear_solver is None:
            self._linear_solver = linear_solver(self._linked)
        solver = self._whole_solver if whole else self._linear_solver
        set_objective(solver, objective)
        solver.run()
        if not is_optimal(solver):
            return None
        point = point_of(solver)
        rounded = np.rint(point)
        if np.abs(point - rounded).max(initial=0.0) <= TOLERANCE:
            self._remember(rounded)
        return point

    def _remember(self, witness: NDArray[np.float64]) -> None:
        self.seen_low = np.minimum(self.seen_low, witness)
        self.seen_high = np.maximum(self.seen_high, witness)


def held_beliefs(linked: Linked, beliefs: Sequence[Row]) -> list[Row]:
    """Return the beliefs that the prints do not contradict, giving up as little as possible of the others.

    One linear program with a paid slack on every belief: those that need slack are disproved.
    """
    n_cells, n_beliefs = len(linked.lower), len(beliefs)
    if not beliefs:
        return []
    slack = [(n_cells + i, n_cells + n_beliefs + i) for i in range(n_beliefs)]
    paid = [
        ((*columns, *slack[i]), (*values, 1.0, -1.0), low, high)
        for i, (columns, values, low, high) in enumerate(beliefs)
    ]
    lower = np.concatenate([linked.lower, np.zeros(2 * n_beliefs)])
    upper = np.concatenate([linked.upper, np.full(2 * n_beliefs, np.inf)])
    solver = linear_solver(Linked(lower, upper, [*linked.rows, *paid]))
    set_objective(solver, np.concatenate([np.zeros(n_cells), np.ones(2 * n_beliefs)]))
    solver.run()
    if not is_optimal(solver):
        return list(beliefs)  # the releases contradict themselves: the attack will say so
    point = point_of(solver)
    used = point[n_cells : n_cells + n_beliefs] + point[n_cells + n_beliefs :]
    return [belief for belief, amount in zip(beliefs, used, strict=True) if amount <= TOLERANCE]
