"""Integer and linear programs for protection: the one place of this folder that talks to HiGHS.

One thread and a fixed seed, and no time limit that could cut a run at another place on another machine: the
same program gives the same answer.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Row = tuple[Sequence[int], Sequence[float], float, float]
"""(columns, coefficients, lower side, upper side) of one linear restriction."""


@dataclass(frozen=True)
class Program:
    """minimise cost . x with lower <= x <= upper and the rows; `integral` for whole numbers only."""

    cost: Numbers
    lower: Numbers
    upper: Numbers
    rows: Sequence[Row]
    integral: bool = False
    relative_gap: float = 1e-4


def solve(program: Program) -> Numbers | None:
    """Return a best x (n_columns), or None where no x meets the restrictions."""
    highspy: Any = importlib.import_module("highspy")

    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 7), ("parallel", "off")):
        solver.setOptionValue(option, value)
    solver.setOptionValue("mip_rel_gap", program.relative_gap)
    if program.integral:
        # Measured on the 4,549 cells of the full plan, four keys: 3-5 s and closer to the bound; with
        # presolve 6-12 s.
        solver.setOptionValue("presolve", "off")
    solver.passModel(_model(program, highspy))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value, dtype=np.float64)


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
    if program.integral:
        model.integrality_ = [highspy.HighsVarType.kInteger] * n_columns
    return model
