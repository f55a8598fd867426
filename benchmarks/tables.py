"""Round the bench plans, attack every cell, and do it again with forty more cases: errors, seconds, memory.

    python benchmarks/tables.py coarse full
    python benchmarks/tables.py suppression:coarse suppression:full
    python benchmarks/tables.py big

Reads ../shared/bench/tables (or $WITHHELD_SHARED); prints one JSON object a plan.
"""

import csv
import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.tables import Dimension, Known, RoundingRules, TablePlan, UnitRows, linked_systems
from anonymize.tables.files import ProtectRequest
from anonymize.tables.files.protect import read_plan
from anonymize.tables.plan import count_cells
from anonymize.tables.rounding import round_cells
from anonymize.tables.suppression import SuppressionRules, SuppressionTask, primary_cells, suppress_cells
from benchmarks.big_tables import measure_big

SHARED = Path(os.environ.get("WITHHELD_SHARED", Path(__file__).resolve().parents[2] / "shared"))
BENCH = SHARED / "bench" / "tables"
RULES = RoundingRules(b"benchmark key, not a secret" * 2, 5, 5, 5, 5)
GATE = 3  # T - 2


def columns_of(*names: str) -> dict[str, list[str]]:
    """Return the columns of bench files, one after the other."""
    rows = []
    for name in names:
        with (BENCH / name).open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return {column: [row[column] for row in rows] for column in rows[0]}


def counted_rows(columns: dict[str, list[str]], finest: dict[str, str]) -> UnitRows:
    """Return bench rows as counted rows, each a household and incident of its own."""
    ids = [str(i) for i in range(len(columns["type"]))]
    return UnitRows({name: columns[column] for name, column in finest.items()}, ids, ids, ids)


def measure(plan: str) -> dict[str, object]:
    """Round a plan, attack it, round the next release, and return what was measured."""
    first = columns_of("synthetic_incidents_2000.csv")
    both = columns_of("synthetic_incidents_2000.csv", "synthetic_incidents_add40.csv")
    request = ProtectRequest(BENCH / "synthetic_incidents_2000.csv", BENCH / "plans.yml", plan)
    plans, dimensions, finest = read_plan(request, both)
    start = time.process_time()
    system, counts, prints = rounded(plans, dimensions, counted_rows(first, finest), Known())
    seconds = time.process_time() - start
    errors = np.abs(prints - counts)
    large = counts >= 20
    report: dict[str, object] = {
        "plan": plan,
        "cells": len(counts),
        "equations": len(system.equations),
        "cells_of_1_to_4": int(((counts > 0) & (counts < 5)).sum()),
        "rounding_processor_seconds": round(seconds, 2),
        "mean_error": round(float(errors.mean()), 3),
        "max_error": int(errors.max()),
        "mean_relative_error_from_20": round(float((errors[large] / counts[large]).mean()), 4),
        "additive": all(prints[p] == prints[list(c)].sum() for p, c in system.equations),
    }
    start = time.process_time()
    attack = IntervalAttack(
        Linked(np.maximum(0.0, prints - 4.0), prints + 4.0, sum_rows(system.equations)), prints.astype(float)
    )
    attack.spread(np.full(len(counts), float(GATE)))
    report["too_narrow"] = sum(not attack.wide_enough(i, GATE) for i in range(len(counts)))
    report["attack_processor_seconds"] = round(time.process_time() - start, 1)
    ledger = {system.name(i): (int(counts[i]), int(prints[i])) for i in range(len(counts))}
    _, later, again = rounded(plans, dimensions, counted_rows(both, finest), Known(ledger=ledger))
    changed = later != counts
    proved = np.abs(again - prints) > 8
    report["next_release"] = {
        "cells_changed": int(changed.sum()),
        "prints_changed": int((again != prints).sum()),
        "of_these_true_changes_share": round(float(changed[again != prints].mean()), 3),
        "small_changes_proved": int((proved & (np.abs(later - counts) < 5)).sum()),
    }
    report["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return report


def measure_suppression(plan: str) -> dict[str, object]:
    """Withhold the small cells of a plan, attack them, and return what was measured."""
    columns = columns_of("synthetic_incidents_2000.csv")
    request = ProtectRequest(BENCH / "synthetic_incidents_2000.csv", BENCH / "plans.yml", plan)
    plans, dimensions, finest = read_plan(request, columns)
    (system,) = linked_systems(plans, dimensions).values()
    start = time.process_time()
    counts = count_cells(system, plans, dimensions, counted_rows(columns, finest))
    none = np.zeros(len(system.cells), dtype=np.bool_)
    primary, _ = primary_cells(system, counts, none, SuppressionRules(5, 5))
    hidden = suppress_cells(SuppressionTask(system, counts.rows, primary, np.full(len(none), 4)))
    seconds = time.process_time() - start
    start = time.process_time()
    exact = counts.rows.astype(float)
    lower, upper = np.where(hidden, 1.0, exact), np.where(hidden, np.inf, exact)
    attack = IntervalAttack(Linked(lower, upper, sum_rows(system.equations)), exact)
    attack.spread(np.where(primary, 4.0, 0.0))
    narrow = sum(not attack.wide_enough(int(i), 4) for i in np.flatnonzero(primary))
    return {
        "plan": plan,
        "method": "suppression",
        "cells": len(none),
        "primary": int(primary.sum()),
        "complementary": int((hidden & ~primary).sum()),
        "hidden_share_of_non_zero": round(float(hidden.sum() / (counts.rows > 0).sum()), 4),
        "exact_or_too_narrow": narrow,
        "suppression_processor_seconds": round(seconds, 1),
        "attack_processor_seconds": round(time.process_time() - start, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def rounded(plans: list[TablePlan], dimensions: dict[str, Dimension], rows: UnitRows, known: Known):  # type: ignore[no-untyped-def]
    """Return the linked system, its counts and its prints."""
    (system,) = linked_systems(plans, dimensions).values()
    counts = count_cells(system, plans, dimensions, rows)
    return system, counts.rows, round_cells(system, counts, dimensions, RULES, known=known).prints


if __name__ == "__main__":
    for name in sys.argv[1:] or ["coarse", "full"]:
        method, _, plan = name.rpartition(":")
        if plan == "big":
            print(json.dumps(measure_big()))
        else:
            print(json.dumps(measure_suppression(plan) if method else measure(plan)))
