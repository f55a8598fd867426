"""Invented crisis groups for tests and the demo: case files in real formats, and the truth about them."""

from .desk import Format
from .run import DEFAULT_TODAY, FORMATS, SyntheticSummary, synthesize

__all__ = ["DEFAULT_TODAY", "FORMATS", "Format", "SyntheticSummary", "synthesize"]
