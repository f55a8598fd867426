"""Whole-number programs over large linked systems, solved in stages: coarse cells first, then part by part.

A relaxation of what is not decided yet keeps every stage from deciding what the rest could not follow. The
answer adds up and keeps all bounds like that of the whole program; it need not be the best one.

Source: relax-and-fix, Pochet and Wolsey 2006, doi:10.1007/0-387-33477-7 (section 3.6).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import LinkedSystem

from .solver import Numbers, Program, solve

LARGEST_WHOLE = (
    8000  # cells; a larger system is solved in stages (the whole: 1-3 s for 4,500, hours for 20,000)
)
CELLS_OF_A_STAGE = 1500  # parts are put together until they have so many
MOST_SOLUTIONS = 4  # a stage ends with this improvement, or within the gap: never by the clock
STAGE_GAP = 0.02

Coordinate = tuple[str, str]


def stage_numbers(system: LinkedSystem) -> NDArray[np.int64]:
    """Return the stage of each cell (n_cells): cells of coarse codes by how many they cross, then the others.

    Cells of finer codes go by the coarse code above them (all quarters and months of one year), because what
    lies under one coarse code hangs together with the rest by coarse cells only.
    """
    above = _codes_above(system)
    labels: list[tuple[int, str, str]] = []
    for key in system.cells:
        fine = [pair for pair in key if above.get(pair) is not None]
        labels.append((0, "", str(max(len(key), 1))) if not fine else (1, *_top(fine[0], above)))
    sizes = {label: labels.count(label) for label in sorted(set(labels))}
    number, filled, under_coarse = -1, 0, False
    stages: dict[tuple[int, str, str], int] = {}
    for label, size in sizes.items():
        if label[0] == 0 or not under_coarse or filled + size > CELLS_OF_A_STAGE:
            number, filled = number + 1, 0
        stages[label], under_coarse = number, label[0] == 1
        filled += size
    return np.array([stages[label] for label in labels], dtype=np.int64)


def _codes_above(system: LinkedSystem) -> dict[Coordinate, Coordinate | None]:
    """Return code -> the code that it is a part of, None where that is the total."""
    above: dict[Coordinate, Coordinate | None] = {}
    for parent, children in system.equations:
        whole = set(system.cells[parent])
        for child in children:
            for pair in set(system.cells[child]) - whole:
                above[pair] = next((other for other in whole if other[0] == pair[0]), None)
    return above


def _top(pair: Coordinate, above: dict[Coordinate, Coordinate | None]) -> Coordinate:
    while (higher := above.get(pair)) is not None:
        pair = higher
    return pair


def solve_in_stages(program: Program, stages: NDArray[np.int64]) -> Numbers | None:
    """Return a good x of whole numbers (n_columns), or None where none was found.

    A stage that has no whole-number answer takes the one before it back and decides both together.
    """
    decided = np.zeros(len(program.cost))
    numbers = sorted(set(stages.tolist()))
    for last in numbers:
        for first in range(last, numbers[0] - 1, -1):
            fixed, active = stages < first, (stages >= first) & (stages <= last)
            found = solve(
                replace(
                    program,
                    lower=np.where(fixed, decided, program.lower),
                    upper=np.where(fixed, decided, program.upper),
                    integral=active,
                    relative_gap=STAGE_GAP,
                    most_solutions=MOST_SOLUTIONS,
                )
            )
            if found is not None:
                decided[active] = np.rint(found[active])
                break
        else:
            return None
    return decided
