"""What a class must satisfy: enough records, enough clusters, diverse and typical sensitive values.

Two kinds of failing are kept apart, because suppression makes them behave differently:
* k over records, k over clusters and distinct l only get better when classes merge. A class that fails
  makes all of its rows fail at every finer recoding too.
* entropy l, recursive (c, l) and t can get worse for a row when its passing class merges with a failing
  one. For these, `least_removed` says how many rows must go at every finer recoding, whatever it looks like.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .hierarchies import BoolArray, FloatArray, IntArray
from .histogram import Pairs, count_pairs

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Diversity:
    """What is asked of one sensitive column; None means not asked."""

    distinct_l: int | None = None
    entropy_l: float | None = None
    recursive: tuple[float, int] | None = None  # (c, l)
    t: float | None = None  # 0..1
    tree: tuple[
        IntArray, ...
    ] = ()  # per level above the values, value -> node; empty: all values equally far


@dataclass(frozen=True)
class Requirement:
    """k (records, and clusters where the histogram has them) and one Diversity per sensitive column."""

    k: int
    diversity: tuple[Diversity, ...] = ()

    @property
    def only_improves(self) -> bool:
        """Whether merging classes can never make a row fail that passed."""
        return all(d.entropy_l is None and d.recursive is None and d.t is None for d in self.diversity)


@dataclass(frozen=True)
class ClassTable:
    """Sensitive values per class: sorted distinct (class, value) pairs with counts."""

    pairs: Pairs
    n_classes: int
    overall: FloatArray  # (n_values) share of each value in the whole file

    @property
    def sizes(self) -> FloatArray:
        """Records of each class."""
        weights = self.pairs.counts.astype(np.float64)
        return np.bincount(self.pairs.tuples, weights=weights, minlength=self.n_classes).astype(np.float64)


def class_table(
    pairs: Pairs, class_of: IntArray, n_classes: int, overall: FloatArray | None = None
) -> ClassTable:
    """Merge the pairs (tuple, value) of a histogram into pairs (class, value).

    `overall` counts the values of the whole file where the pairs are only a part of it.
    """
    counts = value_counts(pairs) if overall is None else overall
    merged = count_pairs(class_of[pairs.tuples], pairs.values, pairs.counts)
    return ClassTable(merged, n_classes, counts / max(float(counts.sum()), 1.0))


def value_counts(pairs: Pairs) -> FloatArray:
    """Return the records of each value of a further column (n_values)."""
    counts = np.bincount(pairs.values, weights=pairs.counts.astype(np.float64), minlength=pairs.n_values)
    return counts.astype(np.float64)


def distinct_per_class(pairs: Pairs, class_of: IntArray, n_classes: int, chosen: BoolArray) -> IntArray:
    """Return the number of distinct values in each chosen class (0 in the others)."""
    classes = class_of[pairs.tuples]
    inside = chosen[classes]
    keys = np.unique(classes[inside] * pairs.n_values + pairs.values[inside])
    return np.bincount(keys // max(pairs.n_values, 1), minlength=n_classes)


def entropy_l_values(table: ClassTable) -> FloatArray:
    """Return exp(Shannon entropy) of each class: its effective number of sensitive values."""
    pairs = table.pairs
    shares = pairs.counts / table.sizes[pairs.tuples]
    entropy = np.bincount(pairs.tuples, weights=-shares * np.log(shares), minlength=table.n_classes)
    return np.asarray(np.exp(entropy))


def recursive_holds(table: ClassTable, c: float, l: int) -> BoolArray:  # noqa: E741
    """Return for each class whether its commonest value is rarer than c times the l-th and all rarer ones.

    Source: Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302, recursive (c, l)-diversity.
    """
    pairs = table.pairs
    order = np.lexsort((-pairs.counts, pairs.tuples))
    classes, counts = pairs.tuples[order], pairs.counts[order]
    starts = np.searchsorted(classes, np.arange(table.n_classes))
    rank = np.arange(len(classes)) - starts[classes]
    commonest = np.bincount(classes, weights=counts * (rank == 0), minlength=table.n_classes)
    tail = np.bincount(classes, weights=counts * (rank >= l - 1), minlength=table.n_classes)
    return np.asarray(commonest < c * tail)


def t_values(table: ClassTable, tree: Sequence[IntArray] = ()) -> FloatArray:
    """Return the distance (0..1) of each class's distribution from the whole file's.

    Equal distance without a tree, else the hierarchical earth mover's distance over the tree's levels.

    Source: Li, Li, Venkatasubramanian 2007, doi:10.1109/ICDE.2007.367856.
    """
    pairs = table.pairs
    shares = pairs.counts / table.sizes[pairs.tuples]
    if not tree:
        excess = np.maximum(shares - table.overall[pairs.values], 0.0)
        return np.bincount(pairs.tuples, weights=excess, minlength=table.n_classes).astype(np.float64)
    n_values = len(table.overall)
    extra = np.zeros((table.n_classes, n_values))
    extra[pairs.tuples, pairs.values] = shares
    extra -= table.overall
    levels = [np.arange(n_values), *tree]
    distance = np.zeros(table.n_classes)
    for height, (below, level) in enumerate(pairwise(levels), start=1):
        child = _summed(extra, below)
        parent = np.zeros(child.shape[1], np.int64)
        parent[below] = level
        positive = _summed(np.maximum(child, 0.0), parent)
        negative = _summed(np.maximum(-child, 0.0), parent)
        distance += height / len(tree) * np.minimum(positive, negative).sum(axis=1)
    return distance


def _summed(values: FloatArray, groups: IntArray) -> FloatArray:
    result = np.zeros((values.shape[0], int(groups.max(initial=0)) + 1))
    for column, group in enumerate(groups):
        result[:, group] += values[:, column]
    return result


def fails_for_good(
    requirement: Requirement,
    sizes: IntArray,
    class_of: IntArray,
    clusters: Pairs | None,
    sensitive: Sequence[Pairs],
) -> BoolArray:
    """Return the classes that lack records, clusters or distinct values: finer ones lack them too."""
    failing = sizes < requirement.k
    if clusters is not None:
        failing |= distinct_per_class(clusters, class_of, len(sizes), ~failing) < requirement.k
    for asked, pairs in zip(requirement.diversity, sensitive, strict=True):
        if asked.distinct_l is not None:
            failing |= distinct_per_class(pairs, class_of, len(sizes), ~failing) < asked.distinct_l
    return np.asarray(failing)


def fails_here(
    requirement: Requirement,
    sizes: IntArray,
    class_of: IntArray,
    sensitive: Sequence[Pairs],
    *,
    overall: Sequence[FloatArray] | None = None,
) -> BoolArray:
    """Return the classes that fail entropy l, recursive (c, l) or t.

    `overall` counts the values of the whole file where the classes are only a part of it.
    """
    failing = np.zeros(len(sizes), np.bool_)
    for number, (asked, pairs) in enumerate(zip(requirement.diversity, sensitive, strict=True)):
        if asked.entropy_l is None and asked.recursive is None and asked.t is None:
            continue
        whole = None if overall is None else overall[number]
        table = class_table(pairs, class_of, len(sizes), whole)
        if asked.entropy_l is not None:
            failing |= entropy_l_values(table) < asked.entropy_l - _TOLERANCE
        if asked.recursive is not None:
            failing |= ~recursive_holds(table, *asked.recursive)
        if asked.t is not None:
            failing |= t_values(table, asked.tree) > asked.t + _TOLERANCE
    return failing


def least_removed(
    requirement: Requirement, sizes: IntArray, class_of: IntArray, sensitive: Sequence[Pairs]
) -> FloatArray:
    """Return for each class a number of rows that every finer recoding must suppress in it.

    The kept rows of a finer recoding are unions of classes within t of the whole, so together they are
    within t too
    (the distance is convex). At most m of n rows can be, where m solves sum min(n_v, m q_v) = m (1 - t).
    """
    removed = np.zeros(len(sizes), np.float64)
    for asked, pairs in zip(requirement.diversity, sensitive, strict=True):
        # The hierarchical distance is at most the equal one, so only its topmost split bounds the same way.
        if asked.t is not None:
            bounded = _topmost(pairs, asked.tree) if asked.tree else pairs
            table = class_table(bounded, class_of, len(sizes))
            removed = np.maximum(removed, table.sizes - _most_kept(table, asked.t))
    return removed


def _topmost(pairs: Pairs, tree: Sequence[IntArray]) -> Pairs:
    below = tree[-2] if len(tree) > 1 else np.arange(pairs.n_values)
    return count_pairs(pairs.tuples, below[pairs.values], pairs.counts)


def _most_kept(table: ClassTable, t: float) -> FloatArray:
    pairs = table.pairs
    low, high = np.zeros(table.n_classes), table.sizes

    def holds(kept: FloatArray) -> BoolArray:
        overlap = np.minimum(pairs.counts, kept[pairs.tuples] * table.overall[pairs.values])
        covered = np.bincount(pairs.tuples, weights=overlap, minlength=table.n_classes)
        return np.asarray(covered >= kept * (1.0 - t) - _TOLERANCE)

    whole = holds(high)
    low = np.where(whole, high, low)
    for _ in range(40):
        middle = (low + high) / 2
        inside = holds(middle)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(np.floor(high + _TOLERANCE), np.float64)
