"""Whole-number programs for the few cells whose linear programs find fractions only."""

import numpy as np

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import Numbers, Program, Row, solve

from .task import SuppressionTask

NEAR_ENOUGH = 0.05  # of the cheapest move, where its price matters


def whole_width(
    task: SuppressionTask, allowed: Marks, position: int, prices: Numbers | None = None
) -> list[Integers]:
    """Return moves of allowed cells by which one cell is together as wide as it must be; none if none do.

    Args:
        task: What to protect.
        allowed: Cells that may move (n_cells).
        position: The cell.
        prices: What moving each cell by one costs (n_cells); any moves will do without.
    """
    width = int(task.widths[position])
    least_up = width - min(int(task.down[position]), width)
    for up in range(width, least_up - 1, -1):
        moves = []
        for amount in (up, up - width):
            move = _move(task, allowed, (position, amount), prices) if amount else None
            if amount and move is None:
                break
            moves += [] if move is None else [move]
        else:
            return moves
    return []


def _move(
    task: SuppressionTask, allowed: Marks, wish: tuple[int, int], prices: Numbers | None
) -> Integers | None:
    """Return the cheapest move in which a cell goes at least so far, None if there is none."""
    position, amount = wish
    if not allowed[position] or (task.up if amount > 0 else task.down)[position] < abs(amount):
        return None
    cells = np.flatnonzero(allowed)
    column = np.full(len(allowed), -1)
    column[cells] = np.arange(len(cells))
    rows = _sums(task, column, 1 if prices is None else 2, len(cells))
    if prices is None:
        lower, upper, cost = -task.down[cells], task.up[cells].copy(), np.zeros(len(cells))
        moved = column[position]
        if amount > 0:
            lower[moved] = amount
        else:
            upper[moved] = amount
    else:
        lower = np.zeros(2 * len(cells))
        upper = np.concatenate([task.up[cells], task.down[cells]])
        cost = np.tile(prices[cells], 2)
        moving, resting = column[position], column[position] + len(cells)
        if amount < 0:
            moving, resting = resting, moving
        lower[moving], upper[resting] = abs(amount), 0.0
    best = solve(Program(cost, lower, upper, rows, integral=True, relative_gap=NEAR_ENOUGH))
    if best is None:
        return None
    found = np.zeros(len(allowed), dtype=np.int64)
    whole = np.rint(best).astype(np.int64)
    found[cells] = whole if prices is None else whole[: len(cells)] - whole[len(cells) :]
    return found


def _sums(task: SuppressionTask, column: Integers, copies: int, n_columns: int) -> list[Row]:
    """Return the sums that every move keeps; the second copy of the columns is what goes down."""
    rows: list[Row] = []
    for parent, children in task.system.equations:
        columns = [int(column[cell]) for cell in (parent, *children) if column[cell] >= 0]
        if not columns:
            continue
        signs = [-1.0 if cell == parent else 1.0 for cell in (parent, *children) if column[cell] >= 0]
        if copies == 2:
            columns, signs = columns + [n_columns + c for c in columns], signs + [-s for s in signs]
        rows.append((columns, signs, 0.0, 0.0))
    return rows
