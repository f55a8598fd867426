"""Which counts may not be published as they are: one function a rule, all in one visible dict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .count import CellCounts, Integers
from .system import LinkedSystem

EXTREME_SHARE = 0.95  # rule 24: 95-100 % and, from the other side, 0-5 % of a total


@dataclass(frozen=True)
class SuppressionRules:
    """What suppression holds to.

    Args:
        threshold: Persons; the smallest number that may be known of a group.
        threshold_sensitive: The same for sensitive categories.
        zeros: `published` shows zeros, so a reader knows that a withheld cell is at least 1; `protected`
            withholds zeros like small counts.
    """

    threshold: int = 5
    threshold_sensitive: int = 10
    zeros: str = "published"


@dataclass(frozen=True)
class CountCell:
    """What the primary rules look at.

    `smallest` is the smallest number of rows, persons, households and incidents; `highest_share` the largest
    share (0..1) that the cell has of a total with more than one part.
    """

    rows: int
    smallest: int
    sensitive: bool
    highest_share: float


def below_threshold(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether too few rows are counted (rule 20)."""
    return 0 < cell.rows < rules.threshold


def below_sensitive_threshold(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether too few rows of a sensitive category are counted (rule 20)."""
    return cell.sensitive and 0 < cell.rows < rules.threshold_sensitive


def few_households_or_incidents(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether too few persons, households or incidents stand behind the rows (rule 21)."""
    least = rules.threshold_sensitive if cell.sensitive else rules.threshold
    return cell.rows > 0 and cell.smallest < least


def group_disclosure(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether everybody of a group is in one sensitive category: then it is known of each of them."""
    return cell.sensitive and cell.rows > 0 and cell.highest_share == 1.0


def extreme_share(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether nearly everybody of a group is in one sensitive category (rule 24)."""
    return cell.sensitive and cell.rows > 0 and cell.highest_share >= EXTREME_SHARE


def protected_zero(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether a zero would tell something that the policy protects (rule 33)."""
    return cell.rows == 0 and rules.zeros == "protected"


PRIMARY_RULES: Mapping[str, Callable[[CountCell, SuppressionRules], bool]] = {
    "threshold": below_threshold,
    "sensitive_threshold": below_sensitive_threshold,
    "households_or_incidents": few_households_or_incidents,
    "group_disclosure": group_disclosure,
    "extreme_share": extreme_share,
    "zeros": protected_zero,
}


def primary_cells(
    system: LinkedSystem, counts: CellCounts, sensitive: NDArray[np.bool_], rules: SuppressionRules
) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Return the cells that a rule withholds, and how many each rule does."""
    shares = _highest_shares(system, counts.rows)
    found = np.zeros(len(system.cells), dtype=np.bool_)
    reasons = dict.fromkeys(PRIMARY_RULES, 0)
    for i in range(len(system.cells)):
        cell = CountCell(int(counts.rows[i]), int(counts.smallest[i]), bool(sensitive[i]), float(shares[i]))
        for name, rule in PRIMARY_RULES.items():
            if rule(cell, rules):
                found[i] = True
                reasons[name] += 1
    return found, reasons


def _highest_shares(system: LinkedSystem, rows: Integers) -> NDArray[np.float64]:
    shares = np.zeros(len(rows))
    for parent, children in system.equations:
        if rows[parent] and len(children) > 1:
            below = list(children)
            shares[below] = np.maximum(shares[below], rows[below] / rows[parent])
    return shares
