"""Which sources can be taken column by column, and what each of their columns fills."""

from collections.abc import Mapping
from dataclasses import dataclass

from codebook import Codebook, FieldType
from ingest.declarations import REPEATABLE
from ingest.mapping import Aim, Source, Target

_ENTITIES = frozenset({"incident", "person", "source", "act", "request", "outcome", "consent"})
# What is derived from another column, so that a column of its own makes the order of columns matter.
_DERIVED = frozenset(
    {
        "incident.date_precision",
        "person.date_of_birth_precision",
        "consent.scope",
        "consent.consent_status",
        "request.currency",
    }
)


@dataclass(frozen=True)
class Plan:
    """What the columns of a flat source fill.

    Attributes:
        targets: Every target, in declared order.
        constants: `entity.field` -> the value of every row, as the vault keeps it.
        columns: The columns of the file that are read, in the order of the content of a record key.
    """

    source: Source
    targets: tuple[Target, ...]
    constants: Mapping[str, str]
    columns: tuple[str, ...]

    def has(self, path: str) -> bool:
        """Return whether a column fills a field."""
        return any(target.path == path for target in self.targets)


def plan_of(source: Source, book: Codebook) -> Plan | None:
    """Return the plan of a source, None where its rows are to be taken one by one."""
    main = source.main
    block = main.block
    if main.column_groups or main.repeats or main.skip_rows or source.incident_by or block.combinations:
        return None
    if "person" not in block.entities or not block.entities <= _ENTITIES or block.only_if:
        return None
    targets = tuple(block.targets())
    paths = [(target.aim, target.path) for target in targets]
    if any(target.aim not in (Aim.FIELD, Aim.CONSENT) or target.path in _DERIVED for target in targets):
        return None
    if len(set(paths)) < len(paths):
        return None
    filled = {target.path for target in targets}
    for path in block.constants:
        entity = path.partition(".")[0]
        plain = book.field(path).type in (FieldType.CODE, FieldType.TEXT) and path not in REPEATABLE
        if entity not in ("incident", "source") or path in filled or path in _DERIVED or not plain:
            return None
    return Plan(source, targets, dict(block.constants), tuple(sorted(block.column_names)))
