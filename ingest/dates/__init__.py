"""Dates as people write them: words, patterns, the order of day and month, and how exactly each is known."""

from .dates import DateValue, read_date, read_datetime
from .order import OrderEvidence

__all__ = ["DateValue", "OrderEvidence", "read_date", "read_datetime"]
