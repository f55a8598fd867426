"""The attack over time: this release together with every earlier one of the same group.

Three readers. One who assumes nothing between releases, except what each says for itself, learns no more
than from each alone. One who believes that counts only grow (late reports, no withdrawals), and one who
believes that nothing changed in a closed period, learn more where they are right; where they are wrong
their system contradicts itself. Not covered: a reader who models the protector's wish to print the same
number again.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol

import numpy as np

from codebook import Verdict

from .cells import Key, PublicUnit, public_units
from .exhibit import Exhibit
from .findings import Finding
from .interval import held_beliefs
from .intervals import Broken, attack_unit, linked_unit
from .programs import Linked, Row, sum_rows
from .read import PublicRelease


class Belief(Protocol):
    """What a reader holds true between an earlier release and this one."""

    def __call__(self, key: Key, earlier: PublicRelease) -> tuple[float, float] | None:
        """Return the believed bounds of (this count - earlier count), None for no belief."""


def only_growth(key: Key, earlier: PublicRelease) -> tuple[float, float] | None:
    """Believe that nobody who was counted is taken out again."""
    return 0.0, np.inf


def closed_periods(key: Key, earlier: PublicRelease) -> tuple[float, float] | None:
    """Believe that a period which the earlier release covered to its end has not changed since."""
    last_day = earlier.settings.get("period_to", "")
    periods = [code for dimension, code in key if dimension == "period"]
    if periods and all(_end_of(code) and _end_of(code) <= last_day for code in periods):
        return 0.0, 0.0
    return None


BELIEFS: Mapping[str, Belief] = {"only_growth": only_growth, "closed_periods_unchanged": closed_periods}


def _end_of(period: str) -> str:
    """Return the last day of a year or quarter as an ISO date, '' for any other code.

    >>> _end_of("2023"), _end_of("2023-Q2"), _end_of("unknown")
    ('2023-12-31', '2023-06-30', '')
    """
    year, _, quarter = period.partition("-")
    if len(year) != 4 or not year.isdigit() or quarter not in LAST_DAYS:
        return ""
    return f"{year}-{LAST_DAYS[quarter]}"


LAST_DAYS = {"": "12-31", "Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}


def check_earlier_releases(exhibit: Exhibit) -> Finding:
    """Attack this release and all earlier ones as one system, once for each belief of a reader.

    An exact cell fails where the belief is nowhere disproved. What follows from a belief that is wrong
    somewhere, and a cell that is only too narrow under a belief, are put to a person: the reader may be
    misled.
    """
    counts: dict[str, object] = {"earlier_releases": len(exhibit.earlier)}
    verdict = Verdict.PASS
    past = [(release, public_units(release)) for release in exhibit.earlier]
    for name, belief in BELIEFS.items() if past else ():
        broken, disproved, exact = Broken(), 0, 0
        for unit in exhibit.units.values():
            before = broken.exact
            linked, wrong = _over_time(unit, past, belief)
            attack_unit(unit, linked, broken)
            disproved += wrong
            exact += 0 if wrong else broken.exact - before
        counts[name] = {**broken.as_counts(), "disproved": disproved}
        doubtful = broken.exact + broken.too_narrow + broken.infeasible_units
        verdict = max(verdict, Verdict.FAIL if exact else Verdict.REVIEW if doubtful else Verdict.PASS)
    proved, small = _changes(exhibit, [units for _, units in past])
    counts |= {"changes_proved": proved, "small_changes_proved": small}
    verdict = max(verdict, Verdict.FAIL if small else Verdict.PASS)
    rule = "RULES 4 and rule 28: nothing is exact and no small change proved over all releases together"
    remedy = "wait for at least 100 new incidents or a new closed period, then release again"
    return Finding("earlier_releases", verdict, rule, counts, remedy)


def _over_time(
    unit: PublicUnit, past: Iterable[tuple[PublicRelease, Mapping[str, PublicUnit]]], belief: Belief
) -> tuple[Linked, int]:
    """Return this release's unit followed by the same unit of earlier ones, tied by what is believed in
    between.

    Also returns how many beliefs the prints disprove; those are left out.
    """
    now = linked_unit(unit)
    lower, upper, rows = [now.lower], [now.upper], list(now.rows)
    beliefs: list[Row] = []
    offset = len(unit.cells)
    for release, units in past:
        if unit.unit not in units:
            continue
        then = linked_unit(units[unit.unit])
        lower.append(then.lower)
        upper.append(then.upper)
        rows += sum_rows(units[unit.unit].sums, offset)
        beliefs += _believed(unit, units[unit.unit], offset, partial(belief, earlier=release))
        offset += len(units[unit.unit].cells)
    untied = Linked(np.concatenate(lower), np.concatenate(upper), rows)
    held = held_beliefs(untied, beliefs)
    return Linked(untied.lower, untied.upper, [*rows, *held]), len(beliefs) - len(held)


def _believed(
    unit: PublicUnit, then: PublicUnit, offset: int, belief: Callable[[Key], tuple[float, float] | None]
) -> list[Row]:
    rows: list[Row] = []
    for key, position in then.index.items():
        bounds = belief(key)
        if key in unit.index and bounds is not None:
            rows.append(((unit.index[key], offset + position), (1.0, -1.0), *bounds))
    return rows


def _changes(exhibit: Exhibit, earlier_units: Iterable[Mapping[str, PublicUnit]]) -> tuple[int, int]:
    """Count cells whose prints prove a change, and those that prove a change below the threshold."""
    proved = small = 0
    for units in earlier_units:
        for name, unit in exhibit.units.items():
            then = units.get(name)
            for cell in unit.cells if then and not unit.money else ():
                if then is None or cell.key not in then.index:
                    continue
                low, high = cell.bounds
                low_then, high_then = then.cells[then.index[cell.key]].bounds
                if low > high_then or high < low_then:
                    proved += 1
                    largest = max(abs(high - low_then), abs(low - high_then))
                    small += largest < cell.threshold
    return proved, small
