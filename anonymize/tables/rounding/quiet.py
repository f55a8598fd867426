"""Closed periods in which too little happened since they were last printed: their prints are held together.

Where one case comes into a closed year or leaves it, several of its cells in several units would step, and
what steps together is one case. So all cells of such a period print as before until enough rows changed in
it; then all of them follow at once. A count that leaves the bounds of its print moves alone.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from anonymize.tables.plan import CellCounts, LinkedSystem, Marks, cell_name

Remembered = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class QuietRules:
    """When the cells of a period may print anew.

    Args:
        dimension: The dimension of periods.
        open_codes: Periods that were not closed at the last release; they are never held.
        minimum: Rows; fewer that changed leave a period quiet.
        measured_in: Unit -> unit whose rows decide for it, where they are dated alike; else its own.
    """

    dimension: str
    open_codes: frozenset[str]
    minimum: int
    measured_in: Mapping[str, str] = field(default_factory=dict)


def quiet_cells(
    systems: Mapping[str, LinkedSystem],
    counts: Mapping[str, CellCounts],
    ledgers: Mapping[str, Remembered],
    rules: QuietRules,
) -> dict[str, Marks]:
    """Return which cells of each unit are held because their period is quiet (n_cells each).

    Args:
        systems: Unit -> cells.
        counts: Unit -> counts of this release.
        ledgers: Unit -> counts for which the last prints were drawn.
        rules: What is quiet.
    """
    changed = {
        unit: changed_rows(system, counts[unit], ledgers[unit], rules.dimension)
        for unit, system in systems.items()
    }
    marks: dict[str, Marks] = {}
    for unit, system in systems.items():
        decides = rules.measured_in.get(unit, unit)
        of_all = changed.get(decides) or changed[unit]
        codes = [dict(key).get(rules.dimension, "") for key in system.cells]
        marks[unit] = np.array(
            [
                bool(code) and code not in rules.open_codes and of_all.get(code, 0) < rules.minimum
                for code in codes
            ],
            dtype=np.bool_,
        )
    return marks


def changed_rows(
    system: LinkedSystem, counts: CellCounts, ledger: Remembered, dimension: str
) -> dict[str, int]:
    """Return period -> how many rows surely came, left or moved since its prints were drawn.

    The sum of all changes over the finest cells of one table, in the table where it is most: somebody who
    came and somebody who left in the same cell are not seen, so that it is never more than what happened.
    """
    groups = _codes_with_parts(system, dimension)
    changes: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    for position, key in enumerate(system.cells):
        codes = dict(key)
        code = codes.pop(dimension, "")
        known = ledger.get(cell_name(system.unit, key))
        if not code or known is None or any(pair in groups for pair in codes.items()):
            continue
        changes[code, tuple(sorted(codes))] += abs(int(counts.rows[position]) - known[0])
    most: dict[str, int] = {}
    for (code, _), rows in changes.items():
        most[code] = max(most.get(code, 0), rows)
    return most


def _codes_with_parts(system: LinkedSystem, besides: str) -> set[tuple[str, str]]:
    """Return (dimension, code) that other codes add up to, in all dimensions but one."""
    found = set()
    for parent, children in system.equations:
        above = set(system.cells[parent]) - set(system.cells[children[0]])
        found |= {pair for pair in above if pair[0] != besides}
    return found
