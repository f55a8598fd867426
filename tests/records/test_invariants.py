"""Whatever the input: no class below k in records or clusters, truthful values, and the true optimum."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records import RecordsModel, anonymize_records, hierarchy_from_mapping, measure_records
from codebook.errors import RecordsError

from .small_tables import brute_force, passes, tables

models = st.builds(
    RecordsModel,
    k=st.integers(1, 5),
    max_suppressed_share=st.sampled_from([0.0, 0.05, 0.2, 0.5, 1.0]),
    loss=st.sampled_from(["granularity", "granularity_geometric", "entropy"]),
    cluster=st.sampled_from([None, "household"]),
    method=st.sampled_from(["optimal", "local"]),
)
diversities = st.sampled_from(
    [
        {},
        {"l": 2},
        {"l": 3},
        {"t": 0.2},
        {"t": 0.5},
        {"entropy_l": 1.5},
        {"l": 2, "t": 0.4},
        {"recursive": (1.0, 2)},
        {"recursive": (2.0, 2), "l": 2},
    ]
)


def with_diversity(model: RecordsModel, asked: dict[str, Any]) -> RecordsModel:
    return replace(model, sensitive=("motive",), **asked)


def anonymized(columns, hierarchies, names, model):
    try:
        return anonymize_records(columns, hierarchies, names, model)
    except RecordsError:
        return None


@settings(max_examples=300, deadline=None)
@given(tables(), models, diversities)
def test_no_published_class_falls_short_of_the_model(table, model, asked):
    columns, hierarchies, names = table
    model = with_diversity(model, asked)
    result = anonymized(columns, hierarchies, names, model)
    if result is None:
        return
    kept = [number for number, stays in enumerate(result.kept) if stays]
    classes: dict[tuple[str, ...], list[int]] = {}
    for number, key in zip(kept, zip(*(result.columns[name] for name in names), strict=True), strict=True):
        classes.setdefault(key, []).append(number)
    assert classes
    assert all(passes(columns, inside, model) for inside in classes.values())
    assert len(kept) >= len(columns[names[0]]) * (1 - model.max_suppressed_share) - 1e-9
    evidence = result.evidence()
    assert evidence["suppressed"] == len(columns[names[0]]) - len(kept)
    assert evidence["classes"] == len(classes)
    assert evidence["smallest_class"] == min(map(len, classes.values()))


@settings(max_examples=200, deadline=None)
@given(tables(), models)
def test_every_published_value_is_an_ancestor_of_the_original(table, model):
    columns, hierarchies, names = table
    result = anonymized(columns, hierarchies, names, model)
    if result is None:
        return
    kept = [number for number, stays in enumerate(result.kept) if stays]
    for name in names:
        ladder = hierarchies[name].with_missing()
        for number, published in zip(kept, result.columns[name], strict=True):
            original = columns[name][number]
            assert published in {ladder.label(original, level) for level in range(ladder.n_levels)}


@settings(max_examples=300, deadline=None)
@given(tables(), models, diversities)
def test_the_optimum_equals_brute_force(table, model, asked):
    columns, hierarchies, names = table
    model = replace(with_diversity(model, asked), method="optimal")
    ladders = [
        hierarchies[name].with_missing() if "" in columns[name] else hierarchies[name] for name in names
    ]
    result = anonymized(columns, hierarchies, names, model)
    best = brute_force(columns, ladders, names, model)
    assert (result is None) == (best is None)
    if result is not None and best is not None:
        assert result.loss == pytest.approx(best, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(tables(), models, st.integers(1, 5))
def test_suppressing_whole_classes_never_lowers_k(table, model, larger_k):
    columns, hierarchies, names = table
    result = anonymized(columns, hierarchies, names, model)
    if result is None:
        return
    rows = Counter(zip(*(result.columns[name] for name in names), strict=True))
    left = [size for size in rows.values() if size >= larger_k]
    assert min(left, default=len(result.kept)) >= min(rows.values())


@settings(max_examples=100, deadline=None)
@given(tables(), models)
def test_only_quasi_identifiers_and_sensitive_columns_leave(table, model):
    columns, hierarchies, names = table
    model = replace(model, sensitive=("motive",))
    result = anonymized(columns, hierarchies, names, model)
    if result is not None:
        assert list(result.columns) == [*names, "motive"]
        assert result.dropped_columns == ("household",)


HOSTILE_NAMES = ["=age", "a,b", 'x"y', "имя\nполе", "*", " ", "a;b", "DROP TABLE", "\u202eage", "k"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(HOSTILE_NAMES), min_size=1, max_size=3, unique=True),
    st.integers(1, 12),
    st.sampled_from(["", "same", "=1+1"]),
    st.sampled_from(["optimal", "local"]),
)
def test_one_row_or_all_rows_equal_under_any_name(names, n_records, cell, method):
    columns = {name: [cell] * n_records for name in names}
    ladders = {name: hierarchy_from_mapping(name, {"same": ["*"], "=1+1": ["*"]}) for name in names}
    result = anonymize_records(columns, ladders, names, RecordsModel(k=n_records, method=method))
    assert result.columns == columns
    assert result.loss == 0
    assert result.evidence()["smallest_class"] == n_records
    with pytest.raises(RecordsError, match=f"k={n_records + 1} is more than the {n_records} records"):
        anonymize_records(columns, ladders, names, RecordsModel(k=n_records + 1, method=method))


@settings(max_examples=100, deadline=None)
@given(tables(), models, diversities)
def test_measuring_what_was_written_gives_what_the_evidence_says(table, model, asked):
    columns, hierarchies, names = table
    result = anonymized(columns, hierarchies, names, with_diversity(model, asked))
    if result is None:
        return
    kept = {
        name: [cell for cell, stays in zip(cells, result.kept, strict=True) if stays]
        for name, cells in columns.items()
    }
    again = measure_records({**kept, **result.columns}, names, sensitive=["motive"], cluster=model.cluster)
    assert (again.n_records, again.n_classes) == (result.after.n_records, result.after.n_classes)
    assert again.smallest_class == result.after.smallest_class
    assert again.smallest_class_clusters == result.after.smallest_class_clusters
    assert again.risk == result.after.risk
    assert again.sensitive["motive"].distinct_l == result.after.sensitive["motive"].distinct_l


def test_one_household_of_four_sisters_is_not_a_class_of_four():
    ages = {"17": ["*"], "19": ["*"]}
    columns = {"age": ["17", "17", "17", "17", "19", "19", "19", "19"], "household": list("AAAABCDE")}
    hierarchies = {"age": hierarchy_from_mapping("age", ages)}
    by_records = anonymize_records(columns, hierarchies, ["age"], RecordsModel(k=4))
    by_household = anonymize_records(columns, hierarchies, ["age"], RecordsModel(k=4, cluster="household"))
    assert by_records.columns == {"age": columns["age"]}
    assert by_household.columns == {"age": ["*"] * 8}
    assert by_household.evidence()["smallest_class_clusters"] == 5
