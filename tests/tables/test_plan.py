"""Plans name what exists, ladders are nested, and every table carries all its margins once."""

import pytest

from anonymize.tables import Dimension, TablePlan, UnitRows, dimension_from_rows, linked_systems
from anonymize.tables.plan import count_cells
from codebook import PlanError

PERIOD = Dimension(
    "period",
    ("quarter", "year"),
    {"2022": "_T", "2023": "_T", "2022-Q1": "2022", "2022-Q2": "2022", "2023-Q1": "2023"},
    {"2022": "year", "2023": "year", "2022-Q1": "quarter", "2022-Q2": "quarter", "2023-Q1": "quarter"},
)
PLACE = Dimension(
    "place",
    ("region", "district"),
    {"D1": "_T", "R1": "D1", "R2": "D1", "abroad": "_T"},
    {"D1": "district", "R1": "region", "R2": "region", "abroad": "region"},
)
KIND = Dimension("kind", ("kind",), {"a": "_T", "b": "_T"})
DIMENSIONS = {"period": PERIOD, "place": PLACE, "kind": KIND}


def rows(**codes: list[str]) -> UnitRows:
    """Return rows of as many persons, households and incidents as rows."""
    ids = [str(number) for number in range(len(next(iter(codes.values()))))]
    return UnitRows(codes, ids, ids, ids)


def counted(plans, **codes):
    """Return canonical cell name -> exact count."""
    system = linked_systems(plans, DIMENSIONS)[plans[0].unit]
    counts = count_cells(system, plans, DIMENSIONS, rows(**codes))
    return {system.name(i): int(count) for i, count in enumerate(counts.rows)}


def test_a_code_without_a_parent_stands_for_itself_on_every_level():
    assert PLACE.codes_at("district") == ("D1", "abroad")
    assert PLACE.codes_from("region") == ("D1", "abroad", "R1", "R2")


def test_every_coarser_margin_is_counted_and_zero_cells_are_cells():
    plan = TablePlan("t", "incidents", {"period": "quarter"})
    assert counted([plan], period=["2022-Q1", "2022-Q1", "2023-Q1"]) == {
        "incidents": 3,
        "incidents|period=2022": 2,
        "incidents|period=2023": 1,
        "incidents|period=2022-Q1": 2,
        "incidents|period=2022-Q2": 0,
        "incidents|period=2023-Q1": 1,
    }


def test_a_cell_that_two_tables_share_is_one_cell():
    plans = [
        TablePlan("one", "incidents", {"period": "year", "place": "district"}),
        TablePlan("two", "incidents", {"kind": "kind", "period": "year"}),
    ]
    system = linked_systems(plans, DIMENSIONS)["incidents"]
    one, two = dict(system.layouts["one"]), dict(system.layouts["two"])
    assert one["2022", "_T"] == two["_T", "2022"]
    assert one["_T", "_T"] == two["_T", "_T"]
    assert len(system.cells) == 3 * 3 + 3 * 3 - 3


def test_only_shows_some_codes_and_no_total_over_them():
    plan = TablePlan("t", "incidents", {"kind": "kind", "period": "year"}, only={"kind": ("a",)})
    cells = counted([plan], kind=["a", "b", "a"], period=["2022-Q1"] * 3)
    assert cells == {
        "incidents|kind=a": 2,
        "incidents|kind=a|period=2022": 2,
        "incidents|kind=a|period=2023": 0,
    }


def test_a_code_left_out_takes_every_sum_of_which_it_is_a_part_with_it():
    plan = TablePlan(
        "t", "incidents", {"kind": "kind", "period": "quarter"}, leave_out={"period": ("2022-Q2",)}
    )
    system = linked_systems([plan], DIMENSIONS)["incidents"]
    shown = {codes[1] for codes, _ in system.layouts["t"]}
    assert shown == {"2023", "2022-Q1", "2023-Q1"}
    assert {codes[0] for codes, _ in system.layouts["t"]} == {"_T", "a", "b"}
    sums = {(len(children), system.name(parent)) for parent, children in system.equations}
    assert (1, "incidents|kind=a|period=2023") in sums
    assert not any(
        "2022" in system.name(parent) for parent, children in system.equations if len(children) == 1
    )


