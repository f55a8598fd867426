"""Periods: every date has one code, and nothing after the last closed day is shown."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.periods import EARLIER, UNKNOWN, PeriodCodes
from codebook import TOTAL

from .small_vault import BOOK

PRECISIONS = [None, *BOOK.code_lists["date_precision"].codes]
QUARTER_ENDS = [(3, 31), (6, 30), (9, 30), (12, 31)]


@st.composite
def period_codes(draw: st.DrawFn) -> PeriodCodes:
    year = draw(st.integers(2010, 2040))
    month, day = draw(st.sampled_from(QUARTER_ENDS))
    return PeriodCodes(year - draw(st.integers(0, 12)), datetime.date(year, month, day))


@st.composite
def periods_and_day(draw: st.DrawFn) -> tuple[PeriodCodes, datetime.date]:
    periods = draw(period_codes())
    return periods, draw(st.dates(datetime.date(1990, 1, 1), periods.period_to))


@given(periods_and_day(), st.sampled_from(PRECISIONS))
def test_every_closed_date_has_one_code_at_each_level_and_the_levels_agree(
    both: tuple[PeriodCodes, datetime.date], precision: str | None
) -> None:
    periods, day = both
    years = {one.code: one for one in periods.shown_years()}
    quarters = {one.code: one for one in periods.shown_quarters(imprecise=True)}
    by_year = periods.code_of(day.isoformat(), precision, "year")
    by_quarter = periods.code_of(day.isoformat(), precision, "quarter")
    assert by_year in years
    if by_year in (EARLIER, UNKNOWN):
        assert by_quarter == by_year
    else:
        assert by_quarter not in years
        assert quarters[by_quarter].parent == by_year == str(day.year)


@given(period_codes(), st.booleans())
def test_nothing_after_the_last_closed_day_is_shown(periods: PeriodCodes, imprecise: bool) -> None:
    years = [one.code for one in periods.shown_years() if one.code.isdigit()]
    assert years == [str(year) for year in range(periods.first_year, periods.period_to.year + 1)]
    quarters = [one.code for one in periods.shown_quarters(imprecise=imprecise)]
    precise = [(int(code[:4]), int(code[-1])) for code in quarters if not code.endswith("X")]
    last = (periods.period_to.year, (periods.period_to.month + 2) // 3)
    assert max(precise) == last
    assert len(precise) == 4 * (len(years) - 1) + last[1]
    assert sum(code.endswith("X") for code in quarters) == (len(years) if imprecise else 0)


@given(period_codes())
def test_every_shown_period_has_one_place_and_a_parent_that_is_shown(periods: PeriodCodes) -> None:
    shown = periods.shown_years() + periods.shown_quarters(imprecise=True)
    codes = [one.code for one in shown]
    assert len(set(codes)) == len(codes)
    assert all(one.parent in codes or one.parent == TOTAL for one in shown)


@pytest.mark.parametrize(
    ("day", "precision", "code"),
    [
        ("2024-03-31", "day", "2024-Q1"),
        ("2024-04-01", "day", "2024-Q2"),
        ("2024-04-01", None, "2024-Q2"),
        ("2024-12-01", "month", "2024-Q4"),
        ("2024-02-28", "range", "2024-Q1"),
        ("2024-01-01", "year", "2024-QX"),
        ("2024-02-03", "estimate", "2024-QX"),
        ("2024-02-03", "unknown", "unknown"),
        ("2018-12-31", "day", "earlier"),
        ("2018-01-01", "year", "earlier"),
        (None, "day", "unknown"),
        ("", None, "unknown"),
    ],
)
def test_a_date_known_to_the_year_only_is_not_given_a_quarter(
    day: str | None, precision: str | None, code: str
) -> None:
    periods = PeriodCodes(2019, datetime.date(2024, 12, 31))
    assert periods.code_of(day, precision, "quarter") == code


def test_a_year_that_is_not_whole_says_so_in_both_languages() -> None:
    (last,) = [
        one for one in PeriodCodes(2019, datetime.date(2024, 6, 30)).shown_years() if one.code == "2024"
    ]
    assert (last.label_en, last.label_ru) == ("2024 (first 6 months)", "2024 (первые 6 мес.)")
    (whole,) = [
        one for one in PeriodCodes(2019, datetime.date(2024, 12, 31)).shown_years() if one.code == "2024"
    ]
    assert (whole.label_en, whole.label_ru) == ("2024", "2024")
