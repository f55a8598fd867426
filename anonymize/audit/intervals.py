"""The main attack: no published or withheld cell may be known exactly or within less than the rules allow."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .cells import PublicCell, PublicUnit
from .interval import IntervalAttack
from .programs import Linked, sum_rows

NARROW_MONEY_SHARE = 0.1  # p% rule with p = 10: the lower bound must be at least so far below the upper one


@dataclass
class Broken:
    """Counts of one attack; `tables` are those with a broken cell."""

    cells: int = 0
    exact: int = 0
    too_narrow: int = 0
    infeasible_units: int = 0
    narrowest: float = float("inf")
    tables: set[str] = field(default_factory=set)

    def as_counts(self) -> dict[str, object]:
        """Return JSON-ready counts."""
        return {
            "cells": self.cells,
            "exact": self.exact,
            "too_narrow": self.too_narrow,
            "contradictory_units": self.infeasible_units,
            "tables": sorted(self.tables),
        }


def linked_unit(unit: PublicUnit) -> Linked:
    """Return a unit as the attacker's system."""
    bounds = np.array([cell.bounds for cell in unit.cells], dtype=np.float64).reshape(-1, 2)
    return Linked(bounds[:, 0], bounds[:, 1], sum_rows(unit.sums))


def attack_unit(
    unit: PublicUnit,
    linked: Linked,
    broken: Broken,
    *,
    tied: NDArray[np.int64] | None = None,
    safe: frozenset[int] = frozenset(),
) -> None:
    """Attack the first cells of a linked system, those of the unit, and count what breaks.

    Args:
        unit: The cells.
        linked: What readers know of them, and of their copies in other releases behind them.
        broken: Is added to.
        tied: Column -> cell whose copy it is.
        safe: Positions that are known to be wide enough.
    """
    broken.cells += len(unit.cells)
    if (linked.lower > linked.upper).any():
        broken.infeasible_units += 1
        return
    if len(safe) == len(unit.cells):
        return
    prints = np.array([cell.value if cell.value is not None else np.nan for cell in unit.cells])
    attack = IntervalAttack(linked, prints, tied)
    if not attack.feasible:
        broken.infeasible_units += 1
        return
    attack.spread(_widths(unit, safe))
    for position, cell in enumerate(unit.cells):
        if position in safe or _is_printed_exactly(cell) or _is_seen_safe(unit, attack, position):
            continue
        if not unit.money and attack.wide_enough(position, _width(unit, cell)):
            continue
        low, high = attack.interval(position)
        if _is_narrow(unit, cell, low, high) or low == high:
            broken.exact += low == high
            broken.too_narrow += low != high
            broken.tables |= cell.tables


def _is_printed_exactly(cell: PublicCell) -> bool:
    """Return whether a cell is exact because its table's method says so, and may be: none, or not few."""
    low, high = cell.bounds
    return (
        cell.may_be_exact
        and cell.value is not None
        and low == high
        and (cell.value == 0 or cell.value >= cell.threshold)
    )


def safe_positions(unit: PublicUnit, attack: IntervalAttack) -> frozenset[int]:
    """Return the cells for which solutions are seen that lie far enough apart; the others may be safe too."""
    if not attack.feasible:
        return frozenset()
    attack.spread(_widths(unit, frozenset()))
    return frozenset(i for i in range(len(unit.cells)) if _is_seen_safe(unit, attack, i))


def _widths(unit: PublicUnit, safe: frozenset[int]) -> NDArray[np.float64]:
    """Return how wide each cell's interval must be (n_cells); 0 where that is known already."""
    widths = np.array([_width(unit, cell) for cell in unit.cells], dtype=np.float64)
    widths[list(safe)] = 0.0
    return widths


def _width(unit: PublicUnit, cell: PublicCell) -> float:
    # How wide an amount must be depends on the amount itself: such cells are asked for one by one.
    if unit.money:
        return 1.0
    hides_exact_count = cell.may_be_exact and cell.value is None
    return cell.threshold - (1 if hides_exact_count else 2)


def _is_seen_safe(unit: PublicUnit, attack: IntervalAttack, position: int) -> bool:
    cell = unit.cells[position]
    if not unit.money:
        return attack.seen_wide(position, _width(unit, cell))
    return attack.seen_apart(position, NARROW_MONEY_SHARE if cell.value is None else 0.0)


def _is_narrow(unit: PublicUnit, cell: PublicCell, low: float, high: float) -> bool:
    if not unit.money and cell.may_be_exact and low >= cell.threshold:
        return False  # surely not a small count: it was withheld to hide others
    if not unit.money:
        return high - low < _width(unit, cell)
    return cell.value is None and 0 < high < np.inf and high - low < NARROW_MONEY_SHARE * high
