"""What is found in a narrative without knowing its case: numbers, dates, ages, addresses, names."""

import itertools
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.text import Certainty, KnownIdentifiers, load_recogniser, propose
from anonymize.text.passages import passage_of, sentences_of
from anonymize.text.spans import Span, settle
from codebook import UsageError
from tests.shared_files import REPOSITORY

NOTHING = KnownIdentifiers()
RECOGNISER = load_recogniser()


def parts(text, recogniser=None, known=NOTHING):
    return [(text[one.start : one.end], one.kind) for one in propose(text, known, recogniser).spans]


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ("+7 928 555-01-42", "phone"), ("8(928)5550217", "phone"), ("89285550319", "phone"),
        ("+49 1512 5550123", "phone"), ("a.b@example.org", "email"), ("https://vk.com/id1", "link"),
        ("t.me/somebody", "link"), ("@some_body", "account"), ("А123ВС95", "car plate"),
        ("о 321 кх 05", "car plate"), ("4276 1600 1234 5678", "bank card"), ("82 15 № 123456", "document"),
        ("123-456-789 01", "document"), ("II-БД № 654321", "document"), ("43.7402, 44.6551", "coordinates"),
        ("12 марта 2021 года", "date"), ("03.11.2020", "date"), ("2022-10-05", "date"), ("5 мая", "date"),
        ("15 iyunya", "date"), ("March 12, 2020", "date"), ("the 14th of May", "date"), ("22:30", "time"),
        ("9 pm", "time"), ("19 лет", "age"), ("22 years old", "age"), ("aged 25", "age"),
        ("ул. Садовая, д. 15, кв. 42", "address"), ("14 Lenin Street", "address"),
        ("школе № 4", "institution"), ("№ 2-1190/2023", "code"), ("K-17", "code"),
        ("203.0.113.25", "network address"),
    ],
)  # fmt: skip
def test_a_sign_that_identifies_is_found_by_its_look(found, kind):
    assert (found, kind) in parts(f"потом {found} и дальше")


@pytest.mark.parametrize(
    "text",
    [
        "она сказала: «Если вернут, меня не станет».",
        "она заплатила 50 000 руб. и ушла",
        "это было в 2019 году",
        "через три дня",
        "100 км",
    ],
)
def test_what_identifies_nobody_is_left(text):
    assert parts(text) == []


def test_an_initial_with_an_age_and_what_is_said_beside_it_are_found():
    text = "L. (22 years old, homosexual man) from a village"
    assert ("L.", "name") in parts(text)
    assert ("homosexual", "detail") in parts(text)
    assert propose("З., 22, деревня, гей", NOTHING, None).quotation() == (
        "[имя], [18-25 лет], [подробность], [подробность]"
    )


@pytest.mark.parametrize(
    ("said", "label"),
    [("мне 19 лет", "[18-25 лет]"), ("ей 11", "[0-11 лет]"), ("возраст: 24", "[18-25 лет]"),
     ("ей девятнадцать лет", "[18-25 лет]"), ("ему сорок два года", "[41-60 лет]"),
     ("she is sixteen.", "[12-17 years old]")],
)  # fmt: skip
def test_an_age_becomes_its_band(said, label):
    assert label in propose(said, NOTHING, None).quotation()


def test_labels_are_in_the_language_of_the_narrative():
    assert propose("call me: +7 928 555-01-42", NOTHING, None).quotation() == "call me: [phone]"
    assert propose("звоните: +7 928 555-01-42", NOTHING, None).quotation() == "звоните: [телефон]"


def test_a_relative_is_said_to_be_one_and_a_settlement_of_the_case_too():
    known = KnownIdentifiers(["Салман"], ["Гудермес"])
    assert propose("дядя Салман из Гудермеса", known, None).quotation() == (
        "дядя [имя родственника] из [населённый пункт]"
    )


