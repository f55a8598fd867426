"""Joining what is left to classes that must stay diverse: entropy l, recursive (c, l) and t can get worse.

A tuple joins the cheapest class that still passes with it. What no class can take is put together, and
classes that make it more like the whole file are merged with it until it passes: the whole file does.
"""

from collections.abc import Sequence

import numpy as np

from .hierarchies import BoolArray, FloatArray, IntArray
from .histogram import Pairs
from .join import Joiner
from .requirements import fails_for_good, fails_here, value_counts
from .search import Task

_TRIED_AT_ONCE = 64  # classes, cheapest first
_TRIED = 1024


class DiverseJoin:
    """The sensitive values of every class, kept up to date while tuples join."""

    def __init__(self, task: Task, joiner: Joiner) -> None:
        self.task, self.joiner = task, joiner
        self.overall = [value_counts(pairs) for pairs in task.histogram.sensitive]
        self.of_class = [self._counted(pairs) for pairs in task.histogram.sensitive]

    def run(self) -> None:
        """Join every tuple that has no class, where that can be done."""
        left = [
            member for member in np.flatnonzero(self.joiner.class_of < 0).tolist() if not self._join(member)
        ]
        if left and self.joiner.n_classes:
            self._absorb(left)

    def _counted(self, pairs: Pairs) -> FloatArray:
        counts = np.zeros((self.joiner.n_classes, pairs.n_values))
        classes = self.joiner.class_of[pairs.tuples]
        inside = classes >= 0
        np.add.at(counts, (classes[inside], pairs.values[inside]), pairs.counts[inside])
        return counts

    def _of_tuples(self, members: Sequence[int]) -> list[FloatArray]:
        rows = []
        for pairs in self.task.histogram.sensitive:
            inside = np.isin(pairs.tuples, members)
            records = pairs.counts[inside].astype(np.float64)
            counts = np.bincount(pairs.values[inside], weights=records, minlength=pairs.n_values)
            rows.append(counts.astype(np.float64))
        return rows

    def _join(self, member: int) -> bool:
        """Let a tuple join the cheapest class that still passes; tell whether there is one."""
        own = self._of_tuples([member])
        added = self.joiner.added(member)
        order = np.argsort(added, kind="stable")[:_TRIED]
        order = order[np.isfinite(added[order])]
        for start in range(0, len(order), _TRIED_AT_ONCE):
            tried = order[start : start + _TRIED_AT_ONCE]
            passing = ~self._fails(
                [counts[tried] + row for counts, row in zip(self.of_class, own, strict=True)]
            )
            if passing.any():
                target = int(tried[passing.argmax()])
                self.joiner.put([member], target)
                for counts, row in zip(self.of_class, own, strict=True):
                    counts[target] += row
                return True
        return False

    def _absorb(self, left: Sequence[int]) -> None:
        """Put what is left into one class, and merge others with it until it passes."""
        own = self._of_tuples(left)
        target = int(
            self._distance([counts + row for counts, row in zip(self.of_class, own, strict=True)]).argmin()
        )
        merged = [counts[target] + row for counts, row in zip(self.of_class, own, strict=True)]
        taken = [target]
        while self._fails([row[None, :] for row in merged])[0]:
            if len(taken) == self.joiner.n_classes:
                return
            unions = [counts + row for counts, row in zip(self.of_class, merged, strict=True)]
            distance = self._distance(unions)
            distance[taken] = np.inf
            nearest = int(distance.argmin())
            merged = [union[nearest] for union in unions]
            taken.append(nearest)
        for other in taken[1:]:
            self.joiner.merge(other, target)
        self.joiner.put(left, target)

    def _fails(self, rows: Sequence[FloatArray]) -> BoolArray:
        """Return which classes of these value counts fail; per sensitive column (n_tried, n_values)."""
        sizes = rows[0].sum(axis=1).astype(np.int64)
        numbers = np.arange(len(sizes))
        sensitive = [_pairs(counts) for counts in rows]
        requirement = self.task.requirement
        short = fails_for_good(requirement, sizes, numbers, None, sensitive)
        return short | fails_here(requirement, sizes, numbers, sensitive, overall=self.overall)

    def _distance(self, rows: Sequence[FloatArray]) -> FloatArray:
        """Return the largest equal distance of each class of value counts from the whole file."""
        return np.asarray(
            np.max(
                [
                    np.abs(counts / counts.sum(axis=1, keepdims=True) - whole / whole.sum()).sum(axis=1) / 2
                    for counts, whole in zip(rows, self.overall, strict=True)
                ],
                axis=0,
            )
        )


def _pairs(counts: FloatArray) -> Pairs:
    classes, values = np.nonzero(counts)
    records: IntArray = counts[classes, values].astype(np.int64)
    return Pairs(classes.astype(np.int64), values.astype(np.int64), records, counts.shape[1])
