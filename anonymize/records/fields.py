"""Field by field: which columns single records out, what each adds to the risk, which to drop first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .hierarchies import FloatArray, IntArray
from .histogram import Histogram, pack_keys
from .measures import histogram_of

_DENSE = 20_000_000  # counters kept at once


@dataclass(frozen=True)
class UniqueSet:
    """A set of columns that singles records out, though no smaller part of it does."""

    columns: tuple[str, ...]
    n_records: int


@dataclass(frozen=True)
class Contribution:
    """How much lower the risk is once a column is left out, the others unchanged; shares (0..1)."""

    unique_share: float  # of the records alone in their class
    average: float  # average risk


@dataclass(frozen=True)
class DropStep:
    """A column left out after those before it, and the records that are still in classes below k."""

    column: str
    records_below_k: int


def special_uniques(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    *,
    max_columns: int = 3,
    weights: IntArray | None = None,
) -> list[UniqueSet]:
    """Return the smallest sets of columns that single records out, those of most records first.

    Source: Elliot, Manning, Ford 2002 (special uniques detection), doi:10.1142/S0218488502001600.

    >>> special_uniques({"sex": ["f", "f", "m"], "town": ["A", "B", "B"]}, ["sex", "town"])
    [UniqueSet(columns=('sex',), n_records=1), UniqueSet(columns=('town',), n_records=1), \
UniqueSet(columns=('sex', 'town'), n_records=1)]
    """
    histogram = histogram_of(columns, quasi_identifiers, weights=weights)
    unique_on: dict[tuple[int, ...], IntArray] = {}
    found = []
    for size in range(1, min(max_columns, len(quasi_identifiers)) + 1):
        for chosen in combinations(range(len(quasi_identifiers)), size):
            alone = np.flatnonzero(_class_sizes(histogram, chosen) == 1)
            unique_on[chosen] = alone
            smaller = [unique_on[part] for part in combinations(chosen, size - 1) if part]
            known = np.unique(np.concatenate(smaller)) if smaller else np.zeros(0, np.int64)
            n_minimal = len(np.setdiff1d(alone, known, assume_unique=True))
            if n_minimal:
                found.append(UniqueSet(tuple(quasi_identifiers[i] for i in chosen), n_minimal))
    return sorted(found, key=lambda one: (-one.n_records, len(one.columns)))


def contributions(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    *,
    weights: IntArray | None = None,
) -> dict[str, Contribution]:
    """Return how much the risk falls when each quasi-identifier is left out.

    >>> contributions({"id": ["1", "2"], "sex": ["f", "f"]}, ["id", "sex"])["id"]
    Contribution(unique_share=1.0, average=0.5)
    """
    histogram = histogram_of(columns, quasi_identifiers, weights=weights)
    everything = range(len(quasi_identifiers))
    unique_share, average = _exposure(histogram, list(everything))
    found = {}
    for left_out, name in enumerate(quasi_identifiers):
        without = _exposure(histogram, [i for i in everything if i != left_out])
        found[name] = Contribution(unique_share - without[0], average - without[1])
    return found


def drop_order(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    k: int,
    *,
    weights: IntArray | None = None,
) -> list[DropStep]:
    """Return which column to leave out first, second, ... until every class has k records.

    Greedy: each time the column without which the fewest records are in classes below k, and of several the
    one that leaves the fewest classes.

    >>> drop_order({"id": ["1", "2"], "sex": ["f", "f"]}, ["id", "sex"], 2)
    [DropStep(column='id', records_below_k=0)]
    """
    histogram = histogram_of(columns, quasi_identifiers, weights=weights)
    left, steps = list(range(len(quasi_identifiers))), []
    while len(left) > 1 and _below(histogram, left, k)[0]:
        without = {i: _below(histogram, [other for other in left if other != i], k) for i in left}
        worst = min(left, key=lambda i: without[i])
        left.remove(worst)
        steps.append(DropStep(quasi_identifiers[worst], without[worst][0]))
    return steps


def share_below(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    ks: Sequence[int],
    *,
    weights: IntArray | None = None,
) -> dict[int, float]:
    """Return for each k the share (0..1) of the records in classes smaller than k.

    >>> share_below({"sex": ["f", "f", "m"]}, ["sex"], [2, 3])
    {2: 0.3333333333333333, 3: 1.0}
    """
    histogram = histogram_of(columns, quasi_identifiers, weights=weights)
    sizes = _class_sizes(histogram, range(len(quasi_identifiers)))
    n_records = max(histogram.n_records, 1)
    return {k: float(histogram.counts[sizes < k].sum() / n_records) for k in ks}


def class_sizes(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    *,
    weights: IntArray | None = None,
) -> IntArray:
    """Return the records of each class.

    >>> class_sizes({"sex": ["f", "f", "m"]}, ["sex"]).tolist()
    [2, 1]
    """
    return histogram_of(columns, quasi_identifiers, weights=weights).counts


def _below(histogram: Histogram, chosen: Sequence[int], k: int) -> tuple[int, float]:
    """Return the records in classes below k, and to break ties the number of classes."""
    sizes = _class_sizes(histogram, chosen)
    return int(histogram.counts[sizes < k].sum()), float((histogram.counts / sizes).sum())


def _exposure(histogram: Histogram, chosen: Sequence[int]) -> tuple[float, float]:
    """Return the shares of the records that are alone, and of classes per record (the average risk)."""
    sizes = _class_sizes(histogram, chosen)
    n_records = max(histogram.n_records, 1)
    return (
        float(histogram.counts[sizes == 1].sum() / n_records),
        float((histogram.counts / sizes).sum() / n_records),
    )


def _class_sizes(histogram: Histogram, chosen: Sequence[int]) -> FloatArray:
    """Return for every tuple the records of its class by some of the columns (n_tuples)."""
    if not len(chosen):
        return np.full(histogram.n_tuples, float(histogram.n_records))
    sizes = [histogram.sizes[i] for i in chosen]
    keys = pack_keys([histogram.codes[i] for i in chosen], sizes)
    room = float(np.prod(np.maximum(sizes, 1), dtype=np.float64))
    if room > min(_DENSE, max(4 * histogram.n_tuples, 1000)):
        keys = np.unique(keys, return_inverse=True)[1]
    return np.bincount(keys, weights=histogram.counts)[keys].astype(np.float64)
