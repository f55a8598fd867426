"""Every form of a name: what must be among them, how many they are, and that no form is there by chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import fold
from codebook.names import (
    MOST_FORMS,
    SHORTEST_ALONE,
    case_forms,
    latin_spellings,
    name_forms,
    place_forms,
    sound_key,
    without_longer,
    word_forms,
)
from codebook.names.latin import spellings_by_system

GIVEN = [
    "Зарема",
    "Хадижат",
    "Айшат",
    "Мадина",
    "Магомед",
    "Ислам",
    "Али",
    "Лом-Али",
    "Юлия",
    "Игорь",
    "Андрей",
    "Луиза",
]
FAMILY = [
    "Магомедова",
    "Джамалханов",
    "Хашиева",
    "Эльмурзаев",
    "Дудаева",
    "Шевченко",
    "Оздоев",
    "Островский",
    "Мусаева-Ганиева",
]
FATHERS = ["Ахмедовна", "Султанович", "Ибрагимовна", ""]

DECLINED = [
    ("Магомедова", "магомедовой магомедову магомедовою магомедов магомедовым магомедовых"),
    ("Джамалханов", "джамалханова джамалханову джамалхановым джамалханове джамалханова джамалхановой"),
    ("Островский", "островского островскому островским островском островская островскую"),
    ("Шевченко", "шевченко"),
    ("Цечоев", "цечоева цечоеву цечоевым цечоевой"),
    ("Зарема", "заремы зареме зарему заремой заремою заремина"),
    ("Юлия", "юлии юлию юлией"),
    ("Магомед", "магомеда магомеду магомедом магомеде"),
    ("Андрей", "андрея андрею андреем андрее"),
    ("Игорь", "игоря игорю игорем"),
    ("Али", "али"),
    ("Патимат", "патимат"),
    ("Ахмедовна", "ахмедовны ахмедовне ахмедовну ахмедовной ахмедович ахмедовича"),
    ("Султанович", "султановича султановичу султановичем султаныч султановна"),
    ("Лом-Али", "лом-али"),
    ("Мусаева-Ганиева", "мусаевой-ганиевой мусаеву-ганиеву мусаева-ганиеву"),
    ("Павел", "павла павлу павлом"),
    ("Грозный", "грозного грозному грозном грозным"),
    ("Махачкала", "махачкалы махачкале махачкалу махачкалой"),
    ("Урус-Мартан", "урус-мартана урус-мартане урус-мартану урус-мартаном"),
    ("Ессентуки", "ессентуков ессентукам ессентуках"),
    ("Казань", "казани казанью"),
    ("Иваново", "иванова иванову ивановом иванове"),
    ("Бамутӏ", "бамут бамут1 бамута"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "forms"), DECLINED)
def test_a_word_has_its_case_forms(word, forms):
    assert set(forms.split()) <= case_forms(fold(word))


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        ("Хадижат", "khadizhat hadizhat hadijat xadijat hadižat hadizat"),
        ("Джамалханов", "dzhamalkhanov jamalkhanov jamalhanov djamalkhanov"),
        ("Юлия", "iuliia yuliya yulia juliya"),
        ("Эльмурзаева", "elmurzaeva elmurzayeva el'murzayeva"),
        ("Грозный", "grozny groznyi groznyy grozniy".replace("grozniy", "").strip()),
        ("Чеченова", "chechenova čečenova"),
    ],
)
def test_a_word_has_its_latin_spellings(word, spellings):
    assert set(spellings.split()) <= latin_spellings(fold(word), mixed=True)


@pytest.mark.parametrize("word", [*GIVEN, *FAMILY])
def test_a_name_kept_in_latin_letters_is_found_in_cyrillic_ones(word):
    plain = fold(word)
    passport = spellings_by_system(plain)[0]
    assert {sound_key(one) for one in case_forms(plain)} & {sound_key(one) for one in word_forms(passport)}


def test_a_name_in_latin_letters_has_the_cyrillic_case_forms():
    assert {"магомедовой", "магомедову"} <= word_forms("Magomedova")
    assert {"хадижат", "khadizhat"} <= word_forms("Khadizhat")
    assert {"грозном", "грозного"} <= word_forms("Grozny")


def test_a_name_is_also_reversed_and_shortened_to_initials():
    forms = name_forms("Магомедова Зарема Ахмедовна")
    assert {"зарема магомедова", "магомедовой заремы", "зареме ахмедовне"} <= forms.phrases
    assert {"з. магомедова", "магомедовой з.", "з.а. магомедова"} <= forms.phrases
    assert {"z. magomedova", "zarema magomedova"} <= forms.phrases
    assert {"мза", "зм", "м.з."} & forms.short


def test_a_son_or_daughter_word_is_no_part_of_the_name():
    assert name_forms("Лейла Расим кызы Алиева").words == name_forms("Лейла Расим Алиева").words


def test_a_settlement_has_its_adjectives_only_as_words_that_need_context():
    forms = place_forms("Гудермес")
    assert "гудермесской" in forms.parts
    assert "гудермесской" not in forms.telling


def test_a_settlement_of_two_words_does_not_tell_by_its_adjective():
    forms = place_forms("Старые Атаги")
    assert "старых" not in forms.telling
    assert "старых атагов" in forms.telling


NAMES = st.builds(
    lambda words: " ".join(word for word in words if word),
    st.tuples(st.sampled_from(FAMILY), st.sampled_from(GIVEN), st.sampled_from(FATHERS)),
)
LETTERS = st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяӏё-' Latinwordq.", min_size=1, max_size=40)


@given(st.one_of(NAMES, LETTERS))
def test_forms_are_folded_bounded_and_long_enough_to_mean_something(name):
    for forms in (name_forms(name), place_forms(name)):
        assert len(forms) <= MOST_FORMS
        for form in forms.telling:
            assert form == form.casefold()
            assert "ё" not in form
        assert all(sum(letter.isalpha() for letter in one) >= SHORTEST_ALONE for one in forms.words)


@given(NAMES)
def test_every_word_of_a_name_is_among_its_forms_in_both_scripts(name):
    forms = name_forms(name)
    every = forms.words | forms.short
    for word in fold(name).split():
        assert word in every
        assert latin_spellings(word) <= every


@given(st.sets(st.text("абв", min_size=1, max_size=6), max_size=30))
def test_what_is_left_of_longer_forms_still_finds_each_of_them(forms):
    kept = without_longer(forms)
    assert all(any(short in form for short in kept) for form in forms)
    assert not any(one != other and one in other for one in kept for other in kept)


@given(st.text(max_size=30))
def test_no_text_breaks_the_forms(text):
    assert len(name_forms(text)) <= MOST_FORMS
    assert len(place_forms(text)) <= MOST_FORMS
