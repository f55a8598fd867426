"""Which declaration a file is meant for, and whether the file can be taken by it at all."""

from .column_order import settle_orders
from .headings import open_source
from .lost_repeats import refuse_lost_repeats
from .recognise import Choice, choose_source, find_files
from .repeat_files import without_repeat_files

__all__ = [
    "Choice",
    "choose_source",
    "find_files",
    "open_source",
    "refuse_lost_repeats",
    "settle_orders",
    "without_repeat_files",
]
