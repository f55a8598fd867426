"""Protect tables of any microdata file: the `withheld protect` command without its command line."""

import csv
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from codebook.errors import PlanError, ReleaseRefused

from .advice import plan_warnings
from .count import UnitRows
from .overtime import is_cell
from .plan import TOTAL, Dimension, TablePlan, dimension_from_rows
from .primary import SuppressionRules
from .protect import Protection, protect_counts, suppress_counts
from .protected import ProtectedTable
from .rounding import UNKNOWN_COUNT, Known, RoundingRules
from .system import cell_name

UNIT = "rows"
LADDERS: tuple[tuple[str, ...], ...] = (("month", "quarter", "year"), ("district", "republic"))
"""Nested columns known by name, fine to coarse; a column that is in none is flat."""
NUMBER_COLUMNS = ("value", "lower", "upper", "obs_status", "conf_status")
CLUSTER_COLUMNS = ("person_id", "household_id", "incident_id")


@dataclass(frozen=True)
class ProtectRequest:
    """What to protect and how.

    Args:
        microdata: CSV file, one row a counted unit; `person_id`, `household_id`, `incident_id` are used
            where present.
        plan: YAML file with a list of tables {dimension: finest column}, or several such lists by name.
        plan_name: Which list; may be left out where there is one only.
        hierarchies: Folder with `<column>.csv`: value;level 1;...;* (optional).
        method: One of `METHODS`.
        threshold: Rows; the base is the same.
        key: Secret key; the same key prints the same count alike.
        previous: Folders of earlier outputs, oldest first, each with its private ledger (optional).
    """

    microdata: Path
    plan: Path
    plan_name: str = ""
    hierarchies: Path | None = None
    method: str = "rounding"
    threshold: int = 5
    key: bytes = b""
    previous: tuple[Path, ...] = ()


def protect_file(
    request: ProtectRequest, output: Path, evidence: Path, *, ledger: Path | None = None
) -> dict[str, Any]:
    """Protect the tables of a microdata file and write one CSV a table, with evidence in counts only.

    Args:
        request: What to protect and how.
        output: Folder to write the tables to; made if missing.
        evidence: JSON file to write.
        ledger: PRIVATE JSON file of true counts and prints: read if it exists, then written again. Never
            publish it.

    Returns:
        The evidence.

    Raises:
        PlanError: The plan, the file or the method cannot be used.
        ReleaseRefused: The tables cannot be protected.
    """
    start = time.process_time()
    protection, told, n_rows = _protect(request, _read_ledger(ledger, request.previous))
    output.mkdir(parents=True, exist_ok=True)
    for table in protection.tables.values():
        write_table(output / f"{table.name}.csv", table)
    report = {
        "method": request.method,
        "threshold": request.threshold,
        **told,
        "tables": [table.cost.as_evidence() for table in protection.tables.values()],
        "distinct_cells": sum(map(is_cell, protection.ledger)),
        "rows": n_rows,
        "seconds": round(time.process_time() - start, 2),
    }
    if ledger is not None:
        ledger.write_text(json.dumps(dict(protection.ledger), sort_keys=True), encoding="utf-8")
    evidence.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report


@dataclass(frozen=True)
class _Job:
    """Plans, their dimensions and the rows to count, read from the files of a request."""

    plans: list[TablePlan]
    dimensions: Mapping[str, Dimension]
    rows: UnitRows
    known: Known


def _protect(request: ProtectRequest, known: Known) -> tuple[Protection, dict[str, Any], int]:
    if request.method not in METHODS:
        raise PlanError(f"unknown method {request.method}", remedy=f"use one of {', '.join(METHODS)}")
    columns = read_columns(request.microdata)
    plans, dimensions, finest = read_plan(request, columns)
    n_rows = len(next(iter(columns.values())))
    alone = [str(number) for number in range(n_rows)]
    rows = UnitRows(
        {name: columns[column] for name, column in finest.items()},
        *(columns.get(column, alone) for column in CLUSTER_COLUMNS),
    )
    protection, told = METHODS[request.method](request, _Job(plans, dimensions, rows, known))
    told["plan_warnings"] = plan_warnings(plans, dimensions, rows, request.threshold)
    return protection, told, n_rows


def _by_rounding(request: ProtectRequest, job: _Job) -> tuple[Protection, dict[str, Any]]:
    rules = RoundingRules(request.key, *[request.threshold] * 4)
    rows = {UNIT: job.rows}
    told = {"base": request.threshold, "keyed": bool(request.key)}
    return protect_counts(job.plans, job.dimensions, rows, rules, known=job.known), told


def _by_suppression(request: ProtectRequest, job: _Job) -> tuple[Protection, dict[str, Any]]:
    if request.previous:
        raise ReleaseRefused(
            "suppression is for one report: beside an earlier one it gives small changes away",
            remedy="use --method rounding where a report is followed by others",
        )
    rules = SuppressionRules(request.threshold, request.threshold)
    protection, reasons = suppress_counts(job.plans, job.dimensions, {UNIT: job.rows}, rules)
    told = {
        "base": 1,
        "withheld_by_rule": reasons,
        "zeros": rules.zeros,
        "weakness": "a second report from the same records gives small changes away: publish one only",
    }
    return protection, told


