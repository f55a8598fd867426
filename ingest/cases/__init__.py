"""From the cells of rows to one case: what is said, whose it is, and what cannot be true of it."""

from .assemble import assemble_case, join_case
from .batches import AnyRow
from .case import ActSet, Case, KeptPerson, PersonDraft
from .cells import CellReader, Setting
from .checks import CaseChecker, ages_fault
from .gather import SheetGatherer

__all__ = [
    "ActSet",
    "AnyRow",
    "Case",
    "CaseChecker",
    "CellReader",
    "KeptPerson",
    "PersonDraft",
    "Setting",
    "SheetGatherer",
    "ages_fault",
    "assemble_case",
    "join_case",
]
