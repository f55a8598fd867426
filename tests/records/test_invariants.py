"""Whatever the input: no class below k in records or clusters, truthful values, and the true optimum."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records import RecordsModel, anonymize_records
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
    [{}, {"l": 2}, {"l": 3}, {"t": 0.2}, {"t": 0.5}, {"entropy_l": 1.5}, {"l": 2, "t": 0.4}]
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


def test_one_household_of_four_sisters_is_not_a_class_of_four():
    ages = {"17": ["*"], "19": ["*"]}
    columns = {"age": ["17", "17", "17", "17", "19", "19", "19", "19"], "household": list("AAAABCDE")}
    from anonymize.records import hierarchy_from_mapping

    hierarchies = {"age": hierarchy_from_mapping("age", ages)}
    by_records = anonymize_records(columns, hierarchies, ["age"], RecordsModel(k=4))
    by_household = anonymize_records(columns, hierarchies, ["age"], RecordsModel(k=4, cluster="household"))
    assert by_records.columns == {"age": columns["age"]}
    assert by_household.columns == {"age": ["*"] * 8}
    assert by_household.evidence()["smallest_class_clusters"] == 5
