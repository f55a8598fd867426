"""The records file under attack: k measured again, every value a published code, and what it adds to the
tables.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from .cells import PublicUnit
from .exhibit import Exhibit
from .findings import Finding, judged
from .intervals import Broken, attack_unit, linked_unit
from .programs import Linked
from .read import TOTAL, Code, PublicRelease

UNIT_OF_RECORDS = (
    "persons"  # one record is one affected person in one incident, as the tables of persons count
)


def check_records_k(exhibit: Exhibit) -> Finding:
    """Measure the smallest class of equal records; every published column is known to somebody."""
    release = exhibit.release
    classes = Counter(release.records)
    k = release.number("k", 5)
    small = [size for size in classes.values() if size < k]
    counts = {
        "records": len(release.records),
        "classes": len(classes),
        "smallest_class": min(classes.values(), default=0),
        "k": k,
        "classes_below_k": len(small),
        "records_below_k": sum(small),
    }
    rule = "rule 15: every combination of all published columns is shared by at least k records"
    return judged("records_k", rule, len(small), counts, "generalise or suppress more, or set records: off")


def check_record_values(exhibit: Exhibit) -> Finding:
    """Find values in the records that the published code lists do not hold: free text cannot hide there."""
    release = exhibit.release
    known = [release.codes.get(code_list, {}) for code_list in release.record_columns.values()]
    unknown = sum(
        not isinstance(value, str) or value not in codes
        for row in release.records
        for value, codes in zip(row, known, strict=True)
    )
    counts = {"records": len(release.records), "values_not_in_codes": unknown}
    rule = "rule 7: every value of a record is a published code"
    return judged("record_values", rule, unknown, counts, "publish coded columns only, with their code lists")


def check_records_against_tables(exhibit: Exhibit) -> Finding:
    """Attack the tables of persons again, knowing that each cell holds at least the records that fall in
    it.
    """
    broken, raised = Broken(), 0
    unit = exhibit.units.get(UNIT_OF_RECORDS)
    if unit is not None and exhibit.release.records:
        linked = linked_with_records(unit, exhibit.release)
        raised = int((linked.lower > linked_unit(unit).lower).sum())
        attack_unit(unit, linked, broken)
    rule = "RULES 4: the records add equations; with them no cell of persons is exact or too narrow"
    faults = broken.exact + broken.too_narrow + broken.infeasible_units
    counts = {**broken.as_counts(), "cells_with_a_raised_lower_bound": raised}
    return judged(
        "records_and_tables", rule, faults, counts, "round with the records' minima, or set records: off"
    )


def linked_with_records(unit: PublicUnit, release: PublicRelease) -> Linked:
    """Return a unit of a release as the attacker's system, with what the release's records prove of it."""
    linked = linked_unit(unit)
    if unit.unit != UNIT_OF_RECORDS or not release.records:
        return linked
    return Linked(np.maximum(linked.lower, _record_counts(release, unit)), linked.upper, linked.rows)


def _record_counts(release: PublicRelease, unit: PublicUnit) -> np.typing.NDArray[np.float64]:
    """Return how many records fall in each cell; -inf where a cell is about something the records do not
    show.
    """
    axis = {column: i for i, column in enumerate(release.record_columns)}
    lists = [release.codes.get(code_list, {}) for code_list in release.record_columns.values()]
    ancestors = [{code: _ancestors(code, codes) for code in codes} for codes in lists]
    least = np.full(len(unit.cells), -np.inf)
    classes = Counter(release.records)
    for position, cell in enumerate(unit.cells):
        if all(column in axis for column, _ in cell.key):
            least[position] = sum(
                size
                for record, size in classes.items()
                if all(code in ancestors[axis[c]].get(str(record[axis[c]]), ()) for c, code in cell.key)
            )
    return least


def _ancestors(code: str, codes: Mapping[str, Code]) -> frozenset[str]:
    """Return a code and all codes above it."""
    found: set[str] = set()
    while code and code != TOTAL and code not in found:
        found.add(code)
        code = codes[code].parent if code in codes else ""
    return frozenset(found)
