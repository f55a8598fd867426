"""Rows that could not be taken: kept with the reason, counted, repaired, given back."""

from .repair import read_repaired
from .waiting import (
    WARNING,
    WaitingCount,
    discard_rows,
    export_quarantine,
    is_waiting,
    keep_row,
    list_quarantine,
    settle_row,
    still_waiting,
    waiting_by_key,
    waiting_rows,
)

__all__ = [
    "WARNING",
    "WaitingCount",
    "discard_rows",
    "export_quarantine",
    "is_waiting",
    "keep_row",
    "list_quarantine",
    "read_repaired",
    "settle_row",
    "still_waiting",
    "waiting_by_key",
    "waiting_rows",
]
