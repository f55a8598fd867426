"""Read microdata and plans from files: columns of text, tables to publish, ladders.

A plan is a list of tables, or a mapping of `tables` and what is said of their categories; a file holds one
plan or several by name.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from anonymize.tables.plan import CellKey, Dimension, TablePlan, dimension_from_rows
from codebook.errors import PlanError
from codebook.small_file import read_small_file

UNIT = "rows"
EMPTY = "(empty)"  # how an empty value of the microdata is written
LADDERS: tuple[tuple[str, ...], ...] = (("month", "quarter", "year"), ("district", "republic"))
"""Nested columns known by name, fine to coarse; a column that is in none is flat."""


def read_columns(path: Path, *, empty: str = EMPTY) -> dict[str, list[str]]:
    """Read a CSV file with a header (UTF-8; comma, semicolon or tab) into columns of text.

    Raises:
        PlanError: The file is empty, not UTF-8, or ragged.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            delimiter = max(",;\t", key=header.count)
            file.seek(0)
            rows = list(csv.reader(file, delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PlanError(f"{path.name}: not a CSV file in UTF-8", remedy="save it as CSV, UTF-8") from error
    if len(rows) < 2 or len(set(rows[0])) != len(rows[0]):
        raise PlanError(
            f"{path.name}: no rows, or a column name stands twice",
            remedy="give it a header with every name once, and a row for each case",
        )
    if ragged := sum(len(row) != len(rows[0]) for row in rows):
        raise PlanError(
            f"{path.name}: {ragged} rows have more or fewer fields than the header",
            remedy="check the separator, and quotation marks around cells that contain it",
        )
    return {name: [row[i] or empty for row in rows[1:]] for i, name in enumerate(rows[0])}


@dataclass(frozen=True)
class ProtectRequest:
    """What to protect and how.

    Args:
        microdata: CSV file, one row a counted unit; `person_id`, `household_id`, `incident_id` are used
            where present.
        plan: YAML file with one plan, or several by name.
        plan_name: Which plan; may be left out where there is one only.
        hierarchies: Folder with `<column>.csv`: value;level 1;...;* (optional).
        method: One of `files.METHODS`.
        threshold: Rows; the base is the same.
        threshold_sensitive: The same for categories that the plan calls sensitive.
        key: Secret key; the same key prints the same count (cell keys: the same records) alike.
        deviation: Counts; of cell keys. 0 for the larger threshold in use.
        variance: Counts squared; of cell keys. 0 for what goes with the deviation.
        zeros: What suppression does with zeros: see `primary.ZEROS`.
        previous: Folders of earlier outputs, oldest first, each with its private ledger (optional).
    """

    microdata: Path
    plan: Path
    plan_name: str = ""
    hierarchies: Path | None = None
    method: str = "rounding"
    threshold: int = 5
    threshold_sensitive: int = 10
    key: bytes = field(default=b"", repr=False)
    deviation: int = 0
    variance: float = 0.0
    zeros: str = "sensitive"
    previous: tuple[Path, ...] = ()


Plan = tuple[list[TablePlan], dict[str, Dimension], dict[str, str]]
"""The tables, their dimensions, and dimension -> the column that holds its finest codes."""


def read_plan(request: ProtectRequest, columns: Mapping[str, Sequence[str]]) -> Plan:
    """Read the tables to publish.

    Raises:
        PlanError: The file is no plan, or names a column or code that the microdata lack.
    """
    declared = _choose(request)
    finest_used: dict[str, list[str]] = {}
    plans = []
    for number, table in enumerate(declared["tables"], start=1):
        if not isinstance(table, dict) or not table:
            raise PlanError(
                f"{request.plan.name}: table {number} is no mapping of dimension to column",
                remedy="write each table as - {time: quarter, type: type}",
            )
        for name, column in table.items():
            finest_used.setdefault(str(name), []).append(str(column))
        parts = {str(name): str(column) for name, column in table.items()}
        plans.append(TablePlan(f"t{number:02d}_{'_'.join(parts.values())}", UNIT, parts))
    dimensions, finest = {}, {}
    for name, used in finest_used.items():
        dimensions[name] = _dimension(name, used, request, columns)
        finest[name] = dimensions[name].levels[0]
    for name, codes in _codes_of(declared, "sensitive", dimensions, request).items():
        dimensions[name] = replace(dimensions[name], sensitive=codes)
    for name, codes in _codes_of(declared, "unknown", dimensions, request).items():
        dimensions[name] = replace(dimensions[name], unknown=codes)
    return plans, dimensions, finest


def read_structural_zeros(
    request: ProtectRequest, dimensions: Mapping[str, Dimension]
) -> tuple[CellKey, ...]:
    """Return the combinations of codes that the plan calls impossible; their zeros tell nothing.

    Raises:
        PlanError: One is no mapping of dimension to code, or names what is not there.
    """
    found = []
    for number, one in enumerate(_choose(request)["structural_zeros"], start=1):
        key = {str(name): str(code) for name, code in one.items()} if isinstance(one, dict) else {}
        known = all(name in dimensions and code in dimensions[name].parent for name, code in key.items())
        if not key or not known:
            raise PlanError(
                f"{request.plan.name}: structural_zeros: entry {number} is no dimension and code of the plan",
                remedy="write - {age: minor, relationship: spouse}",
            )
        found.append(tuple(sorted(key.items())))
    return tuple(found)


_PLAN_KEYS: Mapping[str, type] = {
    "tables": list,
    "sensitive": dict,
    "unknown": dict,
    "structural_zeros": list,
}


def _choose(request: ProtectRequest) -> dict[str, Any]:
    """Return the plan that is asked for, with all its keys."""
    try:
        document = yaml.safe_load(read_small_file(request.plan).decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlanError(
            f"{request.plan.name}: not a YAML file in UTF-8",
            remedy="see `withheld protect --help` for a plan, and save it in UTF-8",
        ) from error
    if isinstance(document, dict) and "tables" not in document:
        name = request.plan_name or (next(iter(document)) if len(document) == 1 else "")
        if name not in document:
            raise PlanError(
                f"{request.plan.name}: name one of its {len(document)} plans",
                remedy=f"--plan {request.plan.name}:NAME",
            )
        document = document[name]
    plan = document if isinstance(document, dict) else {"tables": document}
    if unknown := sorted(str(key) for key in plan if key not in _PLAN_KEYS):
        raise PlanError(
            f"{request.plan.name}: unknown keys: {', '.join(unknown)}", remedy=f"use {', '.join(_PLAN_KEYS)}"
        )
    plan = {key: plan.get(key) or kind() for key, kind in _PLAN_KEYS.items()}
    if wrong := [key for key, kind in _PLAN_KEYS.items() if not isinstance(plan[key], kind)]:
        what = (
            "a plan is a list of tables" if wrong == ["tables"] else f"{wrong[0]} is not written as it should"
        )
        raise PlanError(f"{request.plan.name}: {what}", remedy="see `withheld protect --help` for a plan")
    if not plan["tables"]:
        raise PlanError(
            f"{request.plan.name}: a plan is a list of tables, and this one has none",
            remedy="write each table as - {time: quarter, type: type}",
        )
    return plan


def _codes_of(
    declared: Mapping[str, Any], key: str, dimensions: Mapping[str, Dimension], request: ProtectRequest
) -> dict[str, frozenset[str]]:
    """Return dimension -> the codes named, with everything below them."""
    found = {}
    for column, codes in declared[key].items():
        name = next((n for n, one in dimensions.items() if column in (n, *one.levels)), "")
        if not name or not isinstance(codes, list):
            raise PlanError(
                f"{request.plan.name}: {key}: an entry is no list of codes of a column that a table uses",
                remedy=f"write {key}: {{column: [code, code]}}; yes and no in quotes",
            )
        dimension, named = dimensions[name], [str(code) for code in codes]
        if missing := sum(code not in dimension.parent for code in named):
            raise PlanError(
                f"{request.plan.name}: {key}: {missing} codes of {column} are not in the microdata",
                remedy="mend the spelling, or name the codes in a hierarchy file; yes and no in quotes",
            )
        found[name] = frozenset(code for one in named for code in _with_parts(dimension, one))
    return found


def _with_parts(dimension: Dimension, code: str) -> list[str]:
    parts = [part for child in dimension.children.get(code, ()) for part in _with_parts(dimension, child)]
    return [code, *parts]


def _dimension(
    name: str, used: Sequence[str], request: ProtectRequest, columns: Mapping[str, Sequence[str]]
) -> Dimension:
    ladder = next((ladder for ladder in LADDERS if used[0] in ladder), (used[0],))
    levels = ladder[min(ladder.index(column) if column in ladder else len(ladder) for column in used) :]
    if set(used) - set(levels):
        raise PlanError(
            f"dimension {name}: its columns are on no common ladder",
            remedy=f"use one column, or columns of one of: {'; '.join(', '.join(one) for one in LADDERS)}",
        )
    hierarchy = request.hierarchies / f"{levels[0]}.csv" if request.hierarchies else None
    if hierarchy is not None and hierarchy.exists():
        return read_hierarchy(name, hierarchy, levels)
    if missing := [level for level in levels if level not in columns]:
        raise PlanError(
            f"dimension {name}: {len(missing)} columns of its ladder are not in the microdata: "
            f"{', '.join(missing)}",
            remedy=f"the file has: {', '.join(columns)}",
        )
    return dimension_from_rows(name, levels, columns)


def read_hierarchy(name: str, path: Path, levels: Sequence[str]) -> Dimension:
    """Read a ladder file (`;`-separated: value;level 1;...;*) as a dimension; levels beyond the names are
    dropped.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.reader(file, delimiter=";") if line]
    depth = min(len(levels), min(len(line) for line in lines) if lines else 0)
    if depth < len(levels):
        raise PlanError(
            f"{path.name}: fewer levels than the plan uses ({depth} of {len(levels)})",
            remedy="add a level to every line: value;level 1;...;*",
        )
    return dimension_from_rows(
        name, levels, {level: [line[i] for line in lines] for i, level in enumerate(levels)}
    )
