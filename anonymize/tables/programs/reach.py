"""How far a cell can move while everything published stays as it is: linear programs over moves away from the
truth.

Every move found is a table that no reader can tell from the truth (a witness), for all cells that it moves.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import Equation

from .solver import TOLERANCE, Numbers, new_solver

SPREAD = 1e-3  # prices differ by so much, so that of many equally cheap moves one is taken whole


class Reach:
    """Cheapest moves in one linked system, asked again and again with other bounds and prices.

    Every program starts from rest, where no cell moves: the dual simplex method needs few steps from there,
    and an answer does not depend on the questions before it. One thread, one seed and no clock.
    """

    def __init__(self, equations: Sequence[Equation], down: Numbers, up: Numbers) -> None:
        """Prepare the programs.

        Args:
            equations: The sums that every move keeps.
            down: How far each cell may go down (n_cells); 0 for what is published as it is.
            up: How far each cell may go up (n_cells); may be infinite. A cell without room here gets none
                later.
        """
        self._n_cells = len(up)
        self._cells = np.flatnonzero((up > 0) | (down > 0))
        self._column = np.full(self._n_cells, -1)
        self._column[self._cells] = np.arange(len(self._cells))
        self._room = np.concatenate([up[self._cells], down[self._cells]])
        self._solver, highspy = new_solver(5)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._infinity = highspy.kHighsInf
        n_columns = 2 * len(self._cells)
        self._columns = np.arange(n_columns, dtype=np.int32)
        room = np.where(np.isinf(self._room), self._infinity, self._room)
        self._solver.addVars(n_columns, np.zeros(n_columns), room)
        n_rows = self._add_sums(equations)
        self._at_rest = highspy.HighsBasis()
        self._at_rest.col_status = [highspy.HighsBasisStatus.kLower] * n_columns
        self._at_rest.row_status = [highspy.HighsBasisStatus.kBasic] * n_rows
        self._spread = 1.0 + np.modf(np.arange(n_columns) * 0.6180339887)[0] * SPREAD
        self.set_prices(np.ones(self._n_cells))

    def _add_sums(self, equations: Sequence[Equation]) -> int:
        columns, values, starts = [], [], [0]
        for parent, children in equations:
            cells = self._column[[parent, *children]]
            signs = np.array([-1.0, *[1.0] * len(children)])[cells >= 0]
            cells = cells[cells >= 0]
            if len(cells):
                columns.append(np.concatenate([cells, len(self._cells) + cells]))
                values.append(np.concatenate([signs, -signs]))
                starts.append(starts[-1] + 2 * len(cells))
        if columns:
            sides = np.zeros(len(columns))
            index, value = np.concatenate(columns).astype(np.int32), np.concatenate(values)
            first = np.array(starts[:-1], dtype=np.int32)
            self._solver.addRows(len(columns), sides, sides, len(index), first, index, value)
        return len(columns)

    def set_prices(self, prices: Numbers) -> None:
        """Say what moving each cell by one costs (n_cells)."""
        cost = np.tile(prices[self._cells], 2) * self._spread
        self._solver.changeColsCost(len(cost), self._columns, cost)

    def allow(self, position: int, down: float, up: float) -> None:
        """Change how far a cell may move, of those that had room at first."""
        column = int(self._column[position])
        if column < 0:
            if down or up:
                raise ValueError("a cell that had no room at first has no column")
            return
        self._room[column], self._room[len(self._cells) + column] = up, down
        self._bound(column, 0.0, up)
        self._bound(len(self._cells) + column, 0.0, down)

    def move(self, position: int, amount: float) -> Numbers | None:
        """Return the cheapest move of all cells (n_cells) in which one goes so far, None if there is none."""
        column, n_moving = int(self._column[position]), len(self._cells)
        moving, resting = (column, n_moving + column) if amount > 0 else (n_moving + column, column)
        if column < 0 or self._room[moving] < abs(amount):
            return None
        self._bound(moving, abs(amount), abs(amount))
        self._bound(resting, 0.0, 0.0)
        self._solver.setBasis(self._at_rest)
        self._solver.run()
        found = self._solver.getModelStatus() == self._optimal
        point = np.array(self._solver.getSolution().col_value) if found else None
        self._bound(moving, 0.0, self._room[moving])
        self._bound(resting, 0.0, self._room[resting])
        if point is None:
            return None
        moved = np.zeros(self._n_cells)
        moved[self._cells] = point[:n_moving] - point[n_moving:]
        moved[np.abs(moved) < TOLERANCE] = 0.0
        return moved

    def _bound(self, column: int, least: float, most: float) -> None:
        self._solver.changeColBounds(column, least, self._infinity if np.isinf(most) else most)


def narrow_cells(
    reach: Reach, positions: Sequence[int] | NDArray[np.int64], widths: Numbers, down: Numbers, up: Numbers
) -> list[int]:
    """Return the cells that whole-number moves were not seen to move so far, up and down together.

    Args:
        reach: The system.
        positions: Cells to look at.
        widths: How wide each cell's interval must be (n_cells).
        down: Room of each cell downwards (n_cells).
        up: Room upwards (n_cells).
    """
    low, high = np.zeros(len(widths)), np.zeros(len(widths))
    narrow = []
    for position in map(int, positions):
        wanted = widths[position]
        for amount in _amounts(wanted, down[position], up[position]):
            if high[position] - low[position] >= wanted:
                break
            moved = reach.move(position, amount)
            if moved is not None and np.abs(moved - np.rint(moved)).max() <= TOLERANCE:
                low, high = np.minimum(low, np.rint(moved)), np.maximum(high, np.rint(moved))
        if high[position] - low[position] < wanted:
            narrow.append(position)
    return narrow


def _amounts(wanted: float, down: float, up: float) -> list[float]:
    """Return the moves to try: the whole width one way, or as far as there is room up and the rest down."""
    whole = [wanted] if up >= wanted else []
    whole += [-wanted] if down >= wanted else []
    shared_up = min(up, wanted)
    parts = [shared_up, -min(down, wanted)] if not whole else []
    return [amount for amount in (*whole, *parts) if amount]
