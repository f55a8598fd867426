"""What is to be published: dimensions with their ladders, and tables that cross them.

Codes only, no labels; nothing here knows a count. A ladder must be nested and climb one level at a time, so
that every table can carry all its coarser margins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from codebook.errors import PlanError

TOTAL = "_T"
MOST_CROSSED_DIMENSIONS = 3  # RULES 3, rule 30

CellKey = tuple[tuple[str, str], ...]
"""(dimension, code) pairs that are not the total, sorted: one cell has one key in whatever table it
stands.
"""


@dataclass(frozen=True)
class Dimension:
    """A column of tables: its codes on one or more nested levels.

    Args:
        name: Column name in tables.
        levels: Level names, fine to coarse.
        parent: Code -> code one level up, or `_T` for a code that has nothing above it.
        level: Code -> level name; may be left out where there is one level only.
        sensitive: Codes that need the higher threshold and base.
        unknown: Codes that say nothing of anybody ("not recorded"): masked once, where small, and not hidden
            behind others (rule 25).

    Raises:
        PlanError: A code climbs to an unknown code or skips a level.
    """

    name: str
    levels: tuple[str, ...]
    parent: Mapping[str, str]
    level: Mapping[str, str] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for code, above in self.parent.items():
            if above == TOTAL:
                continue
            if above not in self.parent or self.rank(above) != self.rank(code) + 1:
                raise PlanError(
                    f"dimension {self.name}: a code's parent is unknown or skips a level",
                    remedy="let every code climb exactly one level, or to _T",
                )

    def rank(self, code: str) -> int:
        """Return the position of a code's level, 0 being the finest."""
        return self.levels.index(self.level.get(code, self.levels[0]))

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Code (or `_T`) -> the codes directly below it, in the order given."""
        below: dict[str, list[str]] = {}
        for code, above in self.parent.items():
            below.setdefault(above, []).append(code)
        return {above: tuple(codes) for above, codes in below.items()}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Codes with nothing below them: the only ones that a row of microdata may carry."""
        return tuple(code for code in self.parent if code not in self.children)

    def climb(self, code: str, level: str) -> str:
        """Return the code's ancestor at a level; a code without one there stands for itself."""
        wanted = self.levels.index(level)
        while self.rank(code) < wanted and self.parent[code] != TOTAL:
            code = self.parent[code]
        return code

    def codes_at(self, level: str) -> tuple[str, ...]:
        """Return the codes that partition everything at a level, in order of first appearance."""
        return tuple(dict.fromkeys(self.climb(leaf, level) for leaf in self.leaves))

    def codes_from(self, finest: str) -> tuple[str, ...]:
        """Return all codes of a level and of the levels above it, coarse ones first."""
        levels = reversed(self.levels[self.levels.index(finest) :])
        return tuple(dict.fromkeys(code for level in levels for code in self.codes_at(level)))


@dataclass(frozen=True)
class TablePlan:
    """A table to publish: a unit of counting crossed by dimensions, with all coarser margins.

    Args:
        name: Name of the published table.
        unit: What is counted; tables of one unit count the same rows and form one linked system.
        dimensions: Column -> finest level used.
        only: Column -> the only codes shown; such a column has no `_T` and no margin over it.
        stacked: Column whose codes are each a question asked of all rows (data quality): the one other
        column is
            then read from rows as `<other>:<code>`, and every code's total is the unit's grand total.
        leave_out: Column -> codes not shown, nor any sum of which they are a part, `_T` among them.
        filters: Column -> allowed codes, applied to rows before counting; must be the same for all tables
        of a unit.

    Raises:
        PlanError: No dimension, too many, or a stacked table that is not two columns.
    """

    name: str
    unit: str
    dimensions: Mapping[str, str]
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stacked: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= len(self.dimensions) <= MOST_CROSSED_DIMENSIONS:
            raise PlanError(
                f"table {self.name}: {len(self.dimensions)} dimensions, not 1 to {MOST_CROSSED_DIMENSIONS}",
                remedy="split it into several tables",
            )
        if self.stacked and (self.stacked not in self.dimensions or len(self.dimensions) != 2):
            raise PlanError(
                f"table {self.name}: stacked by {self.stacked}, its columns are not that and one other",
                remedy="give it two dimensions, of which one is the stacked one",
            )
        for name, columns in (("only", self.only), ("leave_out", self.leave_out)):
            if unknown := (set(columns) - set(self.dimensions)):
                raise PlanError(
                    f"table {self.name}: '{name}' names {len(unknown)} columns that are not its dimensions",
                    remedy=f"its dimensions are {', '.join(self.dimensions)}",
                )

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the dimension columns in order."""
        return tuple(self.dimensions)


def require_dimensions(plans: Iterable[TablePlan], dimensions: Mapping[str, Dimension]) -> None:
    """Stop where a table names a dimension, level or code that does not exist, or a unit is filtered in two
    ways.

    Raises:
        PlanError: Names the table and the column.
    """
    filters: dict[str, Any] = {}
    for plan in plans:
        if filters.setdefault(plan.unit, plan.filters) != plan.filters:
            raise PlanError(
                f"table {plan.name}: unit {plan.unit} is filtered differently in another table",
                remedy="give the filtered count a unit name of its own",
            )
        for column, level in plan.dimensions.items():
            if column not in dimensions:
                raise PlanError(
                    f"table {plan.name}: unknown dimension {column}", remedy=f"use {', '.join(dimensions)}"
                )
            if level not in dimensions[column].levels:
                raise PlanError(
                    f"table {plan.name}: dimension {column} has no level {level}",
                    remedy=f"its levels are {', '.join(dimensions[column].levels)}",
                )
            for name, columns in (("only", plan.only), ("leave_out", plan.leave_out)):
                if set(columns.get(column, ())) - set(dimensions[column].codes_from(level)):
                    raise PlanError(
                        f"table {plan.name}: '{name}' names a code that {column} does not have",
                        remedy=f"use codes of level {level} or above",
                    )


def with_ancestors(dimension: Dimension, codes: Iterable[str]) -> frozenset[str]:
    """Return codes and everything that they are a part of, up to the total."""
    found = set()
    for code in codes:
        while code not in found:
            found.add(code)
            code = dimension.parent.get(code, TOTAL)
    return frozenset(found)


def dimension_from_rows(name: str, levels: Sequence[str], columns: Mapping[str, Sequence[str]]) -> Dimension:
    """Build a dimension from the nested columns of microdata.

    Args:
        name: Name of the dimension.
        levels: Column names, fine to coarse; one column for a flat dimension.
        columns: Column -> its value in every row (n_rows).

    Raises:
        PlanError: The columns are not nested, or one code stands on two levels.
    """
    parent: dict[str, str] = {}
    level_of: dict[str, str] = {}
    for position, level in enumerate(levels):
        above = columns[levels[position + 1]] if position + 1 < len(levels) else None
        pairs = (
            zip(columns[level], above, strict=True)
            if above is not None
            else ((c, TOTAL) for c in columns[level])
        )
        for code, up in sorted(set(pairs)):
            if (
                code == TOTAL
                or level_of.setdefault(code, level) != level
                or parent.setdefault(code, up) != up
            ):
                raise PlanError(
                    f"dimension {name}: column {level} is not nested in the next one, or shares codes",
                    remedy="make codes of different levels different and give each one parent",
                )
    return Dimension(name, tuple(levels), parent, level_of)
