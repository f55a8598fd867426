"""Look for records that are one: link what is sure, ask about what may be, leave the rest apart."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vault import Vault, append_custody

from .candidates import key_columns
from .decisions import PROGRAM, record_decision
from .engine import private_database, score_pairs
from .groups import Groups
from .judge import Finding, judge_pairs
from .records import Record, as_columns, load_records
from .signs import SIGNS


@dataclass(frozen=True)
class Found:
    """How many pairs are new: decided by the program, and waiting for a person."""

    linked: int = 0
    asked: int = 0


def find_duplicates(vault: Vault, *, now: datetime.datetime) -> Found:
    """Find pairs, join those that are sure, store those that ask.

    What was decided is kept; a pair is asked about once, and no link goes against a decision.
    """
    records = load_records(vault)
    findings = find_pairs(records)
    with vault.transaction():
        book = _Book(vault, records, now)
        for finding in findings:
            book.enter(finding)
        if book.linked:
            detail = f"{book.linked} pairs linked by score"
            append_custody(vault, "duplicate decided", now=now, detail=detail, actor_role="program")
    return Found(book.linked, book.asked)


def find_pairs(records: Sequence[Record]) -> list[Finding]:
    """Return the pairs of records that are or may be one, the strongest first."""
    keys = key_columns(records)
    if len(set(keys["key"])) == len(keys["key"]):
        return []  # nobody shares anything: spares loading the engine
    with private_database() as database:
        score_pairs(database, as_columns(records), keys, SIGNS)
        return list(judge_pairs(database, records, SIGNS))


class _Book:
    """The pairs on record, and what follows from them for a new one."""

    def __init__(self, vault: Vault, records: Sequence[Record], now: datetime.datetime) -> None:
        self.linked = self.asked = 0
        self._vault, self._records, self._now = vault, records, now
        self._incidents, self._persons = Groups(), Groups()
        self._told: dict[str, set[str]] = {}  # identity -> incidents in which it is recorded
        identity = {}
        for record in records:
            identity[record.person_id] = record.same_person_id
            self._told.setdefault(record.same_person_id, set()).add(record.incident_id)
        self._identity = identity
        self._linked_as: dict[frozenset[str], str] = {}  # incidents linked by this run -> id of the pair
        self._known: set[tuple[str, str, str]] = set()
        self._different: list[tuple[str, str, str]] = []
        for row in vault.rows("duplicate"):
            self._take(row)

    def _take(self, row: Any) -> None:
        kind, left, right = str(row["kind"]), str(row["left_id"]), str(row["right_id"])
        if kind == "person":
            if left not in self._identity or right not in self._identity:
                return
            left, right = self._identity[left], self._identity[right]
        self._known |= {(kind, left, right), (kind, right, left)}
        if row["decision"] == "same" and kind == "incident":
            self._incidents.join(left, right)
        elif row["decision"] == "different":
            self._different.append((kind, left, right))

    def enter(self, finding: Finding) -> None:
        """Store a finding if it says anything new."""
        left, right = (self._records[place] for place in finding.places)
        persons = (left.same_person_id, right.same_person_id)
        incidents = (left.incident_id, right.incident_id)
        is_incident = finding.kind == "incident"
        groups, pair = (self._incidents, incidents) if is_incident else (self._persons, persons)
        if is_incident and self._links_more(finding, incidents, persons, (left.person_id, right.person_id)):
            return
        if (finding.kind, *pair) in self._known or groups.of(pair[0]) == groups.of(pair[1]):
            return
        links = finding.links and self._may_join(persons) and not self._is_different(finding.kind, *pair)
        self._known |= {(finding.kind, *pair), (finding.kind, pair[1], pair[0])}
        ids = incidents if is_incident else (left.person_id, right.person_id)
        key = self._write(finding, ids)
        if not links:
            self.asked += 1
            return
        self.linked += 1
        joined = [(left.person_id, right.person_id)] if self._join(persons) else []
        groups.join(*pair)
        record_decision(self._vault, key, "same", decided_by=PROGRAM, now=self._now, joined=joined)
        if is_incident:
            self._linked_as[frozenset(pair)] = key

    def _links_more(
        self, finding: Finding, incidents: tuple[str, str], persons: tuple[str, str], ids: tuple[str, str]
    ) -> bool:
        """Join further persons of two incidents that this run has linked; return whether it did."""
        key = self._linked_as.get(frozenset(incidents))
        if key is None or not finding.links:
            return False
        if self._may_join(persons) and self._join(persons):
            record_decision(self._vault, key, "same", decided_by=PROGRAM, now=self._now, joined=[ids])
        return True

    def _write(self, finding: Finding, ids: Iterable[str]) -> str:
        left, right = ids
        key = self._vault.new_id()
        row = {
            "duplicate_id": key, "kind": finding.kind, "left_id": left, "right_id": right, "decision": "ask",
            "reason": "+".join(finding.signs), "bits": round(finding.bits, 1),
        }  # fmt: skip
        self._vault.insert("duplicate", [row])
        return key

    def _may_join(self, persons: tuple[str, str]) -> bool:
        """Whether two identities may be one: nobody is twice in one incident, nobody decided otherwise."""
        one, other = (self._persons.of(person) for person in persons)
        if one == other:
            return True
        return self._told[one].isdisjoint(self._told[other]) and not self._is_different("person", one, other)

    def _is_different(self, kind: str, one: str, other: str) -> bool:
        groups = self._incidents if kind == "incident" else self._persons
        pair = {groups.of(one), groups.of(other)}
        return any(
            kind == of_kind and {groups.of(left), groups.of(right)} == pair
            for of_kind, left, right in self._different
        )

    def _join(self, persons: tuple[str, str]) -> bool:
        one, other = (self._persons.of(person) for person in persons)
        if one == other:
            return False
        self._persons.join(one, other)
        self._told[one] |= self._told[other]
        return True
