"""From records to k-anonymous records: count, recode, measure again, and only then hand over.

Pure: no file, clock or randomness. What was recoded is measured on the published labels before it is
returned.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from codebook.errors import PROGRAM_FAULT, RecordsError

from .hierarchies import BoolArray, Hierarchy, IntArray
from .local import recode_locally
from .measures import Measures, kept_pairs, measure_classes, published_classes
from .model import RecordsModel
from .overlap import Seen
from .prepare import prepare
from .published import Published, recode_optimally
from .requirements import fails_for_good, fails_here, value_counts
from .search import Task


@dataclass(frozen=True, eq=False)
class RecordsResult:
    """Recoded records and what was measured; quasi-identifiers and sensitive columns only."""

    columns: dict[str, list[str]]  # name -> cells of the kept records, in their old order
    kept: BoolArray  # (n_records) whether the record is published
    weights: IntArray | None  # records that each row of `columns` stands for; None: one each
    task: Task  # what was searched, to ask further questions of the same histogram
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

    @property
    def gap(self) -> float | None:
        """Loss above what is proven to be the least; 0.0 at the optimum, None where nothing is proven."""
        bound = self.recoding.proven_bound
        return None if bound is None else max(0.0, self.loss - bound)

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
            "gap": self.gap,
            "suppressed": before.n_records - after.n_records,
            "classes": after.n_classes,
            "smallest_class": after.smallest_class,
            "lattice_size": self.recoding.lattice_size,
            "nodes_checked": self.recoding.n_checked,
            "seconds": self.seconds,
            "missing": model.cells.missing,
            "risk": {"before": before.risk.as_dict(), "after": after.risk.as_dict()},
            "dropped_columns": list(self.dropped_columns),
        }
        if model.cells.set_valued:
            evidence["set_valued"] = dict(model.cells.set_valued)
            evidence["set_size"] = model.cells.set_size
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
    weights: IntArray | None = None,
    clock: Callable[[], float] | None = None,
    stop: Callable[[], bool] | None = None,
) -> RecordsResult:
    """Recode records so that every class satisfies the model, at the least loss.

    Args:
        columns: Name -> one cell per record; an empty cell is missing.
        hierarchies: One ladder per quasi-identifier, and per sensitive column for the hierarchical distance
        of t. quasi_identifiers: Columns that others may know, in the order of the output.
        model: What every class must satisfy.
        weights: Records that each row stands for, where equal rows were counted before; else 1.
        clock: Processor time in seconds, to report how long it took.
        stop: Asked again and again; once true, the best recoding so far is taken, with the proven gap.

    Raises:
        RecordsError: The model cannot be met; says what to change.
        HierarchyError: A quasi-identifier has no ladder, or values without a line.
    """
    start = clock() if clock else 0.0
    task, tuple_of_record = prepare(columns, hierarchies, quasi_identifiers, model, weights=weights)
    before = _measured_before(task, model)
    recoding = (recode_optimally if model.method == "optimal" else recode_locally)(task, stop=stop)
    after = _measured(task, recoding, model)
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
        weights=None if weights is None else weights[kept],
        task=task,
        model=model,
        quasi_identifiers=tuple(quasi_identifiers),
        before=before,
        after=after,
        recoding=recoding,
        seconds=clock() - start if clock else None,
        dropped_columns=tuple(name for name in columns if name not in published),
    )


def _measured_before(task: Task, model: RecordsModel) -> Measures:
    histogram = task.histogram
    labels = tuple(hierarchy.values for hierarchy in task.hierarchies)
    seen = None if task.overlap is None else Seen(task.overlap, histogram.codes, labels)
    everything = np.ones(histogram.n_tuples, np.bool_)
    return measure_classes(histogram, np.arange(histogram.n_tuples), everything, model.sensitive, seen=seen)


def _measured(task: Task, recoding: Published, model: RecordsModel) -> Measures:
    """Measure what would be published, on its labels, and refuse it where it falls short."""
    histogram = task.histogram
    class_of = published_classes(recoding.codes, [len(labels) for labels in recoding.labels])
    seen = None if task.overlap is None else Seen(task.overlap, recoding.codes, recoding.labels)
    after = measure_classes(histogram, class_of, recoding.kept, model.sensitive, seen=seen)
    if after.n_records == 0:
        raise RecordsError("every record would be suppressed", remedy="lower k or the suppression limit")
    clusters = (
        after.smallest_class if after.smallest_class_clusters is None else after.smallest_class_clusters
    )
    if min(after.smallest_class, clusters) < model.k or _not_diverse(task, class_of, recoding.kept):
        raise RecordsError("the recoded records fall short of the model", remedy=PROGRAM_FAULT)
    return after


def _not_diverse(task: Task, class_of: IntArray, kept: BoolArray) -> bool:
    """Tell whether any published class fails l (distinct, entropy, recursive) or t, counted afresh."""
    inside = [kept_pairs(pairs, kept) for pairs in task.histogram.sensitive]
    numbers = np.unique(np.where(kept, class_of, -1), return_inverse=True)[1]
    sizes = np.bincount(numbers, weights=task.histogram.counts * kept).astype(np.int64)
    asked = replace(task.requirement, k=0)
    overall = [value_counts(pairs) for pairs in task.histogram.sensitive]
    failing = fails_for_good(asked, sizes, numbers, None, inside)
    failing = failing | fails_here(asked, sizes, numbers, inside, overall=overall)
    return bool(failing[numbers[kept]].any())
