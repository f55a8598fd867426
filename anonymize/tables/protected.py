"""A protected table as it may be published, and what its protection cost, in counts only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .plan import Integers, LinkedSystem, TablePlan

SHOWN, WITHHELD = "A", "Q"  # SDMX observation status
FREE, CONFIDENTIAL = "F", "C"  # SDMX confidentiality status
LARGE_CELL = 20  # counts from here on are judged by their relative error
FEWEST_CELLS_OF_A_MEAN = 30  # a published mean over fewer cells would tell about single ones


class ProtectedRow(NamedTuple):
    """One row of a published table: codes in column order, then what may be known."""

    codes: tuple[str, ...]
    value: int | None
    lower: int | None
    upper: int | None
    obs_status: str
    conf_status: str


@dataclass(frozen=True)
class TableCost:
    """What protecting a table cost. Errors are in units of the table (persons, acts, roubles); shares are
    0..1.

    `error_bound` is what the published rule promises; `max_error` is what happened, and stays inside.
    `withheld_count_share` is the part of the printed grand total that no printed finest cell accounts for;
    None where it cannot be told from the prints.
    """

    name: str
    cells: int
    withheld_cells: int
    rounded_cells: int
    zero_cells: int
    small_cells: int
    mean_error: float
    max_error: int
    error_bound: int
    mean_relative_error_large: float
    withheld_count_share: float | None = None

    def as_evidence(self) -> dict[str, object]:
        """Return what may be published of the report.

        How many cells are zero or small, the largest error, and the mean error of a small table are
        equations about the truth behind the prints (a mean error of 0 over three cells gives all three):
        they stay inside.
        """
        mean = max(0.5, round(self.mean_error, 1)) if self.error_bound else 0.0
        tellable = self.rounded_cells >= FEWEST_CELLS_OF_A_MEAN or not self.error_bound
        return {
            "name": self.name,
            "cells": self.cells,
            "withheld_cells": self.withheld_cells,
            "rounded_cells": self.rounded_cells,
            "withheld_cells_share": round(self.withheld_cells / self.cells, 3) if self.cells else 0.0,
            "withheld_count_share": self.withheld_count_share,
            "mean_error": mean if tellable else None,
            "max_error": self.error_bound,
        }


@dataclass(frozen=True)
class ProtectedTable:
    """A table that may leave: its plan, its rows in publication order, its method and its cost."""

    name: str
    plan: TablePlan
    rows: tuple[ProtectedRow, ...]
    method: str
    cost: TableCost


@dataclass(frozen=True)
class Prints:
    """What is printed for the cells of a unit, in the order of its linked system (n_cells each)."""

    values: Integers
    bases: Integers
    hidden: NDArray[np.bool_]
    truth: Integers


def print_tables(
    system: LinkedSystem, plans: Sequence[TablePlan], prints: Prints, *, method: str
) -> list[ProtectedTable]:
    """Lay the prints of a unit out as its tables; a shared cell shows the same print in each."""
    tables = []
    for plan in plans:
        if plan.unit == system.unit:
            layout = system.layouts[plan.name]
            rows = tuple(_row(codes, position, prints) for codes, position in layout)
            positions = np.array([position for _, position in layout])
            share = None if plan.stacked else _withheld_count(system, positions, prints)
            cost = replace(_cost(plan.name, positions, prints), withheld_count_share=share)
            tables.append(ProtectedTable(plan.name, plan, rows, method, cost))
    return tables


def _row(codes: tuple[str, ...], position: int, prints: Prints) -> ProtectedRow:
    if prints.hidden[position]:
        return ProtectedRow(codes, None, None, None, WITHHELD, CONFIDENTIAL)
    value, reach = int(prints.values[position]), int(prints.bases[position]) - 1
    # Every method prints an empty cell as 0, so a print above 0 says that the cell is not empty.
    return ProtectedRow(codes, value, max(min(value, 1), value - reach), value + reach, SHOWN, FREE)


def _withheld_count(system: LinkedSystem, positions: Integers, prints: Prints) -> float | None:
    """Return the part (0..1) of a table's total that its withheld finest cells hold, from prints alone."""
    inside = set(positions.tolist())
    parents = {parent for parent, children in system.equations if inside.issuperset((parent, *children))}
    finest = sorted(inside - parents)
    total = system.index.get(())
    if not np.asarray(prints.hidden)[finest].any():
        return 0.0
    if total not in inside or prints.hidden[total] or not prints.values[total]:
        return None
    shown = int(prints.values[finest][~prints.hidden[finest]].sum())
    return round(min(1.0, max(0.0, 1 - shown / int(prints.values[total]))), 3)


def _cost(name: str, positions: Integers, prints: Prints) -> TableCost:
    hidden = np.asarray(prints.hidden, dtype=np.bool_)[positions]
    truth, values = prints.truth[positions], prints.values[positions]
    errors = np.abs(values - truth)[~hidden]
    large = ~hidden & (truth >= LARGE_CELL)
    relative = np.abs(values - truth)[large] / truth[large]
    return TableCost(
        name=name,
        cells=len(positions),
        withheld_cells=int(hidden.sum()),
        rounded_cells=int((~hidden).sum()),
        zero_cells=int((truth == 0).sum()),
        small_cells=int(((truth > 0) & (truth < prints.bases[positions])).sum()),
        mean_error=float(errors.mean()) if len(errors) else 0.0,
        max_error=int(errors.max(initial=0)),
        error_bound=int(prints.bases[positions].max(initial=1)) - 1,
        mean_relative_error_large=float(relative.mean()) if len(relative) else 0.0,
    )
