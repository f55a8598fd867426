"""Withdrawal for good: a person's content is erased, a tombstone stays.

The releases that counted her are named, so that the group can tell who asks.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .consent import persons_of_code, unknown_case
from .custody import append_custody
from .ledger import releases_that_counted
from .store import Vault

PARTLY_WITHDRAWN = "partly withdrawn"  # adapter of a source row of which one person has withdrawn
WITHDRAWN = "withdrawn"  # adapter of a source row of which nobody is left: the tombstone
# Tables with rows of a person, erased at withdrawal; the order does not matter inside one transaction.
_WITHOUT_PERSON = ("funding", "context_event")
_PERSON_TABLES = ("act", "request", "outcome", "match_key", "release_person")


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal erased, and which releases had counted the person; counts and release ids only."""

    persons: int
    incidents: int
    rows: int
    waiting: int  # quarantined rows
    releases: tuple[str, ...]
    shared: int = 0  # incidents that stay, because others were affected too


def withdraw_person(vault: Vault, case_code: str, *, now: datetime.datetime) -> Withdrawal:
    """Erase the persons of a case and all that only they have; the custody log keeps a tombstone.

    A person who is on record in other incidents too is erased there as well. Quarantined copies of the same
    source rows are erased with them. The file is compacted, so that no free page keeps what was erased.

    Raises:
        UsageError: No case has that code.
    """
    persons = _with_same_person(vault, persons_of_code(vault, case_code))
    return _erase_persons(vault, persons, {case_code, *_codes_of(vault, persons)}, now=now)


def withdraw_source(vault: Vault, source_id: str, *, now: datetime.datetime) -> Withdrawal:
    """Erase the persons of whom one row of a file speaks, as `withdraw_person` does."""
    hers = [str(row["person_id"]) for row in vault.rows("person", "source_id = ?", [source_id])]
    if not hers:
        return _erase_row(vault, source_id, now=now)
    persons = _with_same_person(vault, hers)
    return _erase_persons(vault, persons, _codes_of(vault, persons), now=now)


def _erase_row(vault: Vault, source_id: str, *, now: datetime.datetime) -> Withdrawal:
    """Erase what a row says that speaks of no person, such as a month of funding."""
    with vault.transaction():
        rows = sum(vault.delete(table, "source_id = ?", [source_id]) for table in _WITHOUT_PERSON)
        for source in list(vault.rows("source", "source_id = ?", [source_id])):
            rows += _bury(vault, source)
        append_custody(vault, "person withdrawn", now=now, detail=f"{rows} rows without a person")
    vault.compact()
    return Withdrawal(0, 0, rows, 0, ())


def withdraw_persons(vault: Vault, persons: list[str], *, now: datetime.datetime) -> Withdrawal:
    """Erase the persons of these numbers, as `withdraw_person` does."""
    return _erase_persons(vault, persons, _codes_of(vault, persons), now=now)


def _erase_persons(
    vault: Vault, persons: list[str], codes: set[str], *, now: datetime.datetime
) -> Withdrawal:
    releases = releases_that_counted(vault, persons)
    marks = ", ".join("?" for _ in persons)
    with vault.transaction():
        waiting = _erase_waiting(vault, codes)
        if not persons and not waiting:
            raise unknown_case()
        hers = list(vault.rows("person", f"person_id IN ({marks})", persons))
        incidents = {row["incident_id"] for row in hers}
        sources = {row["source_id"] for row in hers if row["source_id"]}
        rows = sum(vault.delete(table, f"person_id IN ({marks})", persons) for table in _PERSON_TABLES)
        vault.delete("consent", f"person_id IN ({marks})", persons)
        vault.delete("person", f"person_id IN ({marks})", persons)
        rows += _erase_pairs(vault, set(persons))
        emptied = [one for one in sorted(incidents) if not vault.count("person", "incident_id = ?", [one])]
        for incident in emptied:
            rows += _erase_incident(vault, incident)
        rows += _erase_versions(vault, incidents, sources)
        rows += _erase_quotations(vault, set(map(str, incidents)))
        detail = f"{len(persons)} person records, {len(emptied)} incidents, {waiting} quarantined rows"
        append_custody(vault, "person withdrawn", now=now, detail=detail)
    vault.compact()
    return Withdrawal(
        len(persons), len(emptied), rows, waiting, releases, shared=len(incidents) - len(emptied)
    )


def _erase_versions(vault: Vault, incidents: set[str], sources: set[str]) -> int:
    """Erase earlier versions of her rows, and mark those that name others too: no edit brings her back."""
    rows = sum(vault.delete("history", "incident_id = ?", [one]) for one in sorted(incidents))
    for source in sorted(sources):
        rows += vault.delete("history", "source_id = ?", [source])
        vault.delete("vanished", "source_id = ?", [source])
        for row in list(vault.rows("source", "source_id = ? AND adapter <> 'withdrawn'", [source])):
            if vault.count("person", "source_id = ?", [source]):
                vault.update("source", source, {"adapter": PARTLY_WITHDRAWN})
            else:
                rows += _bury(vault, row)
    return rows


