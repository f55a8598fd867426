"""Columns of tables: every code that a row can get is a finest code of its column."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.dimensions import Coding, dimensions_of_unit
from anonymize.policy import DimensionPlan
from anonymize.population import Case, Person
from anonymize.units import count_units
from codebook import TOTAL, PolicyError

from .small_vault import BOOK, POLICY, WINDOW, act, blank, case, coding, person, population

CODING = coding()


def codes(name: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(list(BOOK.code_lists[name].codes))


DAYS = st.none() | st.dates(datetime.date(2005, 1, 1), WINDOW.period_to).map(str)
MOMENTS = st.none() | st.datetimes(datetime.datetime(2018, 1, 1), datetime.datetime(2026, 6, 30)).map(
    lambda moment: moment.isoformat(timespec="minutes")
)


@st.composite
def persons(draw: st.DrawFn) -> Person:
    requests = [
        blank(
            "request",
            need=draw(codes("assistance")),
            status=draw(codes("assistance_status")),
            date_request=draw(MOMENTS),
            date_response=draw(MOMENTS),
            cost=draw(st.none() | st.floats(0, 1e6)),
            currency=draw(st.sampled_from([None, "RUB", "EUR"])),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    acts = [act(draw(codes("act")), draw(codes("relationship"))) for _ in range(draw(st.integers(0, 3)))]
    outcomes = [blank("outcome", justice=draw(codes("justice_status")), date_outcome=draw(DAYS))]
    return person(
        draw(st.integers(0, 9)),
        acts,
        requests=requests,
        outcomes=outcomes,
        age=draw(st.none() | st.integers(0, 120)),
        sex=draw(codes("sex")),
        marital=draw(codes("marital")),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return case(
        *draw(st.lists(persons(), min_size=1, max_size=2)),
        source={"source_connection": draw(codes("source_connection"))},
        region=draw(codes("region")),
        verification=draw(codes("verification").filter(lambda code: code not in POLICY.exclude_verification)),
        motive=draw(st.lists(st.sampled_from(list(BOOK.code_lists["motive"].codes)), max_size=3)),
        date_incident=draw(DAYS),
        date_report=draw(DAYS),
        date_precision=draw(codes("date_precision")),
        goods_exchanged=draw(codes("yes_no")),
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(cases(), max_size=3))
def test_every_code_that_a_row_can_get_is_a_finest_code_of_its_column(found: list[Case]) -> None:
    for unit, rows in count_units(population(*found), CODING).items():
        dimensions = dimensions_of_unit(CODING, unit)
        assert {len(values) for values in rows.codes.values()} <= {len(rows.persons)}
        for column, values in rows.codes.items():
            dimension = dimensions[column.partition(":")[0]]
            assert set(values) <= set(dimension.leaves), f"{unit}: {column}"


def test_every_unit_of_the_policy_has_rows_with_every_column_that_its_tables_cross() -> None:
    anybody = case(person(1, [act("rape", "partner")], requests=[blank("request", cost=5.0, currency="RUB",
                   status="provided", need="food")], age=20), motive=["gender"])  # fmt: skip
    units = count_units(population(anybody), CODING)
    assert set(units) | {"donations"} == set(POLICY.units)
    for name, table in POLICY.tables.items():
        if table.unit != "donations" and not table.stacked:
            assert set(table.columns) <= set(units[table.unit].codes), name
    asked = {column.partition(":")[2] for column in units["persons"].codes if ":" in column}
    assert asked == set(BOOK.code_lists["quality_field"].codes)


@given(
    st.lists(st.sampled_from([code for code in BOOK.code_lists["region"].codes if code.startswith("RU-")]))
)
def test_every_region_has_a_finest_place_whichever_regions_are_shown(shown: list[str]) -> None:
    some = coding(replace(POLICY, regions_shown=tuple(dict.fromkeys(shown))))
    leaves = set(some.dimension("place", "incidents").leaves)
    for region in (None, *BOOK.code_lists["region"].codes):
        assert some.place_of(region) in leaves
    # A region that is not shown is never named.
    named = {one.code for one in some.shown_codes("place", "incidents") if one.level == "region"}
    assert {code for code in named if not code.endswith("-other")} == set(shown)


def test_a_region_that_is_shown_lies_in_its_district_and_the_others_stand_together() -> None:
    places = CODING.dimension("place", "incidents")
    assert CODING.place_of("RU-CE") == "RU-CE"
    assert places.climb("RU-CE", "federal_district") == "NCFD"
    assert CODING.place_of("RU-VGG") == "SFD-other"
    assert CODING.place_of("RU-TA") == "VFD"
    assert CODING.place_of("abroad") == "abroad"
    assert CODING.place_of(None) == CODING.place_of("unknown") == "unknown"


OPERATIONAL = [
    code.code
    for code in BOOK.code_lists["assistance"].codes.values()
    if code.attributes.get("operational") == "Y"
]


@pytest.mark.parametrize("need", OPERATIONAL)
def test_operational_help_is_shown_only_as_transport_housing_or_protection(need: str) -> None:
    helped = person(requests=[blank("request", need=need, status="provided", cost=9.0, currency="RUB")])
    units = count_units(population(case(helped)), CODING)
    for unit in ("requests", "spending"):
        (category,) = units[unit].codes["need_category"]
        assert category in {"transport", "housing", "protection"}
        assert category not in POLICY.tables["help_quarter"].only["need_category"]


def test_operational_help_is_shown_by_year_at_the_finest_and_never_by_place() -> None:
    for table in POLICY.tables.values():
        if "need_category" in table.columns and table.columns.get("period") == "quarter":
            operational = {"transport", "housing", "protection"}
            assert not operational & set(table.only["need_category"])
        if "need_category" in table.columns:
            assert "place" not in table.columns


def test_no_table_crosses_the_region_with_anything() -> None:
    for table in POLICY.tables.values():
        if table.columns.get("place") == "region":
            assert set(table.columns) == {"place"}


@pytest.mark.parametrize("column", list(POLICY.dimensions))
def test_every_shown_code_has_two_labels_one_place_and_a_parent_that_is_shown(column: str) -> None:
    unit = next(table.unit for table in POLICY.tables.values() if column in table.columns)
    shown = CODING.shown_codes(column, unit)
    known = [one.code for one in shown]
    assert len(set(known)) == len(known)
    assert all(one.parent in known or one.parent == TOTAL for one in shown)
    assert all(one.label_en and one.label_ru for one in shown)


def test_sexual_violence_minors_and_identity_have_the_higher_threshold() -> None:
    sensitive = {
        column: CODING.dimension(column, unit).sensitive
        for column, unit in [
            ("gbv_type", "persons"), ("act_group", "acts"), ("age_band", "acts"), ("motive", "motives"),
            ("gbv_context", "contexts"),
        ]
    }  # fmt: skip
    assert sensitive["gbv_type"] == {"rape", "sexual_assault"}
    assert sensitive["act_group"] == {"sexual"}
    assert sensitive["age_band"] == {"0-11", "12-17"}
    assert sensitive["motive"] >= {"sexual_orientation", "gender_identity", "religion_belief"}
    assert "child_sexual_abuse" in sensitive["gbv_context"]


def with_levels(column: str, *levels: str) -> Coding:
    plan = DimensionPlan(levels, "label", "подпись")
    return coding(replace(POLICY, dimensions={**POLICY.dimensions, column: plan}))


def test_a_level_that_is_no_code_list_is_refused_by_name() -> None:
    with pytest.raises(PolicyError, match=r"tables.yml: dimension motive names level mood, which is no code"):
        with_levels("motive", "mood").shown_codes("motive", "motives")


def test_levels_that_no_parents_join_are_refused_by_name() -> None:
    with pytest.raises(PolicyError, match=r"dimension motive: level motive has no parents in sex") as error:
        with_levels("motive", "motive", "sex").shown_codes("motive", "motives")
    assert "in_sex" in error.value.remedy


def test_a_column_of_two_levels_shows_both_the_coarse_one_first() -> None:
    shown = with_levels("motive", "motive", "motive_group").shown_codes("motive", "motives")
    assert [one.level for one in shown] == sorted((one.level for one in shown), reverse=True)
    assert {one.parent for one in shown if one.level == "motive_group"} == {TOTAL}
