"""What generalising and suppressing costs: a sum over columns, so that a whole lattice is bounded at once.

Definitions: bench/records/README.md, equal to those of ARX 3.9. Every loss is `finish(sum over columns of
add(base of the level + extra of the suppressed rows))`, where the extra only grows when rows are added to the
suppressed set or when the level gets finer. That is what makes a node's extra a bound for everything below
it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .hierarchies import FloatArray, Hierarchy

LeafCounts = Sequence[FloatArray]  # per column (n_values) records of each value
Tables = tuple[FloatArray, ...]  # per column (n_levels)


@dataclass(frozen=True)
class Loss:
    """One loss: its two parts per column and level, and how columns are put together."""

    name: str
    base: Callable[[Sequence[Hierarchy], LeafCounts], Tables]
    suppressed: Callable[[Sequence[Hierarchy], LeafCounts, float], Tables]
    cells: Callable[[Sequence[Hierarchy], LeafCounts], tuple[FloatArray, ...]]  # per record of (level, value)
    add: Callable[[FloatArray, int], FloatArray]  # (part of a column, n_columns) -> summand
    finish: Callable[[float], float]

    def value(self, parts: Sequence[float]) -> float:
        """Return the loss of per-column parts."""
        summands = self.add(np.array(parts, np.float64), len(parts))
        return self.finish(float(summands.sum()))


def _granularity_base(hierarchies: Sequence[Hierarchy], counts: LeafCounts) -> Tables:
    return tuple(
        np.array([_normalised(float(column @ share), column, hierarchy) for share in hierarchy.shares])
        for hierarchy, column in zip(hierarchies, counts, strict=True)
    )


def _normalised(cost: float, column: FloatArray, hierarchy: Hierarchy) -> float:
    n_records, least = float(column.sum()), float(column.sum()) / hierarchy.n_lines
    return max(0.0, (cost - least) / (n_records - least)) if n_records > least else 0.0


def _granularity_cells(hierarchies: Sequence[Hierarchy], counts: LeafCounts) -> tuple[FloatArray, ...]:
    return tuple(
        (np.stack(hierarchy.shares) - 1.0 / hierarchy.n_lines)
        / max(float(column.sum()) * (1.0 - 1.0 / hierarchy.n_lines), 1e-300)
        for hierarchy, column in zip(hierarchies, counts, strict=True)
    )


def _granularity_extra(hierarchies: Sequence[Hierarchy], counts: LeafCounts, n_records: float) -> Tables:
    # A suppressed row costs 1 in every column instead of its share.
    return tuple(
        np.array([float(column @ (1.0 - share)) for share in hierarchy.shares])
        / max(n_records - n_records / hierarchy.n_lines, 1e-300)
        for hierarchy, column in zip(hierarchies, counts, strict=True)
    )


def _entropy_base(hierarchies: Sequence[Hierarchy], counts: LeafCounts) -> Tables:
    tables = []
    for hierarchy, column in zip(hierarchies, counts, strict=True):
        seen = column > 0
        levels = []
        for groups in hierarchy.groups:
            group_counts = np.bincount(groups, weights=column)[groups]
            levels.append(-float((column[seen] * np.log2(column[seen] / group_counts[seen])).sum()))
        tables.append(np.array(levels))
    return tuple(tables)


def _entropy_cells(hierarchies: Sequence[Hierarchy], counts: LeafCounts) -> tuple[FloatArray, ...]:
    tables = []
    for hierarchy, column in zip(hierarchies, counts, strict=True):
        seen = np.maximum(column, 1e-300)  # values that do not occur are never asked for
        tables.append(
            np.stack(
                [
                    np.maximum(np.log2(np.bincount(groups, weights=seen)[groups] / seen), 0.0)
                    for groups in hierarchy.groups
                ]
            )
        )
    return tuple(tables)


def _entropy_extra(hierarchies: Sequence[Hierarchy], counts: LeafCounts, _n_records: float) -> Tables:
    tables = []
    for hierarchy, column in zip(hierarchies, counts, strict=True):
        levels = []
        for groups in hierarchy.groups:
            group_counts = np.bincount(groups, weights=column)
            group_counts = group_counts[group_counts > 0]
            levels.append(-float((group_counts * np.log2(group_counts / column.sum())).sum()))
        tables.append(np.array(levels))
    return tuple(tables)


LOSSES: dict[str, Loss] = {
    "granularity": Loss(
        name="granularity",
        base=_granularity_base,
        suppressed=_granularity_extra,
        cells=_granularity_cells,
        add=lambda part, n_columns: part / n_columns,
        finish=lambda total: total,
    ),
    "granularity_geometric": Loss(
        name="granularity_geometric",
        base=_granularity_base,
        suppressed=_granularity_extra,
        cells=_granularity_cells,
        add=lambda part, n_columns: np.log1p(part) / n_columns,
        finish=lambda total: float(np.expm1(total)),
    ),
    "entropy": Loss(
        name="entropy",
        base=_entropy_base,
        suppressed=_entropy_extra,
        cells=_entropy_cells,
        add=lambda part, _n_columns: part,
        finish=lambda total: total,
    ),
}
