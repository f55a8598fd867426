"""What a table tells of everybody in a group that the family knows: shares that stand out, and what is done.

Who knows her age or the kind of perpetrator reads the share of a sensitive category among such persons. It is
looked at as a reader does, from prints and the bounds of the rule, row by row. Counts of rows stand for
persons: a person who stands in several rows of a group only makes her share of a category larger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import CellKey, Dimension, LinkedSystem

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]
Marks = NDArray[np.bool_]
Prints = tuple[Integers, Integers, Marks]
"""What is printed of each cell, its base, and whether it is withheld (n_cells each)."""


@dataclass(frozen=True)
class ShareRules:
    """How far a group that the family knows may stand out.

    Args:
        known: Dimensions whose codes the family knows of the person.
        rise: 0..1; how far the proven share in a group may be above the largest share of all.
        highest: 0..1; the largest share that prints may show, unless all come near it.
        everybody: Unit in which not everybody stands -> the unit whose totals are the groups.
    """

    known: frozenset[str]
    rise: float
    highest: float
    everybody: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Whole:
    """The rounded unit of everybody, for one in which not everybody stands; it stands behind its cells."""

    index: Mapping[CellKey, int]
    prints: Integers
    bases: Integers
    withheld: Marks


@dataclass(frozen=True)
class ShareCell:
    """A cell of a sensitive category in a known group.

    Args:
        cell: Its position; `group` and `others` are everybody of the group and the rest of its categories.
        category: Position of the category among all, `everybody` of all; -1 where they are not shown.
        line: Positions of the same category in all groups of the same dimensions.
    """

    cell: int
    group: int
    others: tuple[int, ...]
    category: int
    everybody: int
    line: tuple[int, ...]


def share_cells(
    system: LinkedSystem,
    dimensions: Mapping[str, Dimension],
    rules: ShareRules,
    whole: Whole | None = None,
) -> list[ShareCell]:
    """Return every cell of a sensitive category whose share of a known group can be read.

    Args:
        system: The cells.
        dimensions: Column -> dimension.
        rules: What is known.
        whole: Where the groups stand if not among these cells; their positions follow those of the cells.
    """
    if system.unit in rules.everybody and whole is None:
        return []
    n_cells = len(system.cells)
    groups = system.index if whole is None else {key: n_cells + place for key, place in whole.index.items()}
    others = _others(system) if whole is None else {}
    found: list[ShareCell] = []
    lines: dict[tuple[object, ...], list[int]] = {}
    of_line: dict[int, list[int]] = {}
    for cell, key in enumerate(system.cells):
        told = [pair for pair in key if pair[0] not in rules.known]
        group = tuple(pair for pair in key if pair[0] in rules.known)
        if len(told) != 1 or not group or group not in groups or not _is_sensitive(told[0], dimensions):
            continue
        line = lines.setdefault((told[0], tuple(name for name, _ in group)), [])
        line.append(cell)
        category, everybody = system.index.get((told[0],), -1), groups.get((), -1)
        rest = others.get((groups[group], cell), ())
        found.append(ShareCell(cell, groups[group], rest, category, everybody, ()))
        of_line[cell] = line
    return [replace(one, line=tuple(of_line[one.cell])) for one in found]


def _others(system: LinkedSystem) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return (total, part) -> the other parts, of every sum."""
    return {
        (parent, child): tuple(one for one in children if one != child)
        for parent, children in system.equations
        for child in children
    }


def _is_sensitive(coordinate: tuple[str, str], dimensions: Mapping[str, Dimension]) -> bool:
    name, code = coordinate
    return name in dimensions and code in dimensions[name].sensitive


def standing_out(
    candidates: Sequence[ShareCell], prints: Prints, rules: ShareRules, whole: Whole | None = None
) -> list[ShareCell]:
    """Return the cells whose prints say too much of a group; a withheld one is at least 1."""
    values, bases, withheld = prints
    if whole is not None:
        values, bases = np.append(values, whole.prints), np.append(bases, whole.bases)
        withheld = np.append(withheld, whole.withheld)
    lower = np.where(withheld, 1.0, np.maximum(np.minimum(values, 1), values - (bases - 1.0)))
    upper = np.where(withheld, np.inf, values + bases - 1.0)
    return [one for one in candidates if _stands_out(one, (lower, values, upper), withheld, rules)]


def _stands_out(
    one: ShareCell, bounds: tuple[Numbers, Integers, Numbers], withheld: Marks, rules: ShareRules
) -> bool:
    lower, prints, upper = bounds
    if not prints[one.cell] or withheld[one.cell]:
        return False
    least = lower[one.cell]
    rest = upper[one.group] - least
    if one.others:
        rest = min(rest, float(upper[list(one.others)].sum()))
    of_all = 0.0, 0.0
    if min(one.category, one.everybody) >= 0 and not withheld[[one.category, one.everybody]].any():
        most = upper[one.category]
        of_all = (
            most / max(most, lower[one.everybody]),
            prints[one.category] / max(1, prints[one.everybody]),
        )
    if least / (least + max(0.0, rest)) > of_all[0] + rules.rise:
        return True
    shown = not withheld[one.group] and prints[one.group] > 0
    return bool(shown and prints[one.cell] / prints[one.group] > max(rules.highest, of_all[1] + rules.rise))


@dataclass(frozen=True)
class Telling:
    """The shares of one unit that prints may tell; none where there are no rules."""

    candidates: Sequence[ShareCell] = ()
    rules: ShareRules | None = None
    whole: Whole | None = None

    @classmethod
    def of(
        cls,
        system: LinkedSystem,
        dimensions: Mapping[str, Dimension],
        rules: ShareRules | None,
        whole: Whole | None,
    ) -> "Telling":
        """Return the shares that can be read of a unit."""
        return cls(share_cells(system, dimensions, rules, whole), rules, whole) if rules else cls()

    def _standing_out(self, prints: Prints) -> list[ShareCell]:
        return standing_out(self.candidates, prints, self.rules, self.whole) if self.rules else []

    def lower(self, prints: Integers, bases: Integers, counts: Integers) -> Integers:
        """Return the cells that stand out and can be printed one base lower (positions)."""
        standing = self._standing_out((prints, bases, np.zeros(len(prints), dtype=np.bool_)))
        cells = {
            one.cell
            for one in standing
            if counts[one.cell] % bases[one.cell] and prints[one.cell] > counts[one.cell]
        }
        return np.array(sorted(cells), dtype=np.int64)

    def lines(self, prints: Integers, bases: Integers, withheld: Marks) -> Integers:
        """Return what to withhold (positions): the printed line of a category that stands out somewhere.

        All its groups, so that the mark does not tell in which of them it stands out. What is printed 0
        stays: whether it is 0 by rounding or by truth, its print does not say, and a mark would.
        """
        standing = self._standing_out((prints, bases, withheld))
        cells = {cell for one in standing for cell in one.line if prints[cell]}
        return np.array(sorted(cells), dtype=np.int64)
