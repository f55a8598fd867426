"""How far a cell can move while everything published stays as it is: linear programs over moves away from the
truth.

Every move found is a table that no reader can tell from the truth (a witness), for all cells that it moves.
"""

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .programs import TOLERANCE, Numbers
from .system import Equation

SPREAD = 1e-3  # prices differ by so much, so that of many equally cheap moves one is taken whole


class Reach:
    """Cheapest moves in one linked system, solved again and again with other bounds and prices.

    One thread, one seed and no clock: the same questions in the same order get the same answers.
    """

    def __init__(self, equations: Sequence[Equation], down: Numbers, up: Numbers) -> None:
        """Prepare the programs.

        Args:
            equations: The sums that every move keeps.
            down: How far each cell may go down (n_cells); 0 for what is published as it is.
            up: How far each cell may go up (n_cells); may be infinite.
        """
        self._room = np.concatenate([up, down])
        self._n_cells = len(up)
        highspy: Any = importlib.import_module("highspy")
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", 5),
        ):
            self._solver.setOptionValue(option, value)
        n_columns = 2 * self._n_cells
        self._infinity = highspy.kHighsInf
        room = np.where(np.isinf(self._room), self._infinity, self._room)
        self._solver.addVars(n_columns, np.zeros(n_columns), room)
        self._add_sums(equations)
        self._spread = 1.0 + np.modf(np.arange(n_columns) * 0.6180339887)[0] * SPREAD
        self.set_prices(np.ones(self._n_cells))

    def _add_sums(self, equations: Sequence[Equation]) -> None:
        n_cells = self._n_cells
        columns, values, starts = [], [], [0]
        for parent, children in equations:
            cells = np.array([parent, *children])
            signs = np.array([-1.0, *[1.0] * len(children)])
            columns.append(np.concatenate([cells, n_cells + cells]))
            values.append(np.concatenate([signs, -signs]))
            starts.append(starts[-1] + 2 * len(cells))
        if equations:
            sides = np.zeros(len(equations))
            index, value = np.concatenate(columns).astype(np.int32), np.concatenate(values)
            first = np.array(starts[:-1], dtype=np.int32)
            self._solver.addRows(len(equations), sides, sides, len(index), first, index, value)

    def set_prices(self, prices: Numbers) -> None:
        """Say what moving each cell by one costs (n_cells)."""
        cost = np.concatenate([prices, prices]) * self._spread
        self._solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)

    def allow(self, position: int, down: float, up: float) -> None:
        """Change how far a cell may move."""
        for column, room in ((position, up), (self._n_cells + position, down)):
            self._room[column] = room
            self._solver.changeColBounds(column, 0.0, self._infinity if np.isinf(room) else room)

    def move(self, position: int, amount: float) -> Numbers | None:
        """Return the cheapest move of all cells (n_cells) in which one goes so far, None if there is none."""
        up, down = position, self._n_cells + position
        moving, resting = (up, down) if amount > 0 else (down, up)
        if self._room[moving] < abs(amount):
            return None
        self._solver.changeColBounds(moving, abs(amount), abs(amount))
        self._solver.changeColBounds(resting, 0.0, 0.0)
        self._solver.run()
        found = self._solver.getModelStatus() == self._optimal
        point = np.array(self._solver.getSolution().col_value) if found else None
        for column in (moving, resting):
            room = self._room[column]
            self._solver.changeColBounds(column, 0.0, self._infinity if np.isinf(room) else room)
        if point is None:
            return None
        moved: Numbers = point[: self._n_cells] - point[self._n_cells :]
        moved[np.abs(moved) < TOLERANCE] = 0.0
        return moved


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
