"""The proven-least suppression against linear programs, and the known optima of public instances.

    python benchmarks/exact.py coarse z3 three-way
    python benchmarks/exact.py coarse --seconds 60

Reads ../shared/bench/tables (or $WITHHELD_SHARED); prints one JSON object a search, processor seconds.
`--seconds` ends a search early; then the gap says how much less a better pattern could cost.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from tables import BENCH, columns_of, counted_rows

from anonymize.tables import Dimension, TablePlan, dimension_from_rows, linked_systems
from anonymize.tables.plan import count_cells
from anonymize.tables.suppression import SuppressionRules, SuppressionTask, primary_cells, suppress_cells
from anonymize.tables.suppression.exact.least import ExactLimits, least_pattern
from tests.tables.test_known_answers import Z3, PeerTask, read

CASES = "synthetic_incidents_2000.csv"
LADDERS = {"time": ("month", "quarter", "year"), "geo": ("district", "republic")}
THREE_WAY = [{"geo": "republic", "rel": "rel", "gender": "gender"}, {"rel": "rel", "type": "type"}]


def synthetic(tables: list[dict[str, str]], n_cases: int) -> SuppressionTask:
    """Return the task of some tables over the first cases of the bench, threshold 5."""
    columns = {name: values[:n_cases] for name, values in columns_of(CASES).items()}
    plans = [TablePlan(f"t{i}", "rows", parts) for i, parts in enumerate(tables)]
    dimensions: dict[str, Dimension] = {}
    for name in dict.fromkeys(name for parts in tables for name in parts):
        ladder = LADDERS.get(name, (name,))
        used = [parts[name] for parts in tables if name in parts]
        dimensions[name] = dimension_from_rows(name, ladder[min(map(ladder.index, used)) :], columns)
    (system,) = linked_systems(plans, dimensions).values()
    finest = {name: dimension.levels[0] for name, dimension in dimensions.items()}
    counts = count_cells(system, plans, dimensions, counted_rows(columns, finest))
    nothing = np.zeros(len(system.cells), dtype=np.bool_)
    primary, _ = primary_cells(system, counts, nothing, SuppressionRules(5, 5))
    return SuppressionTask(system, counts.rows, primary, np.full(len(nothing), 4))


def public(*, ours: bool) -> SuppressionTask:
    """Return the 1,350 cells of z3 under the rule of the peers, or under ours."""
    system, counts, primary = read(Z3)
    if ours:
        return SuppressionTask(system, counts, primary, np.full(len(counts), 4))
    return PeerTask(system, counts, primary, np.ones_like(counts), least=0)


def tasks(name: str) -> Iterator[tuple[str, SuppressionTask]]:
    """Yield the tasks of a name."""
    if name == "coarse":
        plans = yaml.safe_load((BENCH / "plans.yml").read_text("utf-8"))
        yield "coarse, 2,000 cases", synthetic(plans["coarse"], 2000)
    elif name == "three-way":
        for n_cases in (200, 2000):
            yield f"three-way and two-way, {n_cases} cases", synthetic(THREE_WAY, n_cases)
    elif name == "z3":
        yield "z3, rule of the peers", public(ours=False)
        yield "z3, our rule", public(ours=True)
    else:
        raise SystemExit(f"no instance {name}: coarse, three-way or z3")


def measure(name: str, task: SuppressionTask, seconds: float | None) -> dict[str, object]:
    """Suppress by linear programs, then exactly, and return what both cost."""
    started = time.process_time()
    start = suppress_cells(task)
    by_programs = time.process_time() - started
    report: dict[str, object] = {
        "instance": name,
        "cells": len(start),
        "primary": int(task.primary.sum()),
        "linear_programs": told(task, start) | {"processor_seconds": round(by_programs, 1)},
    }
    objectives = {"price": task.prices, "cells": np.ones(len(start)), "persons": np.maximum(task.counts, 1.0)}
    for objective, costs in objectives.items():
        started = time.process_time()
        pattern = least_pattern(task, start, costs=costs, limits=ExactLimits(seconds=seconds))
        report[f"least_{objective}"] = told(task, pattern.hidden) | {
            "bound": round(pattern.bound, 2),
            "gap": round(pattern.gap, 4),
            "proven": pattern.proven,
            "processor_seconds": round(time.process_time() - started, 1),
        }
    return report


def told(task: SuppressionTask, hidden: np.ndarray) -> dict[str, object]:
    """Return the size and cost of a pattern."""
    extra = hidden & ~task.primary
    return {
        "complementary": int(extra.sum()),
        "persons": int(task.counts[extra].sum()),
        "price": round(float(task.prices[extra].sum()), 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("instances", nargs="*", default=["coarse", "three-way", "z3"])
    parser.add_argument("--seconds", type=float, default=None, help="limit of each search, by the clock")
    arguments = parser.parse_args()
    os.environ.setdefault("WITHHELD_SHARED", str(BENCH.parent.parent))
    for chosen in arguments.instances:
        for title, one in tasks(chosen):
            print(json.dumps(measure(title, one, arguments.seconds)), flush=True)
