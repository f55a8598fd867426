"""From rows and plans to tables that may be published: count, round, lay out, and remember for the next
release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from codebook.errors import PlanError

from .money import (
    MoneyRows,
    MoneyRules,
    complementary_cells,
    money_room,
    round_money,
    sum_cells,
    tell_tale_changes,
)
from .plan import NO_ROWS_REMEDY, Dimension, TablePlan, UnitRows, count_cells, linked_systems
from .protected import Prints, ProtectedTable, print_tables
from .room import WITHHELD, NotMore, past_room, remembered_room, withheld_before
from .rounding import Known, Part, RoundedTogether, RoundingRules, sensitive_cells
from .suppression import SuppressionRules, SuppressionTask, interval_widths, least_withheld, primary_cells
from .suppression.exact import suppress_at_least_cost


@dataclass(frozen=True)
class Protection:
    """What may be published, and what must be remembered in the vault.

    Args:
        tables: Name -> protected table, in the order of the plans.
        ledger: Canonical cell name -> (true count, print), and beside it what all releases leave open of the
            cell: private; the next release needs it to stay sticky.
    """

    tables: Mapping[str, ProtectedTable]
    ledger: Mapping[str, tuple[int, int]]


def protect_counts(
    plans: Sequence[TablePlan],
    dimensions: Mapping[str, Dimension],
    rows: Mapping[str, UnitRows],
    rules: RoundingRules,
    *,
    known: Known | None = None,
) -> Protection:
    """Count and round all tables, each unit as one linked system.

    Args:
        plans: The tables to publish.
        dimensions: Column -> dimension.
        rows: Unit -> its rows.
        rules: Bases, thresholds and the group's secret key.
        known: What the last release remembered, and what the published records prove (`records_minimum`).

    Raises:
        PlanError: A plan and its rows or dimensions do not fit each other.
        ReleaseRefused: A unit cannot be rounded; names its tables.
    """
    parts: dict[str, Part] = {}
    for unit in dict.fromkeys(plan.unit for plan in plans):
        if unit not in rows:
            raise PlanError(f"unit {unit}: there are no rows to count", remedy=NO_ROWS_REMEDY)
        of_unit = [plan for plan in plans if plan.unit == unit]
        parts[unit] = Part(of_unit, dimensions, rows[unit], known or Known())
    protection = protect_together(parts, rules)
    return replace(protection, tables={plan.name: protection.tables[plan.name] for plan in plans})


def protect_together(
    parts: Mapping[str, Part], rules: RoundingRules, comparisons: Sequence[NotMore] = ()
) -> Protection:
    """Count and round units so that comparing them leaves no cell too narrow.

    Args:
        parts: Unit -> what to round.
        rules: Bases, thresholds and the group's secret key.
        comparisons: What readers know between the units.

    Raises:
        PlanError: A plan and its rows or dimensions do not fit each other.
        ReleaseRefused: A unit cannot be rounded; names its tables.
    """
    tables: dict[str, ProtectedTable] = {}
    remembered: dict[str, tuple[int, int]] = {}
    rounding = RoundedTogether(parts, rules, comparisons)
    for unit, one in rounding.rounded().items():
        system, counts = rounding.systems[unit], rounding.counts[unit]
        prints = Prints(one.prints, one.bases, one.withheld, counts.rows)
        for table in print_tables(system, parts[unit].plans, prints, method="rounding"):
            tables[table.name] = table
        for position in range(len(system.cells)):
            remembered[system.name(position)] = int(one.drawn_for[position]), int(one.prints[position])
        remembered |= remembered_room(system, one.room, one.withheld)
    return Protection(tables, remembered)


def suppress_counts(
    plans: Sequence[TablePlan],
    dimensions: Mapping[str, Dimension],
    rows: Mapping[str, UnitRows],
    rules: SuppressionRules,
) -> tuple[Protection, dict[str, int], dict[str, dict[str, object]]]:
    """Count all tables and withhold small cells, each unit as one linked system: for one-off exact reports.

    Returns:
        The protection; how many cells each primary rule withheld, complementary ones under `complementary`;
        and for each unit whether it is proven that no pattern costs less.

    Raises:
        PlanError: A plan and its rows or dimensions do not fit each other.
        ReleaseRefused: A unit cannot be protected; names its tables.
    """
    tables: dict[str, ProtectedTable] = {}
    remembered: dict[str, tuple[int, int]] = {}
    reasons: dict[str, int] = {}
    proofs: dict[str, dict[str, object]] = {}
    for unit, system in linked_systems(plans, dimensions).items():
        if unit not in rows:
            raise PlanError(f"unit {unit}: there are no rows to count", remedy=NO_ROWS_REMEDY)
        counts = count_cells(system, plans, dimensions, rows[unit])
        sensitive = sensitive_cells(system, dimensions)
        primary, found = primary_cells(system, counts, sensitive, rules)
        widths = interval_widths(system, dimensions, sensitive, rules)
        least = least_withheld(system, counts.rows, sensitive, rules)
        found_pattern = suppress_at_least_cost(SuppressionTask(system, counts.rows, primary, widths, least))
        hidden, proofs[unit] = found_pattern.hidden, found_pattern.as_evidence()
        found["complementary"] = int((hidden & ~primary).sum())
        reasons = {name: reasons.get(name, 0) + count for name, count in found.items()}
        prints = Prints(counts.rows, np.ones_like(counts.rows), hidden, counts.rows)
        for table in print_tables(system, plans, prints, method="suppression"):
            tables[table.name] = table
        remembered |= {system.name(i): (int(n), int(n)) for i, n in enumerate(counts.rows)}
        remembered |= {system.name(int(i)) + WITHHELD: (1, 1) for i in np.flatnonzero(hidden)}
    return Protection({plan.name: tables[plan.name] for plan in plans}, remembered), reasons, proofs


def protect_money(
    plans: Sequence[TablePlan],
    dimensions: Mapping[str, Dimension],
    rows: Mapping[str, MoneyRows],
    rules: MoneyRules,
    *,
    known: Known | None = None,
    changed: Mapping[str, MoneyRows] | None = None,
) -> Protection:
    """Add up all money tables, withhold what tells about single contributors, and round the rest.

    Args:
        plans: The tables to publish; spending and donations are units of their own.
        dimensions: Column -> dimension.
        rows: Unit -> its amounts.
        rules: Money base, primary rules and the group's secret key.
        known: What the last release remembered.
        changed: Unit -> what differs from the amounts of the last release; a printed cell whose change breaks
            a primary rule is withheld.

    Raises:
        PlanError: A plan and its rows or dimensions do not fit each other.
        ReleaseRefused: A unit cannot be protected; names its tables.
    """
    tables: dict[str, ProtectedTable] = {}
    remembered: dict[str, tuple[int, int]] = {}
    ledger = known.ledger if known else {}
    for unit, system in linked_systems(plans, dimensions).items():
        if unit not in rows:
            raise PlanError(f"unit {unit}: there are no amounts to add up", remedy=NO_ROWS_REMEDY)
        money = sum_cells(system, dimensions, rows[unit], rules)
        if changed and unit in changed:
            printed = np.array([system.name(position) in ledger for position in range(len(system.cells))])
            telling = tell_tale_changes(system, dimensions, changed[unit], rules) & printed
            money = replace(money, primary=money.primary | telling)
        past, before = past_room(system, ledger), withheld_before(system, ledger)
        withheld = complementary_cells(system, money, rules, past=past, before=before)
        values = round_money(system, money, dimensions, rules, known or Known())
        prints = Prints(values, np.full(len(values), rules.base), withheld, money.totals)
        for table in print_tables(system, plans, prints, method="suppression_rounded"):
            tables[table.name] = table
        for position in range(len(system.cells)):
            remembered[system.name(position)] = int(money.totals[position]), int(values[position])
        room = past.within(money_room(money, values, withheld, rules))
        remembered |= remembered_room(system, room, withheld)
    return Protection({plan.name: tables[plan.name] for plan in plans}, remembered)


def records_minimum(
    plans: Sequence[TablePlan], dimensions: Mapping[str, Dimension], records: Mapping[str, UnitRows]
) -> dict[str, int]:
    """Return how many of each cell the rows of a published records file already prove.

    Args:
        plans: The tables to publish.
        dimensions: Column -> dimension.
        records: Unit -> the rows of the microdata that are published as records, with their finest codes.

    Returns:
        Canonical cell name -> count, for `Known.minimum`; zero is left out.
    """
    known: dict[str, int] = {}
    for unit, system in linked_systems(plans, dimensions).items():
        if unit in records:
            counts = count_cells(system, plans, dimensions, records[unit]).rows
            known |= {system.name(i): int(count) for i, count in enumerate(counts) if count}
    return known
