"""Dates, numbers, ages, money and codes as people write them: the value, or why there is none."""

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import load_codebook
from ingest.ages import age_at
from ingest.dates import DateValue, read_date, read_datetime
from ingest.names import handle_key, name_key, phone_key
from ingest.places import Gazetteer
from ingest.problems import Problem
from ingest.values import Money, read_age, read_code, read_integer, read_joined_labels, read_money, tidy

BOOK = load_codebook()
AGE = BOOK.field("person.age")
CHILDREN = BOOK.field("person.children")
COST = BOOK.field("request.cost")


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


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)))
def test_every_day_is_read_back_from_every_way_of_writing_it(day):
    for text in (day.isoformat(), day.strftime("%d.%m.%Y"), f"{day.day}.{day.month}.{day.year}"):
        assert read_date(text) == DateValue(day.isoformat(), "", "day")


@given(st.text(max_size=40))
def test_no_text_makes_a_reader_fail(text):
    for value in (
        read_date(text), read_datetime(text, serials=True), read_age(text, AGE), read_integer(text, CHILDREN),
        read_money(text, COST), read_code(text, BOOK.code_lists["act"].spellings, {}),
        read_joined_labels(text, BOOK.code_lists["act"].spellings, {}), name_key(text),
        handle_key(text), tidy(text),
    ):  # fmt: skip
        if isinstance(value, Problem):
            assert value.reason in BOOK.code_lists["quarantine_reason"].codes


@pytest.mark.parametrize(
    ("text", "years"),
    [("19", 19), ("19.0", 19), ("19 лет", 19), ("21 год", 21), ("8 months", 0), ("14 мес.", 1),
     ("полтора года", 1), ("35 years old", 35), ("0", 0), ("120", 120)],
)  # fmt: skip
def test_an_age_is_read_in_figures_and_words(text, years):
    assert read_age(text, AGE) == years


@pytest.mark.parametrize(
    ("text", "reason"),
    [("240", "impossible_number"), ("-3", "impossible_number"), ("old", "impossible_number"),
     ("30-35", "ambiguous_value"), ("около 20", "ambiguous_value"), ("19.5", "ambiguous_value")],
)  # fmt: skip
def test_an_age_that_is_none_has_its_reason(text, reason):
    assert read_age(text, AGE) == Problem(reason)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12500", 12500.0), ("12 500,50", 12500.5), ("12,500.50", 12500.5), ("12.500,50", 12500.5),
     ("1\u00a0200", 1200.0), ("0,5", 0.5), ("120.5", 120.5),
     ("1,250,000", 1250000.0)],
)  # fmt: skip
def test_money_is_read_with_commas_points_spaces_and_signs(text, amount):
    assert read_money(text, COST) == pytest.approx(amount, abs=0.006)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("12,500", "ambiguous_value"), ("1.2.3", "ambiguous_value"), ("-5", "impossible_number"),
     ("much", "impossible_number"), ("5 zł?", "impossible_number")],
)  # fmt: skip
def test_money_that_is_none_or_could_be_two_amounts_has_its_reason(text, reason):
    assert read_money(text, COST) == Problem(reason)


def test_an_amount_that_names_its_currency_says_so():
    assert read_money("1 200 руб.", COST) == Money(1200.0, "RUB")
    assert read_money("$ 30", COST) == Money(30.0, "USD")
    assert read_money("$ 30 руб", COST) == Problem("contradiction")


def test_a_whole_number_is_never_read_from_two_meanings():
    assert read_integer("3.0", CHILDREN) == 3
    assert read_integer("1,000", BOOK.field("person.group_size")) == Problem("ambiguous_value")
    assert read_integer("1,022", BOOK.field("person.group_size")) == 1022
    assert read_integer("2.5", CHILDREN) == Problem("impossible_number")
    assert read_integer("31", CHILDREN) == Problem("impossible_number")


@pytest.mark.parametrize("spelling", ["assault_minor", "Beating", " ПОБОИ ", "«побои»", "избивали", "пoбои"])
def test_a_code_is_read_by_any_spelling_in_either_language(spelling):
    assert read_code(spelling, BOOK.code_lists["act"].spellings, {}) == "assault_minor"


def test_a_source_may_have_spellings_of_its_own_and_say_that_one_means_nothing():
    own = {"biff": "assault_minor", "nil": ""}
    assert read_code("BIFF", BOOK.code_lists["act"].spellings, own) == "assault_minor"
    assert read_code("nil", BOOK.code_lists["act"].spellings, own) is None
    assert read_code("zap", BOOK.code_lists["act"].spellings, own) == Problem("unknown_code")


def test_labels_joined_by_blanks_are_cut_in_one_way_or_not_at_all():
    spellings = BOOK.code_lists["act"].spellings
    assert read_joined_labels("Beating Confinement at home", spellings, {}) == [
        "assault_minor",
        "confinement_home",
    ]
    two_ways = {"a": "rape", "b": "torture", "a b": "outing"}
    assert read_joined_labels("a b", two_ways, {}) == Problem("ambiguous_value")
    assert read_joined_labels("Beating and more", spellings, {}) == Problem("unknown_code")


def test_a_settlement_gives_its_region_or_a_question():
    gazetteer = Gazetteer(BOOK)
    assert gazetteer.region_of("г. Грозный") == "RU-CE"
    assert gazetteer.region_of("Grozny") == "RU-CE"
    assert gazetteer.region_of("Nowhere at all") == Problem("unknown_code")
    shared = next(name for name, regions in gazetteer._regions.items() if len(regions) > 1)
    assert gazetteer.region_of(shared) == Problem("ambiguous_value")


def test_only_the_one_quote_that_guards_a_formula_is_taken_off():
    assert tidy("'=1+1") == "=1+1"
    assert tidy("'+7900") == "+7900"
    assert tidy("'Abd") == "'Abd"
    assert tidy("''=1") == "''=1"


def test_a_name_is_one_in_both_scripts_any_order_and_without_patronymic():
    assert (
        name_key("Хадижат Ахмедова")
        == name_key("AKHMEDOVA Khadizhat")
        == name_key("Хадижат Магомедовна Ахмедова")
    )
    assert name_key("Хадижат Ахмедова") != name_key("Хадижат Алиева")


def test_a_phone_is_one_however_it_is_written():
    assert phone_key("8 (900) 123-45-67") == phone_key("+79001234567") == "+79001234567"
    assert phone_key("12") == ""
    assert handle_key("https://t.me/Invented") == handle_key("@invented") == "invented"


def test_an_age_follows_from_a_birth_date_only_where_every_possible_day_gives_the_same():
    assert age_at("2000-06-15", "day", "2020-06-14", "day") == 19
    assert age_at("2000-06-15", "day", "2020-06-15", "day") == 20
    assert age_at("2000-06-15", "day", "2020-06-01", "month") is None
    assert age_at("2000-06-15", "day", "2020-07-01", "month") == 20
    assert age_at("2000-01-01", "year", "2020-06-15", "day") is None


@given(st.text(alphabet=string.ascii_letters + "абвгдеёжзийклмнопрстуфхцчшщъыьэюя '-", max_size=30))
def test_a_name_key_does_not_depend_on_the_order_of_its_words(name):
    assert name_key(name) == name_key(" ".join(reversed(name.split(" "))))
