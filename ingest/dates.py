"""Dates as people write them, with how exactly they are known; no impossible or two-faced date.

ISO, day first or month first (only as declared), month names in English and Russian, months, years, ranges,
Excel days.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from codebook import fold

from .problems import AMBIGUOUS, IMPOSSIBLE_DATE, Problem

EARLIEST, LATEST = 1900, 2100  # years; what lies outside is a slip of the keyboard
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
_SERIALS = range(20_000, 70_000)  # 1954 to 2091
_MONTH_STEMS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "мае": 5, "июн": 6,
    "июл": 7, "авг": 8,    "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_MONTH_NAMES = {
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "sept": 9, "october": 10, "november": 11, "december": 12,
    **{name: number for number, names in enumerate((
        "январь января январе", "февраль февраля феврале", "март марта марте", "апрель апреля апреле",
        "май мая мае",
        "июнь июня июне", "июль июля июле", "август августа августе", "сентябрь сентября сентябре сент",
        "октябрь октября октябре", "ноябрь ноября ноябре нояб", "декабрь декабря декабре",
    ), start=1) for name in names.split()},
}  # fmt: skip
_MONTHS = {**_MONTH_STEMS, **_MONTH_NAMES}
_ABOUT = re.compile(
    r"^(?:около|примерно|ориентировочно|приблизительно|about|approx\.?|circa|ca\.?|around|~)\s*"
)
_TIME = re.compile(r"(?:t|,?\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:z|[+-]\d{2}:?\d{2})?$")
_UNKNOWN = frozenset({"?", "неизвестно", "не помнит", "unknown", "not known", "н/д", "n/a"})


@dataclass(frozen=True, slots=True)
class DateValue:
    """A day or a period.

    Attributes:
        first: First day, ISO; with a time where the field has one (`2025-03-01T10:00`).
        last: Last day where the text was a range, else the empty text.
        precision: Code of list date_precision.
    """

    first: str
    last: str
    precision: str


def read_date(text: str, *, order: str = "", serials: bool = False) -> DateValue | Problem | None:
    """Return the date that a cell says; None where it says that none is known.

    Args:
        order: `day_month` or `month_day`: how 03/04/2025 is meant; with points the day is first by default.
        serials: Whether a plain number is a day of Excel's calendar.

    >>> read_date("02-Март-2025")
    DateValue(first='2025-03-02', last='', precision='day')
    >>> read_date("12-15.03.2022")
    DateValue(first='2022-03-12', last='2022-03-15', precision='range')
    >>> read_date("31.02.2021")
    Problem(reason='impossible_date')
    """
    folded = fold(text)
    if folded in _UNKNOWN:
        return None
    if serials and (found := _SERIAL.fullmatch(folded)) and int(found[1]) in _SERIALS:
        return DateValue((_EXCEL_EPOCH + datetime.timedelta(days=int(found[1]))).isoformat(), "", "day")
    bare = _ABOUT.sub("", folded)
    about = bare != folded
    bare = re.sub(r"\s*(?:г\.?|года?|год)$", "", _TIME.sub("", bare)).strip(" .,")
    found_date = _period(bare, order)
    if about and isinstance(found_date, DateValue):
        return DateValue(found_date.first, found_date.last, "estimate")
    return found_date


def read_datetime(text: str, *, order: str = "", serials: bool = False) -> DateValue | Problem | None:
    """Return a date with its time, where there is one; the offset from UTC is left out."""
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
    if hour > 23 or minute > 59:
        return IMPOSSIBLE_DATE
    return DateValue(f"{day.first}T{hour:02d}:{minute:02d}", day.last, day.precision)


def _period(text: str, order: str) -> DateValue | Problem:
    for pattern, maker in _PATTERNS:
        if found := pattern.fullmatch(text):
            return maker(found, order)
    halves = re.split(r"\s+(?:-|по|до|to|until)\s+", re.sub(r"^(?:с|со|from|between)\s+", "", text))
    if len(halves) == 2:
        return _range(_period(halves[0], order), _period(halves[1], order))
    return IMPOSSIBLE_DATE


def _range(first: DateValue | Problem, last: DateValue | Problem) -> DateValue | Problem:
    if isinstance(first, Problem) or isinstance(last, Problem):
        return first if isinstance(first, Problem) else last
    end = _end_of(last)
    if end < first.first:
        return IMPOSSIBLE_DATE
    return DateValue(first.first, end, "range")


def _end_of(date: DateValue) -> str:
    year, month = int(date.first[:4]), int(date.first[5:7])
    if date.precision == "year":
        return f"{year:04d}-12-31"
    if date.precision == "month":
        return f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"
    return date.last or date.first


def _day(year: int, month: int, day: int) -> DateValue | Problem:
    try:
        date = datetime.date(_full_year(year), month, day)
    except ValueError:
        return IMPOSSIBLE_DATE
    return DateValue(date.isoformat(), "", "day") if EARLIEST <= date.year <= LATEST else IMPOSSIBLE_DATE


def _month(year: int, month: int) -> DateValue | Problem:
    if not (1 <= month <= 12 and EARLIEST <= year <= LATEST):
        return IMPOSSIBLE_DATE
    return DateValue(f"{year:04d}-{month:02d}-01", "", "month")


def _year(year: int) -> DateValue | Problem:
    return DateValue(f"{year:04d}-01-01", "", "year") if EARLIEST <= year <= LATEST else IMPOSSIBLE_DATE


def _full_year(year: int) -> int:
    return year + 2000 if year < 70 else year + 1900 if year < 100 else year


def _numbers(found: re.Match[str], order: str) -> DateValue | Problem:
    left, mark, right, year = int(found[1]), found[2], int(found[3]), int(found[4])
    if order == "month_day":
        return _day(year, left, right)
    # With points the day comes first wherever points are used; slashes and hyphens are used both ways.
    if order == "day_month" or mark == "." or left == right or left > 12:
        return _day(year, right, left)
    return AMBIGUOUS if right <= 12 else _day(year, left, right)


def _named(text: str) -> int:
    return _MONTHS.get(text.rstrip("."), 0)


def _named_day(day: str, month: str, year: str) -> DateValue | Problem:
    return _day(int(year), _named(month), int(day)) if _named(month) else IMPOSSIBLE_DATE


def _days_of_month(found: re.Match[str], order: str) -> DateValue | Problem:
    first = _day(int(found[4]), int(found[3]), int(found[1]))
    return _range(first, _day(int(found[4]), int(found[3]), int(found[2])))


def _named_days(found: re.Match[str], order: str) -> DateValue | Problem:
    return _range(_named_day(found[1], found[3], found[4]), _named_day(found[2], found[3], found[4]))


_PATTERNS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), lambda m, _: _day(int(m[1]), int(m[2]), int(m[3]))),
    (re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})"), lambda m, _: _day(int(m[1]), int(m[2]), int(m[3]))),
    (re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})"), _numbers),
    (re.compile(r"(\d{4})[-./](\d{1,2})"), lambda m, _: _month(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{1,2})[./-](\d{4})"), lambda m, _: _month(int(m[2]), int(m[1]))),
    (re.compile(r"(\d{4})"), lambda m, _: _year(int(m[1]))),
    (re.compile(r"(\d{4})\s*-\s*(\d{4})"), lambda m, _: _range(_year(int(m[1])), _year(int(m[2])))),
    (re.compile(r"(\d{1,2})\s*-\s*(\d{1,2})\.(\d{1,2})\.(\d{4})"), _days_of_month),
    (re.compile(r"(\d{1,2})\s*-\s*(\d{1,2})\s+([^\W\d]+\.?),?\s+(\d{4})"), _named_days),
    (re.compile(r"(\d{1,2})(?:st|nd|rd|th|-?го)?[\s-]+(?:of\s+)?([^\W\d]+\.?),?[\s-]+(\d{4})"),
     lambda m, _: _named_day(m[1], m[2], m[3])),
    (re.compile(r"([^\W\d]+\.?)\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"),
     lambda m, _: _named_day(m[2], m[1], m[3])),
    (re.compile(r"([^\W\d]+\.?),?[\s-]+(\d{4})"),
     lambda m, _: _month(int(m[2]), _named(m[1]))),
)  # fmt: skip
