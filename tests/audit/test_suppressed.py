"""A small suppressed release holds; any one cell, margin or version more is caught."""

import csv

import numpy as np
import pytest

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.audit.cube import audit_cube
from anonymize.tables import UnitRows, linked_systems
from anonymize.tables.plan import count_cells
from anonymize.tables.suppression import SuppressionTask
from anonymize.tables.suppression.exact import suppress_at_least_cost
from codebook import Verdict

from .test_against_protector import DIMENSIONS, PLANS, invented

THRESHOLD = 5
TABLES = PLANS[:2]  # kinds by year, ages by kind: they share the kinds


def suppressed():
    """Return the linked system, the true counts, the small cells and what the cheapest pattern withholds."""
    rows = invented(130, 4)
    codes = {name: [row[name] for row in rows] for name in DIMENSIONS}
    ids = [str(number) for number in range(len(rows))]
    (system,) = linked_systems(TABLES, DIMENSIONS).values()
    counts = count_cells(system, TABLES, DIMENSIONS, UnitRows(codes, ids, ids, ids)).rows
    primary = (counts > 0) & (counts < THRESHOLD)
    task = SuppressionTask(system, counts, primary, np.full(len(counts), THRESHOLD - 1))
    return system, counts, primary, suppress_at_least_cost(task).hidden


SYSTEM, COUNTS, PRIMARY, HIDDEN = suppressed()
COMPLEMENTARY = [int(position) for position in np.flatnonzero(HIDDEN & ~PRIMARY)]


def write(folder, hidden, tables=None, suffix=""):
    """Write tables as CSV files, as `withheld protect` does."""
    folder.mkdir(exist_ok=True)
    for plan in TABLES:
        if tables is None or plan.name in tables:
            with (folder / f"{plan.name}{suffix}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([*plan.columns, "value"])
                for codes, position in SYSTEM.layouts[plan.name]:
                    writer.writerow([*codes, "" if hidden[position] else COUNTS[position]])
    return folder


def shown(position):
    """Return the pattern with one withheld cell published."""
    return HIDDEN & (np.arange(len(HIDDEN)) != position)


def test_the_small_release_has_something_to_hide_and_hides_it(tmp_path):
    assert PRIMARY.sum() > 2
    assert len(COMPLEMENTARY) > 2
    assert audit_cube(write(tmp_path / "t", HIDDEN)).verdict is Verdict.PASS


@pytest.mark.parametrize("position", COMPLEMENTARY)
def test_any_one_complementary_cell_published_again_is_caught(tmp_path, position):
    assert audit_cube(write(tmp_path / "t", shown(position))).verdict is Verdict.FAIL


@pytest.mark.parametrize("position", [int(one) for one in np.flatnonzero(HIDDEN)])
def test_a_language_version_with_one_cell_more_is_caught(tmp_path, position):
    table = next(name for name, rows in SYSTEM.layouts.items() if position in {at for _, at in rows})
    folder = write(tmp_path / "t", HIDDEN)
    write(folder, shown(position), tables={table}, suffix=".ru")
    assert audit_cube(folder).verdict is Verdict.FAIL


@pytest.mark.parametrize("position", [int(one) for one in np.flatnonzero(PRIMARY)])
def test_a_finer_margin_of_a_small_cell_is_caught(tmp_path, position):
    key = dict(SYSTEM.cells[position])
    folder = write(tmp_path / "t", HIDDEN)
    columns, codes = [*key, "source"], list(key.values())
    parts = [(*codes, "_T", ""), (*codes, "hotline", 1), (*codes, "other", COUNTS[position] - 1)]
    with (folder / "by_source.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*columns, "value"], *parts])
    assert audit_cube(folder).verdict is Verdict.FAIL


def test_the_truth_lies_inside_every_attacked_interval_of_a_suppressed_release():
    exact = COUNTS.astype(float)
    lower, upper = np.where(HIDDEN, 1.0, exact), np.where(HIDDEN, np.inf, exact)
    attack = IntervalAttack(Linked(lower, upper, sum_rows(SYSTEM.equations)))  # no hint: a reader has none
    intervals = np.array([attack.interval(position) for position in range(len(COUNTS))])
    assert (intervals[:, 0] <= exact).all()
    assert (exact <= intervals[:, 1]).all()
    assert (np.diff(intervals)[PRIMARY] >= THRESHOLD - 1).all()
