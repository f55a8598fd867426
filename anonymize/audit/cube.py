"""Attack somebody else's tables: one CSV a table, dimension columns and `value`, empty where withheld.

Rows of all files that say the same of the same columns are one cell. Totals are found by their names; ladders
are read from a folder of hierarchy files, so that a district and its region are known to be a sum.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from codebook import AuditError, Verdict

from .cells import Key, PublicCell, PublicUnit
from .findings import AuditReport, Finding, judged
from .interval import IntervalAttack
from .intervals import linked_unit
from .read import NUMBER_COLUMNS, TOTAL

TOTAL_NAMES = frozenset({"", "*", "_t", "tot", "total", "all", "sum", "всего", "итого"})
Codes = tuple[str, ...]


def audit_cube(folder: Path, *, hierarchies: Path | None = None, threshold: int = 5) -> AuditReport:
    """Attack the tables of a folder as one linked system.

    Args:
        folder: Its `*.csv` files are the tables.
        hierarchies: Folder with `<column>.csv`: value;level 1;...;* (optional).
        threshold: Counts; a withheld cell that may be smaller must not be known within threshold - 1, a
            rounded one within threshold - 2.

    Raises:
        AuditError: There is no table, or a file is none.
    """
    parents = _read_parents(hierarchies)
    unit = PublicUnit("cube", money=False, cells=[], index={}, sums=set())
    paths = sorted(folder.glob("*.csv"))
    for path in paths:
        _add_table(unit, path, parents, threshold)
    if not unit.cells:
        raise AuditError(f"{folder.name}: no tables", remedy="one CSV a table, with a column `value`")
    levels = _levels(unit)
    return AuditReport(folder.name, (_shared(unit, len(paths)), levels, _withheld(unit, threshold)))


def _read_parents(folder: Path | None) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.csv")) if folder else ():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file, delimiter=";"):
                names = [TOTAL if name == "*" else name for name in line]
                for code, above in zip(names, [*names[1:], TOTAL], strict=True):
                    if code != TOTAL:
                        found.setdefault(path.stem, {})[code] = above
    return found


def _add_table(
    unit: PublicUnit, path: Path, parents: Mapping[str, Mapping[str, str]], threshold: int
) -> None:
    columns, rows = _read_table(path)
    placed: dict[Codes, int] = {}
    for codes, copy in rows:
        key: Key = tuple(sorted((c, code) for c, code in zip(columns, codes, strict=True) if code != TOTAL))
        if key not in unit.index:
            unit.index[key] = len(unit.cells)
            unit.cells.append(PublicCell(key, threshold, set(), set()))
        cell = unit.cells[unit.index[key]]
        cell.copies.add(copy)
        cell.tables.add(path.stem)
        placed[codes] = unit.index[key]
    for axis, column in enumerate(columns):
        below: dict[Codes, set[int]] = {}
        for codes, position in placed.items():
            above = (*codes[:axis], parents.get(column, {}).get(codes[axis], TOTAL), *codes[axis + 1 :])
            if codes[axis] != TOTAL and above in placed:
                below.setdefault(above, set()).add(position)
        unit.sums |= {(placed[above], tuple(sorted(cells))) for above, cells in below.items()}


def _read_table(path: Path) -> tuple[Codes, list[tuple[Codes, tuple[object, object, object]]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            rows = list(csv.DictReader(file, delimiter=max(",;\t", key=header.count), strict=True))
        columns = tuple(name for name in (rows[0] if rows else ()) if name not in NUMBER_COLUMNS)
        return columns, [(_codes(row, columns), _printed(row)) for row in rows]
    except (UnicodeDecodeError, csv.Error, ValueError, KeyError, AttributeError) as error:
        raise AuditError(
            f"{path.name}: not a table of whole numbers",
            remedy="CSV in UTF-8: dimension columns and `value`, empty where withheld",
        ) from error


def _codes(row: Mapping[str, str], columns: Codes) -> Codes:
    return tuple(TOTAL if row[name].strip().lower() in TOTAL_NAMES else row[name] for name in columns)


def _printed(row: Mapping[str, str]) -> tuple[object, object, object]:
    """Return value, lower and upper; a number without bounds is taken for exact."""
    if not row["value"].strip():
        return None, None, None
    value = int(row["value"])
    return value, int(row.get("lower") or value), int(row.get("upper") or value)


def _levels(unit: PublicUnit) -> Finding:
    """Leave out sums that the printed numbers disprove: several levels of one column, taken for one."""
    wrong = set()
    for parent, children in unit.sums:
        bounds = [unit.cells[position].bounds for position in children]
        low, high = unit.cells[parent].bounds
        if sum(one[0] for one in bounds) > high or sum(one[1] for one in bounds) < low:
            wrong.add((parent, children))
    unit.sums -= wrong
    counts = {"sums": len(unit.sums), "left_out": len(wrong)}
    rule = "the parts of every total add up to it"
    remedy = "name the levels of each column with --hierarchies; without them less is attacked"
    return Finding("levels", Verdict.REVIEW if wrong else Verdict.PASS, rule, counts, remedy)


def _shared(unit: PublicUnit, n_tables: int) -> Finding:
    different = sum(len(cell.copies) > 1 for cell in unit.cells)
    shown = sum(len({copy[0] is None for copy in cell.copies}) > 1 for cell in unit.cells)
    counts = {
        "tables": n_tables,
        "cells": len(unit.cells),
        "printed_differently": different,
        "shown_in_one_and_withheld_in_another": shown,
    }
    rule = "rule 26: a cell that several tables share is printed once and the same"
    return judged("shared_cells", rule, different, counts, "protect all tables together")


def _withheld(unit: PublicUnit, threshold: int) -> Finding:
    """Attack every cell that is not published exactly."""
    counts: dict[str, object] = {"attacked": 0, "exact": 0, "too_narrow": 0, "contradictory": 0}
    linked = linked_unit(unit)
    if not any(cell.value == 0 for cell in unit.cells):
        linked.lower[[cell.value is None for cell in unit.cells]] = 0.0  # zeros may be withheld too
    values = np.array([np.nan if cell.value is None else cell.value for cell in unit.cells], dtype=np.float64)
    contradicts = bool((linked.lower > linked.upper).any())
    attack = None if contradicts else IntervalAttack(linked, values)
    tables: set[str] = set()
    exact = narrow = attacked = 0
    if attack is not None and attack.feasible:
        withheld = linked.lower < linked.upper
        widths = np.array([_width(cell, threshold) for cell in unit.cells])
        attack.spread(np.where(withheld, widths, 0.0))
        for position in map(int, np.flatnonzero(withheld)):
            attacked += 1
            if attack.wide_enough(position, widths[position]):
                continue
            low, high = attack.interval(position)
            exact += low == high
            narrow += low < high and low < threshold
            tables |= unit.cells[position].tables if low == high or low < threshold else set()
    else:
        counts["contradictory"] = 1
    counts |= {"attacked": attacked, "exact": exact, "too_narrow": narrow, "tables": sorted(tables)}
    rule = "RULES 4: no cell follows from what is shown, no small one within threshold - 1 (rounded: - 2)"
    remedy = "withhold further cells of the same sums, or round all tables together: withheld protect"
    faults = exact + narrow + int(counts["contradictory"] == 1)
    return judged("intervals", rule, faults, counts, remedy)


def _width(cell: PublicCell, threshold: int) -> float:
    """Return how wide the interval of a cell must be: withheld ones wider than rounded ones (RULES 4)."""
    return threshold - 1.0 if cell.value is None else threshold - 2.0
