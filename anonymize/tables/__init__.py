"""Tables that may be published: planned, counted, and protected together as one linked system."""

from .money import MoneyRows, MoneyRules, is_one_payment, printed_leaves
from .plan import TOTAL, Dimension, TablePlan, UnitRows, dimension_from_rows, linked_systems
from .protect import (
    Protection,
    protect_counts,
    protect_money,
    protect_together,
    records_minimum,
    suppress_counts,
)
from .protected import ProtectedRow, ProtectedTable, TableCost
from .room import NotMore
from .rounding import Known, Part, QuietRules, RoundingRules, ShareRules
from .suppression import ZEROS, SuppressionRules

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
    "QuietRules",
    "RoundingRules",
    "ShareRules",
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
