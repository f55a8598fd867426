"""The 0/1 program that chooses complementary cells: least cost under all cuts found so far."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import Marks
from anonymize.tables.programs import TOLERANCE, Numbers, new_solver
from anonymize.tables.suppression import SuppressionTask

from .separation import SEED, Cut


@dataclass(frozen=True)
class Choice:
    """A pattern (n_cells, 0..1; primary cells are 1) and the cost below which no pattern is.

    `complete` says that the pattern costs no more than that.
    """

    shares: Numbers
    bound: float
    complete: bool


class Master:
    """The choice among cells that are neither primary nor published zeros."""

    def __init__(self, task: SuppressionTask, costs: Numbers) -> None:
        """Prepare the program of a task; costs are per cell (n_cells)."""
        self._primary, self._costs = task.primary, costs
        self._free = np.flatnonzero(~task.primary & ((task.up > 0) | (task.down > 0)))
        self._column = np.full(len(costs), -1, dtype=np.int64)
        self._column[self._free] = np.arange(len(self._free))
        self._solver, self._highspy = new_solver(SEED)
        # Cuts and bounds are what counts here: other patterns come from elsewhere.
        self._solver.setOptionValue("mip_heuristic_effort", 0.0)
        for option in ("mip_detect_symmetry", "mip_allow_restart"):
            self._solver.setOptionValue(option, False)
        n_free = len(self._free)
        self._columns = np.arange(n_free, dtype=np.int32)
        self._upper = np.ones(n_free)
        if n_free:
            self._solver.addVars(n_free, np.zeros(n_free), np.ones(n_free))
            self._solver.changeColsCost(n_free, self._columns, costs[self._free])
        self._known: set[tuple[bytes, bytes]] = set()
        self.iterations = 0
        self._add_companions(task)

    def _add_companions(self, task: SuppressionTask) -> None:
        """No withheld cell may be alone in a sum: it would be worked out, or not be needed."""
        for parent, children in task.system.equations:
            cells = np.array([parent, *children])
            cells = cells[(self._column[cells] >= 0) | self._primary[cells]]
            n_primary = int((self._primary[cells] & (task.widths[cells] > 0)).sum())
            if n_primary > 1:
                continue
            free = cells[self._column[cells] >= 0]
            if n_primary:
                self.add([(free, np.ones(len(free)))])
                continue
            for cell in free:
                weights = np.where(free == cell, -1.0, 1.0)
                self._add_row(0.0, free, weights)

    def add(self, cuts: Iterable[Cut]) -> int:
        """Add cuts and return how many of them were new."""
        added = 0
        for cells, weights in cuts:
            key = cells.tobytes(), np.round(weights, 9).tobytes()
            if key not in self._known:
                self._known.add(key)
                self._add_row(1.0, cells, weights)
                added += 1
        return added

    def _add_row(self, least: float, cells: NDArray[np.int64], weights: Numbers) -> None:
        infinity = self._highspy.kHighsInf
        self._solver.addRow(least, infinity, len(cells), self._column[cells].astype(np.int32), weights)

    def relaxed(self, best: float) -> Choice | None:
        """Return the least cost where cells may be withheld in part; None if no pattern is under the best.

        Cells that no pattern cheaper than the best has are ruled out for good (by their reduced costs).
        """
        self._set_whole(whole=False)
        self._solver.run()
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        bound = float(self._solver.getInfo().objective_function_value)
        reduced = np.array(solution.col_dual)
        costly = (self._upper > 0) & (bound + reduced > best + TOLERANCE)
        for column in np.flatnonzero(costly):
            self._upper[column] = 0.0
            self._solver.changeColBounds(int(column), 0.0, 0.0)
        return Choice(self._spread(np.array(solution.col_value)), bound, complete=False)

    def whole(self, start: Marks | None, most_nodes: int, seconds: float | None) -> Choice | None:
        """Return the cheapest pattern under the cuts; None if there is none.

        Args:
            start: A protected pattern.
            most_nodes: Nodes of the search tree; the same limit gives the same answer.
            seconds: Limit of time, which may give another answer on another machine.
        """
        self._set_whole(whole=True)
        for option, value in (
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", TOLERANCE / 10),
            ("mip_max_nodes", most_nodes),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.setOptionValue("time_limit", self._highspy.kHighsInf if seconds is None else seconds)
        if start is not None:
            solution = self._highspy.HighsSolution()
            solution.col_value = start[self._free].astype(float).tolist()
            self._solver.setSolution(solution)
        self._solver.run()
        status, info = self._solver.getModelStatus(), self._solver.getInfo()
        self.iterations += max(0, int(info.simplex_iteration_count))
        self._solver.setOptionValue("time_limit", self._highspy.kHighsInf)
        if status == self._highspy.HighsModelStatus.kInfeasible:
            return None
        point = np.array(self._solver.getSolution().col_value)
        shares = self._spread(np.rint(point) if len(point) else np.zeros(len(self._free)))
        complete = status == self._highspy.HighsModelStatus.kOptimal
        return Choice(shares, float(info.mip_dual_bound), complete)

    def _set_whole(self, *, whole: bool) -> None:
        kind = self._highspy.HighsVarType.kInteger if whole else self._highspy.HighsVarType.kContinuous
        n_free = len(self._free)
        kinds = np.full(n_free, int(kind), dtype=np.uint8)
        self._solver.changeColsIntegrality(n_free, self._columns, kinds)

    def _spread(self, values: Numbers) -> Numbers:
        shares = self._primary.astype(np.float64)
        shares[self._free] = np.clip(values, 0.0, 1.0)
        return shares
