"""What every reader knows between units: an incident has at least one affected person, and so on.

The units are counted from the same persons in the same incidents (the methods page says how), so some counts
can never exceed others. Each line here is true of the way units are counted; a false one would blind the
attack, because no table of numbers could keep it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .cells import Key, PublicUnit
from .exhibit import Exhibit
from .findings import Finding, judged
from .intervals import Broken, attack_unit, linked_unit
from .programs import Linked, Row


@dataclass(frozen=True)
class NotMore:
    """A count that is never larger than another of the same shared dimension.

    Args:
        smaller, larger: Units.
        shared: The dimension that means the same in both; totals are compared too.
        each: Dimension of the smaller unit, of which every single code is meant; '' for its total.
        only: Codes of `each` that are meant; all where empty.
        summed: Dimension of the larger unit whose codes are added up; '' for its total.
        over: The codes to add up.
    """

    smaller: str
    larger: str
    shared: str
    each: str = ""
    only: tuple[str, ...] = ()
    summed: str = ""
    over: tuple[str, ...] = ()


SEXUAL = ("rape", "sexual_assault")
KNOWN: tuple[NotMore, ...] = (
    # An incident without a counted person is not counted.
    NotMore("incidents", "persons", "period"),
    # A person stands in at least one group of acts and one motive ('other', 'unknown'), in each at most once.
    NotMore("persons", "acts", "period"),
    NotMore("acts", "persons", "period", each="act_group"),
    NotMore("persons", "motives", "period"),
    NotMore("motives", "persons", "period", each="motive"),
    NotMore("contexts", "persons", "period", each="gbv_context"),
    # Contexts of sexual violence: the type is the gravest act, and sexual acts are the gravest.
    NotMore(
        "contexts",
        "persons",
        "period",
        "gbv_context",
        ("possible_sexual_exploitation", "possible_sexual_slavery"),
        "gbv_type",
        SEXUAL,
    ),
    # What the codebook derives of acts: early marriage is a forced marriage, abuse of a child a sexual act.
    NotMore("contexts", "acts", "period", "gbv_context", ("early_marriage",), "act_group", ("family",)),
    NotMore("contexts", "persons", "period", "gbv_context", ("child_sexual_abuse",), "gbv_type", SEXUAL),
    NotMore("persons", "acts", "period", "gbv_type", SEXUAL, "act_group", ("sexual",)),
    NotMore("persons", "acts", "period", "gbv_type", ("forced_marriage",), "act_group", ("family",)),
    # A person in a group of acts has at least one kind of perpetrator there, and each kind at most once.
    NotMore("acts", "acts_by_actor", "act_group"),
    NotMore("acts_by_actor", "acts", "act_group", each="actor_type"),
)


@dataclass(frozen=True)
class Joined:
    """Several units as one system.

    Args:
        unit: All their cells, one unit after the other.
        offsets: Unit -> position of its first cell.
        rows: What is known between them.
    """

    unit: PublicUnit
    offsets: Mapping[str, int]
    rows: tuple[Row, ...]


def check_between_units(exhibit: Exhibit) -> Finding:
    """Attack all units together that readers can compare, and count what breaks only then."""
    broken = Broken()
    joined = joined_units(exhibit.units)
    if joined.rows:
        linked = linked_unit(joined.unit)
        attack_unit(joined.unit, Linked(linked.lower, linked.upper, [*linked.rows, *joined.rows]), broken)
    behind_amounts, n_amounts = Broken(), 0
    for linked, unit, raised in _with_amounts(exhibit):
        n_amounts += raised
        attack_unit(unit, linked, behind_amounts)
    rule = (
        "RULES 4: nothing is exact or too narrow for a reader who compares units, and amounts with requests"
    )
    counts = {**broken.as_counts(), "comparisons": len(joined.rows), "shown_amounts": n_amounts}
    counts["behind_amounts"] = behind_amounts.as_counts()
    faults = broken.exact + broken.too_narrow + broken.infeasible_units
    # An amount may be that of an earlier release: where requests contradict it, no reader can use it.
    faults += behind_amounts.exact + behind_amounts.too_narrow
    remedy = "publish fewer or coarser tables of one of the units"
    return judged("between_units", rule, faults, counts, remedy)


def _with_amounts(exhibit: Exhibit) -> Iterator[tuple[Linked, PublicUnit, int]]:
    """Yield requests as a reader knows them who sees amounts: each shown one was given to so many households.

    What was spent on a kind of help in a period was spent on requests of it that were met then.
    """
    requests, spending = exhibit.units.get("requests"), exhibit.units.get("spending")
    if requests is None or spending is None:
        return
    linked, raised = linked_unit(requests), 0
    lower = linked.lower.copy()
    for cell in spending.cells:
        columns = {column for column, _ in cell.key}
        met = requests.index.get(tuple(sorted((*cell.key, ("request_result", "met")))), -1)
        if not cell.value or columns != {"need_category", "period"} or met < 0:
            continue
        least = _contributors(exhibit, cell.tables)
        if lower[met] < least <= linked.upper[met]:
            lower[met], raised = least, raised + 1
    if raised:
        yield Linked(lower, linked.upper, linked.rows), requests, raised


def _contributors(exhibit: Exhibit, tables: set[str]) -> int:
    """Return how many households or donors stand behind a shown amount at least, as the catalogue says."""
    said = [str(exhibit.release.tables[name].catalog.get("threshold") or "") for name in tables]
    return max((int(text) for text in said if text.isdigit()), default=0)


def joined_units(units: Mapping[str, PublicUnit]) -> Joined:
    """Return the units that can be compared as one system; no money is among them."""
    names = {name for one in KNOWN for name in (one.smaller, one.larger)}
    together = PublicUnit("joined", money=False, cells=[], index={}, sums=set())
    offsets: dict[str, int] = {}
    for name in sorted(names & units.keys()):
        unit = units[name]
        if unit.money:
            continue
        offset = offsets[name] = len(together.cells)
        together.cells += unit.cells
        moved = ((parent + offset, tuple(c + offset for c in below)) for parent, below in unit.sums)
        together.sums |= set(moved)
    rows = (row for one in KNOWN for row in _rows(one, units, offsets))
    return Joined(together, offsets, tuple(dict.fromkeys(rows)))


def _rows(known: NotMore, units: Mapping[str, PublicUnit], offsets: Mapping[str, int]) -> Iterator[Row]:
    """Yield larger - smaller >= 0 for every pair of published cells."""
    if known.smaller not in offsets or known.larger not in offsets:
        return
    smaller, larger = units[known.smaller], units[known.larger]
    groups = _codes_with_parts(smaller, known.each)
    for key, position in smaller.index.items():
        shared = _shared_part(known, key)
        if shared is None or dict(key).get(known.each) in groups:
            continue  # a person may stand in several parts of a group, and is counted there several times
        keys = [tuple(sorted((*shared, (known.summed, code)))) for code in known.over] or [shared]
        if not all(one in larger.index for one in keys):
            continue
        columns = [larger.index[one] + offsets[known.larger] for one in keys]
        values = (*(1.0 for _ in columns), -1.0)
        yield (*columns, position + offsets[known.smaller]), values, 0.0, np.inf


def _codes_with_parts(unit: PublicUnit, dimension: str) -> frozenset[str]:
    """Return the codes of a dimension that other codes add up to."""
    found = set()
    for parent, below in unit.sums:
        above, part = (dict(unit.cells[at].key).get(dimension, "") for at in (parent, below[0]))
        if above and above != part:
            found.add(above)
    return frozenset(found)


def _shared_part(known: NotMore, key: Key) -> Key | None:
    """Return the shared coordinate of a cell that is meant, None for any other cell."""
    rest = dict(key)
    if known.each:
        code = rest.pop(known.each, None)
        if code is None or (known.only and code not in known.only):
            return None
    shared = tuple((dimension, code) for dimension, code in rest.items() if dimension == known.shared)
    return shared if len(shared) == len(rest) else None
