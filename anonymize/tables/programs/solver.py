"""Integer and linear programs for protection, and the solver that all of this folder use.

One thread and a fixed seed, and no time limit that could cut a run at another place on another machine: the
same program gives the same answer.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-6
Numbers = NDArray[np.float64]
Row = tuple[Sequence[int], Sequence[float], float, float]
"""(columns, coefficients, lower side, upper side) of one linear restriction."""


@dataclass(frozen=True)
class Program:
    """minimise cost . x with lower <= x <= upper and the rows.

    `integral` for whole numbers only, or which columns must be whole; `most_solutions` ends the search with
    so many improvements (0: not).
    """

    cost: Numbers
    lower: Numbers
    upper: Numbers
    rows: Sequence[Row]
    integral: bool | NDArray[np.bool_] = False
    relative_gap: float = 1e-4
    most_solutions: int = 0


def solve(program: Program) -> Numbers | None:
    """Return a best x (n_columns), or None where no x meets the restrictions."""
    found = _run(program)
    return None if found is None else found[0]


def solve_whole(program: Program, price: float) -> Numbers | None:
    """Return a nearly best x of whole numbers (n_columns), or None where there is none.

    The relaxation decides the columns that it would only change at more than a price (its reduced cost); a
    whole-number program decides the others. On the 4,549 cells of the full plan that takes 2-3 s and comes
    within 1 % of the relaxation; the whole program at once takes 3-20 s, by key, and comes within 2 %.
    """
    relaxed = _run(replace(program, integral=False))
    if relaxed is None:
        return None
    point, reduced_cost = relaxed
    whole = np.rint(point)
    if np.abs(point - whole).max(initial=0.0) <= TOLERANCE:
        return point
    decided = (np.abs(point - whole) <= TOLERANCE) & (np.abs(reduced_cost) > price)
    lower, upper = np.where(decided, whole, program.lower), np.where(decided, whole, program.upper)
    found = _run(replace(program, lower=lower, upper=upper, integral=True))
    return found[0] if found else solve(replace(program, integral=True))


def new_solver(seed: int) -> tuple[Any, Any]:
    """Return a silent HiGHS solver on one thread with a fixed seed, and the module that it is of."""
    highspy: Any = importlib.import_module("highspy")
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", seed)):
        solver.setOptionValue(option, value)
    return solver, highspy


def _run(program: Program) -> tuple[Numbers, Numbers] | None:
    """Return a best point and its reduced costs, or None where there is no point."""
    solver, highspy = new_solver(7)
    solver.setOptionValue("mip_rel_gap", program.relative_gap)
    if program.most_solutions:
        solver.setOptionValue("mip_max_improving_sols", program.most_solutions)
    solver.passModel(_model(program, highspy))
    solver.run()
    status, statuses = solver.getModelStatus(), highspy.HighsModelStatus
    if status != statuses.kOptimal and not (program.most_solutions and status == statuses.kSolutionLimit):
        return None
    solution = solver.getSolution()
    return np.array(solution.col_value, dtype=np.float64), np.array(solution.col_dual, dtype=np.float64)


def _model(program: Program, highspy: Any) -> Any:
    model = highspy.HighsLp()
    n_columns = len(program.cost)
    model.num_col_, model.num_row_ = n_columns, len(program.rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_ = np.array([row[2] for row in program.rows], dtype=np.float64)
    model.row_upper_ = np.array([row[3] for row in program.rows], dtype=np.float64)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = n_columns, len(program.rows)
    matrix.start_ = np.concatenate([[0], np.cumsum([len(row[0]) for row in program.rows])]).astype(np.int32)
    matrix.index_ = np.array([column for row in program.rows for column in row[0]], dtype=np.int32)
    matrix.value_ = np.array([value for row in program.rows for value in row[1]], dtype=np.float64)
    whole = np.broadcast_to(program.integral, n_columns)
    if whole.any():
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in whole]
    return model
