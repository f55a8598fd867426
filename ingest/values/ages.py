"""Ages: as people write them, and from a date of birth where every possible day gives the same age."""

import calendar
import datetime
import re

from codebook import Field, fold
from ingest.problems import AMBIGUOUS, IMPOSSIBLE_NUMBER, Problem

from .number_words import read_number_words
from .numbers import LONGEST, bounded

_YEAR_WORD = r"(?:лет|года?|годика?|л\.?|г\.?|y\.?\s?/?o\.?|years?(?: old| of age)?|yrs?\.?(?: old)?|y)"
_MONTH_WORD = r"(?:мес\.?|месяц(?:а|ев)?|months?(?: old)?|mos?\.?)"
_YEARS = re.compile(rf"(\d{{1,3}})(?:[.,]0+)?[\s-]*{_YEAR_WORD}?")
_PART_YEARS = re.compile(rf"(\d{{1,2}})[.,]\d+\s*{_YEAR_WORD}|(\d{{1,2}}) с половиной(?: {_YEAR_WORD})?")
_MONTHS = re.compile(rf"(\d{{1,3}})[\s-]*{_MONTH_WORD}")
_BOTH = re.compile(rf"(\d{{1,2}})\s*{_YEAR_WORD},?\s*(?:и\s+|and\s+)?(\d{{1,2}})\s*{_MONTH_WORD}")
_SHORTER = re.compile(r"\d{1,3}\s*(?:нед\.?|недел[ьяи]|дн\.?|дней|дня|день|сут\.?|weeks?|days?)(?: old)?")
_SUFFIX = re.compile(r"(\d{1,3})\s*-?\s*(?:летн\w+|ти летн\w+|year-old|years-old)")
_WORDS = re.compile(rf"(.+?)(?:\s+({_YEAR_WORD})|\s+({_MONTH_WORD}))?")
_SAID = {
    "полгода": 0, "полтора года": 1, "полтора": 1, "год": 1, "годик": 1, "newborn": 0, "infant": 0,
    "новорожденный": 0, "новорожденная": 0, "младенец": 0, "грудной": 0, "one year": 1, "a year": 1,
}  # fmt: skip


def read_age(text: str, field: Field, unit: str = "") -> int | Problem:
    """Return an age in full years: `19`, `19 лет`, `8 months`, `девятнадцать`, `полтора года`, `1,5 года`.

    "17-18" or "about 20" is no number of years, even where one published band holds both ends: the vault
    keeps years, and a year made up for the band would be a fact that nobody told. Such a cell is ambiguous.
    """
    if len(text) > LONGEST:
        return IMPOSSIBLE_NUMBER
    folded = fold(text)
    if folded in _SAID:
        return bounded(_SAID[folded], field)
    if _SHORTER.fullmatch(folded):
        return bounded(0, field)
    if months := _MONTHS.fullmatch(folded):
        return bounded(int(months[1]) // 12, field)
    if both := _BOTH.fullmatch(folded):
        return bounded(int(both[1]) + int(both[2]) // 12, field) if int(both[2]) < 12 else AMBIGUOUS
    if years := _YEARS.fullmatch(folded) or _SUFFIX.fullmatch(folded):
        number = int(years[1])
        return bounded(number // 12 if unit == "months" else number, field)
    if part := _PART_YEARS.fullmatch(folded):
        return bounded(int(part[1] or part[2]), field)
    return _in_words(folded, field, unit)


def _in_words(folded: str, field: Field, unit: str) -> int | Problem:
    if re.search(r"\d", folded):
        return IMPOSSIBLE_NUMBER if re.fullmatch(r"[+-]?\d+(?:[.,]0+)?", folded) else AMBIGUOUS
    found = _WORDS.fullmatch(folded)
    number = read_number_words(found[1]) if found else None
    if not found or number is None:
        return IMPOSSIBLE_NUMBER
    in_months = bool(found[3]) or (unit == "months" and not found[2])
    return bounded(number // 12 if in_months else number, field)


def age_at(
    birth: str, birth_precision: str, incident: str, incident_precision: str, incident_last: str = ""
) -> int | None:
    """Return full years at the incident, or None where the dates do not settle it.

    Args:
        incident_last: Last day of the incident, where its date is a range.

    >>> age_at("2000-06-15", "day", "2020-06-14", "day")
    19
    >>> age_at("2000-01-01", "year", "2020-06-14", "day") is None
    True
    """
    born, happened = _span(birth, birth_precision), _span(incident, incident_precision, incident_last)
    if not born or not happened:
        return None
    youngest, oldest = _years(born[1], happened[0]), _years(born[0], happened[1])
    return youngest if youngest == oldest else None


def _years(born: datetime.date, at: datetime.date) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def _span(date: str, precision: str, last: str = "") -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day on which it may have been; None for an estimate, which has no ends."""
    first = datetime.date.fromisoformat(date[:10])
    if last:
        return first, datetime.date.fromisoformat(last[:10])
    if precision == "year":
        return first, datetime.date(first.year, 12, 31)
    if precision == "month":
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return (first, first) if precision == "day" else None
