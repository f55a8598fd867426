"""Money: which sums of amounts may be shown by themselves, and at what precision.

Limits: protects contributors (who received or gave), not the amounts of the group itself; an amount that one
reader put in herself (an insider) widens nothing for her.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import CellCounts, Dimension, Integers, LinkedSystem
from anonymize.tables.room import Room, printed_room
from anonymize.tables.rounding import Known, RoundingRules, round_cells
from codebook.errors import PROGRAM_FAULT, PlanError

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class MoneyRows:
    """Amounts of one unit: parallel sequences, one entry a payment or a monthly sum of gifts (n_rows).

    Args:
        codes: Column -> finest code of every row.
        amounts: Whole units of one currency, not negative.
        contributors: Identifiers of those the amounts belong to; empty where a row is a sum of many gifts.
        contributor_counts: How many contributed to a row that is a sum; 1 elsewhere.
        largest: The largest single contribution in a row that is a sum; None where nobody knows.
    """

    codes: Mapping[str, Sequence[str]]
    amounts: Sequence[int]
    contributors: Sequence[str]
    contributor_counts: Sequence[int] = ()
    largest: Sequence[int | None] = ()

    def __post_init__(self) -> None:
        lengths = {len(self.amounts), len(self.contributors), *map(len, self.codes.values())}
        lengths |= {len(part) for part in (self.contributor_counts, self.largest) if part}
        if len(lengths) != 1:
            raise PlanError("the columns of a unit's money rows are not equally long", remedy=PROGRAM_FAULT)
        if any(amount < 0 for amount in self.amounts):
            raise PlanError(
                "an amount of money is negative", remedy="enter refunds as corrections of the payment"
            )


@dataclass(frozen=True)
class MoneyRules:
    """The parameters of money tables; published with them, except the key.

    Args:
        key: The group's secret key.
        base: Units of currency; published amounts are multiples of it.
        minimum_contributors: Persons.
        dominance_share: The largest contribution must be below this share of the total, 0..1.
        p_percent: No contribution may be known to better than this.
    """

    key: bytes = field(repr=False)
    base: int = 1000
    minimum_contributors: int = 5
    dominance_share: float = 0.5
    p_percent: float = 10.0


@dataclass(frozen=True)
class MoneyCell:
    """What the primary rules look at: the total and its contributions, as far as they are known."""

    total: int
    contributors: int
    largest: int
    second: int


def too_few_contributors(cell: MoneyCell, rules: MoneyRules) -> bool:
    """Return whether fewer contribute than the policy asks for (rule 34)."""
    return cell.contributors < rules.minimum_contributors


def dominated(cell: MoneyCell, rules: MoneyRules) -> bool:
    """Return whether one contribution makes up too large a share (rule 34)."""
    return cell.largest >= rules.dominance_share * cell.total


def closely_estimated(cell: MoneyCell, rules: MoneyRules) -> bool:
    """Return whether the second largest contributor can estimate the largest too well (p% rule, RULES 4)."""
    return cell.total - cell.largest - cell.second < rules.p_percent / 100 * cell.largest


PRIMARY_RULES: Mapping[str, Callable[[MoneyCell, MoneyRules], bool]] = {
    "contributors": too_few_contributors,
    "dominance": dominated,
    "p_percent": closely_estimated,
}


@dataclass(frozen=True)
class MoneyUnit:
    """Amounts of a unit's cells, in the order of its linked system (n_cells each)."""

    totals: Integers
    primary: NDArray[np.bool_]


def sum_cells(
    system: LinkedSystem, dimensions: Mapping[str, Dimension], rows: MoneyRows, rules: MoneyRules
) -> MoneyUnit:
    """Add up every cell of a unit and apply the primary rules.

    A cell without any money is withheld as well: were only small amounts withheld, the mark would prove that
    somebody stands behind it, and a printed zero that nobody does.

    Raises:
        PlanError: A row carries a code that is unknown or not at the finest level.
    """
    members: dict[int, list[int]] = {position: [] for position in range(len(system.cells))}
    for positions, numbers in _rows_by_leaf(system, dimensions, rows):
        for position in positions:
            members[position] += numbers
    totals = np.zeros(len(system.cells), dtype=np.int64)
    primary = np.zeros(len(system.cells), dtype=np.bool_)
    for position, inside in members.items():
        cell = _money_cell(rows, inside)
        totals[position] = cell.total
        primary[position] = breaks_a_rule(cell, rules)
    return MoneyUnit(totals, primary)


def tell_tale_changes(
    system: LinkedSystem, dimensions: Mapping[str, Dimension], changed: MoneyRows, rules: MoneyRules
) -> NDArray[np.bool_]:
    """Return the cells whose change since the last release breaks a primary rule: it would be a payment.

    Args:
        changed: What was added, taken away or altered, as amounts and who they belong to.
    """
    members: dict[int, list[int]] = {position: [] for position in range(len(system.cells))}
    for positions, numbers in _rows_by_leaf(system, dimensions, changed):
        for position in positions:
            members[position] += numbers
    broken = np.zeros(len(system.cells), dtype=np.bool_)
    for position, inside in members.items():
        broken[position] = bool(inside) and breaks_a_rule(_money_cell(changed, inside), rules)
    return broken


