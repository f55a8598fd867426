"""From the rows of a batch to columns of clean values, record keys and fingerprints; nothing is looked up.

A row that is not plain (it cannot be read, a check does not hold, its household is coded) is only named here.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from ingest.cases import AnyRow, Case, CaseChecker, PersonDraft, Setting, ages_fault
from ingest.dates import DateValue
from ingest.problems import Problem
from ingest.readers import Row
from ingest.storing import CONTENT_LENGTH, RecordKeys
from ingest.values import Money
from vault import Vault

from .columns import Column, ColumnReader, is_filled
from .plan import Plan
from .prepared import SEPARATOR, Prepared
from .prints import PersonPrints

_LAST = "(last day of a range)"  # until it is settled; never stored
_REMEMBERED = 20_000  # distinct settlements
_DATES_OF_CASE = ("date_incident", "date_incident_to", "date_report", "date_precision")


class Preparer:
    """Prepares the batches of one file."""

    def __init__(
        self, vault: Vault, plan: Plan, setting: Setting, checker: CaseChecker, *, keep_identifiers: bool
    ) -> None:
        source = plan.source
        name = source.record_space or source.name
        self._plan = plan
        self._checker = checker
        self._keys = RecordKeys(vault, source)
        self._readers = [ColumnReader(target, setting) for target in plan.targets]
        self._prints = PersonPrints(vault, source.code_space)
        self._content = vault.fingerprints("content", name)
        self._key = vault.fingerprints("key", name)
        self._identifiers = {
            (entity.name, one.name)
            for entity in vault.book.entities.values()
            for one in entity.stored_fields
            if one.identifier and not keep_identifiers
        }
        self._region_of = lru_cache(maxsize=_REMEMBERED)(setting.gazetteer.region_of)

    def prepare(self, rows: Sequence[AnyRow]) -> Prepared:
        """Return a batch of rows as columns."""
        wanted = self._plan.columns
        first = next((row for row in rows if type(row) is Row), None)
        present = [name for name in wanted if first and name in first.cells]
        plain, positions, odd = self._plain(rows, present)
        columns = dict(zip(present, zip(*plain, strict=True), strict=True)) if plain else {}
        blank = ("",) * len(plain)
        cells = {name: columns.get(name, blank) for name in wanted}
        texts = list(map(SEPARATOR.join, zip(*cells.values(), strict=True))) if plain else []
        batch = Prepared(
            positions=positions,
            numbers=[rows[position].number for position in positions],
            texts=texts,
            keys=self._record_keys(cells, texts),
            present=tuple(name for name in first.cells if name in present) if first else (),
            odd=[(position, self._keys.key_of(rows[position]), rows[position]) for position in odd],
        )
        if plain:
            self._read(cells, batch)
        return batch

    def _plain(
        self, rows: Sequence[AnyRow], present: Sequence[str]
    ) -> tuple[list[tuple[str, ...]], list[int], list[int]]:
        """Return the cells of the rows that go into columns, their places, and the places of the others."""
        pick = itemgetter(*present) if len(present) > 1 else None
        plain: list[tuple[str, ...]] = []
        positions: list[int] = []
        odd: list[int] = []
        for position, row in enumerate(rows):
            if pick is not None and type(row) is Row:
                try:
                    plain.append(pick(row.cells))
                    positions.append(position)
                    continue
                except KeyError:
                    pass
            odd.append(position)
        try:
            joined = "".join(map("".join, plain))
        except TypeError:  # a list in a cell
            return [], [], list(range(len(rows)))
        if SEPARATOR in joined:
            strange = {place for place, one in enumerate(plain) if SEPARATOR in "".join(one)}
            odd = sorted({*odd, *(positions[place] for place in strange)})
            plain = [one for place, one in enumerate(plain) if place not in strange]
            positions = [one for place, one in enumerate(positions) if place not in strange]
        return plain, positions, odd

    def _record_keys(self, cells: dict[str, tuple[str, ...]], texts: list[str]) -> list[str]:
        """Return what `RecordKeys.key_of` gives row by row."""
        if not texts:
            return []
        stripped = {name: list(map(str.strip, column)) for name, column in cells.items()}
        contents = self._content(map(SEPARATOR.join, zip(*stripped.values(), strict=True)))
        if not self._plan.source.key:
            return [self._keys.counted(content) for content in contents]
        blank = [""] * len(texts)
        values = [stripped.get(name, blank) for name in self._plan.source.key]
        named = list(map(SEPARATOR.join, zip(*values, strict=True)))
        nothing = SEPARATOR * (len(values) - 1)
        keys = self._key(named)
        return [
            f"{key}.{content[:CONTENT_LENGTH]}" if name != nothing else self._keys.counted(content)
            for key, content, name in zip(keys, contents, named, strict=True)
        ]

    def _read(self, cells: dict[str, tuple[str, ...]], batch: Prepared) -> None:
        rows = len(batch.keys)
        said = False
        fields = batch.fields
        for reader in self._readers:
            column = reader.read(cells[reader.target.column], batch.faults)
            if not is_filled(column):
                continue
            said = True
            entity, _, name = reader.path.partition(".")
            if reader.is_consent:
                batch.consents[reader.path] = column
            elif reader.is_repeated:
                batch.codes[reader.path] = column
            else:
                fields.setdefault(entity, {})[name] = column
                _spread(fields[entity], entity, name, batch)
        _settle_ranges(fields.get("incident", {}))
        if said:
            _name_silent(batch, rows)
        else:
            batch.slow |= set(range(rows))
        for path, value in self._plan.constants.items():
            entity, _, name = path.partition(".")
            fields.setdefault(entity, {})[name] = [value] * rows
        self._check(batch, rows)
        person = fields.get("person", {})
        batch.prints = self._prints.of(person, rows)
        for entity, columns in fields.items():
            for name in [one for one in columns if (entity, one) in self._identifiers]:
                del columns[name]
        person.pop("date_of_birth_precision", None)
        batch.slow -= batch.faults.keys()

    def _check(self, batch: Prepared, rows: int) -> None:
        blank: Column = [None] * rows
        incident = batch.fields.setdefault("incident", {})
        person = batch.fields.setdefault("person", {})
        slow = batch.slow
        for path in self._plan.source.required:
            entity, _, name = path.partition(".")
            column = batch.fields.get(entity, {}).get(name, blank)
            slow.update(row for row, value in enumerate(column) if value in (None, ""))
        slow.update(row for row, code in enumerate(person.get("household_external_id", ())) if code)
        if "date_incident" in incident or "date_report" in incident:
            self._check_dates(incident, slow, blank)
        self._find_regions(incident, slow, blank)
        if "date_of_birth" in person and "date_incident" in incident:
            self._find_ages(incident, person, slow, blank)

    def _check_dates(self, incident: dict[str, Column], slow: set[int], blank: Column) -> None:
        check = self._checker.dates
        precisions: Column = []
        dates = [incident.get(name, blank) for name in _DATES_OF_CASE]
        for row, (first, last, report, precision) in enumerate(zip(*dates, strict=True)):
            fault, precision = check(first or "", last or "", report or "", precision)
            precisions.append(precision)
            if fault:
                slow.add(row)
        if is_filled(precisions):
            incident["date_precision"] = precisions

    def _find_regions(self, incident: dict[str, Column], slow: set[int], blank: Column) -> None:
        if "settlement" not in incident:
            return
        regions = list(incident.get("region", blank))
        countries = incident.get("country", blank)
        if None not in regions:
            return
        for row, (settlement, region) in enumerate(zip(incident["settlement"], regions, strict=True)):
            if settlement and not region and countries[row] != "abroad":
                found = self._region_of(settlement)
                if isinstance(found, Problem):
                    slow.add(row)
                else:
                    regions[row] = found
        if is_filled(regions):
            incident["region"] = regions

    @staticmethod
    def _find_ages(
        incident: dict[str, Column], person: dict[str, Column], slow: set[int], blank: Column
    ) -> None:
        ages = list(person.get("age", blank))
        names = ("date_incident", "date_precision", "date_incident_to")
        told = [incident.get(name, blank) for name in names]
        for row, born in enumerate(person["date_of_birth"]):
            if not born or not told[0][row]:
                continue
            own: dict[str, Any] = {"date_of_birth": born}
            precision = person["date_of_birth_precision"][row]
            own |= {"date_of_birth_precision": precision} if precision else {}
            own |= {} if ages[row] is None else {"age": ages[row]}
            said = {name: column[row] for name, column in zip(names, told, strict=True)}
            if ages_fault(Case(incident=said, persons=[PersonDraft(fields=own)])):
                slow.add(row)
            ages[row] = own.get("age")
        if is_filled(ages):
            person["age"] = ages


def _spread(columns: dict[str, Column], entity: str, name: str, batch: Prepared) -> None:
    """Take dates and amounts of money apart into the fields that they fill."""
    column = columns[name]
    kinds = set(map(type, column))
    if DateValue in kinds:
        columns[name] = [value.first if value else None for value in column]
        if name == "date_incident":
            columns["date_precision"] = [value.precision if value else None for value in column]
            columns[_LAST] = [(value.last or None) if value else None for value in column]
        elif name == "date_of_birth":
            columns["date_of_birth_precision"] = [value.precision if value else None for value in column]
    elif Money in kinds:
        columns[name] = [value.amount if type(value) is Money else value for value in column]
        named = {row for row, value in enumerate(column) if type(value) is Money}
        if entity != "request" or "currency" in columns:
            batch.slow |= named  # which of two amounts names the currency is not decided here
        else:
            columns["currency"] = [value.currency if type(value) is Money else None for value in column]


def _settle_ranges(incident: dict[str, Column]) -> None:
    """Take the last day from the date of the incident where no column of its own says it."""
    last = incident.pop(_LAST, [])
    if is_filled(last):
        told = incident.get("date_incident_to", [None] * len(last))
        incident["date_incident_to"] = [own or found for own, found in zip(told, last, strict=True)]


def _name_silent(batch: Prepared, rows: int) -> None:
    """Leave the rows in which nothing at all is said to the way of single rows."""
    columns = [column for named in batch.fields.values() for column in named.values()]
    columns += [*batch.codes.values(), *batch.consents.values()]
    if all(None in column for column in columns):
        silent = set(range(rows))
        for column in columns:
            silent = {row for row in silent if column[row] is None}
        batch.slow |= silent
