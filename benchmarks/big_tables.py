"""Twenty thousand linked cells rounded at once: seconds, memory, error.

    python benchmarks/tables.py big

9,000 invented cases with a fixed seed, in the manner of ../shared/bench/tables: six years of months, 128
districts in 16 republics, 16 types, skewed.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from anonymize.tables import (
    Dimension,
    RoundingRules,
    TablePlan,
    UnitRows,
    dimension_from_rows,
    linked_systems,
)
from anonymize.tables.plan import count_cells
from anonymize.tables.rounding import round_cells

CASES, MONTHS, REPUBLICS, DISTRICTS = 9000, 72, 16, 128
FLAT = {"type": 16, "rel": 8, "age": 6, "gender": 3}
LADDERS = {"time": ("month", "quarter", "year"), "geo": ("district", "republic")}
PLAN: list[dict[str, str]] = [
    {"time": "month", "geo": "republic"},
    {"geo": "republic", "type": "type"},
    {"type": "type", "rel": "rel"},
    {"age": "age", "gender": "gender"},
    {"time": "quarter", "geo": "republic", "type": "type"},
    {"geo": "district", "time": "year"},
    {"type": "type", "age": "age", "gender": "gender"},
    {"geo": "republic", "rel": "rel", "gender": "gender"},
    {"time": "month", "type": "type"},
    {"geo": "district", "type": "type"},
    {"rel": "rel", "age": "age"},
    {"time": "month", "rel": "rel"},
    {"time": "quarter", "type": "type", "rel": "rel"},
]


def invented_columns() -> dict[str, list[str]]:
    """Return the columns of the invented cases, the same in every run."""
    dice = np.random.default_rng(7)

    def skewed(n_codes: int) -> list[int]:
        weights = 1 / np.arange(1, n_codes + 1) ** 0.8
        return [int(one) for one in dice.choice(n_codes, size=CASES, p=weights / weights.sum())]

    months = [int(one) for one in dice.integers(0, MONTHS, CASES)]
    districts = skewed(DISTRICTS)
    return {
        "month": [f"M{one:02d}" for one in months],
        "quarter": [f"Q{one // 3:02d}" for one in months],
        "year": [f"Y{one // 12}" for one in months],
        "district": [f"D{one:03d}" for one in districts],
        "republic": [f"R{one % REPUBLICS:02d}" for one in districts],
        **{name: [f"{name[0].upper()}{one}" for one in skewed(n_codes)] for name, n_codes in FLAT.items()},
    }


def measure_big() -> dict[str, object]:
    """Round all tables of the invented cases and return what was measured."""
    columns = invented_columns()
    dimensions: dict[str, Dimension] = {
        name: dimension_from_rows(name, LADDERS.get(name, (name,)), columns) for name in (*LADDERS, *FLAT)
    }
    plans = [TablePlan(f"t{number}", "rows", parts) for number, parts in enumerate(PLAN)]
    ids = [str(number) for number in range(CASES)]
    rows = UnitRows({name: columns[one.levels[0]] for name, one in dimensions.items()}, ids, ids, ids)
    start = time.process_time()
    (system,) = linked_systems(plans, dimensions).values()
    counts = count_cells(system, plans, dimensions, rows)
    rules = RoundingRules(b"benchmark key, not a secret" * 2, 5, 5, 5, 5)
    prints = round_cells(system, counts, dimensions, rules).prints
    seconds = time.process_time() - start
    errors = np.abs(prints - counts.rows)
    return {
        "plan": "big",
        "cells": len(prints),
        "equations": len(system.equations),
        "cells_of_1_to_4": int(((counts.rows > 0) & (counts.rows < 5)).sum()),
        "rounding_processor_seconds": round(seconds, 1),
        "mean_error": round(float(errors.mean()), 3),
        "max_error": int(errors.max()),
        "additive": all(prints[p] == prints[list(c)].sum() for p, c in system.equations),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
