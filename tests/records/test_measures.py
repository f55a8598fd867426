"""Our measures are those of another tool, and of the definitions worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records import (
    contributions,
    journalist_risk,
    marketer_risk,
    measure_records,
    special_uniques,
)
from codebook.errors import RecordsError

COLUMNS = {
    "sex": list("fffffmmm"),
    "age": list("11122222"),
    "motive": list("xyxxxxyz"),
    "household": list("AABBCDDD"),
}


def test_measures_by_hand():
    measures = measure_records(COLUMNS, ["sex", "age"], sensitive=["motive"], cluster="household")
    assert (measures.n_classes, measures.smallest_class, measures.smallest_class_clusters) == (3, 2, 1)
    assert measures.sensitive["motive"].distinct_l == 1
    assert measures.risk.average == pytest.approx(3 / 8)
    assert measures.risk.highest == 0.5


def test_a_missing_value_is_a_value_of_its_own():
    assert measure_records({"age": ["1", "1", ""]}, ["age"]).smallest_class == 1


def test_records_without_a_household_count_as_one_household():
    columns = {"age": ["1"] * 4, "household": ["", "", "", "A"]}
    assert measure_records(columns, ["age"], cluster="household").smallest_class_clusters == 2


def test_special_uniques_are_the_smallest_sets():
    columns = {"sex": list("ffmm"), "age": list("1212"), "town": list("aabb")}
    found = {one.columns: one.n_records for one in special_uniques(columns, list(columns))}
    assert found == {("sex", "age"): 4, ("age", "town"): 4}


def test_contributions_say_which_column_to_drop_first():
    shares = contributions({"id": list("1234"), "sex": list("ffmm")}, ["id", "sex"])
    assert {name: share.unique_share for name, share in shares.items()} == {"id": 1.0, "sex": 0.0}
    assert shares["sex"].average == 0.0


def test_a_population_lowers_the_risk():
    sizes, population = np.array([1, 4]), np.array([10, 40])
    assert journalist_risk(sizes, population).highest == 0.1
    assert marketer_risk(sizes, population) == pytest.approx((0.1 + 0.1) / 5)
    with pytest.raises(RecordsError, match="1 classes have more records than the population"):
        marketer_risk(population, np.array([10, 39]))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=3, max_size=30))
def test_k_and_l_equal_pycanon(rows):
    pandas = pytest.importorskip("pandas")
    anonymity = pytest.importorskip("pycanon.anonymity")
    columns = dict(zip(["age", "place", "motive"], map(list, zip(*rows, strict=True)), strict=True))
    table = pandas.DataFrame(columns)
    measures = measure_records(columns, ["age", "place"], sensitive=["motive"])
    assert measures.smallest_class == anonymity.k_anonymity(table, ["age", "place"])
    assert measures.sensitive["motive"].distinct_l == anonymity.l_diversity(
        table, ["age", "place"], ["motive"]
    )
    assert measures.sensitive["motive"].t == pytest.approx(
        anonymity.t_closeness(table, ["age", "place"], ["motive"])
    )
