"""Consent as the vault keeps it: recorded by scope, with who gave it and until when.

Whether a person may be counted is decided in `anonymize/population.py`; a missing row is `no`.
"""

import datetime
from dataclasses import dataclass

from codebook import UsageError

from .custody import append_custody
from .store import Vault


@dataclass(frozen=True)
class Decision:
    """What a person, or a guardian for her, decided.

    Attributes:
        scope: Code of list consent_scope.
        status: Code of list consent_status.
        given_by: Code of list given_by.
        guardian: Code of list relationship; what the guardian is to the person.
        expires: The day after which it counts as no; None where it has no end.
    """

    scope: str
    status: str
    given_by: str = "verbal"
    guardian: str = ""
    expires: datetime.date | None = None


def record_consent(vault: Vault, case_code: str, decision: Decision, *, now: datetime.datetime) -> int:
    """Record a decision for every person of a case and return how many persons it is.

    Raises:
        UsageError: No case has that code, or the decision is not in the words of the codebook.
    """
    _require_codes(vault, decision)
    persons = _persons_of_case(vault, case_code)
    with vault.transaction():
        vault.insert(
            "consent",
            (
                {
                    "consent_id": vault.new_id(),
                    "person_id": person,
                    "scope": decision.scope,
                    "consent_status": decision.status,
                    "given_by": decision.given_by,
                    "guardian_relationship": decision.guardian or None,
                    "date_consent": now.date().isoformat(),
                    "expires": decision.expires.isoformat() if decision.expires else None,
                    "withdrawn_on": now.date().isoformat() if decision.status == "withdrawn" else None,
                }
                for person in persons
            ),
        )
        append_custody(vault, "consent recorded", now=now, detail=f"{len(persons)} persons")
    return len(persons)


def _require_codes(vault: Vault, decision: Decision) -> None:
    said = {
        "consent_scope": decision.scope,
        "consent_status": decision.status,
        "given_by": decision.given_by,
        "relationship": decision.guardian,
    }
    for name, code in said.items():
        known = vault.book.code_lists[name].codes
        if code not in known and (code or name != "relationship"):
            raise UsageError(
                f"that is not in the codebook's list {name}", remedy=f"one of: {', '.join(known)}"
            )
    if (decision.given_by == "guardian") != bool(decision.guardian):
        raise UsageError(
            "a guardian's consent needs to say what the guardian is to the person, and only that one does",
            remedy="--given-by guardian --guardian mother",
        )


@dataclass(frozen=True)
class DueConsent:
    """A consent that ends soon: whose, by the code that the group uses, and when."""

    case_code: str
    scope: str
    expires: str


def consents_due(vault: Vault, *, today: datetime.date, days: int) -> list[DueConsent]:
    """Return the given consents that end within so many days, soonest first; those that have ended not.

    A later consent of the same person and scope that lasts longer takes an earlier one off the list.
    """
    horizon = (today + datetime.timedelta(days=days)).isoformat()
    last: dict[tuple[str, str], str] = {}
    for row in vault.rows("consent", "consent_status = 'given' AND withdrawn_on IS NULL"):
        key = (str(row["person_id"]), str(row["scope"]))
        last[key] = max(last.get(key, ""), str(row["expires"] or "9999-12-31")[:10])
    due = {key: day for key, day in last.items() if today.isoformat() <= day <= horizon}
    codes = {
        str(row["person_id"]): str(row["external_id"] or _case_code(vault, row["incident_id"]))
        for row in vault.rows("person")
        if due
    }
    found = [DueConsent(codes.get(person, ""), scope, day) for (person, scope), day in due.items()]
    return sorted(found, key=lambda one: (one.expires, one.case_code, one.scope))


def _case_code(vault: Vault, incident_id: object) -> str:
    for row in vault.rows("incident", "incident_id = ?", [incident_id]):
        return str(row["external_id"] or "")
    return ""


def _persons_of_case(vault: Vault, case_code: str) -> list[str]:
    persons = persons_of_code(vault, case_code)
    if not persons:
        raise unknown_case()
    return persons


def persons_of_code(vault: Vault, case_code: str) -> list[str]:
    incidents = [row["incident_id"] for row in vault.rows("incident", "external_id = ?", [case_code])]
    persons = [
        row["person_id"] for one in incidents for row in vault.rows("person", "incident_id = ?", [one])
    ]
    persons += [row["person_id"] for row in vault.rows("person", "external_id = ?", [case_code])]
    return sorted(set(persons))


def unknown_case() -> UsageError:
    return UsageError("no case in the vault has that code", remedy="check the code in your case files")
