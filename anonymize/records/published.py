"""A recoding in its published form: what every distinct tuple becomes, and what that costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from codebook.errors import RecordsError

from .classes import Classes, Grouper, Levels
from .hierarchies import BoolArray, Hierarchy, IntArray
from .requirements import fails_for_good, fails_here
from .search import Task, find_optimum, judge


@dataclass(frozen=True, eq=False)
class Published:
    """Published labels of every tuple of a histogram."""

    labels: tuple[tuple[str, ...], ...]  # per column, label code -> label
    codes: tuple[IntArray, ...]  # per column (n_tuples) label code
    kept: BoolArray  # (n_tuples)
    loss: float
    proven_bound: float | None  # no recoding of this method costs less; None: not known
    levels: Levels | None
    lattice_size: int
    n_checked: int


def recode_optimally(task: Task, *, stop: Callable[[], bool] | None = None) -> Published:
    """Recode every column to one level, the best there is; or the best found when `stop` says so.

    Raises:
        RecordsError: No node of the lattice is allowed; says what to change.
    """
    optimum = find_optimum(task, stop=stop)
    if optimum is None:
        raise impossible(task)
    grouper = Grouper(task.histogram, task.hierarchies)
    classes = grouper.classes(grouper.keys(optimum.levels))
    failing = judge(task, task.histogram, classes, optimum.levels)[0]
    return Published(
        labels=tuple(
            hierarchy.labels[level] for hierarchy, level in zip(task.hierarchies, optimum.levels, strict=True)
        ),
        codes=tuple(
            hierarchy.groups[level][codes]
            for hierarchy, level, codes in zip(
                task.hierarchies, optimum.levels, task.histogram.codes, strict=True
            )
        ),
        kept=~failing[classes.class_of],
        loss=optimum.loss,
        proven_bound=optimum.proven_bound,
        levels=optimum.levels,
        lattice_size=optimum.lattice_size,
        n_checked=optimum.n_checked,
    )


def failing_classes(task: Task, classes: Classes) -> BoolArray:
    """Return the classes that fail any requirement."""
    histogram, requirement = task.histogram, task.requirement
    lasting = fails_for_good(
        requirement, classes.sizes, classes.class_of, histogram.clusters, histogram.sensitive
    )
    return lasting | fails_here(requirement, classes.sizes, classes.class_of, histogram.sensitive)


def label_union(hierarchies: Sequence[Hierarchy]) -> tuple[tuple[tuple[str, ...], ...], tuple[IntArray, ...]]:
    """Number the labels of all levels of each column together, the same text once.

    Returns:
        Per column: label code -> label; and a table (n_levels, n_values) of label codes.
    """
    labels, tables = [], []
    for hierarchy in hierarchies:
        code_of: dict[str, int] = {}
        rows = []
        for groups, names in zip(hierarchy.groups, hierarchy.labels, strict=True):
            codes = np.array([code_of.setdefault(name, len(code_of)) for name in names], np.int64)
            rows.append(codes[groups])
        labels.append(tuple(code_of))
        tables.append(np.stack(rows))
    return tuple(labels), tuple(tables)


def impossible(task: Task) -> RecordsError:
    """Explain by the most general recoding why nothing is allowed."""
    top = tuple(hierarchy.n_levels - 1 for hierarchy in task.hierarchies)
    grouper = Grouper(task.histogram, task.hierarchies)
    classes = grouper.classes(grouper.keys(top))
    failing = (
        failing_classes(task, classes)
        if task.overlap is None
        else judge(task, task.histogram, classes, top)[0]
    )
    n_failing = int(classes.sizes[failing].sum())
    open_tops = sum(len(hierarchy.labels[-1]) > 1 for hierarchy in task.hierarchies)
    remedy = "lower k, l or raise t; or collect more records"
    if open_tops:
        remedy = f"give {open_tops} hierarchies a last level * (theirs has several groups); or " + remedy
    if not task.requirement.only_improves or n_failing < task.histogram.n_records:
        remedy += f"; or raise the suppression limit (now {task.max_suppressed} records)"
    return RecordsError(
        f"even the most general recoding leaves {n_failing} of {task.histogram.n_records} records in "
        f"{int(failing.sum())} classes that fail",
        remedy=remedy,
    )
