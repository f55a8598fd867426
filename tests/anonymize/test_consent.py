"""Whether a person may be counted: what is missing, unknown or contradictory is a no."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize import consent_verdict
from codebook import load_codebook

from .small_vault import BOOK, TODAY, Row, act, blank

YESTERDAY = (TODAY - datetime.timedelta(days=1)).isoformat()
TOMORROW = (TODAY + datetime.timedelta(days=1)).isoformat()


def decision(status: str | None = "given", day: str | None = "2024-03-10", **values: object) -> Row:
    usual = {"scope": "statistics", "consent_status": status, "date_consent": day, "given_by": "self"}
    return blank("consent", **{**usual, **values})


def guardian(relationship: str | None) -> Row:
    return decision(given_by="guardian", guardian_relationship=relationship)


@pytest.mark.parametrize(
    ("decisions", "verdict"),
    [
        ([], "not_asked"),
        ([decision(None)], "not_asked"),
        ([decision("unknown")], "not_asked"),
        ([decision("not_asked")], "not_asked"),
        ([decision("given")], "given"),
        ([decision("given", None)], "given"),
        ([decision("given"), decision("unknown")], "given"),
        ([decision("refused")], "refused"),
        ([decision("refused", "2024-01-01"), decision("given", "2024-01-02")], "given"),
        ([decision("given", "2024-01-02"), decision("refused", "2024-01-01")], "given"),
        ([decision("refused", "2024-01-02"), decision("given", "2024-01-01")], "refused"),
        ([decision("refused", "2024-01-01"), decision("given", "2024-01-01")], "refused"),
        ([decision("refused", "2024-01-01"), decision("given", None)], "refused"),
        ([decision("refused", None), decision("given", "2024-01-01")], "refused"),
        ([decision("refused", None), decision("given", None)], "refused"),
        ([decision("withdrawn")], "withdrawn"),
        ([decision("withdrawn", "2020-01-01"), decision("given", "2024-01-01")], "withdrawn"),
        ([decision("given", withdrawn_on="2024-05-01")], "withdrawn"),
        ([decision("given", withdrawn_on=TODAY.isoformat())], "withdrawn"),
        ([decision("given", withdrawn_on=TOMORROW)], "given"),
        ([decision("refused", withdrawn_on=YESTERDAY), decision("given", "2025-01-01")], "withdrawn"),
        ([decision("given", expires=YESTERDAY)], "expired"),
        ([decision("given", expires=TOMORROW)], "given"),
        ([decision("given", expires=YESTERDAY), decision("given", expires=TOMORROW)], "given"),
        ([decision("given", given_by="none")], "guardian"),
        ([decision("given", given_by="verbal")], "given"),
    ],
)
def test_the_strictest_reading_of_all_decisions_wins(decisions: list[Row], verdict: str) -> None:
    assert consent_verdict(decisions, (), TODAY) == verdict


@pytest.mark.parametrize(
    ("decisions", "verdict"),
    [
        ([decision("expired")], "expired"),
        ([decision("given", "2023-01-01"), decision("expired", "2024-01-01")], "expired"),
        ([decision("given", "2023-01-01"), decision("expired", None)], "expired"),
        ([decision("expired", "2024-01-01"), decision("given", "2024-06-01")], "given"),
        ([decision("expired", "2024-01-01"), decision("refused", "2023-01-01")], "refused"),
    ],
)
def test_a_consent_noted_as_expired_is_outweighed_only_by_a_later_one(
    decisions: list[Row], verdict: str
) -> None:
    assert consent_verdict(decisions, (), TODAY) == verdict


@pytest.mark.parametrize(
    ("relationship", "accused", "verdict"),
    [
        ("father", ["father"], "guardian"),
        ("father", ["police", "father"], "guardian"),
        ("father", ["police"], "given"),
        ("father", ["mother"], "given"),
        ("uncle", ["uncle"], "guardian"),
        ("mother", [], "given"),
        ("guardian", ["guardian"], "guardian"),
        ("guardian", ["father"], "guardian"),
        (None, ["father"], "guardian"),
        (None, ["mother"], "guardian"),
        (None, ["brother"], "guardian"),
        ("unknown", ["in_law"], "guardian"),
        ("guardian", ["partner"], "guardian"),
        ("unknown", ["guardian"], "guardian"),
        (None, ["police"], "given"),
        ("unknown", ["police", "stranger"], "given"),
    ],
)
def test_a_guardian_who_is_accused_or_may_be_cannot_consent(
    relationship: str | None, accused: list[str], verdict: str
) -> None:
    acts = [act(relationship=one) for one in accused]
    assert consent_verdict([guardian(relationship)], acts, TODAY) == verdict


def test_every_relative_of_the_code_list_may_be_a_guardian_who_is_not_named() -> None:
    codes = load_codebook().code_lists["relationship"].codes.values()
    for one in codes:
        family = one.parents["family_or_not"] == "family"
        verdict = consent_verdict([guardian(None)], [act(relationship=one.code)], TODAY)
        assert verdict == ("guardian" if family else "given"), one.code


def test_her_own_consent_counts_beside_that_of_an_accused_guardian() -> None:
    assert consent_verdict([guardian("father"), decision()], [act(relationship="father")], TODAY) == "given"


DAYS = st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2028, 12, 31)).map(str)
DECISIONS = st.builds(
    decision,
    st.sampled_from([None, *BOOK.code_lists["consent_status"].codes]),
    DAYS,
    given_by=st.sampled_from([None, *BOOK.code_lists["given_by"].codes]),
    guardian_relationship=st.sampled_from([None, "father", "uncle", "guardian", "unknown"]),
    expires=DAYS,
    withdrawn_on=DAYS,
)
NOT_GIVEN = st.builds(decision, st.sampled_from(["refused", "withdrawn", "expired"]), DAYS, withdrawn_on=DAYS)
ACTS = st.lists(
    st.sampled_from([None, "father", "mother", "guardian", "uncle", "police"]).map(
        lambda relationship: act(relationship=relationship)
    )
)


@given(st.lists(DECISIONS), NOT_GIVEN, st.integers(0, 9), ACTS)
def test_a_refusal_or_withdrawal_never_turns_a_no_into_a_yes(
    decisions: list[Row], more: Row, position: int, acts: list[Row]
) -> None:
    before = consent_verdict(decisions, acts, TODAY)
    after = consent_verdict([*decisions[:position], more, *decisions[position:]], acts, TODAY)
    assert before == "given" or after != "given"


@given(st.lists(DECISIONS), ACTS, st.sampled_from(["father", "mother", "guardian", "uncle"]))
def test_one_more_accusation_never_turns_a_no_into_a_yes(
    decisions: list[Row], acts: list[Row], accused: str
) -> None:
    before = consent_verdict(decisions, acts, TODAY)
    after = consent_verdict(decisions, [*acts, act(relationship=accused)], TODAY)
    assert before == "given" or after != "given"


@given(st.lists(DECISIONS), ACTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(decisions: list[Row], acts: list[Row], random: object) -> None:
    shuffled = sorted(decisions, key=lambda row: random.random())  # type: ignore[attr-defined]
    assert consent_verdict(shuffled, acts, TODAY) == consent_verdict(decisions, acts, TODAY)


@given(st.lists(DECISIONS), ACTS)
def test_nobody_is_counted_without_a_valid_consent_of_one_who_may_give_it(
    decisions: list[Row], acts: list[Row]
) -> None:
    if consent_verdict(decisions, acts, TODAY) == "given":
        assert any(
            row["consent_status"] == "given"
            and row["given_by"] != "none"
            and not (row["expires"] and row["expires"] <= TODAY.isoformat())
            for row in decisions
        )
        assert not any(row["consent_status"] == "withdrawn" for row in decisions)


@pytest.mark.parametrize(
    ("decisions", "verdict"),
    [
        ([decision("given")], "guardian"),
        ([decision("given", given_by="verbal")], "guardian"),
        ([decision("given", given_by=None)], "guardian"),
        ([guardian("mother")], "given"),
        ([decision("given"), guardian("mother")], "given"),
        ([guardian("mother"), decision("refused", "2025-01-01")], "refused"),
    ],
)
def test_for_a_minor_only_a_guardian_can_consent(decisions: list[Row], verdict: str) -> None:
    assert consent_verdict(decisions, (), TODAY, minor=True) == verdict


def test_an_accused_guardian_cannot_consent_for_a_minor() -> None:
    assert (
        consent_verdict([guardian("father")], [act(relationship="father")], TODAY, minor=True) == "guardian"
    )
