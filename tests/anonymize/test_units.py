"""From cases to countable rows: everything that is derived and never typed, as tables of cases."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.population import Case
from anonymize.units import (
    CountedRows,
    age_band,
    count_units,
    gbv_contexts,
    gbv_type,
    latest,
    recorded_fields,
    request_period,
    response_band,
)

from .small_vault import BOOK, Row, act, blank, case, coding, person, population

CODING = coding()
TYPES_IN_ORDER = [
    "rape", "sexual_assault", "physical_assault", "forced_marriage",
    "denial_of_resources_opportunities_or_services", "psychological_emotional_abuse", "non-gbv",
]  # fmt: skip
ACT_OF_TYPE = dict(
    zip(
        TYPES_IN_ORDER,
        ["rape", "rape_attempted", "assault_minor", "forced_marriage", "denial_work", "threat", "abduction"],
        strict=True,
    )
)


def unit(name: str, *cases: Case) -> CountedRows:
    return count_units(population(*cases), CODING)[name]


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.combinations(TYPES_IN_ORDER, 2)))
def test_the_gbv_questions_are_asked_in_order_and_the_first_yes_wins(stronger: str, weaker: str) -> None:
    for acts in ([stronger, weaker], [weaker, stronger]):
        assert gbv_type(person(acts=[act(ACT_OF_TYPE[one]) for one in acts]), BOOK) == stronger


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("fgm", "sexual_assault"),
        ("rape_attempted", "sexual_assault"),
        ("sexual_harassment", "psychological_emotional_abuse"),
        ("bride_kidnapping", "forced_marriage"),
        ("forced_marriage_planned", "psychological_emotional_abuse"),
        ("killing", "non-gbv"),
        ("unknown", "non-gbv"),
        (None, "non-gbv"),
    ],
)
def test_an_act_has_its_gbv_type(code: str | None, expected: str) -> None:
    assert gbv_type(person(acts=[act(code)]), BOOK) == expected


def test_a_person_without_acts_on_record_is_not_gbv() -> None:
    assert gbv_type(person(), BOOK) == "non-gbv"


@given(st.lists(st.sampled_from(list(BOOK.code_lists["act"].codes)), min_size=1))
def test_one_more_act_never_lowers_the_gbv_type(codes: list[str]) -> None:
    acts = [act(code) for code in codes]
    fewer, all_of_them = (gbv_type(person(acts=some), BOOK) for some in (acts[:-1], acts))
    assert TYPES_IN_ORDER.index(all_of_them) <= TYPES_IN_ORDER.index(fewer)


@pytest.mark.parametrize(
    ("acts", "age", "goods", "contexts"),
    [
        ([act("assault_minor", "partner")], 30, None, {"intimate_partner_violence"}),
        ([act("threat", "ex_partner")], 30, None, {"intimate_partner_violence"}),
        ([act("threat", "fiance")], 30, None, {"intimate_partner_violence"}),
        ([act("abduction", "partner")], 30, None, set()),
        ([act("assault_minor", "father")], 30, None, set()),
        ([act("rape", "stranger")], 17, None, {"child_sexual_abuse"}),
        ([act("sexual_assault", "stranger")], 17, None, {"child_sexual_abuse"}),
        ([act("rape", "stranger")], 18, None, set()),
        ([act("rape", "stranger")], None, None, set()),
        ([act("sexual_act_child", "stranger")], None, None, {"child_sexual_abuse"}),
        ([act("assault_minor", "stranger")], 17, None, set()),
        ([act("forced_marriage", "father")], 17, None, {"early_marriage"}),
        ([act("bride_kidnapping", "stranger")], 17, None, {"early_marriage"}),
        ([act("forced_marriage", "father")], 18, None, set()),
        ([act("forced_marriage_planned", "father")], 17, None, set()),
        ([act("rape", "stranger")], 30, "yes", {"possible_sexual_exploitation"}),
        ([act("rape", "stranger")], 30, "no", set()),
        ([act("assault_minor", "stranger")], 30, "yes", set()),
        ([act("rape", "stranger"), act("abduction", "stranger")], 30, None, {"possible_sexual_slavery"}),
        ([act("rape"), act("deceived_return")], 30, None, {"possible_sexual_slavery"}),
        ([act("abduction")], 30, None, set()),
        ([act("fgm", "mother")], 30, None, {"harmful_traditional_practice"}),
        ([act("conversion_practice", "father")], 30, None, {"harmful_traditional_practice"}),
        ([act("fgm", "mother")], 9, None, {"harmful_traditional_practice", "child_sexual_abuse"}),
        ([], 9, "yes", set()),
    ],
)
def test_the_six_case_contexts_are_computed(
    acts: list[Row], age: int | None, goods: str | None, contexts: set[str]
) -> None:
    she = person(acts=acts, age=age)
    assert gbv_contexts(case(she, goods_exchanged=goods), she, BOOK) == contexts


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-11"), (11, "0-11"), (12, "12-17"), (17, "12-17"), (18, "18-25"), (25, "18-25"), (26, "26-40"),
        (40, "26-40"), (41, "41-60"), (60, "41-60"), (61, "61+"), (120, "61+"), (None, "unknown"),
    ],
)  # fmt: skip
def test_an_age_has_its_band(age: int | None, band: str) -> None:
    assert age_band(person(age=age), CODING) == band


@pytest.mark.parametrize(
    ("asked", "answered", "band"),
    [
        ("2024-01-01T10:00", "2024-01-01T10:00", "under_1h"),
        ("2024-01-01T10:00", "2024-01-01T10:59", "under_1h"),
        ("2024-01-01T10:00", "2024-01-01T11:00", "1_24h"),
        ("2024-01-01T10:00", "2024-01-02T09:59", "1_24h"),
        ("2024-01-01T10:00", "2024-01-02T10:00", "1_3d"),
        ("2024-01-01T10:00", "2024-01-04T09:59", "1_3d"),
        ("2024-01-01T10:00", "2024-01-04T10:00", "4_7d"),
        ("2024-01-01T10:00", "2024-01-08T09:59", "4_7d"),
        ("2024-01-01T10:00", "2024-01-08T10:00", "over_7d"),
        ("2024-01-01T10:00", "2025-01-01T10:00", "over_7d"),
        ("2024-01-01T10:00", "2024-01-01T09:59", "not_recorded"),
        ("2024-01-01", "2024-01-02T10:00", "not_recorded"),
        ("2024-01-01T10:00", "2024-01-02", "not_recorded"),
        ("2024-01-01T10:00", None, "not_recorded"),
        (None, "2024-01-01T10:00", "not_recorded"),
    ],
)
def test_bands_of_response_are_half_open_and_days_alone_have_no_hours(
    asked: str | None, answered: str | None, band: str
) -> None:
    assert response_band(blank("request", date_request=asked, date_response=answered), BOOK) == band


@pytest.mark.parametrize(
    ("asked", "reported", "period"),
    [
        ("2024-05-01T10:00", "2023-01-01", "2024-Q2"),
        ("2024-05-01", None, "2024-Q2"),
        (None, "2023-01-01", "2023-Q1"),
        (None, None, "unknown"),
    ],
)
def test_a_request_without_a_date_has_the_period_of_the_report(
    asked: str | None, reported: str | None, period: str
) -> None:
    request = blank("request", date_request=asked)
    assert request_period(case(person(), date_report=reported), request, CODING, "requests") == period


def test_the_newest_recorded_outcome_stands_and_undated_ones_come_first() -> None:
    days = [("2024-05-01", "trial"), (None, "conviction"), ("2023-01-01", "inquiry"), ("2024-06-01", None)]
    outcomes = [blank("outcome", date_outcome=day, justice=justice) for day, justice in days]
    assert latest(person(outcomes=outcomes), "justice") == "trial"
    assert latest(person(), "justice") is None


def test_what_is_missing_or_unknown_is_not_recorded() -> None:
    nobody = person(acts=[act(None, None)], sex="unknown")
    assert set(recorded_fields(case(nobody, region=None, date_precision="month"), nobody).values()) == {
        "not_recorded"
    }
    known = person(
        acts=[act()], age=0, sex="female", marital="single", outcomes=[blank("outcome", justice="trial")]
    )
    assert set(recorded_fields(case(known, motive=["gender"]), known).values()) == {"recorded"}


def test_a_person_is_counted_once_per_group_of_acts() -> None:
    beaten = person(acts=[act("assault_minor"), act("assault_serious"), act("torture"), act("rape")], age=20)
    acts = unit("acts", case(beaten))
    assert acts.codes["act_group"] == ["physical", "sexual"]
    assert set(acts.persons) == {"p1"}


def test_a_person_without_acts_is_counted_once_as_not_recorded() -> None:
    assert unit("acts", case(person())).codes["act_group"] == ["other"]
    by_actor = unit("acts_by_actor", case(person()))
    assert (by_actor.codes["actor_type"], by_actor.codes["act_group"]) == (["unknown"], ["other"])


def test_a_person_is_counted_once_per_motive_and_once_without_any() -> None:
    assert unit("motives", case(person(), motive=["honour", "gender", "honour"])).codes["motive"] == [
        "gender",
        "honour",
    ]
    assert unit("motives", case(person(), motive=[])).codes["motive"] == ["unknown"]


def test_an_incident_is_counted_once_however_many_persons_it_has() -> None:
    incidents = unit("incidents", case(person(1), person(2), person(3)))
    assert incidents.incidents == ["case of p1"]
    assert unit("persons", case(person(1), person(2), person(3))).persons == ["p1", "p2", "p3"]


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, True),
        ({"status": "referred"}, False),
        ({"status": None}, False),
        ({"currency": "EUR"}, False),
        ({"currency": None}, False),
        ({"cost": None}, False),
        ({"cost": 0.0}, False),
    ],
)
def test_only_what_the_group_paid_in_its_currency_is_spending(changes: Row, counted: bool) -> None:
    paid = blank(
        "request", **{"need": "food", "status": "provided", "cost": 900.0, "currency": "RUB", **changes}
    )
    spending = unit("spending", case(person(requests=[paid])))
    assert spending.amounts == ([900.0] if counted else [])


def test_husband_beat_her_and_two_daughters() -> None:
    """RULES section 6, row 10: one incident, three persons, one household, two relationships."""
    wife = person(1, [act("assault_minor", "partner")], age=35, household_id="home")
    daughters = [
        person(n, [act("assault_minor", "father")], age=age, household_id="home")
        for n, age in ((2, 9), (3, 12))
    ]
    units = count_units(population(case(wife, *daughters)), CODING)
    assert units["persons"].codes["gbv_type"] == ["physical_assault"] * 3
    assert set(units["persons"].households) == {"home"}
    assert units["contexts"].codes["gbv_context"] == ["intimate_partner_violence"]
    assert units["contexts"].persons == ["p1"]
    assert units["acts"].codes["age_band"] == ["26-40", "0-11", "12-17"]
    assert units["acts_by_actor"].codes["actor_type"] == ["family"] * 3
    assert len(units["incidents"].incidents) == 1


def test_on_trial_for_sexual_acts_against_a_daughter_of_fifteen() -> None:
    """RULES section 6, row 11."""
    trial = [blank("outcome", justice="trial", date_outcome="2024-04-01")]
    daughter = person(1, [act("sexual_act_child", "father")], age=15, outcomes=trial)
    units = count_units(population(case(daughter)), CODING)
    assert units["persons"].codes["gbv_type"] == ["sexual_assault"]
    assert units["persons"].codes["justice_level"] == ["court"]
    assert units["contexts"].codes["gbv_context"] == ["child_sexual_abuse"]
    assert units["acts"].codes["age_band"] == ["12-17"]
    assert units["acts"].codes["act_group"] == ["sexual"]


def test_was_going_to_be_forced_to_marry() -> None:
    """RULES section 6, row 13: planned, so neither a forced nor an early marriage yet."""
    units = count_units(
        population(case(person(1, [act("forced_marriage_planned", "father")], age=17))), CODING
    )
    assert units["persons"].codes["gbv_type"] == ["psychological_emotional_abuse"]
    assert units["acts"].codes["act_group"] == ["family"]
    assert units["contexts"].persons == []


def test_four_sisters_of_one_household() -> None:
    """RULES section 6, row 25: four persons, one household, a harmful practice and beatings."""
    acts = [act("fgm", "mother"), act("assault_minor", "father")]
    sisters = [person(n, acts, age=19, household_id="home") for n in range(4)]
    units = count_units(population(case(*sisters)), CODING)
    for name in ("persons", "acts", "contexts"):
        assert len(set(units[name].persons)) == 4
        assert set(units[name].households) == {"home"}
        assert len(set(units[name].incidents)) == 1
    assert units["acts"].codes["act_group"] == ["physical", "sexual"] * 4
    assert units["persons"].codes["gbv_type"] == ["sexual_assault"] * 4
    assert units["contexts"].codes["gbv_context"] == ["harmful_traditional_practice"] * 4
