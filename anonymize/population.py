"""Who may be counted: consent, withdrawal, delay, partners, duplicates. All else stays behind the door.

What is missing, unknown or contradictory is a no. The tally of what was left out, and why, is private.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vault import Vault

from .consenting import Asked, agreed_persons, consent_verdicts, grouped
from .joined import households_of, identity_of, join_pairs
from .policy import Policy

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Window:
    """The days a release covers.

    Attributes:
        period_to: Last day of the last closed quarter that is older than the delay.
        as_of: The day the vault was read.
    """

    period_to: datetime.date
    as_of: datetime.date


@dataclass(frozen=True)
class Person:
    """One person in one incident who may be counted, with everything that hangs on her."""

    row: Row
    acts: tuple[Row, ...] = ()
    outcomes: tuple[Row, ...] = ()
    requests: tuple[Row, ...] = ()
    household: str = ""  # the same for all who may be of one family

    @property
    def identity(self) -> str:
        """The same for all incidents of one person."""
        return identity_of(self.row)


@dataclass(frozen=True)
class Case:
    """One incident that may be counted, and its counted persons."""

    row: Row
    persons: tuple[Person, ...]
    source: Row


@dataclass(frozen=True)
class Population:
    """Everything that may be counted, and a private tally of what may not."""

    cases: tuple[Case, ...]
    funding: tuple[Row, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def person_ids(self) -> tuple[str, ...]:
        """The vault's identifiers of every counted person, for the ledger only."""
        return tuple(str(person.row["person_id"]) for case in self.cases for person in case.persons)


def closed_window(today: datetime.date, delay_days: int) -> Window:
    """Return the window that ends with the last quarter closed for at least `delay_days`.

    >>> closed_window(datetime.date(2026, 11, 22), 90).period_to
    datetime.date(2026, 6, 30)
    """
    latest = today - datetime.timedelta(days=delay_days)
    first_of_quarter = datetime.date(latest.year, (latest.month - 1) // 3 * 3 + 1, 1)
    return Window(period_to=first_of_quarter - datetime.timedelta(days=1), as_of=today)


def load_population(vault: Vault, policy: Policy, window: Window) -> Population:
    """Return everything in the vault that may be counted in a release of this window."""
    left_out: Counter[str] = Counter()
    # Whoever is not counted can still be the one who withdrew, or who accuses a guardian.
    persons = list(vault.rows("person"))
    acts = grouped(vault.rows("act"), "person_id")
    verdicts = consent_verdicts(vault, persons, acts, Asked(window.as_of, policy.minors_need_guardian))
    told = _told_incidents(vault)
    agreed = agreed_persons(persons, verdicts, told, left_out)
    countable = _countable_persons(_still_in_their_source(vault, agreed, left_out), acts, vault, window)
    sources = {row["incident_id"]: row for row in vault.rows("source")}
    cases = []
    for incident, tellings in told:
        counted = countable.get(incident["incident_id"], ())
        if reason := _reason_to_leave_out(incident, tellings, policy, window):
            left_out[reason] += 1
            if counted:
                left_out["persons: consent given, incident left out"] += len(counted)
        elif counted:
            row = {**incident, "public_exposure": _exposure(tellings)}
            cases.append(Case(row, tuple(counted), sources.get(incident["incident_id"], {})))
        else:
            left_out["incidents without a consenting person"] += 1
    asked = _asked_about(vault)
    funding = tuple(
        row
        for row in vault.rows("funding")
        if _in_window(row["month"], window) and row["source_id"] not in asked
    )
    return Population(tuple(cases), funding, dict(left_out))


def _asked_about(vault: Vault) -> set[str]:
    """Return the source rows that a newer export lacks, until a person says that they were only lost."""
    return {str(row["source_id"]) for row in vault.rows("vanished", "answer = 'ask'")}


def _superseded(vault: Vault) -> set[str]:
    """Return the source rows of which another version waits in quarantine: nobody knows yet what it says."""
    waiting = {
        key
        for row in vault.rows("quarantine", "status = 'waiting' AND record_key LIKE '%.%'")
        for key in [str(row["record_key"]).partition(".")[0]]
    }
    return {
        str(row["source_id"])
        for row in (vault.rows("source") if waiting else ())
        if str(row["record_key"]).partition(".")[0] in waiting
    }


def _still_in_their_source(vault: Vault, persons: Sequence[Row], left_out: Counter[str]) -> list[Row]:
    reasons = {
        "persons: gone from a newer export, not answered": _asked_about(vault),
        "persons: another version of their row waits in quarantine": _superseded(vault),
    }
    kept = list(persons)
    for reason, sources in reasons.items():
        before = len(kept)
        kept = [row for row in kept if row["source_id"] not in sources]
        if len(kept) < before:
            left_out[reason] += before - len(kept)
    return kept


def _countable_persons(
    agreed: Sequence[Row], acts: Mapping[str, Sequence[Row]], vault: Vault, window: Window
) -> dict[str, list[Person]]:
    """Return incident_id -> its persons who agreed, with all that hangs on them and is not too new."""
    # What is newer than the window would date an arrival or a change, also in an old case.
    outcomes, requests = (
        grouped((row for row in vault.rows(table) if _in_window(row[f"date_{table}"], window)), "person_id")
        for table in ("outcome", "request")
    )
    # All persons of the vault: who did not agree can still be the one who joins two households.
    households = households_of(vault.rows("person"))
    found: dict[str, list[Person]] = defaultdict(list)
    for row in agreed:
        key = row["person_id"]
        done, became, asked = (tuple(group.get(key, ())) for group in (acts, outcomes, requests))
        found[row["incident_id"]].append(Person(row, done, became, asked, households[key]))
    return found


def _told_incidents(vault: Vault) -> list[tuple[Row, Sequence[Row]]]:
    """Return every incident with all tellings of it; a repeated telling comes with none."""
    incidents = {row["incident_id"]: row for row in vault.rows("incident")}
    decided = vault.rows("duplicate", "kind = 'incident' AND decision = 'same'")
    pairs = ((row["left_id"], row["right_id"]) for row in decided)
    first = join_pairs(pair for pair in pairs if incidents.keys() >= set(pair))
    tellings: dict[str, list[Row]] = defaultdict(list)
    for key, row in incidents.items():
        tellings[first.get(key, key)].append(row)
    return [(row, tellings.get(key, ())) for key, row in incidents.items()]


def _exposure(tellings: Sequence[Row]) -> str | None:
    """Return how public an incident is: what one telling knows of the press holds for all."""
    exposed = [row["public_exposure"] for row in tellings if row["public_exposure"] not in (None, "none")]
    return exposed[0] if exposed else None


def _reason_to_leave_out(incident: Row, tellings: Sequence[Row], policy: Policy, window: Window) -> str:
    if not tellings:
        return "incidents decided to be duplicates"
    partners = any(row["reported_elsewhere"] == "partner" for row in tellings)
    if policy.exclude_reported_to_partner and partners:
        return "incidents that a partner counts"
    if incident["verification"] in policy.exclude_verification:
        return "incidents withdrawn as wrong"
    # The end and the report can be newer than the beginning: all must be older than the delay, or the
    # departure or arrival is dated.
    days = ("date_incident", "date_incident_to", "date_report")
    if not all(_in_window(incident[column], window) for column in days):
        return "incidents in a period that is not closed"
    return ""


def _in_window(day: str | None, window: Window) -> bool:
    """An unknown day counts as past: it is published as `not recorded`, which dates nothing."""
    return not day or datetime.date.fromisoformat(day[:10]) <= window.period_to
