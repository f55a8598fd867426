"""Show of many cells at once that they are not pinned down: solutions far apart in as many as possible.

Each round pushes every cell that is not yet seen to be wide up or down by lot, and no further than it needs.
The linear program's best point is mostly whole; around the rest a small whole-number program looks for a
whole point nearby. A cell that no round reaches is not narrow for that: it is asked for by itself.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .moves import Moves
from .programs import (
    TOLERANCE,
    Linked,
    Numbers,
    incidence,
    is_optimal,
    linear_solver,
    point_of,
    set_bounds,
    set_objective,
    whole_point,
)

SEED = 11  # the same release is attacked with the same lots everywhere
LEAST_GAIN_SHARE = 0.01  # of all moves: a round that gains less costs more than asking cell by cell
MOST_ROUNDS = 60
NEAR = 2.0  # how far a whole point may lie from the best point


def spread(moves: Moves, wanted: Numbers) -> Iterator[Numbers]:
    """Yield whole-number moves that together span what is wanted of as many moves as they can.

    Args:
        moves: The moves away from a solution.
        wanted: Width asked for of each move (n_moves); 0 where none is.
    """
    linked, dice = moves.linked, np.random.default_rng(SEED)
    n_moves = len(wanted)
    low, high = np.zeros(n_moves), np.zeros(n_moves)
    least_gain = max(4.0, LEAST_GAIN_SHARE * n_moves)
    reach = 4 * wanted.max(initial=0.0)
    solver = linear_solver(linked)
    poor_rounds = 0
    for _ in range(MOST_ROUNDS):
        unseen = high - low < wanted
        if unseen.sum() < least_gain or poor_rounds > 1:
            return
        cost = np.where(unseen, dice.choice([-1.0, 1.0], n_moves), 0.0) + dice.uniform(-1e-3, 1e-3, n_moves)
        # No cell need go further than it is asked to: what it leaves, its neighbours can have.
        lower = np.where(unseen, np.maximum(linked.lower, high - wanted), linked.lower)
        upper = np.where(unseen, np.minimum(linked.upper, low + wanted), linked.upper)
        # An unbounded program would run away with the cells that nothing bounds.
        lower, upper = np.maximum(lower, -reach), np.minimum(upper, reach)
        set_bounds(solver, lower, upper)
        set_objective(solver, cost)
        solver.run()
        best = point_of(solver) if is_optimal(solver) else None
        found = None if best is None else whole_near(Linked(lower, upper, linked.rows), best)
        if found is not None:
            low, high = np.minimum(low, found), np.maximum(high, found)
            yield found
        gained = int(unseen.sum() - (high - low < wanted).sum())
        poor_rounds = 0 if gained >= least_gain else poor_rounds + 1


def whole_near(linked: Linked, point: Numbers) -> Numbers | None:
    """Return a whole solution near a best point: equal to it where it is whole and nothing beside it is not.

    None where none is found soon; that proves nothing.
    """
    parts: NDArray[np.bool_] = np.abs(point - np.rint(point)) > TOLERANCE
    if not parts.any():
        whole: Numbers = np.rint(point)
        return whole
    columns, row_of = incidence(linked.rows)
    touched = np.bincount(row_of, weights=parts[columns], minlength=len(linked.rows)) > 0
    near = parts.copy()
    near[columns[touched[row_of]]] = True
    lower = np.where(near, np.maximum(linked.lower, np.floor(point) - NEAR), np.rint(point))
    upper = np.where(near, np.minimum(linked.upper, np.ceil(point) + NEAR), np.rint(point))
    return whole_point(Linked(lower, upper, linked.rows))
