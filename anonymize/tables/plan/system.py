"""The linked system: every distinct cell of a unit once, and every sum that must hold between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from codebook.errors import PlanError

from .plan import TOTAL, CellKey, Dimension, TablePlan, require_dimensions, with_ancestors

Equation = tuple[int, tuple[int, ...]]
"""(parent cell, child cells): the parent is the sum of the children."""


@dataclass(frozen=True)
class LinkedSystem:
    """All cells of the tables of one unit.

    Args:
        unit: What is counted.
        cells: Distinct cells; a cell that two tables share stands here once (n_cells).
        index: Cell -> position in `cells`.
        equations: Distinct sums, as positions in `cells`.
        layouts: Table -> its rows: codes in column order, and the position of the cell.
    """

    unit: str
    cells: tuple[CellKey, ...]
    index: Mapping[CellKey, int]
    equations: tuple[Equation, ...]
    layouts: Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]

    def name(self, position: int) -> str:
        """Return the canonical name of a cell, the same in every release that has the cell."""
        return cell_name(self.unit, self.cells[position])


def cell_name(unit: str, key: CellKey) -> str:
    """Return the canonical name of a cell.

    >>> cell_name("acts", (("age_band", "a1217"), ("period", "2023")))
    'acts|age_band=a1217|period=2023'
    """
    return "|".join([unit, *(f"{dimension}={code}" for dimension, code in key)])


def cell_key(plan: TablePlan, codes: Sequence[str]) -> CellKey:
    """Return the key of the cell in which a row of a table stands."""
    coordinates = dict(zip(plan.columns, codes, strict=True))
    if plan.stacked:
        question = coordinates.pop(plan.stacked)
        coordinates = {f"{column}:{question}": code for column, code in coordinates.items()}
    return tuple(sorted((column, code) for column, code in coordinates.items() if code != TOTAL))


def table_codes(plan: TablePlan, dimensions: Mapping[str, Dimension]) -> list[tuple[str, ...]]:
    """Return the codes of every row of a table, margins included, in publication order."""
    axes: list[tuple[str, ...]] = []
    for column, level in plan.dimensions.items():
        dimension = dimensions[column]
        if column in plan.only:
            axes.append(plan.only[column])
        elif column == plan.stacked:
            axes.append(dimension.codes_at(level))
        else:
            hidden = with_ancestors(dimension, plan.leave_out.get(column, ()))
            axes.append(tuple(c for c in (TOTAL, *dimension.codes_from(level)) if c not in hidden))
    return list(product(*axes))


def linked_systems(
    plans: Iterable[TablePlan], dimensions: Mapping[str, Dimension]
) -> dict[str, LinkedSystem]:
    """Return the linked system of every unit.

    Raises:
        PlanError: A table names what does not exist.
    """
    plans = list(plans)
    require_dimensions(plans, dimensions)
    units = dict.fromkeys(plan.unit for plan in plans)
    return {unit: _link(unit, [plan for plan in plans if plan.unit == unit], dimensions) for unit in units}


def _link(unit: str, plans: Sequence[TablePlan], dimensions: Mapping[str, Dimension]) -> LinkedSystem:
    index: dict[CellKey, int] = {}
    layouts: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}
    for plan in plans:
        rows = []
        for codes in table_codes(plan, dimensions):
            rows.append((codes, index.setdefault(cell_key(plan, codes), len(index))))
        layouts[plan.name] = tuple(rows)
    equations: dict[Equation, None] = {}
    for plan in plans:
        place = dict(layouts[plan.name])
        for axis, column in enumerate(plan.columns):
            if column not in plan.only and column != plan.stacked:
                equations.update(dict.fromkeys(_sums(place, axis, dimensions[column])))
    system = LinkedSystem(unit, tuple(index), index, tuple(equations), layouts)
    if any(plan.only or plan.leave_out for plan in plans):
        _require_whole_sums(system, dimensions)
    return system


def _require_whole_sums(system: LinkedSystem, dimensions: Mapping[str, Dimension]) -> None:
    """Stop where some parts of a total are shown in one table and the total in another, and no table has all.

    Readers know that parts are never more than their total, which no sum of the system says.

    Raises:
        PlanError: Names the tables.
    """
    parents: dict[int, set[int]] = {}
    for parent, children in system.equations:
        for child in children:
            parents.setdefault(child, set()).add(parent)
    alone: set[int] = set()
    for position, key in enumerate(system.cells):
        reached, waiting = {position}, [position]
        while waiting:
            further = parents.get(waiting.pop(), set()) - reached
            reached |= further
            waiting += further
        totals = {system.index[whole] for whole in _wholes(key, dimensions) if whole in system.index}
        if left := totals - reached:
            alone |= left | {position}
    if alone:
        tables = [name for name, rows in system.layouts.items() if alone & {at for _, at in rows}]
        raise PlanError(
            f"unit {system.unit}: a total is shown in one table and only some of its parts in another: "
            f"{', '.join(tables)}",
            remedy="show all parts with their total in one of them (no `only`, no `leave_out`), or no total",
        )


def _wholes(key: CellKey, dimensions: Mapping[str, Dimension]) -> Iterator[CellKey]:
    """Yield a cell and every cell that it is a part of."""
    ladders = []
    for column, code in key:
        parent, ladder = dimensions[column.split(":", 1)[0]].parent, [code]
        while ladder[-1] != TOTAL:
            ladder.append(parent[ladder[-1]])
        ladders.append([(column, step) for step in ladder])
    for pairs in product(*ladders):
        yield tuple(pair for pair in pairs if pair[1] != TOTAL)


def _sums(place: Mapping[tuple[str, ...], int], axis: int, dimension: Dimension) -> list[Equation]:
    """Return the sums along one column of a table: each code is the sum of the codes below it."""
    sums = []
    for codes, position in place.items():
        below = [
            place[(*codes[:axis], child, *codes[axis + 1 :])]
            for child in dimension.children.get(codes[axis], ())
            if (*codes[:axis], child, *codes[axis + 1 :]) in place
        ]
        if below:
            sums.append((position, tuple(below)))
    return sums


def cell_heights(system: LinkedSystem) -> NDArray[np.int64]:
    """Return how many sums lie under each cell, one above the other (n_cells); 0 for what has no parts."""
    height = np.zeros(len(system.cells), dtype=np.int64)
    for _ in range(len(system.equations)):
        before = height.copy()
        for parent, children in system.equations:
            height[parent] = max(height[parent], 1 + int(height[list(children)].max()))
        if (before == height).all():
            break
    return height


def with_totals(system: LinkedSystem, marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return marked cells and every total of which one is a part (n_cells)."""
    found, changed = marks.copy(), True
    while changed:
        changed = False
        for parent, children in system.equations:
            if not found[parent] and found[list(children)].any():
                found[parent] = changed = True
    return found
