"""Who may be counted: every reason to leave somebody out, and a tally that adds up."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymize import closed_window, load_population
from anonymize.population import Population
from tests.vault_factory import new_vault

from .small_vault import POLICY, WINDOW, SmallVault

AFTER = "2026-07-01"  # the first day that is not closed yet
LAST = "2026-06-30"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallVault]:
    with new_vault(tmp_path) as vault:
        yield SmallVault(vault)


def counted(small: SmallVault) -> Population:
    return load_population(small.vault, POLICY, WINDOW)


def test_a_case_of_a_consenting_person_is_counted_with_all_that_hangs_on_her(small: SmallVault) -> None:
    case = small.case()
    person = small.person(case)
    act, request = small.act(case, person), small.request(person)
    outcome = small.outcome(person, justice="trial", date_outcome="2024-05-01")
    (found,) = counted(small).cases
    assert found.row["incident_id"] == case
    assert [one.row["person_id"] for one in found.persons] == [person]
    assert [one["act_id"] for one in found.persons[0].acts] == [act]
    assert [one["request_id"] for one in found.persons[0].requests] == [request]
    assert [one["outcome_id"] for one in found.persons[0].outcomes] == [outcome]
    assert counted(small).left_out == {}


@pytest.mark.parametrize(
    ("consent", "reason"),
    [
        (None, "persons: consent not_asked"),
        ("unknown", "persons: consent not_asked"),
        ("refused", "persons: consent refused"),
        ("withdrawn", "persons: consent withdrawn"),
    ],
)
def test_without_her_consent_neither_she_nor_her_case_is_counted(
    small: SmallVault, consent: str | None, reason: str
) -> None:
    small.person(small.case(), consent=consent)
    found = counted(small)
    assert found.cases == ()
    assert found.left_out == {reason: 1, "incidents without a consenting person": 1}


def test_of_two_persons_in_a_case_only_the_one_who_consents_is_counted(small: SmallVault) -> None:
    case = small.case()
    small.person(case, consent="refused")
    agreed = small.person(case)
    assert counted(small).person_ids == (agreed,)
    assert counted(small).left_out == {"persons: consent refused": 1}


def test_consent_to_another_purpose_is_no_consent_to_statistics(small: SmallVault) -> None:
    person = small.person(small.case(), consent=None)
    small.consent(person, consent_status="given", scope="justice")
    assert counted(small).cases == ()


def test_a_withdrawal_in_one_case_takes_her_out_of_all_her_cases(small: SmallVault) -> None:
    first = small.person(small.case(), same_person_id="she")
    small.person(small.case(), same_person_id="she")
    other = small.person(small.case(), same_person_id="somebody else")
    small.consent(first, consent_status="withdrawn")
    assert counted(small).person_ids == (other,)
    assert counted(small).left_out["persons: consent withdrawn"] == 2


def test_a_person_joined_to_another_by_its_id_is_the_same_one(small: SmallVault) -> None:
    first = small.person(small.case(), consent="withdrawn")
    small.person(small.case(), same_person_id=first)
    assert counted(small).cases == ()


def test_a_guardian_accused_in_another_case_of_hers_cannot_consent_in_this_one(small: SmallVault) -> None:
    accusing = small.case()
    small.act(accusing, small.person(accusing, same_person_id="she"), relationship="father")
    child = small.person(small.case(), consent=None, same_person_id="she")
    small.consent(child, consent_status="given", given_by="guardian", guardian_relationship="father")
    assert child not in counted(small).person_ids
    assert counted(small).left_out["persons: consent guardian"] == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reported_elsewhere": "partner"}, "incidents that a partner counts"),
        ({"verification": "withdrawn"}, "incidents withdrawn as wrong"),
        ({"date_incident": AFTER}, "incidents in a period that is not closed"),
        ({"date_report": AFTER}, "incidents in a period that is not closed"),
        ({"date_incident_to": AFTER}, "incidents in a period that is not closed"),
        ({"date_report": f"{AFTER}T10:00"}, "incidents in a period that is not closed"),
    ],
)
def test_a_case_is_left_out_for_its_reason(small: SmallVault, changes: dict[str, str], reason: str) -> None:
    small.person(small.case(**changes))
    found = counted(small)
    assert found.cases == ()
    assert found.left_out == {reason: 1, "persons: consent given, incident left out": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"reported_elsewhere": "other"},
        {"verification": "disputed"},
        {"verification": None},
        {"date_incident": LAST, "date_report": LAST, "date_incident_to": LAST},
        {"date_incident": None, "date_report": None},
        {"public_exposure": "named"},
    ],
)
def test_a_case_stays_in_the_tables(small: SmallVault, changes: dict[str, str | None]) -> None:
    small.person(small.case(**changes))
    assert len(counted(small).cases) == 1


def test_a_policy_can_count_what_partners_count_too(small: SmallVault) -> None:
    small.person(small.case(reported_elsewhere="partner"))
    policy = replace(POLICY, exclude_reported_to_partner=False)
    assert len(load_population(small.vault, policy, WINDOW).cases) == 1


def test_what_became_known_after_the_window_waits_for_a_later_release(small: SmallVault) -> None:
    person = small.person(small.case())
    early = small.request(person, date_request=f"{LAST}T23:59")
    undated = small.request(person, date_request=None)
    small.request(person, date_request=f"{AFTER}T00:00")
    known = small.outcome(person, justice="inquiry", date_outcome=LAST)
    small.outcome(person, justice="trial", date_outcome=AFTER)
    ((found,),) = (case.persons for case in counted(small).cases)
    assert [row["request_id"] for row in found.requests] == [early, undated]
    assert [row["outcome_id"] for row in found.outcomes] == [known]


def test_funding_after_the_window_waits_for_a_later_release(small: SmallVault) -> None:
    early = small.funding(month="2026-06-01")
    small.funding(month=AFTER)
    assert [row["funding_id"] for row in counted(small).funding] == [early]


def test_an_incident_told_twice_is_counted_once(small: SmallVault) -> None:
    left, right = small.case(), small.case()
    small.person(left)
    small.person(right)
    small.same_incident(left, right)
    assert [case.row["incident_id"] for case in counted(small).cases] == [left]
    assert counted(small).left_out["incidents decided to be duplicates"] == 1


def test_an_incident_told_three_times_is_counted_once_whichever_pairs_were_decided(
    small: SmallVault,
) -> None:
    first, second, third = (small.case() for _ in range(3))
    for case in (first, second, third):
        small.person(case)
    small.same_incident(first, third)
    small.same_incident(second, third)
    assert [case.row["incident_id"] for case in counted(small).cases] == [first]
    assert counted(small).left_out["incidents decided to be duplicates"] == 2


def test_what_one_telling_says_of_partners_and_the_press_holds_for_the_incident(small: SmallVault) -> None:
    kept, copy = small.case(), small.case(public_exposure="named")
    partners, other = small.case(), small.case(reported_elsewhere="partner")
    for case in (kept, copy, partners, other):
        small.person(case)
    small.same_incident(kept, copy)
    small.same_incident(partners, other)
    (found,) = counted(small).cases
    assert (found.row["incident_id"], found.row["public_exposure"]) == (kept, "named")
    assert counted(small).left_out == {
        "incidents decided to be duplicates": 2,
        "incidents that a partner counts": 1,
        "persons: consent given, incident left out": 3,
    }


def test_undecided_candidates_and_persons_told_apart_change_nothing(small: SmallVault) -> None:
    left, right = small.case(), small.case()
    small.person(left)
    small.person(right)
    rows = [("d1", "incident", "ask"), ("d2", "incident", "different"), ("d3", "person", "same")]
    for key, kind, decision in rows:
        pair = {"left_id": left, "right_id": right}
        small.vault.insert("duplicate", [{"duplicate_id": key, "kind": kind, "decision": decision, **pair}])
    assert len(counted(small).cases) == 2


def households(population: Population) -> set[str]:
    return {person.household for case in population.cases for person in case.persons}


def test_four_sisters_are_four_persons_of_one_household(small: SmallVault) -> None:
    case = small.case()
    for _ in range(4):
        small.person(case, household_id="one home")
    found = counted(small)
    assert len(found.person_ids) == 4
    assert len(households(found)) == 1


def test_persons_recorded_together_without_a_household_count_as_one(small: SmallVault) -> None:
    case = small.case()
    small.person(case)
    small.person(case)
    assert len(households(counted(small))) == 1


def test_the_cases_of_one_woman_are_one_household_however_her_homes_were_recorded(
    small: SmallVault,
) -> None:
    small.person(small.case(), same_person_id="she")
    small.person(small.case(), same_person_id="she")
    moved = small.case()
    small.person(moved, same_person_id="she", household_id="new home")
    small.person(small.case(), household_id="new home")
    assert len(households(counted(small))) == 1


INCIDENTS = st.fixed_dictionaries(
    {
        "reported_elsewhere": st.sampled_from([None, "no", "partner"]),
        "verification": st.sampled_from([None, "corroborated", "withdrawn"]),
        "date_incident": st.sampled_from([None, "2019-01-01", LAST, AFTER]),
        "date_report": st.sampled_from([None, "2024-03-10", AFTER]),
    }
)
CONSENTS = st.lists(st.sampled_from([None, "given", "given", "refused", "withdrawn", "unknown"]), max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(st.tuples(INCIDENTS, CONSENTS), max_size=6),
    told_twice=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3),
)
def test_what_is_counted_and_what_is_left_out_add_up_to_the_vault(
    small: SmallVault,
    cases: list[tuple[dict[str, str | None], list[str | None]]],
    told_twice: list[tuple[int, int]],
) -> None:
    with small.vault.transaction():
        for table in ("incident", "person", "consent", "duplicate"):
            small.vault.delete(table, "1 = 1", [])
        stored = [small.case(**changes) for changes, _ in cases]
        for case, (_, consents) in zip(stored, cases, strict=True):
            for consent in consents:
                small.person(case, consent=consent)
        for left, right in told_twice:
            if max(left, right) < len(stored) and left != right:
                small.same_incident(stored[min(left, right)], stored[max(left, right)])
    found = counted(small)
    incidents = sum(n for reason, n in found.left_out.items() if reason.startswith("incidents"))
    persons = sum(n for reason, n in found.left_out.items() if reason.startswith("persons"))
    assert len(found.cases) + incidents == small.vault.count("incident")
    assert len(found.person_ids) + persons == small.vault.count("person")
    agreed = {row["person_id"] for row in small.vault.rows("consent", "consent_status = 'given'")}
    assert set(found.person_ids) <= agreed
    assert all(case.persons for case in found.cases)


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)), st.integers(0, 800))
def test_a_window_ends_with_the_last_quarter_that_is_older_than_the_delay(
    today: datetime.date, delay_days: int
) -> None:
    window = closed_window(today, delay_days)
    next_day = window.period_to + datetime.timedelta(days=1)
    assert window.as_of == today
    assert (next_day.day, next_day.month % 3) == (1, 1)
    assert window.period_to + datetime.timedelta(days=delay_days) < today
    # The quarter that begins then is not closed for as long as the delay yet.
    later = (next_day.replace(day=28) + datetime.timedelta(days=70)).replace(day=1)
    end_of_next = later - datetime.timedelta(days=1)
    assert end_of_next + datetime.timedelta(days=delay_days) >= today
