"""The only step that touches every record: distinct quasi-identifier tuples and how often each occurs.

Everything after works on the histogram. `big_files.py` hands in rows that duckdb has counted already, with
their weights, so nothing here depends on the size of a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .coded import CodedColumn
from .hierarchies import IntArray

_LARGEST_KEY = 2**62


@dataclass(frozen=True, eq=False)
class Pairs:
    """Distinct (tuple, value) pairs of one further column, with the records of each."""

    tuples: IntArray  # (n_pairs) tuple number
    values: IntArray  # (n_pairs) value code
    counts: IntArray  # (n_pairs) records
    n_values: int


@dataclass(frozen=True, eq=False)
class Histogram:
    """Distinct tuples of value codes with their records; `clusters` and `sensitive` where asked."""

    codes: tuple[IntArray, ...]  # per quasi-identifier (n_tuples)
    sizes: tuple[int, ...]  # per quasi-identifier, number of values
    counts: IntArray  # (n_tuples) records
    clusters: Pairs | None = None
    sensitive: tuple[Pairs, ...] = field(default=())

    @property
    def n_tuples(self) -> int:
        """Number of distinct tuples."""
        return len(self.counts)

    @property
    def n_records(self) -> int:
        """Number of records counted."""
        return int(self.counts.sum())


def count_tuples(
    codes: Sequence[IntArray],
    sizes: Sequence[int],
    *,
    clusters: IntArray | None = None,
    sensitive: Sequence[IntArray] = (),
    weights: IntArray | None = None,
) -> tuple[Histogram, IntArray]:
    """Count the records of each distinct tuple of value codes.

    Args:
        codes: One array per quasi-identifier (n_records).
        sizes: Number of value codes of each quasi-identifier.
        clusters: Household or incident code of each record, to count distinct ones.
        sensitive: Value codes of each sensitive column.
        weights: Records that each row stands for, where an engine has counted equal rows before; else 1.

    Returns:
        The histogram and the tuple number of each record (n_records).
    """
    keys = pack_keys(codes, sizes)
    first, tuple_of_record, counts = _distinct(keys)
    if weights is not None:
        counts = np.bincount(tuple_of_record, weights=weights, minlength=len(first)).astype(np.int64)
    histogram = Histogram(
        codes=tuple(column[first] for column in codes),
        sizes=tuple(sizes),
        counts=counts,
        clusters=None if clusters is None else count_pairs(tuple_of_record, clusters, weights),
        sensitive=tuple(count_pairs(tuple_of_record, values, weights) for values in sensitive),
    )
    return histogram, tuple_of_record


def _distinct(keys: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the first place of each distinct key, the number of each place's key, and the counts."""
    ordered = np.sort(keys)
    if len(keys) and not np.any(ordered[1:] == ordered[:-1]):
        # Rows that were counted before are distinct already; numbering them costs three times the sort.
        places = np.arange(len(keys))
        return places, places, np.ones(len(keys), np.int64)
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return first, inverse, counts.astype(np.int64)


def count_pairs(tuples: IntArray, values: IntArray, counts: IntArray | None = None) -> Pairs:
    """Return the distinct pairs of two arrays; each element counts one record, or `counts` of them."""
    n_values = int(values.max(initial=-1)) + 1
    keys, inverse, occurrences = np.unique(
        tuples * n_values + values, return_inverse=True, return_counts=True
    )
    if counts is not None:
        occurrences = np.bincount(inverse, weights=counts, minlength=len(keys)).astype(np.int64)
    if n_values == 0:
        return Pairs(keys, keys, keys, 0)
    return Pairs(keys // n_values, keys % n_values, occurrences.astype(np.int64), n_values)


def pack_keys(codes: Sequence[IntArray], sizes: Sequence[int]) -> IntArray:
    """Return one whole number per element, equal exactly where all columns are equal.

    Mixed radix; where the product of the sizes does not fit, what is packed so far is numbered densely first.
    """
    keys = np.zeros(len(codes[0]) if codes else 0, np.int64)
    room = 1
    for column, size in zip(codes, sizes, strict=True):
        if room * max(size, 1) > _LARGEST_KEY:
            distinct, keys = np.unique(keys, return_inverse=True)
            room = len(distinct)
        keys = keys * size + column
        room *= max(size, 1)
    return keys


def dense_codes(cells: Sequence[str]) -> tuple[IntArray, list[str]]:
    """Number the distinct cells of a column by their first occurrence: codes (n_records) and values.

    >>> dense_codes(["b", "a", "b"])
    (array([0, 1, 0]), ['b', 'a'])
    """
    if isinstance(cells, CodedColumn):
        return cells.codes, list(cells.values)
    code_of = {value: code for code, value in enumerate(dict.fromkeys(cells))}
    return np.fromiter(map(code_of.__getitem__, cells), np.int64, len(cells)), list(code_of)
