"""Tables that may be published: planned, counted, and protected together as one linked system."""

from .between import NotMore
from .count import UnitRows
from .magnitudes import MoneyRows, MoneyRules, is_one_payment, printed_leaves
from .plan import TOTAL, Dimension, TablePlan, dimension_from_rows
from .primary import ZEROS, SuppressionRules
from .protect import (
    Protection,
    protect_counts,
    protect_money,
    protect_together,
    records_minimum,
    suppress_counts,
)
from .protected import ProtectedRow, ProtectedTable, TableCost
from .rounding import Known, RoundingRules
from .system import linked_systems
from .together import Part

__all__ = [
    "TOTAL",
    "ZEROS",
    "Dimension",
    "Known",
    "MoneyRows",
    "MoneyRules",
    "NotMore",
    "Part",
    "ProtectedRow",
    "ProtectedTable",
    "Protection",
    "RoundingRules",
    "SuppressionRules",
    "TableCost",
    "TablePlan",
    "UnitRows",
    "dimension_from_rows",
    "is_one_payment",
    "linked_systems",
    "printed_leaves",
    "protect_counts",
    "protect_money",
    "protect_together",
    "records_minimum",
    "suppress_counts",
]