METHODS: Mapping[str, Callable[[ProtectRequest, _Job], tuple[Protection, dict[str, Any]]]] = {
    "rounding": _by_rounding,
    "suppression": _by_suppression,
}


def _read_ledger(path: Path | None, previous: Sequence[Path]) -> Known:
    ledger = {
        name: (UNKNOWN_COUNT, value) for folder in previous for name, value in read_prints(folder).items()
    }
    if path is not None and path.exists():
        remembered = json.loads(path.read_text("utf-8"))
        ledger |= {name: (pair[0], pair[1]) for name, pair in remembered.items()}
    return Known(ledger=ledger)


def read_prints(folder: Path) -> dict[str, int]:
    """Return canonical cell name -> print of an earlier output.

    Raises:
        PlanError: A file there is no output of `write_table`.
    """
    prints: dict[str, int] = {}
    for path in sorted(folder.glob("*.csv")):
        columns = read_columns(path, empty="")
        names = [name for name in columns if name not in NUMBER_COLUMNS]
        if "value" not in columns:
            raise PlanError(
                f"{path.name}: not a protected table", remedy="name folders that an earlier run wrote"
            )
        for number, value in enumerate(columns["value"]):
            key = sorted((name, columns[name][number]) for name in names if columns[name][number] != TOTAL)
            if value:
                prints[cell_name(UNIT, tuple(key))] = int(value)
    return prints


def read_columns(path: Path, *, empty: str = "(empty)") -> dict[str, list[str]]:
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
        raise PlanError(f"{path.name}: no rows, or a column name stands twice")
    if ragged := sum(len(row) != len(rows[0]) for row in rows):
        raise PlanError(f"{path.name}: {ragged} rows have more or fewer fields than the header")
    return {name: [row[i] or empty for row in rows[1:]] for i, name in enumerate(rows[0])}


def read_plan(
    request: ProtectRequest, columns: Mapping[str, Sequence[str]]
) -> tuple[list[TablePlan], dict[str, Dimension], dict[str, str]]:
    """Read the tables to publish.

    Returns:
        The plans, their dimensions, and dimension -> the column that holds its finest codes.

    Raises:
        PlanError: The file is no plan, or names a column that the microdata lack.
    """
    tables = _choose(yaml.safe_load(request.plan.read_text("utf-8")), request)
    finest_used: dict[str, list[str]] = {}
    plans = []
    for number, table in enumerate(tables, start=1):
        if not isinstance(table, dict) or not table:
            raise PlanError(f"{request.plan.name}: table {number} is no mapping of dimension to column")
        for name, column in table.items():
            finest_used.setdefault(str(name), []).append(str(column))
        parts = {str(name): str(column) for name, column in table.items()}
        plans.append(TablePlan(f"t{number:02d}_{'_'.join(parts.values())}", UNIT, parts))
    dimensions, finest = {}, {}
    for name, used in finest_used.items():
        dimensions[name] = _dimension(name, used, request, columns)
        finest[name] = dimensions[name].levels[0]
    return plans, dimensions, finest


def _choose(document: Any, request: ProtectRequest) -> list[Any]:
    if isinstance(document, dict):
        name = request.plan_name or (next(iter(document)) if len(document) == 1 else "")
        if name not in document:
            raise PlanError(
                f"{request.plan.name}: name one of its {len(document)} plans", remedy="PLANS.yml:NAME"
            )
        document = document[name]
    if not isinstance(document, list) or not document:
        raise PlanError(f"{request.plan.name}: a plan is a list of tables")
    return document


def _dimension(
    name: str, used: Sequence[str], request: ProtectRequest, columns: Mapping[str, Sequence[str]]
) -> Dimension:
    ladder = next((ladder for ladder in LADDERS if used[0] in ladder), (used[0],))
    levels = ladder[min(ladder.index(column) if column in ladder else len(ladder) for column in used) :]
    if set(used) - set(levels):
        raise PlanError(f"dimension {name}: its columns are on no common ladder")
    hierarchy = request.hierarchies / f"{levels[0]}.csv" if request.hierarchies else None
    if hierarchy is not None and hierarchy.exists():
        return read_hierarchy(name, hierarchy, levels)
    if missing := [level for level in levels if level not in columns]:
        raise PlanError(f"dimension {name}: {len(missing)} columns of its ladder are not in the microdata")
    return dimension_from_rows(name, levels, columns)


def read_hierarchy(name: str, path: Path, levels: Sequence[str]) -> Dimension:
    """Read a ladder file (`;`-separated: value;level 1;...;*) as a dimension; levels beyond the names are
    dropped.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.reader(file, delimiter=";") if line]
    depth = min(len(levels), min(len(line) for line in lines) if lines else 0)
    if depth < len(levels):
        raise PlanError(f"{path.name}: fewer levels than the plan uses")
    return dimension_from_rows(
        name, levels, {level: [line[i] for line in lines] for i, level in enumerate(levels)}
    )


def write_table(path: Path, table: ProtectedTable) -> None:
    """Write a protected table as CSV, columns as in release.db."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*table.plan.columns, *NUMBER_COLUMNS])
        for row in table.rows:
            writer.writerow([*row.codes, *("" if part is None else part for part in row[1:])])


__all__ = ["METHODS", "TOTAL", "ProtectRequest", "protect_file", "read_columns", "read_plan", "write_table"]
