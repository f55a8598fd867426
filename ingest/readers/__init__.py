"""From a file to rows of text, one module a container format; bounded memory, nothing guessed."""

from .registry import READERS, open_table
from .table import BadRow, Cell, Row, Table

__all__ = ["READERS", "BadRow", "Cell", "Row", "Table", "open_table"]
