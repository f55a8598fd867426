"""Records that may be one and the same: found by keyed fingerprints, decided by a person, the decision kept.

A shared phone, handle or name only asks. The same words in two accounts are no sign: exiled families share
them.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from codebook import UsageError
from vault import Vault, append_custody

NEAR_DAYS = 30  # days between two dates of incident that may be one incident told twice
MAXIMUM_SHARED = 40  # records behind one fingerprint; more of them is a hotline's own number or a common name
ASKING = frozenset({"phone", "handle", "name"})
SURE = frozenset({"person_code", "document", "phone_name", "name_birth"})
DECISIONS = ("same", "different", "ask")


@dataclass(frozen=True)
class Candidate:
    """Two records that may be one; ids mean nothing outside the vault.

    Attributes:
        kind: `incident` (one incident told twice) or `person` (one person in two incidents).
        reason: Which signs agree, e.g. `name+phone`; no values.
    """

    duplicate_id: str
    kind: str
    left_id: str
    right_id: str
    decision: str
    reason: str


def find_duplicates(vault: Vault) -> int:
    """Look for candidates, store those that are new with the decision `ask`, and return how many are new.

    Decisions that were made are kept; a pair is asked about once.
    """
    persons = {str(row["person_id"]): row for row in vault.rows("person")}
    incidents = {str(row["incident_id"]): row for row in vault.rows("incident")}
    sources = _source_of_incidents(vault)
    known = {frozenset((str(row["left_id"]), str(row["right_id"]))) for row in vault.rows("duplicate")}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for kind, left, right in _pairs(vault, persons):
        pair = _candidate(persons[left], persons[right], incidents, sources)
        if pair and (pair[0] == "incident" or kind in ("phone", "handle")):
            found[pair].add(kind)
    new = [
        {
            "duplicate_id": vault.new_id(), "kind": kind, "left_id": left, "right_id": right,
            "decision": "ask",             "reason": "+".join(sorted(signs)), "decided_on": None,
        }
        for (kind, left, right), signs in sorted(found.items())
        if frozenset((left, right)) not in known
    ]  # fmt: skip
    with vault.transaction():
        vault.insert("duplicate", new)
    return len(new)


def list_candidates(vault: Vault, decision: str = "ask") -> list[Candidate]:
    """Return the candidates with a decision, those that ask by default."""
    return [
        Candidate(**{name: str(row[name]) for name in Candidate.__dataclass_fields__})
        for row in vault.rows("duplicate", "decision = ?", [decision])
    ]


def decide(
    vault: Vault,
    duplicate_id: str,
    decision: str,
    *,
    now: datetime.datetime,
    actor_role: str = "data officer",
) -> None:
    """Record what a person decided about a candidate.

    `same` for an incident leaves the right one out of every count, and joins the persons who share a sign;
    `same` for a person joins her records. Both records and their provenance stay.

    Raises:
        UsageError: There is no such candidate or decision.
    """
    rows = list(vault.rows("duplicate", "duplicate_id = ?", [duplicate_id]))
    if not rows or decision not in DECISIONS:
        raise UsageError(
            "there is no such candidate or decision",
            remedy="see `withheld duplicates list`; same, different or ask",
        )
    with vault.transaction():
        changes = {"decision": decision, "decided_on": now.date().isoformat()}
        vault.update("duplicate", duplicate_id, changes)
        if decision == "same":
            for left, right in _persons_to_join(vault, rows[0]):
                _join_persons(vault, left, right)
        append_custody(vault, "duplicate decided", now=now, detail=decision, actor_role=actor_role)


def _source_of_incidents(vault: Vault) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in vault.rows("source", "incident_id IS NOT NULL"):
        found[str(row["incident_id"])].add(str(row["source_name"]))
    return found


def _pairs(vault: Vault, persons: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, person, person) for every two persons behind one fingerprint."""
    by_print: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in vault.rows("match_key"):
        if row["kind"] in ASKING | SURE and row["person_id"] in persons:
            by_print[(str(row["kind"]), str(row["fingerprint"]))].append(str(row["person_id"]))
    for (kind, _), members in by_print.items():
        if 1 < len(members) <= MAXIMUM_SHARED:
            for left, right in combinations(members, 2):
                yield kind, left, right


def _candidate(
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    incidents: Mapping[str, Mapping[str, Any]],
    sources: Mapping[str, set[str]],
) -> tuple[str, str, str] | None:
    """Return what two persons who share a sign may be: one incident told twice, or one person in two."""
    one, other = str(left["incident_id"]), str(right["incident_id"])
    if one == other:
        return None
    first, second = sorted((one, other))
    across = sources.get(one, set()).isdisjoint(sources.get(other, set()))
    if across and _near(incidents[one], incidents[other]):
        return ("incident", first, second)
    if left["same_person_id"] == right["same_person_id"]:
        return None
    persons = sorted((str(left["person_id"]), str(right["person_id"])))
    return ("person", persons[0], persons[1])


def _near(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two dates of incident may be the same; a date that is not known to the day may be."""
    dates = [str(one["date_incident"] or "")[:10] for one in (left, right)]
    if not all(dates):
        return True
    years = {date[:4] for date in dates}
    if any(one["date_precision"] in ("year", "unknown", "estimate") for one in (left, right)):
        return len(years) == 1
    first, second = (datetime.date.fromisoformat(date) for date in dates)
    return abs((first - second).days) <= NEAR_DAYS


def _persons_to_join(vault: Vault, candidate: Mapping[str, Any]) -> list[tuple[str, str]]:
    left, right = str(candidate["left_id"]), str(candidate["right_id"])
    if candidate["kind"] == "person":
        return [(left, right)]
    prints = _prints_of(vault, left), _prints_of(vault, right)
    return sorted({(prints[0][one], prints[1][one]) for one in prints[0].keys() & prints[1].keys()})


def _prints_of(vault: Vault, incident_id: str) -> dict[str, str]:
    found = {}
    for person in list(vault.rows("person", "incident_id = ?", [incident_id])):
        for row in vault.rows("match_key", "person_id = ?", [person["person_id"]]):
            if row["kind"] in ASKING | SURE:
                found[str(row["fingerprint"])] = str(person["person_id"])
    return found


def _join_persons(vault: Vault, left: str, right: str) -> None:
    """Make two person records one person, and their households one."""
    kept, gone = (next(vault.rows("person", "person_id = ?", [one])) for one in (left, right))
    for column in ("same_person_id", "household_id"):
        if kept[column] and gone[column] and kept[column] != gone[column]:
            for row in list(vault.rows("person", f"{column} = ?", [gone[column]])):
                vault.update("person", row["person_id"], {column: kept[column]})
