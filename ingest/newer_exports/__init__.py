"""A newer export of the same source: what changed, what is missing, what no longer adds up."""

from .changes import Changes, Newer
from .reconcile import ColumnFills, RepeatCounts, dropped_repeats, last_run, unread_columns
from .vanished import Vanished, answer_vanished, list_vanished, notice_vanished

__all__ = [
    "Changes",
    "ColumnFills",
    "Newer",
    "RepeatCounts",
    "Vanished",
    "answer_vanished",
    "dropped_repeats",
    "last_run",
    "list_vanished",
    "notice_vanished",
    "unread_columns",
]
