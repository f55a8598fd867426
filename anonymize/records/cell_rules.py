"""How cells are read: what a missing cell means, and which columns hold several values at once.

One object, given to measuring and to recoding alike, because it changes the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codebook.errors import HierarchyError, RecordsError

from .hierarchies import MISSING, TOP, Hierarchy, hierarchy_from_lines
from .overlap import Overlap, split_items

OWN_VALUE, WILDCARD = "own value", "wildcard"
MISSING_RULES = (OWN_VALUE, WILDCARD)


@dataclass(frozen=True)
class CellRules:
    """The rule for missing cells, and the set-valued columns.

    Attributes:
        missing: "own value": a missing cell is a value like others, so missingness cannot hide a small class
            (the stricter rule). "wildcard": it may be any value, so it matches every cell.
        set_valued: (column, separator) of columns that hold several items, such as acts or motives. An empty
            cell is the empty set. A set is generalised item by item, along the ladder of its items.
        set_size: Items of the set-valued columns, all together, that an attacker knows. k then holds for
            every choice of so many items (k^m-anonymity); 0: he knows the whole sets.
    """

    missing: str = OWN_VALUE
    set_valued: tuple[tuple[str, str], ...] = ()
    set_size: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.missing not in MISSING_RULES:
            raise RecordsError(
                f"no rule for missing values is named {self.missing!r}",
                remedy=f"one of: {', '.join(MISSING_RULES)}",
            )
        if self.set_size < 0 or not all(separator for _, separator in self.set_valued):
            raise RecordsError(
                "a set-valued column needs its separator, and set size 0 or more",
                remedy="COLUMN:SEPARATOR, such as acts:;",
            )
        if self.missing == WILDCARD and self.set_valued:
            raise RecordsError(
                "the wildcard rule is not defined together with set-valued columns",
                remedy="take own value, or split the sets into flags",
            )

    def overlap(self, names: Sequence[str]) -> Overlap | None:
        """Return how classes of these columns overlap; None where each record is in one class."""
        if self.missing == WILDCARD:
            return Overlap(wildcard=True)
        separators = {names.index(name): separator for name, separator in self.set_valued if name in names}
        return (
            Overlap(separators=separators, set_size=self.set_size) if separators and self.set_size else None
        )

    def read(self, columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """Return the columns with every set written in one way: its distinct items, sorted.

        Raises:
            RecordsError: A set-valued column is not there.
        """
        found = dict(columns)
        for name, separator in self.set_valued:
            if name not in found:
                raise RecordsError(
                    f"no column named '{name}'", remedy=f"the columns are: {', '.join(columns)}"
                )
            written = {cell: separator.join(split_items(cell, separator)) for cell in set(found[name])}
            found[name] = [written[cell] for cell in found[name]]
        return found

    def ladder(self, name: str, hierarchy: Hierarchy, cells: Sequence[str]) -> Hierarchy:
        """Return the ladder of a column's cells: as given, with a line for missing, or that of its sets."""
        separator = dict(self.set_valued).get(name)
        if separator is not None:
            return set_hierarchy(hierarchy, cells, separator)
        return hierarchy.with_missing() if MISSING in cells else hierarchy


def set_hierarchy(items: Hierarchy, cells: Sequence[str], separator: str) -> Hierarchy:
    """Return the ladder of sets: each level is the set of the items' groups, the last one `*`.

    Every distinct set is one line of the domain.

    Raises:
        HierarchyError: Items without a line; counts them.

    >>> from .hierarchies import hierarchy_from_mapping
    >>> acts = hierarchy_from_mapping("acts", {"slap": ["harm", "*"], "kick": ["harm", "*"]})
    >>> set_hierarchy(acts, ["kick;slap", "slap"], ";").label("kick;slap", 1)
    'harm'
    """
    sets = {cell: split_items(cell, separator) for cell in dict.fromkeys(cells)}
    unknown = {item for held in sets.values() for item in held} - set(items.values)
    if unknown:
        raise HierarchyError(
            f"{items.place}: {len(unknown)} items of column '{items.column}' have no line in the hierarchy",
            remedy="add a line for each item, or correct the values in the file",
        )
    levels = range(items.n_levels)
    tops = set(items.labels[-1])
    lines = []
    for cell, held in sets.items():
        row = [separator.join(sorted({items.label(item, level) for item in held})) for level in levels]
        lines.append((cell, *row[1:-1], TOP if tops == {TOP} else row[-1]) if items.n_levels > 1 else (cell,))
    return hierarchy_from_lines(items.column, lines, place=items.place, may_repeat=True)


def split_flags(columns: Mapping[str, Sequence[str]], name: str, separator: str) -> dict[str, list[str]]:
    """Return one column "name=item" of yes and no for every item that occurs, sorted by item.

    Raises:
        RecordsError: The column is not there.

    >>> split_flags({"acts": ["slap;kick", "slap", ""]}, "acts", ";")
    {'acts=kick': ['yes', 'no', 'no'], 'acts=slap': ['yes', 'yes', 'no']}
    """
    if name not in columns:
        raise RecordsError(f"no column named '{name}'", remedy=f"the columns are: {', '.join(columns)}")
    sets = [set(split_items(cell, separator)) for cell in columns[name]]
    items = sorted(set().union(*sets))
    return {f"{name}={item}": ["yes" if item in held else "no" for held in sets] for item in items}
