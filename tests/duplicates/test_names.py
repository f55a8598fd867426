"""One name has one key, however it is written; two names have two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.name_prints import (
    NamePrinter,
    NamePrints,
    neutral,
    read_prints,
    same_script,
    slips_of,
    split_name,
)
from ingest.synthetic.names_data import load_names

from .transliteration import SYSTEMS, transliterate

PARTS = load_names().peoples.values()
GIVEN = sorted({name for one in PARTS for name in (*one.female, *one.male)})
FAMILY = sorted({stem + end for one in PARTS for stem in one.stems for end in one.ends})
OTHERS = [
    "Ёлкина", "Щукин", "Объедков", "Цхаев", "Джабраилов", "Кхамзатова", "Максимова", "Юлия", "Елена",
    "Жанна",
    "Эльжбета", "Айсулу", "Исхаков", "Черных", "Ильинична", "Гаджиевна", "Хоружий", "Мышкин",
]  # fmt: skip
PRINTER = NamePrinter(b"a key of the tests")


def prints_of(name: str, patronymic: str = "") -> NamePrints:
    """Return the prints of a name that has some."""
    found = read_prints(PRINTER.print_name(name, patronymic))
    assert found
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_of_transliteration_gives_the_same_spelling(system):
    words = [*GIVEN, *FAMILY, *(name + "а" for name in FAMILY), *OTHERS]
    different = [word for word in words if neutral(transliterate(word, system)) != neutral(word)]
    assert different == []


@settings(max_examples=150)
@given(st.sampled_from(GIVEN), st.sampled_from(FAMILY), st.sampled_from(sorted(SYSTEMS)), st.booleans())
def test_a_name_has_the_same_prints_in_any_script_order_and_form(given_name, family, system, swapped):
    cyrillic = prints_of(f"{family}а {given_name} Мусаевна")
    words = [transliterate(given_name, system), transliterate(family, system)]
    latin = prints_of(" ".join(reversed(words) if swapped else words))
    assert (latin.given, latin.family) == (cyrillic.given, cyrillic.family)
    assert latin.given_initial == cyrillic.given_initial


@given(
    st.text(alphabet="абвгдеёжзийклмн", min_size=5, max_size=12), st.integers(0, 20), st.sampled_from("опр")
)
def test_one_slip_of_typing_leaves_a_print_in_common(word, at, letter):
    place = at % (len(word) - 1)
    wrong = (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    )
    for one in wrong:
        assert set(slips_of(word)) & set(slips_of(one))


@pytest.mark.parametrize(
    ("name", "given_name", "family", "father"),
    [
        ("Инвентова Зарема Мусаевна", "зарема", "инвентов", "муса"),
        ("Зарема Мусаевна Инвентова", "зарема", "инвентов", "муса"),
        ("Алиева Айгюн Ахмед кызы", "айгюн", "алиев", "ахмед"),
        ("Мадина Хубол", "мадина", "хубол", ""),
        ("Лом-Али Арсанов", "ломали", "арсанов", ""),
        ("Арсанов Лом Али", "ломали", "арсанов", ""),
        ("Ева Лев", "ева", "лев", ""),
        ("Загорская Анна", "анна", "загорск", ""),
        ("Мадина", "мадина", "", ""),
        ("Инвентова", "", "инвентов", ""),
    ],
)
def test_the_parts_of_a_name_are_known_by_ending_and_table(name, given_name, family, father):
    parts = split_name(name)
    spelt = tuple(neutral(word) for word in (given_name, family, father))
    assert (parts.given.spelt, parts.family.spelt, parts.patronymic.spelt) == spelt


def test_initials_stand_for_the_names_they_begin():
    short, full = prints_of("Инвентова З. М."), prints_of("Zarema Musaevna Inventova")
    assert (short.given, short.patronymic) == ("", "")
    assert (short.given_initial, short.patronymic_initial) == (full.given_initial, full.patronymic_initial)


@pytest.mark.parametrize(
    ("nickname", "name"),
    [("Маша", "Мария"), ("Патя", "Патимат"), ("Зара", "Зарема"), ("Masha", "Мариям"), ("Хеда", "Khadizhat")],
)
def test_a_nickname_shares_a_group_with_its_name(nickname, name):
    short, full = (prints_of(f"{one} Инвентова") for one in (nickname, name))
    assert set(short.given_groups) & set(full.given_groups)


@pytest.mark.parametrize(
    ("one", "other"), [("Залина", "Зарина"), ("Диана", "Дана"), ("Амина", "Алина"), ("Хасан", "Хусен")]
)
def test_two_known_names_that_look_alike_share_no_group(one, other):
    left, right = (prints_of(f"{name} Инвентова") for name in (one, other))
    assert not set(left.given_groups) & set(right.given_groups)
    assert left.given_known
    assert right.given_known
    assert left.given_written != right.given_written


def test_prints_under_another_key_have_nothing_in_common():
    text = "Инвентова Зарема Мусаевна"
    words = [
        set(NamePrinter(key).print_name(text).replace(",", ";").split(";")[2:]) for key in (b"one", b"other")
    ]
    assert words[0] & words[1] <= {""}


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_makes_prints_or_none_and_never_shows_itself(name, patronymic):
    text = PRINTER.print_name(name, patronymic)
    assert not text or read_prints(text)
    for word in (*name.split(), *patronymic.split()):
        assert len(word) < 4 or word not in text


@given(st.sampled_from([*GIVEN, *FAMILY, *OTHERS]))
def test_neutral_spelling_is_at_rest(word):
    assert same_script(same_script(word)) == same_script(word)
    assert neutral(word.upper()) == neutral(word)
