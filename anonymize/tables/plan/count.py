"""Exact counts of every cell of a unit: rows, persons, households and incidents.

Exact counts never leave this folder unprotected. Zero cells of the full cross product are cells too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from codebook.errors import PROGRAM_FAULT, PlanError

from .plan import TOTAL, CellKey, Dimension, TablePlan
from .system import LinkedSystem

Integers = NDArray[np.int64]
Marks = NDArray[np.bool_]
NO_ROWS_REMEDY = "check the rows of this unit, or take its tables out of the plan"
Grid = tuple[tuple[str, str, str], ...]
"""(row column, dimension, level) of the columns that are crossed; the others are totalled."""


@dataclass(frozen=True)
class UnitRows:
    """Everything that is counted of one unit: parallel sequences, one entry a counted row (n_rows).

    Args:
        codes: Column -> finest code of every row.
        persons: Identifiers of the affected persons; any hashable text, used only to tell them apart.
        households: Identifiers of their households; rows without one count as one household together.
        incidents: Identifiers of the incidents.
        records: What tells a row from others in every release, for cell keys; empty where they are not used.
    """

    codes: Mapping[str, Sequence[str]]
    persons: Sequence[str]
    households: Sequence[str]
    incidents: Sequence[str]
    records: Sequence[str] = ()

    def __post_init__(self) -> None:
        lengths = {
            len(self.persons),
            len(self.households),
            len(self.incidents),
            *map(len, self.codes.values()),
            len(self.records or self.persons),
        }
        if len(lengths) != 1:
            raise PlanError("the columns of a unit's rows are not equally long", remedy=PROGRAM_FAULT)

    def __len__(self) -> int:
        return len(self.persons)

    def filtered(self, filters: Mapping[str, Sequence[str]]) -> "UnitRows":
        """Return the rows whose columns hold one of the allowed codes."""
        if not filters:
            return self
        kept = [
            i for i in range(len(self)) if all(self.codes[column][i] in filters[column] for column in filters)
        ]
        return UnitRows(
            {column: [values[i] for i in kept] for column, values in self.codes.items()},
            [self.persons[i] for i in kept],
            [self.households[i] for i in kept],
            [self.incidents[i] for i in kept],
            [self.records[i] for i in kept] if self.records else (),
        )


@dataclass(frozen=True)
class CellCounts:
    """Counts by cell, in the order of the linked system (n_cells each).

    `smallest` is the smallest number of rows, persons, households and incidents in the cell: rule 21.
    """

    rows: Integers
    smallest: Integers


def crossed_grids(plan: TablePlan, dimensions: Mapping[str, Dimension]) -> list[Grid]:
    """Return every combination of levels that a table shows, the totals being a level like others."""
    choices: list[list[tuple[str, str, str] | None]] = []
    stack = dimensions[plan.stacked].codes_at(plan.dimensions[plan.stacked]) if plan.stacked else ()
    for column, finest in plan.dimensions.items():
        if column == plan.stacked:
            continue
        levels = dimensions[column].levels[dimensions[column].levels.index(finest) :]
        if plan.stacked:
            choices.append([None, *((f"{column}:{q}", column, level) for q in stack for level in levels)])
        elif column in plan.only:
            choices.append([(column, column, level) for level in levels])
        else:
            choices.append([None, *((column, column, level) for level in levels)])
    return [tuple(sorted(part for part in parts if part)) for parts in product(*choices)]


def count_cells(
    system: LinkedSystem, plans: Sequence[TablePlan], dimensions: Mapping[str, Dimension], rows: UnitRows
) -> CellCounts:
    """Count every cell of a linked system.

    Raises:
        PlanError: Rows lack a column, or carry a code that is unknown or not at the finest level.
    """
    plans = [plan for plan in plans if plan.unit == system.unit]
    rows = rows.filtered(plans[0].filters)
    clusters = [_numbered(ids) for ids in (rows.persons, rows.households, rows.incidents)]
    counts = np.zeros(len(system.cells), dtype=np.int64)
    smallest = np.zeros(len(system.cells), dtype=np.int64)
    for positions, flat in located_rows(system, plans, dimensions, rows):
        shown = positions >= 0
        in_rows = np.bincount(flat, minlength=len(positions))
        least = np.minimum.reduce([in_rows, *(_distinct(flat, ids, len(positions)) for ids in clusters)])
        counts[positions[shown]] = in_rows[shown]
        smallest[positions[shown]] = least[shown]
    return CellCounts(counts, smallest)


def located_rows(
    system: LinkedSystem, plans: Sequence[TablePlan], dimensions: Mapping[str, Dimension], rows: UnitRows
) -> Iterator[tuple[Integers, Integers]]:
    """Say for every combination of levels where its cells stand, and in which of them each row falls.

    Args:
        system: The cells.
        plans: The tables of its unit.
        dimensions: Column -> dimension.
        rows: Filtered rows.

    Yields:
        The position of each cell in the system, -1 where no table shows it (n_grid_cells); and the grid cell
        of each row (n_rows).

    Raises:
        PlanError: Rows lack a column, or carry a code that is unknown or not at the finest level.
    """
    leaves: dict[str, Integers] = {}
    for grid in dict.fromkeys(grid for plan in plans for grid in crossed_grids(plan, dimensions)):
        for column, dimension, _ in grid:
            if column not in leaves:
                leaves[column] = _leaf_numbers(rows, column, dimensions[dimension])
        keys = _grid_keys(grid, dimensions)
        positions = np.array([system.index.get(key, -1) for key in keys], dtype=np.int64)
        yield positions, _flat_numbers(grid, dimensions, leaves, len(rows))


def _leaf_numbers(rows: UnitRows, column: str, dimension: Dimension) -> Integers:
    if column not in rows.codes:
        raise PlanError(
            f"the rows to count have no column {column}", remedy="add the column, or take it out of the plan"
        )
    number = {leaf: i for i, leaf in enumerate(dimension.leaves)}
    numbers = np.array([number.get(code, -1) for code in rows.codes[column]], dtype=np.int64)
    if wrong := int((numbers < 0).sum()):
        raise PlanError(
            f"column {column}: {wrong} rows carry a code that is unknown or not at the finest level",
            remedy="add the code to the dimension; give imprecise values a finest code of their own",
        )
    return numbers


def _flat_numbers(
    grid: Grid, dimensions: Mapping[str, Dimension], leaves: Mapping[str, Integers], n_rows: int
) -> Integers:
    """Return in which cell of a grid each row falls."""
    flat = np.zeros(n_rows, dtype=np.int64)
    for column, name, level in grid:
        dimension = dimensions[name]
        number = {code: i for i, code in enumerate(dimension.codes_at(level))}
        ancestors = np.array(
            [number[dimension.climb(leaf, level)] for leaf in dimension.leaves], dtype=np.int64
        )
        flat = flat * len(number) + ancestors[leaves[column]]
    return flat


def _grid_keys(grid: Grid, dimensions: Mapping[str, Dimension]) -> list[CellKey]:
    axes = [[(column, code) for code in dimensions[name].codes_at(level)] for column, name, level in grid]
    return [tuple(sorted(part for part in key if part[1] != TOTAL)) for key in product(*axes)]


def _numbered(ids: Sequence[str]) -> Integers:
    number: dict[str, int] = {}
    named = [number.setdefault(one, len(number)) if one else -1 for one in ids]
    # Without an identifier a row may be alone: counting it as one of its own would overstate, so all share
    # one.
    return np.array(named, dtype=np.int64) + 1


def _distinct(flat: Integers, ids: Integers, n_cells: int) -> Integers:
    pairs = np.unique(flat * (int(ids.max(initial=0)) + 1) + ids)
    distinct: Integers = np.bincount(pairs // (int(ids.max(initial=0)) + 1), minlength=n_cells)
    return distinct
