"""The exact method: its cost is the least of all patterns, each judged by enumerating whole-number tables."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anonymize.tables import Dimension, TablePlan, linked_systems
from anonymize.tables.plan import LinkedSystem
from anonymize.tables.suppression import SuppressionTask, suppress_cells
from anonymize.tables.suppression.exact import suppress_at_least_cost
from anonymize.tables.suppression.exact.least import ExactLimits, least_pattern
from codebook import ReleaseRefused

MOST_CANDIDATES = 11
MOST_TABLES = 400_000


def flat(name: str, n_codes: int) -> Dimension:
    return Dimension(name, (name,), {f"{name}{i}": "_T" for i in range(n_codes)})


LADDER = Dimension(
    "h",
    ("leaf", "group"),
    {"g1": "_T", "g2": "_T", "l1": "g1", "l2": "g1", "l3": "g2", "l4": "g2"},
    {"g1": "group", "g2": "group", "l1": "leaf", "l2": "leaf", "l3": "leaf", "l4": "leaf"},
)
A, B, C, WIDE = flat("a", 2), flat("b", 2), flat("c", 2), flat("w", 3)
SHAPES: dict[str, tuple[dict[str, Dimension], list[dict[str, str]]]] = {
    "two-way": ({"a": A, "w": WIDE}, [{"a": "a", "w": "w"}]),
    "three-way": ({"a": A, "b": B, "c": C}, [{"a": "a", "b": "b", "c": "c"}]),
    "hierarchical": ({"h": LADDER, "a": A}, [{"h": "leaf"}, {"h": "group", "a": "a"}]),
    "linked": ({"a": A, "b": B, "c": C}, [{"a": "a", "b": "b"}, {"b": "b", "c": "c"}]),
}


def system_of(shape: str):
    dimensions, tables = SHAPES[shape]
    plans = [TablePlan(f"t{i}", "u", parts) for i, parts in enumerate(tables)]
    (system,) = linked_systems(plans, dimensions).values()
    return system, dimensions


def is_in(dimension: Dimension, leaf: str, code: str) -> bool:
    while leaf != code and leaf != "_T":
        leaf = dimension.parent[leaf]
    return leaf == code


def counts_of(shape: str, drawn: list[int]) -> NDArray[Any]:
    """Return the counts of all cells where so many persons are in each combination of leaves."""
    system, dimensions = system_of(shape)
    combinations = list(product(*(dimension.leaves for dimension in dimensions.values())))
    counts = []
    for key in system.cells:
        at = dict(key)
        counts.append(
            sum(
                n
                for leaves, n in zip(combinations, drawn, strict=True)
                if all(
                    name not in at or is_in(dimension, leaf, at[name])
                    for (name, dimension), leaf in zip(dimensions.items(), leaves, strict=True)
                )
            )
        )
    return np.array(counts)


@st.composite
def tasks(draw) -> SuppressionTask:
    shape = draw(st.sampled_from(sorted(SHAPES)))
    system, dimensions = system_of(shape)
    n_leaves = int(np.prod([len(dimension.leaves) for dimension in dimensions.values()]))
    values = st.sampled_from([0, 0, 1, 1, 2, 3, 5])
    drawn = draw(st.lists(values, min_size=n_leaves, max_size=n_leaves))
    counts = counts_of(shape, drawn)
    threshold = draw(st.sampled_from([2, 3, 4]))
    primary = (counts > 0) & (counts < threshold)
    narrower = draw(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts)))
    widths = np.where(narrower, 1, threshold - 1)
    assume(primary.any() and ((counts > 0) & ~primary).sum() <= MOST_CANDIDATES)
    return SuppressionTask(system, counts, primary, widths)


@dataclass(frozen=True)
class Enumeration:
    """All whole-number tables near the truth, by which cells they differ from it in."""

    supports: NDArray[Any]  # bit masks (n_supports)
    lowest: NDArray[Any]  # of each primary cell, moved (n_supports, n_primary)
    highest: NDArray[Any]

    def protects(self, pattern: int, widths: NDArray[Any]) -> bool:
        inside = (self.supports & ~pattern) == 0
        return bool((self.highest[inside].max(axis=0) - self.lowest[inside].min(axis=0) >= widths).all())


def enumerate_tables(task: SuppressionTask) -> Enumeration:
    """List every whole-number table with cells of at least 1 where the truth is not 0, near the truth."""
    movable = np.flatnonzero(task.counts > 0)
    matrix = np.zeros((len(task.system.equations), len(task.counts)))
    for row, (parent, children) in enumerate(task.system.equations):
        matrix[row, parent], matrix[row, list(children)] = -1, 1
    pivots, free, solved = reduced(matrix[:, movable])
    beyond = int(task.widths.max()) + 1
    least, most = np.maximum(1 - task.counts[movable], -beyond), np.full(len(movable), beyond)
    grids = [np.arange(least[i], most[i] + 1) for i in free]
    assume(np.prod([float(len(grid)) for grid in grids]) <= MOST_TABLES)
    moves = np.zeros((int(np.prod([len(grid) for grid in grids])), len(movable)))
    moves[:, free] = np.stack(np.meshgrid(*grids, indexing="ij"), axis=-1).reshape(-1, len(free))
    moves[:, pivots] = -moves[:, free] @ solved.T
    # Totals may go further than their parts.
    kept = (moves >= 1 - task.counts[movable]).all(axis=1) & (np.abs(moves - np.rint(moves)) < 1e-9).all(
        axis=1
    )
    moves = np.rint(moves[kept]).astype(np.int64)
    masks = (moves != 0) @ (1 << movable.astype(np.int64))
    supports, group = np.unique(masks, return_inverse=True)
    cells = np.flatnonzero(task.primary)
    ours = moves[:, np.searchsorted(movable, cells)]
    lowest, highest = (np.zeros((len(supports), len(cells)), dtype=np.int64) for _ in range(2))
    np.minimum.at(lowest, group, ours)
    np.maximum.at(highest, group, ours)
    return Enumeration(supports, lowest, highest)


def reduced(matrix: NDArray[Any]) -> tuple[list[int], list[int], NDArray[Any]]:
    """Return pivot columns, free columns, and the rows by which the free ones decide the pivots."""
    rows = matrix.copy()
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        place = len(pivots)
        if place == len(rows):
            break
        best = place + int(np.argmax(np.abs(rows[place:, column])))
        if abs(rows[best, column]) < 1e-9:
            continue
        rows[[place, best]] = rows[[best, place]]
        rows[place] /= rows[place, column]
        others = np.arange(len(rows)) != place
        rows[others] -= np.outer(rows[others, column], rows[place])
        pivots.append(column)
    free = [column for column in range(rows.shape[1]) if column not in pivots]
    return pivots, free, rows[: len(pivots)][:, free]


def enumerated_optimum(task: SuppressionTask, costs: NDArray[Any]) -> float:
    """Return the least cost of all patterns that protect; infinite where none does."""
    tables = enumerate_tables(task)
    widths = task.widths[task.primary]
    candidates = np.flatnonzero((task.counts > 0) & ~task.primary)
    always = sum(1 << int(i) for i in np.flatnonzero(task.primary))
    chosen = (np.arange(1 << len(candidates))[:, None] >> np.arange(len(candidates))) & 1
    totals = chosen @ costs[candidates]
    for number in np.argsort(totals, kind="stable"):
        pattern = always + sum(1 << int(i) for i in candidates[chosen[number] == 1])
        if tables.protects(pattern, widths):
            return float(totals[number])
    return np.inf


OBJECTIVES = {
    "prices": lambda task: task.prices,
    "cells": lambda task: np.ones(len(task.counts)),
    "persons": lambda task: np.maximum(task.counts, 1).astype(float),
}


@given(tasks(), st.sampled_from(sorted(OBJECTIVES)))
@settings(max_examples=250)
def test_the_cost_is_the_least_of_all_patterns_that_protect_against_enumerated_tables(task, objective):
    costs = OBJECTIVES[objective](task)
    optimum = enumerated_optimum(task, costs)
    try:
        pattern = least_pattern(task, costs=costs)
    except ReleaseRefused:
        assert optimum == np.inf
        return
    assert pattern.proven
    assert pattern.gap == pytest.approx(0.0, abs=1e-6)
    assert pattern.cost == pytest.approx(optimum)
    assert pattern.cost == pytest.approx(costs[pattern.hidden & ~task.primary].sum())


@given(tasks())
@settings(max_examples=60)
def test_a_search_that_is_cut_short_says_between_which_costs_the_least_lies(task):
    optimum = enumerated_optimum(task, task.prices)
    assume(optimum < np.inf)
    everything = task.counts > 0
    short = ExactLimits(relaxed_rounds=2, whole_rounds=0)
    pattern = least_pattern(task, everything, limits=short)
    assert pattern.bound <= optimum + 1e-6
    assert optimum <= pattern.cost + 1e-6
    assert pattern.proven == (pattern.cost - pattern.bound < 1e-5)
    assert optimum >= pattern.cost * (1 - pattern.gap) - 1e-6


@given(tasks())
@settings(max_examples=60)
def test_no_pattern_costs_more_than_that_of_the_linear_programs_and_every_primary_cell_is_wide(task):
    try:
        start = suppress_cells(task)
    except ReleaseRefused:
        with pytest.raises(ReleaseRefused, match="no other cells can hide"):
            suppress_at_least_cost(task)
        return
    found = suppress_at_least_cost(task)
    assert task.prices[found.hidden].sum() <= task.prices[start].sum() + 1e-6
    assert (found.hidden >= task.primary).all()
    pattern = sum(1 << int(i) for i in np.flatnonzero(found.hidden))
    assert enumerate_tables(task).protects(pattern, task.widths[task.primary])
    assert (found.hidden == suppress_at_least_cost(task).hidden).all()


ONE_ZERO = LinkedSystem(
    "u",
    tuple((("cell", str(i)),) for i in range(3)),
    {(("cell", str(i)),): i for i in range(3)},
    ((0, (1, 2)),),
    {"t": ()},
)


def test_a_cell_that_nothing_can_hide_is_refused_by_the_names_of_its_tables():
    task = SuppressionTask(ONE_ZERO, np.array([0, 0, 0]), np.arange(3) == 1, np.full(3, 1), least=1)
    with pytest.raises(ReleaseRefused, match="unit u: no other cells can hide what must be withheld in t"):
        least_pattern(task)


# Cells 1 and 2 move alike, so their total, cell 0, moves by even numbers only.
ALIKE = LinkedSystem(
    "u",
    tuple((("cell", str(i)),) for i in range(9)),
    {(("cell", str(i)),): i for i in range(9)},
    ((0, (1, 2)), (3, (1, 4)), (3, (2, 4)), (5, (0, 6)), (7, (5, 8))),
    {"t": ()},
)


def test_a_pattern_that_protects_by_fractions_only_is_not_taken():
    counts = np.array([2, 1, 1, 10, 9, 6, 4, 11, 5])
    task = SuppressionTask(ALIKE, counts, np.arange(9) == 0, np.full(9, 3))
    # Beside cell 6, which can go down by 3, cell 0 would go up by 3 in fractions and by 2 in whole numbers.
    pattern = least_pattern(task)
    assert pattern.proven
    assert np.flatnonzero(pattern.hidden).tolist() == [0, 1, 2, 4, 5, 8]
    assert pattern.moves[:, 0].max() - pattern.moves[:, 0].min() == 4


def test_larger_systems_are_left_to_the_linear_programs_and_no_gap_is_told(monkeypatch):
    monkeypatch.setattr("anonymize.tables.suppression.exact.least.EXACT_CELLS", 5)
    system, _ = system_of("two-way")
    counts = counts_of("two-way", [2, 7, 9, 8, 6, 5])
    task = SuppressionTask(system, counts, (counts > 0) & (counts < 5), np.full(len(counts), 4))
    found = suppress_at_least_cost(task)
    assert found.as_evidence() == {"proven": False, "gap": None}
    assert (found.hidden == suppress_cells(task)).all()
