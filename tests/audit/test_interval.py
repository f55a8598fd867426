"""The attacker's intervals are those of brute-force enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.audit import IntervalAttack, Linked, sum_rows


@st.composite
def linked_systems(draw):
    """Draw a two-way table of up to 3 x 2 cells, with margins and rounding bounds around a truth."""
    n_rows, n_columns = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    truth = np.array(
        draw(st.lists(st.integers(0, 6), min_size=n_rows * n_columns, max_size=n_rows * n_columns))
    )
    grid = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    sums, values = [], truth.tolist()
    for cells in [*grid, *grid.T, grid.ravel()]:
        sums.append((len(values), tuple(int(c) for c in cells)))
        values.append(int(truth[cells].sum()))
    below = draw(st.lists(st.integers(0, 2), min_size=len(values), max_size=len(values)))
    above = draw(st.lists(st.integers(0, 2), min_size=len(values), max_size=len(values)))
    lower = np.maximum(0, np.array(values) - below).astype(float)
    upper = (np.array(values) + above).astype(float)
    return n_rows * n_columns, np.array(values), Linked(lower, upper, sum_rows(sums)), sums


def enumerated(n_inner, linked, sums):
    """Return lowest and highest of every cell over all whole-number tables, by trying them all."""
    ranges = [range(int(linked.lower[i]), int(linked.upper[i]) + 1) for i in range(n_inner)]
    found = []
    for inner in product(*ranges):
        cells = [*inner, *(sum(inner[c] for c in children) for _, children in sums)]
        if all(linked.lower[i] <= cells[i] <= linked.upper[i] for i in range(len(cells))):
            found.append(cells)
    return np.min(found, axis=0), np.max(found, axis=0)


@given(linked_systems())
@settings(max_examples=300, deadline=None)
def test_the_intervals_equal_enumeration_and_hold_the_truth(case):
    n_inner, truth, linked, sums = case
    low, high = enumerated(n_inner, linked, sums)
    attack = IntervalAttack(linked)
    intervals = [attack.interval(i) for i in range(len(truth))]
    assert intervals == [(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    assert all(a <= t <= b for (a, b), t in zip(intervals, truth, strict=True))


@given(linked_systems(), st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_the_short_question_has_the_answer_of_the_long_one(case, width):
    n_inner, truth, linked, sums = case
    low, high = enumerated(n_inner, linked, sums)
    attack = IntervalAttack(linked)
    assert [attack.wide_enough(i, width) for i in range(len(truth))] == (high - low >= width).tolist()


def test_whole_numbers_are_narrower_than_fractions():
    # x + y = 1, y + z = 1, x + z = 1 + s with s in 0..1: fractions allow x = 1/2 only where s = 0.
    rows = [
        ((0, 1), (1.0, 1.0), 1.0, 1.0),
        ((1, 2), (1.0, 1.0), 1.0, 1.0),
        ((0, 2, 3), (1.0, 1.0, -1.0), 1.0, 1.0),
    ]
    attack = IntervalAttack(Linked(np.zeros(4), np.ones(4), rows))
    assert attack.interval(0) == (1.0, 1.0)


def test_an_unbounded_cell_is_infinitely_wide():
    attack = IntervalAttack(
        Linked(np.array([1.0, 1.0]), np.array([np.inf, np.inf]), [((0, 1), (1.0, -1.0), 0.0, 0.0)])
    )
    assert attack.interval(0) == (1.0, np.inf)
    assert attack.wide_enough(0, 3)


def test_contradicting_bounds_are_infeasible():
    linked = Linked(np.array([5.0, 0.0]), np.array([9.0, 4.0]), [((0, 1), (1.0, -1.0), 0.0, 0.0)])
    assert not IntervalAttack(linked).feasible


@pytest.mark.parametrize("bounds", [(0.0, 4.0), (6.0, 14.0)])
def test_a_cell_alone_keeps_its_bounds(bounds):
    low, high = bounds
    assert IntervalAttack(Linked(np.array([low]), np.array([high]), [])).interval(0) == bounds
