"""Release after release: what was left open stays open as far as sums allow; what was withheld stays so."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables import (
    Known,
    MoneyRules,
    linked_systems,
    protect_counts,
    protect_money,
)
from anonymize.tables.overtime import Room, hold_costs, past_room, printed_room
from anonymize.tables.reach import Reach, narrow_cells

from .test_money import DIMENSIONS as MONEY_DIMENSIONS
from .test_money import PLAN as MONEY_PLAN
from .test_money import RULES as MONEY_RULES
from .test_money import drawn_payments, payments
from .test_rounding import DIMENSIONS, PLANS, RULES, people, unit_rows


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
