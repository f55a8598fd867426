"""Generalisation hierarchies: from each value of a column up to `*`, level by level.

In memory only; `hierarchy_files.py` reads them, `ladders.py` builds them by rule.
A hierarchy is always nested: what shares a label at one level shares it at every level above.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from codebook.errors import HierarchyError
from codebook.ladders import Ladder

from .coded import CodedColumn

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

TOP = "*"
MISSING = ""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """One column's ladder, coded: value -> group at each level.

    `groups[level][value code]` is the group code, `labels[level][group code]` what is published.
    Level 0 is the value itself. `lines[value code]` counts the lines the hierarchy gave to the value:
    every line counts in the share of the domain that a group covers, also one given twice.
    """

    column: str
    values: tuple[str, ...]
    lines: IntArray  # (n_values) lines
    groups: tuple[IntArray, ...]  # per level (n_values)
    labels: tuple[tuple[str, ...], ...]  # per level (n_groups)
    place: str = "in memory"
    level_names: tuple[str, ...] = ()  # such as day, month, quarter; empty where nobody named them

    @property
    def n_levels(self) -> int:
        """Number of levels, level 0 included."""
        return len(self.groups)

    @property
    def n_lines(self) -> int:
        """Size of the domain in lines (`D` of the loss definitions)."""
        return int(self.lines.sum())

    @cached_property
    def code_of(self) -> dict[str, int]:
        """Value -> value code."""
        return {value: code for code, value in enumerate(self.values)}

    @cached_property
    def shares(self) -> tuple[FloatArray, ...]:
        """Per level, the share (0..1) of the domain's lines that each value's group covers."""
        return tuple(np.bincount(groups, weights=self.lines)[groups] / self.n_lines for groups in self.groups)

    def label(self, value: str, level: int) -> str:
        """Return what is published for a value at a level.

        >>> hierarchy_from_mapping("city", {"Lyon": ["France", "*"], "Rome": ["Italy", "*"]}).label("Rome", 1)
        'Italy'
        """
        return self.labels[level][int(self.groups[level][self.code_of[value]])]

    def level_name(self, level: int) -> str:
        """Return what a person calls a level."""
        if level < len(self.level_names):
            return self.level_names[level]
        if level == 0:
            return "the value itself"
        return "*" if self.labels[level] == (TOP,) else f"level {level}"

    def with_missing(self) -> "Hierarchy":
        """Return the ladder with a line for the missing value (an empty cell), if it has none.

        Missing is a value of its own: it stays missing until the top, and only there it is a part of `*`.
        """
        return self.with_value(MISSING)

    def with_value(self, value: str) -> "Hierarchy":
        """Return the ladder with a line for a value that stays itself until the top, if it has none."""
        if value in self.code_of:
            return self
        top = self.labels[-1][0] if self.n_levels > 1 and len(self.labels[-1]) == 1 else value
        rows = [*_rows(self), (value,) * (self.n_levels - 1) + (top,)]
        coded = _coded(self.column, rows, [*self.lines.tolist(), 1], self.place)
        return replace(coded, level_names=self.level_names)


def hierarchy_from_lines(
    column: str, lines: Iterable[Sequence[str]], *, place: str = "in memory", may_repeat: bool = False
) -> Hierarchy:
    """Check the lines value, level 1, level 2, ... of one column and code them.

    Args:
        column: The column that the ladder generalises.
        lines: One line per value; identical lines may be repeated, each counts in the domain.
        place: What messages call it, such as a file name.
        may_repeat: Whether a level may equal the one below on every line (when there are few values).

    Raises:
        HierarchyError: No line, ragged, not nested, or a value with two different ladders; names the line.
    """
    rows: dict[tuple[str, ...], int] = {}
    ladder_of: dict[str, int] = {}
    n_levels = 0
    for number, cells in enumerate(lines, start=1):
        row = tuple(cells)
        n_levels = n_levels or len(row)
        if len(row) != n_levels:
            raise HierarchyError(
                f"{place}: line {number} has {len(row)} cells, line 1 has {n_levels}",
                remedy="give every line the value and the same number of levels, up to *",
            )
        if row not in rows and row[0] in ladder_of:
            raise HierarchyError(
                f"{place}: line {number} gives the value of line {ladder_of[row[0]]} another ladder",
                remedy="keep one of the two lines",
            )
        ladder_of.setdefault(row[0], number)
        rows[row] = rows.get(row, 0) + 1
    if n_levels == 0:
        raise HierarchyError(
            f"{place}: the hierarchy of column '{column}' is empty",
            remedy="write one line for each value: value;level 1;...;*",
        )
    numbers = [ladder_of[row[0]] for row in rows]
    _require_nested(list(rows), numbers, place)
    if not may_repeat:
        _require_no_repeat(list(rows), place)
    return _coded(column, list(rows), list(rows.values()), place)


def hierarchy_from_mapping(
    column: str, levels_of: Mapping[str, Sequence[str]], *, place: str = "in memory"
) -> Hierarchy:
    """Return the hierarchy of a mapping value -> labels of levels 1, 2, ... (the codebook's ladders).

    Raises:
        HierarchyError: As `hierarchy_from_lines`; the line is the position in the mapping.
    """
    lines = [(value, *levels) for value, levels in levels_of.items()]
    return hierarchy_from_lines(column, lines, place=place, may_repeat=True)


def hierarchy_from_ladder(column: str, ladder: Ladder, cells: Iterable[str]) -> Hierarchy:
    """Return the hierarchy of a codebook ladder, over the cells where the ladder lists no values.

    Level i is the ladder's level i. Empty cells are left to the rule for missing values.

    Raises:
        HierarchyError: A cell is not on the ladder, or the ladder is not nested over them.
    """
    values = ladder.values or tuple(sorted({cell for cell in cells if cell != MISSING}))
    levels_of = {value: [ladder.generalise(value, level) for level in ladder.levels[1:]] for value in values}
    hierarchy = hierarchy_from_mapping(column, levels_of, place=f"hierarchy {ladder.name}")
    return replace(hierarchy, level_names=ladder.levels)


def encode(hierarchy: Hierarchy, cells: Sequence[str]) -> IntArray:
    """Return the value code of every cell (n_records).

    Raises:
        HierarchyError: Cells without a line in the hierarchy; counts them and names the first record.
    """
    code_of = hierarchy.code_of
    distinct = cells.values if isinstance(cells, CodedColumn) else cells
    try:
        codes = np.fromiter(map(code_of.__getitem__, distinct), np.int64, len(distinct))
        return codes[cells.codes] if isinstance(cells, CodedColumn) else codes
    except KeyError:
        unknown = [number for number, cell in enumerate(distinct, start=1) if cell not in code_of]
    n_values = len({distinct[number - 1] for number in unknown})
    where = (
        ""
        if isinstance(cells, CodedColumn)
        else f" ({len(unknown)} records, the first is record {unknown[0]})"
    )
    raise HierarchyError(
        f"{hierarchy.place}: {n_values} values of column '{hierarchy.column}'{where} have no line in the "
        "hierarchy",
        remedy="add a line for each value, or correct the values in the file",
    )


def _require_nested(rows: Sequence[tuple[str, ...]], numbers: Sequence[int], place: str) -> None:
    """Raise where a label has two different parents."""
    n_levels = len(rows[0])
    for level in range(1, n_levels - 1):
        parent: dict[str, tuple[str, int]] = {}
        for row, number in zip(rows, numbers, strict=True):
            first = parent.setdefault(row[level], (row[level + 1], number))
            if first[0] != row[level + 1]:
                raise HierarchyError(
                    f"{place}: lines {first[1]} and {number} share level {level} but not level {level + 1}: "
                    "the levels are not nested",
                    remedy="give the same label at a level only to values that share every level above",
                )


def _require_no_repeat(rows: Sequence[tuple[str, ...]], place: str) -> None:
    """Raise where a level repeats the one below it on every line: it was written twice."""
    for level in range(1, len(rows[0])):
        if len(rows) > 1 and all(row[level] == row[level - 1] for row in rows):
            raise HierarchyError(
                f"{place}: level {level} repeats level {level - 1} on every line",
                remedy="leave one of them out",
            )


def _rows(hierarchy: Hierarchy) -> list[tuple[str, ...]]:
    return [
        tuple(labels[groups[code]] for groups, labels in zip(hierarchy.groups, hierarchy.labels, strict=True))
        for code in range(len(hierarchy.values))
    ]


def _coded(column: str, rows: Sequence[tuple[str, ...]], lines: Sequence[int], place: str) -> Hierarchy:
    groups, labels = [], []
    for cells in zip(*rows, strict=True):
        code_of: dict[str, int] = {}
        groups.append(np.array([code_of.setdefault(cell, len(code_of)) for cell in cells], dtype=np.int64))
        labels.append(tuple(code_of))
    values = tuple(row[0] for row in rows)
    return Hierarchy(column, values, np.array(lines, np.int64), tuple(groups), tuple(labels), place)
