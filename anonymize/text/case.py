"""One case for a quotation: its narratives, what the vault knows to identify its people, and their consent.

Consent fails closed: every affected person of the incident must have given the scope `media`; a refusal or a
withdrawal in any of her records ends it.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from anonymize.consenting import consent_verdict
from anonymize.joined import identity_of
from codebook import ReleaseRefused, UsageError
from vault import Vault

from .known import KnownIdentifiers

SCOPE = "media"  # of list consent_scope: "Story or quote in media", needed for the narrative
_ADULT = 18  # years
_PERSON_NAMES = ("name", "other_names", "patronymic")
_PERSON_CODES = ("external_id", "household_external_id", "phone", "email", "social_handle", "document_number")
_INCIDENT_PLACES = ("settlement", "district", "place_from", "place_to")
_REQUEST_PLACES = (
    "provider", "provider_city", "route", "ticket_from", "ticket_to", "border_point", "destination",
)  # fmt: skip


@dataclass(frozen=True)
class QuotedCase:
    """An incident whose narrative may be quoted; holds what identifies, so it is never shown or logged.

    Attributes:
        names_kept: Whether the vault holds names of the affected persons in the clear.
        prints: Keyed prints of the names of these persons, (kind, print).
    """

    incident_id: str
    narrative: str = field(repr=False)
    known: KnownIdentifiers = field(repr=False)
    names_kept: bool = False
    prints: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def load_case(
    vault: Vault, case_code: str, *, today: datetime.date, number: int = 0, also: Sequence[str] = ()
) -> QuotedCase:
    """Return the incident of a case code whose narrative is to be quoted.

    Args:
        number: Which narrative, from 1, where the case has several; 0 where it has one.
        also: Names that the person at the keyboard knows to belong to the case.

    Raises:
        UsageError: No such case, no narrative, or several and none chosen.
        ReleaseRefused: Somebody of the incident has not consented to quotations.
    """
    incidents = [row for row in _incidents(vault, case_code) if str(row["narrative"] or "").strip()]
    if not incidents:
        raise UsageError("no case of that code has a narrative", remedy="check the code in your case files")
    if not number and len(incidents) > 1:
        raise UsageError(
            f"the case has {len(incidents)} narratives", remedy="choose one: --narrative 1, --narrative 2 ..."
        )
    if number > len(incidents):
        raise UsageError(
            "the case has fewer narratives than that", remedy=f"--narrative 1 to {len(incidents)}"
        )
    return case_of_incident(vault, incidents[max(number - 1, 0)], today=today, also=also)


def case_of_incident(
    vault: Vault, incident: dict[str, Any], *, today: datetime.date, also: Sequence[str] = ()
) -> QuotedCase:
    """Return one incident for a quotation; as `load_case`."""
    persons = list(vault.rows("person", "incident_id = ?", [incident["incident_id"]]))
    records = [record for one in persons for record in _records_of(vault, one)]
    require_consent(vault, persons, today=today)
    names = [" ".join(str(row[one]) for one in _PERSON_NAMES if row[one]) for row in records]
    perpetrators = list(vault.rows("perpetrator", "incident_id = ?", [incident["incident_id"]]))
    names += [str(row["perpetrator_name"]) for row in perpetrators if row["perpetrator_name"]]
    places = [str(incident[one]) for one in _INCIDENT_PLACES if incident[one]]
    places += [str(row["unit_or_office"]) for row in perpetrators if row["unit_or_office"]]
    places += [place for record in records for place in _places_of(vault, record)]
    codes = [str(incident["external_id"] or "")]
    codes += [str(row[one]) for row in records for one in _PERSON_CODES if row[one]]
    prints = [
        (row["kind"], row["fingerprint"])
        for record in records
        for row in vault.rows("match_key", "person_id = ?", [record["person_id"]])
    ]
    known = KnownIdentifiers(_given(names, also), _given(places), _given(codes))
    return QuotedCase(
        str(incident["incident_id"]),
        str(incident["narrative"]),
        known,
        any(row["name"] for row in records),
        tuple(dict.fromkeys(prints)),
    )


def with_known_words(case: QuotedCase, is_known_word: Callable[[str], bool]) -> KnownIdentifiers:
    """Return the identifiers of a case with a judge of words by the keyed prints of its names."""
    known = case.known
    return KnownIdentifiers(known.persons, known.places, known.codes, is_known_word)


def require_consent(vault: Vault, persons: Sequence[dict[str, Any]], *, today: datetime.date) -> None:
    """Refuse where one of the persons has not consented to quotations.

    Raises:
        ReleaseRefused: One has not, or there is no person at all.
    """
    verdicts = [_verdict(vault, one, today) for one in persons]
    refused = sum(one != "given" for one in verdicts)
    if refused or not verdicts:
        raise ReleaseRefused(
            f"{refused} of {len(verdicts)} persons of this incident have not consented to be quoted",
            remedy=f"ask them; then `withheld consent set --case CODE --scope {SCOPE} --status given`",
        )


def _verdict(vault: Vault, person: dict[str, Any], today: datetime.date) -> str:
    """Return the strictest verdict over all records of one person."""
    records = _records_of(vault, person)
    decisions = [row for one in records for row in _hers(vault, "consent", one) if row["scope"] == SCOPE]
    acts = [row for one in records for row in _hers(vault, "act", one)]
    ages = [one["age"] for one in records if one["age"] is not None]
    return consent_verdict(decisions, acts, today, minor=any(age < _ADULT for age in ages))


def _hers(vault: Vault, table: str, person: dict[str, Any]) -> list[dict[str, Any]]:
    return list(vault.rows(table, "person_id = ?", [person["person_id"]]))


def _records_of(vault: Vault, person: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all records of a person, in this incident and in others."""
    if not person["same_person_id"]:
        return [person]
    same = list(vault.rows("person", "same_person_id = ?", [identity_of(person)]))
    return [person, *(one for one in same if one["person_id"] != person["person_id"])]


def _incidents(vault: Vault, case_code: str) -> list[dict[str, Any]]:
    found = list(vault.rows("incident", "external_id = ?", [case_code]))
    for person in vault.rows("person", "external_id = ?", [case_code]):
        found += vault.rows("incident", "incident_id = ?", [person["incident_id"]])
    return list({row["incident_id"]: row for row in found}.values())


def _places_of(vault: Vault, person: dict[str, Any]) -> Iterator[str]:
    for row in _hers(vault, "request", person):
        yield from (str(row[one]) for one in _REQUEST_PLACES if row[one])


def _given(texts: Sequence[str], also: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in (*texts, *also) if one and one.strip()))
