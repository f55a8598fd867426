"""The main attack: no published or withheld cell may be known exactly or within less than the rules allow."""

from dataclasses import dataclass, field

import numpy as np

from .cells import PublicUnit
from .exhibit import Exhibit
from .findings import Finding, judged
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


def check_intervals(exhibit: Exhibit) -> Finding:
    """Attack every cell of every unit with all published bounds and sums."""
    broken = Broken()
    for unit in exhibit.units.values():
        attack_unit(unit, linked_unit(unit), broken)
    rule = "RULES 4: no cell is exact, and none is known within less than its threshold - 2 (money: 10 %)"
    faults = broken.exact + broken.too_narrow + broken.infeasible_units
    remedy = "publish fewer or coarser tables of the unit, or merge small categories"
    return judged("intervals", rule, faults, broken.as_counts(), remedy)


def attack_unit(unit: PublicUnit, linked: Linked, broken: Broken) -> None:
    """Attack the first cells of a linked system, those of the unit, and count what breaks."""
    broken.cells += len(unit.cells)
    if (linked.lower > linked.upper).any():
        broken.infeasible_units += 1
        return
    prints = np.array([cell.value if cell.value is not None else np.nan for cell in unit.cells])
    attack = IntervalAttack(linked, prints)
    if not attack.feasible:
        broken.infeasible_units += 1
        return
    for position, cell in enumerate(unit.cells):
        if unit.money:
            low, high = attack.interval(position)
            narrow = 0 < high < np.inf and high - low < NARROW_MONEY_SHARE * high and cell.value is None
        else:
            if attack.wide_enough(position, cell.threshold - 2):
                continue
            low, high = attack.interval(position)
            narrow = high - low < cell.threshold - 2
        if narrow or low == high:
            broken.exact += low == high
            broken.too_narrow += low != high
            broken.tables |= cell.tables
