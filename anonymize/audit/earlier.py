"""The attack over time: this release together with every earlier one of the same group.

Three readers. One who assumes nothing between releases, except what each says for itself, learns no more
than from each alone. One who believes that counts only grow (late reports, no withdrawals), and one who
believes that nothing changed in a closed period, learn more where they are right; where they are wrong
their system contradicts itself. Not covered: a reader who models the protector's wish to print the same
number again (`benchmarks/stickiness.py` simulates her).
"""

from collections.abc import Iterable, Mapping

import numpy as np

from codebook import Verdict

from .cells import Key, PublicUnit, public_units
from .exhibit import Exhibit
from .findings import Finding
from .interval import IntervalAttack, held_beliefs
from .intervals import Broken, attack_unit, safe_positions
from .read import PublicRelease
from .stack import Belief, Past, Stack, believed_rows, prints_nothing_new, stacked_unit, with_beliefs


def only_growth(key: Key, earlier: PublicRelease) -> tuple[float, float] | None:
    """Believe that nobody who was counted is taken out again."""
    return 0.0, np.inf


def closed_periods(key: Key, earlier: PublicRelease) -> tuple[float, float] | None:
    """Believe that a period which the earlier release covered to its end has not changed since."""
    last_day = earlier.settings.get("period_to", "")
    periods = [code for dimension, code in key if dimension == "period"]
    if periods and all(end_of(code) and end_of(code) <= last_day for code in periods):
        return 0.0, 0.0
    return None


BELIEFS: Mapping[str, Belief] = {"only_growth": only_growth, "closed_periods_unchanged": closed_periods}


def end_of(period: str) -> str:
    """Return the last day of a year or quarter as an ISO date, '' for any other code.

    >>> end_of("2023"), end_of("2023-Q2"), end_of("unknown")
    ('2023-12-31', '2023-06-30', '')
    """
    year, _, quarter = period.partition("-")
    if len(year) != 4 or not year.isdigit() or quarter not in LAST_DAYS:
        return ""
    return f"{year}-{LAST_DAYS[quarter]}"


LAST_DAYS = {"": "12-31", "Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}


def check_earlier_releases(exhibit: Exhibit) -> Finding:
    """Attack this release and all earlier ones as one system, once for each belief of a reader.

    An exact cell fails where the belief is nowhere disproved, and is put to a person elsewhere. A cell that
    is only too narrow under a belief is put to a person unless the prints of its unit disprove the belief:
    what follows from it need not be true then, and no reader can tell where it is.
    """
    past: Past = [(release, public_units(release)) for release in exhibit.earlier]
    found = {name: Broken() for name in BELIEFS} if past else {}
    disproved = dict.fromkeys(BELIEFS, 0)
    exact = narrow = unchanged = 0
    for unit in exhibit.units.values() if past else ():
        if prints_nothing_new(unit, past):
            unchanged += len(unit.cells)
            continue
        stack = stacked_unit(unit, exhibit.release, past)
        for name, wrong, now_exact, now_narrow in _attack_over_time(unit, stack, found):
            disproved[name] += wrong
            exact += 0 if wrong else now_exact
            narrow += 0 if wrong else now_narrow
    counts: dict[str, object] = {"earlier_releases": len(past), "cells_printed_alike": unchanged}
    counts |= {name: {**broken.as_counts(), "disproved": disproved[name]} for name, broken in found.items()}
    doubtful = narrow + sum(one.exact + one.infeasible_units for one in found.values())
    verdict = Verdict.FAIL if exact else Verdict.REVIEW if doubtful else Verdict.PASS
    proved, small = _changes(exhibit, [units for _, units in past])
    shown = _withheld_then_shown(exhibit, [units for _, units in past])
    counts |= {"changes_proved": proved, "small_changes_proved": small, "withheld_then_shown": shown}
    verdict = max(verdict, Verdict.FAIL if small or shown else Verdict.PASS)
    rule = (
        "RULES 4 and rule 28: over all releases together nothing is exact, no small change proved, and "
        "nothing shown that was withheld"
    )
    remedy = "wait for at least 100 new incidents or a new closed period, then release again"
    return Finding("earlier_releases", verdict, rule, counts, remedy)


def _attack_over_time(
    unit: PublicUnit, stack: Stack, found: Mapping[str, Broken]
) -> list[tuple[str, int, int, int]]:
    """Attack a unit under every belief; what the prints disprove is not believed.

    A table that agrees with all beliefs at once, and its neighbours, show for most cells that no belief
    narrows them; only the others are attacked belief by belief.

    Returns:
        For each belief: its name, how much of it is disproved, how many cells became exact, how many narrow.
    """
    believed = {name: believed_rows(stack, belief) for name, belief in BELIEFS.items()}
    held = {name: held_beliefs(stack.linked, rows) for name, rows in believed.items()}
    linked, tied = with_beliefs(stack, [row for rows in held.values() for row in rows])
    safe = safe_positions(unit, IntervalAttack(linked, tied=tied))
    results = []
    for name, broken in found.items():
        exact, narrow = broken.exact, broken.too_narrow
        linked, tied = with_beliefs(stack, held[name])
        attack_unit(unit, linked, broken, tied=tied, safe=safe)
        wrong = len(believed[name]) - len(held[name])
        results.append((name, wrong, broken.exact - exact, broken.too_narrow - narrow))
    return results


def _withheld_then_shown(exhibit: Exhibit, earlier_units: Iterable[Mapping[str, PublicUnit]]) -> int:
    """Count cells that an earlier release withheld and this one prints: what hid behind them comes back.

    A print of zero says that nothing is left of the cell, or little: it gives no earlier number back.
    """
    withheld = {
        (name, cell.key)
        for units in earlier_units
        for name, unit in units.items()
        for cell in unit.cells
        if cell.value is None
    }
    return sum(
        (name, cell.key) in withheld and bool(cell.value)
        for name, unit in exhibit.units.items()
        for cell in unit.cells
    )


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
