"""What a synthetic group is made of, before it is written into files.

A `Person` is one human being; an `Involvement` that person in one case; a `Case` one record of one channel.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from .names import FullName


@dataclass
class Person:
    """One invented human being, over all incidents."""

    number: int
    name: FullName
    sex: str
    sogi: str
    birth: date
    people: str
    region: str
    phone: str  # ten digits, no country code
    handle: str
    document: str
    household: int
    incidents: int = 0


@dataclass(frozen=True)
class Consent:
    """Consent of one person in one case, to anonymous statistics."""

    status: str  # code of consent_status; "" = the cell is empty
    given_by: str = ""
    guardian: str = ""  # code of relationship
    given_on: date | None = None
    expires: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Help:
    """One request for help; costs in roubles."""

    need: str
    status: str
    urgency: str
    asked: datetime
    answered: datetime | None
    cost: float | None
    operational: dict[str, str]


@dataclass
class Involvement:
    """One person in one case."""

    person: Person
    age: int | None
    marital: str
    children: int | None
    acts: tuple[str, ...]
    relationships: tuple[str, ...]
    consent: Consent
    outcome: str
    outcome_on: date | None
    justice: str
    requests: list[Help] = field(default_factory=list)


@dataclass
class Case:
    """One record of one channel; a duplicate is a second case with the same `incident`."""

    incident: int
    channel: str
    situation: str
    date_from: date
    date_to: date | None
    precision: str
    reported: date
    region: str
    settlement: tuple[str, str]  # Cyrillic, Latin; ("", "") where not known
    coordinates: tuple[float, float] | None
    place_type: str
    time_of_day: str
    motives: tuple[str, ...]
    number_perpetrators: int | None
    repeated: str
    verification: str
    connection: str
    exposure: str
    elsewhere: str
    staff: int
    people: list[Involvement]
    code: str = ""
    hopeless: str = ""  # why ingest must put it into quarantine
    vanished: bool = False  # in an earlier export and no longer in this one: drawn, not written
    edited: str = ""  # field of the codebook that was corrected since the earlier export
    new: bool = False  # in no earlier export

    @property
    def countable(self) -> list["Involvement"]:
        """The persons who may be counted: consent given, not expired, guardian not a perpetrator."""
        return [one for one in self.people if is_countable(one)]


def is_countable(one: Involvement) -> bool:
    """Return whether the consent of a person counts as yes (RULES rules 1 and 6)."""
    consent = one.consent
    return consent.status == "given" and consent.expires is None and consent.guardian not in one.relationships
