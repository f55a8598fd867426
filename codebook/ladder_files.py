"""Read `hierarchies/*.yml` and build each ladder from the code lists it names; refuse what is not nested."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

from .errors import CodebookError
from .ladders import DATE_LEVELS, Band, Ladder, band_ladder, code_ladder, country_ladder, date_ladder
from .model import Code, CodeList

Lists = Mapping[str, CodeList]


def load_hierarchies(directory: Path, code_lists: Lists) -> Mapping[str, Ladder]:
    """Return every ladder of the folder by name.

    Raises:
        CodebookError: A ladder is not nested, lacks a value or names a level that is no code list.
    """
    ladders = {}
    for path in sorted(directory.glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        declared = yaml.safe_load(text)
        if not isinstance(declared, dict) or not {"levels"} <= set(declared) <= {"levels", "rule"}:
            raise _fault(path, 1, "needs the key levels and may have rule, nothing else")
        line = next((n for n, row in enumerate(text.splitlines(), 1) if row.startswith("levels")), 1)
        levels = tuple(declared["levels"])
        if len(set(levels)) != len(levels) or len(levels) < 2 or levels[-1] != "any":
            raise _fault(path, line, "levels must differ, be two or more, and end with any")
        rule = declared.get("rule", "codes")
        if rule not in RULES:
            raise _fault(path, 1, f"unknown rule; there are {', '.join(RULES)}")
        ladders[path.stem] = RULES[rule](path, line, levels, code_lists)
    return MappingProxyType(ladders)


def _from_codes(path: Path, line: int, levels: tuple[str, ...], code_lists: Lists) -> Ladder:
    _require_lists(path, line, levels[:-1], code_lists)
    first = code_lists[levels[0]]
    parents = {
        code.code: _climb_all(path, (levels[0], code), levels[1:-1], code_lists)
        for code in first.codes.values()
    }
    _require_nested(path, levels[0], [(first.codes[code], groups) for code, groups in parents.items()])
    return code_ladder(path.stem, levels, parents)


def _from_bands(path: Path, line: int, levels: tuple[str, ...], code_lists: Lists) -> Ladder:
    _require_lists(path, line, levels[1:-1], code_lists)
    band_list = code_lists[levels[1]]
    bands, unknown = [], None
    groups_of: list[tuple[Code, tuple[str, ...]]] = []
    for code in band_list.codes.values():
        groups = _climb_all(path, (levels[1], code), levels[2:-1], code_lists)
        groups_of.append((code, groups))
        first, last = code.attributes.get("from", ""), code.attributes.get("to", "")
        if not first and not last:
            unknown = Band(code.code, -1, -1, groups)
        else:
            bands.append(Band(code.code, int(first), int(last), groups))
    _require_nested(path, levels[1], groups_of)
    for before, after in itertools.pairwise(bands):
        if after.first != before.last + 1:
            # RULES finding 7: overlapping bands give small cells away by subtraction.
            raise CodebookError(
                f"codes/{levels[1]}.csv, line {band_list.codes[after.code].line}: band {after.code} "
                "overlaps the band before it or leaves a gap",
                remedy="let each band begin one above the end of the band before",
            )
    if unknown is None:
        raise _fault(path, line, f"code list {levels[1]} needs a code without from and to, for not recorded")
    return band_ladder(path.stem, levels, tuple(bands), unknown)


def _from_dates(path: Path, line: int, levels: tuple[str, ...], code_lists: Lists) -> Ladder:
    known = tuple(DATE_LEVELS)
    if tuple(level for level in known if level in levels) != levels[:-1]:
        raise _fault(path, line, f"date levels must be taken, in order, from {', '.join(known)}")
    return date_ladder(path.stem, levels)


def _from_countries(path: Path, line: int, levels: tuple[str, ...], code_lists: Lists) -> Ladder:
    _require_lists(path, line, levels[1:-1], code_lists)
    return country_ladder(path.stem, levels)


RULES: dict[str, Callable[[Path, int, tuple[str, ...], Lists], Ladder]] = {
    "codes": _from_codes,
    "bands": _from_bands,
    "date": _from_dates,
    "country": _from_countries,
}


def _climb_all(
    path: Path, start: tuple[str, Code], levels: tuple[str, ...], code_lists: Lists
) -> tuple[str, ...]:
    """Return the groups of a code on each level, climbing from level to level where a step is not direct."""
    list_name, origin = start
    groups: list[str] = []
    current = origin
    for level in levels:
        parent = origin.parents.get(level) or current.parents.get(level)
        if not parent:
            raise CodebookError(
                f"codes/{list_name}.csv, line {origin.line}: code {origin.code} has no group on "
                f"level {level} of hierarchies/{path.name}",
                remedy=f"fill column in_{level}, or take the level out of the hierarchy",
            )
        groups.append(parent)
        current = code_lists[level].codes[parent]
    return tuple(groups)


def _require_nested(path: Path, list_name: str, groups_of: list[tuple[Code, tuple[str, ...]]]) -> None:
    """Two codes in one group must share every group above it."""
    for level in range(max((len(groups) for _, groups in groups_of), default=0) - 1):
        above: dict[str, str] = {}
        for code, groups in groups_of:
            if above.setdefault(groups[level], groups[level + 1]) != groups[level + 1]:
                raise CodebookError(
                    f"codes/{list_name}.csv, line {code.line}: hierarchies/{path.name} is not nested: the "
                    f"group of code {code.code} lies in two groups of the level above",
                    remedy="let every code of a group lie in the same group of the next level",
                )


def _require_lists(path: Path, line: int, levels: tuple[str, ...], code_lists: Lists) -> None:
    for level in levels:
        if level not in code_lists:
            raise _fault(path, line, f"level {level} is not a code list")


def _fault(path: Path, line: int, what: str) -> CodebookError:
    return CodebookError(f"hierarchies/{path.name}, line {line}: {what}", remedy="correct that hierarchy")
