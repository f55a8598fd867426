"""From a file to rows of text, one module a container format; bounded memory, nothing guessed."""

from .columns import check_columns, names_of_columns, refuse_donor_list
from .registry import READERS, open_table
from .table import BadRow, Cell, Row, Table

__all__ = [
    "READERS",
    "BadRow",
    "Cell",
    "Row",
    "Table",
    "check_columns",
    "names_of_columns",
    "open_table",
    "refuse_donor_list",
]
