"""Take the rows of one open file into the vault, batch by batch: stored, already there, or quarantined.

Every row of the main table is exactly one of the three; the counts are kept while they happen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.cases import AnyRow, Case, CaseChecker, SheetGatherer, assemble_case, join_case
from ingest.cases.batches import batches
from ingest.mapping import Source
from ingest.newer_exports import Changes, Newer, RepeatCounts
from ingest.quarantine import is_waiting, keep_row, settle_row, waiting_by_key
from ingest.readers import BadRow, Row
from ingest.storing import CaseWriter, Origin, Provenance, RecordKeys, known_keys
from vault import Vault

from .counts import Counts

Known = dict[str, dict[str, Any]]  # record key, or its key part -> the source row on record


@dataclass(frozen=True)
class Keyed:
    """A row with its record key."""

    row: AnyRow
    key: str


@dataclass(frozen=True)
class Tools:
    """What an intake works with."""

    gatherer: SheetGatherer
    writer: CaseWriter
    checker: CaseChecker
    changes: Changes


class Intake:
    """Takes rows of one source into one vault; used inside one transaction."""

    def __init__(self, vault: Vault, source: Source, tools: Tools, origin: Origin) -> None:
        self.counts = Counts()
        self.repeats = RepeatCounts(joined=not source.format.startswith("json"))
        self._vault = vault
        self._source = source
        self._tools = tools
        self._stamp = origin.stamp(source)
        self._keys = RecordKeys(vault, source)
        self._keeps = True
        self._is_older = origin.is_older
        self._waiting = waiting_by_key(vault, source.name)
        self._again: list[str] = []  # source rows on record that the batch holds again
        self._refused: set[str] = set()  # key parts of the rows of this run that went to quarantine

    def take(self, rows: Iterable[AnyRow]) -> Iterator[int]:
        """Take every row; yields the number of rows read after each batch."""
        for batch in batches(rows, self._source):
            self._take_batch(batch)
            yield self.counts.read

    def take_again(self, row: Row, record_key: str, *, repaired: bool = False) -> tuple[str, str] | None:
        """Take one row that waited; if it cannot be taken it is counted and not kept a second time.

        Args:
            repaired: Its cells were repaired. The file that it came from still holds it as it was: it keeps
                its record key, unless the key itself was what had to be repaired.

        Returns:
            Reason and place for which it waits on; None where it was taken.
        """
        self._keeps = False
        self.counts.read += 1
        before = Counter(self.counts.places)
        own = self._keys.key_of(row) if repaired else record_key
        if "." in own and own.partition(".")[0] != record_key.partition(".")[0]:
            record_key = own
        self._take_group([Keyed(row, record_key)], known_keys(self._vault, [record_key]), set())
        self._tools.writer.flush()
        return next(iter(self.counts.places - before), None)

    def keep_orphans(self, orphans: Iterable[BadRow]) -> dict[str, int]:
        """Keep the repeat rows that belong to no record, and return how many there are of each repeat."""
        counts: dict[str, int] = {}
        for row in orphans:
            counts[row.place] = counts.get(row.place, 0) + 1
            self._keep(Keyed(row, self._keys.key_of(row)), row.reason, row.place)
        return counts

    def _take_batch(self, groups: list[list[AnyRow]]) -> None:
        keyed = [[Keyed(row, self._keys.key_of(row)) for row in group] for group in groups]
        flat = [one.key for group in keyed for one in group]
        known = known_keys(self._vault, flat)
        fresh: set[str] = set()
        for group in keyed:
            self.counts.read += len(group)
            self._take_group(group, known, fresh)
        self._tools.writer.flush()
        self.settle_batch(flat, known, fresh)

    def take_singles(
        self, rows: Iterable[tuple[Keyed, tuple[str, str] | None]], known: Known, fresh: set[str]
    ) -> None:
        """Take rows of a batch that are cases of their own.

        Args:
            rows: Each with the reason and column for which it cannot be taken, where that is known already.
            known: The rows on record under the keys of the batch.
            fresh: The keys of the batch that are stored; grows.
        """
        for one, fault in rows:
            part = one.key.partition(".")[0]
            if fault and not known.get(one.key) and part not in known and part not in fresh:
                self._quarantine(one, *fault)
            else:
                self._take_group([one], known, fresh)
        self._tools.writer.flush()

    def settle_batch(self, keys: Iterable[str], known: Known, fresh: set[str]) -> None:
        """Note what the rows of a batch, all taken, say of rows on record and in quarantine."""
        self._note_again()
        present = fresh | {key.partition(".")[0] for key in keys if key in known}
        for key in () if self._is_older else (present - self._refused) & set(self._waiting):
            # The row was repaired in its file: the copy that waited is not needed any more.
            for quarantine_id in self._waiting.pop(key):
                settle_row(self._vault, quarantine_id, "retried")

    def _note_again(self) -> None:
        if self._again:
            marks = ", ".join("?" for _ in self._again)
            changes = {"last_run_id": self._stamp["ingest_run_id"]}
            self._vault.update_where("source", changes, f"source_id IN ({marks})", self._again)
            self._again.clear()

    def _take_group(self, group: list[Keyed], known: Known, fresh: set[str]) -> None:
        case: Case | None = None
        provenance = Provenance([])
        changed: list[tuple[Keyed, dict[str, Any]]] = []
        told_beside = False
        for one in group:
            key_part = one.key.partition(".")[0]
            stored = known.get(one.key) or (known.get(key_part) if "." in one.key else None)
            outdated = bool(stored and self._is_older and not _same_or_erased(stored, one.key))
            if one.key in fresh or outdated or (stored and _same_or_erased(stored, one.key)):
                self.counts.already_there += 1
                self.counts.outdated += outdated
                self.repeats.add(one.row, "already_there")
                provenance.incident_id = provenance.incident_id or (stored or {}).get("incident_id") or ""
                self._see(stored)
                fresh.add(key_part)
                told_beside = True
            elif stored and self._is_newer(stored) and key_part not in fresh:
                fresh.add(key_part)
                changed.append((one, stored))
            elif stored or ("." in one.key and key_part in fresh):
                # Two rows of one file say different things under one key: nobody is doubled, a person looks.
                self._quarantine(one, "contradiction", "key")
            elif new := self._take_row(one, case, provenance):
                case = new
                fresh.update(
                    (one.key, key_part) if provenance.rows[-1:] == [(one.row.number, one.key)] else ()
                )
        for one, stored in changed:
            self._see(stored)
            beside = told_beside or self._tools.changes.others_tell(stored, [other for _, other in changed])
            case = self._take_row(one, case, provenance, replaced=stored, told_beside=beside)
        if case:
            self._attach(case, provenance)
            self._tools.writer.add(case, provenance)

    def _is_newer(self, stored: dict[str, Any]) -> bool:
        """Whether a row comes with a later file than the version on record.

        A row that waited does where its file was the latest to hold the row, and told it anew.
        """
        run_id = self._stamp["ingest_run_id"]
        if self._keeps:
            return bool(stored["last_run_id"] != run_id)
        return bool(stored["last_run_id"] == run_id and stored["ingest_run_id"] != run_id)

    def _see(self, stored: dict[str, Any] | None) -> None:
        """Note that a row on record is in this file too."""
        if stored and not self._is_older and self._is_newer(stored):
            self.counts.seen_before[str(stored["last_run_id"] or "")] += 1
            self._again.append(str(stored["source_id"]))

    def _take_row(
        self,
        one: Keyed,
        case: Case | None,
        provenance: Provenance,
        *,
        replaced: dict[str, Any] | None = None,
        told_beside: bool = False,
    ) -> Case | None:
        """Return the case with the row in it; a row that cannot be taken goes to quarantine.

        Args:
            replaced: The source row on record of which the row is a newer version.
            told_beside: Whether other rows tell the incident as it is on record.
        """
        new = self._assembled(one)
        if isinstance(new, tuple):
            self._quarantine(one, *new)
            return case
        fault = self._tools.checker.complete(new)
        if replaced and not fault:
            refused = self._tools.changes.refusal(replaced, new, told_beside=told_beside)
            fault = ("contradiction", refused) if refused else None
        persons = list(new.persons)
        if not fault and case and (contradicted := join_case(case, new)):
            fault = ("contradiction", contradicted)
        if fault:
            self._quarantine(one, *fault)
            return case
        for person in persons:
            person.row = len(provenance.rows)
        self.counts.stored += 1
        self.repeats.add(one.row, "stored")
        provenance.rows.append((one.row.number, one.key))
        if replaced:
            self.counts.changed += 1
            self._tools.changes.replace(replaced, Newer(one.key, case or new, persons), provenance)
        return case or new

    def _assembled(self, one: Keyed) -> Case | tuple[str, str]:
        if isinstance(one.row, BadRow):
            return one.row.reason, one.row.place
        found = self._tools.gatherer.gather(one.row)
        return found.fault or assemble_case(found, self._source)

    def _attach(self, case: Case, provenance: Provenance) -> None:
        """Find the incident to which rows of a case belong that came with an earlier file."""
        code = case.incident.get("external_id")
        if provenance.incident_id or not self._source.incident_by or not code or not self._has_history:
            return
        where = "external_id = ? AND incident_id IN (SELECT incident_id FROM source WHERE source_name = ?)"
        for row in self._vault.rows("incident", where, [code, self._source.name]):
            provenance.incident_id = row["incident_id"]

    @property
    def _has_history(self) -> bool:
        if not hasattr(self, "_history"):
            self._history = bool(self._vault.count("source", "source_name = ?", [self._source.name]))
        return self._history

    def _quarantine(self, one: Keyed, reason: str, place: str) -> None:
        self.counts.quarantined += 1
        self.counts.reasons[reason] += 1
        self.counts.places[reason, place] += 1
        self.repeats.add(one.row, "quarantined")
        self._refused.add(one.key.partition(".")[0])
        if reason == "unreadable_row":
            self.counts.unreadable_rows.append(one.row.number)
        if self._keeps:
            self._keep(one, reason, place)

    def _keep(self, one: Keyed, reason: str, place: str) -> None:
        if not is_waiting(self._vault, one.key, reason):
            entry = {**self._stamp, "record_key": one.key, "reason": reason, "place": place}
            keep_row(self._vault, one.row, self._source, entry)


def _same_or_erased(stored: dict[str, Any], key: str) -> bool:
    return bool(stored["record_key"] == key or stored["adapter"] == "withdrawn")
