"""The policy of a release: thresholds, money, records and tables, read once and passed as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codebook import Codebook, PolicyError, load_codebook
from codebook.settings import build_settings, overlay, read_yaml

from .crossings import require_crossings
from .tables import ZEROS

METHODS: Mapping[str, str] = {
    "rounding": "for releases that others follow; everything adds up",
    "suppression": "for one report with exact numbers; no release may come before it",
}
"""How counts of a release may be protected. Cell keys do not add up: `withheld protect --method cell-key`."""

PACKAGED_POLICY = Path(__file__).with_name("policy.yml")
PACKAGED_TABLES = Path(__file__).with_name("tables.yml")


@dataclass(frozen=True)
class MoneyPolicy:
    """Rules for sums of money."""

    currency: str
    base: int  # units of the currency
    minimum_contributors: int
    dominance_share: float  # 0..1
    p_percent: float  # percent
    exclude_channels: tuple[str, ...]


@dataclass(frozen=True)
class RecordsPolicy:
    """Rules for the records file."""

    publish: bool
    k: int  # records and households
    l: int  # noqa: E741 (the field's own name for it)
    max_suppressed_share: float  # 0..1
    loss: str
    sensitive: str
    quasi_identifiers: tuple[str, ...]


@dataclass(frozen=True)
class SharesPolicy:
    """How far a group that the family knows may stand out in a sensitive category."""

    rise_percent: int  # percentage points
    highest_percent: int  # percent


@dataclass(frozen=True)
class UnitLabel:
    """How a unit of counting is called."""

    label_en: str
    label_ru: str


@dataclass(frozen=True)
class DimensionPlan:
    """A column of tables: its levels from fine to coarse, its labels, and whether the family knows it."""

    levels: tuple[str, ...]
    label_en: str
    label_ru: str
    known: bool = False


@dataclass(frozen=True)
class PlannedTable:
    """One table as declared; `columns` maps each column to the finest level shown."""

    unit: str
    columns: Mapping[str, str]
    title_en: str
    title_ru: str
    only: Mapping[str, list[str]] = field(default_factory=dict)
    leave_out: Mapping[str, list[str]] = field(default_factory=dict)  # `unfinished`: a year still running
    stacked: str = ""


@dataclass(frozen=True)
class Policy:
    """All of it; see `policy.yml` and `tables.yml` for units and reasons."""

    rules_id: str
    method: str
    zeros: str
    threshold: int
    threshold_sensitive: int
    base: int
    base_sensitive: int
    minimum_persons: int
    minimum_new_persons: int
    minimum_changed_in_period: int
    shares: SharesPolicy
    minors_need_guardian: bool
    exclude_reported_to_partner: bool
    exclude_verification: tuple[str, ...]
    years_shown: int
    regions_shown: tuple[str, ...]
    money: MoneyPolicy
    records: RecordsPolicy
    units: Mapping[str, UnitLabel] = field(default_factory=dict)
    dimensions: Mapping[str, DimensionPlan] = field(default_factory=dict)
    tables: Mapping[str, PlannedTable] = field(default_factory=dict)


def load_policy(workspace: Path | None = None) -> Policy:
    """Return the packaged policy with a workspace's `policy.yml` on top and its `tables.yml` instead.

    Raises:
        PolicyError: A key is unknown, a value of the wrong type or looser than a rule allows.
    """
    values = read_yaml(PACKAGED_POLICY)
    if workspace and (workspace / "policy.yml").exists():
        values = overlay(values, read_yaml(workspace / "policy.yml"))
    own_tables = workspace / "tables.yml" if workspace else None
    built = _built_tables(own_tables if own_tables and own_tables.exists() else PACKAGED_TABLES)
    if misplaced := sorted(set(built) & set(values)):
        raise PolicyError(
            f"policy.yml: unknown keys: {', '.join(misplaced)}", remedy="write them in tables.yml"
        )
    policy: Policy = build_settings(Policy, {**values, **built}, "policy.yml")
    require_policy(policy)
    _require_codes(policy, load_codebook())
    return policy


_TABLE_PARTS: Mapping[str, type] = {"units": UnitLabel, "dimensions": DimensionPlan, "tables": PlannedTable}


def _built_tables(path: Path) -> dict[str, dict[str, Any]]:
    declared = read_yaml(path)
    unknown = sorted(str(key) for key in declared if key not in _TABLE_PARTS)
    if unknown:
        raise PolicyError(
            f"tables.yml: unknown keys: {', '.join(unknown)}", remedy="see the packaged tables.yml"
        )
    built: dict[str, dict[str, Any]] = {}
    for part, kind in _TABLE_PARTS.items():
        bodies = declared.get(part, {})
        if not isinstance(bodies, dict):
            raise PolicyError(
                f"tables.yml: {part}: a mapping is expected", remedy="see the packaged tables.yml"
            )
        built[part] = {
            name: build_settings(kind, body, f"tables.yml: {part}: {name}") for name, body in bodies.items()
        }
    return built


def require_policy(policy: Policy) -> None:
    """Stop on a policy that the method cannot keep or that contradicts itself.

    Raises:
        PolicyError: Names the key and the remedy.
    """
    checks = [
        (policy.method in METHODS, "method", "; ".join(f"{name}: {what}" for name, what in METHODS.items())),
        (policy.zeros in ZEROS, "zeros", "; ".join(f"{name}: {what}" for name, what in ZEROS.items())),
        (
            policy.method == "rounding" or not policy.records.publish,
            "records: publish",
            "records would fill withheld numbers in: publish them with method: rounding only",
        ),
        (policy.threshold >= 3, "threshold", "use 3 or more; 5 is the default"),
        (policy.threshold_sensitive >= policy.threshold, "threshold_sensitive", "at least the threshold"),
        (policy.base >= policy.threshold, "base", "at least the threshold (RULES section 4)"),
        (
            policy.base_sensitive >= policy.threshold_sensitive,
            "base_sensitive",
            "at least threshold_sensitive",
        ),
        (
            policy.base_sensitive % policy.base == 0,
            "base_sensitive",
            "a multiple of base, or totals cannot add up",
        ),
        (
            policy.minimum_persons >= policy.threshold_sensitive,
            "minimum_persons",
            "at least threshold_sensitive",
        ),
        (policy.minimum_new_persons >= 1, "minimum_new_persons", "1 or more; 100 is advised"),
        (policy.minimum_changed_in_period >= 1, "minimum_changed_in_period", "1 or more; 10 is the default"),
        (0 < policy.shares.rise_percent <= 100, "shares: rise_percent", "above 0 to 100; 10 is the default"),
        (
            0 < policy.shares.highest_percent <= 100,
            "shares: highest_percent",
            "above 0 to 100; 50 is the default",
        ),
        (policy.records.k >= 2, "records: k", "2 or more; 5 is the default"),
        (policy.records.l >= 1, "records: l", "1 or more; 2 is the default"),
        (
            0 <= policy.records.max_suppressed_share < 1,
            "records: max_suppressed_share",
            "a share from 0 to 1",
        ),
        (
            policy.money.minimum_contributors >= 3,
            "money: minimum_contributors",
            "3 or more; 5 is the default",
        ),
        (policy.money.base >= 1, "money: base", "1 or more units of the currency; 1000 is the default"),
        (0 < policy.money.dominance_share <= 1, "money: dominance_share", "a share from 0 to 1"),
        (0 < policy.money.p_percent <= 100, "money: p_percent", "above 0 to 100; 10 is the default"),
        (1 <= policy.years_shown <= 50, "years_shown", "1 to 50 years"),
    ]
    for holds, key, remedy in checks:
        if not holds:
            raise PolicyError(f"policy.yml: {key} is not allowed", remedy=remedy)
    for name, table in policy.tables.items():
        _require_table(policy, name, table)


def _require_table(policy: Policy, name: str, table: PlannedTable) -> None:
    if table.unit not in policy.units or not set(table.columns) <= set(policy.dimensions):
        raise PolicyError(
            f"tables.yml: table {name} names a unit or column that is not declared",
            remedy="declare it under units or dimensions",
        )
    for column, level in table.columns.items():
        if level not in policy.dimensions[column].levels:
            raise PolicyError(
                f"tables.yml: table {name}: column {column} has no level of that name",
                remedy=f"its levels are {', '.join(policy.dimensions[column].levels)}",
            )
    ladders = {column: policy.dimensions[column].levels for column in table.columns}
    require_crossings(name, table.columns, ladders)
    for key, columns in (("only", table.only), ("leave_out", table.leave_out)):
        for column, codes in columns.items():
            if not isinstance(codes, list):
                raise PolicyError(
                    f"tables.yml: table {name}: {key}: {column}: a list is expected",
                    remedy="write [code, code]",
                )


def _require_codes(policy: Policy, book: Codebook) -> None:
    """Stop on a misspelt code: it would leave out nothing, or show nothing, without a word."""
    regions = {
        code.code
        for code in book.code_lists["region"].codes.values()
        if code.parents["federal_district"] not in book.code_lists["region"].codes
    }
    checks = [
        ("regions_shown", policy.regions_shown, regions, "region"),
        ("exclude_verification", policy.exclude_verification, set(book.code_lists["verification"].codes),
         "verification"),
        ("money: exclude_channels", policy.money.exclude_channels, set(book.code_lists["channel"].codes),
         "channel"),
    ]  # fmt: skip
    for key, codes, known, name in checks:
        if not set(codes) <= known:
            raise PolicyError(
                f"policy.yml: {key} is not allowed",
                remedy=f"use codes of codebook/codes/{name}.csv; regions inside the country only",
            )
