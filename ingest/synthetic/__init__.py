"""Invented crisis groups for tests and the demo: case files in real formats, and the truth about them."""

from .changes import Changes
from .desk import Format
from .run import DEFAULT_FORMATS, DEFAULT_TODAY, FORMATS, SyntheticSummary, synthesize

__all__ = [
    "DEFAULT_FORMATS",
    "DEFAULT_TODAY",
    "FORMATS",
    "Changes",
    "Format",
    "SyntheticSummary",
    "synthesize",
]
