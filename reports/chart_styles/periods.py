"""Short names of periods under narrow columns, and the note that explains them.

A release has more periods than years: everything before the first year, dates that were never recorded, and
a last year that is not whole.
"""

from reports.published import Code
from reports.select import ChartData

NOT_RECORDED = "?"
NOT_WHOLE = "*"


def short_period(data: ChartData, period: Code, *, digits: int = 4) -> str:
    """Return the name of a period for a narrow place: `2021`, `2025*`, `<2019`, `?`; with 2 digits `21`."""
    if not _periods(data) or period not in _periods(data):
        return ""
    if _is_year(period):
        return _year(period.code, digits) + ("" if _is_whole(period) else NOT_WHOLE)
    years = [row.code for row in _periods(data) if _is_year(row)]
    after = [row for row in _periods(data) if _is_year(row) and row.position > period.position]
    return f"<{_year(min(years), digits)}" if years and len(after) == len(years) else NOT_RECORDED


def _year(code: str, digits: int) -> str:
    return code if digits == 4 else code[2:]


def is_partial(data: ChartData, period: Code) -> bool:
    """Say whether a row is a year that the release does not cover whole."""
    return period in _periods(data) and _is_year(period) and not _is_whole(period)


def period_notes(data: ChartData, language: str) -> str:
    """Return what the short names mean, or an empty text where all are plain years."""
    special = [row for row in _periods(data) if not (_is_year(row) and _is_whole(row))]
    notes = (f"{_sign(data, row)}: {row.label.text(language)}" for row in special)
    return "; ".join(notes) + "." if special else ""


def _sign(data: ChartData, period: Code) -> str:
    return NOT_WHOLE if _is_year(period) else short_period(data, period)[0]


def _periods(data: ChartData) -> tuple[Code, ...]:
    if data.declaration.rows.column == "period":
        return data.rows
    panels = data.declaration.panels
    return data.panels if panels and panels.column == "period" else ()


def _is_year(period: Code) -> bool:
    return len(period.code) == 4 and period.code.isdigit()


def _is_whole(period: Code) -> bool:
    return period.label.en == period.code
