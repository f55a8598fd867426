"""Age at the incident from a date of birth: known only where every possible day gives the same age."""

import calendar
import datetime


def age_at(birth: str, birth_precision: str, incident: str, incident_precision: str) -> int | None:
    """Return full years at the incident, or None where the dates do not settle it.

    >>> age_at("2000-06-15", "day", "2020-06-14", "day")
    19
    >>> age_at("2000-01-01", "year", "2020-06-14", "day") is None
    True
    """
    born_first, born_last = _span(birth, birth_precision)
    first, last = _span(incident, incident_precision)
    youngest, oldest = _years(born_last, first), _years(born_first, last)
    return youngest if youngest == oldest else None


def _years(born: datetime.date, at: datetime.date) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def _span(date: str, precision: str) -> tuple[datetime.date, datetime.date]:
    first = datetime.date.fromisoformat(date[:10])
    if precision == "year":
        return first, datetime.date(first.year, 12, 31)
    if precision == "month":
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first, first
