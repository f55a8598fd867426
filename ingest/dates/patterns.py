"""From a folded text to the day or period that it names: the patterns of dates and what each means.

`dates.py` takes off what stands around a date (times, "about") and calls `read_period`.
"""

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.problems import AMBIGUOUS, IMPOSSIBLE_DATE, Problem

from .words import MONTHS, PART, PARTS, QUARTER_WORD, ROMAN, SEASONS, WEEKDAY, WINTER

EARLIEST, LATEST = 1900, 2100  # years; what lies outside is a slip of the keyboard
_YEAR_WORD = re.compile(r"(?<=[\d.])\s*(?:г\.?\s?г|г|года|году|годом|годов|годах|годы|год)\.?$")
_LEADING = re.compile(r"^(?:в течение|в|во|на|in|on|during|весь|весь период)\s+")
_NIGHT = re.compile(r"^(?:в )?ночь (?:с )?(\d{1,2}) на (\d{1,2})(?=[\s.])")
_SPAN = re.compile(
    r"\s+(?:-|по|до|to|until|till|and|и)\s+|\s*-\s*(?=\d{1,2}[./]\d{1,2}[./]\d)|\s*/\s*(?=\d{4}-)"
)
# "After 2020" has no other end: a person may know it.
_OPEN = re.compile(r"(?:до|после|ранее|раньше|позже|позднее|не ранее|before|after|since|until)\s.*\d")
_FROM = re.compile(r"^(?:с|со|from|between|между)\s+")


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


Found = DateValue | Problem


def _stripped(text: str) -> str:
    text = _YEAR_WORD.sub("", WEEKDAY.sub("", text).strip(" .,"))
    return _LEADING.sub("", text.strip(" .,"))


def read_period(text: str, order: str) -> Found:
    """Return the day or period that a folded text names, or the reason why it names none."""
    text = _stripped(text)
    if not text[:1].isdecimal() or text[1:4] in ("-я ", "st ", "nd "):
        if _OPEN.match(text):
            return AMBIGUOUS
        if night := _NIGHT.match(text):
            text = f"{night[1]}-{night[2]}{text[night.end() :]}"
        if part := PART.fullmatch(text):
            return _part(read_period(part[2], order), *PARTS[part[1]])
    for pattern, maker in _PATTERNS:
        if found := pattern.fullmatch(text):
            return maker(found, order)
    return _two_ends(text, order)


def _two_ends(text: str, order: str) -> Found:
    bare = _FROM.sub("", text)
    halves = _SPAN.split(bare)
    if len(halves) != 2 or not all(halves):
        return AMBIGUOUS if bare != text and re.search(r"\d", bare) else IMPOSSIBLE_DATE
    first, last = _stripped(halves[0]), _stripped(halves[1])
    end = read_period(last, order)
    if isinstance(end, DateValue) and not re.search(r"\d{4}", first):
        # "с марта по май 2023", "с 12 по 15 марта 2022": what the first end leaves out is the second end's.
        first = _completed(first, last)
    return _range(read_period(first, order), end)


def _completed(first: str, last: str) -> str:
    if first.isdigit():
        return re.sub(r"^\d{1,2}", first, last)
    year = re.search(r"\d{4}", last)
    mark = "." if re.fullmatch(r"\d{1,2}\.\d{1,2}", first) else " "
    return f"{first}{mark}{year[0]}" if year else first


def _range(first: Found | None, last: Found | None) -> Found:
    if not isinstance(first, DateValue) or not isinstance(last, DateValue):
        return next((one for one in (first, last) if isinstance(one, Problem)), IMPOSSIBLE_DATE)
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


