"""Closed periods in which little happened print as before, in all units; then all of them follow at once."""

import pytest

from anonymize.tables import (
    Dimension,
    Known,
    Part,
    QuietRules,
    RoundingRules,
    TablePlan,
    UnitRows,
    linked_systems,
    protect_together,
)
from anonymize.tables.plan import count_cells
from anonymize.tables.rounding.quiet import changed_rows

YEARS = ("2022", "2023", "2024")
PERIOD = Dimension("period", ("year",), dict.fromkeys(YEARS, "_T"))
KIND = Dimension("kind", ("kind",), dict.fromkeys("abcd", "_T"))
DIMENSIONS = {"period": PERIOD, "kind": KIND}
UNITS = ("persons", "acts")
PLANS = {unit: [TablePlan(f"{unit}_year", unit, {"period": "year", "kind": "kind"})] for unit in UNITS}
QUIET = QuietRules("period", frozenset({"2024"}), 10, {"acts": "persons"})
FIRST = {(year, kind): 12 + 7 * number for year in YEARS for number, kind in enumerate("abcd")}


def rows_of(counts) -> UnitRows:
    people = [pair for pair, count in counts.items() for _ in range(count)]
    ids = [str(number) for number in range(len(people))]
    return UnitRows({"period": [p[0] for p in people], "kind": [p[1] for p in people]}, ids, ids, ids)


def published(counts, key, ledger=None, quiet=QUIET):
    """Protect both units, each with the same counts; return the protection."""
    known = Known(ledger=ledger or {})
    parts = {unit: Part(PLANS[unit], DIMENSIONS, rows_of(counts), known) for unit in UNITS}
    return protect_together(parts, RoundingRules(bytes([key]) * 32, quiet=quiet))


def prints_of(protection, year):
    """Return (unit, kind) -> what is printed of a year."""
    return {
        (unit, row.codes[1]): row.value
        for unit in UNITS
        for row in protection.tables[f"{unit}_year"].rows
        if row.codes[0] == year
    }


def changed(**changes):
    """Return the first counts with changes of single cells, such as b2023=-1."""
    counts = dict(FIRST)
    for name, change in changes.items():
        counts[name[1:], name[0]] += change
    return counts


@pytest.mark.parametrize("key", range(8))
def test_one_departure_from_a_closed_year_steps_nowhere(key):
    first = published(FIRST, key)
    then = published(changed(b2023=-1, a2024=15, c2024=8), key, first.ledger)
    for year in ("2022", "2023"):
        assert prints_of(then, year) == prints_of(first, year)


def test_without_the_rule_some_closed_year_steps():
    firsts = {key: published(FIRST, key) for key in range(8)}
    after = {
        key: published(changed(b2023=-1, a2024=15), key, one.ledger, None) for key, one in firsts.items()
    }
    assert any(prints_of(after[key], "2023") != prints_of(firsts[key], "2023") for key in firsts)


def test_enough_changes_let_a_year_follow_and_only_it():
    many = changed(a2023=9, b2023=9, c2023=-6, a2024=15)
    moved = 0
    for key in range(4):
        first = published(FIRST, key)
        then = published(many, key, first.ledger)
        assert prints_of(then, "2022") == prints_of(first, "2022")
        moved += prints_of(then, "2023") != prints_of(first, "2023")
    assert moved == 4


def test_changes_are_added_up_over_releases_until_they_are_enough():
    key = 3
    first = published(FIRST, key)
    second = published(changed(a2023=1, c2023=1), key, first.ledger)
    assert prints_of(second, "2023") == prints_of(first, "2023")
    assert (
        second.ledger["persons|kind=a|period=2023"][0] == FIRST["2023", "a"]
    )  # what its print was drawn for
    system = linked_systems(PLANS["persons"], DIMENSIONS)["persons"]
    third = changed(a2023=4, c2023=4, d2023=4)
    counts = count_cells(system, PLANS["persons"], DIMENSIONS, rows_of(third))
    assert changed_rows(system, counts, second.ledger, "period")["2023"] == 12
    assert prints_of(published(third, key, second.ledger), "2023") != prints_of(first, "2023")


@pytest.mark.parametrize("key", range(6))
def test_a_count_that_leaves_the_bounds_of_its_print_moves_and_every_bound_holds(key):
    first = published(FIRST, key)
    gone = changed(a2023=-9)  # 12 become 3: no print of 10 or 15 may stand for them
    then = published(gone, key, first.ledger)
    truth = {**gone, **{(year, "_T"): sum(gone[year, kind] for kind in "abcd") for year in YEARS}}
    for unit in UNITS:
        for row in then.tables[f"{unit}_year"].rows:
            if row.codes in truth:
                assert row.lower <= truth[row.codes] <= row.upper
    assert prints_of(then, "2022") == prints_of(first, "2022")
    assert prints_of(then, "2023")["persons", "d"] == prints_of(first, "2023")["persons", "d"]


def test_a_year_that_was_not_over_is_never_held():
    first = published(FIRST, 2)
    then = published(changed(a2024=4, b2024=4), 2, first.ledger)
    assert then.ledger["persons|kind=a|period=2024"][0] == FIRST["2024", "a"] + 4
