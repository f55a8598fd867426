"""Withholding counts: which may not be shown, and which others so that subtraction gives none back."""

from .pattern import protect_from_insiders, suppress_cells
from .primary import ZEROS, SuppressionRules, interval_widths, least_withheld, primary_cells
from .task import SuppressionTask
from .whole_moves import whole_width

__all__ = [
    "ZEROS",
    "SuppressionRules",
    "SuppressionTask",
    "interval_widths",
    "least_withheld",
    "primary_cells",
    "protect_from_insiders",
    "suppress_cells",
    "whole_width",
]
