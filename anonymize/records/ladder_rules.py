"""Hierarchies in a dozen lines of YAML: one rule per column, for files that have no hierarchy files.

age: {intervals: [5, 10, 20]}          # bands; `start: 3` where they do not begin at 0
day: dates                             # day, month, quarter, half year, year, three years, *
postcode: {prefix: [3, 2]}             # characters kept
sex: flat                              # nothing between the value and *
month: {groups: [{Q1: [1, 2, 3]}]}     # own groups, one mapping per level, each from its label down
act: {codebook: act}                   # a ladder of the codebook
region: {file: regions.csv}            # a hierarchy file beside this one

Any rule may name words that stay themselves until `*` (unknown: [Unknown]), and what a person calls its
levels below `*` (names: [month, quarter]).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from codebook.errors import HierarchyError

from .hierarchies import MISSING, TOP, Hierarchy, hierarchy_from_ladder, hierarchy_from_mapping
from .hierarchy_files import read_hierarchy
from .ladders import date_hierarchy, flat_hierarchy, interval_hierarchy, prefix_hierarchy

_OPTIONS = {"start", "unknown", "names"}

Rule = tuple[str, Any, Mapping[str, Any]]  # name, argument, options


def read_rules(path: Path) -> dict[str, Rule]:
    """Return column -> rule.

    Raises:
        HierarchyError: Not such a file; names the column.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise HierarchyError(
            f"{path.name}: cannot be read as YAML ({type(error).__name__})",
            remedy="write one line for each column, such as sex: flat, and save it in UTF-8",
        ) from None
    if not isinstance(document, dict) or not document:
        raise HierarchyError(f"{path.name}: no rules in it", remedy="one line per column, such as sex: flat")
    return {str(column): _rule(path, str(column), given) for column, given in document.items()}


def hierarchy_by_rule(column: str, rule: Rule, cells: Iterable[str], *, beside: Path) -> Hierarchy:
    """Return the hierarchy of a column's cells by its rule.

    Raises:
        HierarchyError: The rule does not fit the cells, or lacks some of them.
    """
    name, argument, options = rule
    unknown = [str(word) for word in options.get("unknown", [])]
    known = {cell for cell in cells if cell not in unknown}
    hierarchy = BUILDERS[name](column, known, argument, {**options, "beside": beside})
    for word in unknown:
        hierarchy = hierarchy.with_value(word)
    names = [str(name) for name in options.get("names", [])]
    if names and len(names) != hierarchy.n_levels - 1:
        raise HierarchyError(
            f"column '{column}': {len(names)} names for the {hierarchy.n_levels - 1} levels below *",
            remedy="name every level from the value itself up, without *",
        )
    return replace(hierarchy, level_names=(*names, TOP)) if names else hierarchy


def _rule(path: Path, column: str, given: Any) -> Rule:
    rule = {given: None} if isinstance(given, str) else given
    names = [name for name in rule if name in BUILDERS] if isinstance(rule, dict) else []
    if len(names) != 1 or set(rule) - set(names) - _OPTIONS:
        raise HierarchyError(
            f"{path.name}: column '{column}' needs exactly one rule",
            remedy=f"one of: {', '.join(BUILDERS)}",
        )
    options = {key: value for key, value in rule.items() if key != names[0]}
    return names[0], rule[names[0]], options


def _whole_numbers(column: str, argument: Any) -> list[int]:
    if not isinstance(argument, list) or not all(type(one) is int for one in argument):
        raise HierarchyError(
            f"column '{column}': a list of whole numbers is expected", remedy="write it as [5, 10]"
        )
    return argument


def _intervals(column: str, cells: Iterable[str], argument: Any, options: Mapping[str, Any]) -> Hierarchy:
    start = options.get("start", 0)
    return interval_hierarchy(column, cells, _whole_numbers(column, argument), start=int(start))


def _groups(column: str, cells: Iterable[str], argument: Any, _options: Mapping[str, Any]) -> Hierarchy:
    levels = argument if isinstance(argument, list) else [argument]
    if not all(
        isinstance(level, dict) and all(isinstance(held, list) for held in level.values()) for level in levels
    ):
        raise HierarchyError(
            f"column '{column}': groups are written label: [values], one mapping per level",
            remedy="groups: [{north: [a, b], south: [c]}]",
        )
    values = sorted({cell for cell in cells if cell != MISSING})
    rows = {value: [value] for value in values}
    for number, level in enumerate(levels, start=1):
        group_of = {str(value): str(label) for label, held in level.items() for value in held}
        missing = {row[-1] for row in rows.values()} - set(group_of)
        if missing:
            raise HierarchyError(
                f"column '{column}': {len(missing)} values are in no group of level {number}",
                remedy="list every value that the file has; the values of a level are the labels below it",
            )
        for row in rows.values():
            row.append(group_of[row[-1]])
    return hierarchy_from_mapping(
        column, {value: [*row[1:], TOP] for value, row in rows.items()}, place=f"rule for '{column}'"
    )


def _codebook(column: str, cells: Iterable[str], argument: Any, _options: Mapping[str, Any]) -> Hierarchy:
    from codebook import load_codebook

    ladders = load_codebook().hierarchies
    if argument not in ladders:
        raise HierarchyError(
            f"column '{column}': the codebook has no such hierarchy", remedy=f"one of: {', '.join(ladders)}"
        )
    return hierarchy_from_ladder(column, ladders[argument], cells)


def _file(column: str, _cells: Iterable[str], argument: Any, options: Mapping[str, Any]) -> Hierarchy:
    return read_hierarchy(options["beside"].parent / str(argument), column)


BUILDERS: dict[str, Callable[[str, Iterable[str], Any, Mapping[str, Any]], Hierarchy]] = {
    "intervals": _intervals,
    "dates": lambda column, cells, _argument, _options: date_hierarchy(column, cells),
    "prefix": lambda column, cells, argument, _options: prefix_hierarchy(
        column, cells, _whole_numbers(column, argument)
    ),
    "flat": lambda column, cells, _argument, _options: flat_hierarchy(column, cells),
    "groups": _groups,
    "codebook": _codebook,
    "file": _file,
}
