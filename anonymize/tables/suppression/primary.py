"""Which counts may not be published as they are: one function a rule, all in one visible dict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import CellCounts, CellKey, Dimension, Integers, LinkedSystem, Marks
from codebook.errors import PlanError

HIGH_SHARE, LOW_SHARE = 0.95, 0.05  # rule 24 (Washington DOH): 95-100 % and 0-5 % of a group

ZEROS: Mapping[str, str] = {
    "published": "every zero is shown; a reader knows that a withheld cell is at least 1",
    "sensitive": "zeros of sensitive categories are withheld like small counts, the others shown",
    "protected": "every zero is withheld like a small count",
}
"""What may be done with sampling zeros (rule 33). Structural zeros, of what cannot be, are always shown."""


@dataclass(frozen=True)
class SuppressionRules:
    """What suppression holds to.

    Args:
        threshold: Persons; the smallest number that may be known of a group.
        threshold_sensitive: The same for sensitive categories.
        zeros: One of `ZEROS`.
        structural_zeros: Combinations of (dimension, code) that cannot be: every cell of one is a zero that
            tells nothing.

    Raises:
        PlanError: There is no such way with zeros.
    """

    threshold: int = 5
    threshold_sensitive: int = 10
    zeros: str = "sensitive"
    structural_zeros: tuple[CellKey, ...] = ()

    def __post_init__(self) -> None:
        if self.zeros not in ZEROS:
            raise PlanError(f"unknown way with zeros {self.zeros}", remedy=f"use one of {', '.join(ZEROS)}")


@dataclass(frozen=True)
class CountCell:
    """What the primary rules look at.

    `smallest` is the smallest number of rows, persons, households and incidents; `highest_share` the largest
    share (0..1) that the cell has of a total with more than one part; `lowest_share` the smallest that it has
    of a group that is not sensitive itself; `told` a zero that is known anyway: what cannot be, or an empty
    group's.
    """

    rows: int
    smallest: int
    sensitive: bool
    highest_share: float
    lowest_share: float = 1.0
    told: bool = False


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
    return cell.sensitive and cell.rows > 0 and cell.highest_share >= HIGH_SHARE


def low_share(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether hardly anybody of a group is in one sensitive category (rule 24).

    It is the group whose few members are told about, so a share of the sensitive category's own total (the
    part of it that lives in one region, say) does not count.
    """
    return cell.sensitive and cell.rows > 0 and cell.lowest_share <= LOW_SHARE


def protected_zero(cell: CountCell, rules: SuppressionRules) -> bool:
    """Return whether a zero would tell something that the policy protects (rule 33)."""
    telling = rules.zeros == "protected" or (rules.zeros == "sensitive" and cell.sensitive)
    return cell.rows == 0 and telling and not cell.told


PRIMARY_RULES: Mapping[str, Callable[[CountCell, SuppressionRules], bool]] = {
    "threshold": below_threshold,
    "sensitive_threshold": below_sensitive_threshold,
    "households_or_incidents": few_households_or_incidents,
    "group_disclosure": group_disclosure,
    "extreme_share": extreme_share,
    "low_share": low_share,
    "zeros": protected_zero,
}


def primary_cells(
    system: LinkedSystem, counts: CellCounts, sensitive: Marks, rules: SuppressionRules
) -> tuple[Marks, dict[str, int]]:
    """Return the cells that a rule withholds, and how many each rule does.

    Raises:
        PlanError: Rows are counted where the plan says that there can be none.
    """
    highest, lowest = _shares(system, counts.rows, sensitive)
    told = told_zeros(system, counts.rows, sensitive, rules)
    found = np.zeros(len(system.cells), dtype=np.bool_)
    reasons = dict.fromkeys(PRIMARY_RULES, 0)
    for i in range(len(system.cells)):
        cell = CountCell(
            rows=int(counts.rows[i]),
            smallest=int(counts.smallest[i]),
            sensitive=bool(sensitive[i]),
            highest_share=float(highest[i]),
            lowest_share=float(lowest[i]),
            told=bool(told[i]),
        )
        for name, rule in PRIMARY_RULES.items():
            if rule(cell, rules):
                found[i] = True
                reasons[name] += 1
    return found, reasons


def told_zeros(system: LinkedSystem, rows: Integers, sensitive: Marks, rules: SuppressionRules) -> Marks:
    """Return the zeros that are known whatever is withheld: of what cannot be, and the parts of a shown zero.

    Raises:
        PlanError: Rows are counted where the plan says that there can be none.
    """
    wanted = [set(key) for key in rules.structural_zeros]
    told = np.array([any(one <= set(key) for one in wanted) for key in system.cells], dtype=np.bool_)
    if wrong := int((rows[told] > 0).sum()):
        raise PlanError(
            f"structural zeros: {wrong} cells that cannot be are not empty",
            remedy="take the combination out of the plan, or correct the records",
        )
    withheld = {"published": np.zeros_like(sensitive), "sensitive": sensitive}
    shown = (rows == 0) & (told | ~withheld.get(rules.zeros, np.ones_like(sensitive)))
    changed = True
    while changed:
        changed = False
        for parent, children in system.equations:
            below = list(children)
            if shown[parent] and not told[below].all():
                told[below] = shown[below] = changed = True
    return told


def least_withheld(
    system: LinkedSystem, rows: Integers, sensitive: Marks, rules: SuppressionRules
) -> Integers:
    """Return the smallest count that a reader can think of for each cell if it is withheld (n_cells)."""
    told = told_zeros(system, rows, sensitive, rules)
    maybe_zero = {"published": np.zeros_like(sensitive), "sensitive": sensitive}
    return np.where(maybe_zero.get(rules.zeros, ~told) & ~told, 0, 1).astype(np.int64)


def interval_widths(
    system: LinkedSystem, dimensions: Mapping[str, Dimension], sensitive: Marks, rules: SuppressionRules
) -> Integers:
    """Return how wide each withheld cell's interval must be (n_cells).

    "Unknown" and "not recorded" are masked once (rule 25): withheld where small, but nothing else is withheld
    to hide them. Crossed with a sensitive category they are about people, and need the whole width.
    """
    unknown = {(name, code) for name, one in dimensions.items() for code in one.unknown}
    once = np.array([any(part in unknown for part in key) for key in system.cells], dtype=np.bool_)
    widths = np.where(sensitive, rules.threshold_sensitive, rules.threshold) - 1
    return np.where(once & ~sensitive, 0, widths).astype(np.int64)


def _shares(
    system: LinkedSystem, rows: Integers, sensitive: Marks
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the highest share of a total, and the lowest of a group that is not sensitive (n_cells each)."""
    highest, lowest = np.zeros(len(rows)), np.ones(len(rows))
    for parent, children in system.equations:
        if rows[parent] and len(children) > 1:
            below = list(children)
            shares = rows[below] / rows[parent]
            highest[below] = np.maximum(highest[below], shares)
            if not sensitive[parent]:
                lowest[below] = np.minimum(lowest[below], shares)
    return highest, lowest
