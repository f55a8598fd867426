"""Classes that overlap: a missing cell that may be any value, and sets of which a few items are known.

Here a record is not in one class only. What counts is its support: the records that an attacker cannot tell
from it. Both kinds only gain support when values are generalised, so the search prunes as it does otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from .hierarchies import MISSING, BoolArray, IntArray
from .histogram import Pairs, pack_keys

Subset = frozenset[tuple[int, str]]  # (column, item)


@dataclass(frozen=True, eq=False)
class Shown:
    """Distinct published rows: per column the label of each class, its records and its clusters."""

    codes: tuple[IntArray, ...]  # per column (n_classes) label code
    labels: tuple[Sequence[str], ...]  # per column, label code -> label
    sizes: IntArray  # (n_classes) records
    clusters: Pairs | None = None  # (class, cluster)

    def only(self, kept: BoolArray) -> "Shown":
        """Return the classes that are kept, numbered anew."""
        number = np.cumsum(kept) - 1
        clusters = self.clusters
        if clusters is not None:
            inside = kept[clusters.tuples]
            clusters = Pairs(
                number[clusters.tuples[inside]],
                clusters.values[inside],
                clusters.counts[inside],
                clusters.n_values,
            )
        return Shown(tuple(codes[kept] for codes in self.codes), self.labels, self.sizes[kept], clusters)


@dataclass(frozen=True, eq=False)
class Seen:
    """What every tuple of a histogram is published as, and the rule by which that overlaps."""

    overlap: "Overlap"
    codes: tuple[IntArray, ...]  # per column (n_tuples) label code
    labels: tuple[Sequence[str], ...]

    def shown(self, first: IntArray, sizes: IntArray, clusters: Pairs | None) -> Shown:
        """Return the classes, each as one of its tuples is published."""
        return Shown(tuple(codes[first] for codes in self.codes), self.labels, sizes, clusters)


@dataclass(frozen=True)
class Overlap:
    """The rule by which classes overlap; one of the two kinds, never both.

    Wildcard: two records match where they agree in every column that both of them fill in; the support of a
    record is what matches it. Sets: the support of a record is the least number of records that agree with it
    in the other columns and hold the same items, over all choices of up to `set_size` of its items.

    Source: sets after Terrovitis, Mamoulis, Kalnis 2008 (k^m-anonymity), doi:10.14778/1453856.1453874.
    """

    wildcard: bool = False
    separators: Mapping[int, str] = field(default_factory=dict)  # set-valued column -> separator of items
    set_size: int = 2  # items that an attacker knows

    def supports(self, shown: Shown) -> tuple[IntArray, IntArray | None]:
        """Return per class the records, and the distinct clusters, that an attacker cannot tell apart."""
        if not len(shown.sizes):
            return shown.sizes, None if shown.clusters is None else shown.sizes
        return _matches(shown) if self.wildcard else self._holding(shown)

    def failing(self, shown: Shown, k: int) -> BoolArray:
        """Return the classes that lack support of k records or clusters, also once the others are gone."""
        kept = np.ones(len(shown.sizes), np.bool_)
        while kept.any():
            records, clusters = self.supports(shown.only(kept))
            short = records < k if clusters is None else np.minimum(records, clusters) < k
            if not short.any():
                return ~kept
            # What is suppressed supports nobody any more.
            kept[np.flatnonzero(kept)[short]] = False
        return ~kept

    def _holding(self, shown: Shown) -> tuple[IntArray, IntArray | None]:
        columns = range(len(shown.codes))
        others = [i for i in columns if i not in self.separators]
        sets = [i for i in columns if i in self.separators]
        around = _dense([shown.codes[i] for i in others], len(shown.sizes))
        together = _dense([shown.codes[i] for i in sets], len(shown.sizes))
        _, first, combined = np.unique(together, return_index=True, return_inverse=True)
        number_of: dict[Subset, int] = {}
        subsets = [
            [
                number_of.setdefault(one, len(number_of))
                for one in self._subsets([(i, shown.labels[i][int(shown.codes[i][place])]) for i in sets])
            ]
            for place in first
        ]
        lengths = np.array([len(one) for one in subsets], np.int64)[combined]
        flat = np.concatenate([np.array(subsets[number], np.int64) for number in combined.tolist()])
        classes = np.repeat(np.arange(len(shown.sizes)), lengths)
        _, keys = np.unique(around[classes] * len(number_of) + flat, return_inverse=True)
        starts = np.cumsum(lengths) - lengths
        held = np.bincount(keys, weights=shown.sizes[classes]).astype(np.int64)
        records = np.minimum.reduceat(held[keys], starts)
        if shown.clusters is None:
            return records, None
        left, right = _joined(classes, shown.clusters.tuples)
        told = np.unique(keys[left] * shown.clusters.n_values + shown.clusters.values[right])
        families = np.bincount(told // shown.clusters.n_values, minlength=len(held))
        return records, np.minimum.reduceat(families[keys], starts)

    def _subsets(self, cells: Sequence[tuple[int, str]]) -> list[Subset]:
        items = [(i, item) for i, cell in cells for item in split_items(cell, self.separators[i])]
        return [
            frozenset(chosen)
            for size in range(min(self.set_size, len(items)) + 1)
            for chosen in combinations(items, size)
        ]


def split_items(cell: str, separator: str) -> list[str]:
    """Return the distinct items of a set-valued cell, sorted.

    >>> split_items("threat; beating;threat;", ";")
    ['beating', 'threat']
    """
    return sorted({item.strip() for item in cell.split(separator)} - {MISSING})


def _matches(shown: Shown) -> tuple[IntArray, IntArray | None]:
    """Return the support under the wildcard rule: pattern by pattern of missing cells."""
    unknown = np.stack(
        [
            codes == (labels.index(MISSING) if MISSING in labels else -1)
            for codes, labels in zip(shown.codes, shown.labels, strict=True)
        ]
    )
    patterns, pattern_of = np.unique(unknown, axis=1, return_inverse=True)
    places = [np.flatnonzero(pattern_of == number) for number in range(patterns.shape[1])]
    records = np.zeros(len(shown.sizes), np.int64)
    told: list[IntArray] = []
    for number, ours in enumerate(places):
        for other, theirs in enumerate(places):
            known = np.flatnonzero(~(patterns[:, number] | patterns[:, other]))
            both = np.concatenate([ours, theirs])
            keys = _dense([shown.codes[i][both] for i in known], len(both))
            mine, foreign = keys[: len(ours)], keys[len(ours) :]
            held = np.bincount(foreign, weights=shown.sizes[theirs], minlength=int(keys.max()) + 1)
            records[ours] += held[mine].astype(np.int64)
            if shown.clusters is not None:
                told.append(_clusters_matched(shown.clusters, (ours, theirs), (mine, foreign)))
    if shown.clusters is None:
        return records, None
    distinct = np.unique(np.concatenate(told))
    return records, np.bincount(distinct // shown.clusters.n_values, minlength=len(records))


def _clusters_matched(
    clusters: Pairs, places: tuple[IntArray, IntArray], keys: tuple[IntArray, IntArray]
) -> IntArray:
    """Return packed (class, cluster) for each class and the clusters of the classes it matches."""
    left, right = _joined(keys[0], keys[1])
    ours, theirs = places[0][left], places[1][right]
    match, pair = _joined(theirs, clusters.tuples)
    return np.unique(ours[match] * clusters.n_values + clusters.values[pair])


def _joined(left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Return the places of every pair of equal elements of two arrays."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    starts = np.searchsorted(ordered, left, side="left")
    lengths = np.searchsorted(ordered, left, side="right") - starts
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(np.arange(len(left)), lengths), order[np.repeat(starts, lengths) + offsets]


def _dense(columns: Sequence[IntArray], n_rows: int) -> IntArray:
    """Return one number per row from 0, equal where all columns are."""
    if not columns:
        return np.zeros(n_rows, np.int64)
    keys = pack_keys(columns, [int(column.max(initial=0)) + 1 for column in columns])
    return np.asarray(np.unique(keys, return_inverse=True)[1], np.int64)
