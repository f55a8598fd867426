"""The attacker's linear and whole-number programs: the one place of this folder that talks to HiGHS."""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-6  # RULES 4: a bound is rounded inwards only after this much
Row = tuple[tuple[int, ...], tuple[float, ...], float, float]
"""(columns, coefficients, lower side, upper side)."""


@dataclass(frozen=True)
class Linked:
    """A system of whole numbers as readers know it.

    Args:
        lower, upper: Bounds of each number (n_cells); upper may be infinite.
        rows: Linear relations between them.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    rows: Sequence[Row]


def sum_rows(sums: Iterable[tuple[int, tuple[int, ...]]], offset: int = 0) -> list[Row]:
    """Return sums (parent, children) as relations, positions moved by an offset."""
    return [
        ((parent + offset, *(c + offset for c in children)), (-1.0, *([1.0] * len(children))), 0.0, 0.0)
        for parent, children in sorted(sums)
    ]


def is_solution(linked: Linked, point: NDArray[np.float64]) -> bool:
    """Return whether a point of whole numbers keeps all bounds and relations."""
    if len(point) != len(linked.lower) or (point != np.rint(point)).any():
        return False
    inside = bool((linked.lower <= point).all() and (point <= linked.upper).all())
    sums = ((float(np.dot(row[1], point[list(row[0])])), row[2], row[3]) for row in linked.rows)
    return inside and all(low - TOLERANCE <= value <= high + TOLERANCE for value, low, high in sums)


def linear_solver(linked: Linked) -> Any:
    """Return a solver holding the system, to be run with ever new objectives from its last basis."""
    return _solver(linked, whole=False)


def whole_number_solver(linked: Linked) -> Any:
    """Return a solver for the same system in whole numbers."""
    return _solver(linked, whole=True)


def is_optimal(solver: Any) -> bool:
    """Return whether the last run found a best point."""
    highspy: Any = importlib.import_module("highspy")
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def point_of(solver: Any) -> NDArray[np.float64]:
    """Return the point that the last run found (n_columns)."""
    return np.array(solver.getSolution().col_value, dtype=np.float64)


def set_objective(solver: Any, cost: NDArray[np.float64]) -> None:
    """Give a solver what to minimise."""
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)


def _solver(linked: Linked, *, whole: bool) -> Any:
    highspy: Any = importlib.import_module("highspy")
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 11)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("mip_rel_gap", 0.0)
    n_cells = len(linked.lower)
    upper = np.where(np.isinf(linked.upper), highspy.kHighsInf, linked.upper)
    solver.addVars(n_cells, linked.lower, upper)
    starts = np.concatenate([[0], np.cumsum([len(row[0]) for row in linked.rows])]).astype(np.int32)
    columns = np.array([column for row in linked.rows for column in row[0]], dtype=np.int32)
    values = np.array([value for row in linked.rows for value in row[1]], dtype=np.float64)
    least = np.array([_side(row[2], highspy.kHighsInf) for row in linked.rows])
    most = np.array([_side(row[3], highspy.kHighsInf) for row in linked.rows])
    if linked.rows:
        solver.addRows(len(linked.rows), least, most, len(columns), starts[:-1], columns, values)
    if whole:
        kinds = np.full(n_cells, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        solver.changeColsIntegrality(n_cells, np.arange(n_cells, dtype=np.int32), kinds)
    return solver


def _side(value: float, infinity: float) -> float:
    return value if np.isfinite(value) else float(np.sign(value)) * infinity
