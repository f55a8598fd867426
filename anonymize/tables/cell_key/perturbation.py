"""The perturbation table of the cell key method: how far a count of each size is moved, and how often.

Of all distributions that are unbiased, move no count further than the deviation, leave zero at zero and print
no small count, each row is the one of maximum entropy at the variance asked for.

Source: Giessing and Tent 2019, UNECE/Eurostat work session on statistical data confidentiality (perturbation
tables of maximum entropy, R package ptable); Thompson, Broadfoot and Elazar 2013, the same (cell keys, ABS).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from codebook.errors import PlanError

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

GRID = 1e12  # cumulated shares are rounded to this grid, so that every machine draws the same print
CLOSEST_TO_LEAST = 1.02  # times the least variance a row can have: from there on its two nearest prints
FARTHEST_OF_MOST = 0.9  # of the greatest variance a row can have: beyond it the entropy falls to nothing
MOST_STEPS = 200
TOLERANCE = 1e-12


@dataclass(frozen=True)
class PerturbationTable:
    """How counts are moved.

    Args:
        deviation: Counts; no count is moved further (D).
        variance: Counts squared; of every row that can have it (V). Where small prints are blocked a row
            takes the nearest that it can have.
        smallest_print: Counts; a positive print is at least this.

    Raises:
        PlanError: No unbiased table has these parameters.
    """

    deviation: int
    variance: float
    smallest_print: int

    def __post_init__(self) -> None:
        if self.smallest_print < 1 or self.deviation < self.smallest_print or self.variance <= 0:
            raise PlanError(
                f"no perturbation table moves counts by at most {self.deviation} and prints none below "
                f"{self.smallest_print}",
                remedy="let the deviation be at least the threshold, and the variance above 0",
            )

    @cached_property
    def moves(self) -> Integers:
        """Return the moves -D..D, one a column of `shares`."""
        return np.arange(-self.deviation, self.deviation + 1, dtype=np.int64)

    @cached_property
    def shares(self) -> Numbers:
        """Return the share of each move (n_counts, 2D + 1): a row a count from 0, the last for all larger."""
        last = self.smallest_print + self.deviation
        return np.array([self._row(count) for count in range(last + 1)])

    @property
    def variances(self) -> Numbers:
        """Return the variance of each row (n_counts)."""
        found: Numbers = self.shares @ (self.moves**2)
        return found

    def prints(self, counts: Integers, draws: Numbers) -> Integers:
        """Return what is printed for counts (n_cells), each with its own draw from [0, 1)."""
        cumulated = np.round(np.cumsum(self.shares, axis=1) * GRID) / GRID
        rows = np.minimum(counts, len(cumulated) - 1)
        columns = (cumulated[rows] <= draws[:, None]).sum(axis=1)
        moved: Integers = counts + self.moves[np.minimum(columns, len(self.moves) - 1)]
        return moved

    def _row(self, count: int) -> Numbers:
        targets = count + self.moves
        allowed = (targets == 0) | (targets >= self.smallest_print)
        if count == 0:
            allowed = targets == 0
        moves = self.moves[allowed].astype(np.float64)
        row = np.zeros(len(self.moves))
        row[allowed] = unbiased_shares(moves, self.variance)
        return row


def unbiased_shares(moves: Numbers, variance: float) -> Numbers:
    """Return the shares of maximum entropy with mean 0 and a variance, or the nearest variance possible.

    Args:
        moves: Distinct moves in order (n_moves); 0 is among them or between them.
        variance: Above 0.

    >>> [round(float(share), 4) for share in unbiased_shares(np.array([-1.0, 1.0, 2.0]), 1.08)]
    [0.5133, 0.46, 0.0267]
    """
    below, above = moves[moves <= 0].max(), moves[moves >= 0].min()
    least, most = -below * above, -moves.min() * moves.max()
    if most == 0:  # nothing but 0 is unbiased
        return np.asarray(moves == 0, dtype=np.float64)
    possible = min(variance, FARTHEST_OF_MOST * most)
    if possible < least * CLOSEST_TO_LEAST:
        nearest: Numbers = np.where(moves == below, above, np.where(moves == above, -below, 0.0))
        return np.asarray(nearest / (above - below), dtype=np.float64)
    return _maximum_entropy(moves, possible)


def _maximum_entropy(moves: Numbers, variance: float) -> Numbers:
    """Solve the convex dual by Newton's method: shares are proportional to exp(a move + b move^2)."""
    features = np.stack([moves, moves**2 - variance])
    scale = np.abs(features).max(axis=1, keepdims=True)
    features = features / scale
    weights = np.zeros(2)
    for _ in range(MOST_STEPS):
        shares = _normalised(weights, features)
        gradient = features @ shares
        if np.abs(gradient).max() < TOLERANCE:
            break
        centred = features - gradient[:, None]
        step = np.linalg.lstsq((centred * shares) @ centred.T, gradient)[0]
        weights = _line_search(weights, step, features)
    return _normalised(weights, features)


def _line_search(weights: Numbers, step: Numbers, features: Numbers) -> Numbers:
    length, start = 1.0, _log_sum(weights, features)
    while length > TOLERANCE and _log_sum(weights - length * step, features) > start:
        length /= 2
    return weights - length * step


def _log_sum(weights: Numbers, features: Numbers) -> float:
    exponents = weights @ features
    return float(exponents.max() + np.log(np.exp(exponents - exponents.max()).sum()))


def _normalised(weights: Numbers, features: Numbers) -> Numbers:
    exponents = weights @ features
    shares = np.exp(exponents - exponents.max())
    return np.asarray(shares / shares.sum(), dtype=np.float64)
