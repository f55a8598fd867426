"""From counted levels to weights in bits: log2(m / u), never rising from a level to a lesser one.

Source: Fellegi and Sunter 1969, doi:10.1080/01621459.1969.10501049 (weights); Barlow et al. 1972
(pool adjacent violators).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from .signs import Sign

PRIOR_PAIRS = 200.0  # declared shares count as much as so many sure pairs
PRIOR_RANDOM_PAIRS = 2000.0  # so many random pairs
_LEAST_SHARE = 1e-9


@dataclass(frozen=True)
class Weights:
    """Weights of one sign, in bits, one a level from most to least agreement.

    Attributes:
        u: Chance shares, for the levels where common values weigh less.
    """

    bits: tuple[float, ...]
    u: tuple[float, ...]


def declared_weights(sign: Sign, u: Sequence[float]) -> Weights:
    """Return the weights before anything is learnt."""
    return _weights([level.m for level in sign.levels], u)


def learnt_weights(sign: Sign, u: Sequence[float], counts: Mapping[int, int]) -> Weights:
    """Return the weights after sure pairs were counted; level positions -> pairs."""
    total = sum(counts.values()) + PRIOR_PAIRS
    m = [(counts.get(place, 0) + PRIOR_PAIRS * level.m) / total for place, level in enumerate(sign.levels)]
    return _weights(m, u)


def chance_shares(sign: Sign, counts: Mapping[int, int]) -> tuple[float, ...]:
    """Return `u` of each level, from random pairs that were counted; level positions -> pairs."""
    if not sign.counts:
        return tuple(level.u for level in sign.levels)
    total = sum(counts.values()) + PRIOR_RANDOM_PAIRS
    return tuple(
        (counts.get(place, 0) + PRIOR_RANDOM_PAIRS * level.u) / total
        for place, level in enumerate(sign.levels)
    )


def _weights(m: Sequence[float], u: Sequence[float]) -> Weights:
    """Return weights that fall; neighbours that would rise are taken as one level."""
    pools: list[tuple[float, float, int]] = []
    for share, chance in zip(m, u, strict=True):
        pools.append((max(share, _LEAST_SHARE), max(chance, _LEAST_SHARE), 1))
        while len(pools) > 1 and pools[-1][0] / pools[-1][1] > pools[-2][0] / pools[-2][1]:
            last, before = pools.pop(), pools.pop()
            pools.append((last[0] + before[0], last[1] + before[1], last[2] + before[2]))
    bits = [log2(share / chance) for share, chance, size in pools for _ in range(size)]
    return Weights(tuple(bits), tuple(u))
