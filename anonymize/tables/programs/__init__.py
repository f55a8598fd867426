"""Linear and whole-number programs over linked systems, and the solver that all of them use."""

from .reach import Reach, narrow_cells
from .solver import TOLERANCE, Numbers, Program, Row, new_solver, solve, solve_whole
from .staged import LARGEST_WHOLE, solve_in_stages, stage_numbers

__all__ = [
    "LARGEST_WHOLE",
    "TOLERANCE",
    "Numbers",
    "Program",
    "Reach",
    "Row",
    "narrow_cells",
    "new_solver",
    "solve",
    "solve_in_stages",
    "solve_whole",
    "stage_numbers",
]
