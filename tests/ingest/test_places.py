"""From the words of a place to its region: right, or a question; never a wrong region."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import load_codebook
from ingest.problems import AMBIGUOUS, UNKNOWN_CODE, Problem
from ingest.values import Gazetteer

BOOK = load_codebook()
GAZETTEER = Gazetteer(BOOK)
FORMS = Path(__file__).with_name("settlement_forms.csv").read_text("utf-8").splitlines()[1:]


def answers(spelled):
    """Return how many (spelling, region) are right, ambiguous, unknown and wrong."""
    found = [(GAZETTEER.region_of(text), region) for text, region in spelled]
    wrong = [one for one, region in found if not isinstance(one, Problem) and one != region]
    right = sum(one == region for one, region in found)
    ambiguous, unknown = (sum(one == kind for one, _ in found) for kind in (AMBIGUOUS, UNKNOWN_CODE))
    return right, ambiguous, unknown, len(wrong)


def test_no_case_form_of_any_settlement_gives_a_false_region():
    right, ambiguous, unknown, wrong = answers([line.split(",") for line in FORMS])
    assert wrong == 0
    assert right >= 0.96 * (right + ambiguous + unknown)


@pytest.mark.parametrize("written", ["{}", "г. {}", "с.{}", "в {}", "{} (село)", "село {}, Россия"])
def test_every_settlement_is_found_as_it_is_written_or_asked_about(written):
    names = [(one.name_cyrillic, one.region) for one in BOOK.settlements if one.name_cyrillic]
    right, ambiguous, unknown, wrong = answers([(written.format(name), region) for name, region in names])
    assert (wrong, unknown) == (0, 0)
    assert ambiguous <= 20
    assert right + ambiguous == len(names)


def test_every_latin_name_is_found_or_asked_about():
    names = [(one.name_latin, one.region) for one in BOOK.settlements]
    right, ambiguous, unknown, wrong = answers(names)
    assert (wrong, unknown) == (0, 0)
    assert ambiguous <= 22
    assert right + ambiguous == 502


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("в Грозном", "RU-CE"),
        ("из Хасавюрта", "RU-DA"),
        ("г. Грозный", "RU-CE"),
        ("г.Назрань", "RU-IN"),
        ("с. Ачхой-Мартан", "RU-CE"),
        ("Урус Мартан", "RU-CE"),
        ("Чечня, Грозный", "RU-CE"),
        ("Чечня Грозный", "RU-CE"),
        ("Назрань (Ингушетия)", "RU-IN"),
        ("Республика Дагестан, Хасавюртовский р-н, с. Нигде", "RU-DA"),
        ("Махачкала, Ленинский район", "RU-DA"),
        ("Махачкала, ул. Мира 5", "RU-DA"),
        ("Grozny", "RU-CE"),
        ("Hasavyurt", "RU-DA"),
        ("Grоzny", "RU-CE"),  # the o is Cyrillic
        ("ГРOЗНЫЙ", "RU-CE"),  # the first O is Latin
        ("Дагестан, Кизляр", "RU-DA"),
        ("Бабаюртовский район, с. Дружба", "RU-DA"),
        ("Хунзахский район, с. Дружба", "RU-DA"),
        ("в Чеченской Республике", "RU-CE"),
        ("г. Москва, Советский", "RU-MOW"),
    ],
)
def test_the_words_around_a_place_do_not_hide_it(text, region):
    assert GAZETTEER.region_of(text) == region


@pytest.mark.parametrize(
    "text",
    [
        "Кизляр",  # a town of Dagestan and a village of North Ossetia
        "Дружба",
        "Красноармейское",  # a Soviet name that hundreds of villages have had
        "Чечня, Хасавюрт",  # the town lies elsewhere
        "Грозный, Махачкала",
        "Чечня, Дагестан",
        "под Хасавюртом",  # near may be over the border
        "Незнакомый район, с. Гойты",
    ],
)
def test_a_place_that_could_be_two_is_asked_about(text):
    assert GAZETTEER.region_of(text) == AMBIGUOUS


@pytest.mark.parametrize(
    "text", ["Нигде", "пос. Новый", "Хасавюртовский р-н, с. Нигде", "Белгород, Советский", "?"]
)
def test_a_place_that_is_not_in_the_gazetteer_is_unknown(text):
    assert GAZETTEER.region_of(text) == UNKNOWN_CODE


@given(st.text(alphabet="абвгдеёжийклмнопрстухцчшыьэюя гсp.,-()ABCkp0", max_size=60))
def test_no_text_makes_the_gazetteer_fail(text):
    found = GAZETTEER.region_of(text)
    assert isinstance(found, Problem) or found in BOOK.code_lists["region"].codes
