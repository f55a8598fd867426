"""The interval attacker: between which whole numbers must each cell lie, given all bounds and all sums?

Linear programs that differ in their objective only, each started from the last one's basis. Where a
program's best point is not whole, a whole-number program decides. Every whole point found is kept as a
witness for all cells.
"""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-6  # RULES 4: a bound is rounded inwards only after this much
Row = tuple[tuple[int, ...], tuple[float, ...], float, float]
"""(columns, coefficients, lower side, upper side)."""


@dataclass(frozen=True)
class Linked:
    """A system of whole numbers as readers know it.

    Args:
        lower, upper: Bounds of each number (n_cells); upper may be infinite.
        rows: Linear relations between them.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    rows: Sequence[Row]


def sum_rows(sums: Iterable[tuple[int, tuple[int, ...]]], offset: int = 0) -> list[Row]:
    """Return sums (parent, children) as relations, positions moved by an offset."""
    return [
        ((parent + offset, *(c + offset for c in children)), (-1.0, *([1.0] * len(children))), 0.0, 0.0)
        for parent, children in sorted(sums)
    ]


class IntervalAttack:
    """Feasible whole-number intervals of a linked system.

    `seen_low` and `seen_high` are reached by whole-number solutions: the true interval is at least that wide.
    """

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._solver = _solver(linked, whole=False)
        self._whole_solver: Any = None
        n_cells = len(linked.lower)
        self.seen_low = np.full(n_cells, np.inf)
        self.seen_high = np.full(n_cells, -np.inf)
        self.feasible = self._best(np.zeros(n_cells), whole=True) is not None

    def interval(self, position: int) -> tuple[float, float]:
        """Return the smallest and largest whole number the cell can be; infinite where nothing bounds it."""
        return -self._extreme(position, -1.0), self._extreme(position, 1.0)

    def wide_enough(self, position: int, width: float) -> bool:
        """Return whether the cell's interval is at least so wide, asking for as few programs as possible."""
        if self.seen_high[position] - self.seen_low[position] >= width:
            return True
        if self._extreme(position, 1.0) - self.seen_low[position] >= width:
            return True
        lowest = -self._extreme(position, -1.0)
        return bool(max(self.seen_high[position], lowest) - lowest >= width)

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
            self._whole_solver = _solver(self._linked, whole=True)
        solver = self._whole_solver if whole else self._solver
        n_cells = len(objective)
        solver.changeColsCost(n_cells, np.arange(n_cells, dtype=np.int32), objective)
        solver.run()
        highspy: Any = importlib.import_module("highspy")
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        point = np.array(solver.getSolution().col_value, dtype=np.float64)
        rounded = np.rint(point)
        if np.abs(point - rounded).max(initial=0.0) <= TOLERANCE:
            self.seen_low = np.minimum(self.seen_low, rounded)
            self.seen_high = np.maximum(self.seen_high, rounded)
        return point


def _solver(linked: Linked, *, whole: bool) -> Any:
    highspy: Any = importlib.import_module("highspy")
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 11)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("mip_rel_gap", 0.0)
    n_cells = len(linked.lower)
    upper = np.where(np.isinf(linked.upper), highspy.kHighsInf, linked.upper)
    solver.addVars(n_cells, linked.lower, upper)
    starts = np.concatenate([[0], np.cumsum([len(row[0]) for row in linked.rows])]).astype(np.int32)
    columns = np.array([column for row in linked.rows for column in row[0]], dtype=np.int32)
    values = np.array([value for row in linked.rows for value in row[1]], dtype=np.float64)
    least = np.array([_side(row[2], highspy.kHighsInf) for row in linked.rows])
    most = np.array([_side(row[3], highspy.kHighsInf) for row in linked.rows])
    if linked.rows:
        solver.addRows(len(linked.rows), least, most, len(columns), starts[:-1], columns, values)
    if whole:
        kinds = np.full(n_cells, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        solver.changeColsIntegrality(n_cells, np.arange(n_cells, dtype=np.int32), kinds)
    return solver


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
    solver = _solver(Linked(lower, upper, [*linked.rows, *paid]), whole=False)
    cost = np.concatenate([np.zeros(n_cells), np.ones(2 * n_beliefs)])
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    solver.run()
    point = np.array(solver.getSolution().col_value, dtype=np.float64)
    used = point[n_cells : n_cells + n_beliefs] + point[n_cells + n_beliefs :]
    return [belief for belief, amount in zip(beliefs, used, strict=True) if amount <= TOLERANCE]


def _side(value: float, infinity: float) -> float:
    return value if np.isfinite(value) else float(np.sign(value)) * infinity
