"""What the consents of a person come to: given, or the reason why she may not be counted.

What is missing, unknown or contradictory is a no.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vault import Vault

from .joined import identity_of

Row = Mapping[str, Any]
STATISTICS = "statistics"
_ADULT = 18  # years


@dataclass(frozen=True)
class Asked:
    """When consent is asked about, and who must have given it for a minor."""

    as_of: datetime.date
    minors_need_guardian: bool


def consent_verdicts(
    vault: Vault, persons: Sequence[Row], acts: Mapping[str, Sequence[Row]], asked: Asked
) -> dict[str, str]:
    """Return person id -> what her consent to statistics comes to."""
    decisions = grouped(vault.rows("consent", "scope = ?", [STATISTICS]), "person_id")
    identity = {row["person_id"]: identity_of(row) for row in persons}
    # A guardian accused in one case of a child is accused in all of them.
    accusations: dict[str, list[Row]] = defaultdict(list)
    for person_id, who in identity.items():
        accusations[who] += acts.get(person_id, ())
    verdicts = {
        row["person_id"]: consent_verdict(
            decisions.get(row["person_id"], ()),
            accusations[identity[row["person_id"]]],
            asked.as_of,
            minor=asked.minors_need_guardian and row["age"] is not None and row["age"] < _ADULT,
        )
        for row in persons
    }
    # Withdrawing in one case is withdrawing in all: it is one woman.
    gone = {identity[person_id] for person_id, verdict in verdicts.items() if verdict == "withdrawn"}
    return {
        person_id: "withdrawn" if identity[person_id] in gone else verdict
        for person_id, verdict in verdicts.items()
    }


def agreed_persons(
    persons: Sequence[Row],
    verdicts: Mapping[str, str],
    told: Sequence[tuple[Row, Sequence[Row]]],
    left_out: Counter[str],
) -> list[Row]:
    """Return the persons who agreed; of an incident told twice, a no in one telling is a no."""
    first = {row["incident_id"]: incident["incident_id"] for incident, rows in told for row in rows}
    place = {row["person_id"]: (first.get(row["incident_id"]), identity_of(row)) for row in persons}
    refused = {place[person_id] for person_id, verdict in verdicts.items() if verdict == "refused"}
    agreed = []
    for row in persons:
        verdict = verdicts[row["person_id"]]
        if verdict == "given" and place[row["person_id"]] in refused:
            verdict = "refused"
        if verdict == "given":
            agreed.append(row)
        else:
            left_out[f"persons: consent {verdict}"] += 1
    return agreed


def consent_verdict(
    decisions: Sequence[Row], acts: Sequence[Row], as_of: datetime.date, *, minor: bool = False
) -> str:
    """Return `given`, or the reason why not: one of refused, withdrawn, expired, guardian, not_asked.

    The strictest reading of all rows wins: a withdrawal ends consent for good, a refusal or a consent noted
    as expired is outweighed only by a consent of a later day, and a guardian who is an alleged perpetrator
    cannot give consent.

    Args:
        decisions: Rows of `consent` of one person and one scope.
        acts: Rows of `act` against this person; their relationships are compared with the guardian's.
        as_of: The day on which it is asked.
        minor: Whether only a guardian can consent (RULES rule 6).
    """
    statuses = [row["consent_status"] for row in decisions]
    if "withdrawn" in statuses or any(_passed(row["withdrawn_on"], as_of) for row in decisions):
        return "withdrawn"
    given = [row for row in decisions if row["consent_status"] == "given"]
    for status in ("refused", "expired"):
        ended = [row["date_consent"] or "9999-12-31" for row in decisions if row["consent_status"] == status]
        given = [row for row in given if all((row["date_consent"] or "") > day for day in ended)]
        if ended and not given:
            return status
    if not given:
        return "not_asked"
    given = [row for row in given if not _passed(row["expires"], as_of)]
    if not given:
        return "expired"
    if minor:
        given = [row for row in given if row["given_by"] == "guardian"]
    return "given" if any(_giver_may_consent(row, acts) for row in given) else "guardian"


def _passed(day: str | None, as_of: datetime.date) -> bool:
    return bool(day) and datetime.date.fromisoformat(str(day)[:10]) <= as_of


# Of the codes of relationship.csv, those of the family: any of them may be a child's guardian.
_FAMILY = frozenset(
    {
        "partner", "ex_partner", "fiance", "father", "mother", "guardian", "brother", "sister", "uncle",
        "in_law", "child", "relative_other",
    }
)  # fmt: skip
_UNNAMED = frozenset({"", "guardian", "unknown"})  # guardians of whom it is not known who they are


def _giver_may_consent(row: Row, acts: Sequence[Row]) -> bool:
    if row["given_by"] == "none":
        return False
    if row["given_by"] != "guardian":
        return True
    accused = {act["relationship"] for act in acts}
    guardian = row["guardian_relationship"] or ""
    if guardian in _UNNAMED:
        # Which relative it was is not on record: any accused relative may be the one.
        return not accused & _FAMILY
    return guardian not in accused


def grouped(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Return the rows by the value of a column."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return dict(groups)
