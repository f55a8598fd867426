"""What was decided about two records: kept for good, undone without loss, applied to who is the same person.

A decision stands for the records by their ids, which a newer export keeps. What a person decided the program
never changes; a decision that is taken back leaves its history.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from codebook import UsageError
from vault import Vault, append_custody

from .joining import join_persons, persons_of_incidents, separate_persons

DECISIONS = ("same", "different", "ask")
PROGRAM, PERSON = "program", "person"  # who decided
_FIELDS = ("duplicate_id", "kind", "left_id", "right_id", "decision", "reason", "decided_by")


@dataclass(frozen=True)
class Candidate:
    """Two records that are or may be one; ids mean nothing outside the vault.

    Attributes:
        kind: `incident` (one incident told twice) or `person` (one person in two incidents).
        reason: Which signs agree, e.g. `given+family+phone`; no values.
        bits: Evidence in bits, 0 is even odds.
        decided_by: `program`, `person`, or empty while nobody has.
    """

    duplicate_id: str
    kind: str
    left_id: str
    right_id: str
    decision: str
    reason: str
    decided_by: str
    bits: float

    @property
    def band(self) -> str:
        """How strong the evidence is, in a word."""
        return "likely" if self.bits >= 4 else "open" if self.bits >= 0 else "weak"


def list_candidates(vault: Vault, decision: str = "ask") -> list[Candidate]:
    """Return the candidates with a decision, those that ask by default, the strongest first."""
    found = [
        Candidate(**{name: str(row[name] or "") for name in _FIELDS}, bits=float(row["bits"] or 0))
        for row in vault.rows("duplicate", "decision = ?", [decision])
    ]
    return sorted(found, key=lambda one: (-one.bits, one.duplicate_id))


def decide(
    vault: Vault,
    duplicate_id: str,
    decision: str,
    *,
    now: datetime.datetime,
    actor_role: str = "data officer",
) -> None:
    """Record what a person decided about a candidate.

    `same` for an incident leaves the right one out of every count, and joins the persons who are in both;
    `same` for a person joins her records. Both records and their provenance stay. Any other decision takes
    such a joining back.

    Raises:
        UsageError: There is no such candidate or decision.
    """
    require_candidate(vault, duplicate_id)
    if decision not in DECISIONS:
        raise _unknown()
    with vault.transaction():
        row = next(vault.rows("duplicate", "duplicate_id = ?", [duplicate_id]))
        if row["decision"] == "same" and decision != "same":
            separate_persons(vault, duplicate_id)
        joined = _pairs_to_join(vault, row) if decision == "same" and row["decision"] != "same" else None
        record_decision(vault, duplicate_id, decision, decided_by=PERSON, now=now, joined=joined)
        append_custody(vault, "duplicate decided", now=now, detail=decision, actor_role=actor_role)


def require_candidate(vault: Vault, duplicate_id: str) -> None:
    """Refuse an id that no candidate has."""
    if not vault.count("duplicate", "duplicate_id = ?", [duplicate_id]):
        raise _unknown()


def record_decision(
    vault: Vault,
    duplicate_id: str,
    decision: str,
    *,
    decided_by: str,
    now: datetime.datetime,
    joined: Iterable[tuple[str, str]] | None = None,
) -> None:
    """Write a decision and its history; `joined` are the pairs of persons who become one."""
    pairs = [list(pair) for pair in joined or ()]
    changes: dict[str, dict[str, str]] = {}
    for left, right in pairs:
        join_persons(vault, left, right, changes)
    day = now.date().isoformat()
    made = {"decision": decision, "decided_on": day, "decided_by": decided_by}
    vault.update("duplicate", duplicate_id, made)
    entry = {
        **made, "duplicate_decision_id": vault.new_id(), "duplicate_id": duplicate_id,
        "joined_json": json.dumps({"pairs": pairs, "before": changes}),
    }  # fmt: skip
    vault.insert("duplicate_decision", [entry])


def _pairs_to_join(vault: Vault, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    left, right = str(row["left_id"]), str(row["right_id"])
    return [(left, right)] if row["kind"] == "person" else persons_of_incidents(vault, left, right)


def _unknown() -> UsageError:
    return UsageError(
        "there is no such candidate or decision",
        remedy="see `withheld duplicates list`; same, different or ask",
    )
