"""Equivalence classes of a histogram at given levels, and a quick proof that too many rows would go.

Keys are sums of one contribution per column, so a node of the lattice costs one addition per column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .hierarchies import BoolArray, Hierarchy, IntArray
from .histogram import Histogram, Pairs, count_pairs, pack_keys

Levels = tuple[int, ...]

_LARGEST_KEY = 2**62
_MANY_CONTRIBUTIONS = 20_000_000  # numbers kept in memory, 8 bytes each
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class Classes:
    """Class of each tuple, and records of each class."""

    class_of: IntArray  # (n_tuples)
    sizes: IntArray  # (n_classes)


class Grouper:
    """Groups the tuples of one histogram at any levels of its hierarchies."""

    def __init__(self, histogram: Histogram, hierarchies: Sequence[Hierarchy]) -> None:
        self.histogram = histogram
        self.hierarchies = tuple(hierarchies)
        room, self._strides = 1, []
        for size in histogram.sizes:
            self._strides.append(room)
            room *= max(size, 1)
        self._packs = room <= _LARGEST_KEY
        n_contributions = histogram.n_tuples * sum(hierarchy.n_levels for hierarchy in hierarchies)
        self._keeps = n_contributions <= _MANY_CONTRIBUTIONS
        self._kept: dict[tuple[int, int], IntArray] = {}
        # One to two buckets a tuple: the table stays in the processor's cache, which counts more than
        # collisions.
        self._bits = max(10, min(22, histogram.n_tuples.bit_length()))
        self._weights = histogram.counts.astype(np.float64)

    def keys(self, levels: Levels) -> IntArray:
        """Return a key per tuple, equal exactly for tuples of one class."""
        if not self._packs:
            columns = [
                hierarchy.groups[level][codes]
                for hierarchy, level, codes in zip(
                    self.hierarchies, levels, self.histogram.codes, strict=True
                )
            ]
            return pack_keys(columns, self.histogram.sizes)
        keys = np.zeros(self.histogram.n_tuples, np.int64)
        for column, level in enumerate(levels):
            if len(self.hierarchies[column].labels[level]) > 1:
                keys += self._contribution(column, level)
        return keys

    def classes(self, keys: IntArray) -> Classes:
        """Number the classes of keys and count their records."""
        order = np.argsort(keys)
        ordered = keys[order]
        starts = (
            np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.zeros(0, np.int64)
        )
        class_of = np.empty(len(keys), np.int64)
        lengths = np.diff(np.r_[starts, len(keys)])
        class_of[order] = np.repeat(np.arange(len(starts)), lengths)
        sizes = np.add.reduceat(self.histogram.counts[order], starts) if len(keys) else starts
        return Classes(class_of, sizes)

    def least_small(self, keys: IntArray, k: int) -> int:
        """Return a number of rows that are surely in classes smaller than k.

        Classes share hash buckets, which can only make a bucket larger than its classes: a proof without
        sorting.
        """
        shift = np.uint64(64 - self._bits)
        buckets = ((keys.view(np.uint64) * _HASH_FACTOR) >> shift).view(np.int64)
        records = np.bincount(buckets, weights=self._weights)
        return int(records[records < k].sum())

    def perhaps_large(self, keys: IntArray, places: IntArray, k: int) -> BoolArray:
        """Return which of some tuples may form a class of k records; the others surely do not."""
        shift = np.uint64(64 - max(10, min(22, len(places).bit_length() + 1)))
        buckets = ((keys[places].view(np.uint64) * _HASH_FACTOR) >> shift).view(np.int64)
        records = np.bincount(buckets, weights=self._weights[places])
        return np.asarray(records[buckets] >= k)

    def coarsened(self, levels: Levels) -> Histogram:
        """Return the histogram of the classes at some levels, each with one of its tuples standing for it.

        Right for every level from these upwards.
        """
        classes = self.classes(self.keys(levels))
        first = np.empty(len(classes.sizes), np.int64)
        first[classes.class_of] = np.arange(self.histogram.n_tuples)
        return replace(
            self.histogram,
            codes=tuple(codes[first] for codes in self.histogram.codes),
            counts=classes.sizes,
            clusters=self.histogram.clusters and merged_pairs(self.histogram.clusters, classes),
            sensitive=tuple(merged_pairs(pairs, classes) for pairs in self.histogram.sensitive),
        )

    def _contribution(self, column: int, level: int) -> IntArray:
        known = self._kept.get((column, level))
        if known is None:
            groups = self.hierarchies[column].groups[level] * self._strides[column]
            known = groups[self.histogram.codes[column]]
            if self._keeps:
                self._kept[column, level] = known
        return known


def merged_pairs(pairs: Pairs, classes: Classes) -> Pairs:
    """Turn pairs (tuple, value) into pairs (class, value)."""
    merged = count_pairs(classes.class_of[pairs.tuples], pairs.values, pairs.counts)
    return replace(merged, n_values=pairs.n_values)
