"""Local recoding: every class is generalised only as far as it must, and no record is lost.

1. Release: the nodes of the lattice are visited from the cheapest up. At each, the tuples that are left are
grouped,
   and the classes that satisfy the requirement are released. The order is renewed as the tuples left change.
2. Tighten: a released class is published at the lowest common ancestor of its members, column by column.
3. Join: tuples that never formed a class join the class where they cost least.
4. Dissolve: a dear class whose members cost less when spread over other classes is spread.

The idea of 1 is iterative local recoding (Prasser et al. 2017, ARX); taking every node once, cheapest
first, and 2 to 4 are what makes it better and faster. Values stay nested and truthful: each is an ancestor
of the original.
"""

from collections.abc import Callable
from dataclasses import replace
from math import prod

import numpy as np

from codebook.errors import RecordsError

from .classes import Grouper
from .diverse_join import DiverseJoin
from .hierarchies import BoolArray, FloatArray, IntArray
from .histogram import Histogram, Pairs
from .join import Joiner
from .published import Published, failing_classes, impossible, label_union, recode_optimally
from .requirements import fails_for_good, fails_here, value_counts
from .search import Task, leaf_counts

_LARGEST_LATTICE = 2_000_000  # nodes that are visited
_RENEW = 0.95  # of the tuples left since the order was last renewed


def recode_locally(task: Task, *, stop: Callable[[], bool] | None = None) -> Published:
    """Recode every class only as far as it must; or, once `stop` says so, the rest at whatever cost.

    Raises:
        RecordsError: Even the most general recoding fails; says what to change.
    """
    histogram, hierarchies = task.histogram, task.hierarchies
    grouper = Grouper(histogram, hierarchies)
    top = tuple(hierarchy.n_levels - 1 for hierarchy in hierarchies)
    whole = grouper.classes(grouper.keys(top))
    if whole.sizes[failing_classes(task, whole)].sum() > task.max_suppressed:
        raise impossible(task)
    lattice_size = prod(hierarchy.n_levels for hierarchy in hierarchies)
    if lattice_size > _LARGEST_LATTICE:
        raise RecordsError(
            f"the lattice has {lattice_size} nodes, more than the {_LARGEST_LATTICE} that are visited",
            remedy="use fewer quasi-identifiers or levels",
        )
    class_of, n_visited = _Releaser(task).run(stop)
    joiner = Joiner(task, class_of)
    n_left = int(histogram.counts[class_of < 0].sum())
    if task.requirement.only_improves:
        joiner.join_left()
        joiner.dissolve(stop)
    elif n_left > task.max_suppressed:
        DiverseJoin(task, joiner).run()
    if n_left > task.max_suppressed and (not task.requirement.only_improves or not joiner.n_classes):
        # Classes that had to be merged for entropy l or t may be dearer than one recoding for all, tightened.
        recoded = Joiner(task, _classes_of_optimum(task, stop))
        n_lost = int(histogram.counts[joiner.class_of < 0].sum())
        joiner = recoded if n_lost > task.max_suppressed or recoded.cost() < joiner.cost() else joiner
    return _published(task, joiner, lattice_size, n_visited)


