"""The cell key method: every count moved a little, by what is in the cell and a secret key alone.

Each record has a key; the keys of a cell's records together decide its move. So the same records print alike
in every table, every plan and every release. Prints do not add up; what else it cannot do: `WEAKNESS`.

Source: Thompson, Broadfoot and Elazar 2013 (ABS, UNECE/Eurostat work session on statistical data
confidentiality); Giessing and Tent 2019, the same. Unlike theirs the sum of record keys goes through HMAC
once more, so that the keys of cells that add up are not themselves sums of each other.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import (
    NO_ROWS_REMEDY,
    CellCounts,
    Dimension,
    LinkedSystem,
    TablePlan,
    UnitRows,
    count_cells,
    linked_systems,
    located_rows,
)
from anonymize.tables.protect import Protection
from anonymize.tables.protected import Prints, ProtectedTable, print_tables
from anonymize.tables.room import WITHHELD, withheld_before
from anonymize.tables.rounding import Ledger, with_companions
from codebook.errors import PlanError, ReleaseRefused

from .perturbation import PerturbationTable

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]
USUAL_VARIANCE_SHARE = 0.08  # of the squared deviation: D = 5 has V = 2, D = 10 has V = 8
PERSON, INCIDENT = "person_id", "incident_id"
WEAKNESS = (
    "not additive; a changed print is always a true change; a part that holds everybody of its total prints "
    "like it; means over several tables that differ little narrow a count: use rounding for releases"
)


@dataclass(frozen=True)
class CellKeyRules:
    """The parameters of the method; published with the tables, except the key.

    Args:
        key: Secret of the group, kept for life: with another one the same records print differently.
        threshold: Counts; no positive number below it is printed, and none of it or more is proved where
            fewer persons, households or incidents stand behind it.
        deviation: Counts; no count is moved further (D). At least the threshold.
        variance: Counts squared (V).

    Raises:
        ReleaseRefused: There is no key.
        PlanError: No unbiased table has these parameters.
    """

    key: bytes = field(repr=False)
    threshold: int = 5
    deviation: int = 5
    variance: float = 2.0

    def __post_init__(self) -> None:
        if not self.key:
            raise ReleaseRefused(
                "cell keys need a secret key that is kept: another key prints the same records differently, "
                "and the mean of both undoes the protection",
                remedy="name a file with --key-file; it is made if missing; keep it, and keep it secret",
            )
        PerturbationTable(self.deviation, self.variance, self.threshold)

    @cached_property
    def table(self) -> PerturbationTable:
        """Return how far counts are moved, and how often."""
        return PerturbationTable(self.deviation, self.variance, self.threshold)

    def as_evidence(self) -> dict[str, object]:
        """Return what may be published of the method."""
        variances = self.table.variances[1 : self.threshold]
        return {
            "deviation": self.deviation,
            "variance": self.variance,
            "variance_of_counts_below_threshold": [round(float(v), 2) for v in variances],
            "smallest_print": self.threshold,
            "keyed": True,
            "additive": False,
            "weakness": WEAKNESS,
        }


def usual_variance(deviation: int) -> float:
    """Return the variance that goes with a deviation where none is asked for.

    >>> usual_variance(5), usual_variance(10)
    (2.0, 8.0)
    """
    return round(USUAL_VARIANCE_SHARE * deviation**2, 6)


def record_identities(columns: Mapping[str, Sequence[str]], missing: str) -> list[str]:
    """Return what tells each row of a file from others, whatever their order and whatever is appended.

    A row that names its person is that person's row of that incident: two rows of both are interchangeable,
    so they have one identity, and a corrected value does not change it. Any other row is known by its whole
    content; the second row of equal content is the second copy of it, so appending copies changes no old one.

    Args:
        columns: Column -> value of every row (n_rows).
        missing: How an empty value is written.
    """
    names = sorted(columns)
    ids = [name for name in (PERSON, INCIDENT) if name in columns]
    copies: Counter[str] = Counter()
    found = []
    for number in range(len(columns[names[0]])):
        named = PERSON in columns and columns[PERSON][number] != missing
        identity = "\x1f".join(f"{name}\x1e{columns[name][number]}" for name in (ids if named else names))
        if not named:
            copies[identity] += 1
            identity = f"{identity}\x1f{copies[identity]}"
        found.append(identity)
    return found


def record_keys(key: bytes, identities: Sequence[str]) -> Keys:
    """Return the key of every record (n_rows), 64 bits each."""
    digests = (hmac.digest(key, b"record\0" + one.encode(), hashlib.sha256)[:8] for one in identities)
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)


def cell_draws(
    system: LinkedSystem,
    plans: Sequence[TablePlan],
    dimensions: Mapping[str, Dimension],
    rows: UnitRows,
    key: bytes,
) -> NDArray[np.float64]:
    """Return one draw from [0, 1) a cell (n_cells), decided by the records in it and the key."""
    plans = [plan for plan in plans if plan.unit == system.unit]
    rows = rows.filtered(plans[0].filters)
    keys = record_keys(key, rows.records)
    sums = np.zeros(len(system.cells), dtype=np.uint64)
    for positions, located in located_rows(system, plans, dimensions, rows):
        inside = np.zeros(len(positions), dtype=np.uint64)
        np.add.at(inside, located, keys)  # modulo 2^64
        shown = positions >= 0
        sums[positions[shown]] = inside[shown]
    digests = (hmac.digest(key, b"cell\0" + int(one).to_bytes(8, "big"), hashlib.sha256)[:8] for one in sums)
    draws = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)
    # 53 bits: what a floating number holds exactly, so that no draw is rounded up to 1.
    return np.asarray((draws >> np.uint64(11)) / 2.0**53, dtype=np.float64)


def perturb_counts(
    plans: Sequence[TablePlan],
    dimensions: Mapping[str, Dimension],
    rows: Mapping[str, UnitRows],
    rules: CellKeyRules,
    *,
    ledger: Ledger | None = None,
) -> Protection:
    """Count all tables and move every count by its cell key.

    Args:
        plans: The tables to publish.
        dimensions: Column -> dimension.
        rows: Unit -> its rows, with `records`.
        rules: Parameters and the key.
        ledger: What was remembered of earlier outputs: a cell once withheld stays withheld.

    Raises:
        PlanError: A plan and its rows or dimensions do not fit each other, or rows have no identity.
    """
    tables: dict[str, ProtectedTable] = {}
    remembered: dict[str, tuple[int, int]] = {}
    for unit, system in linked_systems(plans, dimensions).items():
        if unit not in rows or len(rows[unit].records) != len(rows[unit]):
            raise PlanError(
                f"unit {unit}: there are no rows to count, or they have no identity", remedy=NO_ROWS_REMEDY
            )
        counts = count_cells(system, plans, dimensions, rows[unit])
        printed = rules.table.prints(
            counts.rows, cell_draws(system, plans, dimensions, rows[unit], rules.key)
        )
        withheld = _withheld(system, counts, printed, rules, ledger or {})
        reach = np.full_like(printed, rules.deviation + 1)
        prints = Prints(printed, reach, withheld, counts.rows)
        for table in print_tables(system, plans, prints, method="cell-key"):
            tables[table.name] = table
        for i in range(len(system.cells)):
            remembered[system.name(i)] = int(counts.rows[i]), int(printed[i])
        remembered |= {system.name(int(i)) + WITHHELD: (1, 1) for i in np.flatnonzero(withheld)}
    return Protection({plan.name: tables[plan.name] for plan in plans}, remembered)


def _withheld(
    system: LinkedSystem, counts: CellCounts, prints: Integers, rules: CellKeyRules, ledger: Ledger
) -> NDArray[np.bool_]:
    """Return the cells whose print would prove many acts against few persons, households or incidents."""
    few = (counts.smallest < rules.threshold) & (prints - rules.deviation >= rules.threshold)
    again = withheld_before(system, ledger) & (counts.rows > 0)
    return with_companions(system, counts.rows, prints, few | again)
