"""Dates, numbers, ages, money and codes as people write them: the value, or why there is none."""

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import fold, load_codebook
from ingest.ages import age_at
from ingest.date_order import OrderEvidence
from ingest.dates import DateValue, read_date, read_datetime
from ingest.names import handle_key, name_key, phone_key
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
    "text", ["1" + " " * 90_000 + "1,", "1-" * 45_000, "с " * 45_000, "1 " * 45_000 + "х"]
)
def test_a_cell_as_long_as_a_story_is_no_value_and_is_not_worked_on(text):
    no_date, no_number = Problem("impossible_date"), Problem("impossible_number")
    assert read_date(text) == read_datetime(text) == no_date
    assert read_age(text, AGE) == read_integer(text, CHILDREN) == read_money(text, COST) == no_number
    assert read_code(text, {}, {}) == Problem("unknown_code")


@pytest.mark.parametrize(
    ("text", "years"),
    [("19", 19), ("19.0", 19), ("19 лет", 19), ("21 год", 21), ("8 months", 0), ("14 мес.", 1),
     ("полтора года", 1), ("35 years old", 35), ("0", 0), ("120", 120), ("девятнадцать", 19),
     ("двадцать один год", 21), ("twenty-one", 21), ("nineteen years old", 19), ("восемь месяцев", 0),
     ("1 год 3 мес.", 1), ("1,5 года", 1), ("17 с половиной", 17), ("3 недели", 0), ("35-летняя", 35),
     ("１９", 19), ("19\xa0лет", 19), ("19 л.", 19)],
)  # fmt: skip
def test_an_age_is_read_in_figures_and_words(text, years):
    assert read_age(text, AGE) == years


@pytest.mark.parametrize(
    ("text", "reason"),
    [("240", "impossible_number"), ("-3", "impossible_number"), ("old", "impossible_number"),
     ("30-35", "ambiguous_value"), ("17-18", "ambiguous_value"), ("20+", "ambiguous_value"),
     ("сто двадцать один", "impossible_number"),
     ("около 20", "ambiguous_value"), ("19.5", "ambiguous_value")],
)  # fmt: skip
def test_an_age_that_is_none_has_its_reason(text, reason):
    assert read_age(text, AGE) == Problem(reason)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12500", 12500.0), ("12 500,50", 12500.5), ("12,500.50", 12500.5), ("12.500,50", 12500.5),
     ("1\u00a0200", 1200.0), ("0,5", 0.5), ("120.5", 120.5),
     ("1,250,000", 1250000.0), ("'1200", 1200.0), ("5 тыс.", 5000.0), ("1,5 млн", 1500000.0), ("5k", 5000.0)],
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
    assert read_money("5 тыс. руб.", COST) == Money(5000.0, "RUB")
    assert read_money("$ 30 руб", COST) == Problem("contradiction")


def test_a_whole_number_is_never_read_from_two_meanings():
    assert read_integer("3.0", CHILDREN) == 3
    assert read_integer("1,000", BOOK.field("person.group_size")) == Problem("ambiguous_value")
    assert read_integer("1,022", BOOK.field("person.group_size")) == 1022
    assert read_integer("2.5", CHILDREN) == Problem("impossible_number")
    assert read_integer("31", CHILDREN) == Problem("impossible_number")
    assert [read_integer(text, CHILDREN) for text in ("двое", "2 ребёнка", "нет", "three")] == [2, 2, 0, 3]
    assert read_integer("2-3", CHILDREN) == read_integer("несколько", CHILDREN) == Problem("ambiguous_value")


@pytest.mark.parametrize("spelling", ["assault_minor", "Beating", " ПОБОИ ", "«побои»", "избивали", "пoбои"])
def test_a_code_is_read_by_any_spelling_in_either_language(spelling):
    assert read_code(spelling, BOOK.code_lists["act"].spellings, {}) == "assault_minor"


@pytest.mark.parametrize(
    ("text", "code"),
    [("отцом", "father"), ("бывшим мужем", "ex_partner"), ("братьями", "brother"), ("OTEЦ", "father"),
     ("от полиции", None), ("MATЬ", "mother"), ("матерью", "mother"), ("за́мужем", None),
     ("соседу", "neighbour_friend")],
)  # fmt: skip
def test_a_code_is_read_in_any_case_and_through_look_alike_letters(text, code):
    read = read_code(text, BOOK.code_lists["relationship"].spellings, {})
    assert read == (code or Problem("unknown_code"))


def test_a_case_form_never_takes_the_place_of_a_spelling_and_means_one_code():
    for code_list in BOOK.code_lists.values():
        for code in code_list.codes.values():
            assert code_list.spellings[fold(code.code)] == code.code
            assert code_list.spellings.get(fold(code.label_ru), code.code) == code.code


def test_a_word_of_latin_letters_only_is_tried_as_the_cyrillic_word_that_it_looks_like():
    assert read_code("CEKC", {"секс": "one"}, {}) == "one"
    assert read_code("CEKC", {}, {"секс": "own"}) == "own"
    assert read_code("Hope", {"норе": "one"}, {}) == "one"
    assert read_code("street", {"стреет": "one"}, {}) == Problem("unknown_code")


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
    assert read_joined_labels("Beating " * 200, spellings, {}) == ["assault_minor"]
    assert read_joined_labels("Beating " * 9_000, spellings, {}) == Problem("unknown_code")
    assert read_joined_labels("a " * 99 + "a", {"a": "rape", "a a": "torture"}, {}) == Problem(
        "ambiguous_value"
    )


def test_only_the_one_quote_that_guards_a_formula_is_taken_off():
    assert tidy("'=1+1") == "=1+1"
    assert tidy("'+7900") == "+7900"
    assert tidy("'0012") == "0012"
    assert tidy("'90-е годы") == "'90-е годы"
    assert tidy('="0012"') == "0012"
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
    assert age_at("2000-01-01", "estimate", "2020-06-15", "day") is None
    assert age_at("2000-06-15", "day", "2020-06-01", "range", "2020-06-30") is None
    assert age_at("2000-06-15", "day", "2020-07-01", "range", "2020-07-30") == 20


@given(st.text(alphabet=string.ascii_letters + "абвгдеёжзийклмнопрстуфхцчшщъыьэюя '-", max_size=30))
def test_a_name_key_does_not_depend_on_the_order_of_its_words(name):
    assert name_key(name) == name_key(" ".join(reversed(name.split(" "))))
