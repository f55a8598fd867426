"""What a recoding bought: each level it could have had instead, and the same search for other k.

Everything is asked of the histogram that is there already; no record is read again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .classes import Grouper, Levels
from .search import Task, find_optimum, judge, leaf_counts

USUAL_K = (2, 3, 5, 7, 10, 15, 20, 30, 50)


@dataclass(frozen=True)
class NodeView:
    """One recoding of the lattice, allowed or not."""

    loss: float
    n_suppressed: int  # records in classes that fail
    n_classes: int  # of the records kept
    allowed: bool  # within the suppression limit


@dataclass(frozen=True)
class LevelCost:
    """A level that a column could have instead of the one chosen, all others unchanged."""

    column: str
    chosen: str  # name of the level
    instead: str
    finer: bool  # says more than the chosen one
    n_groups: int  # different labels at that level
    loss: float
    loss_change: float  # against the chosen recoding
    suppressed: int  # records
    suppressed_change: int
    allowed: bool


@dataclass(frozen=True)
class TradeOffPoint:
    """The best recoding for one k."""

    k: int
    loss: float
    suppressed_share: float  # 0..1 of the records
    average_risk: float  # 0..1
    levels: dict[str, int]


def view_node(task: Task, levels: Levels) -> NodeView:
    """Return what a recoding would cost."""
    grouper = Grouper(task.histogram, task.hierarchies)
    classes = grouper.classes(grouper.keys(levels))
    failing = judge(task, task.histogram, classes, levels, completely=True)[0]
    lost = failing[classes.class_of]
    counts = leaf_counts(task.histogram, task.hierarchies)
    parts = [
        float(base[level])
        for base, level in zip(task.loss.base(task.hierarchies, counts), levels, strict=True)
    ]
    n_suppressed = int(classes.sizes[failing].sum())
    if n_suppressed:
        gone = [
            np.bincount(
                codes[lost], weights=task.histogram.counts[lost], minlength=len(hierarchy.values)
            ).astype(np.float64)
            for codes, hierarchy in zip(task.histogram.codes, task.hierarchies, strict=True)
        ]
        extra = task.loss.suppressed(task.hierarchies, gone, float(task.histogram.n_records))
        parts = [part + float(more[level]) for part, more, level in zip(parts, extra, levels, strict=True)]
    return NodeView(
        loss=task.loss.value(parts),
        n_suppressed=n_suppressed,
        n_classes=int(np.count_nonzero(~failing)),
        allowed=n_suppressed <= task.max_suppressed,
    )


def level_costs(task: Task, levels: Levels) -> list[LevelCost]:
    """Return for every column what each of its other levels would cost, finest first."""
    chosen = view_node(task, levels)
    costs = []
    for column, (hierarchy, level) in enumerate(zip(task.hierarchies, levels, strict=True)):
        for other in range(hierarchy.n_levels):
            if other == level:
                continue
            instead = view_node(task, (*levels[:column], other, *levels[column + 1 :]))
            costs.append(
                LevelCost(
                    column=hierarchy.column,
                    chosen=hierarchy.level_name(level),
                    instead=hierarchy.level_name(other),
                    finer=other < level,
                    n_groups=len(hierarchy.labels[other]),
                    loss=instead.loss,
                    loss_change=instead.loss - chosen.loss,
                    suppressed=instead.n_suppressed,
                    suppressed_change=instead.n_suppressed - chosen.n_suppressed,
                    allowed=instead.allowed,
                )
            )
    return costs


def trade_off(
    task: Task, ks: Sequence[int] = USUAL_K, *, stop: Callable[[], bool] | None = None
) -> list[TradeOffPoint]:
    """Return the best recoding for each k that can be met; fewer points once `stop` says so."""
    n_records = task.histogram.n_records
    points = []
    for k in ks:
        if stop is not None and stop():
            break
        if k > n_records:
            continue
        asked = replace(
            task,
            requirement=replace(task.requirement, k=k),
            max_suppressed=min(task.max_suppressed, n_records - k),
        )
        best = find_optimum(asked, stop=stop)
        if best is None:
            continue
        view = view_node(asked, best.levels)
        points.append(
            TradeOffPoint(
                k=k,
                loss=best.loss,
                suppressed_share=view.n_suppressed / n_records,
                average_risk=view.n_classes / max(n_records - view.n_suppressed, 1),
                levels={
                    hierarchy.column: level
                    for hierarchy, level in zip(task.hierarchies, best.levels, strict=True)
                },
            )
        )
    return points
