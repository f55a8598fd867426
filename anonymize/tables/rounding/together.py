"""Units rounded one by one, and again with other prints where comparing them would leave too little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from anonymize.tables.plan import Dimension, TablePlan, UnitRows, count_cells, linked_systems
from anonymize.tables.programs import Numbers
from anonymize.tables.room import NotMore, RoundedPart, nudges, printed_room, squeezed_between, wide_between

from .cells import Asked, RoundedUnit, round_cells, sensitive_cells
from .quiet import quiet_cells
from .rules import Known, RoundingRules
from .shares import Whole

MOST_TRIES = 12


@dataclass(frozen=True)
class Part:
    """One unit to round: its tables, their dimensions, its rows, and what readers have besides."""

    plans: Sequence[TablePlan]
    dimensions: Mapping[str, Dimension]
    rows: UnitRows
    known: Known = field(default_factory=Known)


class RoundedTogether:
    """Rounds units, each as one linked system, until the comparisons between them leave room enough."""

    def __init__(
        self, parts: Mapping[str, Part], rules: RoundingRules, comparisons: Sequence[NotMore]
    ) -> None:
        """Count the cells of every unit."""
        self._parts, self._rules, self._comparisons = parts, rules, comparisons
        self.systems = {unit: linked_systems(p.plans, p.dimensions)[unit] for unit, p in parts.items()}
        self.counts = {
            unit: count_cells(self.systems[unit], part.plans, part.dimensions, part.rows)
            for unit, part in parts.items()
        }
        self._sensitive = {
            unit: sensitive_cells(system, parts[unit].dimensions) for unit, system in self.systems.items()
        }
        self._wide = wide_between(self.systems, self._sensitive, comparisons)
        ledgers = {unit: part.known.ledger for unit, part in parts.items()}
        self._quiet = quiet_cells(self.systems, self.counts, ledgers, rules.quiet) if rules.quiet else {}

    def rounded(self) -> dict[str, RoundedUnit]:
        """Return every unit rounded, with as few cells too narrow as a fixed number of tries finds."""
        extra = {unit: np.zeros(len(system.cells)) for unit, system in self.systems.items()}
        current: dict[str, RoundedUnit] = {}
        for unit in sorted(self._parts, key=self._needs_another):
            current[unit] = self._round(unit, extra[unit], current)
        best, fewest = current, len(self._parts) * 10**9
        for attempt in range(MOST_TRIES):
            n_squeezed, around = squeezed_between(self._as_rounded(current), self._comparisons)
            if n_squeezed < fewest:
                best, fewest = current, n_squeezed
            if not n_squeezed:
                break
            for unit, cells in around.items():
                extra[unit][cells] = nudges(self.systems[unit], cells, self._rules.key, attempt)
            current = {
                unit: self._round(unit, extra[unit], current) if around.get(unit) else one
                for unit, one in current.items()
            }
        return best

    def _needs_another(self, unit: str) -> bool:
        return self._rules.shares is not None and unit in self._rules.shares.everybody

    def _whole(self, unit: str, rounded: Mapping[str, RoundedUnit]) -> Whole | None:
        """Return the unit of everybody, where not everybody stands in this one."""
        name = self._rules.shares.everybody.get(unit, "") if self._rules.shares else ""
        if name not in rounded:
            return None
        one = rounded[name]
        return Whole(self.systems[name].index, one.prints, one.bases, one.withheld)

    def _round(self, unit: str, extra: Numbers, rounded: Mapping[str, RoundedUnit]) -> RoundedUnit:
        part = self._parts[unit]
        asked = Asked(extra, self._wide[unit], self._quiet.get(unit), self._whole(unit, rounded))
        return round_cells(
            self.systems[unit],
            self.counts[unit],
            part.dimensions,
            self._rules,
            known=part.known,
            asked=asked,
        )

    def _as_rounded(self, units: Mapping[str, RoundedUnit]) -> dict[str, RoundedPart]:
        rules, parts = self._rules, {}
        for unit, one in units.items():
            widths = np.where(self._sensitive[unit], rules.threshold_sensitive, rules.threshold) - 2
            # The prints of this release alone: over several releases `overtime` looks at each unit.
            room = printed_room(self.counts[unit].rows, one.prints, one.bases, one.withheld)
            parts[unit] = RoundedPart(self.systems[unit], self.counts[unit].rows, room, widths)
        return parts
