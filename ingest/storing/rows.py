"""From a case to rows of the vault: ids given, identifiers turned into fingerprints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from codebook import Codebook
from ingest.cases import ActSet, Case, PersonDraft
from ingest.mapping import Source
from vault import Vault

from .links import PerpetratorLinks
from .origin import Origin
from .people import JOINING, Known, People, match_keys

_TABLES = (
    "incident",
    "person",
    "perpetrator",
    "act",
    "request",
    "outcome",
    "consent",
    "source",
    "funding",
    "context_event",
    "match_key",
)


@dataclass(slots=True)
class Provenance:
    """Where one case comes from.

    Attributes:
        rows: (row in the file, record key) of each row that is stored.
        incident_id: The incident that these rows belong to where it is stored already.
        source_ids: Record key -> the source row that it replaces.
        replaces_incident: Whether the incident of that id is written anew.
    """

    rows: list[tuple[int, str]]
    incident_id: str = ""
    source_ids: dict[str, str] = field(default_factory=dict)
    replaces_incident: bool = False


@dataclass(slots=True)
class Pending:
    """A case that waits for its batch to be written."""

    case: Case
    provenance: Provenance
    keys: list[list[tuple[str, str]]] = field(default_factory=list)


class CaseWriter:
    """Collects cases and writes them batch by batch into one open transaction of the vault."""

    def __init__(self, vault: Vault, source: Source, origin: Origin, *, keep_identifiers: bool) -> None:
        self._vault = vault
        self._source = source
        self._stamp = origin.stamp(source)
        self._identifiers = frozenset() if keep_identifiers else _identifier_fields(vault.book)
        self._people = People(vault)
        self._pending: list[Pending] = []
        self._rows: dict[str, list[dict[str, Any]]] = {table: [] for table in _TABLES}

    def add(self, case: Case, provenance: Provenance) -> None:
        """Take a case that is complete and checked."""
        keys = [self.keys_of(person) for person in case.persons]
        self._pending.append(Pending(case, provenance, keys))

    def flush(self) -> None:
        """Write what was taken since the last flush."""
        if not self._pending:
            return
        wanted = {
            print_
            for one in self._pending
            for keys in one.keys
            for kind, print_ in keys
            if kind in JOINING or kind == "household"
        }
        self._people.prepare(wanted)
        for one in self._pending:
            self._write(one)
        self._pending.clear()
        for row in self._rows["person"]:
            row["household_id"] = self._people.current_household(row["household_id"])
        for table, rows in self._rows.items():
            if rows:
                self._vault.insert(table, rows)
                rows.clear()
        self._people.apply_merges()

    def keys_of(self, person: PersonDraft) -> list[tuple[str, str]]:
        """Return the (kind, fingerprint) pairs by which a person is recognised."""
        keys = match_keys(self._vault, person.fields, self._source.code_space)
        if code := person.fields.get("household_external_id"):
            keys.append(
                (
                    "household",
                    self._vault.fingerprint("household", self._source.code_space, str(code).strip()),
                )
            )
        return keys

    def _write(self, pending: Pending) -> None:
        case, provenance = pending.case, pending.provenance
        if case.funding:
            (source_id,) = self._add_sources(case, provenance, None)
            row = {**case.funding, "funding_id": self._vault.new_id(), "source_id": source_id}
            self._rows["funding"].append(row)
            return
        if case.context_event:
            (source_id,) = self._add_sources(case, provenance, None)
            ids = {"context_event_id": self._vault.new_id(), "source_id": source_id}
            self._rows["context_event"].append({**case.context_event, **ids})
            return
        incident_id = provenance.incident_id or self._vault.new_id()
        if not provenance.incident_id or provenance.replaces_incident:
            self._rows["incident"].append({**case.incident, "incident_id": incident_id})
        source_ids = self._add_sources(case, provenance, incident_id)
        stored = _stored_links(self._vault, incident_id) if provenance.incident_id else []
        links = PerpetratorLinks(case, incident_id, self._vault.new_id, stored)
        shared_household = self._shared_household(pending)
        for person, keys in zip(case.persons, pending.keys, strict=True):
            ids = {"incident_id": incident_id, "source_id": source_ids[person.row]}
            person_id = self._add_person(person, keys, ids, shared_household)
            self._rows["act"] += _act_rows(person, links, incident_id, person_id, self._vault)
            self._add_histories(person, person_id, ids["source_id"])
        self._rows["perpetrator"] += [self._without_identifiers("perpetrator", row) for row in links.rows]

    def _shared_household(self, pending: Pending) -> str:
        """Return the household of the persons of a case who have no household code of their own."""
        found = []
        for person, keys in zip(pending.case.persons, pending.keys, strict=True):
            if any(kind == "household" for kind, _ in keys):
                continue
            if known := self._people.known(keys):
                found.append(known.household_id)
            if person.kept:
                found.append(person.kept.household_id)
        if household := self._people.merge_households(found):
            return household
        if pending.provenance.incident_id:
            rows = self._vault.rows("person", "incident_id = ?", [pending.provenance.incident_id])
            return next((row["household_id"] for row in rows), "") or self._vault.new_id()
        return self._vault.new_id()

    def _add_person(
        self, person: PersonDraft, keys: list[tuple[str, str]], ids: Mapping[str, str], shared: str
    ) -> str:
        kept = person.kept
        person_id = kept.person_id if kept else self._vault.new_id()
        known = self._people.known(keys)
        coded = next((print_ for kind, print_ in keys if kind == "household"), "")
        household = (
            (self._people.household(coded) or (known.household_id if known else "")) if coded else shared
        )
        household = household or self._vault.new_id()
        same_person_id = known.same_person_id if known else kept.same_person_id if kept else person_id
        if kept and known:
            self._people.join(kept.same_person_id, same_person_id)
        for other in self._people.identities(keys):
            self._people.join(other, same_person_id)
        self._people.learn(keys, Known(same_person_id, household))
        row = self._without_identifiers("person", person.fields)
        row.pop("date_of_birth_precision", None)
        row.update(
            **ids,
            person_id=person_id,
            same_person_id=same_person_id,
            household_id=household,
        )
        self._rows["person"].append(row)
        self._rows["match_key"] += [
            {
                "match_key_id": self._vault.new_id(),
                "person_id": person_id,
                "kind": kind,
                "fingerprint": print_,
            }
            for kind, print_ in keys
        ]
        return person_id

    def _add_histories(self, person: PersonDraft, person_id: str, source_id: str) -> None:
        new_id = self._vault.new_id
        self._rows["request"] += [
            {**one, "request_id": new_id(), "person_id": person_id} for one in person.requests
        ]
        self._rows["outcome"] += [
            {**one, "outcome_id": new_id(), "person_id": person_id} for one in person.outcomes
        ]
        for row in _consent_rows(person, self._source):
            ids = {"consent_id": new_id(), "person_id": person_id, "source_id": source_id}
            self._rows["consent"].append({**row, **ids})

    def _add_sources(self, case: Case, provenance: Provenance, incident_id: str | None) -> list[str]:
        language = {"source_language": self._source.language or None}
        ids = [provenance.source_ids.get(key) or self._vault.new_id() for _, key in provenance.rows]
        for (number, record_key), source_id in zip(provenance.rows, ids, strict=True):
            self._rows["source"].append(
                {
                    **language, **case.source, **self._stamp, "source_id": source_id,
                    "incident_id": incident_id, "file_row": number, "record_key": record_key,
                    "last_run_id": self._stamp["ingest_run_id"],
                }
            )  # fmt: skip
        return ids

    def _without_identifiers(self, entity: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        dropped = self._identifiers
        return {name: value for name, value in fields.items() if (entity, name) not in dropped}


def _identifier_fields(book: Codebook) -> frozenset[tuple[str, str]]:
    return frozenset(
        (entity.name, one.name)
        for entity in book.entities.values()
        for one in entity.stored_fields
        if one.identifier
    )


def _stored_links(vault: Vault, incident_id: str) -> list[tuple[str, str]]:
    """Return the (relationship, perpetrator id) pairs of an incident that is on record."""
    acts = vault.rows("act", "incident_id = ? AND perpetrator_id IS NOT NULL", [incident_id])
    return [(str(act["relationship"] or ""), str(act["perpetrator_id"])) for act in acts]


def _act_rows(
    person: PersonDraft, links: PerpetratorLinks, incident_id: str, person_id: str, vault: Vault
) -> Iterator[dict[str, Any]]:
    links.touch(person)
    for acts in person.act_sets:
        pairs = links.of(person, acts)
        for code in acts.codes:
            for perpetrator_id, relationship in pairs:
                yield {
                    **acts.fields, "act_id": vault.new_id(), "incident_id": incident_id,
                    "person_id": person_id, "perpetrator_id": perpetrator_id, "act_code": code,
                    "relationship": relationship,
                }  # fmt: skip


def _consent_rows(person: PersonDraft, source: Source) -> Iterator[dict[str, Any]]:
    """Yield one row a scope; what a source declares for all never overrules what a person said."""
    for scope, status in person.consents.items():
        yield {**person.consent_fields, "scope": scope, "consent_status": status}
    for constant in source.consent:
        if constant.scope not in person.consents:
            yield {
                "scope": constant.scope,
                "consent_status": constant.status,
                "given_by": constant.given_by or None,
                "consent_note": constant.basis,
            }


__all__ = ["ActSet", "CaseWriter", "Provenance"]
