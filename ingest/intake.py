"""Take the rows of one open file into the vault, batch by batch: stored, already there, or quarantined.

Every row of the main table is exactly one of the three; the counts are kept while they happen.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from codebook import SourceError
from vault import Vault

from .assemble import assemble_case, check_case, join_case
from .case import Case
from .gather import SheetGatherer
from .mapping import Source
from .quarantine import is_waiting, keep_row
from .readers import BadRow, Row
from .records import RecordKeys, known_keys
from .rows import CaseWriter, Provenance

BATCH = 500  # rows between two visits to the vault
MAXIMUM_GROUPED = 1_000_000  # rows of a file whose rows are put together by case, which is held in memory

AnyRow = Row | BadRow


@dataclass
class Counts:
    """How the rows of one file were taken; `read = stored + already_there + quarantined`."""

    read: int = 0
    stored: int = 0
    already_there: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    unreadable_rows: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Keyed:
    """A row with its record key."""

    row: AnyRow
    key: str


class Intake:
    """Takes rows of one source into one vault; used inside one transaction."""

    def __init__(
        self, vault: Vault, source: Source, gatherer: SheetGatherer, writer: CaseWriter, stamp: dict[str, Any]
    ) -> None:
        self.counts = Counts()
        self._vault = vault
        self._source = source
        self._gatherer = gatherer
        self._writer = writer
        self._stamp = stamp
        self._keys = RecordKeys(vault, source)

    def take(self, rows: Iterable[AnyRow], today: datetime.date) -> Iterator[int]:
        """Take every row; yields the number of rows read after each batch."""
        for batch in _batches(rows, self._source):
            self._take_batch(batch, today)
            yield self.counts.read

    def _take_batch(self, groups: list[list[AnyRow]], today: datetime.date) -> None:
        keyed = [[Keyed(row, self._keys.key_of(row)) for row in group] for group in groups]
        flat = [one.key for group in keyed for one in group]
        known = known_keys(self._vault, flat)
        fresh: set[str] = set()
        for group in keyed:
            self.counts.read += len(group)
            self._take_group(group, known, fresh, today)
        self._writer.flush()

    def _take_group(
        self, group: list[Keyed], known: dict[str, dict[str, Any]], fresh: set[str], today: datetime.date
    ) -> None:
        case: Case | None = None
        provenance = Provenance([])
        for one in group:
            key_part = one.key.partition(".")[0]
            stored = known.get(one.key) or (known.get(key_part) if "." in one.key else None)
            if one.key in fresh or (stored and _same_or_erased(stored, one.key)):
                self.counts.already_there += 1
                provenance.incident_id = provenance.incident_id or (stored or {}).get("incident_id") or ""
            elif stored or ("." in one.key and key_part in fresh):
                # Its key is on record with other content: a correction waits for a person, nobody is doubled.
                self._quarantine(one, "contradiction", "key", (stored or {}).get("record_key", one.key))
            else:
                case = self._take_row(one, case, provenance, today)
                if provenance.rows and provenance.rows[-1][1] == one.key:
                    fresh.update((one.key, key_part))
        if case:
            self._attach(case, provenance)
            self._writer.add(case, provenance)

    def _take_row(
        self, one: Keyed, case: Case | None, provenance: Provenance, today: datetime.date
    ) -> Case | None:
        """Return the case with the row in it; a row that cannot be taken goes to quarantine."""
        if isinstance(one.row, BadRow):
            self._quarantine(one, one.row.reason, one.row.place)
            return case
        found = self._gatherer.gather(one.row)
        new = found.fault or assemble_case(found, self._source)
        if isinstance(new, tuple):
            self._quarantine(one, *new)
            return case
        fault = check_case(new, self._source, today)
        if not fault and case and (contradicted := join_case(case, new)):
            fault = ("contradiction", contradicted)
        if fault:
            self._quarantine(one, *fault)
            return case
        self.counts.stored += 1
        provenance.rows.append((one.row.number, one.key))
        return case or new

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

    def _quarantine(self, one: Keyed, reason: str, place: str, record_key: str = "") -> None:
        self.counts.quarantined += 1
        self.counts.reasons[reason] += 1
        if reason == "unreadable_row":
            self.counts.unreadable_rows.append(one.row.number)
        key = record_key or one.key
        if not is_waiting(self._vault, key, reason):
            keep_row(
                self._vault,
                one.row,
                self._source,
                {**self._stamp, "record_key": key, "reason": reason, "place": place},
            )


def _same_or_erased(stored: dict[str, Any], key: str) -> bool:
    return bool(stored["record_key"] == key or stored["adapter"] == "withdrawn")


def _batches(rows: Iterable[AnyRow], source: Source) -> Iterator[list[list[AnyRow]]]:
    batch: list[list[AnyRow]] = []
    size = 0
    for group in _groups(rows, source):
        batch.append(group)
        size += len(group)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _groups(rows: Iterable[AnyRow], source: Source) -> Iterator[list[AnyRow]]:
    """Yield the rows that are one incident together; a row without its case code stands alone."""
    if not source.incident_by:
        for row in rows:
            yield [row]
        return
    groups: dict[tuple[str, ...], list[AnyRow]] = {}
    for count, row in enumerate(rows, start=1):
        if count > MAXIMUM_GROUPED:
            raise SourceError(
                f"more than {MAXIMUM_GROUPED:,} rows are to be put together by case",
                remedy="split the file by year and ingest the parts one by one",
            )
        code = tuple(str(row.cells.get(column, "")).strip() for column in source.incident_by)
        alone = isinstance(row, BadRow) or not any(code)
        groups.setdefault((f"\0{count}",) if alone else code, []).append(row)
    yield from groups.values()
