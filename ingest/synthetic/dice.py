"""One seeded source of chance for a whole synthetic group.

Everything drawn goes through one `Dice`; no global state, nothing whose order depends on hashing.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws from one `Random`; the same seed gives the same draws in the same order."""

    def __init__(self, seed: int) -> None:
        """Start at `seed`."""
        self.random = Random(seed)  # noqa: S311 - invented people, not secrets

    def chance(self, share: float) -> bool:
        """Return True in `share` (0..1) of the draws."""
        return self.random.random() < share

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of `choices`, each equally often."""
        return choices[int(self.random.random() * len(choices))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return a key of `weights`, as often as its weight says."""
        return self.random.choices(tuple(weights), tuple(weights.values()))[0]

    def several(self, shares: Mapping[T, float]) -> list[T]:
        """Return each key with its own probability (0..1), in the order of `shares`."""
        return [key for key, share in shares.items() if self.random.random() < share]

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.random.random() * (high - low + 1))

    def digits(self, count: int) -> str:
        """Return `count` random digits."""
        return str(int(self.random.random() * 10**count)).zfill(count)

    def lognormal(self, median: float, sigma: float) -> float:
        """Return a positive number, half of them below `median`; a few are very large."""
        return median * self.random.lognormvariate(0.0, sigma)
