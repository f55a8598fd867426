"""Which cells a pattern of suppression leaves too narrow, and the cuts that say what would help.

A move y (n_cells) keeps every sum, M y = 0. For any weights alpha of the sums, y_p = beta . y with beta =
e_p - M' alpha, so a cell p that must reach far needs the cells with beta other than zero: a cut that holds
for every pattern, whatever alpha is. Linear programs find the alpha whose cut the pattern breaks.

Source: Fischetti and Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805 (capacity constraints, their 3.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.programs import TOLERANCE, Numbers, new_solver
from anonymize.tables.suppression import SuppressionTask

SEED = 3  # of the solver: the same questions in the same order get the same answers
GRID = 720  # weights of sums are rounded to 1/GRID, so that beta is exact: zero is zero
Cut = tuple[NDArray[np.int64], Numbers]
"""(cells, coefficients): the sum of the coefficients of the withheld cells among them is at least 1."""


@dataclass(frozen=True)
class Reached:
    """How far a cell goes one way (up to its width), by which move, and beta of the proof (n_cells each)."""

    distance: float
    move: Numbers
    beta: Numbers


class Separation:
    """The reader's linear programs, solved again and again for other patterns and other cells.

    One thread, one seed and no clock: the same questions in the same order get the same answers.
    """

    def __init__(self, task: SuppressionTask) -> None:
        """Prepare the programs of a task."""
        self._task, n_cells = task, len(task.counts)
        self._up, self._down = task.up, task.down
        self._sums = np.zeros((len(task.system.equations), n_cells))
        for row, (parent, children) in enumerate(task.system.equations):
            self._sums[row, parent] = -1.0
            self._sums[row, list(children)] = 1.0
        self._solver, self._highspy = new_solver(SEED)
        self._solver.setOptionValue("simplex_strategy", 4)  # primal: only the aim changes from cell to cell
        self._solver.setOptionValue("presolve", "off")
        self._columns = np.arange(n_cells, dtype=np.int32)
        self._solver.addVars(n_cells, np.zeros(n_cells), np.zeros(n_cells))
        for row in self._sums:
            index = np.flatnonzero(row).astype(np.int32)
            self._solver.addRow(0.0, 0.0, len(index), index, row[index])
        self._solver.changeObjectiveSense(self._highspy.ObjSense.kMaximize)

    def set_pattern(self, shares: Numbers, width: float, *, bounded: bool) -> None:
        """Let cells move as far as they are withheld (n_cells, 0..1).

        Args:
            shares: How much of each cell is withheld; between 0 and 1 in a relaxation.
            width: The width that is asked for.
            bounded: Whether complementary cells go up by at most the width, which finds more cuts in a
                relaxation; else without limit.
        """
        up = np.where(shares > 0, self._up, 0.0)
        down = np.minimum(self._down, width) * shares if bounded else np.where(shares > 0, self._down, 0.0)
        if bounded:
            up = np.where(self._task.primary, up, np.minimum(up, width) * shares)
            down = np.where(self._task.primary, self._down, down)
        self._lower, self._upper = -down, up
        infinity = self._highspy.kHighsInf
        upper = np.where(np.isinf(up), infinity, up)
        self._solver.changeColsBounds(len(up), self._columns, -down, upper)

    def reach(self, position: int, sign: float, width: float) -> Reached:
        """Return how far a withheld cell goes up (sign 1) or down (-1), at most by the width."""
        lower, upper = self._lower[position], self._upper[position]
        infinity = self._highspy.kHighsInf
        self._solver.changeColBounds(position, max(lower, -width), min(upper, width))
        self._solver.changeColCost(position, sign)
        self._solver.run()
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            self._solver.run()
        solution = self._solver.getSolution()
        move = np.array(solution.col_value)
        alpha = np.rint(np.array(solution.row_dual) * GRID) / GRID
        self._solver.changeColCost(position, 0.0)
        self._solver.changeColBounds(position, lower, infinity if np.isinf(upper) else upper)
        beta = -alpha @ self._sums
        beta[position] += sign
        beta[np.abs(beta) < 0.5 / GRID] = 0.0
        return Reached(sign * float(move[position]), move, beta)

    def cut(self, position: int, width: float, parts: Sequence[Reached]) -> Cut | None:
        """Return the cut of one cell: what goes up and what goes down is at least the width together.

        With one part only, the other way is taken to be as far as the count allows.
        """
        needed, weights = width, np.zeros(len(self._up))
        if len(parts) == 1:
            needed -= min(width, self._down[position])
        for part in parts:
            up = np.where(part.beta > 0, self._up, 0.0)
            up[position] = min(up[position], width)
            down = self._down.copy()
            down[position] = min(down[position], width)
            with np.errstate(invalid="ignore"):
                weights += np.where(part.beta > 0, part.beta * up, -part.beta * down)
        needed -= weights[self._task.primary].sum()
        if not needed > TOLERANCE:
            return None
        weights[self._task.primary] = 0.0
        cells = np.flatnonzero(weights > TOLERANCE)
        return cells, np.minimum(weights[cells] / needed, 1.0)


def cut_value(cut: Cut, shares: Numbers) -> float:
    """Return the left side of a cut; 1 and more meets it."""
    cells, weights = cut
    return float(weights @ shares[cells])
