"""On small systems of every shape that a release has, the attacker finds what trying all tables finds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.audit.moves import moves_from

MOST_TABLES = 340_000


def crossed_sums(sizes, groups=()):
    """Return the number of inner cells and the sums of a table with all its margins.

    Args:
        sizes: Number of codes of each dimension.
        groups: Codes of the first dimension that have a group of their own between them and the total.
    """
    axes = [[*({code} for code in range(n)), set(range(n))] for n in sizes]
    if groups:
        axes[0].insert(sizes[0], set(groups))
    inner = {cell: number for number, cell in enumerate(product(*map(range, sizes)))}
    sums: list[tuple[int, tuple[int, ...]]] = []
    for block in product(*axes):
        if any(len(codes) > 1 for codes in block):
            sums.append((len(inner) + len(sums), tuple(inner[cell] for cell in product(*block))))
    return len(inner), sums


def shared_sums():
    """Return two tables of 2 x 2 that share their rows: what adds up to a row in one does so in the other."""
    sums = [(8, (0, 1)), (8, (4, 5)), (9, (2, 3)), (9, (6, 7)), (10, (0, 2)), (11, (1, 3)), (12, (4, 6))]
    return 8, [*sums, (13, (5, 7)), (14, (8, 9))]


SHAPES = {
    "three dimensions": crossed_sums((2, 2, 2)),
    "a ladder in one dimension": crossed_sums((3, 2), groups=(0, 1)),
    "two tables with one margin": shared_sums(),
}


def evaluated(inner, sums):
    """Return all cells (n_cells, n_tables) of tables given by their inner cells, and which keep all sums."""
    cells = list(inner)
    agrees = np.ones(len(inner[0]), dtype=bool)
    for parent, children in sums:
        total = np.sum([cells[child] for child in children], axis=0)
        if parent == len(cells):
            cells.append(total)
        else:
            agrees &= cells[parent] == total
    return np.array(cells), agrees


@st.composite
def published_systems(draw):
    """Draw a shape, a truth, and what is published of it: rounded numbers, or exact ones and gaps."""
    n_inner, sums = SHAPES[draw(st.sampled_from(sorted(SHAPES)))]
    truth = np.array(draw(st.lists(st.integers(0, 3), min_size=n_inner, max_size=n_inner)))
    if n_inner == 8 and len(sums) == 9:
        truth[4:] = truth[[1, 0, 3, 2]]  # the same rows, otherwise divided
    cells, agrees = evaluated(truth[:, None], sums)
    assert agrees.all()
    values = cells[:, 0].astype(float)
    if draw(st.booleans()):
        below = draw(st.lists(st.integers(0, 1), min_size=len(values), max_size=len(values)))
        above = draw(st.lists(st.integers(0, 2), min_size=len(values), max_size=len(values)))
        return n_inner, sums, values, Linked(np.maximum(0, values - below), values + above, sum_rows(sums))
    hidden = np.array(draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    hidden &= values > 0
    hidden[np.flatnonzero(hidden[:n_inner])[4:]] = False
    hidden[-1] = False  # the total of all is published
    lower, upper = np.where(hidden, 1.0, values), np.where(hidden, np.inf, values)
    return n_inner, sums, values, Linked(lower, upper, sum_rows(sums))


def tried(n_inner, sums, linked, total):
    """Return lowest and highest of every cell over all whole-number tables, by trying them all."""
    highest = np.where(np.isinf(linked.upper), total, linked.upper).astype(int)
    ranges = [np.arange(int(linked.lower[i]), highest[i] + 1) for i in range(n_inner)]
    assert np.prod([len(one) for one in ranges]) <= MOST_TABLES
    inner = [axis.ravel() for axis in np.meshgrid(*ranges, indexing="ij")]
    cells, agrees = evaluated(inner, sums)
    inside = (linked.lower[:, None] <= cells) & (cells <= linked.upper[:, None])
    possible = cells[:, agrees & inside.all(axis=0)]
    return possible.min(axis=1), possible.max(axis=1)


@given(published_systems())
@settings(max_examples=400, deadline=None)
def test_the_intervals_are_those_of_all_tables_tried(case):
    n_inner, sums, truth, linked = case
    low, high = tried(n_inner, sums, linked, truth.max())
    attack = IntervalAttack(linked)
    assert [attack.interval(i) for i in range(len(truth))] == list(zip(low, high, strict=True))
    assert (low <= truth).all()
    assert (truth <= high).all()


@given(published_systems(), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_what_many_cells_at_once_are_seen_to_span_is_no_wider_than_what_is_possible(case, width):
    n_inner, sums, truth, linked = case
    low, high = tried(n_inner, sums, linked, truth.max())
    attack = IntervalAttack(linked, truth)
    attack.spread(np.full(len(truth), float(width)))
    assert (attack.seen_low >= low).all()
    assert (attack.seen_high <= high).all()
    wide = [attack.wide_enough(i, width) for i in range(len(truth))]
    assert wide == (high - low >= width).tolist()


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_what_is_published_exactly_is_no_move(shape):
    n_inner, sums = SHAPES[shape]
    cells, _ = evaluated(np.ones((n_inner, 1), dtype=int), sums)
    values = cells[:, 0].astype(float)
    gap = np.arange(len(values)) == 0
    moves = moves_from(Linked(np.where(gap, 0, values), np.where(gap, 9, values), sum_rows(sums)), values)
    assert (moves.of_cell == -1).all()
    assert moves.consistent
