"""Rounding that prints as the last release did wherever a cell is held and its rule still allows it."""

from dataclasses import dataclass, replace

import numpy as np

from anonymize.tables.plan import Integers, LinkedSystem, Marks, cell_heights
from anonymize.tables.programs import (
    LARGEST_WHOLE,
    Numbers,
    Program,
    solve_in_stages,
    solve_whole,
    stage_numbers,
)

from .rules import UNKNOWN_COUNT, Ledger

ONE_CELL = 0.98  # the price of one held cell that moves, when as few as can be are to move
A_TOTAL = 10.0  # so many parts move before a total does


@dataclass(frozen=True)
class Hold:
    """Which cells keep their step: 0 for the print below the count, 1 for the one above (n_cells each)."""

    held: Marks
    steps: Numbers


def hold_quiet(
    system: LinkedSystem, counts: Integers, bases: Integers, ledger: Ledger, quiet: Marks | None
) -> Hold:
    """Return which quiet cells can print as before: a count that left the bounds of its print cannot."""
    held, steps = np.zeros(len(bases), dtype=np.bool_), np.zeros(len(bases))
    for position in np.flatnonzero(quiet) if quiet is not None else ():
        last = ledger.get(system.name(int(position)))
        base, count = int(bases[position]), int(counts[position])
        step = (last[1] - count // base * base) / base if last else -1
        held[position] = bool(count % base) and step in (0, 1)
        steps[position] = step if held[position] else 0
    return Hold(held, steps)


def drawn_for(
    system: LinkedSystem, counts: Integers, prints: Integers, ledger: Ledger, hold: Hold
) -> Integers:
    """Return the count that each print was drawn for (n_cells): an earlier one where it was held."""
    drawn = counts.copy()
    for position in map(int, np.flatnonzero(hold.held)):
        count, last = ledger[system.name(position)]
        if last == prints[position] and count != UNKNOWN_COUNT:
            drawn[position] = count
    return drawn


def solve_holding(system: LinkedSystem, program: Program, hold: Hold, price: float) -> Numbers | None:
    """Return nearly best steps (n_cells) that move as few held cells as the sums allow; None where none is.

    Args:
        system: The cells, for solving in stages.
        program: Steps 0 or 1 and the sums that prints must keep.
        hold: What is to stay.
        price: Of one cell that is not printed at its target.
    """
    if not hold.held.any():
        return _solve(system, program, price)
    found = _solve(system, _fixed(program, hold.held, hold.steps), price)
    if found is not None:
        return found
    # The sums do not allow all of them: first as many as can be, totals before parts, because a reader takes
    # totals of several units that step together for one case; then the others around those.
    worth = np.where(cell_heights(system) > 0, A_TOTAL, 1.0)
    cost = np.where(hold.held, worth * (1 - 2 * hold.steps), 0.0)
    moving = replace(program, cost=cost, relative_gap=1e-6)
    first = _solve(system, moving, ONE_CELL)
    if first is None:
        return None
    kept = hold.held & (np.rint(first) == hold.steps)
    return _solve(system, _fixed(program, kept, hold.steps), price)


def _fixed(program: Program, held: Marks, steps: Numbers) -> Program:
    return replace(
        program, lower=np.where(held, steps, program.lower), upper=np.where(held, steps, program.upper)
    )


def _solve(system: LinkedSystem, program: Program, price: float) -> Numbers | None:
    if len(program.cost) > LARGEST_WHOLE:
        return solve_in_stages(program, stage_numbers(system))
    return solve_whole(program, price)
