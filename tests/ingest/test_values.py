"""Numbers, ages, money and codes as people write them: the value, or why there is none."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import fold, load_codebook
from ingest.dates import read_date, read_datetime
from ingest.problems import Problem
from ingest.values import Money, age_at, handle_key, name_key, phone_key, read_code, read_joined_labels, tidy
from ingest.values.reading import read_age, read_integer, read_money

BOOK = load_codebook()
AGE = BOOK.field("person.age")
CHILDREN = BOOK.field("person.children")
COST = BOOK.field("request.cost")


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
