"""Withhold small counts and little else, so that the reader who knows the rules learns nothing of them.

For each small cell a linear program asks for the cheapest table in which it is larger by threshold - 1 while
all that is shown stays: what moves must be withheld. Such tables are witnesses for every cell that they move,
so most cells need no program of their own; afterwards whatever no witness needs is shown again.

Source: RULES section 4; Fischetti and Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805 (the model).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from codebook.errors import ReleaseRefused

from .count import Integers
from .programs import TOLERANCE, Numbers, Program, Row, solve
from .reach import Reach
from .system import LinkedSystem

HIDDEN_PRICE = 1e-3  # of a cell that is withheld already
PROGRAMS_PER_PRICE = 10  # prices follow what is withheld, but each change costs the solver its start
MOST_CELLS_TO_EXCHANGE = 2000
EXCHANGES = 1
MOST_LOST = 3  # primary cells to ask programs for before a cell of a larger system is shown again
Marks = NDArray[np.bool_]


@dataclass
class Witnesses:
    """Tables that no reader can tell from the truth, as whole-number moves away from it (n_cells each)."""

    moves: list[Integers] = field(default_factory=list)

    def add(self, move: Numbers) -> bool:
        """Keep a move if it is of whole numbers."""
        if np.abs(move - np.rint(move)).max(initial=0.0) > TOLERANCE:
            return False
        self.moves.append(np.rint(move).astype(np.int64))
        return True

    def table(self, n_cells: int) -> Integers:
        """Return all moves as one array (n_moves, n_cells)."""
        return np.array(self.moves, dtype=np.int64).reshape(-1, n_cells)


@dataclass(frozen=True)
class SuppressionTask:
    """A unit to protect: its sums, true counts, primary cells and the width each interval must have.

    `least` is the smallest count a reader can think of for a withheld cell: 1 where zeros are published.
    """

    system: LinkedSystem
    counts: Integers
    primary: Marks
    widths: Integers
    least: int | Integers = 1

    @property
    def down(self) -> Numbers:
        """Return how far each cell could go down if it were withheld."""
        return np.maximum(self.counts - self.least, 0).astype(np.float64)

    @property
    def up(self) -> Numbers:
        """Return how far each cell could go up; published zeros stay."""
        return np.where((self.counts > 0) | (self.least == 0), np.inf, 0.0)

    @property
    def prices(self) -> Numbers:
        """Return what withholding each cell costs."""
        return np.log1p(self.counts) + 0.5


def suppress_cells(task: SuppressionTask) -> Marks:
    """Return all cells to withhold, primary ones included; the same task gives the same cells.

    Raises:
        ReleaseRefused: No pattern protects a cell; names the tables.
    """
    witnesses, hidden = Witnesses(), task.primary.copy()
    reach = Reach(task.system.equations, task.down, task.up)
    low, high = np.zeros_like(task.counts), np.zeros_like(task.counts)
    postponed, asked = [], 0
    for position in _order(task):
        if high[position] - low[position] >= task.widths[position]:
            continue
        if asked % PROGRAMS_PER_PRICE == 0:
            reach.set_prices(_prices(task, hidden))
        asked += 1
        move = reach.move(position, float(task.widths[position]))
        if move is None or not witnesses.add(move):
            postponed.append(position)
            continue
        hidden |= move != 0
        low, high = np.minimum(low, witnesses.moves[-1]), np.maximum(high, witnesses.moves[-1])
    for position in postponed:
        if high[position] - low[position] < task.widths[position]:
            hidden |= _whole_support(task, witnesses, position, hidden)
            low, high = np.minimum(low, witnesses.moves[-1]), np.maximum(high, witnesses.moves[-1])
    hidden = show_again(task, hidden, witnesses)
    for _ in range(EXCHANGES if len(hidden) <= MOST_CELLS_TO_EXCHANGE else 0):
        hidden = show_again(task, exchange(task, hidden, witnesses), witnesses)
    return protect_from_insiders(task, hidden, witnesses)


def _prices(task: SuppressionTask, hidden: Marks) -> Numbers:
    return np.where(hidden, HIDDEN_PRICE, task.prices)


def _order(task: SuppressionTask) -> list[int]:
    """Return primary cells, the largest first: what protects them protects many small ones."""
    cells = np.flatnonzero(task.primary)
    return [int(i) for i in cells[np.argsort(-task.counts[cells], kind="stable")]]


def _whole_support(task: SuppressionTask, witnesses: Witnesses, position: int, hidden: Marks) -> Marks:
    """Return the cells of a whole-number move, within what is withheld already where that is possible."""
    width = float(task.widths[position])
    for allowed in (hidden, np.ones_like(hidden)):
        move = _whole_move(task, (position, width), _prices(task, hidden), allowed)
        if move is not None and witnesses.add(move):
            return np.asarray(move != 0, dtype=np.bool_)
    tables = ", ".join(sorted(task.system.layouts))
    raise ReleaseRefused(
        f"unit {task.system.unit}: no other cells can hide what must be withheld in {tables}",
        remedy="leave a table out, publish it coarser, or use rounding",
    )


def _whole_move(
    task: SuppressionTask, wish: tuple[int, float], prices: Numbers, allowed: Marks
) -> Numbers | None:
    """Return the cheapest whole-number move up, where the linear program's was not whole."""
    n_cells, (position, width) = len(prices), wish
    up, down = np.where(allowed, task.up, 0.0), np.where(allowed, task.down, 0.0)
    lower, upper = np.zeros(2 * n_cells), np.concatenate([up, down])
    lower[position] = upper[position] = width
    upper[n_cells + position] = 0.0
    rows: list[Row] = []
    for parent, children in task.system.equations:
        cells = [parent, *children]
        signs = [-1.0, *[1.0] * len(children)]
        rows.append(([*cells, *(n_cells + c for c in cells)], [*signs, *(-s for s in signs)], 0.0, 0.0))
    cost = np.concatenate([prices, prices])
    best = solve(Program(cost, lower, upper, rows, integral=True, relative_gap=0.05))
    return None if best is None else best[:n_cells] - best[n_cells:]


