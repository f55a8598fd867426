"""A row on record that comes again with other content: the newer version counts, the older is history.

Nobody is doubled: the persons of a row keep the identifiers that they had. A withdrawal on record outlives
every later version of the row.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.cases import Case, KeptPerson, PersonDraft
from ingest.storing import JOINING, CaseWriter, Provenance
from vault import PARTLY_WITHDRAWN, Vault

_KEYS = {
    "act": "act_id", "request": "request_id", "outcome": "outcome_id", "consent": "consent_id",
    "match_key": "match_key_id",
}  # fmt: skip
_OF_PERSON = tuple(_KEYS)
_CODE = frozenset({"person_code"})
_SIGNS = frozenset({"person_code", "document", "phone", "handle", "name", "phone_name", "name_birth"})
_WITHOUT_CASE = ("funding", "context_event")

Row = dict[str, Any]


@dataclass(frozen=True)
class Newer:
    """A newer version of a row: its record key, the case as it will be written, the persons it speaks of."""

    key: str
    case: Case
    persons: Sequence[PersonDraft]


@dataclass
class _Version:
    """What is on record of one source row: the rows of the vault that a newer version replaces."""

    source: Row
    incident: list[Row]
    persons: list[Row]
    perpetrators: list[Row]
    without_case: dict[str, list[Row]]
    of_person: dict[str, list[Row]]

    def as_json(self) -> str:
        """Return the version as text, without the fingerprints of names and phones."""
        tables = {"source": [self.source], "incident": self.incident, "person": self.persons}
        tables |= {"perpetrator": self.perpetrators, **self.without_case, **self.of_person}
        tables.pop("match_key")
        return json.dumps(tables, ensure_ascii=False)


class Changes:
    """Replaces rows on record by their newer versions; used inside one transaction."""

    def __init__(self, vault: Vault, writer: CaseWriter, *, run_id: str, today: datetime.date) -> None:
        self._vault = vault
        self._writer = writer
        self._run_id = run_id
        self._today = today.isoformat()

    def refusal(self, stored: Mapping[str, Any], case: Case, *, told_beside: bool) -> str:
        """Return the field for which a newer version has to wait for a person; empty where it can be taken.

        Args:
            stored: The source row on record.
            told_beside: Whether other rows tell the incident as it is on record: the new version must not
                contradict them.
        """
        if stored["adapter"] == PARTLY_WITHDRAWN:
            return "key"
        if not told_beside:
            return ""
        for incident in self._rows("incident", "incident_id", [stored["incident_id"]]):
            for name, value in case.incident.items():
                if incident[name] not in (None, [], value):
                    return name
        return ""

    def others_tell(self, stored: Mapping[str, Any], changed: Sequence[Mapping[str, Any]]) -> bool:
        """Return whether rows on record that do not change with this one tell its incident too."""
        if stored["incident_id"] is None:
            return False
        tell = {row["source_id"] for row in self._rows("source", "incident_id", [stored["incident_id"]])}
        return bool(tell - {row["source_id"] for row in changed})

    def replace(self, stored: Mapping[str, Any], newer: Newer, provenance: Provenance) -> None:
        """Put the version on record away as history and make room for the newer one.

        Args:
            stored: The source row on record.
            provenance: Where the case of the newer version comes from; completed from the record.
        """
        version = self._version(stored)
        self._keep(version)
        known = self._match(version, newer.persons)
        self._clear(version, _staying(version, known) | _outliving(version, known))
        provenance.source_ids[newer.key] = str(stored["source_id"])
        if stored["incident_id"] is not None:
            self._settle_incident(str(stored["incident_id"]), newer.case, provenance)

    def _version(self, stored: Mapping[str, Any]) -> _Version:
        source_id, incident_id = stored["source_id"], stored["incident_id"]
        persons = self._rows("person", "source_id", [source_id])
        ids = [row["person_id"] for row in persons]
        return _Version(
            source=dict(stored),
            incident=self._rows("incident", "incident_id", [incident_id]),
            persons=persons,
            perpetrators=self._rows("perpetrator", "incident_id", [incident_id]),
            without_case={
                table: self._rows(table, "source_id", [source_id]) if incident_id is None else []
                for table in _WITHOUT_CASE
            },
            of_person={table: self._rows(table, "person_id", ids) for table in _OF_PERSON},
        )

    def _rows(self, table: str, column: str, values: Sequence[object]) -> list[Row]:
        marks = ", ".join("?" for _ in values)
        return list(self._vault.rows(table, f"{column} IN ({marks})", list(values)))

    def _keep(self, version: _Version) -> None:
        entry = {
            "history_id": self._vault.new_id(),
            "changed_on": self._today,
            "ingest_run_id": self._run_id,
            "source_id": version.source["source_id"],
            "incident_id": version.source["incident_id"],
            "before_json": version.as_json(),
        }
        self._vault.insert("history", [entry])

    def _match(self, version: _Version, persons: Sequence[PersonDraft]) -> dict[str, PersonDraft]:
        """Say of each person of the newer version who she is on record: by a sure sign, else by her place.

        Returns:
            Person id on record -> the person in the newer version.
        """
        left = list(version.persons)
        prints = _prints(version.of_person["match_key"])
        known: dict[str, PersonDraft] = {}
        waiting = []
        for draft in persons:
            sure = {print_ for kind, print_ in self._writer.keys_of(draft) if kind in JOINING}
            found = next((row for row in left if sure & prints.get(row["person_id"], set())), None)
            if found:
                left.remove(found)
                known[found["person_id"]] = draft
            else:
                waiting.append(draft)
        known.update(self._match_by_place(version, persons, waiting, left))
        for row in version.persons:
            if draft_known := known.get(row["person_id"]):
                same = row["same_person_id"] or row["person_id"]
                draft_known.kept = KeptPerson(row["person_id"], same, row["household_id"] or "")
        return known

    def _match_by_place(
        self,
        version: _Version,
        persons: Sequence[PersonDraft],
        waiting: Sequence[PersonDraft],
        left: list[Row],
    ) -> Iterator[tuple[str, PersonDraft]]:
        """Yield those whom nothing but their place in the row tells, unless a sign says that they are two."""
        alone = len(persons) == len(version.persons) == 1
        prints = _prints(version.of_person["match_key"], _SIGNS)
        codes = _prints(version.of_person["match_key"], _CODE)
        for draft in waiting:
            keys = self._writer.keys_of(draft)
            own = {print_ for kind, print_ in keys if kind != "household"}
            code = {print_ for kind, print_ in keys if kind in _CODE}
            for row in left:
                before, coded = prints.get(row["person_id"], set()), codes.get(row["person_id"], set())
                if (code and coded) or not (alone or not own or not before or own & before):
                    continue  # another code, or nothing in common with somebody of whom much is known
                left.remove(row)
                yield row["person_id"], draft
                break

    def _clear(self, version: _Version, staying: set[str]) -> None:
        for table in _OF_PERSON:
            key = _KEYS[table]
            self._delete(
                table, key, [row[key] for row in version.of_person[table] if row[key] not in staying]
            )
        persons = [row["person_id"] for row in version.persons if row["person_id"] not in staying]
        self._delete("person", "person_id", persons)
        for table, rows in version.without_case.items():
            self._delete(table, f"{table}_id", [row[f"{table}_id"] for row in rows])
        self._delete("source", "source_id", [version.source["source_id"]])

    def _settle_incident(self, incident_id: str, case: Case, provenance: Provenance) -> None:
        vault = self._vault
        provenance.incident_id = provenance.incident_id or incident_id
        if vault.count("source", "incident_id = ?", [incident_id]):
            # Others tell the incident too: what the newer version says is added, what they say stays.
            if said := {name: value for name, value in case.incident.items() if value not in (None, [])}:
                vault.update("incident", incident_id, said)
            linked = "SELECT perpetrator_id FROM act WHERE incident_id = ? AND perpetrator_id IS NOT NULL"
            vault.delete(
                "perpetrator", f"incident_id = ? AND perpetrator_id NOT IN ({linked})", [incident_id] * 2
            )
        else:
            self._delete("perpetrator", "incident_id", [incident_id])
            self._delete("incident", "incident_id", [incident_id])
            provenance.replaces_incident = provenance.incident_id == incident_id

    def _delete(self, table: str, column: str, values: Sequence[object]) -> None:
        if values:
            marks = ", ".join("?" for _ in values)
            self._vault.delete(table, f"{column} IN ({marks})", list(values))


def _prints(rows: Iterable[Row], kinds: frozenset[str] = JOINING) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row["kind"] in kinds:
            found.setdefault(row["person_id"], set()).add(row["fingerprint"])
    return found


def _outliving(version: _Version, known: Mapping[str, PersonDraft]) -> set[str]:
    """Return all ids of persons whom the newer version names no more, and who refused or withdrew.

    Their no must not be lost with the row: they stay as they were, and nobody counts them.
    """
    decided = {row["person_id"] for row in version.of_person["consent"] if _is_no(row)} - set(known)
    staying = set(decided)
    for table, rows in version.of_person.items():
        staying |= {row[_KEYS[table]] for row in rows if row["person_id"] in decided}
    return staying


def _is_no(consent: Row) -> bool:
    return bool(consent["consent_status"] in ("refused", "withdrawn") or consent["withdrawn_on"])


def _staying(version: _Version, known: Mapping[str, PersonDraft]) -> set[str]:
    """Return the ids of consents and outcomes that outlive the change of their row."""
    staying = set()
    for row in version.of_person["consent"]:
        draft = known.get(row["person_id"])
        by_hand = row["source_id"] is None
        withdrawn = row["consent_status"] == "withdrawn" or row["withdrawn_on"]
        said_again = draft and draft.consents.get(row["scope"]) == "withdrawn"
        if draft and (by_hand or (withdrawn and not said_again)):
            staying.add(row["consent_id"])
    for row in version.of_person["outcome"]:
        # A dated outcome of before is the history of her case; of the same day the newer version counts.
        day, draft = row["date_outcome"], known.get(row["person_id"])
        if draft and day and all(one.get("date_outcome") != day for one in draft.outcomes):
            staying.add(row["outcome_id"])
    return staying
