"""What is to be published, as one linked system: dimensions, tables, distinct cells, sums, exact counts."""

from .count import NO_ROWS_REMEDY, CellCounts, Integers, Marks, UnitRows, count_cells, located_rows
from .plan import TOTAL, CellKey, Dimension, TablePlan, dimension_from_rows
from .system import Equation, LinkedSystem, cell_heights, cell_name, linked_systems, with_totals

__all__ = [
    "NO_ROWS_REMEDY",
    "TOTAL",
    "CellCounts",
    "CellKey",
    "Dimension",
    "Equation",
    "Integers",
    "LinkedSystem",
    "Marks",
    "TablePlan",
    "UnitRows",
    "cell_heights",
    "cell_name",
    "count_cells",
    "dimension_from_rows",
    "linked_systems",
    "located_rows",
    "with_totals",
]
