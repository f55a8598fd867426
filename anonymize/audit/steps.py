"""Closed periods between two releases: do totals of several units step together, as if one case came or left?

A reader who knows that a year is over takes such steps for news of one case: which way it went, of what type,
with which acts. Where no more than two cells of a table step the same way, she has few cases to choose from;
where one unit steps alone, or totals step to and fro, she reads nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from codebook import Verdict

from .cells import Key, PublicUnit, public_units
from .earlier import end_of
from .exhibit import Exhibit
from .findings import Finding
from .read import PublicRelease

FEW_CASES = 2  # cells of one table that step the same way
Step = tuple[str, tuple[str, ...], int]
"""(unit, columns that the cell crosses with the period, up or down)."""


def check_closed_periods(exhibit: Exhibit) -> Finding:
    """Count closed periods in which several units step as few cases would make them, since the last release.

    Such periods are put to a person. A period is closed where the last release covered it to its end; what
    has no date is closed too, and so is what was before the first year, if that is the same.
    """
    periods = stepped = alike = most = 0
    for earlier in exhibit.earlier[-1:]:
        before = public_units(earlier)
        closed = {
            name: [_closed_period(cell.key, earlier, exhibit.release) for cell in unit.cells]
            for name, unit in exhibit.units.items()
            if name in before and not unit.money
        }
        periods = len(set().union(*closed.values()) - {""})
        for of_period in _steps_by_period(closed, before, exhibit.units).values():
            stepped += 1
            together = _units_together(of_period)
            alike += bool(together)
            most = max(most, together)
    counts: dict[str, object] = {
        "closed_periods": periods,
        "with_steps": stepped,
        "with_steps_of_few_cases_in_several_units": alike,
        "most_units_that_step_together": most,
    }
    verdict = Verdict.REVIEW if alike else Verdict.PASS
    rule = "RULES 4, batch: no closed period steps in several units together as few cases would make it"
    remedy = "wait until more cases of that period came or changed, then release again"
    return Finding("closed_periods", verdict, rule, counts, remedy)


def _steps_by_period(
    closed: Mapping[str, list[str]], before: Mapping[str, PublicUnit], after: Mapping[str, PublicUnit]
) -> dict[str, list[Step]]:
    """Return period -> every change of a print of its cells."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for name, periods in closed.items():
        then = before[name]
        for cell, period in zip(after[name].cells, periods, strict=True):
            old = then.cells[then.index[cell.key]].value if cell.key in then.index else None
            if not period or old is None or cell.value is None or old == cell.value:
                continue
            columns = tuple(column for column, _ in cell.key if column != "period")
            steps[period].append((name, columns, 1 if cell.value > old else -1))
    return steps


def _units_together(steps: list[Step]) -> int:
    """Return how many units step in their total, if all the same way and as few cases would; else 0."""
    ways = {unit: way for unit, columns, way in steps if not columns}
    as_few = max(Counter(steps).values()) <= FEW_CASES
    return len(ways) if as_few and len(set(ways.values())) == 1 and len(ways) > 1 else 0


def _closed_period(key: Key, earlier: PublicRelease, later: PublicRelease) -> str:
    """Return the period of a cell that was closed at an earlier release, '' for any other cell."""
    code = dict(key).get("period", "")
    if code == "earlier" and earlier.settings.get("period_from") != later.settings.get("period_from"):
        return ""  # it has other years now
    end = end_of(code.removesuffix("-QX"))
    return code if end <= earlier.settings.get("period_to", "") else ""