def test_without_the_recogniser_a_capital_inside_a_sentence_is_marked_as_unsure():
    proposal = propose("Вчера пришла Бирлант и сказала", NOTHING, None)
    assert not proposal.names_looked_for
    assert proposal.unsure == (1,)
    assert proposal.quotation() == "Вчера пришла [имя] и сказала"


def test_a_person_may_keep_a_part_but_never_an_identifier_of_the_case():
    proposal = propose("Вчера Зарема видела Рассвет", KnownIdentifiers(["Зарема"]), None)
    assert proposal.keeping([2]).quotation() == "Вчера [имя] видела Рассвет"
    with pytest.raises(UsageError, match="identifier of the case"):
        proposal.keeping([1])
    with pytest.raises(UsageError, match="no part"):
        proposal.keeping([3])


def test_a_person_may_hide_more():
    text = "она работала на маяке одна"
    assert propose(text, NOTHING, None, hide=["маяк"]).quotation() == "она работала на [опущено] одна"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Мать Зарины Хашиевой приехала", "Зарины Хашиевой"), ("брат ибрагим сказал", "ибрагим"),
     ("меня зовут патимат", "патимат"),
     ("муж Рамазан Гаджиалиевич Курбанов бьёт", "Рамазан Гаджиалиевич Курбанов"),
     ("Her uncle Beslan came", "Beslan"), ("его зовут турпал он", "турпал")],
)  # fmt: skip
def test_the_recogniser_finds_names_that_nobody_told(text, name):
    assert RECOGNISER is not None, "pip install withheld[ner]"
    assert name in [one for one, _ in parts(text, RECOGNISER)]


def test_the_recogniser_runs_without_the_packages_that_only_come_with_its_weights():
    unused = {"natasha", "docopt", "pymorphy2", "yargy"}
    script = (
        "import sys; from anonymize.text import KnownIdentifiers, load_recogniser, propose\n"
        "found = propose('Мы видели Зарему Магомадову утром.', KnownIdentifiers(), load_recogniser()).spans\n"
        f"print(len(found), sorted({unused} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.stdout == "1 []\n", done.stderr


def test_the_recogniser_leaves_plain_words_of_a_sentence():
    text = "Он запер меня в комнате. Потом пришла полиция и ничего не сделала."
    assert parts(text, RECOGNISER) == []


def test_parts_that_overlap_hide_every_letter_of_each():
    spans = [Span(0, 6, "name", Certainty.UNSURE), Span(4, 9, "place", Certainty.KNOWN)]
    found = settle(spans, "abcdefghijk")
    assert [(one.start, one.end, one.kind) for one in found] == [(0, 4, "name"), (4, 9, "place")]


SPANS = st.builds(
    lambda start, length, kind, certainty: Span(start, start + length, kind, certainty),
    st.integers(0, 29), st.integers(1, 12), st.sampled_from(["name", "date"]), st.sampled_from(Certainty),
)  # fmt: skip


@given(st.lists(SPANS, max_size=8), st.text("ab .-", min_size=30, max_size=40))
def test_settling_shows_nothing_that_a_span_hid_and_overlaps_nothing(spans, text):
    settled = settle(spans, text)
    shown = {at for at in range(len(text)) if not any(one.start <= at < one.end for one in settled)}
    assert not any(text[at].isalnum() and one.start <= at < one.end for at in shown for one in spans)
    assert all(left.end <= right.start for left, right in itertools.pairwise(settled))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_recogniser(text):
    assert "".join(piece for piece, _ in propose(text, NOTHING, RECOGNISER).pieces()) == text


def test_sentences_are_chosen_by_their_numbers():
    text = "Это Х. А. Она дома. Помогите! Скорее."
    assert len(sentences_of(text)) == 3
    start, end = passage_of(text, "2-3")
    assert text[start:end] == "Помогите! Скорее."
    assert passage_of(text, "") == (0, len(text))
    for wrong in ("0", "2-9", "3-1", "all"):
        with pytest.raises(UsageError, match="3 sentences"):
            passage_of(text, wrong)
