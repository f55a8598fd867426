"""Identifiers of a case: found in every form, in any script, and nothing of them is left in a proposal."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.text import Certainty, KnownIdentifiers, propose
from codebook import ReleaseRefused, fold
from codebook.names import case_forms, latin_spellings, name_forms, place_forms

GIVEN = ["Зарема", "Хадижат", "Айшат", "Ислам", "Али", "Лом-Али", "Юлия", "Ася", "Руслан"]
FAMILY = ["Магомедова", "Джамалханов", "Хашиева", "Шевченко", "Оздоев", "Островский", "Мусаева-Ганиева"]
PLACES = ["Грозный", "Урус-Мартан", "Старые Атаги", "Чегем Второй", "Махачкала", "Шали", "с. Знаменское"]
WORDS = [
    "и",
    "сказала",
    "она",
    "ночью",
    "дома",
    "потом",
    "her",
    "said",
    "была",
    "в",
    "это",
    "сестра",
    "«",
    "—",
    "\n",
]


def hidden(text, known, certainty=Certainty.KNOWN):
    spans = propose(text, known, None).spans
    return [text[one.start : one.end] for one in spans if one.certainty >= certainty]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Вчера Хашиевой позвонили", "Хашиевой"),
        ("вчера зареме позвонили", "зареме"),
        ("ХАШИЕВУ ЗАРЕМУ увезли", "ХАШИЕВУ ЗАРЕМУ"),
        ("They took Khashieva away", "Khashieva"),
        ("они забрали Xashiyevu", "Xashiyevu"),
        ("это Зapeмa, помогите", "Зapeмa"),
        ("видели З. Хашиеву там", "З. Хашиеву"),
        ("видели Хашиеву З. М. там", "Хашиеву З. М."),
        ("дело З. Х. у следователя", "З. Х."),
        ("Zarema's mother", "Zarema's"),
        ("это Заре\u0301ма там", "Заре\u0301ма"),
        ("это За\u200bре\u00adма там", "За\u200bре\u00adма"),
        ("пишите zarema95 в телеграм", "zarema95"),
        ("по тегу #ЗаремаХашиева всё", "ЗаремаХашиева"),
    ],
)
def test_a_name_of_the_case_is_found_in_any_form(text, found):
    assert found.rstrip(".") in [
        one.rstrip(".") for one in hidden(text, KnownIdentifiers(["Зарема Хашиева"]))
    ]


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("Старые Атаги", "мы из Старых Атагов приехали", "Старых Атагов"),
        ("Старые Атаги", "в Атагах нас знают", "Атагах"),
        ("Грозный", "in Grozny they", "Grozny"),
        ("Грозный", "в грозненской больнице", "грозненской"),
        ("Урус-Мартан", "под урус мартаном", "урус мартаном"),
        ("г. Шали", "я из шали", "шали"),
    ],
)
def test_a_place_of_the_case_is_found_in_any_form(place, text, found):
    assert any(found in one for one in hidden(text, KnownIdentifiers(places=[place])))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("K-17", "дело к 17 закрыто"),
        ("8 928 555-01-42", "звоните +7(928)5550142"),
        ("ИМЯ_ник", "мой имя ник там"),
    ],
)
def test_a_code_is_found_whatever_stands_between_its_letters(code, text):
    assert hidden(text, KnownIdentifiers(codes=[code]))


def test_a_slip_of_typing_in_a_name_of_the_case_is_marked():
    known = KnownIdentifiers(["Хадижат Джамалханова"])
    assert hidden("вчера джамлханову видели", known, Certainty.UNSURE) == ["джамлханову"]


def test_a_word_that_only_begins_like_a_name_is_left():
    assert hidden("он али́ не он, и дома тихо", KnownIdentifiers(["Ия"])) == []


def test_nothing_is_said_of_a_proposal_in_its_own_text():
    proposal = propose("Зарема пришла", KnownIdentifiers(["Зарема"]), None)
    assert "Зарема" not in repr(proposal)
    assert "Зарема" not in repr(KnownIdentifiers(["x"])) + str(proposal)


NAME = st.builds("{} {}".format, st.sampled_from(FAMILY), st.sampled_from(GIVEN))


@st.composite
def narratives(draw):
    """Return identifiers of a case and a narrative that holds forms of them among other words."""
    name, place = draw(NAME), draw(st.sampled_from(PLACES))
    forms = sorted(name_forms(name).telling) + sorted(place_forms(place).telling)
    case = [form for word in fold(name).split() for form in sorted(case_forms(word)) if len(form) > 2]
    written = draw(st.lists(st.sampled_from([*forms, *case]), min_size=1, max_size=4))
    shapes = draw(st.lists(st.sampled_from([str, str.upper, str.title]), min_size=4, max_size=4))
    words = [unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), shape(form))
             for shape, form in zip(shapes, written, strict=False)]  # fmt: skip
    others = draw(st.lists(st.sampled_from(WORDS), max_size=8))
    text = " ".join(draw(st.permutations([*words, *others]))) + draw(st.sampled_from(["", ".", "?!", "\n"]))
    return KnownIdentifiers([name], [place]), written, text


@settings(max_examples=150, deadline=None)
@given(narratives())
def test_no_form_of_an_identifier_of_the_case_is_left_in_a_proposal(narrative):
    known, written, text = narrative
    quotation = fold(propose(text, known, None).quotation())
    words = set(quotation.replace("[", " ").replace("]", " ").split())
    for form in written:
        assert not set(form.split()) <= words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), NAME, st.sampled_from(PLACES))
def test_whatever_the_text_a_proposal_is_made_or_refused_and_hides_what_it_says(text, name, place):
    known = KnownIdentifiers([name], [place], ["K-17"])
    try:
        proposal = propose(text, known, None)
    except ReleaseRefused:
        pytest.fail("a proposal that still holds an identifier")
    assert "".join(piece for piece, _ in proposal.pieces()) == text
    ends = [0, *(one.end for one in proposal.spans)]
    assert all(
        start <= one.start < one.end <= len(text) for start, one in zip(ends, proposal.spans, strict=False)
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FAMILY + GIVEN))
def test_every_latin_spelling_of_a_name_is_found(word):
    known = KnownIdentifiers([word])
    for spelling in latin_spellings(fold(word)):
        assert hidden(f"это {spelling} там", known), len(spelling)