def _part(whole: Found, which: int, of: int) -> Found:
    """Return the first, middle or last part of a month (in days) or a year (in months)."""
    if isinstance(whole, Problem):
        return whole
    year, month = int(whole.first[:4]), int(whole.first[5:7])
    if whole.precision == "month":
        days = {3: (1, 11, 21), 2: (1, 16)}[of]
        last = days[which] - 1 if which < of else calendar.monthrange(year, month)[1]
        return DateValue(
            f"{year:04d}-{month:02d}-{days[which - 1]:02d}", f"{year:04d}-{month:02d}-{last:02d}", "range"
        )
    if whole.precision == "year":
        return _months(year, (which - 1) * (12 // of) + 1, 12 // of)
    return AMBIGUOUS


def _months(year: int, first: int, n_months: int) -> Found:
    last = first + n_months - 1
    return _range(_month(year, first), _month(year + (last - 1) // 12, (last - 1) % 12 + 1))


def _day(year: int, month: int, day: int) -> Found:
    try:
        date = datetime.date(_full_year(year), month, day)
    except ValueError:
        return IMPOSSIBLE_DATE
    return DateValue(date.isoformat(), "", "day") if EARLIEST <= date.year <= LATEST else IMPOSSIBLE_DATE


def _month(year: int, month: int) -> Found:
    if not (1 <= month <= 12 and EARLIEST <= year <= LATEST):
        return IMPOSSIBLE_DATE
    return DateValue(f"{year:04d}-{month:02d}-01", "", "month")


def _year(year: int) -> Found:
    return DateValue(f"{year:04d}-01-01", "", "year") if EARLIEST <= year <= LATEST else IMPOSSIBLE_DATE


def _full_year(year: int) -> int:
    return year + 2000 if year < 70 else year + 1900 if year < 100 else year


def _numbers(found: re.Match[str], order: str) -> Found:
    left, mark, right, year = int(found[1]), found[2], int(found[3]), int(found[4])
    if order == "day_month":
        return _day(year, right, left)
    if order == "month_day":
        return _day(year, left, right)
    if mark == "-" and len(found[4]) == 2:
        return AMBIGUOUS  # 25-03-04 may begin with its year
    # With points the day comes first wherever points are used; slashes and hyphens are used both ways.
    if (mark == "." and order != "mixed") or left == right or left > 12:
        return _day(year, right, left)
    return AMBIGUOUS if right <= 12 else _day(year, left, right)


def _eight_digits(found: re.Match[str], order: str) -> Found:
    text = found[0]
    iso = _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if isinstance(iso, DateValue):
        return iso
    parts = re.fullmatch(r"(\d\d)()(\d\d)(\d{4})", text)
    return _numbers(parts, order) if parts else IMPOSSIBLE_DATE


def _named(text: str) -> int:
    return MONTHS.get(text.rstrip("."), 0) or ROMAN.get(text, 0)


def _named_day(day: str, month: str, year: str) -> Found:
    return _day(int(year), _named(month), int(day)) if _named(month) else IMPOSSIBLE_DATE


def _named_month(found: re.Match[str], _: str) -> Found:
    word, year = found[1].rstrip("."), int(found[2])
    if _FROM.match(found[0]):
        return AMBIGUOUS
    if word in SEASONS:
        return AMBIGUOUS if SEASONS[word] == WINTER else _months(year, SEASONS[word], 3)
    return _month(year, _named(word)) if word in MONTHS else IMPOSSIBLE_DATE


def _winter(found: re.Match[str], _: str) -> Found:
    first, last = int(found[2]), int(found[3])
    if (
        SEASONS.get(found[1]) != WINTER
        or last % 100 != (first + 1) % 100
        or last not in (first + 1, last % 100)
    ):
        return IMPOSSIBLE_DATE
    return _months(first, WINTER, 3)


def _days_of_month(found: re.Match[str], order: str) -> Found:
    first = _day(int(found[4]), int(found[3]), int(found[1]))
    return _range(first, _day(int(found[4]), int(found[3]), int(found[2])))


def _named_days(found: re.Match[str], order: str) -> Found:
    return _range(_named_day(found[1], found[3], found[4]), _named_day(found[2], found[3], found[4]))


def _named_months(found: re.Match[str], order: str) -> Found:
    first, last = _named(found[1]), _named(found[2])
    return (
        _range(_month(int(found[3]), first), _month(int(found[3]), last))
        if first and last
        else IMPOSSIBLE_DATE
    )


def _quarter(year: str, quarter: str) -> Found:
    number = ROMAN.get(quarter, 0) or (int(quarter) if quarter.isdecimal() else 0)
    return _months(int(year), number * 3 - 2, 3) if 1 <= number <= 4 else IMPOSSIBLE_DATE


def _without_year(found: re.Match[str], _: str) -> Found:
    # Which year's? A person knows, a program does not.
    return AMBIGUOUS if found[1].rstrip(".") in MONTHS.keys() | SEASONS.keys() else IMPOSSIBLE_DATE


_WORD = r"([^\W\d]+\.?)"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Found]], ...] = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), lambda m, _: _day(int(m[1]), int(m[2]), int(m[3]))),
    (re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})"), lambda m, _: _day(int(m[1]), int(m[2]), int(m[3]))),
    (re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})"), _numbers),
    (re.compile(r"(\d{4})[-./](\d{1,2})"), lambda m, _: _month(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{1,2})[./-](\d{4})"), lambda m, _: _month(int(m[2]), int(m[1]))),
    (re.compile(r"[?xх*]{1,2}[./-](\d{1,2})[./-](\d{4})"), lambda m, _: _month(int(m[2]), int(m[1]))),
    (re.compile(r"[?xх*]{1,2}[./-][?xх*]{1,2}[./-](\d{4})"), lambda m, _: _year(int(m[1]))),
    (re.compile(r"(\d{4})"), lambda m, _: _year(int(m[1]))),
    (re.compile(r"\d{8}"), _eight_digits),
    (re.compile(r"(\d{3})0(?:-?[ехx]|s)(?: годы| годах)?"),
     lambda m, _: _range(_year(int(m[1] + "0")), _year(int(m[1] + "9")))),
    (re.compile(r"(\d{4})\s*[-/]\s*(\d{4})"), lambda m, _: _range(_year(int(m[1])), _year(int(m[2])))),
    (re.compile(r"(\d{1,2})\s*-\s*(\d{1,2})\.(\d{1,2})\.(\d{4})"), _days_of_month),
    (re.compile(rf"(\d{{1,2}})\s*[-/]\s*(\d{{1,2}})\s+{_WORD},?\s+(\d{{4}})"), _named_days),
    (re.compile(rf"(\d|i{{1,3}}|iv)(?:-?[ыи]?й)?(?:st|nd|rd|th)?[\s-]*{QUARTER_WORD}[\s./-]*(\d{{4}})"),
     lambda m, _: _quarter(m[2], m[1])),
    (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|-?го|-?е)?[\s./-]+(?:of\s+)?{_WORD},?[\s./-]+(\d{{4}}|\d\d)"),
     lambda m, _: _named_day(m[1], m[2], m[3])),
    (re.compile(rf"{_WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})"),
     lambda m, _: _named_day(m[2], m[1], m[3])),
    (re.compile(rf"{_WORD}\s*[-/]\s*{_WORD}\s+(\d{{4}})"), _named_months),
    (re.compile(rf"{_WORD},?[\s-]+(\d{{4}})\s*[-/]\s*(\d{{4}}|\d\d)"), _winter),
    (re.compile(r"q(\d)[\s./-]*(\d{4})"), lambda m, _: _quarter(m[2], m[1])),
    (re.compile(rf"(\d{{4}})[\s./-]*{QUARTER_WORD}\s*(\d)"), lambda m, _: _quarter(m[1], m[2])),
    (re.compile(rf"{_WORD},?[\s-]+(\d{{4}})"), _named_month),
    (re.compile(rf"(?:\d{{1,2}}\s+)?{_WORD}(?:\s+\d{{1,2}})?"), _without_year),
)  # fmt: skip
