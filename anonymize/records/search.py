"""The provably best node of the generalisation lattice under k, a suppression limit and a loss.

Every node gets a lower bound at once (the loss without suppression, a broadcast sum over columns). Then
nodes are checked one by one, each time the one whose answer removes most others whatever it is:
* too many rows that fail for good: everything finer fails as well;
* allowed: its loss may be the best so far, and the cost of its suppressed rows lifts the bound of
  everything finer.
What is left open after that has a bound no better than the best node, which proves it optimal.

Source of the idea of predictive tagging: Kohlmayer et al. 2012 (Flash),
doi:10.1109/SocialCom-PASSAT.2012.52; bounds and order are our own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from codebook.errors import RecordsError

from .classes import Classes, Grouper, Levels, merged_pairs
from .hierarchies import BoolArray, FloatArray, Hierarchy
from .histogram import Histogram
from .losses import Loss, Tables
from .overlap import Overlap, Shown
from .requirements import Requirement, fails_for_good, fails_here, least_removed

_LARGEST_LATTICE = 20_000_000  # nodes, 8 bytes each
_RELATIVE_GAP = 1e-13
_WORTH_COARSENING = 0.8  # of the tuples


@dataclass(frozen=True)
class Optimum:
    """The best node found; `proven_bound` equals `loss` unless the search was stopped early."""

    levels: Levels
    loss: float
    proven_bound: float
    n_suppressed: int
    lattice_size: int
    n_checked: int


@dataclass(frozen=True)
class Task:
    """What is searched: a histogram, its ladders, the requirement, the limit in rows and the loss."""

    histogram: Histogram
    hierarchies: tuple[Hierarchy, ...]
    requirement: Requirement
    max_suppressed: int  # records
    loss: Loss
    overlap: Overlap | None = None


def find_optimum(task: Task, *, stop: Callable[[], bool] | None = None) -> Optimum | None:
    """Search the whole lattice; None when no node is allowed.

    Args:
        task: What is searched.
        stop: Asked before every check; once true, the best node so far is returned with what is proven.

    Raises:
        RecordsError: The lattice has too many nodes.
    """
    lattice_size = int(np.prod([hierarchy.n_levels for hierarchy in task.hierarchies], dtype=np.float64))
    if lattice_size > _LARGEST_LATTICE:
        raise RecordsError(
            f"the lattice has {lattice_size} nodes, more than the {_LARGEST_LATTICE} that are searched",
            remedy="use fewer quasi-identifiers or levels, or method local",
        )
    return _Search(task, lattice_size).run(stop)


class _Search:
    """The state of one search: bounds of the open box of the lattice, and the best node so far."""

    def __init__(self, task: Task, lattice_size: int) -> None:
        self.task = task
        self.lattice_size = lattice_size
        self.n_checked = 0
        self.counts = leaf_counts(task.histogram, task.hierarchies)
        self.base = task.loss.base(task.hierarchies, self.counts)
        self.bound = self._outer(self.base)
        self.low: Levels = (0,) * len(task.hierarchies)  # corner of the open box
        self.grouper = Grouper(task.histogram, task.hierarchies)
        self.best: tuple[float, Levels, int] | None = None

    def run(self, stop: Callable[[], bool] | None) -> Optimum | None:
        """Check nodes until none is open."""
        n_cropped = self.bound.size
        while True:
            open_nodes = self.bound < self._target()
            n_open = int(np.count_nonzero(open_nodes))
            stopped = stop is not None and stop()
            if n_open == 0 or (stopped and self.best is not None):
                break
            if n_open < 0.6 * n_cropped and self.bound.size > 1:
                n_cropped = n_open
                open_nodes = self._crop(open_nodes)
            top = tuple(size - 1 for size in self.bound.shape)
            # In a hurry, the most general node is the likeliest to be allowed.
            self._check(top if stopped and open_nodes[top] else self._most_telling(open_nodes, n_open))
        if self.best is None:
            return None
        summed, levels, n_suppressed = self.best
        proven = min(summed, float(self.bound.min(initial=np.inf))) if n_open else summed
        finish = self.task.loss.finish
        return Optimum(
            levels, finish(summed), finish(proven), n_suppressed, self.lattice_size, self.n_checked
        )

    def _target(self) -> float:
        return np.inf if self.best is None else self.best[0] - abs(self.best[0]) * _RELATIVE_GAP

    def _outer(self, parts: Tables) -> FloatArray:
        """Return the sum over columns for every node of the box that the parts span."""
        total = np.zeros(())
        for part in parts:
            total = total[..., None] + self.task.loss.add(part, len(parts))
        return total

    def _crop(self, open_nodes: BoolArray) -> BoolArray:
        """Keep only the box around the open nodes, and regroup the tuples at its corner."""
        slices = []
        for axis in range(open_nodes.ndim):
            others = tuple(other for other in range(open_nodes.ndim) if other != axis)
            inside = np.flatnonzero(open_nodes.any(axis=others))
            slices.append(slice(int(inside[0]), int(inside[-1]) + 1))
        self.bound = self.bound[tuple(slices)].copy()
        low = tuple(level + cut.start for level, cut in zip(self.low, slices, strict=True))
        if low != self.low:
            self.low = low
            coarser = self.grouper.coarsened(low)
            if coarser.n_tuples < _WORTH_COARSENING * self.grouper.histogram.n_tuples:
                self.grouper = Grouper(coarser, self.task.hierarchies)
        return open_nodes[tuple(slices)]

    def _most_telling(self, open_nodes: BoolArray, n_open: int) -> Levels:
        """Return the open node that removes most, were it refused (all below) or allowed (all dearer)."""
        below = open_nodes.astype(np.int32)
        for axis, size in enumerate(below.shape):
            along = np.moveaxis(below, axis, 0)
            for level in range(1, size):  # a running sum; numpy's own is slow across axes
                along[level] += along[level - 1]
        places = np.flatnonzero(open_nodes)
        dearer = np.empty(n_open)
        dearer[np.argsort(self.bound.ravel()[places])] = np.arange(n_open, 0, -1)
        chosen = places[np.argmax(np.minimum(below.ravel()[places], dearer))]
        return tuple(int(i) for i in np.unravel_index(chosen, self.bound.shape))

    def _check(self, offset: Levels) -> None:
        """Group at a node and draw the conclusions for it and for everything finer."""
        self.n_checked += 1
        finer = tuple(slice(0, level + 1) for level in offset)
        levels = tuple(low + level for low, level in zip(self.low, offset, strict=True))
        task, grouper = self.task, self.grouper
        keys = grouper.keys(levels)
        if task.overlap is None and grouper.least_small(keys, task.requirement.k) > task.max_suppressed:
            self.bound[finer] = np.inf
            return
        classes = grouper.classes(keys)
        failing, lasting, n_lost = judge(task, grouper.histogram, classes, levels)
        if n_lost > task.max_suppressed:
            self.bound[finer] = np.inf
            return
        lasting_parts = self._with_suppressed(lasting[classes.class_of])
        bound = self._outer(
            tuple(
                part[low : low + i + 1] for part, low, i in zip(lasting_parts, self.low, offset, strict=True)
            )
        )
        self.bound[finer] = np.maximum(self.bound[finer], bound)
        self.bound[offset] = np.inf
        n_suppressed = int(classes.sizes[failing].sum())
        if n_suppressed <= task.max_suppressed:
            parts = lasting_parts if failing is lasting else self._with_suppressed(failing[classes.class_of])
            at = [float(part[level]) for part, level in zip(parts, levels, strict=True)]
            summed = float(np.sum(task.loss.add(np.array(at), len(at))))
            if self.best is None or summed < self.best[0]:
                self.best = (summed, levels, n_suppressed)

    def _with_suppressed(self, rows: BoolArray) -> Tables:
        """Return base plus extra of suppressed tuples, per column and level (right from `low` upwards)."""
        histogram, hierarchies = self.grouper.histogram, self.task.hierarchies
        chosen = np.flatnonzero(rows)
        if not len(chosen):
            return self.base
        weights = histogram.counts[chosen].astype(np.float64)
        counts = [
            np.bincount(codes[chosen], weights=weights, minlength=len(hierarchy.values)).astype(np.float64)
            for codes, hierarchy in zip(histogram.codes, hierarchies, strict=True)
        ]
        extra = self.task.loss.suppressed(hierarchies, counts, float(self.task.histogram.n_records))
        return tuple(base + more for base, more in zip(self.base, extra, strict=True))


def judge(
    task: Task, histogram: Histogram, classes: Classes, levels: Levels, *, completely: bool = False
) -> tuple[BoolArray, BoolArray, float]:
    """Judge the classes of a node; `completely` also where the first failing ones are too many already.

    Returns:
        The classes that fail; those of them whose rows fail at every finer node; and a number of rows that
        every finer node must suppress.
    """
    sizes, class_of = classes.sizes, classes.class_of
    if task.overlap is not None:
        short = task.overlap.failing(_shown(task, histogram, classes, levels), task.requirement.k)
        return short, short, float(sizes[short].sum())
    lasting = fails_for_good(task.requirement, sizes, class_of, histogram.clusters, histogram.sensitive)
    n_lost = float(sizes[lasting].sum())
    if task.requirement.only_improves or (n_lost > task.max_suppressed and not completely):
        return lasting, lasting, n_lost
    failing = lasting | fails_here(task.requirement, sizes, class_of, histogram.sensitive)
    if task.max_suppressed == 0:
        # Without suppression every class must pass, and unions of passing classes pass: failing is for good.
        return failing, lasting, float(sizes[failing].sum())
    removed = least_removed(task.requirement, sizes, class_of, histogram.sensitive)
    return failing, lasting, float(np.where(lasting, sizes, removed).sum())


def _shown(task: Task, histogram: Histogram, classes: Classes, levels: Levels) -> Shown:
    """Return the classes of a node as they would be published."""
    first = np.empty(len(classes.sizes), np.int64)
    first[classes.class_of] = np.arange(histogram.n_tuples)
    clusters = histogram.clusters
    return Shown(
        codes=tuple(
            hierarchy.groups[level][codes[first]]
            for hierarchy, level, codes in zip(task.hierarchies, levels, histogram.codes, strict=True)
        ),
        labels=tuple(
            hierarchy.labels[level] for hierarchy, level in zip(task.hierarchies, levels, strict=True)
        ),
        sizes=classes.sizes,
        clusters=clusters and merged_pairs(clusters, classes),
    )


def leaf_counts(histogram: Histogram, hierarchies: Sequence[Hierarchy]) -> list[FloatArray]:
    """Return per column the records of each value (n_values)."""
    return [
        np.bincount(
            codes, weights=histogram.counts.astype(np.float64), minlength=len(hierarchy.values)
        ).astype(np.float64)
        for codes, hierarchy in zip(histogram.codes, hierarchies, strict=True)
    ]
