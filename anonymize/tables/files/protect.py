"""Protect tables of any microdata file: the `withheld protect` command without its command line."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anonymize.tables.cell_key import PERSON, CellKeyRules, perturb_counts, record_identities, usual_variance
from anonymize.tables.plan import TOTAL, Dimension, TablePlan, UnitRows, cell_name
from anonymize.tables.protect import Protection, protect_counts, suppress_counts
from anonymize.tables.protected import ProtectedTable
from anonymize.tables.room import WITHHELD, is_cell
from anonymize.tables.rounding import UNKNOWN_COUNT, Known, RoundingRules
from anonymize.tables.suppression import ZEROS, SuppressionRules
from codebook.errors import PlanError, ReleaseRefused
from codebook.spreadsheet_safe import spreadsheet_raw, spreadsheet_safe
from codebook.whole_file import replaced_file, write_whole_set

from .advice import plan_warnings
from .plan_file import EMPTY, UNIT, ProtectRequest, read_columns, read_plan, read_structural_zeros

NUMBER_COLUMNS = ("value", "lower", "upper", "obs_status", "conf_status")
CLUSTER_COLUMNS = ("person_id", "household_id", "incident_id")


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
    tables = protection.tables.values()
    write_whole_set(output, {f"{table.name}.csv": table_text(table) for table in tables})
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
        with replaced_file(ledger) as file:
            file.write(json.dumps(dict(protection.ledger), sort_keys=True))
    # Last: tables without it are of a run that was stopped.
    with replaced_file(evidence) as file:
        file.write(json.dumps(report, indent=2) + "\n")
    return report


@dataclass(frozen=True)
class _Job:
    """Plans, their dimensions and the rows to count, read from the files of a request."""

    plans: list[TablePlan]
    dimensions: Mapping[str, Dimension]
    rows: UnitRows
    known: Known
    columns: Mapping[str, Sequence[str]]

    @property
    def has_sensitive(self) -> bool:
        """Return whether the plan calls any category sensitive."""
        return any(one.sensitive for one in self.dimensions.values())


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
    job = _Job(plans, dimensions, rows, known, columns)
    protection, told = METHODS[request.method](request, job)
    if job.has_sensitive:
        told["threshold_sensitive"] = _sensitive_threshold(request)
    told["counted_in"] = ["rows", *(column for column in CLUSTER_COLUMNS if column in columns)]
    told["plan_warnings"] = plan_warnings(plans, dimensions, rows, request.threshold)
    return protection, told, n_rows


def _sensitive_threshold(request: ProtectRequest) -> int:
    return max(request.threshold, request.threshold_sensitive)


def _by_rounding(request: ProtectRequest, job: _Job) -> tuple[Protection, dict[str, Any]]:
    base, least = request.threshold, _sensitive_threshold(request)
    base_sensitive = -(-least // base) * base  # a multiple of the base, so that totals can add up
    rules = RoundingRules(request.key, base, base_sensitive, base, least)
    told: dict[str, Any] = {"base": base, "keyed": bool(request.key), "additive": True}
    if job.has_sensitive:
        told["base_sensitive"] = base_sensitive
    _require_same_method(request, {base - 1, base_sensitive - 1 if job.has_sensitive else base - 1})
    rows = {UNIT: job.rows}
    return protect_counts(job.plans, job.dimensions, rows, rules, known=job.known), told


def _by_suppression(request: ProtectRequest, job: _Job) -> tuple[Protection, dict[str, Any]]:
    if request.previous:
        raise ReleaseRefused(
            "suppression is for one report: beside an earlier one it gives small changes away",
            remedy="use --method rounding where a report is followed by others",
        )
    structural = read_structural_zeros(request, job.dimensions)
    rules = SuppressionRules(request.threshold, _sensitive_threshold(request), request.zeros, structural)
    protection, reasons, proofs = suppress_counts(job.plans, job.dimensions, {UNIT: job.rows}, rules)
    told = {
        "base": 1,
        "withheld_by_rule": reasons,
        "least_cost": proofs[UNIT],
        "zeros": rules.zeros,
        "zeros_mean": ZEROS[rules.zeros],
        "weakness": "a second report from the same records gives small changes away: publish one only",
    }
    return protection, told


def _by_cell_key(request: ProtectRequest, job: _Job) -> tuple[Protection, dict[str, Any]]:
    # One table for all cells: with two the same records could print in two ways, and both tell more than one.
    threshold = _sensitive_threshold(request) if job.has_sensitive else request.threshold
    deviation = request.deviation or threshold
    variance = request.variance or usual_variance(deviation)
    rules = CellKeyRules(request.key, threshold, deviation, variance)
    _require_same_method(request, {deviation})
    rows = replace(job.rows, records=record_identities(job.columns, EMPTY))
    ledger = job.known.ledger
    protection = perturb_counts(job.plans, job.dimensions, {UNIT: rows}, rules, ledger=ledger)
    named = "person_id, and incident_id where there is one" if PERSON in job.columns else "the whole row"
    told = {**rules.as_evidence(), "records_known_by": named}
    shared = [name for name in protection.ledger if is_cell(name) and name in ledger]
    if shared:
        kept = sum(ledger[name][1] == protection.ledger[name][1] for name in shared)
        told |= {"printed_before": len(shared), "printed_alike": kept}
    return protection, told


METHODS: Mapping[str, Callable[[ProtectRequest, _Job], tuple[Protection, dict[str, Any]]]] = {
    "rounding": _by_rounding,
    "suppression": _by_suppression,
    "cell-key": _by_cell_key,
}


def _read_ledger(path: Path | None, previous: Sequence[Path]) -> Known:
    ledger: dict[str, tuple[int, int]] = {}
    for folder in previous:
        earlier = read_prints(folder)
        ledger |= {name: (UNKNOWN_COUNT, value) for name, value in earlier.prints.items()}
        ledger |= {name + WITHHELD: (1, 1) for name in earlier.withheld}
    if path is not None and path.exists():
        remembered = json.loads(path.read_text("utf-8"))
        ledger |= {name: (pair[0], pair[1]) for name, pair in remembered.items()}
    return Known(ledger=ledger)


@dataclass(frozen=True)
class EarlierPrints:
    """What an earlier output shows.

    Args:
        prints: Canonical cell name -> print.
        withheld: Canonical names of the cells that it withholds.
        reaches: How far the truth may lie above a print; tells the method and its base.
    """

    prints: Mapping[str, int]
    withheld: frozenset[str]
    reaches: frozenset[int]


def read_prints(folder: Path) -> EarlierPrints:
    """Return what an earlier output shows.

    Raises:
        PlanError: A file there is no output of `protect_file`.
    """
    prints: dict[str, int] = {}
    withheld, reaches = set[str](), set[int]()
    for path in sorted(folder.glob("*.csv")):
        columns = {
            spreadsheet_raw(column): list(map(spreadsheet_raw, cells))
            for column, cells in read_columns(path, empty="").items()
        }
        names = [name for name in columns if name not in NUMBER_COLUMNS]
        if not {"value", "upper"} <= columns.keys():
            raise _no_protected_table(path)
        for number, (value, upper) in enumerate(zip(columns["value"], columns["upper"], strict=True)):
            key = sorted((name, columns[name][number]) for name in names if columns[name][number] != TOTAL)
            cell = cell_name(UNIT, tuple(key))
            if not value:
                withheld.add(cell)
                continue
            try:
                prints[cell] = int(value)
                reaches.add(int(upper) - int(value))
            except ValueError as error:
                raise _no_protected_table(path) from error
    return EarlierPrints(prints, frozenset(withheld), frozenset(reaches))


def _no_protected_table(path: Path) -> PlanError:
    return PlanError(f"{path.name}: not a protected table", remedy="name folders that an earlier run wrote")


def _require_same_method(request: ProtectRequest, reaches: Iterable[int]) -> None:
    """Stop where an earlier output was made by another method or base: the bounds of both cut each other.

    Raises:
        ReleaseRefused: One was.
    """
    allowed = frozenset(reaches)
    for folder in request.previous:
        if not read_prints(folder).reaches <= allowed:
            raise ReleaseRefused(
                f"{folder.name}: made by another method or threshold; both together would tell too much",
                remedy="use the method and the thresholds of the earlier output",
            )


def table_text(table: ProtectedTable) -> str:
    """Return a protected table as CSV, columns as in release.db; no code in it is a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*map(spreadsheet_safe, table.plan.columns), *NUMBER_COLUMNS])
    for row in table.rows:
        codes = map(spreadsheet_safe, row.codes)
        writer.writerow([*codes, *("" if part is None else part for part in row[1:])])
    return file.getvalue()


__all__ = ["METHODS", "TOTAL", "ProtectRequest", "protect_file", "read_columns", "read_plan", "table_text"]
