"""A batch of rows as columns: what one part of the way hands to the next."""

from dataclasses import dataclass, field

from ingest.cases import AnyRow

from .columns import Column

SEPARATOR = "\x1f"  # between the cells of a row that is kept as one text


@dataclass
class Prepared:
    """A batch of rows, column by column. Only plain values: it goes from one process to another.

    Attributes:
        positions: Place in the file's order of each row of the columns.
        numbers: Row in the file.
        texts: The cells as they were read, in the order of the plan's columns, joined by `SEPARATOR`.
        keys: Record keys.
        fields: Entity -> field -> values.
        codes: `act.act_code`, `act.relationship`, `request.need` -> lists of codes.
        consents: Scope -> statuses.
        prints: Kind -> fingerprints.
        faults: Row -> reason and column for which it goes to quarantine.
        slow: Rows that go the way of single rows.
        present: The columns of the plan that the file has, in its order.
        odd: (place in the file's order, record key, row) of rows that are in no column.
    """

    positions: list[int]
    numbers: list[int]
    texts: list[str]
    keys: list[str]
    fields: dict[str, dict[str, Column]] = field(default_factory=dict)
    codes: dict[str, Column] = field(default_factory=dict)
    consents: dict[str, Column] = field(default_factory=dict)
    prints: dict[str, Column] = field(default_factory=dict)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    slow: set[int] = field(default_factory=set)
    present: tuple[str, ...] = ()
    odd: list[tuple[int, str, AnyRow]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Rows of the batch."""
        return len(self.positions) + len(self.odd)
