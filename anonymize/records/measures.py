"""How anonymous a table is: class sizes over records and clusters, l and t of sensitive columns, risk.

A missing value is a value of its own, here and in recoding, so missingness cannot hide a small class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from codebook.errors import RecordsError

from .cell_rules import CellRules
from .classes import Classes, merged_pairs
from .hierarchies import BoolArray, IntArray
from .histogram import Histogram, Pairs, count_tuples, dense_codes, pack_keys
from .overlap import Seen
from .requirements import class_table, distinct_per_class, entropy_l_values, t_values, value_counts
from .risk import Risk, class_risk


@dataclass(frozen=True)
class SensitiveMeasure:
    """Diversity of one sensitive column, the worst over all classes."""

    distinct_l: int
    entropy_l: float
    t: float  # equal distance, 0..1


@dataclass(frozen=True)
class Measures:
    """A table's classes and what they expose."""

    n_records: int
    n_classes: int
    smallest_class: int  # records; k of the table
    smallest_class_clusters: int | None  # distinct clusters; None without a cluster column
    sensitive: dict[str, SensitiveMeasure]
    risk: Risk


def measure_records(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    *,
    sensitive: Sequence[str] = (),
    cluster: str | None = None,
    cells: CellRules | None = None,
    weights: IntArray | None = None,
) -> Measures:
    """Measure a table as it is, without hierarchies.

    Args:
        columns: Name -> one cell per row; an empty cell is missing.
        quasi_identifiers: Columns that others may know.
        sensitive: Columns that must not be learnt.
        cluster: Household or incident column.
        cells: What a missing cell means, and which columns hold sets; own value where not given.
        weights: Records that each row stands for; else 1.

    Raises:
        RecordsError: A column is missing, or columns differ in length.
    """
    rules = cells or CellRules()
    columns = rules.read(columns)
    histogram = histogram_of(
        columns, quasi_identifiers, sensitive=sensitive, cluster=cluster, weights=weights
    )
    everything = np.ones(histogram.n_tuples, np.bool_)
    overlap = rules.overlap(quasi_identifiers)
    labels = tuple(dense_codes(columns[name])[1] for name in quasi_identifiers) if overlap else ()
    seen = None if overlap is None else Seen(overlap, histogram.codes, labels)
    return measure_classes(histogram, np.arange(histogram.n_tuples), everything, sensitive, seen=seen)


def histogram_of(
    columns: Mapping[str, Sequence[str]],
    quasi_identifiers: Sequence[str],
    *,
    sensitive: Sequence[str] = (),
    cluster: str | None = None,
    weights: IntArray | None = None,
) -> Histogram:
    """Count the distinct tuples of a table whose values are coded as they come."""
    require_columns(columns, [*quasi_identifiers, *sensitive, *([cluster] if cluster else [])])
    if not quasi_identifiers:
        raise RecordsError("no quasi-identifier is named", remedy="name the columns that others may know")
    coded = [dense_codes(columns[name]) for name in quasi_identifiers]
    histogram, _ = count_tuples(
        [codes for codes, _ in coded],
        [len(values) for _, values in coded],
        clusters=None if cluster is None else cluster_codes(columns[cluster]),
        sensitive=[dense_codes(columns[name])[0] for name in sensitive],
        weights=weights,
    )
    return histogram


def cluster_codes(cells: Sequence[str]) -> IntArray:
    """Number the clusters of a column; records without one are together a single cluster.

    Somebody whose household is unknown may belong to any household that is already there.
    """
    return dense_codes(cells)[0]


def measure_classes(
    histogram: Histogram,
    class_of: IntArray,
    kept: BoolArray,
    sensitive: Sequence[str],
    *,
    seen: Seen | None = None,
) -> Measures:
    """Measure the classes that the kept tuples of a histogram form.

    Args:
        histogram: Counts, with clusters and sensitive pairs where they are to be measured.
        class_of: Any number per tuple, equal for tuples published alike (n_tuples).
        kept: Tuples that are published (n_tuples).
        sensitive: Names of the histogram's sensitive columns.
        seen: What tuples are published as, where classes overlap; a class is then as large as its support.
    """
    chosen = np.flatnonzero(kept)
    _, dense = np.unique(class_of[chosen], return_inverse=True)
    n_classes = int(dense.max(initial=-1)) + 1
    classes = np.zeros(histogram.n_tuples, np.int64)
    classes[chosen] = dense
    sizes = np.bincount(dense, weights=histogram.counts[chosen], minlength=n_classes).astype(np.int64)
    clusters = None if histogram.clusters is None else kept_pairs(histogram.clusters, kept)
    per_class = None
    if clusters is not None:
        per_class = distinct_per_class(clusters, classes, n_classes, np.ones(n_classes, np.bool_))
    support = sizes
    if seen is not None:
        first = np.empty(n_classes, np.int64)
        first[dense] = chosen
        merged = clusters and merged_pairs(clusters, Classes(classes, sizes))
        support, per_class = seen.overlap.supports(seen.shown(first, sizes, merged))
    return Measures(
        n_records=int(sizes.sum()),
        n_classes=n_classes,
        smallest_class=int(support.min(initial=np.iinfo(np.int64).max)) if n_classes else 0,
        smallest_class_clusters=None if per_class is None else (int(per_class.min()) if n_classes else 0),
        sensitive={
            name: _sensitive(pairs, kept, classes, n_classes)
            for name, pairs in zip(sensitive, histogram.sensitive, strict=True)
        },
        risk=class_risk(sizes, support),
    )


def published_classes(codes: Sequence[IntArray], sizes: Sequence[int]) -> IntArray:
    """Return a number per tuple, equal where all published codes are equal."""
    return pack_keys(codes, sizes)


def require_columns(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> None:
    """Raise where a named column is absent, named twice, or of another length."""
    absent = [name for name in names if name not in columns]
    if absent:
        raise RecordsError(
            f"no column named {', '.join(repr(name) for name in absent)}",
            remedy=f"the columns are: {', '.join(columns)}",
        )
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise RecordsError(
            f"{', '.join(twice)}: named for more than one purpose",
            remedy="a column is a quasi-identifier, sensitive or the cluster, not two of them",
        )
    if len({len(columns[name]) for name in names}) > 1:
        raise RecordsError("the columns differ in length", remedy="give every column one cell per record")


def kept_pairs(pairs: Pairs, kept: BoolArray) -> Pairs:
    """Return the pairs of the tuples that are kept."""
    inside = kept[pairs.tuples]
    return Pairs(pairs.tuples[inside], pairs.values[inside], pairs.counts[inside], pairs.n_values)


def _sensitive(pairs: Pairs, kept: BoolArray, class_of: IntArray, n_classes: int) -> SensitiveMeasure:
    if n_classes == 0:
        return SensitiveMeasure(0, 0.0, 0.0)
    inside = kept_pairs(pairs, kept)
    distinct = distinct_per_class(inside, class_of, n_classes, np.ones(n_classes, np.bool_))
    # The whole file, suppressed records included, is what the attacker compares with.
    table = class_table(inside, class_of, n_classes, value_counts(pairs))
    return SensitiveMeasure(
        int(distinct.min()), float(entropy_l_values(table).min()), float(t_values(table).max())
    )
