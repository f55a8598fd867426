"""No withheld cell alone in a sum: its mark would speak for it, and subtraction would give it back.

Each companion stands in other sums, which need companions too: cell by cell that grows over whole tables, so
all of them are chosen together, as few and as small as can be.
"""

import numpy as np

from anonymize.tables.plan import Integers, LinkedSystem, Marks, cell_heights
from anonymize.tables.programs import Numbers, Program, Row, solve

PRICE_OF_ZERO = 5.0  # times: a cell printed 0 loses more, its mark says that it is not empty
DEARER_ABOVE = 10.0  # times what its parts cost: readers look for totals first
SPREAD = 1e-3  # prices differ by so much, so that of equal cells the same one is taken every time
GAP = 0.05  # the choice costs at most so much more than the best one (share)


def with_companions(system: LinkedSystem, counts: Integers, prints: Integers, withheld: Marks) -> Marks:
    """Withhold further cells, so that no sum has exactly one that is withheld.

    A cell printed above zero loses least: its print said already that it is not empty, as the mark does. An
    empty cell is never withheld, because readers know that a withheld one is not empty; where a sum has no
    other cell, its only one stays alone.
    """
    if not withheld.any():
        return withheld.copy()
    usable = (counts > 0) | withheld
    program = Program(
        _prices(counts, prints) * DEARER_ABOVE ** cell_heights(system),
        withheld.astype(np.float64),
        usable.astype(np.float64),
        _never_alone(system, usable),
        integral=True,
        relative_gap=GAP,
    )
    chosen = solve(program)
    return withheld.copy() if chosen is None else np.asarray(chosen > 0.5, dtype=np.bool_)


def _prices(counts: Integers, prints: Integers) -> Numbers:
    spread = 1 + SPREAD * np.modf(np.arange(len(counts)) * 0.6180339887)[0]
    prices = (1 + np.log1p(counts)) * np.where(prints == 0, PRICE_OF_ZERO, 1.0) * spread
    return np.asarray(prices, dtype=np.float64)


def _never_alone(system: LinkedSystem, usable: Marks) -> list[Row]:
    """Return, for every cell of every sum: it is withheld only if another of the sum is."""
    rows: list[Row] = []
    for parent, children in system.equations:
        members = [cell for cell in (parent, *children) if usable[cell]]
        for cell in members if len(members) > 1 else ():
            others = [one for one in members if one != cell]
            rows.append(([cell, *others], [-1.0, *[1.0] * len(others)], 0.0, np.inf))
    return rows
