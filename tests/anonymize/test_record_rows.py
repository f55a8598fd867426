"""Published records: shared by k records and households, varied, true, and never of a case in the press."""

import random
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from anonymize.dimensions import Coding
from anonymize.policy import RecordsPolicy
from anonymize.population import Case, Population
from anonymize.record_columns import RECORD_COLUMNS, record_ladder, record_list
from anonymize.record_rows import ReleasedRecords, release_records
from codebook import PolicyError, ReleaseRefused

from .small_vault import POLICY, act, case, coding, person, population

PRIVATE_VALUES = (None, "none")


def records_policy(**changes: object) -> RecordsPolicy:
    return replace(POLICY.records, publish=True, **changes)  # type: ignore[arg-type]


def coding_with(**changes: object) -> Coding:
    return coding(replace(POLICY, records=records_policy(**changes)))


def invented(dice: random.Random, size: int, *, families: int, kinds: int) -> Population:
    """Return a population of `size` cases with 1 to 4 persons, of at most `families` households."""
    cases = []
    for number in range(size):
        home = f"home {dice.randrange(families)}"
        members = [
            person(
                f"{number}.{member}",
                [act(dice.choice(["rape", "assault_minor", "threat", "forced_marriage"][:kinds]))],
                household_id=home,
                age=dice.choice([None, 9, 15, 20, 24, 33, 50][: kinds + 3]),
                sex=dice.choice([None, "female", "female", "male"]),
                marital=dice.choice([None, "single", "married", "widowed"]),
            )
            for member in range(dice.choice([1, 1, 1, 2, 4]))
        ]
        cases.append(
            case(
                *members,
                incident_id=f"i{number}",
                region=dice.choice([None, "RU-DA", "RU-CE", "RU-MOW", "RU-TA", "abroad"][:kinds]),
                date_incident=f"{dice.randrange(2015, 2026)}-03-08",
                date_precision=dice.choice(["day", "year", "unknown"]),
                public_exposure=dice.choice([None, None, "none", "none", "named", "anonymous"]),
            )
        )
    return population(*cases)


def true_codes(found: Population, position: tuple[int, int], some: Coding) -> dict[str, str]:
    one: Case = found.cases[position[0]]
    she = one.persons[position[1]]
    names = (*some.policy.records.quasi_identifiers, some.policy.records.sensitive)
    return {name: RECORD_COLUMNS[name].code_of(one, she, some) for name in names}


def require_every_promise(released: ReleasedRecords, found: Population, some: Coding) -> None:
    policy = some.policy.records
    assert len(released.rows) == len(released.positions) == len(set(released.positions))
    assert list(released.rows) == sorted(released.rows)
    # What is published is what is true of those persons, made coarser and nothing else.
    levels = {
        name: RECORD_COLUMNS[name].levels.index(released.evidence["level_names"][name])
        for name in released.columns
    }
    published = {}
    for position in released.positions:
        codes = true_codes(found, position, some)
        published[position] = tuple(
            record_ladder(some, name).label(codes[name], levels[name]) for name in released.columns
        )
    assert sorted(published.values()) == list(released.rows)
    # k, over records and over households, on all columns together.
    families: dict[tuple[str, ...], set[str]] = defaultdict(set)
    values: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for (incident, member), row in published.items():
        families[row].add(found.cases[incident].persons[member].household)
        values[row[:-1]].add(row[-1])
    assert released.columns[-1] == policy.sensitive
    assert min(Counter(released.rows).values()) >= policy.k
    smallest = min(len(homes) for homes in families.values())
    assert smallest >= policy.k
    assert released.public_evidence(published=True)["smallest_class"] == smallest
    assert min(len(kinds) for kinds in values.values()) >= policy.l
    # Nobody of a case in the press, and no more left out than allowed.
    exposures = {found.cases[incident].row["public_exposure"] for incident, _ in released.positions}
    assert exposures <= set(PRIVATE_VALUES)
    considered = sum(len(one.persons) for one in found.cases if one.row["public_exposure"] in PRIVATE_VALUES)
    assert considered - len(released.rows) <= policy.max_suppressed_share * considered
    for number, name in enumerate(released.columns):
        assert {row[number] for row in released.rows} <= {
            one.code for one in released.codes[record_list(name)]
        }


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    size=st.sampled_from([0, 10, 60, 120, 200]),
    families=st.sampled_from([1, 4, 60, 300]),
    kinds=st.integers(1, 4),
    k=st.integers(2, 5),
    diversity=st.integers(1, 3),
    share=st.sampled_from([0.0, 0.1, 0.3, 0.6]),
    columns=st.sampled_from([("period", "place", "age", "sex"), ("age", "marital"), ("sex",)]),
)
def test_whatever_the_population_published_records_keep_every_promise(
    seed: int,
    size: int,
    families: int,
    kinds: int,
    k: int,
    diversity: int,
    share: float,
    columns: tuple[str, ...],
) -> None:
    found = invented(random.Random(seed), size, families=families, kinds=kinds)
    some = coding_with(k=k, l=diversity, max_suppressed_share=share, quasi_identifiers=columns)
    try:
        released = release_records(found, some)
    except ReleaseRefused:
        return
    event("published")
    require_every_promise(released, found, some)


def comfortable(**changes: object) -> tuple[ReleasedRecords, Population, Coding]:
    found = invented(random.Random(1), 250, families=200, kinds=2)
    some = coding_with(**{"max_suppressed_share": 0.3, "l": 2, **changes})
    return release_records(found, some), found, some


