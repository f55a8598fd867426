"""The records file beside earlier ones: records are exact, so a class that moved by one is a person."""

from collections import Counter

from .exhibit import Exhibit
from .findings import Finding, judged
from .read import PublicRelease


def check_records_over_time(exhibit: Exhibit) -> Finding:
    """Compare every class of equal records with every earlier release: unchanged, or changed by k or more.

    Files with other columns or levels are compared by nobody here, and fail: one would refine the other.
    """
    release = exhibit.release
    k = release.number("k", 5)
    now = Counter(release.records)
    moved = incomparable = 0
    for earlier in exhibit.earlier:
        if not release.records or not earlier.records:
            continue
        if _columns(release) != _columns(earlier):
            incomparable += 1
            continue
        before = Counter(earlier.records)
        moved += sum(0 < abs(now[one] - before[one]) < k for one in {*now, *before})
    counts = {
        "earlier_releases": len(exhibit.earlier),
        "classes_changed_by_fewer_than_k": moved,
        "incomparable_files": incomparable,
    }
    rule = "rule 28: against every earlier records file a class is unchanged, or differs by k or more"
    remedy = "leave records out of this release, or wait until more persons are new"
    return judged("records_over_time", rule, moved + incomparable, counts, remedy)


def _columns(release: PublicRelease) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each column of the records with the levels of its codes: a finer file refines a coarser one."""
    return tuple(
        (column, frozenset(code.level for code in release.codes.get(code_list, {}).values() if code.level))
        for column, code_list in release.record_columns.items()
    )
