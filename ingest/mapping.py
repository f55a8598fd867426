"""What a source declaration says, as frozen data: which column of a file is which field of the codebook.

Read from YAML by `declarations/`; used by the readers (what may be there) and `cases/gather.py` (what it
means).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol


class Translation(Protocol):
    """What turns the columns and cells of an export into those that a declaration speaks of."""

    def header(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the columns under the names of the declaration."""

    def cells(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Return the cells of a row under the names of the declaration."""


class Aim(StrEnum):
    """What a column says: a field, a consent, or which person or perpetrator a row speaks of."""

    FIELD = "field"
    CONSENT = "consent"  # the cell is the status of one scope
    CONSENT_SCOPES = "consent_scopes"  # the cell lists the scopes that are given
    LINK = "link"  # 1-based number of a person or perpetrator of the same record


@dataclass(frozen=True)
class Target:
    """What one column (or several, combined) fills, and how its cells are read.

    Attributes:
        column: Name in the file.
        path: `entity.field`, `link.person`, or the consent scope.
        values: Folded spelling of the file -> code; the empty text means nothing recorded.
        otherwise: What an unreadable value becomes; None sends the record to quarantine, "" leaves it blank.
        order: `day_month` or `month_day`, for dates like 03/04/2025; empty where none may occur.
        flag: The code that a 0/1 column stands for.
        joined_labels: The cell holds several labels joined by blanks (Kobo, summary mode with labels).
        printed_list: The cell is a list as a program prints it: `["one", "two"]` (Primero's CSV).
        parents: Mark between a value and the parents named before it, which do not count (Uwazi: `::`).
        range_mark: Mark between the first and the last day of a period (Uwazi: `~`).
    """

    column: str
    path: str
    aim: Aim = Aim.FIELD
    separator: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    order: str = ""
    flag: str = ""
    joined_labels: bool = False
    unit: str = ""
    printed_list: bool = False
    parents: str = ""
    range_mark: str = ""

    @property
    def entity(self) -> str:
        """The codebook entity that is filled; `link` and `consent` for the other aims."""
        return "consent" if self.aim in (Aim.CONSENT, Aim.CONSENT_SCOPES) else self.path.partition(".")[0]


@dataclass(frozen=True)
class Combination:
    """Several columns that make one value: their filled cells joined by `join`."""

    target: Target
    columns: tuple[str, ...]
    join: str


@dataclass(frozen=True)
class ConsentConstant:
    """A consent that holds for every record of a source; the basis in writing is required.

    `given_by` is empty where no person was asked, as with data that were public before.
    """

    scope: str
    status: str
    given_by: str
    basis: str


@dataclass(frozen=True)
class Block:
    """Columns that speak of one thing: a row, a group of columns of it, or a row of a repeat.

    Attributes:
        only_if: Column -> folded cells; where the row has another one, the block says nothing (groups only).
    """

    columns: Mapping[str, tuple[Target, ...]]
    combinations: tuple[Combination, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    only_if: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def entities(self) -> frozenset[str]:
        """Entities that the columns (constants do not count) fill."""
        return frozenset(target.entity for target in self.targets())

    @cached_property
    def column_names(self) -> frozenset[str]:
        """Every column that the block reads."""
        combined = (name for combination in self.combinations for name in combination.columns)
        return frozenset((*self.columns, *combined, *self.only_if))

    def targets(self) -> Iterator[Target]:
        """Yield every target of the block, combined ones last."""
        for targets in self.columns.values():
            yield from targets
        for combination in self.combinations:
            yield combination.target


@dataclass(frozen=True)
class Sheet:
    """One table of a file: the main one or a repeat. What is neither mapped nor left out stops the run.

    Attributes:
        name: Sheet name (xlsx) or key of the list (json); empty for the main table where it is the first.
        join: Column of this sheet -> column of the parent sheet (xlsx only).
        optional: Whether the sheet or list may be absent.
        skip_rows: Column -> folded cells with which a row is counted and passed over (main table only).
        optional_columns: Mapped columns that a file may lack.
        continues: A row of this repeat says more of the same record, and is nothing of its own.
    """

    name: str
    block: Block
    column_groups: tuple[Block, ...] = ()
    ignore: frozenset[str] = frozenset()
    ignore_pattern: tuple[str, ...] = ()
    drop_coordinates: frozenset[str] = frozenset()
    join: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    repeats: "tuple[Sheet, ...]" = ()
    skip_rows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    optional_columns: frozenset[str] = frozenset()
    continues: bool = False
    translation: Translation | None = None  # from every way in which a form server writes the form

    @property
    def required_columns(self) -> frozenset[str]:
        """Columns that must be in the file."""
        return self.mapped_columns - self.optional_columns

    def accounts_for(self, name: str) -> bool:
        """Return whether a column is mapped, dropped or ignored by name."""
        return (
            name in self.mapped_columns
            or name in self.ignore
            or name in self.drop_coordinates
            or any(re.fullmatch(pattern, name) for pattern in self.ignore_pattern)
        )

    @cached_property
    def mapped_columns(self) -> frozenset[str]:
        """Columns that are read by a block, or needed to join sheets or to pass over rows."""
        blocks = (self.block, *self.column_groups)
        keys = (name for repeat in self.repeats for name in repeat.join.values())
        named = (name for block in blocks for name in block.column_names)
        return frozenset((*named, *self.join, *keys, *self.skip_rows))


@dataclass(frozen=True)
class Source:
    """One declaration of `ingest/sources/`: a kind of file and what it means."""

    name: str
    version: str
    format: str
    main: Sheet
    description: str = ""
    language: str = ""
    encoding: str = ""
    delimiter: str = ""  # empty: decided over the file by agreement of the column counts
    ignore_sheets: frozenset[str] = frozenset()
    path: str = ""
    recognise: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    incident_by: tuple[str, ...] = ()
    blanks: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    code_space: str = ""
    record_space: str = ""  # sources of one space are exports of one form: a key means the same record in all
    consent: tuple[ConsentConstant, ...] = ()
    implied_person: bool = False
    form_repeats: tuple[str, ...] | None = None  # None: the declaration does not say
    names: tuple[str, ...] = ()  # columns of a file without a header
    positions: tuple[str, ...] = ()  # columns by their place, where headings come in many languages
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> headings by place
    short_rows: bool = False  # csv: a row that ends early is one whose last cells are blank
    notes: tuple[str, ...] = ()  # told at every run: what files of this kind cannot say
    draft: bool = False  # written by `--suggest` and not yet confirmed by a person: never used
    packaged: bool = False  # comes with Withheld and is not the group's own

    @property
    def is_funding(self) -> bool:
        """Whether its rows are months of funding and not incidents."""
        return self.main.block.entities == {"funding"}

    @property
    def is_context(self) -> bool:
        """Whether its rows are events of a series that others publish, and not cases."""
        return self.main.block.entities == {"context_event"}