def is_one_payment(changed: MoneyRows, rules: MoneyRules) -> bool:
    """Return whether amounts that changed together would tell about one of those they belong to."""
    return breaks_a_rule(_money_cell(changed, range(len(changed.amounts))), rules)


def breaks_a_rule(cell: MoneyCell, rules: MoneyRules) -> bool:
    """Return whether one of the primary rules forbids to show a sum."""
    return any(rule(cell, rules) for rule in PRIMARY_RULES.values())


def printed_leaves(
    system: LinkedSystem, dimensions: Mapping[str, Dimension], names: Container[str]
) -> Callable[[Mapping[str, str]], bool]:
    """Return the question whether an earlier release had a row of these finest codes in one of its cells.

    Asked are the cells that are no sums of others: in a total every row has been, also that of a new period.

    Args:
        names: Canonical names of the cells of earlier releases.
    """
    parents = {parent for parent, _ in system.equations}
    bottom = [
        system.cells[i] for i in range(len(system.cells)) if i not in parents and system.name(i) in names
    ]

    def is_printed(codes: Mapping[str, str]) -> bool:
        above = {column: _ancestors(dimensions[column], codes[column]) for column in dimensions}
        return any(all(code in above[column] for column, code in key) for key in bottom)

    return is_printed


def _rows_by_leaf(
    system: LinkedSystem, dimensions: Mapping[str, Dimension], rows: MoneyRows
) -> list[tuple[list[int], list[int]]]:
    """Return, for each combination of finest codes, the cells it falls in and the rows that carry it."""
    columns = sorted({column for key in system.cells for column, _ in key})
    found: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}
    for number in range(len(rows.amounts)):
        codes = tuple(rows.codes[column][number] for column in columns)
        if codes not in found:
            wrong = sum(c not in dimensions[d].leaves for d, c in zip(columns, codes, strict=True))
            if wrong:
                raise PlanError(
                    f"unit {system.unit}: a row carries a code that is unknown or not at the finest level",
                    remedy="add the code to the dimension; give imprecise values a finest code of their own",
                )
            above = {d: _ancestors(dimensions[d], c) for d, c in zip(columns, codes, strict=True)}
            cells = [i for i, key in enumerate(system.cells) if all(c in above[d] for d, c in key)]
            found[codes] = (cells, [])
        found[codes][1].append(number)
    return list(found.values())


def _ancestors(dimension: Dimension, code: str) -> frozenset[str]:
    found = set()
    while code in dimension.parent:
        found.add(code)
        code = dimension.parent[code]
    return frozenset(found)


def _money_cell(rows: MoneyRows, inside: Sequence[int]) -> MoneyCell:
    """Return what is known of the contributions to a cell, on the safe side.

    Sums of gifts may have the same givers in each: at least the largest number of givers contributed, and the
    largest giver gave at most the sum of the largest gifts; the second largest may be as large.
    """
    total = sum(rows.amounts[i] for i in inside)
    if rows.contributor_counts and any(not rows.contributors[i] for i in inside):
        largest = sum(_largest_possible(rows, i) for i in inside)
        givers = max((rows.contributor_counts[i] for i in inside), default=0)
        return MoneyCell(total, givers, largest, largest)
    by_contributor: dict[str, int] = {}
    for i in inside:
        by_contributor[rows.contributors[i]] = by_contributor.get(rows.contributors[i], 0) + rows.amounts[i]
    ranked = [*sorted(by_contributor.values(), reverse=True), 0, 0]
    return MoneyCell(total, len(by_contributor), ranked[0], ranked[1])


def _largest_possible(rows: MoneyRows, number: int) -> int:
    """Return the largest gift in a row of gifts; where nobody knows, all of it may be one gift."""
    known = rows.largest[number] if rows.largest else None
    return rows.amounts[number] if known is None else known


def money_room(unit: MoneyUnit, values: Integers, withheld: NDArray[np.bool_], rules: MoneyRules) -> Room:
    """Return what this release leaves open of each amount."""
    shown = printed_room(unit.totals, values, np.full(len(values), rules.base, dtype=np.int64))
    return Room(
        np.where(withheld, unit.totals.astype(np.float64), shown.down), np.where(withheld, np.inf, shown.up)
    )


def round_money(
    system: LinkedSystem,
    unit: MoneyUnit,
    dimensions: Mapping[str, Dimension],
    rules: MoneyRules,
    known: Known,
) -> Integers:
    """Return additive amounts in multiples of the money base, each less than a base away from the truth.

    Raises:
        ReleaseRefused: No rounding adds up.
    """
    counts = CellCounts(unit.totals, np.full(len(unit.totals), rules.base, dtype=np.int64))
    counting = RoundingRules(rules.key, rules.base, rules.base, 1, 1)
    return round_cells(system, counts, dimensions, counting, known=known).prints
