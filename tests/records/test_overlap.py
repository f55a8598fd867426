"""Missing cells as wildcards, and sets of which a few items are known: against a count record by record."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records import (
    CellRules,
    RecordsModel,
    anonymize_records,
    flat_hierarchy,
    hierarchy_from_mapping,
    measure_records,
    split_flags,
)
from codebook.errors import HierarchyError, RecordsError

WILDCARD = CellRules(missing="wildcard")
cells = st.sampled_from(["", "a", "b", "c"])
sets = st.sampled_from(["", "x", "y", "x;y", "y;x;", "x;z", "x;y;z", " z "])
LADDER = hierarchy_from_mapping("age", {"a": ["ab", "*"], "b": ["ab", "*"], "c": ["c", "*"]})
ITEMS = hierarchy_from_mapping("acts", {"x": ["xy", "*"], "y": ["xy", "*"], "z": ["z", "*"]})


@st.composite
def wild_tables(draw):
    n_records = draw(st.integers(1, 12))
    columns = {
        name: draw(st.lists(cells, min_size=n_records, max_size=n_records)) for name in ("age", "place")
    }
    columns["household"] = draw(st.lists(st.sampled_from("ABCD"), min_size=n_records, max_size=n_records))
    return columns


@st.composite
def set_tables(draw):
    n_records = draw(st.integers(1, 12))
    return {
        "age": draw(st.lists(cells, min_size=n_records, max_size=n_records)),
        "acts": draw(st.lists(sets, min_size=n_records, max_size=n_records)),
        "household": draw(st.lists(st.sampled_from("ABCD"), min_size=n_records, max_size=n_records)),
    }


def matches(rows, row):
    """Return the records that agree with a row wherever both have a value."""
    return [
        n
        for n, other in enumerate(rows)
        if all(a in ("", b) or b == "" for a, b in zip(row, other, strict=True))
    ]


def holding(rows, row, size):
    """Return, for the worst choice of up to `size` items of a row, the records that hold them too."""
    items = [{item.strip() for item in acts.split(";")} - {""} for _, acts in rows]
    own = {item.strip() for item in row[1].split(";")} - {""}
    choices = [set(chosen) for n in range(size + 1) for chosen in combinations(sorted(own), n)]
    return min(
        (
            [n for n, (age, _) in enumerate(rows) if age == row[0] and chosen <= items[n]]
            for chosen in choices
        ),
        key=len,
    )


@settings(max_examples=200, deadline=None)
@given(wild_tables())
def test_a_missing_cell_matches_every_cell_under_the_wildcard_rule(columns):
    rows = list(zip(columns["age"], columns["place"], strict=True))
    found = measure_records(columns, ["age", "place"], cluster="household", cells=WILDCARD)
    support = [matches(rows, row) for row in rows]
    assert found.smallest_class == min(map(len, support))
    assert found.smallest_class_clusters == min(
        len({columns["household"][n] for n in one}) for one in support
    )
    assert found.risk.average == pytest.approx(sum(1 / len(one) for one in support) / len(rows))


@settings(max_examples=200, deadline=None)
@given(
    wild_tables(), st.integers(1, 4), st.sampled_from([0.0, 0.3, 1.0]), st.sampled_from([None, "household"])
)
def test_recoding_keeps_k_by_the_wildcard_rule(columns, k, limit, cluster):
    model = RecordsModel(k=k, max_suppressed_share=limit, cells=WILDCARD, cluster=cluster)
    ladders = {"age": LADDER, "place": flat_hierarchy("place", "abc")}
    try:
        result = anonymize_records(columns, ladders, ["age", "place"], model)
    except RecordsError:
        return
    rows = list(zip(result.columns["age"], result.columns["place"], strict=True))
    households = [cell for cell, kept in zip(columns["household"], result.kept, strict=True) if kept]
    for row in rows:
        support = matches(rows, row)
        assert len(support if cluster is None else {households[n] for n in support}) >= k
    assert len(rows) >= len(columns["age"]) * (1 - limit) - 1e-9


def test_the_rule_for_missing_cells_changes_the_answer():
    columns = {"age": ["a", "a", ""]}
    own = anonymize_records(columns, {"age": LADDER}, ["age"], RecordsModel(k=2))
    wild = anonymize_records(columns, {"age": LADDER}, ["age"], RecordsModel(k=2, cells=WILDCARD))
    assert own.columns["age"] == ["*", "*", "*"]
    assert wild.columns["age"] == ["a", "a", ""]
    assert (own.evidence()["missing"], wild.evidence()["missing"]) == ("own value", "wildcard")


@settings(max_examples=200, deadline=None)
@given(set_tables(), st.integers(1, 3))
def test_k_over_sets_counts_every_choice_of_up_to_m_items(columns, size):
    rows = list(zip(columns["age"], columns["acts"], strict=True))
    rules = CellRules(set_valued=(("acts", ";"),), set_size=size)
    found = measure_records(columns, ["age", "acts"], cluster="household", cells=rules)
    assert found.smallest_class == min(len(holding(rows, row, size)) for row in rows)


@settings(max_examples=200, deadline=None)
@given(set_tables(), st.integers(1, 4), st.integers(0, 2), st.sampled_from([0.0, 0.3]))
def test_recoding_keeps_k_over_sets(columns, k, size, limit):
    rules = CellRules(set_valued=(("acts", ";"),), set_size=size)
    model = RecordsModel(k=k, max_suppressed_share=limit, cells=rules)
    try:
        result = anonymize_records(columns, {"age": LADDER, "acts": ITEMS}, ["age", "acts"], model)
    except RecordsError:
        return
    rows = list(zip(result.columns["age"], result.columns["acts"], strict=True))
    for row in rows:
        assert len(holding(rows, row, size or 9)) >= k


def test_sets_are_generalised_item_by_item():
    columns = {"acts": ["x;y", "y", "z;x", "z;y"]}
    rules = CellRules(set_valued=(("acts", ";"),))
    result = anonymize_records(columns, {"acts": ITEMS}, ["acts"], RecordsModel(k=2, cells=rules))
    assert result.columns["acts"] == ["xy", "xy", "xy;z", "xy;z"]


def test_flags_are_columns_of_their_own():
    assert split_flags({"acts": ["x; y", "", "x"]}, "acts", ";") == {
        "acts=x": ["yes", "no", "yes"],
        "acts=y": ["yes", "no", "no"],
    }


def test_an_item_without_a_line_is_counted_and_not_quoted():
    rules = CellRules(set_valued=(("acts", ";"),))
    with pytest.raises(HierarchyError, match="1 items of column 'acts' have no line") as refused:
        anonymize_records(
            {"acts": ["x;Zarema"] * 3}, {"acts": ITEMS}, ["acts"], RecordsModel(k=2, cells=rules)
        )
    assert "Zarema" not in str(refused.value) + refused.value.remedy


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"missing": "guess"}, "no rule for missing values"),
        ({"missing": "wildcard", "set_valued": (("acts", ";"),)}, "not defined together"),
        ({"set_valued": (("acts", ""),)}, "needs its separator"),
        ({"set_size": -1}, "needs its separator"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(asked, message):
    with pytest.raises(RecordsError, match=message) as refused:
        CellRules(**asked)
    assert refused.value.remedy


@pytest.mark.parametrize("asked", [{"method": "local"}, {"sensitive": ("motive",), "l": 2}])
def test_overlapping_classes_take_no_local_recoding_and_no_diversity(asked):
    with pytest.raises(RecordsError, match="overlap"):
        RecordsModel(cells=WILDCARD, **asked)
