"""Dates as people write them: the day or period, or why there is none; no two-faced date is decided."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import DateValue, OrderEvidence, read_date, read_datetime
from ingest.problems import Problem


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2025-03-04", "2025-03-04", "", "day"),
        ("2025-03-01T10:00:00.000+03:00", "2025-03-01", "", "day"),
        ("04.03.2025", "2025-03-04", "", "day"),
        ("4.3.25", "2025-03-04", "", "day"),
        ("13/03/2025", "2025-03-13", "", "day"),
        ("02-Март-2025", "2025-03-02", "", "day"),
        ("02-Июнь-2025", "2025-06-02", "", "day"),
        ("5 марта 2024 г.", "2024-03-05", "", "day"),
        ("March 5, 2024", "2024-03-05", "", "day"),
        ("5th of March 2024", "2024-03-05", "", "day"),
        ("янв. 2024", "2024-01-01", "", "month"),
        ("март 2023", "2023-03-01", "", "month"),
        ("03.2021", "2021-03-01", "", "month"),
        ("2018-12", "2018-12-01", "", "month"),
        ("2021", "2021-01-01", "", "year"),
        ("2021 год", "2021-01-01", "", "year"),
        ("12-15.03.2022", "2022-03-12", "2022-03-15", "range"),
        ("12-15 марта 2022", "2022-03-12", "2022-03-15", "range"),
        ("03.04.2023 - 07.04.2023", "2023-04-03", "2023-04-07", "range"),
        ("с 1.03.2022 по 5.03.2022", "2022-03-01", "2022-03-05", "range"),
        ("2021-2022", "2021-01-01", "2022-12-31", "range"),
        ("около 2021", "2021-01-01", "", "estimate"),
        ("март 2021 (?)", "2021-03-01", "", "estimate"),
        ("в марте 2023 г.", "2023-03-01", "", "month"),
        ("??.03.2021", "2021-03-01", "", "month"),
        ("1 кв. 2023", "2023-01-01", "2023-03-31", "range"),
        ("IV квартал 2023 г.", "2023-10-01", "2023-12-31", "range"),
        ("Q2 2023", "2023-04-01", "2023-06-30", "range"),
        ("весна 2022", "2022-03-01", "2022-05-31", "range"),
        ("летом 2022 года", "2022-06-01", "2022-08-31", "range"),
        ("зима 2021/22", "2021-12-01", "2022-02-28", "range"),
        ("в начале марта 2023 г.", "2023-03-01", "2023-03-10", "range"),
        ("конец 2022", "2022-09-01", "2022-12-31", "range"),
        ("mid-March 2023", "2023-03-11", "2023-03-20", "range"),
        ("март-апрель 2023", "2023-03-01", "2023-04-30", "range"),
        ("с марта по май 2023", "2023-03-01", "2023-05-31", "range"),
        ("с 12 по 15 марта 2022", "2022-03-12", "2022-03-15", "range"),
        ("28.02-03.03.2022", "2022-02-28", "2022-03-03", "range"),
        ("в ночь с 5 на 6 марта 2023", "2023-03-05", "2023-03-06", "range"),
        ("1990-е", "1990-01-01", "1999-12-31", "range"),
        ("20240305", "2024-03-05", "", "day"),
        ("пн, 5 марта 2024", "2024-03-05", "", "day"),
        ("02\xa0марта\xa02024", "2024-03-02", "", "day"),
        ("０３.０４.２０２５", "2025-04-03", "", "day"),
        ("٠٣.٠٤.٢٠٢٥", "2025-04-03", "", "day"),
        ("5.III.2023", "2023-03-05", "", "day"),
        ("~03.2021", "2021-03-01", "", "estimate"),
    ],
)  # fmt: skip
def test_a_date_is_read_with_its_precision(text, first, last, precision):
    assert read_date(text) == DateValue(first, last, precision)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2021",
        "2021-13",
        "2021-02-30",
        "00.00.2020",
        "32-01-2020",
        "45000",
        "soon",
        "1.1.1701",
        "2022-2021",
    ],
)
def test_an_impossible_date_is_no_date(text):
    assert read_date(text) == Problem("impossible_date")


def test_a_date_with_slashes_needs_a_declared_order():
    assert read_date("03/04/2025") == Problem("ambiguous_value")
    assert read_date("03/04/2025", order="day_month") == DateValue("2025-04-03", "", "day")
    assert read_date("03/04/2025", order="month_day") == DateValue("2025-03-04", "", "day")
    assert read_date("13/04/2025", order="month_day") == Problem("impossible_date")


def test_a_plain_number_is_a_date_only_where_the_container_says_so():
    assert read_date("45000", serials=True) == DateValue("2023-03-15", "", "day")
    assert read_datetime("45000.5", serials=True) == DateValue("2023-03-15T12:00", "", "day")
    assert read_date("2023", serials=True) == DateValue("2023-01-01", "", "year")


def test_a_question_mark_is_nothing_recorded():
    assert read_date("?") is None
    assert read_date("неизвестно") is None


def test_a_time_is_kept_where_the_field_has_one():
    assert read_datetime("12.03.2023 14:05") == DateValue("2023-03-12T14:05", "", "day")
    assert read_datetime("12.03.2023 25:05") == Problem("impossible_date")


@pytest.mark.parametrize(
    "text",
    [
        "лето",
        "5 марта",
        "March",
        "зима 2022",
        "до 2020",
        "after 2021",
        "25-03-04",
        "05032024",
        "1/4/2023 - 5/4/2023",
    ],
)
def test_a_date_that_could_be_several_is_left_to_a_person(text):
    assert read_date(text) == Problem("ambiguous_value")


DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))
RUSSIAN = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
           "ноября", "декабря")  # fmt: skip


@given(DAYS)
def test_every_day_is_read_back_from_every_way_of_writing_it(day):
    russian, english = RUSSIAN[day.month - 1], day.strftime("%B")
    for text in (
        day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%Y/%m/%d}",
        f"{day.day} {russian} {day.year} г.", f"{day:%d}-{russian.capitalize()}-{day.year}",
        f"{day.day} {russian[:3]}. {day.year}", f"{english} {day.day}, {day.year}",
        f"{day.day} {english[:3]} {day.year}", f"{day:%d.%m.%Y} 14:05", day.strftime("%Y%m%d"),
        f"«{day.day}» {russian} {day.year} года",
    ):  # fmt: skip
        assert read_date(text) == DateValue(day.isoformat(), "", "day"), text


@given(DAYS, st.sampled_from("/-"), st.sampled_from(["", "column", "mixed"]))
def test_no_date_with_two_faces_is_decided_silently(day, mark, order):
    text = f"{day.day:02d}{mark}{day.month:02d}{mark}{day.year}"
    found = read_date(text, order=order)
    if day.day <= 12 and day.day != day.month:
        assert found == Problem("ambiguous_value")
    else:
        assert found == DateValue(day.isoformat(), "", "day")


@given(st.lists(DAYS, min_size=1, max_size=60), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_the_order_of_a_column_is_right_or_open(days, written):
    evidence = OrderEvidence()
    evidence.see(day.strftime(written) for day in days)
    true_order = "day_month" if written.startswith("%d") else "month_day"
    assert evidence.order in ("", true_order)
    if all(day.day > 12 for day in days):
        assert evidence.order == true_order


def test_the_evidence_of_an_order_is_told_in_counts():
    evidence = OrderEvidence()
    evidence.see(["13/04/2025", "05/04/2025", "none"])
    assert evidence.text() == "2 dates, 1 have a first part above 12, none a second part above 12: day first"
    evidence.see(["04/13/2025"])
    assert evidence.order == "mixed"
    assert read_date("03.04.2025", order="mixed") == Problem("ambiguous_value")


def test_an_order_that_almost_no_date_shows_stays_open():
    evidence = OrderEvidence()
    evidence.see(["01/02/2025"] * 30 + ["13/02/2025"])
    assert evidence.order == ""
