"""The interval attacker: between which whole numbers must each cell lie, given all bounds and all sums?

One whole-number solution is found; everything after that is about moves away from it. Many cells are shown to
be wide at once, others one by one, the rest by programs that ask how far a cell can go. Every whole point
found is kept as a witness for all cells.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codebook import AuditError

from .moves import moves_from
from .programs import (
    TOLERANCE,
    Linked,
    Numbers,
    Row,
    is_optimal,
    is_solution,
    is_unbounded,
    linear_solver,
    point_of,
    set_objective,
    whole_number_solver,
)
from .spread import spread, whole_near
from .witness import WitnessSearch


class IntervalAttack:
    """Feasible whole-number intervals of a linked system.

    `seen_low` and `seen_high` are reached by whole-number solutions: the true interval is at least that wide.
    """

    def __init__(
        self, linked: Linked, hint: Numbers | None = None, tied: NDArray[np.int64] | None = None
    ) -> None:
        """Prepare the attack.

        Args:
            linked: What readers know.
            hint: A point that may be a solution, such as the prints; saves time, and is checked.
            tied: Column -> number of the cell whose copy it is, where there are several releases. The copies
                move together in the search for witnesses: what is believed of the differences between
                releases stays as it was, and the program is no larger than that of one release.
        """
        self._linked = linked
        n_cells = len(linked.lower)
        self.seen_low, self.seen_high = np.full(n_cells, np.inf), np.full(n_cells, -np.inf)
        start = hint if hint is not None and is_solution(linked, hint) else _solution(linked)
        self.feasible = start is not None
        self._start: Numbers = np.zeros(n_cells) if start is None else start
        if start is not None:
            self._remember(start)
        self._free = moves_from(linked, self._start)
        self._joint = self._free if tied is None else moves_from(linked, self._start, tied)
        # Moves of each copy by itself come last: a larger program, for what moves together cannot show.
        self._ways = [self._joint] if tied is None else [self._joint, self._free]
        self._searches: dict[int, WitnessSearch] = {}
        self._linear_solver: Any = None
        self._whole_solver: Any = None

    def spread(self, widths: Numbers) -> None:
        """Show of as many cells as possible at once that they are so wide (n_cells; 0 where not asked)."""
        if not self.feasible:
            return
        wanted = np.zeros(len(self._joint.linked.lower))
        first = self._joint.of_cell[: len(widths)]
        np.maximum.at(wanted, first[first >= 0], widths[first >= 0])
        for moved in spread(self._joint, wanted):
            self._remember(self._joint.point(moved))

    def interval(self, position: int) -> tuple[float, float]:
        """Return the smallest and largest whole number the cell can be; infinite where nothing bounds it."""
        return -self._extreme(position, -1.0), self._extreme(position, 1.0)

    def wide_enough(self, position: int, width: float) -> bool:
        """Return whether the cell's interval is at least so wide, asking for as few programs as possible."""
        if self.seen_wide(position, width) or self._moved_apart(position, width, mend=True):
            return True
        highest, _ = self._relaxed(position, 1.0)
        lowest = -self._relaxed(position, -1.0)[0]
        if highest - lowest < width:
            return False
        if self._extreme(position, 1.0) - self.seen_low[position] >= width:
            return True
        lowest = -self._extreme(position, -1.0)
        return bool(max(self.seen_high[position], lowest) - lowest >= width)

    def seen_wide(self, position: int, width: float) -> bool:
        """Return whether two whole-number solutions are seen that lie so far apart; False proves nothing."""
        seen = bool(self.seen_high[position] - self.seen_low[position] >= width)
        return seen or self._moved_apart(position, width, mend=False)

    def _moved_apart(self, position: int, width: float, *, mend: bool) -> bool:
        here = self._start[position]
        for number, moves in enumerate(self._ways if self.feasible else ()):
            move = int(moves.of_cell[position])
            if move < 0:
                continue
            if number not in self._searches:
                self._searches[number] = WitnessSearch(moves)
            seen = float(self.seen_low[position] - here), float(self.seen_high[position] - here)
            moved = self._searches[number].moved(move, seen, width, mend=mend)
            kept = moved is not None and self._remember(moves.point(moved))
            if kept and self.seen_high[position] - self.seen_low[position] >= width:
                return True
        return False

    def seen_apart(self, position: int, share: float) -> bool:
        """Return whether solutions are seen of which one is by a share (0..1) of the other below it."""
        if np.isinf(self.seen_high[position]):
            return False
        apart = self.seen_low[position] <= (1 - share) * self.seen_high[position]
        if apart and self.seen_low[position] < self.seen_high[position]:
            return True
        return self.seen_wide(position, width_apart(self.seen_low[position], share))

    def _extreme(self, position: int, sign: float) -> float:
        """Return the largest value of sign * cell over all whole-number solutions."""
        move = int(self._free.of_cell[position])
        if move < 0:
            return float(sign * self._start[position])
        bound, best = self._relaxed(position, sign)
        if best is None or self._reached(position, sign) >= bound:
            return bound
        # A whole point at the bound itself ends the question; it is looked for near the best point first.
        moves = self._free.linked
        aim = sign * bound - self._start[position]
        lower, upper = moves.lower.copy(), moves.upper.copy()
        lower[move] = upper[move] = best[move] = aim
        near = whole_near(Linked(lower, upper, moves.rows), best)
        if near is not None and self._remember(self._free.point(near)):
            return self._reached(position, sign)
        if self._whole_solver is None:
            self._whole_solver = whole_number_solver(moves)
        whole = _best(self._whole_solver, move, sign)
        if whole is None:
            return float("inf")
        self._remember(self._free.point(whole))
        return self._reached(position, sign)

    def _relaxed(self, position: int, sign: float) -> tuple[float, Numbers | None]:
        """Return a whole number that sign * cell cannot exceed, and the best moves unless they are whole."""
        move = int(self._free.of_cell[position])
        if move < 0:
            return float(sign * self._start[position]), None
        if self._linear_solver is None:
            self._linear_solver = linear_solver(self._free.linked)
        best = _best(self._linear_solver, move, sign)
        if best is None:
            return float("inf"), None
        bound = float(np.floor(sign * (best[move] + self._start[position]) + TOLERANCE))
        if np.abs(best - np.rint(best)).max() > TOLERANCE:
            return bound, best
        self._remember(self._free.point(best))
        return self._reached(position, sign), None

    def _reached(self, position: int, sign: float) -> float:
        return float(self.seen_high[position] if sign > 0 else -self.seen_low[position])

    def _remember(self, witness: Numbers) -> bool:
        """Keep a point that keeps everything readers know; return whether it does."""
        if not is_solution(self._linked, witness):
            return False
        self.seen_low = np.minimum(self.seen_low, witness)
        self.seen_high = np.maximum(self.seen_high, witness)
        return True


