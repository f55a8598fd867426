"""Read a source declaration: which column of a file is which field; faults name file and key."""

from .load import load_source, load_sources
from .targets import REPEATABLE

__all__ = ["REPEATABLE", "load_source", "load_sources"]
