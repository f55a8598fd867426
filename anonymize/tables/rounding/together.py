"""Units rounded one by one, and again with other prints where comparing them would leave too little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from anonymize.tables.plan import Dimension, TablePlan, UnitRows, count_cells, linked_systems
from anonymize.tables.programs import Numbers
from anonymize.tables.room import NotMore, RoundedPart, nudges, printed_room, squeezed_between, wide_between

from .cells import Known, RoundedUnit, RoundingRules, round_cells, sensitive_cells

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

    def rounded(self) -> dict[str, RoundedUnit]:
        """Return every unit rounded, with as few cells too narrow as a fixed number of tries finds."""
        extra = {unit: np.zeros(len(system.cells)) for unit, system in self.systems.items()}
        current = {unit: self._round(unit, extra[unit]) for unit in self._parts}
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
                unit: self._round(unit, extra[unit]) if around.get(unit) else one
                for unit, one in current.items()
            }
        return best

    def _round(self, unit: str, extra: Numbers) -> RoundedUnit:
        part = self._parts[unit]
        system, counts = self.systems[unit], self.counts[unit]
        wide, rules = self._wide[unit], self._rules
        return round_cells(system, counts, part.dimensions, rules, known=part.known, nudges=extra, wide=wide)

    def _as_rounded(self, units: Mapping[str, RoundedUnit]) -> dict[str, RoundedPart]:
        rules, parts = self._rules, {}
        for unit, one in units.items():
            widths = np.where(self._sensitive[unit], rules.threshold_sensitive, rules.threshold) - 2
            # The prints of this release alone: over several releases `overtime` looks at each unit.
            room = printed_room(self.counts[unit].rows, one.prints, one.bases, one.withheld)
            parts[unit] = RoundedPart(self.systems[unit], self.counts[unit].rows, room, widths)
        return parts
