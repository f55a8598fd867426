"""The attacker's linear and whole-number programs: the one place of this folder that talks to HiGHS."""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
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


def incidence(rows: Sequence[Row]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the column and the row of every coefficient, row after row (n_coefficients)."""
    columns = np.array([column for row in rows for column in row[0]], dtype=np.int64)
    return columns, np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows])


def is_solution(linked: Linked, point: Numbers) -> bool:
    """Return whether a point of whole numbers keeps all bounds and relations."""
    if len(point) != len(linked.lower) or (point != np.rint(point)).any():
        return False
    if (point < linked.lower).any() or (point > linked.upper).any():
        return False
    columns, row_of = incidence(linked.rows)
    values = np.array([value for row in linked.rows for value in row[1]], dtype=np.float64)
    sums = np.bincount(row_of, weights=values * point[columns], minlength=len(linked.rows))
    least, most = np.array([row[2:] for row in linked.rows], dtype=np.float64).reshape(-1, 2).T
    return bool((least - TOLERANCE <= sums).all() and (sums <= most + TOLERANCE).all())


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


def is_unbounded(solver: Any) -> bool:
    """Return whether the last run, of a system that has solutions, found no end."""
    highspy: Any = importlib.import_module("highspy")
    status = highspy.HighsModelStatus
    return solver.getModelStatus() in (status.kUnbounded, status.kUnboundedOrInfeasible)


def point_of(solver: Any) -> NDArray[np.float64]:
    """Return the point that the last run found (n_columns)."""
    return np.array(solver.getSolution().col_value, dtype=np.float64)


def resting_basis(solver: Any) -> Any:
    """Return the basis in which every number is at its lower bound."""
    highspy: Any = importlib.import_module("highspy")
    basis = highspy.HighsBasis()
    basis.col_status = [highspy.HighsBasisStatus.kLower] * solver.getNumCol()
    basis.row_status = [highspy.HighsBasisStatus.kBasic] * solver.getNumRow()
    return basis


def set_objective(solver: Any, cost: NDArray[np.float64]) -> None:
    """Give a solver what to minimise."""
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)


def set_bounds(solver: Any, lower: Numbers, upper: Numbers) -> None:
    """Give a solver other bounds of all columns."""
    upper = np.where(np.isinf(upper), solver.getInfinity(), upper)
    lower = np.where(np.isinf(lower), -solver.getInfinity(), lower)
    solver.changeColsBounds(len(lower), np.arange(len(lower), dtype=np.int32), lower, upper)


def whole_point(linked: Linked) -> Numbers | None:
    """Return a whole solution that is found soon, or None; None proves nothing.

    The search ends after a number of steps, not of seconds: it finds the same on every machine.
    """
    solver = whole_number_solver(linked)
    options = {"mip_max_improving_sols": 1, "mip_max_nodes": 10}
    for option, value in options.items():
        solver.setOptionValue(option, value)
    solver.run()
    point = np.rint(point_of(solver))
    return point if is_solution(linked, point) else None


def _solver(linked: Linked, *, whole: bool) -> Any:
    highspy: Any = importlib.import_module("highspy")
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 11)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("mip_rel_gap", 0.0)
    n_cells = len(linked.lower)
    upper = np.where(np.isinf(linked.upper), highspy.kHighsInf, linked.upper)
    lower = np.where(np.isinf(linked.lower), -highspy.kHighsInf, linked.lower)
    solver.addVars(n_cells, lower, upper)
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
