"""Keyed, sticky, additive controlled rounding of all tables of a unit at once.

Every print is a multiple of its base, less than a base away from the truth, and all prints add up. What it
cannot do: hide that a number is nothing but its base away; RULES section 4 has what was measured.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import CellCounts, Dimension, Integers, LinkedSystem, with_totals
from anonymize.tables.programs import Program
from anonymize.tables.room import (
    HOLD_WEIGHT,
    MOST_ROUNDS,
    Room,
    hold_costs,
    neighbours,
    past_room,
    printed_room,
    proven_room,
    squeezed_cells,
    withheld_before,
)
from codebook.errors import ReleaseRefused

from .companions import with_companions
from .holding import Hold, drawn_for, hold_quiet, solve_holding
from .rules import UNKNOWN_COUNT, Known, Ledger, RoundingRules
from .shares import Telling, Whole

STAY_WEIGHT = 3.0  # RULES 4: on staying at the last print while the count has not changed
STAY_SMALL_WEIGHT = 200.0  # RULES 4: on keeping a small cell at its base once it was printed so
SHARE_WEIGHT = 3000.0  # on printing what stands out of a known group lower: above what `between` asks for
WISH_WEIGHT = 20_000.0  # on prints that would tell too much of few households or of the records; above holds
TIE_WEIGHT = 1e-3  # keyed, so that of two equally good patterns the same one is taken every time
RELATIVE_GAP = 0.01


@dataclass(frozen=True)
class RoundedUnit:
    """Prints of a unit's cells, in the order of its linked system (n_cells each).

    `room` is what this and all earlier releases leave open; `drawn_for` the count that each print was drawn
    for, which is that of an earlier release where a print was held.
    """

    prints: Integers
    bases: Integers
    withheld: NDArray[np.bool_]
    room: Room
    drawn_for: Integers


@dataclass(frozen=True)
class Asked:
    """What other units and quiet periods ask of a rounding (n_cells each).

    Args:
        nudges: What printing upwards costs each cell more, where other units need other prints.
        wide: Cells that need the larger base; the sensitive ones where left out.
        quiet: Cells that print as before where they can.
        whole: The unit of everybody, where not everybody stands in this one.
    """

    nudges: NDArray[np.float64] | None = None
    wide: NDArray[np.bool_] | None = None
    quiet: NDArray[np.bool_] | None = None
    whole: Whole | None = None


NOTHING_ASKED = Asked()


def sensitive_cells(system: LinkedSystem, dimensions: Mapping[str, Dimension]) -> NDArray[np.bool_]:
    """Return which cells belong to a sensitive category."""
    codes = {(name, code) for name, dimension in dimensions.items() for code in dimension.sensitive}
    return np.array([any((_column(d), c) in codes for d, c in key) for key in system.cells], dtype=np.bool_)


def _column(dimension: str) -> str:
    return dimension.split(":", 1)[0]


def cell_bases(system: LinkedSystem, sensitive: NDArray[np.bool_], rules: RoundingRules) -> Integers:
    """Return the base of every cell: a total that contains a sensitive category is rounded like it.

    A total printed 0 with the smaller base would say "at most 4" of every category in it.
    """
    wide = with_totals(system, sensitive)
    return np.where(wide, rules.base_sensitive, rules.base).astype(np.int64)


def round_cells(
    system: LinkedSystem,
    counts: CellCounts,
    dimensions: Mapping[str, Dimension],
    rules: RoundingRules,
    *,
    known: Known | None = None,
    asked: Asked = NOTHING_ASKED,
) -> RoundedUnit:
    """Round all cells of a unit so that nothing is hidden, everything adds up and no small number can be
    told.

    Args:
        system: The cells and their sums.
        counts: Exact counts in the same order.
        rules: Bases, thresholds and the key.
        known: What the last release printed and what the published records prove.
        asked: What other units and quiet periods ask.

    Returns:
        Prints, bases and the cells that must be withheld because too few households or incidents carry them.

    Raises:
        ReleaseRefused: No such rounding exists; names the tables.
    """
    known = known or Known()
    sensitive = sensitive_cells(system, dimensions)
    thresholds = np.where(sensitive, rules.threshold_sensitive, rules.threshold)
    past, held_back = past_room(system, known.ledger), withheld_before(system, known.ledger)
    telling = Telling.of(system, dimensions, rules.shares, asked.whole)
    for bases in _base_choices(system, sensitive if asked.wide is None else asked.wide, rules):
        wishes = _wishes(system, counts, (bases, thresholds), known.minimum)
        cost = _costs(system, counts, bases, rules, known.ledger) + wishes
        cost += 0.0 if asked.nudges is None else asked.nudges
        hold = hold_quiet(system, counts.rows, bases, known.ledger, asked.quiet)
        task = _Task(system, counts, bases, thresholds, past, hold)
        prints = _solve_telling_less(task, cost, telling)
        if prints is not None:
            # A wish the sums could not grant: what this print would tell must not be told.
            unmet = ((wishes > 0) & (prints > counts.rows)) | ((wishes < 0) & (prints < counts.rows))
            few = (counts.smallest < thresholds) & (counts.rows > 0) & (prints > bases)
            hidden = unmet | few | (held_back & (counts.rows > 0))
            hidden[telling.lines(prints, bases, hidden)] = True
            withheld = with_companions(system, counts.rows, prints, hidden)
            told = past.within(proven_room(system, counts.rows, known.minimum))
            room = _room_left(counts, prints, bases, withheld, told)
            drawn = drawn_for(system, counts.rows, prints, known.ledger, hold)
            return RoundedUnit(prints, bases, withheld, room, drawn)
    raise ReleaseRefused(
        f"unit {system.unit}: no rounding adds up over its tables ({', '.join(sorted(system.layouts))})",
        remedy="publish fewer or coarser tables of this unit, or show fewer categories",
    )


def _base_choices(system: LinkedSystem, sensitive: NDArray[np.bool_], rules: RoundingRules) -> list[Integers]:
    """Return the bases to try: few wide ones; where those cannot add up, the wide one for the whole unit.

    A wide total over one small category of exactly 5 has no multiple of 10 that both may show.
    """
    mixed = cell_bases(system, sensitive, rules)
    return [mixed] if (mixed == mixed[0]).all() else [mixed, np.full_like(mixed, rules.base_sensitive)]


@dataclass(frozen=True)
class _Task:
    """What one rounding of a unit has to keep."""

    system: LinkedSystem
    counts: CellCounts
    bases: Integers
    thresholds: Integers
    past: Room
    hold: Hold


def _solve_telling_less(task: _Task, cost: NDArray[np.float64], telling: Telling) -> Integers | None:
    """Round, and round again with what stands out of known groups printed lower, where that can be."""
    prints = _solve_over_time(task, cost)
    for _ in range(MOST_ROUNDS):
        if prints is None:
            break
        lower = telling.lower(prints, task.bases, task.counts.rows)
        if not len(lower):
            break
        cost = cost.copy()
        cost[lower] += SHARE_WEIGHT
        prints = _solve_over_time(task, cost)
    return prints


def _solve(task: _Task, cost: NDArray[np.float64]) -> Integers | None:
    bases, counts = task.bases, task.counts.rows
    floors = counts // bases * bases
    upper = (counts % bases != 0).astype(np.float64)
    rows = [_sum_row(parent, children, bases, floors) for parent, children in task.system.equations]
    program = Program(cost, np.zeros(len(bases)), upper, rows, relative_gap=RELATIVE_GAP)
    # The price is that of one cell a whole base away from its target.
    steps = solve_holding(task.system, program, task.hold, 0.98 * float(bases.min()))
    return None if steps is None else floors + bases * np.rint(steps).astype(np.int64)


def _solve_over_time(task: _Task, cost: NDArray[np.float64]) -> Integers | None:
    """Round so that all releases together leave every cell room; hold old prints, or move neighbours, for it.

    Aimed at are intervals of threshold - 1; what the sums leave less than threshold - 2 is solved again.
    """
    system, counts, bases, past = task.system, task.counts, task.bases, task.past
    cost = cost + hold_costs(past, counts.rows, bases, task.thresholds - 1)
    best, fewest = _solve(task, cost), len(bases)
    prints = best
    for number in range(MOST_ROUNDS):
        if prints is None:
            break
        printed = printed_room(counts.rows, prints, bases)
        squeezed = squeezed_cells(system, past.within(printed), printed, task.thresholds - 2)
        if len(squeezed) < fewest:
            best, fewest = prints, len(squeezed)
        if not squeezed:
            break
        wider = hold_costs(past, counts.rows, bases, 2 * bases)
        around = neighbours(system.equations, squeezed)
        cost[around] += np.sign(wider[around]) * HOLD_WEIGHT * (number + 1)
        prints = _solve(task, cost)
    return best


def _room_left(
    counts: CellCounts, prints: Integers, bases: Integers, withheld: NDArray[np.bool_], past: Room
) -> Room:
    return past.within(printed_room(counts.rows, prints, bases, withheld))


def _wishes(
    system: LinkedSystem,
    counts: CellCounts,
    rule: tuple[Integers, Integers],
    minimum: Mapping[str, int],
) -> NDArray[np.float64]:
    """Return by how much each cell should be printed downwards (positive) or upwards (negative).

    Downwards, where too few persons, households or incidents stand behind it: a print of at most the base
    leaves numbers below the threshold possible (rule 21). Upwards, where the records prove so many that the
    print below would leave too narrow an interval.
    """
    bases, thresholds = rule
    open_cells = counts.rows % bases != 0
    wishes = np.zeros(len(bases))
    wishes[open_cells & (counts.smallest < thresholds) & (counts.rows >= bases)] = WISH_WEIGHT
    highest = counts.rows // bases * bases + bases - 1
    for position in range(len(bases)) if minimum else ():
        narrow = highest[position] - minimum.get(system.name(position), 0) < thresholds[position] - 2
        if narrow and open_cells[position] and not wishes[position]:
            wishes[position] = -WISH_WEIGHT
    return wishes


def _sum_row(
    parent: int, children: tuple[int, ...], bases: Integers, floors: Integers
) -> tuple[list[int], list[float], float, float]:
    below = list(children)
    rest = float(floors[parent] - floors[below].sum())
    return [parent, *below], [-float(bases[parent]), *bases[below].astype(float).tolist()], rest, rest


def _costs(
    system: LinkedSystem, counts: CellCounts, bases: Integers, rules: RoundingRules, ledger: Ledger
) -> NDArray[np.float64]:
    """Return what printing upwards costs each cell: sum w |print - target| is linear in the two choices."""
    cost = np.zeros(len(bases))
    for position in range(len(bases)):
        count, base = int(counts.rows[position]), int(bases[position])
        if count % base == 0:
            continue
        name = system.name(position)
        floor = count - count % base
        target, weight, tie = keyed_target(rules.key, name, count, base)
        last = ledger.get(name)
        if last and count < base and last[1] >= base:
            target, weight = base, STAY_SMALL_WEIGHT
        elif last and last[0] in (count, UNKNOWN_COUNT):
            target, weight = last[1], STAY_WEIGHT
        cost[position] = weight * (abs(floor + base - target) - abs(floor - target)) + base * TIE_WEIGHT * tie
    return cost


def keyed_target(key: bytes, name: str, count: int, base: int) -> tuple[int, float, float]:
    """Return the print a cell would have on its own, its weight, and a tie-breaker in -1..1.

    Unbiased over keys: the chance to print upwards is the remainder's share of the base.

    >>> keyed_target(b"k", "acts", 10, 5)[0]
    10
    """
    digest = hmac.new(key, f"{name}\x00{count}".encode(), hashlib.sha256).digest()
    chance = int.from_bytes(digest[:8], "big") / 2**64
    tie = int.from_bytes(digest[8:16], "big") / 2**63 - 1.0
    return count - count % base + base * (chance < (count % base) / base), 1.0, tie
