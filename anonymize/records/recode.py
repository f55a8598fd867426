"""From records to k-anonymous records: count, recode, measure again, and only then hand over.

Pure: no file, clock or randomness. What was recoded is measured on the published labels before it is
returned.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codebook.errors import RecordsError

from .hierarchies import MISSING, BoolArray, Hierarchy, IntArray, encode
from .histogram import Histogram, count_tuples, dense_codes
from .local import recode_locally
from .losses import LOSSES
from .measures import Measures, cluster_codes, measure_classes, published_classes, require_columns
from .model import RecordsModel
from .published import Published, recode_optimally
from .requirements import Diversity, Requirement
from .search import Task

_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class RecordsResult:
    """Recoded records and what was measured; quasi-identifiers and sensitive columns only."""

    columns: dict[str, list[str]]  # name -> cells of the kept records, in their old order
    kept: BoolArray  # (n_records) whether the record is published
    model: RecordsModel
    quasi_identifiers: tuple[str, ...]
    before: Measures
    after: Measures
    recoding: Published
    seconds: float | None  # processor time by the caller's clock
    dropped_columns: tuple[str, ...]

    @property
    def loss(self) -> float:
        """The loss of the recoding, in the unit of the model's loss."""
        return self.recoding.loss

    @property
    def levels(self) -> dict[str, int] | None:
        """Column -> level; None for local recoding, where classes differ."""
        levels = self.recoding.levels
        return None if levels is None else dict(zip(self.quasi_identifiers, levels, strict=True))

    def evidence(self) -> dict[str, Any]:
        """Return what evidence.json says: counts and shares only."""
        model, before, after = self.model, self.before, self.after
        evidence: dict[str, Any] = {
            "rows": before.n_records,
            "quasi_identifiers": list(self.quasi_identifiers),
            "k": model.k,
            "suppression_limit": model.max_suppressed_share,
            "method": model.method,
            "levels": self.levels,
            "loss": {"name": model.loss, "value": self.loss},
            "proven_bound": self.recoding.proven_bound,
            "suppressed": before.n_records - after.n_records,
            "classes": after.n_classes,
            "smallest_class": after.smallest_class,
            "lattice_size": self.recoding.lattice_size,
            "nodes_checked": self.recoding.n_checked,
            "seconds": self.seconds,
            "missing": model.missing,
            "risk": {"before": before.risk.as_dict(), "after": after.risk.as_dict()},
            "dropped_columns": list(self.dropped_columns),
        }
        if model.cluster is not None:
            evidence["cluster"] = model.cluster
            evidence["smallest_class_clusters"] = after.smallest_class_clusters
        if model.sensitive:
            evidence["sensitive"] = {
                name: {
                    "l_asked": model.l,
                    "t_asked": model.t,
                    "t_distance": model.t_distance,
                    "before": vars(before.sensitive[name]),
                    "after": vars(after.sensitive[name]),
                }
                for name in model.sensitive
            }
        return evidence


def anonymize_records(
    columns: Mapping[str, Sequence[str]],
    hierarchies: Mapping[str, Hierarchy],
    quasi_identifiers: Sequence[str],
    model: RecordsModel,
    *,
    clock: Callable[[], float] | None = None,
) -> RecordsResult:
    """Recode records so that every class satisfies the model, at the least loss.

    Args:
        columns: Name -> one cell per record; an empty cell is missing.
        hierarchies: One ladder per quasi-identifier, and per sensitive column for the hierarchical distance
        of t. quasi_identifiers: Columns that others may know, in the order of the output.
        model: What every class must satisfy.
        clock: Processor time in seconds, to report how long it took.

    Raises:
        RecordsError: The model cannot be met; says what to change.
        HierarchyError: A quasi-identifier has no ladder, or values without a line.
    """
    start = clock() if clock else 0.0
    task, tuple_of_record = _prepare(columns, hierarchies, quasi_identifiers, model)
    everything = np.ones(task.histogram.n_tuples, np.bool_)
    before = measure_classes(task.histogram, np.arange(task.histogram.n_tuples), everything, model.sensitive)
    recoding = (recode_optimally if model.method == "optimal" else recode_locally)(task)
    after = _measured(task.histogram, recoding, model)
    kept = recoding.kept[tuple_of_record]
    published = {
        name: np.array(labels, object)[codes[tuple_of_record[kept]]].tolist()
        for name, labels, codes in zip(quasi_identifiers, recoding.labels, recoding.codes, strict=True)
    }
    chosen = np.flatnonzero(kept).tolist()
    for name in model.sensitive:
        cells = columns[name]
        published[name] = [cells[record] for record in chosen]
    return RecordsResult(
        columns=published,
        kept=kept,
        model=model,
        quasi_identifiers=tuple(quasi_identifiers),
        before=before,
        after=after,
        recoding=recoding,
        seconds=clock() - start if clock else None,
        dropped_columns=tuple(name for name in columns if name not in published),
    )