def _erase_waiting(vault: Vault, codes: set[str]) -> int:
    """Empty the quarantined rows of one of the codes; that they waited stays known.

    Of a row that could not be read nobody knows which cell is the code: there any cell counts.
    """
    erased = 0
    for row in list(vault.rows("quarantine", "row_json <> '{}'")):
        kept = json.loads(row["row_json"])
        if codes & set(map(str.strip, kept["codes"] if "codes" in kept else texts_in(kept))):
            vault.update("quarantine", row["quarantine_id"], {"status": "dismissed", "row_json": "{}"})
            erased += 1
            key, dot, _ = str(row["record_key"] or "").partition(".")
            if dot and not vault.count("source", "record_key = ? OR record_key GLOB ?", [key, f"{key}.*"]):
                # Her only copy waited: without a tombstone a corrected export would bring her back.
                names = ("record_key", "source_name", "mapping_version")
                tombstone = {name: row[name] for name in names}
                vault.insert("source", [{**tombstone, "source_id": vault.new_id(), "adapter": WITHDRAWN}])
    return erased


def texts_in(kept: object) -> Iterator[str]:
    """Yield every text in a row as quarantine keeps it, however deep it lies."""
    if isinstance(kept, str):
        yield kept
    elif isinstance(kept, dict | list):
        for value in kept.values() if isinstance(kept, dict) else kept:
            yield from texts_in(value)


def _codes_of(vault: Vault, persons: list[str]) -> set[str]:
    """Return the codes under which the group knows these persons and their cases."""
    found = set()
    for person in persons:
        for row in vault.rows("person", "person_id = ?", [person]):
            found.add(row["external_id"])
            cases = vault.rows("incident", "incident_id = ?", [row["incident_id"]])
            found.update(case["external_id"] for case in cases)
    return {str(code) for code in found if code}


def _erase_incident(vault: Vault, incident: str) -> int:
    """Erase an incident without persons; a tombstone keeps its source rows from coming back."""
    rows = 0
    for source in list(vault.rows("source", "incident_id = ?", [incident])):
        rows += _bury(vault, source)
    named = "evidence_id IN (SELECT CAST(evidence_id AS TEXT) FROM evidence WHERE incident_id = ?)"
    rows += vault.delete("evidence_name", named, [incident])
    rows += _erase_pairs(vault, {incident})
    for table in ("act", "perpetrator", "evidence", "incident"):
        rows += vault.delete(table, "incident_id = ?", [incident])
    return rows


def _bury(vault: Vault, source: dict[str, Any]) -> int:
    """Leave a tombstone of a source row: its key and nothing it said; return the rows gone with it."""
    key = str(source["record_key"]).partition(".")[0]
    rows = vault.delete("quarantine", "record_key = ? OR record_key GLOB ?", [key, f"{key}.*"])
    kept = {name: source[name] for name in ("source_id", "record_key", "source_name", "mapping_version")}
    vault.delete("source", "source_id = ?", [source["source_id"]])
    vault.delete("vanished", "source_id = ?", [source["source_id"]])
    vault.insert("source", [{**kept, "incident_id": None, "adapter": WITHDRAWN}])
    return rows


def _erase_quotations(vault: Vault, incidents: set[str]) -> int:
    """Erase the proposals of quotations from her incidents: what one woman withdrew nobody may quote."""
    gone = [
        row["key"]
        for row in vault.rows("setting", "key GLOB 'quotation:*'")
        if str(json.loads(row["value"]).get("incident_id")) in incidents
    ]
    return sum(vault.delete("setting", "key = ?", [key]) for key in gone)


def _erase_pairs(vault: Vault, gone: set[str]) -> int:
    """Erase the pairs that one of these records is in, with what was decided; no pair names who is gone."""
    rows = 0
    for pair in list(vault.rows("duplicate")):
        if gone & {str(pair["left_id"]), str(pair["right_id"])}:
            vault.delete("duplicate_decision", "duplicate_id = ?", [pair["duplicate_id"]])
            rows += vault.delete("duplicate", "duplicate_id = ?", [pair["duplicate_id"]])
    for entry in list(vault.rows("duplicate_decision", "joined_json <> ''")):
        said = json.loads(entry["joined_json"])
        left = {
            "pairs": [pair for pair in said["pairs"] if not gone & set(map(str, pair))],
            "before": {person: was for person, was in said["before"].items() if person not in gone},
        }
        if left != said:
            vault.update(
                "duplicate_decision", entry["duplicate_decision_id"], {"joined_json": json.dumps(left)}
            )
    return rows


def _with_same_person(vault: Vault, persons: list[str]) -> list[str]:
    found = set(persons)
    for person in persons:
        for row in vault.rows("person", "person_id = ?", [person]):
            if row["same_person_id"]:
                same = vault.rows("person", "same_person_id = ?", [row["same_person_id"]])
                found.update(other["person_id"] for other in same)
    return sorted(found)
