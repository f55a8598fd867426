"""Invented crisis groups for tests and the demo: case files in real formats, and the truth about them."""

from .changes import Changes
from .desk import Format
from .formats import DEFAULT_FORMATS, FORMATS, SERIES
from .run import DEFAULT_TODAY, SyntheticSummary, synthesize

__all__ = [
    "DEFAULT_FORMATS",
    "DEFAULT_TODAY",
    "FORMATS",
    "SERIES",
    "Changes",
    "Format",
    "SyntheticSummary",
    "synthesize",
]