def _prepare(
    columns: Mapping[str, Sequence[str]],
    hierarchies: Mapping[str, Hierarchy],
    quasi_identifiers: Sequence[str],
    model: RecordsModel,
) -> tuple[Task, IntArray]:
    """Code and count the records; refuse what cannot be met whatever the recoding."""
    if not quasi_identifiers:
        raise RecordsError("no quasi-identifier is named", remedy="name the columns that others may know")
    cluster = [] if model.cluster is None else [model.cluster]
    require_columns(columns, [*quasi_identifiers, *model.sensitive, *cluster])
    ladders = tuple(_ladder(hierarchies, name, columns[name]) for name in quasi_identifiers)
    clusters = None if model.cluster is None else cluster_codes(columns[model.cluster])
    _require_enough(len(columns[quasi_identifiers[0]]), clusters, model.k)
    histogram, tuple_of_record = count_tuples(
        [encode(ladder, columns[name]) for ladder, name in zip(ladders, quasi_identifiers, strict=True)],
        [len(ladder.values) for ladder in ladders],
        clusters=clusters,
        sensitive=[_sensitive_codes(columns[name], hierarchies.get(name), model) for name in model.sensitive],
    )
    _require_diverse(histogram, model)
    task = Task(
        histogram=histogram,
        hierarchies=ladders,
        requirement=Requirement(model.k, _diversity(columns, hierarchies, model)),
        # Suppressing everything would satisfy any k; at least one class has to stay.
        max_suppressed=min(
            int(np.floor(model.max_suppressed_share * histogram.n_records + _TOLERANCE)),
            histogram.n_records - model.k,
        ),
        loss=LOSSES[model.loss],
    )
    return task, tuple_of_record


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
            tree=_ladder(hierarchies, name, columns[name]).groups[1:] if _uses_tree(model) else (),
        )
        for name in model.sensitive
    )


def _ladder(hierarchies: Mapping[str, Hierarchy], name: str, cells: Sequence[str]) -> Hierarchy:
    if name not in hierarchies:
        raise RecordsError(
            f"column '{name}' has no hierarchy",
            remedy="give it one, or leave it out of the quasi-identifiers",
        )
    return hierarchies[name].with_missing() if MISSING in cells else hierarchies[name]


def _uses_tree(model: RecordsModel) -> bool:
    return model.t is not None and model.t_distance == "hierarchical"


def _sensitive_codes(cells: Sequence[str], hierarchy: Hierarchy | None, model: RecordsModel) -> IntArray:
    if _uses_tree(model) and hierarchy is not None:
        return encode(hierarchy.with_missing() if MISSING in cells else hierarchy, cells)
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


def _require_diverse(histogram: Histogram, model: RecordsModel) -> None:
    for name, pairs in zip(model.sensitive, histogram.sensitive, strict=True):
        n_values = len(np.unique(pairs.values))
        if model.l is not None and n_values < model.l:
            raise RecordsError(
                f"l={model.l} is more than the {n_values} values of column '{name}'",
                remedy="lower l, or leave the column out",
            )


def _measured(histogram: Histogram, recoding: Published, model: RecordsModel) -> Measures:
    """Measure what would be published, on its labels, and refuse it where it falls short."""
    class_of = published_classes(recoding.codes, [len(labels) for labels in recoding.labels])
    after = measure_classes(histogram, class_of, recoding.kept, model.sensitive)
    smallest = min(after.smallest_class, after.smallest_class_clusters or after.smallest_class)
    diverse = all(
        measure.distinct_l >= (model.l or 0) and measure.entropy_l >= (model.entropy_l or 0) - _TOLERANCE
        for measure in after.sensitive.values()
    )
    typical = model.t_distance != "equal" or all(
        measure.t <= (1.0 if model.t is None else model.t) + _TOLERANCE
        for measure in after.sensitive.values()
    )
    if after.n_records == 0:
        raise RecordsError("every record would be suppressed", remedy="lower k or the suppression limit")
    if smallest < model.k or not diverse or not typical:
        raise RecordsError(
            "the recoded records fall short of the model", remedy="report this: it is a fault of ours"
        )
    return after