def width_apart(amount: float, share: float) -> float:
    """Return the width that sets another number apart from an amount by a share (0..1) of the larger."""
    return float(np.ceil(amount * share / (1 - share)) or 1.0)


def _solution(linked: Linked) -> Numbers | None:
    """Return a whole-number solution, None where there is none."""
    if (linked.lower > linked.upper).any():
        return None
    origin = np.where(linked.lower == linked.upper, linked.lower, 0.0)
    free = moves_from(linked, origin)
    if not free.consistent:
        return None
    if not len(free.linked.lower):
        return origin if is_solution(linked, origin) else None  # nothing is left open
    solver = whole_number_solver(free.linked)
    set_objective(solver, np.zeros(len(free.linked.lower)))
    solver.run()
    point = free.point(point_of(solver)) if is_optimal(solver) else None
    return point if point is not None and is_solution(linked, point) else None


def _best(solver: Any, column: int, sign: float) -> Numbers | None:
    """Return a point in which sign * column is largest, None where it has no end.

    Raises:
        AuditError: The solver gave up; what it did not prove must not pass.
    """
    cost = np.zeros(solver.getNumCol())
    cost[column] = -sign
    set_objective(solver, cost)
    solver.run()
    if not is_optimal(solver) and not is_unbounded(solver):
        solver.clearSolver()  # from the beginning, without the last basis
        solver.run()
    if is_optimal(solver):
        return point_of(solver)
    if is_unbounded(solver):
        return None
    raise AuditError("a linear program of the attack has no answer", remedy="report the release's plan")


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
