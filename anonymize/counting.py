"""All units of a release through their protection: counts by rounding, money under its own rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vault import Amount, Printed, Vault, persons_of_last_release, printed_cells, released_amounts

from .comparisons import COMPARISONS, EVERYBODY, MEASURED_IN
from .dimensions import Coding, dimensions_of_unit
from .over_time import amounts_of, as_rows, changed_amounts, settled_amounts
from .population import Population
from .record_columns import record_list
from .record_rows import ReleasedRecords
from .tables import (
    Dimension,
    Known,
    MoneyRows,
    MoneyRules,
    Part,
    ProtectedTable,
    Protection,
    QuietRules,
    RoundingRules,
    ShareRules,
    SuppressionRules,
    TablePlan,
    UnitRows,
    linked_systems,
    printed_leaves,
    protect_money,
    protect_together,
    records_minimum,
    suppress_counts,
)
from .units import CountedRows, count_units

MONEY_UNITS = ("spending", "donations")
UNIT_OF_RECORDS = "persons"


@dataclass(frozen=True)
class CountedUnits:
    """Every table of a release as it may be published, and every print the vault must remember."""

    tables: Mapping[str, ProtectedTable]
    printed: Mapping[str, Printed] = field(repr=False)
    amounts: Sequence[Amount] = field(default=(), repr=False)
    reasons: Mapping[str, int] = field(default_factory=dict)  # cells withheld, by rule
    proofs: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict
    )  # unit -> is its pattern the least?


def plans_of_unit(coding: Coding, unit: str) -> list[TablePlan]:
    """Return the plans of all tables that count one unit."""
    return [
        TablePlan(
            name,
            unit,
            dict(table.columns),
            only={column: tuple(codes) for column, codes in table.only.items()},
            stacked=table.stacked,
            leave_out={column: _left_out(coding, codes) for column, codes in table.leave_out.items()},
        )
        for name, table in coding.policy.tables.items()
        if table.unit == unit
    ]


def _left_out(coding: Coding, codes: Sequence[str]) -> tuple[str, ...]:
    """Return codes not to be shown; `unfinished` stands for the last year where it is not over."""
    unfinished = coding.periods.unfinished_year
    return tuple(
        unfinished if code == "unfinished" else code for code in codes if code != "unfinished" or unfinished
    )


def protect_all(
    vault: Vault,
    coding: Coding,
    units: Mapping[str, CountedRows],
    population: Population,
    records: ReleasedRecords | None,
) -> CountedUnits:
    """Protect every table of the policy, each unit as one linked system.

    Raises:
        ReleaseRefused: A unit cannot be protected; names its tables.
    """
    last_prints = {cell: (one.true_count, one.printed) for cell, one in printed_cells(vault).items()}
    protections: list[Protection] = []
    amounts: list[Amount] = []
    reasons: dict[str, int] = {}
    proofs: dict[str, dict[str, object]] = {}
    to_round: dict[str, Part] = {}
    for unit in coding.policy.units:
        plans = plans_of_unit(coding, unit)
        if not plans:
            continue
        dimensions = dimensions_of_unit(coding, unit)
        known = Known(last_prints, _proven_by_records(unit, plans, dimensions, population, coding, records))
        if unit in MONEY_UNITS:
            protection, behind = _protect_money(
                vault, coding, (plans, dimensions), _money_rows(unit, units, population, coding), known
            )
            amounts += behind
        else:
            counted = _unit_rows(units[unit])
            if coding.policy.method != "suppression":
                to_round[unit] = Part(plans, dimensions, counted, known)
                continue
            rules = _suppression_rules(coding)
            protection, found, proof = suppress_counts(plans, dimensions, {unit: counted}, rules)
            reasons = {name: reasons.get(name, 0) + count for name, count in found.items()}
            proofs |= proof
        protections.append(protection)
    for of_money in protections:
        _know_amounts(to_round, of_money.tables, coding.policy.money.minimum_contributors)
    protections.append(protect_together(to_round, _rules(vault, coding), COMPARISONS))
    tables = {name: table for one in protections for name, table in one.tables.items()}
    in_order = {name: tables[name] for name in coding.policy.tables if name in tables}
    return CountedUnits(in_order, _printed(protections, coding.policy.base), amounts, reasons, proofs)


def _printed(protections: Sequence[Protection], base: int) -> dict[str, Printed]:
    return {
        cell: Printed(true, print_, base)
        for protection in protections
        for cell, (true, print_) in protection.ledger.items()
    }


def _know_amounts(
    to_round: dict[str, Part], tables: Mapping[str, ProtectedTable], minimum_contributors: int
) -> None:
    """Let requests be rounded with what shown amounts prove: so many households were given that help."""
    part = to_round.get("requests")
    if part is None:
        return
    rows = part.rows.codes
    met = Counter(
        (need, period[:4])
        for need, period, result in zip(
            rows["need_category"], rows["period"], rows["request_result"], strict=True
        )
        if result == "met"
    )
    proven: dict[str, int] = {}
    for table in tables.values():
        if table.plan.unit != "spending" or set(table.plan.columns) != {"need_category", "period"}:
            continue
        for row in table.rows:
            codes = dict(zip(table.plan.columns, row.codes, strict=True))
            need, period = codes["need_category"], codes["period"]
            # An amount may be that of an earlier release, of which a request is gone meanwhile.
            if row.value is not None and met[need, period] >= minimum_contributors:
                name = f"requests|need_category={need}|period={period}|request_result=met"
                proven[name] = minimum_contributors
    known = replace(part.known, minimum={**part.known.minimum, **proven})
    to_round["requests"] = replace(part, known=known)


def _rules(vault: Vault, coding: Coding) -> RoundingRules:
    policy = coding.policy
    last_day, _, _ = persons_of_last_release(vault)
    known = frozenset(name for name, one in policy.dimensions.items() if one.known)
    shares = policy.shares.rise_percent / 100, policy.shares.highest_percent / 100
    return RoundingRules(
        vault.rounding_key,
        policy.base,
        policy.base_sensitive,
        policy.threshold,
        policy.threshold_sensitive,
        shares=ShareRules(known, *shares, everybody=EVERYBODY),
        quiet=QuietRules(
            "period", coding.periods.not_closed_on(last_day), policy.minimum_changed_in_period, MEASURED_IN
        ),
    )


def _protect_money(
    vault: Vault,
    coding: Coding,
    planned: tuple[list[TablePlan], Mapping[str, Dimension]],
    rows: MoneyRows,
    known: Known,
) -> tuple[Protection, list[Amount]]:
    """Protect the tables of one unit of money; return also the contributions that stand behind them."""
    (plans, dimensions), rules = planned, _money_rules(vault, coding)
    unit = plans[0].unit
    # A year that is no longer shown has no code any more: what was printed of it is not printed again.
    before = [
        one
        for one in released_amounts(vault)
        if one.unit == unit
        and all(c not in dimensions or code in dimensions[c].leaves for c, code in one.codes)
    ]
    is_printed = printed_leaves(linked_systems(plans, dimensions)[unit], dimensions, known.ledger)
    settled = settled_amounts(before, amounts_of(vault, unit, rows), is_printed, rules)
    changed = changed_amounts(before, settled)
    protection = protect_money(
        plans,
        dimensions,
        {unit: as_rows(settled)},
        rules,
        known=known,
        changed={unit: changed} if changed else None,
    )
    return protection, settled


def _suppression_rules(coding: Coding) -> SuppressionRules:
    policy = coding.policy
    return SuppressionRules(policy.threshold, policy.threshold_sensitive, policy.zeros)


def is_counted_gift(row: Mapping[str, Any], coding: Coding) -> bool:
    """Return whether a row of funding is in the currency and a channel that the policy counts."""
    channel = row["channel"] or "other"
    return row["funding_currency"] == coding.currency and channel not in coding.policy.money.exclude_channels


def _money_rules(vault: Vault, coding: Coding) -> MoneyRules:
    money = coding.policy.money
    return MoneyRules(
        vault.rounding_key, money.base, money.minimum_contributors, money.dominance_share, money.p_percent
    )


def _unit_rows(rows: CountedRows) -> UnitRows:
    return UnitRows(rows.codes, rows.persons, rows.households, rows.incidents)


def _money_rows(
    unit: str, units: Mapping[str, CountedRows], population: Population, coding: Coding
) -> MoneyRows:
    if unit == "spending":
        rows = units[unit]
        # A household is one contributor: four sisters' tickets are one family's secret.
        return MoneyRows(rows.codes, [round(amount) for amount in rows.amounts], rows.households)
    level = coding.period_level(unit)
    gifts = [row for row in population.funding if is_counted_gift(row, coding)]
    codes = {
        "channel": [row["channel"] or "other" for row in gifts],
        "period": [coding.periods.code_of(row["month"], "month", level) for row in gifts],
    }
    return MoneyRows(
        codes,
        [round(row["amount"] or 0) for row in gifts],
        [""] * len(gifts),
        [row["donor_count"] or 0 for row in gifts],
        [None if row["largest_amount"] is None else round(row["largest_amount"]) for row in gifts],
    )


def _proven_by_records(
    unit: str,
    plans: list[TablePlan],
    dimensions: Mapping[str, Dimension],
    population: Population,
    coding: Coding,
    records: ReleasedRecords | None,
) -> dict[str, int]:
    """Return what the published records alone prove about the cells of the unit they belong to."""
    if unit != UNIT_OF_RECORDS or records is None:
        return {}
    shown = set(records.positions)
    cases = tuple(
        replace(case, persons=tuple(p for n, p in enumerate(case.persons) if (position, n) in shown))
        for position, case in enumerate(population.cases)
    )
    kept = replace(population, cases=tuple(case for case in cases if case.persons))
    proven = records_minimum(plans, dimensions, {unit: _unit_rows(count_units(kept, coding)[unit])})
    shown_codes = {
        column: {one.code for one in records.codes[record_list(column)]} for column in records.columns
    }
    return {cell: count for cell, count in proven.items() if _is_shown(cell, shown_codes)}


def _is_shown(cell: str, shown_codes: Mapping[str, set[str]]) -> bool:
    """Return whether records show every coordinate of a cell at its own level: only then do they prove it."""
    coordinates = [part.partition("=") for part in cell.split("|")[1:]]
    return all(code in shown_codes.get(column, ()) for column, _, code in coordinates)
