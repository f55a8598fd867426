"""Vault to release: count, protect, write. Or ReleaseRefused, and nothing was written.

Only `release.db` is made here; pictures and pages are drawn from it by `reports`, and the front door has
the whole folder attacked by `anonymize.audit` before it is given its name.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from codebook import TOTAL, ReleaseRefused
from vault import Remembered, Vault, earlier_releases

from .catalogue import catalog_of, codes_of_release, fields_of_release
from .counting import CountedUnits, is_counted_gift, protect_all
from .dimensions import Coding
from .over_time import may_follow, record_classes, require_enough_change
from .periods import PeriodCodes, ShownCode
from .policy import Policy
from .population import Population, Window, closed_window, load_population
from .record_rows import ReleasedRecords, release_records
from .release_db import PublishedTable, ReleaseContents, write_release_db
from .release_evidence import bases_of, private_report, public_evidence
from .tables import ProtectedTable
from .units import CountedRows, count_units


@dataclass(frozen=True)
class ReleaseSettings:
    """What a release says about itself and its makers."""

    release_id: str
    group: str
    publisher: str
    licence: str
    licence_url: str
    contact: str
    base_url: str
    built_at: datetime.date
    record_delay_days: int
    contributing_organisations: int
    withheld_version: str
    group_ru: str = ""  # its name in Russian; empty = the same


@dataclass(frozen=True)
class BuiltRelease:
    """A release before it is drawn and attacked, and what the vault must remember once it is published.

    Attributes:
        public: What evidence.json may say.
        private: What the data officer is told: exact costs and who was left out; never written to a file.
    """

    release_id: str
    window: Window
    period_from: str
    rules_id: str
    supersedes: str
    tables: int
    remembered: Remembered = field(repr=False)
    public: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict, repr=False)


def build_release(
    vault: Vault,
    policy: Policy,
    settings: ReleaseSettings,
    folder: Path,
    *,
    step: Callable[[str], None] = lambda name: None,
) -> BuiltRelease:
    """Write `release.db` into an empty folder and return what must be remembered.

    Args:
        step: Told the name of each stage as it begins, for progress.

    Raises:
        ReleaseRefused: Nobody may be counted, or the policy cannot be met; with reason and remedy.
    """
    step("choosing who may be counted")
    window = closed_window(settings.built_at, settings.record_delay_days)
    population = load_population(vault, policy, window)
    _require_enough(population, policy)
    _require_first(vault, policy)
    require_enough_change(vault, population, window, policy)
    periods = PeriodCodes(window.period_to.year - policy.years_shown + 1, window.period_to)
    coding = Coding(vault.book, policy, periods)
    step("making records k-anonymous")
    records = _records_or_none(population, coding)
    step("rounding all tables together")
    units = count_units(population, coding)
    coding, empty = _without_empty_units(coding, units, population)
    shown = _publishable(vault, records, policy)
    counted = protect_all(vault, coding, units, population, shown)
    step("writing release.db")
    supersedes = (earlier_releases(vault) or ("",))[-1]
    write_release_db(folder / "release.db", _contents(coding, settings, window, counted, shown, supersedes))
    return BuiltRelease(
        settings.release_id,
        window,
        f"{periods.first_year}-01-01",
        policy.rules_id,
        supersedes,
        len(counted.tables),
        Remembered(counted.printed, population.person_ids, record_classes(shown), tuple(counted.amounts)),
        public=public_evidence(policy, counted, records, published=shown is not None),
        private={**private_report(population, counted, records), "tables_left_out": empty},
    )


def _publishable(vault: Vault, records: ReleasedRecords | None, policy: Policy) -> ReleasedRecords | None:
    """Return the records where they are asked for and safe beside those of earlier releases."""
    if records is None or not policy.records.publish:
        return None
    return records if may_follow(vault, records, policy.records.k) else None


def _require_enough(population: Population, policy: Policy) -> None:
    persons = {person.identity for case in population.cases for person in case.persons}
    households = {person.household for case in population.cases for person in case.persons}
    enough = min(len(persons), len(households)) >= policy.minimum_persons
    if not enough:
        raise ReleaseRefused(
            f"{len(persons)} persons of {len(households)} households may be counted; the policy asks for "
            f"{policy.minimum_persons} of each",
            remedy="see `withheld status`: record consent for statistics, or wait for more closed quarters",
        )


def _require_first(vault: Vault, policy: Policy) -> None:
    """Stop a release of exact numbers beside an earlier one: the two together give small changes away."""
    if policy.method == "suppression" and earlier_releases(vault):
        raise ReleaseRefused(
            "there is an earlier release, and exact numbers beside it would give small changes away",
            remedy="set method: rounding in policy.yml; suppression is for a report that no release precedes",
        )


def _records_or_none(population: Population, coding: Coding) -> ReleasedRecords | None:
    """Return the records that could be published; None where none could be and none are asked for."""
    try:
        return release_records(population, coding)
    except ReleaseRefused:
        if coding.policy.records.publish:
            raise
        return None


def _without_empty_units(
    coding: Coding, units: Mapping[str, CountedRows], population: Population
) -> tuple[Coding, tuple[str, ...]]:
    """Leave out tables of what the group does not record at all, such as help in a file about acts only."""
    recorded = {unit for unit, rows in units.items() if rows.persons}
    if any(is_counted_gift(row, coding) for row in population.funding):
        recorded.add("donations")  # no gift that counts would be printed as no gift at all
    tables = coding.policy.tables
    present = {name: table for name, table in tables.items() if table.unit in recorded}
    policy = replace(coding.policy, tables=present)
    return replace(coding, policy=policy), tuple(name for name in tables if name not in present)


def _contents(
    coding: Coding,
    settings: ReleaseSettings,
    window: Window,
    counted: CountedUnits,
    records: ReleasedRecords | None,
    supersedes: str,
) -> ReleaseContents:
    policy = coding.policy
    codes = codes_of_release(coding, records)
    tables = [
        PublishedTable(name, table.plan.columns, _rows_in_order(table, codes), catalog_of(coding, table))
        for name, table in counted.tables.items()
    ]
    return ReleaseContents(
        release=_release_keys(policy, settings, window, supersedes, periods=coding.periods),
        tables=sorted(tables, key=lambda table: list(policy.tables).index(table.name)),
        fields=fields_of_release(coding, records),
        codes=codes,
        caveats=_caveats(policy, settings, window),
        records=(records.columns, records.rows) if records else None,
    )


def _rows_in_order(
    table: ProtectedTable, codes: Mapping[str, Sequence[ShownCode]]
) -> list[tuple[object, ...]]:
    """Return the rows in the display order of their codes, totals first: the same whatever was counted."""
    place = {
        column: {TOTAL: -1, **{one.code: position for position, one in enumerate(codes[column])}}
        for column in table.plan.columns
    }
    ordered = sorted(
        table.rows, key=lambda row: [place[c][code] for c, code in zip(place, row.codes, strict=True)]
    )
    return [(*row.codes, row.value, row.lower, row.upper, row.obs_status, row.conf_status) for row in ordered]


def _release_keys(
    policy: Policy,
    settings: ReleaseSettings,
    window: Window,
    supersedes: str,
    *,
    periods: PeriodCodes,
) -> dict[str, object]:
    publisher = settings.publisher or settings.group
    return {
        "release_id": settings.release_id,
        "group_name": settings.group,
        "publisher": publisher,
        "licence": settings.licence,
        "licence_url": settings.licence_url,
        "contact": settings.contact,
        "base_url": settings.base_url,
        "built_at": settings.built_at.isoformat(),
        "period_from": f"{periods.first_year}-01-01",
        "period_to": window.period_to.isoformat(),
        "data_as_of": window.as_of.isoformat(),
        "rules_id": policy.rules_id,
        "k": policy.records.k,
        "method": policy.method,
        **bases_of(policy),
        **({"zeros": policy.zeros} if policy.method == "suppression" else {}),
        "threshold": policy.threshold,
        "threshold_sensitive": policy.threshold_sensitive,
        "share_rise_percent": policy.shares.rise_percent,
        "share_highest_percent": policy.shares.highest_percent,
        "supersedes": supersedes,
        "previous_releases": supersedes,
        "contributing_organisations": settings.contributing_organisations,
        "record_delay_days": settings.record_delay_days,
        "citation_title": f"{settings.group}: documented cases, {periods.first_year}–{window.period_to.year}",
        "citation_title_ru": (
            f"{settings.group_ru or settings.group}: "
            f"задокументированные случаи, {periods.first_year}–{window.period_to.year}"
        ),
        "citation_publisher": publisher,
        "citation_year": settings.built_at.year,
        "citation_url": settings.base_url,
        "language_default": "en",
        "withheld_version": settings.withheld_version,
        **_russian_names(settings),
    }


def _russian_names(settings: ReleaseSettings) -> dict[str, object]:
    if not settings.group_ru:
        return {}
    names: dict[str, object] = {"group_name_ru": settings.group_ru}
    if not settings.publisher:
        names |= {"publisher_ru": settings.group_ru, "citation_publisher_ru": settings.group_ru}
    return names


def _caveats(policy: Policy, settings: ReleaseSettings, window: Window) -> list[tuple[str, str]]:
    texts = yaml.safe_load(Path(__file__).with_name("caveats.yml").read_text(encoding="utf-8"))
    values = {
        "base": policy.base,
        "within": policy.base - 1,
        "base_sensitive": policy.base_sensitive,
        "within_sensitive": policy.base_sensitive - 1,
        "delay": settings.record_delay_days,
        "period_to": window.period_to.isoformat(),
        "k": policy.records.k,
    }
    return [
        (text["en"].format(**values), text["ru"].format(**values))
        for text in texts
        if text.get("method", policy.method) == policy.method
    ]