class _Releaser:
    """The tuples that are left, and the classes released so far."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.class_of = np.full(task.histogram.n_tuples, -1, np.int64)
        self.n_classes = 0
        self.left = np.arange(task.histogram.n_tuples)
        self.shape = tuple(hierarchy.n_levels for hierarchy in task.hierarchies)
        self.cells = task.loss.cells(task.hierarchies, leaf_counts(task.histogram, task.hierarchies))
        self.visited = np.zeros(prod(self.shape), np.bool_)

    def run(self, stop: Callable[[], bool] | None) -> tuple[IntArray, int]:
        """Visit every node once; return the class of each tuple (-1: none) and the nodes visited."""
        while len(self.left) and not self.visited.all():
            costs = self._costs()
            costs[self.visited] = np.inf
            n_before = len(self.left)
            grouper = Grouper(self._histogram(), self.task.hierarchies)
            alive = np.ones(n_before, np.bool_)
            for node in np.argsort(costs, kind="stable"):
                if self.visited[node]:
                    break
                if stop is not None and stop():
                    self.left = self.left[alive]
                    return self.class_of, int(self.visited.sum())
                self.visited[node] = True
                released = self._release(grouper, alive, np.unravel_index(node, self.shape))
                if released and alive.sum() < _RENEW * n_before:
                    break
            self.left = self.left[alive]
        return self.class_of, int(self.visited.sum())

    def _costs(self) -> FloatArray:
        """Return for every node what the tuples left would cost there (n_nodes)."""
        histogram = self.task.histogram
        total = np.zeros(())
        for table, codes in zip(self.cells, histogram.codes, strict=True):
            values = np.bincount(
                codes[self.left], weights=histogram.counts[self.left], minlength=table.shape[1]
            )
            total = total[..., None] + table @ values
        return total.ravel()

    def _histogram(self) -> Histogram:
        histogram = self.task.histogram
        return replace(
            histogram,
            codes=tuple(codes[self.left] for codes in histogram.codes),
            counts=histogram.counts[self.left],
            clusters=histogram.clusters and _among(histogram.clusters, self.left, histogram.n_tuples),
            sensitive=tuple(_among(pairs, self.left, histogram.n_tuples) for pairs in histogram.sensitive),
        )

    def _release(self, grouper: Grouper, alive: BoolArray, levels: tuple[np.intp, ...]) -> bool:
        """Release the passing classes of the tuples that are alive; tell whether there was one."""
        keys = grouper.keys(tuple(int(level) for level in levels))
        places = np.flatnonzero(alive)
        places = places[grouper.perhaps_large(keys, places, self.task.requirement.k)]
        if not len(places):
            return False
        _, class_of = np.unique(keys[places], return_inverse=True)
        sizes = np.bincount(class_of, weights=grouper.histogram.counts[places]).astype(np.int64)
        if sizes.max() < self.task.requirement.k:
            return False
        passing = ~self._failing(grouper.histogram, places, class_of, sizes)
        if not passing.any():
            return False
        number = np.cumsum(passing) - 1 + self.n_classes
        self.n_classes += int(passing.sum())
        chosen = passing[class_of]
        self.class_of[self.left[places[chosen]]] = number[class_of[chosen]]
        alive[places[chosen]] = False
        return True

    def _failing(
        self, histogram: Histogram, places: IntArray, class_of: IntArray, sizes: IntArray
    ) -> BoolArray:
        requirement = self.task.requirement
        if histogram.clusters is None and not histogram.sensitive:
            return sizes < requirement.k
        clusters = histogram.clusters and _among(histogram.clusters, places, histogram.n_tuples)
        sensitive = [_among(pairs, places, histogram.n_tuples) for pairs in histogram.sensitive]
        overall = [value_counts(pairs) for pairs in self.task.histogram.sensitive]
        lasting = fails_for_good(requirement, sizes, class_of, clusters, sensitive)
        return lasting | fails_here(requirement, sizes, class_of, sensitive, overall=overall)


def _among(pairs: Pairs, tuples: IntArray, n_tuples: int) -> Pairs:
    """Return the pairs of some tuples, renumbered by their place among them."""
    place = np.full(n_tuples, -1, np.int64)
    place[tuples] = np.arange(len(tuples))
    renumbered = place[pairs.tuples]
    inside = renumbered >= 0
    return Pairs(renumbered[inside], pairs.values[inside], pairs.counts[inside], pairs.n_values)


def _classes_of_optimum(task: Task, stop: Callable[[], bool] | None) -> IntArray:
    optimum = recode_optimally(task, stop=stop)
    if optimum.levels is None:
        raise impossible(task)
    grouper = Grouper(task.histogram, task.hierarchies)
    class_of = grouper.classes(grouper.keys(optimum.levels)).class_of
    return np.where(optimum.kept, class_of, -1)


def _published(task: Task, joiner: Joiner, lattice_size: int, n_visited: int) -> Published:
    labels, tables = label_union(task.hierarchies)
    histogram, kept = task.histogram, joiner.class_of >= 0
    levels = joiner.levels_of_tuples()
    parts = []
    gone = ~kept
    lost = [
        np.bincount(codes[gone], weights=histogram.counts[gone], minlength=size).astype(np.float64)
        for codes, size in zip(histogram.codes, histogram.sizes, strict=True)
    ]
    extra = task.loss.suppressed(task.hierarchies, lost, float(histogram.n_records))
    cells = task.loss.cells(task.hierarchies, leaf_counts(histogram, task.hierarchies))
    for table, codes, level, more in zip(cells, histogram.codes, levels, extra, strict=True):
        cost = float((histogram.counts * table[level, codes]).sum())
        parts.append(cost + (float(more[0]) if gone.any() else 0.0))
    return Published(
        labels=labels,
        codes=tuple(
            table[level, codes] for table, level, codes in zip(tables, levels, histogram.codes, strict=True)
        ),
        kept=kept,
        loss=task.loss.value(parts),
        proven_bound=None,
        levels=None,
        lattice_size=lattice_size,
        n_checked=n_visited,
    )
