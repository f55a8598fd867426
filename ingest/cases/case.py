"""A case before it is stored: an incident, its persons, perpetrators, who did what to whom."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class ActSet:
    """Acts that were recorded together: each of them by each of the perpetrators named with them.

    Attributes:
        perpetrator: 1-based number of the perpetrator meant; 0 where the relationships say who.
    """

    codes: list[str]
    relationships: list[str]
    fields: dict[str, Any] = field(default_factory=dict)
    perpetrator: int = 0


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """The identifiers of a person on record; they outlive a change of her row."""

    person_id: str
    same_person_id: str
    household_id: str


@dataclass(slots=True)
class PersonDraft:
    """One person of a case.

    Attributes:
        row: Position, among the rows of the case that are stored, of the row that speaks of the person.
        kept: Who the person is on record, where the row replaces an earlier version of itself.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    act_sets: list[ActSet] = field(default_factory=list)
    relationships: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    consents: dict[str, str] = field(default_factory=dict)
    consent_fields: dict[str, Any] = field(default_factory=dict)
    row: int = 0
    kept: "KeptPerson | None" = None


@dataclass(slots=True)
class PerpetratorDraft:
    """One alleged perpetrator of a case; the relationship is the one that stands with him, if any does."""

    fields: dict[str, Any] = field(default_factory=dict)
    relationships: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """What one record says, or the rows of a file that are one incident."""

    incident: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    persons: list[PersonDraft] = field(default_factory=list)
    perpetrators: list[PerpetratorDraft] = field(default_factory=list)
    funding: dict[str, Any] = field(default_factory=dict)
    context_event: dict[str, Any] = field(default_factory=dict)
