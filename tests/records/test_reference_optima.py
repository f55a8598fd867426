"""Our optimum is the reference tool's, on all 30 lines of the field's benchmark and with l and t."""

import json

import numpy as np
import pytest

from anonymize.records import RecordsModel, anonymize_records, read_hierarchies, read_table
from tests.shared_files import shared_path

LINES = [
    (dataset, k, limit, loss)
    for dataset in ("adult", "fars")
    for k in (2, 5, 10)
    for limit, loss in [
        (0.0, "granularity_geometric"),
        (0.0, "entropy"),
        (0.05, "granularity"),
        (0.05, "granularity_geometric"),
        (0.05, "entropy"),
    ]
]
# bench/records/README.md: sensitive = occupation, k=5, geometric granularity
DIVERSE = [
    ({"l": 3}, 0.05, 0.17170218121750636),
    ({"l": 3}, 0.0, 0.542210825407941),
    ({"l": 5}, 0.05, 0.22165232101366117),
    ({"l": 5}, 0.0, 0.613171784711847),
    ({"t": 0.2}, 0.05, 0.8150031862123897),
    ({"t": 0.2}, 0.0, 0.9183953641009659),
    ({"t": 0.2, "t_distance": "hierarchical"}, 0.05, 0.6128064960163953),
    ({"t": 0.2, "t_distance": "hierarchical"}, 0.0, 0.7591763053456835),
]


@pytest.fixture(scope="module")
def datasets():
    folders = {name: shared_path("bench", "records", name) for name in ("adult", "fars")}
    found = {}
    for name, folder in folders.items():
        columns = read_table(folder / f"{name}.csv")
        found[name] = (columns, read_hierarchies(folder, list(columns)))
    return found


@pytest.fixture(scope="module")
def reference():
    lines = json.loads(shared_path("bench", "records", "reference_optima.json").read_text("utf-8"))
    return {(line["dataset"], line["k"], line["suppression_limit"], line["loss"]): line for line in lines}


def test_every_line_of_the_reference_file_is_tested(reference):
    assert sorted(reference) == sorted(LINES)


@pytest.mark.parametrize(("dataset", "k", "limit", "loss"), LINES)
def test_the_optimum_equals_the_reference(datasets, reference, dataset, k, limit, loss):
    columns, hierarchies = datasets[dataset]
    model = RecordsModel(k=k, max_suppressed_share=limit, loss=loss)
    evidence = anonymize_records(columns, hierarchies, list(columns), model).evidence()
    line = reference[dataset, k, limit, loss]
    assert evidence["loss"]["value"] == pytest.approx(line["value"], abs=1e-9, rel=0)
    assert evidence["lattice_size"] == line["lattice_size"]
    assert evidence["proven_bound"] == evidence["loss"]["value"]
    assert evidence["smallest_class"] >= k


@pytest.mark.parametrize(("asked", "limit", "value"), DIVERSE)
def test_the_optimum_with_l_and_t_equals_the_reference(datasets, asked, limit, value):
    columns, hierarchies = datasets["adult"]
    model = RecordsModel(
        k=5,
        max_suppressed_share=limit,
        loss="granularity_geometric",
        sensitive=("occupation",),
        **asked,
    )
    quasi_identifiers = [name for name in columns if name != "occupation"]
    result = anonymize_records(columns, hierarchies, quasi_identifiers, model)
    assert result.loss == pytest.approx(value, abs=1e-9, rel=0)


def test_the_risk_figures_equal_the_reference(datasets):
    columns, hierarchies = datasets["adult"]
    model = RecordsModel(k=5, max_suppressed_share=0.05, loss="granularity_geometric")
    risk = anonymize_records(columns, hierarchies, list(columns), model).evidence()["risk"]
    before, after = risk["before"], risk["after"]
    assert before["share_above_threshold"] == pytest.approx(0.778131, abs=5e-7)
    assert (before["highest"], before["average"]) == pytest.approx((1.0, 0.646575), abs=1e-6)
    assert after["share_above_threshold"] == 0
    assert (after["highest"], after["average"]) == pytest.approx((0.2, 0.013777), abs=5e-7)


@pytest.mark.parametrize(
    ("dataset", "k", "bar"),
    [("adult", 2, 0.0259), ("adult", 5, 0.0540), ("adult", 10, 0.0817), ("fars", 5, 0.0419)],
)
def test_local_recoding_beats_the_reference_and_loses_no_record(datasets, dataset, k, bar):
    columns, hierarchies = datasets[dataset]
    result = anonymize_records(columns, hierarchies, list(columns), RecordsModel(k=k, method="local"))
    assert result.loss <= bar
    assert result.after.smallest_class >= k
    assert result.kept.all()
    cells = [(np.stack(ladder.shares), ladder) for ladder in (hierarchies[name] for name in columns)]
    assert result.loss == pytest.approx(_loss_of_cells(columns, result.columns, cells), abs=1e-9)


def _loss_of_cells(columns, published, cells) -> float:
    """Return the mean normalised granularity, counted cell by cell from what is published."""
    parts = []
    for name, (shares, ladder) in zip(columns, cells, strict=True):
        least = 1 / ladder.n_lines
        share_of = {
            (value, ladder.labels[level][ladder.groups[level][code]]): shares[level][code]
            for level in reversed(range(ladder.n_levels))
            for code, value in enumerate(ladder.values)
        }
        total = sum(share_of[pair] for pair in zip(columns[name], published[name], strict=True))
        parts.append((total / len(columns[name]) - least) / (1 - least))
    return float(sum(parts) / len(parts))
