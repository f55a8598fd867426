"""Attack others' suppression of the bench plans: which small cells does a reader who knows x >= 1 get back?

    python benchmarks/attack.py coarse full

`gauss` withholds as Gaussian elimination does: a cell is shown unless, with those shown before it, it would
be a multiple of a small cell. `peer_file` is the pattern in peer_gauss_synth_<plan>.csv of the bench.
"""

import csv
import json
import sys
import time

import numpy as np
from numpy.typing import NDArray
from tables import BENCH, columns_of, counted_rows

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.tables import linked_systems
from anonymize.tables.files import ProtectRequest
from anonymize.tables.files.protect import read_plan
from anonymize.tables.plan import count_cells

THRESHOLD = 5


class Bench:
    """A bench plan with its true counts."""

    def __init__(self, plan: str) -> None:
        columns = columns_of("synthetic_incidents_2000.csv")
        request = ProtectRequest(BENCH / "synthetic_incidents_2000.csv", BENCH / "plans.yml", plan)
        plans, dimensions, finest = read_plan(request, columns)
        (self.system,) = linked_systems(plans, dimensions).values()
        self.counts = count_cells(self.system, plans, dimensions, counted_rows(columns, finest)).rows
        self.primary = (self.counts > 0) & (self.counts < THRESHOLD)

    def attacked(self, hidden: NDArray[np.bool_], least: float) -> dict[str, object]:
        """Attack the small cells of a pattern; `least` is what the reader knows of a withheld cell."""
        start = time.process_time()
        exact_counts = self.counts.astype(float)
        lower, upper = np.where(hidden, least, exact_counts), np.where(hidden, np.inf, exact_counts)
        attack = IntervalAttack(Linked(lower, upper, sum_rows(self.system.equations)), exact_counts)
        attack.spread(np.where(self.primary, THRESHOLD - 1.0, 0.0))
        left = [i for i in map(int, np.flatnonzero(self.primary)) if not attack.wide_enough(i, THRESHOLD - 1)]
        exact = sum(low == high for low, high in map(attack.interval, left))
        return {
            "least": least,
            "hidden_share_of_non_zero": round(float(hidden.sum() / (self.counts > 0).sum()), 3),
            "primary": int(self.primary.sum()),
            "exact": exact,
            "too_narrow": len(left) - exact,
            "attack_processor_seconds": round(time.process_time() - start, 1),
        }

    def gaussian(self) -> NDArray[np.bool_]:
        """Return what Gaussian elimination withholds: small cells, and cells that would give one away.

        The largest cells are shown first. Columns are cells, rows the sums that hold between them; showing a
        cell takes one sum away from those that protect the others.
        """
        hidden = self.primary.copy()
        n_cells = len(self.counts)
        inner = np.zeros((len(self.system.equations), n_cells))
        for row, (parent, children) in enumerate(self.system.equations):
            inner[row, parent] = -1.0
            inner[row, list(children)] = 1.0
        # A basis of all tables: each cell as a mix of free cells.
        basis = kernel(inner[:, self.counts > 0])
        column = np.cumsum(self.counts > 0) - 1
        small = basis[column[self.primary]].T.copy()  # (n_free, n_primary)
        others = np.flatnonzero(self.counts >= THRESHOLD)
        order = others[np.argsort(-self.counts[others], kind="stable")]
        shown = basis[column[order]].T.copy()
        for number, cell in enumerate(order):
            vector = shown[:, number]
            row = int(np.argmax(np.abs(vector)))
            if abs(vector[row]) < 1e-8:
                continue  # follows from what is shown already
            factors = small[row] / vector[row]
            reduced = small - np.outer(vector, factors)
            if (np.abs(reduced).max(axis=0) < 1e-7).any():
                hidden[cell] = True
                continue
            small = reduced
            shown[:, number + 1 :] -= np.outer(vector, shown[row, number + 1 :] / vector[row])
        return hidden

    def peer_file(self, plan: str) -> NDArray[np.bool_]:
        """Return the pattern of the peer's file; cells are found by their codes."""
        with (BENCH / f"peer_gauss_synth_{plan}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        numbers = ("freq", "primary", "suppressed")
        withheld = {
            frozenset(code for name, code in row.items() if name not in numbers and code != "Total")
            for row in rows
            if row["suppressed"] == "TRUE"
        }
        found = [frozenset(code for _, code in key) in withheld for key in self.system.cells]
        return np.array(found) & (self.counts > 0)


def kernel(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return columns that span all x with matrix @ x = 0, by elimination (n_columns, n_free)."""
    work, pivots, row = matrix.copy(), [], 0
    for column in range(work.shape[1]):
        if row == len(work):
            break
        best = row + int(np.argmax(np.abs(work[row:, column])))
        if abs(work[best, column]) < 1e-9:
            continue
        work[[row, best]] = work[[best, row]]
        work[row] /= work[row, column]
        others = np.flatnonzero(np.abs(work[:, column]) > 1e-12)
        others = others[others != row]
        work[others] -= np.outer(work[others, column], work[row])
        pivots.append(column)
        row += 1
    free = np.setdiff1d(np.arange(work.shape[1]), pivots)
    basis = np.zeros((work.shape[1], len(free)))
    basis[free, np.arange(len(free))] = 1.0
    basis[pivots] = -work[: len(pivots)][:, free]
    return basis


if __name__ == "__main__":
    for name in sys.argv[1:] or ["coarse"]:
        bench = Bench(name)
        for pattern, hidden in (
            ("primary_only", bench.primary),
            ("gauss", bench.gaussian()),
            ("peer_file", bench.peer_file(name)),
        ):
            for least in (0.0, 1.0):
                print(
                    json.dumps({"plan": name, "pattern": pattern, **bench.attacked(hidden, least)}),
                    flush=True,
                )
