"""Joining tuples to classes: what it costs, where it costs least, and which class is better spread."""

from collections.abc import Callable, Sequence

import numpy as np

from .hierarchies import BoolArray, FloatArray, Hierarchy, IntArray
from .search import Task

_MOST_KEPT = 4_000_000  # numbers of one column's table of costs that are kept
_MOST_WORK = 1_000_000_000  # additions spent on dissolving classes


class _Column:
    """One column's ladder as a tree: its nodes, and what a value costs together with each node."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self.groups = hierarchy.groups
        domain = hierarchy.n_lines
        # 0 for the value itself, 1 for the whole domain.
        self.cells = [(share - 1.0 / domain) / max(1.0 - 1.0 / domain, 1e-300) for share in hierarchy.shares]
        n_groups = [len(labels) for labels in hierarchy.labels]
        self.offsets = np.concatenate([[0], np.cumsum(n_groups)]).astype(np.int64)
        self._level = np.repeat(np.arange(hierarchy.n_levels), n_groups)
        self._value = np.concatenate([np.unique(groups, return_index=True)[1] for groups in self.groups])
        self._keeps = len(self._level) * len(hierarchy.values) <= _MOST_KEPT
        self._kept: dict[int, FloatArray] = {}

    def costs(self, value: int) -> FloatArray:
        """Return per node the cost of a record at the lowest common ancestor with a value; inf: none."""
        known = self._kept.get(value)
        if known is None:
            known = np.full(len(self._level), np.inf)
            for level in range(len(self.groups) - 1, -1, -1):
                groups = self.groups[level]
                shared = (self._level <= level) & (groups[self._value] == groups[value])
                known[shared] = self.cells[level][value]
            if self._keeps:
                self._kept[value] = known
        return known

    def common_levels(self, codes: IntArray, starts: IntArray) -> IntArray:
        """Return per run of codes the lowest level at which they are one group."""
        levels = np.full(len(starts), -1, np.int64)
        for level, groups in enumerate(self.groups):
            runs = groups[codes]
            same = np.minimum.reduceat(runs, starts) == np.maximum.reduceat(runs, starts)
            levels[same & (levels < 0)] = level
        return levels


class Joiner:
    """Classes as sets of tuples, each published at the lowest common ancestor of its members in every column.

    Costs are normalised shares of the domain, summed over columns and records, whatever the loss of the task.
    """

    def __init__(self, task: Task, class_of: IntArray) -> None:
        histogram = task.histogram
        self.class_of = class_of.copy()
        self._values = histogram.codes
        self._weights = histogram.counts
        self._columns = [_Column(hierarchy) for hierarchy in task.hierarchies]
        n_classes = int(class_of.max(initial=-1)) + 1
        inside = np.flatnonzero(class_of >= 0)
        order = inside[np.argsort(class_of[inside], kind="stable")]
        starts = np.searchsorted(class_of[order], np.arange(n_classes))
        self._members = [part.tolist() for part in np.split(order, starts[1:])] if n_classes else []
        self._sizes = np.bincount(class_of[inside], weights=self._weights[inside], minlength=n_classes)
        first = order[starts]
        # Per column and class: level of the ancestor, a value below it, and its node in the column's tree.
        self._value = [codes[first] for codes in self._values]
        self._level = [
            column.common_levels(codes[order], starts) if n_classes else np.zeros(0, np.int64)
            for column, codes in zip(self._columns, self._values, strict=True)
        ]
        self._node = [self._nodes(i) for i in range(len(self._columns))]
        self._cost = self._costs()

    @property
    def n_classes(self) -> int:
        """Number of classes, dissolved ones included."""
        return len(self._members)

    def cost(self) -> float:
        """Return the sum of all classes' costs."""
        return float(self._cost.sum())

    def put(self, members: Sequence[int], target: int) -> None:
        """Let tuples without a class join one, whatever it costs."""
        for member in members:
            self._grow(member, target)
        self._assign(members, [target] * len(members))

    def merge(self, other: int, target: int) -> None:
        """Move all members of a class to another one."""
        self.put(self._members[other], target)
        self._members[other], self._cost[other], self._sizes[other] = [], 0.0, np.inf

    def levels_of_tuples(self) -> list[IntArray]:
        """Return per column the level at which each tuple is published; 0 where it is not."""
        known = self.class_of >= 0
        return [np.where(known, level[self.class_of], 0) for level in self._level]

    def join_left(self) -> None:
        """Let every tuple without a class join the one where it costs least, if any has a common ancestor."""
        for member in np.flatnonzero(self.class_of < 0).tolist():
            added = self.added(member)
            if np.isfinite(added.min(initial=np.inf)):
                target = int(added.argmin())
                self._grow(member, target)
                self._assign([member], [target])

    def dissolve(self, stop: Callable[[], bool] | None = None) -> None:
        """Spread the members of a class over others where that costs less, the dearest classes first."""
        n_classes = len(self._members)
        affordable = _MOST_WORK // max(n_classes * len(self._columns), 1)  # members
        for number in np.argsort(-self._cost / self._sizes, kind="stable").tolist():
            members = self._members[number]
            if stop is not None and stop():
                return
            affordable -= len(members)
            if affordable < 0 or n_classes < 2 or self._cost[number] <= 0:
                return
            self._spread(number, members)

    def _spread(self, number: int, members: Sequence[int]) -> None:
        """Move the members one by one to where they cost least; undo it unless the sum is a gain."""
        room, total = float(self._cost[number]), 0.0
        targets: list[int] = []
        undo = []
        size, self._sizes[number] = self._sizes[number], np.inf  # never the cheapest
        for member in members:
            added = self.added(member)
            target = int(added.argmin())
            total += float(added[target])
            if not total < room:
                break
            undo.append(
                (target, [level[target] for level in self._level], self._sizes[target], self._cost[target])
            )
            self._grow(member, target)
            targets.append(target)
        if len(targets) == len(members):
            self._assign(members, targets)
            self._members[number], self._cost[number] = [], 0.0
            return
        self._sizes[number] = size
        for target, levels, old_size, old_cost in reversed(undo):
            self._sizes[target], self._cost[target] = old_size, old_cost
            for i, level in enumerate(levels):
                self._set_level(i, target, int(level))

    def added(self, member: int) -> FloatArray:
        """Return per class what it costs more once the tuple is in it (n_classes)."""
        per_record = np.zeros(len(self._members))
        for column, codes, node in zip(self._columns, self._values, self._node, strict=True):
            per_record += column.costs(int(codes[member]))[node]
        with np.errstate(invalid="ignore"):  # a dissolved class is infinitely large
            added = per_record * (self._sizes + self._weights[member]) - self._cost
        return np.where(np.isnan(added), np.inf, added)

    def _grow(self, member: int, target: int) -> None:
        """Raise the ancestors of a class so far that a tuple is below them."""
        per_record = 0.0
        for i, column in enumerate(self._columns):
            value, other = int(self._values[i][member]), int(self._value[i][target])
            level = int(self._level[i][target])
            while column.groups[level][value] != column.groups[level][other]:
                level += 1
            self._set_level(i, target, level)
            per_record += float(column.cells[level][other])
        self._sizes[target] += self._weights[member]
        self._cost[target] = per_record * self._sizes[target]

    def _set_level(self, i: int, target: int, level: int) -> None:
        column = self._columns[i]
        self._level[i][target] = level
        self._node[i][target] = column.offsets[level] + column.groups[level][self._value[i][target]]

    def _assign(self, members: Sequence[int], targets: Sequence[int]) -> None:
        for member, target in zip(members, targets, strict=True):
            self.class_of[member] = target
            self._members[target].append(member)

    def _nodes(self, i: int) -> IntArray:
        column, level, value = self._columns[i], self._level[i], self._value[i]
        nodes = np.zeros(len(level), np.int64)
        for at, groups in enumerate(column.groups):
            chosen: BoolArray = level == at
            nodes[chosen] = column.offsets[at] + groups[value[chosen]]
        return nodes

    def _costs(self) -> FloatArray:
        per_record = np.zeros(len(self._members))
        for column, level, value in zip(self._columns, self._level, self._value, strict=True):
            per_record += np.stack(column.cells)[level, value]
        return np.asarray(per_record * self._sizes)
