"""Money: one contributor among few, or one among many small ones, can be told by nobody."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.tables import Dimension, MoneyRows, MoneyRules, TablePlan, linked_systems, protect_money
from anonymize.tables.money import complementary_cells, sum_cells
from anonymize.tables.money.sums import PRIMARY_RULES, MoneyCell
from codebook import PlanError

NEED = Dimension("need", ("need",), {"legal": "_T", "medical": "_T", "food": "_T"})
YEAR = Dimension("period", ("year",), {"2022": "_T", "2023": "_T"})
DIMENSIONS = {"need": NEED, "period": YEAR}
PLAN = TablePlan("spending_year", "spending", {"need": "need", "period": "year"})
RULES = MoneyRules(b"secret" * 6, base=1000)


def payments(drawn) -> MoneyRows:
    """Return drawn (need, year, amount, person) as rows."""
    codes = {"need": [row[0] for row in drawn], "period": [row[1] for row in drawn]}
    return MoneyRows(codes, [row[2] for row in drawn], [str(row[3]) for row in drawn])


drawn_payments = st.lists(
    st.tuples(
        st.sampled_from(NEED.leaves), st.sampled_from(YEAR.leaves), st.integers(0, 90_000), st.integers(0, 25)
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("cell", "broken"),
    [
        (MoneyCell(50_000, 4, 13_000, 12_000), {"contributors"}),
        (MoneyCell(50_000, 10, 25_000, 3_000), {"dominance"}),
        (MoneyCell(50_000, 10, 24_999, 24_000), {"p_percent"}),
        (MoneyCell(50_000, 10, 10_000, 9_000), set()),
        (MoneyCell(50_000, 10, 50_000, 50_000), {"dominance", "p_percent"}),
    ],
)
def test_each_primary_rule_finds_what_it_is_for(cell, broken):
    assert {name for name, rule in PRIMARY_RULES.items() if rule(cell, RULES)} == broken


@given(drawn_payments)
@settings(max_examples=60, deadline=None)
def test_no_primary_amount_is_known_to_better_than_p_percent_even_if_the_rest_were_exact(drawn):
    system = linked_systems([PLAN], DIMENSIONS)["spending"]
    money = sum_cells(system, DIMENSIONS, payments(drawn), RULES)
    withheld = complementary_cells(system, money, RULES)
    lower = np.where(withheld, 0.0, money.totals)
    upper = np.where(withheld, np.inf, money.totals)
    attack = IntervalAttack(Linked(lower, upper, sum_rows(system.equations)))
    for position in np.flatnonzero(money.primary):
        low, high = attack.interval(int(position))
        total = money.totals[position]
        assert low <= max(1, total * 0.9)
        assert high >= total * 1.1 - 1


@given(drawn_payments)
@settings(max_examples=40, deadline=None)
def test_shown_amounts_are_rounded_additive_and_true_within_their_bounds(drawn):
    protection = protect_money([PLAN], DIMENSIONS, {"spending": payments(drawn)}, RULES)
    for row in protection.tables["spending_year"].rows:
        codes = dict(zip(PLAN.columns, row.codes, strict=True))
        truth = sum(
            one[2] for one in drawn if codes["need"] in ("_T", one[0]) and codes["period"] in ("_T", one[1])
        )
        if row.value is not None:
            assert row.value % 1000 == 0
            assert row.lower <= truth <= row.upper


def test_gifts_are_sums_and_an_unknown_largest_gift_is_withheld():
    codes = {"period": ["2022", "2022", "2023"]}
    plan = TablePlan("donations", "donations", {"period": "year"})

    def shown(largest):
        rows = MoneyRows(codes, [40_000, 50_000, 60_000], ["", "", ""], [30, 40, 50], largest)
        tables = protect_money([plan], DIMENSIONS, {"donations": rows}, RULES).tables
        return {row.codes[0]: row.value for row in tables["donations"].rows}

    assert None not in shown([3000, 3000, 3000]).values()
    unknown = shown([3000, 3000, None])
    assert unknown["2023"] is None
    assert sum(value is None for value in unknown.values()) == 2


def test_money_rows_that_do_not_fit_are_refused():
    with pytest.raises(PlanError, match="not equally long"):
        MoneyRows({"need": ["legal"]}, [1, 2], ["a", "b"])
    with pytest.raises(PlanError, match="negative"):
        MoneyRows({}, [-1], ["a"])
    with pytest.raises(PlanError, match="unknown"):
        protect_money([PLAN], DIMENSIONS, {"spending": payments([("x", "2022", 5, 1)])}, RULES)
