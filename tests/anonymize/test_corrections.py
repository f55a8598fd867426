"""Corrections: what was wrong in an earlier release is told by later ones, in words, without numbers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.corrections import Correction, require_corrections
from codebook import PolicyError

DAY = datetime.date(2027, 3, 1)


def correction(text, *, release="2026-12-01", russian=""):
    return Correction(DAY, release, text, russian)


@pytest.mark.parametrize(
    "text",
    [
        "Some requests for housing were counted twice.",
        "Requests of 2025 and of 2026, counted twice, are counted once since 2027-03-01.",
        "In the release 2026-12-01 two districts were exchanged.",
    ],
)
def test_a_correction_in_words_is_taken_and_stands_in_the_table_as_it_is(text):
    one = correction(text)
    require_corrections([one], released=["2026-12-01"])
    assert one.row() == ("2027-03-01", "2026-12-01", text, text)


def test_a_correction_has_its_own_words_in_russian():
    one = correction("Two districts were exchanged.", russian="Два округа были перепутаны.")
    require_corrections([one], released=["2026-12-01"])
    assert one.row()[3] == "Два округа были перепутаны."


@pytest.mark.parametrize(
    "text", ["There were 3, not 2.", "3.", "In 2025, 17 cases", "1999a 5", "12 000", "٣"]
)
def test_a_number_that_is_no_year_or_day_is_refused_and_not_told(text):
    for one in (correction(text), correction("Counted twice.", russian=text)):
        with pytest.raises(PolicyError, match=r"number 1: there is a number in its text") as refused:
            require_corrections([one], released=["2026-12-01"])
        assert text not in str(refused.value)


@given(number=st.integers(0, 1899), before=st.sampled_from(["", "were ", "(", "№"]))
def test_no_count_leaves_in_a_correction(number, before):
    with pytest.raises(PolicyError, match="a number in its text"):
        require_corrections([correction(f"There {before}{number} in it.")], released=["2026-12-01"])


def test_a_correction_of_a_release_that_is_not_there_or_without_a_word_is_refused():
    with pytest.raises(PolicyError, match="number 2: there is no release of that id"):
        require_corrections([correction("a"), correction("b", release="x")], released=["2026-12-01"])
    with pytest.raises(PolicyError, match="text_en is empty"):
        require_corrections([correction(" ")], released=["2026-12-01"])
