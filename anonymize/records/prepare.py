"""From columns to a task: code, count, and refuse what no recoding could meet."""

from collections.abc import Mapping, Sequence

import numpy as np

from codebook.errors import RecordsError

from .hierarchies import MISSING, Hierarchy, IntArray, encode
from .histogram import Histogram, count_tuples, dense_codes
from .losses import LOSSES
from .measures import cluster_codes, require_columns
from .model import RecordsModel
from .requirements import Diversity, Requirement
from .search import Task

_TOLERANCE = 1e-9
_MANY_RECORDS = 20  # from here on, all different is no accident


def prepare(
    columns: Mapping[str, Sequence[str]],
    hierarchies: Mapping[str, Hierarchy],
    quasi_identifiers: Sequence[str],
    model: RecordsModel,
    *,
    weights: IntArray | None = None,
) -> tuple[Task, IntArray]:
    """Code and count the records; refuse what cannot be met whatever the recoding.

    Returns:
        The task, and the tuple of the histogram that each record is in (n_records).

    Raises:
        RecordsError, HierarchyError: As `anonymize_records`.
    """
    if not quasi_identifiers:
        raise RecordsError("no quasi-identifier is named", remedy="name the columns that others may know")
    cluster = [] if model.cluster is None else [model.cluster]
    require_columns(columns, [*quasi_identifiers, *model.sensitive, *cluster])
    columns = model.cells.read(columns)
    ladders = tuple(
        model.cells.ladder(name, _required(hierarchies, name), columns[name]) for name in quasi_identifiers
    )
    clusters = None if model.cluster is None else cluster_codes(columns[model.cluster])
    n_records = len(columns[quasi_identifiers[0]]) if weights is None else int(weights.sum())
    _require_enough(n_records, clusters, model.k)
    histogram, tuple_of_record = count_tuples(
        [encode(ladder, columns[name]) for ladder, name in zip(ladders, quasi_identifiers, strict=True)],
        [len(ladder.values) for ladder in ladders],
        clusters=clusters,
        sensitive=[_sensitive_codes(columns[name], hierarchies.get(name), model) for name in model.sensitive],
        weights=weights,
    )
    _require_generalisable(histogram, ladders)
    _require_diverse(histogram, model)
    task = Task(
        histogram=histogram,
        hierarchies=ladders,
        requirement=Requirement(model.k, _diversity(columns, hierarchies, model)),
        max_suppressed=_max_suppressed(model, histogram.n_records),
        loss=LOSSES[model.loss],
        overlap=model.cells.overlap(quasi_identifiers),
    )
    return task, tuple_of_record


def _max_suppressed(model: RecordsModel, n_records: int) -> int:
    """Return how many records may be left out; to leave out all would satisfy any k, so one class stays."""
    return min(int(np.floor(model.max_suppressed_share * n_records + _TOLERANCE)), n_records - model.k)


def _diversity(
    columns: Mapping[str, Sequence[str]], hierarchies: Mapping[str, Hierarchy], model: RecordsModel
) -> tuple[Diversity, ...]:
    """Return what is asked of each sensitive column."""
    return tuple(
        Diversity(
            distinct_l=model.l,
            entropy_l=model.entropy_l,
            recursive=model.recursive,
            t=model.t,
            tree=_with_missing(_required(hierarchies, name), columns[name]).groups[1:]
            if _uses_tree(model)
            else (),
        )
        for name in model.sensitive
    )


def _required(hierarchies: Mapping[str, Hierarchy], name: str) -> Hierarchy:
    if name not in hierarchies:
        raise RecordsError(
            f"column '{name}' has no hierarchy",
            remedy="give it one, or leave it out of the quasi-identifiers",
        )
    return hierarchies[name]


def _with_missing(hierarchy: Hierarchy, cells: Sequence[str]) -> Hierarchy:
    return hierarchy.with_missing() if MISSING in cells else hierarchy


def _uses_tree(model: RecordsModel) -> bool:
    return model.t is not None and model.t_distance == "hierarchical"


def _sensitive_codes(cells: Sequence[str], hierarchy: Hierarchy | None, model: RecordsModel) -> IntArray:
    if _uses_tree(model) and hierarchy is not None:
        return encode(_with_missing(hierarchy, cells), cells)
    return dense_codes(cells)[0]


def _require_enough(n_records: int, clusters: IntArray | None, k: int) -> None:
    if n_records == 0:
        raise RecordsError(
            "there are no records", remedy="check the file; nothing can be measured or published"
        )
    if n_records < k:
        raise RecordsError(
            f"k={k} is more than the {n_records} records there are", remedy="collect more records or lower k"
        )
    if clusters is not None and int(clusters.max()) + 1 < k:
        raise RecordsError(
            f"k={k} is more than the {int(clusters.max()) + 1} clusters there are",
            remedy="collect records of more households or incidents, or lower k",
        )


def _require_generalisable(histogram: Histogram, ladders: Sequence[Hierarchy]) -> None:
    """Refuse a column that can only be published whole or not at all, and names every record."""
    for ladder, codes in zip(ladders, histogram.codes, strict=True):
        n_records = histogram.n_records
        unique = n_records >= _MANY_RECORDS and len(np.unique(codes)) == n_records
        if unique and ladder.n_levels <= 2:
            raise RecordsError(
                f"column '{ladder.column}' has another value in each of the {n_records} records, and its "
                "hierarchy has no level between the value and *",
                remedy="leave it out of the quasi-identifiers (it is dropped then), or give it more levels",
            )


def _require_diverse(histogram: Histogram, model: RecordsModel) -> None:
    for name, pairs in zip(model.sensitive, histogram.sensitive, strict=True):
        n_values = len(np.unique(pairs.values))
        if model.l is not None and n_values < model.l:
            raise RecordsError(
                f"l={model.l} is more than the {n_values} values of column '{name}'",
                remedy="lower l, or leave the column out",
            )
