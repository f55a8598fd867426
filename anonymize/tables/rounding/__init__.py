"""Keyed, sticky, additive controlled rounding of one unit, or of units that readers compare."""

from .cells import round_cells, sensitive_cells
from .companions import with_companions
from .quiet import QuietRules
from .rules import UNKNOWN_COUNT, Known, Ledger, RoundingRules
from .shares import ShareRules
from .together import Part, RoundedTogether

__all__ = [
    "UNKNOWN_COUNT",
    "Known",
    "Ledger",
    "Part",
    "QuietRules",
    "RoundedTogether",
    "RoundingRules",
    "ShareRules",
    "round_cells",
    "sensitive_cells",
    "with_companions",
]
