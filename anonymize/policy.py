"""The policy of a release: thresholds, money, records and tables, read once and passed as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codebook import PolicyError
from codebook.settings import build_settings, overlay, read_yaml

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
class UnitLabel:
    """How a unit of counting is called."""

    label_en: str
    label_ru: str


@dataclass(frozen=True)
class DimensionPlan:
    """A column of tables: its levels from fine to coarse and its labels."""

    levels: tuple[str, ...]
    label_en: str
    label_ru: str


@dataclass(frozen=True)
class PlannedTable:
    """One table as declared; `columns` maps each column to the finest level shown."""

    unit: str
    columns: Mapping[str, str]
    title_en: str
    title_ru: str
    only: Mapping[str, list[str]] = field(default_factory=dict)
    stacked: str = ""


@dataclass(frozen=True)
class Policy:
    """All of it; see `policy.yml` and `tables.yml` for units and reasons."""

    rules_id: str
    threshold: int
    threshold_sensitive: int
    base: int
    base_sensitive: int
    minimum_persons: int
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
    declared = read_yaml(own_tables if own_tables and own_tables.exists() else PACKAGED_TABLES)
    unknown = sorted(set(declared) - {"units", "dimensions", "tables"})
    if unknown:
        raise PolicyError(
            f"tables.yml: unknown keys: {', '.join(unknown)}", remedy="see the packaged tables.yml"
        )
    parts = {"units": UnitLabel, "dimensions": DimensionPlan, "tables": PlannedTable}
    built: dict[str, dict[str, Any]] = {
        part: {
            name: build_settings(kind, body, f"tables.yml: {part}: {name}")
            for name, body in declared.get(part, {}).items()
        }
        for part, kind in parts.items()
    }
    policy: Policy = build_settings(Policy, {**values, **built}, "policy.yml")
    require_policy(policy)
    return policy


def require_policy(policy: Policy) -> None:
    """Stop on a policy that the method cannot keep or that contradicts itself.

    Raises:
        PolicyError: Names the key and the remedy.
    """
    checks = [
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
        (0 < policy.money.dominance_share <= 1, "money: dominance_share", "a share from 0 to 1"),
        (1 <= policy.years_shown <= 50, "years_shown", "1 to 50 years"),
    ]
    for holds, key, remedy in checks:
        if not holds:
            raise PolicyError(f"policy.yml: {key} is not allowed", remedy=remedy)
    for name, table in policy.tables.items():
        if table.unit not in policy.units or not set(table.columns) <= set(policy.dimensions):
            raise PolicyError(
                f"tables.yml: table {name} names a unit or column that is not declared",
                remedy="declare it under units or dimensions",
            )
