"""What a reader gains who models the wish to print the same number again.

    python benchmarks/stickiness.py [seeds [new cases a release]]

Four releases of linked tables with late reports, corrections and withdrawals. The reader knows the method,
the distribution of counts and of changes (more than any real one), and all prints, not the key. She weighs
every history of a cell by how likely it is to have been printed as it was: once with a model of stickiness,
once as if each release were rounded afresh. Sums are not in her model; the attacker of `anonymize.audit` has
them. One JSON object.
"""

import json
import random
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from anonymize.tables import Known, linked_systems, protect_counts
from anonymize.tables.plan import count_cells
from tests.audit.test_four_releases import DIMENSIONS, PLANS, RULES, changed, drawn, rows_of

BASE, RELEASES, CASES = 5, 4, 350
MOST = 1000
CHANGES = range(-4, 9)
FORCED = 0.12  # share of prints that sums, not the cell's own rule, decide
Numbers = NDArray[np.float64]


def histories(seed: int, new: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return true counts and prints of every cell (n_cells, n_releases)."""
    dice, known = random.Random(seed), Known()
    cases = [drawn(dice) for _ in range(CASES)]
    system = linked_systems(PLANS, DIMENSIONS)["persons"]
    counts, prints = [], []
    for _ in range(RELEASES):
        rows = rows_of(cases)
        protection = protect_counts(PLANS, DIMENSIONS, {"persons": rows}, RULES, known=known)
        known = Known(ledger=protection.ledger)
        counts.append(count_cells(system, PLANS, DIMENSIONS, rows).rows)
        prints.append([protection.ledger[system.name(i)][1] for i in range(len(system.cells))])
        cases = changed(cases, dice, new)
    return np.array(counts).T, np.array(prints).T


def chance(count: int, before: int, last: int, now: int, *, sticky: bool) -> float:
    """Return how likely a print is, given the count, the one before and the last print (-1 for none)."""
    floor = count - count % BASE
    if now not in (floor, floor + BASE) or (count == floor and now != floor):
        return 0.0
    if count == floor:
        return 1.0
    if sticky and last >= 0:
        wanted = BASE if count < BASE <= last else last if count == before else -1
        if wanted in (floor, floor + BASE):
            return 1 - FORCED if now == wanted else FORCED
    share = (count % BASE) / BASE
    return share if now == floor + BASE else 1 - share


def posterior(
    prints: NDArray[np.int64], counts: Numbers, changes: Numbers, *, sticky: bool
) -> tuple[Numbers, float]:
    """Return the reader's distribution of the last count, and her belief that the last change was small."""
    weights, moved = counts.copy(), 0.0
    for count in range(len(weights)):
        weights[count] *= chance(count, -1, -1, int(prints[0]), sticky=sticky)
    for last, now in pairwise(prints):
        later, small = np.zeros_like(weights), 0.0
        for count in np.flatnonzero(weights):
            for change, likely in zip(CHANGES, changes, strict=True):
                after = int(count) + change
                if likely and 0 <= after < len(weights):
                    weight = (
                        weights[count]
                        * likely
                        * chance(after, int(count), int(last), int(now), sticky=sticky)
                    )
                    later[after] += weight
                    small += weight if 0 < abs(change) < BASE else 0.0
        moved = small / later.sum() if later.sum() else 0.0
        weights = later / later.sum() if later.sum() else counts
    return weights / weights.sum(), moved


def main() -> None:
    """Simulate and print what each reader knows."""
    n_seeds, new = (*map(int, sys.argv[1:]), 60, 10)[:2] if len(sys.argv) != 2 else (int(sys.argv[1]), 10)
    drawn_histories = [histories(seed, new) for seed in range(n_seeds)]
    truth, prints = (np.vstack([pair[part] for pair in drawn_histories]) for part in (0, 1))
    seen = Counter(truth[truth < MOST].tolist())
    counts = np.array([seen[n] for n in range(min(MOST, int(truth.max()) + 10))], dtype=np.float64)
    steps = Counter(np.diff(truth, axis=1).ravel().tolist())
    changes = np.array([steps[step] for step in CHANGES], dtype=np.float64)
    counts, changes = counts / counts.sum(), changes / changes.sum()
    small = (truth[:, -1] > 0) & (truth[:, -1] < BASE)
    really = (np.abs(truth[:, -1] - truth[:, -2]) > 0) & (np.abs(truth[:, -1] - truth[:, -2]) < BASE)
    result: dict[str, object] = {
        "cells": len(truth),
        "small": int(small.sum()),
        "small_changes_share": float(really.mean().round(3)),
    }
    for name, sticky in (("ignores_stickiness", False), ("models_stickiness", True)):
        known = [posterior(row, counts, changes, sticky=sticky) for row in prints]
        best = np.array([int(weights.argmax()) for weights, _ in known])
        sure = np.array([weights.max() for weights, _ in known])
        moved = np.array([belief for _, belief in known])
        result[name] = {
            "best_guess_right_small": float((best == truth[:, -1])[small].mean().round(3)),
            "small_cells_held_95_percent_sure": int((sure >= 0.95)[small].sum()),
            "of_these_right": int(((sure >= 0.95) & (best == truth[:, -1]))[small].sum()),
            "most_sure_of_a_small_count": float(sure[small].max().round(3)),
            "most_sure_of_a_small_change": float(moved.max().round(3)),
            "small_change_held_95_percent_sure": int((moved >= 0.95).sum()),
            "of_these_changed": int(((moved >= 0.95) & really).sum()),
        }
    print_changed = prints[:, -1] != prints[:, -2]
    count_changed = truth[:, -1] != truth[:, -2]
    result["prints_changed"] = int(print_changed.sum())
    result["of_these_the_count_changed_share"] = float(count_changed[print_changed].mean().round(3))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
