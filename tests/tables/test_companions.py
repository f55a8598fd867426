"""Companions of withheld cells: never one alone in a sum, and no more than that takes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables import Dimension, TablePlan, linked_systems
from anonymize.tables.rounding import with_companions

KINDS = Dimension("kind", ("kind",), {f"k{n}": "_T" for n in range(5)})
YEARS = Dimension("period", ("year",), {f"{2018 + n}": "_T" for n in range(5)})
PLAN = TablePlan("t", "persons", {"kind": "kind", "period": "year"})
SYSTEM = linked_systems([PLAN], {"kind": KINDS, "period": YEARS})["persons"]


def counted(leaves):
    """Return all counts of the system, given those of kind x year (25 numbers)."""
    grid = np.array(leaves).reshape(5, 5)
    counts = np.zeros(len(SYSTEM.cells), dtype=np.int64)
    for position, key in enumerate(SYSTEM.cells):
        codes = dict(key)
        rows = [int(codes["kind"][1:])] if "kind" in codes else range(5)
        columns = [int(codes["period"]) - 2018] if "period" in codes else range(5)
        counts[position] = grid[np.ix_(list(rows), list(columns))].sum()
    return counts


@given(st.lists(st.integers(1, 30), min_size=25, max_size=25), st.sets(st.integers(0, 24), max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_withheld_cell_stands_alone_and_none_is_shown_again(leaves, chosen):
    counts = counted(leaves)
    withheld = np.zeros(len(counts), dtype=np.bool_)
    withheld[[i for i, key in enumerate(SYSTEM.cells) if len(key) == 2 and i % 25 in chosen]] = True
    hidden = with_companions(SYSTEM, counts, counts // 5 * 5, withheld)
    assert (hidden >= withheld).all()
    for parent, children in SYSTEM.equations:
        assert int(hidden[[parent, *children]].sum()) != 1


def test_one_cell_of_a_table_takes_three_companions_and_no_total():
    counts = counted([10] * 25)
    withheld = np.zeros(len(counts), dtype=np.bool_)
    withheld[SYSTEM.index[("kind", "k2"), ("period", "2020")]] = True
    hidden = with_companions(SYSTEM, counts, counts, withheld)
    assert int(hidden.sum()) == 4
    assert all(len(SYSTEM.cells[i]) == 2 for i in np.flatnonzero(hidden))


def test_an_empty_cell_is_never_a_companion():
    leaves = [0] * 25
    leaves[0] = leaves[6] = 7
    counts = counted(leaves)
    withheld = np.zeros(len(counts), dtype=np.bool_)
    withheld[SYSTEM.index[("kind", "k0"), ("period", "2018")]] = True
    hidden = with_companions(SYSTEM, counts, counts, withheld)
    assert not (hidden & (counts == 0)).any()
