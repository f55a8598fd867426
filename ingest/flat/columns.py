"""One column of a batch: each distinct cell is cleaned once, the others are looked up."""

import re
from collections.abc import Sequence
from typing import Any

from codebook import FieldType
from ingest.cases import CellReader, Setting
from ingest.declarations import REPEATABLE
from ingest.mapping import Aim, Target
from ingest.problems import UNREADABLE, Problem
from ingest.values import BLANKS
from vault import codes_text

_REMEMBERED = 20_000  # distinct cells of one column that are remembered from batch to batch
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_MARKS = ("'", '="')  # what a spreadsheet puts before a text

Column = list[Any]


class ColumnReader:
    """Cleans the cells of one target.

    Attributes:
        path: `entity.field`, or the scope of a consent.
    """

    def __init__(self, target: Target, setting: Setting) -> None:
        self.target = target
        self.path = target.path
        self.is_consent = target.aim is Aim.CONSENT
        self.is_repeated = target.path in REPEATABLE
        self._reader = CellReader(target, setting)
        self._clean: dict[str, Any] = {}
        self._problems: dict[str, Problem] = {}
        self.is_text = (
            target.aim is Aim.FIELD
            and setting.book.field(target.path).type is FieldType.TEXT
            and not setting.book.field(target.path).code_list
            and target.path.partition(".")[2] not in ("currency", "funding_currency")
            and not (target.values or target.flag or setting.blanks or target.otherwise is not None)
            and not (target.separator or target.printed_list or target.parents or target.range_mark)
        )

    def read(self, cells: Sequence[str], faults: dict[int, tuple[str, str]]) -> Column:
        """Return the clean values; a cell that cannot be read is None, and noted in `faults` by its row."""
        if self.is_text:
            return self._texts(cells, faults)
        distinct = set(cells)
        for cell in distinct - self._clean.keys():
            value = self._reader.clean(cell)
            if isinstance(value, Problem):
                self._problems[cell] = value
                value = None
            elif isinstance(value, list) and not self.is_repeated:
                value = codes_text(value)
            self._clean[cell] = value
        found = list(map(self._clean.__getitem__, cells))
        if not self._problems.keys().isdisjoint(distinct):
            self._note(cells, faults)
        if len(self._clean) > _REMEMBERED:
            self._clean.clear()
            self._problems.clear()
        return found

    def _texts(self, cells: Sequence[str], faults: dict[int, tuple[str, str]]) -> Column:
        found: Column = [None if cell in BLANKS else cell for cell in map(str.strip, cells)]
        if any(cell.startswith(_MARKS) for cell in found if cell):
            found = [self._reader.clean(cell) if cell else None for cell in cells]
            for row, value in enumerate(found):
                if isinstance(value, Problem):
                    faults.setdefault(row, (value.reason, self.target.column))
                    found[row] = None
        elif _HALF_CHARACTER.search("".join(cells)):
            for row, cell in enumerate(cells):
                if found[row] and _HALF_CHARACTER.search(cell):
                    faults.setdefault(row, (UNREADABLE.reason, self.target.column))
                    found[row] = None
        return found

    def _note(self, cells: Sequence[str], faults: dict[int, tuple[str, str]]) -> None:
        problems = self._problems
        for row, cell in enumerate(cells):
            if cell in problems:
                faults.setdefault(row, (problems[cell].reason, self.target.column))


def is_filled(column: Column) -> bool:
    """Return whether a column says anything at all."""
    return any(value is not None for value in column)