def show_again(task: SuppressionTask, hidden: Marks, witnesses: Witnesses) -> Marks:
    """Return the withheld cells without those that are not needed, the largest shown again first.

    A cell may be shown where every primary cell that was wide by its help only is wide by other tables too,
    which are asked for. Witnesses that used it are dropped: those left keep to the new pattern.
    """
    result = hidden.copy()
    zero = np.zeros(len(hidden))
    reach = Reach(task.system.equations, np.where(hidden, task.down, zero), np.where(hidden, task.up, zero))
    reach.set_prices(np.where(task.primary, HIDDEN_PRICE, task.prices))
    moves = witnesses.table(len(hidden))
    complementary = np.flatnonzero(hidden & ~task.primary)
    for cell in map(int, complementary[np.argsort(-task.counts[complementary], kind="stable")]):
        others = moves[moves[:, cell] == 0]
        reach.allow(cell, 0.0, 0.0)
        new = _recovered(task, reach, others)
        if new is None:
            reach.allow(cell, float(task.down[cell]), float(task.up[cell]))
        else:
            moves, result[cell] = np.vstack([others, *new]), False
    witnesses.moves = list(moves)
    return result


def exchange(task: SuppressionTask, hidden: Marks, witnesses: Witnesses) -> Marks:
    """Return a cheaper pattern: a cell is shown where others that cost less together take its part."""
    result, prices = hidden.copy(), task.prices
    reach = Reach(task.system.equations, task.down, task.up)
    moves = witnesses.table(len(hidden))
    complementary = np.flatnonzero(hidden & ~task.primary)
    for cell in map(int, complementary[np.argsort(-prices[complementary], kind="stable")]):
        others = moves[moves[:, cell] == 0]
        reach.allow(cell, 0.0, 0.0)
        reach.set_prices(_prices(task, result))
        new = _recovered(task, reach, others)
        reach.allow(cell, float(task.down[cell]), float(task.up[cell]))
        moved = np.any(np.vstack(new) != 0, axis=0) if new else np.zeros_like(result)
        if new is not None and prices[moved & ~result].sum() < prices[cell]:
            moves, result = np.vstack([others, *new]), result | moved
            result[cell] = False
    witnesses.moves = list(moves)
    return result


def _recovered(task: SuppressionTask, reach: Reach, moves: Integers) -> list[Integers] | None:
    """Return the further witnesses that all primary cells need to be wide, None where one cannot be."""
    low, high = moves.min(axis=0, initial=0), moves.max(axis=0, initial=0)
    new: list[Integers] = []
    lost = np.flatnonzero(task.primary & (high - low < task.widths))
    if len(lost) > MOST_LOST and len(low) > MOST_CELLS_TO_EXCHANGE:
        return None
    for position in map(int, lost):
        width, down = float(task.widths[position]), float(task.down[position])
        # The whole width upwards, else what is possible downwards and the rest upwards.
        for amount in (width, -min(width, down), width - min(width, down), 1.0):
            if high[position] - low[position] >= width:
                break
            move = reach.move(position, amount) if amount else None
            if move is not None and np.abs(move - np.rint(move)).max() <= TOLERANCE:
                whole = np.rint(move).astype(np.int64)
                low, high = np.minimum(low, whole), np.maximum(high, whole)
                new.append(whole[None, :])
        if high[position] - low[position] < width:
            return None
    return new


def protect_from_insiders(task: SuppressionTask, hidden: Marks, witnesses: Witnesses) -> Marks:
    """Return the withheld cells with what hides the others from the owner of a single case.

    She knows that her cell holds 1. Counted is only a cell that would become exact for her and holds somebody
    else's case.
    """
    result = hidden.copy()
    moves = witnesses.table(len(hidden))
    primary = np.flatnonzero(task.primary & (task.counts > 1))
    for single in np.flatnonzero(hidden & (task.counts == 1)):
        others = moves[moves[:, single] == 0]
        exposed = primary[~(others[:, primary] != 0).any(axis=0)]
        if not len(exposed):
            continue
        up, down = task.up, task.down
        up[single] = down[single] = 0.0
        reach = Reach(task.system.equations, down, up)
        reach.set_prices(_prices(task, result))
        for position in map(int, exposed):
            move = reach.move(position, 1.0)
            if move is not None and not (len(others) and others[:, position].any()):
                result |= move != 0
                others = np.vstack([others, np.rint(move).astype(np.int64)])
                moves = np.vstack([moves, others[-1:]])
    return result
