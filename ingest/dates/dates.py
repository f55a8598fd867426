"""Dates as people write them, with how exactly they are known; no impossible or two-faced date.

ISO, day first or month first (only as declared), month names in English and Russian, months, quarters,
seasons, years, parts of them ("end of March"), ranges, Excel days. The patterns are in `patterns.py`.
"""

import datetime
import re

from codebook import fold
from ingest.problems import IMPOSSIBLE_DATE, Problem

from .patterns import DateValue, read_period
from .words import ABOUT, UNKNOWN

_QUOTES = re.compile('["«»“”„]')  # «5» марта
_LONGEST = 120  # characters of a date; a longer cell is a story
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_SERIAL = re.compile(r"([0-9]{5})(?:\.([0-9]+))?")
_SERIALS = range(20_000, 70_000)  # 1954 to 2091
_TIME = re.compile(
    r"(?:t|,?\s+(?:в |at )?)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?m)?\.?\s*"
    r"(?:z|[+-]\d{2}:?\d{2})?$"
)


def read_date(text: str, *, order: str = "", serials: bool = False) -> DateValue | Problem | None:
    """Return the date that a cell says; None where it says that none is known.

    Args:
        order: `day_month` or `month_day`: how 03/04/2025 is meant; with points the day is first by default.
            `mixed`: the column has both orders, so that no date that can be read both ways is read.
        serials: Whether a plain number is a day of Excel's calendar.

    >>> read_date("02-Март-2025")
    DateValue(first='2025-03-02', last='', precision='day')
    >>> read_date("конец марта 2023")
    DateValue(first='2023-03-21', last='2023-03-31', precision='range')
    >>> read_date("31.02.2021")
    Problem(reason='impossible_date')
    """
    if len(text) > _LONGEST:
        return IMPOSSIBLE_DATE
    folded = _QUOTES.sub("", fold(text))
    if folded in UNKNOWN:
        return None
    if serials and (found := _SERIAL.fullmatch(folded)) and int(found[1]) in _SERIALS:
        return DateValue((_EXCEL_EPOCH + datetime.timedelta(days=int(found[1]))).isoformat(), "", "day")
    bare = ABOUT.sub("", folded)
    sure = bare.rstrip("?() ")
    about = sure != folded
    found_date = read_period(_TIME.sub("", sure), order)
    if about and isinstance(found_date, DateValue):
        return DateValue(found_date.first, found_date.last, "estimate")
    return found_date


def read_datetime(text: str, *, order: str = "", serials: bool = False) -> DateValue | Problem | None:
    """Return a date with its time, where there is one; the offset from UTC is left out."""
    if len(text) > _LONGEST:
        return IMPOSSIBLE_DATE
    folded = fold(text)
    if serials and (found := _SERIAL.fullmatch(folded)) and int(found[1]) in _SERIALS:
        moment = datetime.datetime.combine(_EXCEL_EPOCH, datetime.time()) + datetime.timedelta(
            minutes=round(float(folded) * 1440)
        )
        return DateValue(moment.isoformat(timespec="minutes"), "", "day")
    day = read_date(text, order=order)
    time = _TIME.search(folded)
    if not isinstance(day, DateValue) or not time:
        return day
    hour, minute = int(time[1]), int(time[2])
    if time[4]:
        if not 1 <= hour <= 12:
            return IMPOSSIBLE_DATE
        hour = hour % 12 + (12 if time[4][0] == "p" else 0)
    if hour > 23 or minute > 59:
        return IMPOSSIBLE_DATE
    return DateValue(f"{day.first}T{hour:02d}:{minute:02d}", day.last, day.precision)


__all__ = ["DateValue", "read_date", "read_datetime"]
