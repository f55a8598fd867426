"""Where the hierarchies of a run come from: a folder of files, or one YAML file of rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codebook.errors import HierarchyError

from .cell_rules import CellRules
from .coded import CodedColumn
from .hierarchies import Hierarchy
from .hierarchy_files import find_hierarchy_files, read_hierarchies
from .ladder_rules import Rule, hierarchy_by_rule, read_rules
from .ladders import flat_hierarchy
from .overlap import split_items
from .table_files import Columns

_RULE_FILES = (".yml", ".yaml")


@dataclass(frozen=True)
class LadderSource:
    """Columns that have a hierarchy, and how to get it."""

    path: Path
    columns: tuple[str, ...]
    rules: dict[str, Rule] | None  # None: a folder of files

    def build(
        self, names: Sequence[str], columns: Columns, cells: CellRules, *, flags: Sequence[str] = ()
    ) -> dict[str, Hierarchy]:
        """Return the hierarchies of columns; flags (yes or no) need none.

        Raises:
            HierarchyError: A column has no hierarchy, or a wrong one; names it.
        """
        flat = {name: flat_hierarchy(name, ("no", "yes")) for name in names if name in flags}
        others = [name for name in names if name not in flat]
        if self.rules is None:
            return flat | read_hierarchies(self.path, others, required=others)
        without = [name for name in others if name not in self.rules]
        if without:
            raise HierarchyError(
                f"{self.path.name}: no rule for {', '.join(without)}", remedy=f"add a line {without[0]}: flat"
            )
        separators = dict(cells.set_valued)
        return flat | {
            name: hierarchy_by_rule(
                name, self.rules[name], _values(columns[name], separators.get(name)), beside=self.path
            )
            for name in others
        }


def open_ladders(path: Path, names: Sequence[str]) -> LadderSource:
    """Return the hierarchies that a folder, or a file of rules, has for the columns of a file.

    Raises:
        HierarchyError: No such folder or file, or it cannot be read.
    """
    if path.is_file() and path.suffix.lower() in _RULE_FILES:
        rules = read_rules(path)
        return LadderSource(path, tuple(name for name in names if name in rules), rules)
    found = find_hierarchy_files(path, names)
    return LadderSource(path, tuple(name for name in names if name in found), None)


def _values(cells: Sequence[str], separator: str | None) -> set[str]:
    distinct = set(cells.values if isinstance(cells, CodedColumn) else cells)
    if separator is None:
        return distinct
    return {item for cell in distinct for item in split_items(cell, separator)}
