"""Keyed, sticky, additive controlled rounding of one unit, or of units that readers compare."""

from .cells import UNKNOWN_COUNT, Known, Ledger, RoundingRules, round_cells, sensitive_cells
from .companions import with_companions
from .together import Part, RoundedTogether

__all__ = [
    "UNKNOWN_COUNT",
    "Known",
    "Ledger",
    "Part",
    "RoundedTogether",
    "RoundingRules",
    "round_cells",
    "sensitive_cells",
    "with_companions",
]
