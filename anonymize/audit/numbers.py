"""Are the printed numbers what the published rule says, the same wherever they stand, and additive?"""

from collections.abc import Mapping
from itertools import product

from .cells import PublicCell, PublicUnit, is_sensitive
from .exhibit import Exhibit
from .findings import Finding, judged
from .read import TOTAL, Code, PublicRelease, PublicRow, PublicTable

SHOWN, WITHHELD = ("A", "F"), ("Q", "C")


def check_prints(exhibit: Exhibit) -> Finding:
    """Find numbers that are no multiple of their base, or whose bounds and marks are not what the rule
    says.
    """
    counts = {"cells": 0, "wrong_multiples": 0, "wrong_bounds": 0, "wrong_marks": 0, "wrong_bases": 0}
    for table in exhibit.release.tables.values():
        bases = _bases(exhibit.release, table)
        for row in table.rows:
            counts["cells"] += 1
            for fault in _row_faults(
                row, bases, is_sensitive(exhibit.release, table, tuple(map(str, row.codes)))
            ):
                counts[fault] += 1
    rule = "numbers are multiples of their base, bounds value -+ (base - 1), not below 0; withheld: none"
    faults = sum(counts.values()) - counts["cells"]
    return judged(
        "prints", rule, faults, counts, "restore release.db from the protected tables; never edit it"
    )


def _bases(release: PublicRelease, table: PublicTable) -> tuple[int, int]:
    """Return base and sensitive base of a table, from the catalogue, else from the release."""
    chosen = []
    for name, default in (("base", 5), ("base_sensitive", 10)):
        text = str(table.catalog.get(name) or release.settings.get(name, default))
        chosen.append(int(text) if text.isdigit() and int(text) > 0 else default)
    return chosen[0], max(chosen)


def _row_faults(row: PublicRow, bases: tuple[int, int], sensitive: bool) -> list[str]:
    """Name what is wrong with a row; a total that contains a sensitive category may have either base."""
    if row.obs_status == WITHHELD[0]:
        bare = (row.value, row.lower, row.upper) == (None, None, None)
        return ([] if bare else ["wrong_bounds"]) + (
            [] if row.conf_status == WITHHELD[1] else ["wrong_marks"]
        )
    if (row.obs_status, row.conf_status) != SHOWN:
        return ["wrong_marks"]
    if not all(isinstance(number, int) for number in (row.value, row.lower, row.upper)):
        return ["wrong_bounds"]
    base = row.upper - row.value + 1
    faults = []
    if base not in bases or (sensitive and base != bases[1]):
        faults.append("wrong_bases")
    if row.value < 0 or base <= 0 or row.value % base:
        faults.append("wrong_multiples")
    if row.lower != max(0, row.value - (base - 1)):
        faults.append("wrong_bounds")
    return faults


def check_shared_cells(exhibit: Exhibit) -> Finding:
    """Find cells that two tables print differently."""
    shared = different = 0
    for unit in exhibit.units.values():
        shared += sum(len(cell.tables) > 1 for cell in unit.cells)
        different += sum(len(cell.copies) > 1 for cell in unit.cells)
    counts = {"shared_cells": shared, "printed_differently": different}
    rule = "rule 26: a cell that several tables share is printed once and the same"
    return judged("shared_cells", rule, different, counts, "protect all tables of a unit together")


def check_additivity(exhibit: Exhibit) -> Finding:
    """Find published numbers that do not add up to their published total, or only in part."""
    checked = wrong = open_sums = apart = 0
    for unit in exhibit.units.values():
        for parent, children in unit.sums:
            values = [unit.cells[position].value for position in (parent, *children)]
            if None in values:
                open_sums += 1
                continue
            checked += 1
            wrong += values[0] != sum(value or 0 for value in values[1:])
        apart += _parts_without_a_sum(exhibit.release, unit)
    counts = {"sums": checked, "sums_with_withheld_cells": open_sums, "not_additive": wrong}
    counts["parts_without_a_sum"] = apart
    rule = "published numbers add up to their published totals over all linked tables"
    return judged(
        "additivity",
        rule,
        wrong + apart,
        counts,
        "protect all tables of a unit together, and show all parts of a total or none; never edit release.db",
    )


def _parts_without_a_sum(release: PublicRelease, unit: PublicUnit) -> int:
    """Count the cells of which a total is shown that no sums lead to: the attack would not compare them."""
    parents: dict[int, set[int]] = {}
    for parent, children in unit.sums:
        for child in children:
            parents.setdefault(child, set()).add(parent)
    code_lists = {
        column: release.codes.get(name, {})
        for table in release.tables.values()
        if table.unit == unit.unit
        for column, name in table.code_lists.items()
    }
    apart = 0
    for position, cell in enumerate(unit.cells):
        ladders = [
            [
                (column, step)
                for step in (*_climbed(code, code_lists.get(column.partition(" of ")[0], {})), "")
            ]
            for column, code in cell.key
        ]
        wholes = (tuple(pair for pair in pairs if pair[1]) for pairs in product(*ladders))
        totals = {unit.index[whole] for whole in wholes if whole in unit.index}
        apart += bool(totals - _reached(position, parents))
    return apart


def _climbed(code: str, codes: Mapping[str, Code]) -> list[str]:
    """Return a code and all codes above it, the total left out."""
    steps: list[str] = []
    while code and code != TOTAL and code not in steps:
        steps.append(code)
        code = codes[code].parent if code in codes else ""
    return steps


def _reached(position: int, parents: Mapping[int, set[int]]) -> set[int]:
    """Return a cell and every total that sums lead to from it."""
    reached, waiting = {position}, [position]
    while waiting:
        further = parents.get(waiting.pop(), set()) - reached
        reached |= further
        waiting += further
    return reached


def check_single_withheld(exhibit: Exhibit) -> Finding:
    """Find withheld cells that stand alone in a sum: their mark would speak for them."""
    alone = 0
    for unit in exhibit.units.values():
        alone += sum(_withheld_in(unit, (parent, *children)) == 1 for parent, children in unit.sums)
    rule = "a withheld cell never stands alone in a sum"
    return judged("single_withheld", rule, alone, {"sums": alone}, "withhold another cell of the same sum")


def _withheld_in(unit: PublicUnit, positions: tuple[int, ...]) -> int:
    return sum(_is_withheld(unit.cells[position]) for position in positions)


def _is_withheld(cell: PublicCell) -> bool:
    return cell.value is None
