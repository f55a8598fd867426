"""From the cells of one row to what they say: fields, codes, consents, links, faults.

Nothing is stored here and nothing decided across rows: `assemble.py` puts the parts of a case together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codebook import FieldType, fold
from ingest.dates import DateValue
from ingest.declarations import REPEATABLE
from ingest.mapping import Aim, Block, Sheet
from ingest.problems import CONTRADICTION, Problem
from ingest.readers import Cell, Row
from ingest.values import Money

from .cells import CellReader, Setting

_PLAIN = frozenset({str, int, float})  # values that are stored as they are: most cells of most files
_SIGN = "(currency named in the amount)"  # between two cells of one block; never stored
# From most to least careful: what several columns say of one consent is the most careful of it.
_CAUTION = ("withdrawn", "refused", "expired", "unknown", "not_asked", "given")


@dataclass(slots=True)
class Gathered:
    """What one block says.

    Attributes:
        fields: Entity -> field -> clean value.
        codes: `act.act_code`, `act.relationship`, `request.need` -> codes in the order of the cell.
        consents: Scope -> status.
        links: `link.person`, `link.perpetrator` -> 1-based number.
        children: Column groups and repeat rows of this block, in declared order.
        fault: The first problem and its column.
        is_person: Whether the block speaks of a person.
    """

    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    children: "list[Gathered]" = field(default_factory=list)
    fault: tuple[str, str] | None = None
    is_person: bool = False
    is_perpetrator: bool = False

    @property
    def filled(self) -> bool:
        """Whether anything at all is said."""
        return bool(self.fields or self.codes or self.consents or self.children or self.fault)


class SheetGatherer:
    """Reads the rows of one table as the declaration says, repeats included."""

    def __init__(self, sheet: Sheet, setting: Setting) -> None:
        self._own = _BlockGatherer(sheet.block, setting)
        self._groups = [_BlockGatherer(group, setting) for group in sheet.column_groups]
        self._repeats = {repeat.name: SheetGatherer(repeat, setting) for repeat in sheet.repeats}
        self._continued = frozenset(repeat.name for repeat in sheet.repeats if repeat.continues)

    def gather(self, row: Row) -> Gathered:
        """Return what a row says, with its column groups and repeats as children."""
        found = self._own.gather(row.cells)
        for group in self._groups:
            child = group.gather(row.cells) if group.applies(row.cells) else Gathered()
            if child.filled:
                _adopt(found, child)
        for name, gatherer in self._repeats.items():
            for child_row in row.repeats.get(name, ()):
                child = gatherer.gather(child_row)
                if child.filled and name in self._continued:
                    _continue(found, child, place=name)
                elif child.filled:
                    _adopt(found, child, place=name)
        return found


def _adopt(parent: Gathered, child: Gathered, place: str = "") -> None:
    parent.children.append(child)
    if child.fault and not parent.fault:
        reason, column = child.fault
        parent.fault = (reason, f"{place}: {column}" if place else column)


def _continue(found: Gathered, more: Gathered, place: str) -> None:
    """Take what another table says of the same record; where the two differ, nobody knows which is right."""
    for entity, fields in more.fields.items():
        known = found.fields.setdefault(entity, {})
        for name, value in fields.items():
            if known.setdefault(name, value) != value:
                found.fault = found.fault or (CONTRADICTION.reason, f"{place}: {entity}.{name}")
    for path, codes in more.codes.items():
        known_codes = found.codes.setdefault(path, [])
        known_codes += [code for code in codes if code not in known_codes]
    for scope, status in more.consents.items():
        found.consents[scope] = most_careful(status, found.consents.get(scope, status))
    found.links.update(more.links)
    found.children += more.children
    found.is_person = found.is_person or more.is_person
    if more.fault and not found.fault:
        found.fault = (more.fault[0], f"{place}: {more.fault[1]}")


class _BlockGatherer:
    """Reads one block; what is constant is added only where the block says something of the same entity."""

    def __init__(self, block: Block, setting: Setting) -> None:
        self._columns = [
            (column, [CellReader(target, setting) for target in targets])
            for column, targets in block.columns.items()
        ]
        self._combined = [
            (combination.columns, combination.join, CellReader(combination.target, setting))
            for combination in block.combinations
        ]
        self._entities = block.entities
        self._only_if = block.only_if
        self._constants = [(path, _constant(path, value, setting)) for path, value in block.constants.items()]
        self._is_person = "person" in block.entities
        self._is_perpetrator = "perpetrator" in block.entities and not self._is_person

    def applies(self, cells: Mapping[str, Cell]) -> bool:
        """Return whether the block says anything at all in this row."""
        return all(fold(str(cells.get(column, ""))) in found for column, found in self._only_if.items())

    def gather(self, cells: Mapping[str, Cell]) -> Gathered:
        found = Gathered(is_person=self._is_person, is_perpetrator=self._is_perpetrator)
        for column, readers in self._columns:
            cell = cells.get(column, "")
            if cell:
                for reader in readers:
                    clean = reader.read(cell)
                    if clean is None:
                        continue
                    if reader.is_plain and type(clean) in _PLAIN:
                        fields = found.fields.setdefault(reader.entity, {})
                        if reader.name not in fields:
                            fields[reader.name] = clean
                            continue
                    _put(found, reader, column, clean)
        for columns, join, reader in self._combined:
            parts = [str(cells[column]).strip() for column in columns if cells.get(column)]
            clean = reader.read(join.join(part for part in parts if part)) if parts else None
            if clean is not None:
                _put(found, reader, reader.target.column, clean)
        if found.filled:
            self._add_constants(found)
            _settle_currency(found)
        return found

    def _add_constants(self, found: Gathered) -> None:
        said = {path.partition(".")[0] for path in found.codes} | set(found.fields)
        for path, value in self._constants:
            entity, _, name = path.partition(".")
            # What columns could have said and did not say is not made up by a constant.
            if entity in self._entities and entity not in said and entity not in ("incident", "source"):
                continue
            if path in REPEATABLE:
                found.codes.setdefault(path, list(value))
            else:
                found.fields.setdefault(entity, {}).setdefault(name, value)


def _constant(path: str, value: str, setting: Setting) -> Any:
    known = setting.book.field(path)
    several = known.type is FieldType.CODES or path in REPEATABLE
    return [value] if several else int(value) if known.type is FieldType.INTEGER else value


def _settle_currency(found: Gathered) -> None:
    """Take the currency that an amount names, unless another one is recorded: then nobody knows which."""
    for entity, column in (("request", "currency"), ("funding", "funding_currency")):
        fields = found.fields.get(entity, {})
        sign = fields.pop(_SIGN, None)
        if sign and fields.setdefault(column, sign) != sign:
            found.fault = found.fault or (CONTRADICTION.reason, f"{entity}.{column}")


def _put(found: Gathered, reader: CellReader, column: str, clean: Any) -> None:
    if isinstance(clean, Problem):
        found.fault = found.fault or (clean.reason, column)
        return
    target = reader.target
    if target.aim is Aim.FIELD:
        if target.path in REPEATABLE:
            codes = found.codes.setdefault(target.path, [])
            codes += [code for code in clean if code not in codes]
        else:
            _put_field(found.fields.setdefault(reader.entity, {}), reader.name, clean)
    elif target.aim is Aim.LINK:
        found.links[target.path] = clean
    else:
        scopes = {target.path: clean} if target.aim is Aim.CONSENT else dict.fromkeys(clean, "given")
        for scope, status in scopes.items():
            found.consents[scope] = most_careful(status, found.consents.get(scope, status))


def _put_field(fields: dict[str, Any], name: str, clean: Any) -> None:
    if isinstance(clean, DateValue):
        if name == "date_incident":
            if clean.last:
                fields.setdefault("date_incident_to", clean.last)
            fields.setdefault("date_precision", clean.precision)
        elif name == "event_date":
            if clean.last:
                fields.setdefault("event_date_to", clean.last)
            fields.setdefault("event_precision", clean.precision)
        elif name == "date_of_birth":
            fields["date_of_birth_precision"] = clean.precision
        fields[name] = clean.first
    elif isinstance(clean, Money):
        fields[name] = clean.amount
        fields[_SIGN] = clean.currency
    elif isinstance(clean, list):
        fields[name] = [*fields.get(name, []), *(code for code in clean if code not in fields.get(name, []))]
    elif name in ("date_precision", "event_precision") or name not in fields:
        fields[name] = clean
    else:
        fields[name] = f"{fields[name]}\n{clean}"  # several columns of free text


def most_careful(left: str, right: str) -> str:
    """Return the status that counts when two are said of one consent."""
    return min(left, right, key=_CAUTION.index)
