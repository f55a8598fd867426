"""Two records side by side, for the person who decides: no names, no places, no account."""

from dataclasses import dataclass
from typing import Any

from vault import Vault

from .decisions import require_candidate

_OF_INCIDENT = (
    "external_id", "date_incident", "date_precision", "date_report", "region", "place_type", "time_of_day",
    "motive", "number_perpetrators", "repeated",
)  # fmt: skip
_OF_PERSON = ("age", "sex", "marital")


@dataclass(frozen=True)
class Side:
    """One line: what it says (field of the codebook), in the left record and in the right one."""

    field: str
    left: str
    right: str


def show_pair(vault: Vault, duplicate_id: str) -> list[Side]:
    """Return the lines in which two records can be compared.

    Raises:
        UsageError: There is no such candidate.
    """
    require_candidate(vault, duplicate_id)
    row = next(vault.rows("duplicate", "duplicate_id = ?", [duplicate_id]))
    sides = [_described(vault, str(row["kind"]), str(row[side])) for side in ("left_id", "right_id")]
    fields = list(dict.fromkeys((*sides[0], *sides[1])))
    return [Side(name, sides[0].get(name, ""), sides[1].get(name, "")) for name in fields]


def _described(vault: Vault, kind: str, key: str) -> dict[str, str]:
    persons = list(vault.rows("person", "person_id = ?" if kind == "person" else "incident_id = ?", [key]))
    incident_id = str(persons[0]["incident_id"]) if persons else key
    told = next(vault.rows("incident", "incident_id = ?", [incident_id]), {})
    sources = sorted(
        {str(row["source_name"]) for row in vault.rows("source", "incident_id = ?", [incident_id])}
    )
    lines = {"source.source_name": ", ".join(sources)}
    lines |= {f"incident.{name}": _text(told.get(name)) for name in _OF_INCIDENT if name in told}
    lines["persons"] = str(vault.count("person", "incident_id = ?", [incident_id]))
    for number, person in enumerate(persons, start=1):
        acts = list(vault.rows("act", "person_id = ?", [person["person_id"]]))
        of_person = {f"person.{name}": _text(person.get(name)) for name in _OF_PERSON if name in person}
        of_person["act.act_code"] = _text(sorted({str(act["act_code"]) for act in acts}))
        of_person["act.relationship"] = _text(
            sorted({str(act["relationship"]) for act in acts if act["relationship"]})
        )
        lines |= {f"{number}: {name}" if len(persons) > 1 else name: text for name, text in of_person.items()}
    return {name: text for name, text in lines.items() if text}


def _text(value: Any) -> str:
    return (
        ", ".join(str(one) for one in value)
        if isinstance(value, list)
        else ""
        if value is None
        else str(value)
    )