def test_a_stacked_table_shares_the_grand_total():
    asked = Dimension("question", ("question",), {"age": "_T", "sex": "_T"})
    recorded = Dimension("recorded", ("recorded",), {"yes": "_T", "no": "_T"})
    dimensions = {"question": asked, "recorded": recorded, "kind": KIND}
    plans = [
        TablePlan("quality", "persons", {"question": "question", "recorded": "recorded"}, stacked="question"),
        TablePlan("kinds", "persons", {"kind": "kind"}),
    ]
    system = linked_systems(plans, dimensions)["persons"]
    answers = {"recorded:age": ["yes", "no"], "recorded:sex": ["yes", "yes"], "kind": ["a", "b"]}
    counts = count_cells(system, plans, dimensions, rows(**answers)).rows
    layout = dict(system.layouts["quality"])
    assert layout["age", "_T"] == layout["sex", "_T"] == dict(system.layouts["kinds"])[("_T",)]
    assert [int(counts[layout["age", c]]) for c in ("_T", "yes", "no")] == [2, 1, 1]
    assert [int(counts[layout["sex", c]]) for c in ("_T", "yes", "no")] == [2, 2, 0]


def test_the_smallest_of_rows_households_and_incidents_is_known():
    plan = TablePlan("t", "persons", {"kind": "kind"})
    system = linked_systems([plan], DIMENSIONS)["persons"]
    sisters = UnitRows({"kind": ["a"] * 4}, list("1234"), ["h"] * 4, ["i", "i", "j", "j"])
    counts = count_cells(system, [plan], DIMENSIONS, sisters)
    assert (counts.rows.tolist(), counts.smallest.tolist()) == ([4, 4, 0], [1, 1, 0])


def test_rows_are_filtered_before_they_are_counted():
    plan = TablePlan("t", "a_only", {"period": "year"}, filters={"kind": ("a",)})
    assert counted([plan], kind=["a", "b"], period=["2022-Q1", "2022-Q1"])["a_only"] == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TablePlan("t", "u", dict.fromkeys("abcd", "x")), "4 dimensions"),
        (lambda: TablePlan("t", "u", {}), "0 dimensions"),
        (lambda: TablePlan("t", "u", {"a": "x"}, only={"b": ()}), "not its dimensions"),
        (lambda: TablePlan("t", "u", {"a": "x"}, stacked="a"), "stacked"),
        (
            lambda: Dimension("d", ("fine", "mid", "top"), {"x": "y", "y": "_T"}, {"y": "top"}),
            "skips a level",
        ),
        (lambda: Dimension("d", ("fine",), {"x": "nowhere"}), "unknown"),
        (lambda: counted([TablePlan("t", "u", {"colour": "x"})], kind=["a"]), "unknown dimension colour"),
        (lambda: counted([TablePlan("t", "u", {"kind": "shade"})], kind=["a"]), "no level shade"),
        (lambda: counted([TablePlan("t", "u", {"kind": "kind"})], kind=["a", "zz"]), "1 rows carry a code"),
        (
            lambda: counted([TablePlan("t", "u", {"period": "year"})], period=["2022"]),
            "not at the finest level",
        ),
        (lambda: counted([TablePlan("t", "u", {"kind": "kind"})], period=["2022-Q1"]), "no column kind"),
        (lambda: dimension_from_rows("d", ["x", "y"], {"x": ["1", "1"], "y": ["2", "3"]}), "not nested"),
    ],
)
def test_a_wrong_plan_is_refused_by_name_and_quotes_no_value(make, message):
    with pytest.raises(PlanError, match=message) as caught:
        make()
    assert "zz" not in str(caught.value)


def test_a_unit_filtered_in_two_ways_is_refused():
    plans = [
        TablePlan("one", "u", {"kind": "kind"}),
        TablePlan("two", "u", {"kind": "kind"}, filters={"period": ("2022-Q1",)}),
    ]
    with pytest.raises(PlanError, match="filtered differently"):
        linked_systems(plans, DIMENSIONS)


@pytest.mark.parametrize("hidden", [{"only": {"sex": ("f", "m")}}, {"leave_out": {"sex": ("x",)}}])
def test_parts_without_their_total_beside_a_table_with_the_total_are_refused(hidden):
    # With 20 in 2023 and 19 of them m, f is 1 at most: no sum says so, and every reader knows it.
    dimensions = {
        "sex": Dimension("sex", ("sex",), dict.fromkeys(("f", "m", "x"), "_T")),
        "period": Dimension("period", ("year",), {"2023": "_T"}),
    }
    parts = TablePlan("parts", "persons", {"sex": "sex", "period": "year"}, **hidden)
    years = TablePlan("years", "persons", {"period": "year"})
    with pytest.raises(PlanError, match="parts, years"):
        linked_systems([parts, years], dimensions)
    assert linked_systems([parts], dimensions)
    one_year = TablePlan("one_year", "persons", {"period": "year"}, only={"period": ("2023",)})
    with pytest.raises(PlanError, match="parts, one_year"):
        linked_systems([parts, one_year], dimensions)
    whole = TablePlan("whole", "persons", {"sex": "sex", "period": "year"})
    assert linked_systems([parts, years, whole], dimensions)