def test_the_order_of_cases_in_the_vault_does_not_show() -> None:
    released, found, some = comfortable()
    shuffled = random.Random(2).sample(found.cases, len(found.cases))
    assert release_records(population(*shuffled), some).rows == released.rows


@pytest.mark.parametrize("loss", ["granularity", "granularity_geometric", "entropy"])
def test_a_comfortable_population_is_published_under_any_loss(loss: str) -> None:
    released, found, some = comfortable(loss=loss)
    assert len(released.rows) > 50
    require_every_promise(released, found, some)


def test_what_is_said_in_public_of_records_counts_nobody_who_was_left_out() -> None:
    released, found, _ = comfortable()
    said = released.public_evidence(published=True)
    private = {
        len(released.rows),
        len(found.cases),
        released.evidence["rows"],
        released.evidence["suppressed"],
    }
    assert not private & {value for value in said.values() if isinstance(value, int)}
    assert set(said) == {
        "possible", "quasi_identifiers", "k", "l", "levels", "suppression_limit", "method", "smallest_class",
        "highest_risk", "highest_risk_allowed",
    }  # fmt: skip
    assert said["smallest_class"] >= said["k"]
    sizes = Counter(released.rows).values()
    assert said["smallest_class"] <= min(sizes)
    assert said["highest_risk"] == 1 / said["smallest_class"]


def test_of_records_that_are_not_published_only_the_check_is_told() -> None:
    released, _, some = comfortable()
    said = released.public_evidence(published=False)
    policy = some.policy.records
    assert said == {
        "possible": True, "k": policy.k, "l": policy.l, "suppression_limit": policy.max_suppressed_share,
        "method": "optimal", "highest_risk_allowed": 1 / policy.k,
    }  # fmt: skip


def alike(number: int, **values: Any) -> Case:
    codes = ["rape", "assault_minor"]
    changes = {"age": 20, "sex": "female", **values}
    return case(person(number, [act(codes[number % 2])], **changes), incident_id=f"i{number}")


def test_ten_women_of_ten_households_and_two_types_can_be_published() -> None:
    released = release_records(population(*(alike(n) for n in range(10))), coding_with())
    assert len(released.rows) == 10
    assert Counter(row[-1] for row in released.rows) == {"rape": 5, "physical_assault": 5}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "nine records cannot give two types of five"),
        ({"household_id": "one home"}, "one household"),
    ],
)
def test_too_few_records_or_households_are_refused(changes: dict[str, str], why: str) -> None:
    cases = [alike(n, **changes) for n in range(9 if not changes else 40)]
    with pytest.raises(ReleaseRefused, match=r"no recoding keeps k=5 and l=2") as error:
        release_records(population(*cases), coding_with())
    assert "publish: false" in error.value.remedy


def test_records_alike_in_the_sensitive_column_are_refused() -> None:
    cases = [case(person(n, [act("rape")], age=20, sex="female"), incident_id=f"i{n}") for n in range(40)]
    with pytest.raises(ReleaseRefused, match="l=2"):
        release_records(population(*cases), coding_with())
    assert len(release_records(population(*cases), coding_with(l=1)).rows) == 40


def test_one_woman_in_many_cases_is_no_crowd() -> None:
    cases = [
        case(person(n, [act(["rape", "threat"][n % 2])], same_person_id="she", household_id="hers"),
             incident_id=f"i{n}")
        for n in range(40)
    ]  # fmt: skip
    with pytest.raises(ReleaseRefused):
        release_records(population(*cases), coding_with())


def test_a_population_of_nobody_is_refused() -> None:
    with pytest.raises(ReleaseRefused):
        release_records(population(), coding_with())


def test_cases_in_the_press_help_nobody_to_hide() -> None:
    quiet = [alike(n) for n in range(9)]
    loud = [replace(alike(n), row={**alike(n).row, "public_exposure": "anonymous"}) for n in range(9, 60)]
    with pytest.raises(ReleaseRefused):
        release_records(population(*quiet, *loud), coding_with())


def test_a_column_that_had_to_lose_everything_is_left_out() -> None:
    sexes = ["female", "male", "intersex_other", "unknown"]
    cases = [alike(n, sex=sexes[n % 4], age=20) for n in range(16)]
    released = release_records(population(*cases), coding_with(max_suppressed_share=0.0))
    assert "sex" not in released.columns
    assert "*" not in {value for row in released.rows for value in row}


def test_single_years_and_regions_never_stand_in_records() -> None:
    released, _, some = comfortable()
    assert RECORD_COLUMNS["period"].levels == ("three_years",)
    assert RECORD_COLUMNS["place"].levels == ("federal_district",)
    periods = set(record_ladder(some, "period").values)
    assert periods == {"earlier", "unknown", "2019-2021", "2022-2024", "2025-2026"}
    assert not {code.code for code in some.book.code_lists["region"].codes.values() if "-" in code.code} & {
        value for row in released.rows for value in row
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"quasi_identifiers": ("period", "shelter")},
        {"quasi_identifiers": ("period", "period")},
        {"quasi_identifiers": ()},
        {"sensitive": "narrative"},
        {"sensitive": "age"},
        {"loss": "least"},
    ],
)
def test_records_that_the_policy_describes_wrongly_are_refused_by_key(changes: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match=r"policy.yml: records") as error:
        release_records(population(*(alike(n) for n in range(20))), coding_with(**changes))
    assert error.value.remedy
