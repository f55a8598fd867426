"""Release after release: what was left open stays open as far as sums allow; what was withheld stays so."""

import csv
import random
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables import (
    Known,
    MoneyRules,
    RoundingRules,
    UnitRows,
    linked_systems,
    protect_counts,
    protect_money,
    records_minimum,
)
from anonymize.tables.files import ProtectRequest
from anonymize.tables.files.protect import read_plan
from anonymize.tables.programs import Reach, narrow_cells
from anonymize.tables.room import Room, hold_costs, is_cell, past_room, printed_room, proven_room
from anonymize.tables.room.overtime import ROOM
from tests.shared_files import shared_path

from .test_money import DIMENSIONS as MONEY_DIMENSIONS
from .test_money import PLAN as MONEY_PLAN
from .test_money import RULES as MONEY_RULES
from .test_money import drawn_payments, payments
from .test_rounding import DIMENSIONS, PLANS, RULES, people, unit_rows

FIVES = RoundingRules(b"not a secret" * 3, 5, 5, 5, 5)


def releases(populations, rules=RULES):
    """Protect populations one after the other, each knowing what the ones before printed."""
    ledger: dict[str, tuple[int, int]] = {}
    found = []
    for drawn in populations:
        protection = protect_counts(
            PLANS, DIMENSIONS, {"persons": unit_rows(drawn)}, rules, known=Known(ledger=ledger)
        )
        ledger = dict(protection.ledger)
        found.append(protection)
    return found


@given(people, people, st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_the_ledger_keeps_the_least_that_any_release_left_open(before, added, seed):
    dice = random.Random(seed)
    later = [row for row in before if dice.random() > 0.05] + added[:5]
    first, second = releases([before, later])
    system = linked_systems(PLANS, DIMENSIONS)["persons"]
    one, two = past_room(system, first.ledger), past_room(system, second.ledger)
    assert (two.down <= one.down).all()
    assert (two.up <= one.up).all()
    assert (two.width >= 0).all()


@given(people)
@settings(max_examples=25, deadline=None)
def test_a_release_of_the_same_rows_leaves_as_much_open_and_prints_the_same(drawn):
    first, second = releases([drawn, drawn])
    assert first.tables == second.tables
    assert first.ledger == second.ledger


def test_the_print_is_chosen_that_leaves_room_over_all_releases():
    bases, widths = np.array([5, 5]), np.array([4, 4])
    counts = np.array([11, 14])
    # The first cell was printed 10 with 9 counted: 3 below, 5 above. 15 with 11 counted would leave (0, 5).
    past = Room(np.array([3.0, 0.0]), np.array([5.0, 8.0]))
    costs = hold_costs(past, counts, bases, widths)
    assert costs[0] == 0  # both leave at least 4
    assert costs[1] < 0  # 10 would leave nothing at all, 15 leaves 5


def test_a_cell_that_the_sums_pin_down_is_seen():
    down, up = np.array([4.0, 4.0, 0.0]), np.array([4.0, 4.0, 0.0])
    alone = Reach([(2, (0,))], down, up)
    assert narrow_cells(alone, np.arange(2), np.full(3, 3.0), down, up) == [0]
    together = Reach([(2, (0, 1))], down, up)
    assert narrow_cells(together, np.arange(2), np.full(3, 3.0), down, up) == []


def test_counts_and_prints_that_agree_leave_what_the_rule_says():
    room = printed_room(np.array([3, 12]), np.array([5, 10]), np.array([5, 5]))
    assert (room.down.tolist(), room.up.tolist()) == ([2.0, 6.0], [6.0, 2.0])


@given(drawn_payments, drawn_payments)
@settings(max_examples=25, deadline=None)
def test_an_amount_once_withheld_stays_withheld_while_there_is_any(before, added):
    first = protect_money([MONEY_PLAN], MONEY_DIMENSIONS, {"spending": payments(before)}, MONEY_RULES)
    known = Known(ledger=first.ledger)
    rules = MoneyRules(b"another key" * 3, base=1000)
    second = protect_money(
        [MONEY_PLAN], MONEY_DIMENSIONS, {"spending": payments(before + added[:10])}, rules, known=known
    )
    pairs = zip(first.tables["spending_year"].rows, second.tables["spending_year"].rows, strict=True)
    assert all(later.value is None for earlier, later in pairs if earlier.value is None)
    again = protect_money(
        [MONEY_PLAN], MONEY_DIMENSIONS, {"spending": payments(before)}, MONEY_RULES, known=known
    )
    assert again.tables == first.tables


def test_four_releases_of_two_thousand_cases_prove_no_small_change():
    folder = shared_path("bench", "tables")
    cases: list[dict[str, str]] = []
    for name in ("synthetic_incidents_2000.csv", "synthetic_incidents_add40.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            cases += list(csv.DictReader(file))
    columns = {name: [case[name] for case in cases] for name in cases[0]}
    request = ProtectRequest(folder / "synthetic_incidents_2000.csv", folder / "plans.yml", "coarse")
    plans, dimensions, finest = read_plan(request, columns)
    dice, chosen = random.Random(3), list(range(2000))
    ledger: dict[str, tuple[int, int]] = {}
    releases_made = []
    for number in range(4):
        ids = [str(i) for i in chosen]
        rows = UnitRows({n: [columns[c][i] for i in chosen] for n, c in finest.items()}, ids, ids, ids)
        known = Known(ledger=ledger)
        ledger = dict(protect_counts(plans, dimensions, {"rows": rows}, FIVES, known=known).ledger)
        releases_made.append({name: pair for name, pair in ledger.items() if is_cell(name)})
        # Late reports come in, some cases are withdrawn: changes of either sign.
        chosen = [i for i in chosen if dice.random() > 0.002]
        chosen += range(2000 + number * 13, 2000 + (number + 1) * 13)
    for earlier, later in combinations(releases_made, 2):
        small = [name for name in later if 0 < abs(later[name][0] - earlier[name][0]) < 5]
        assert len(small) > 50
        assert all(abs(later[name][1] - earlier[name][1]) <= 8 for name in small)
    left = [sum(pair) for name, pair in ledger.items() if name.endswith(ROOM)]
    narrow = sum(width < 3 for width in left)
    assert min(left) > 0  # nothing exact for who knows every change
    assert narrow <= 5


def test_what_published_records_proved_is_remembered_when_a_later_release_has_none():
    # 8 of a cell stood in the records: a later print of 5 (1-9) would leave 8 or 9.
    system = linked_systems(PLANS, DIMENSIONS)["persons"]
    counts = np.full(len(system.cells), 9)
    minimum = {system.name(0): 8}
    room = proven_room(system, counts, minimum)
    assert (room.down[0], room.down[1]) == (1, 9)
    bases = np.full(len(counts), 5)
    upwards = hold_costs(room, counts, bases, bases - 1)
    assert upwards[0] < 0
    assert upwards[1] == 0


@given(people)
@settings(max_examples=10, deadline=None)
def test_the_ledger_of_a_release_holds_what_its_records_proved(drawn):
    system = linked_systems(PLANS, DIMENSIONS)["persons"]
    rows = {"persons": unit_rows(drawn)}
    minimum = records_minimum(PLANS, DIMENSIONS, {"persons": unit_rows(drawn[: len(drawn) // 2])})
    found = protect_counts(PLANS, DIMENSIONS, rows, RULES, known=Known(minimum=minimum))
    room = past_room(system, found.ledger)
    for position in range(len(system.cells)):
        name = system.name(position)
        assert room.down[position] <= found.ledger[name][0] - minimum.get(name, 0)
