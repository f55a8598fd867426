"""Rules 20 to 33: which counts may not be shown as they are, and what each rule means at its edges."""

import numpy as np
import pytest
from numpy.typing import NDArray

from anonymize.tables import Dimension, SuppressionRules, TablePlan, UnitRows, linked_systems
from anonymize.tables.plan import CellCounts
from anonymize.tables.protect import suppress_counts
from anonymize.tables.rounding import sensitive_cells
from anonymize.tables.suppression import interval_widths, least_withheld, primary_cells
from anonymize.tables.suppression.primary import PRIMARY_RULES, CountCell, told_zeros
from codebook import PlanError

ACT = Dimension("act", ("act",), dict.fromkeys(("rape", "theft", "unknown"), "_T"), {}, frozenset({"rape"}),
                frozenset({"unknown"}))  # fmt: skip
PLACE = Dimension("place", ("place",), dict.fromkeys(("north", "south"), "_T"))
DIMENSIONS = {"act": ACT, "place": PLACE}
PLANS = [TablePlan("t", "persons", {"place": "place", "act": "act"})]
SYSTEM = linked_systems(PLANS, DIMENSIONS)["persons"]
RULES = SuppressionRules()


def counts(**rows: int) -> NDArray[np.int64]:
    """Return all counts of the table, from `place_act=rows`; margins are added up, what is not named is 0."""
    inner = {tuple(name.split("_")): count for name, count in rows.items()}
    found = np.zeros(len(SYSTEM.cells), dtype=np.int64)
    for codes, position in SYSTEM.layouts["t"]:
        found[position] = sum(
            count
            for key, count in inner.items()
            if all(code in ("_T", one) for code, one in zip(codes, key, strict=True))
        )
    return found


def reasons(rules: SuppressionRules = RULES, **rows: int) -> dict[str, int]:
    """Return how many cells each rule withholds, rules that withhold none left out."""
    found = counts(**rows)
    sensitive = sensitive_cells(SYSTEM, DIMENSIONS)
    _, by_rule = primary_cells(SYSTEM, CellCounts(found, found), sensitive, rules)
    return {name: number for name, number in by_rule.items() if number}


@pytest.mark.parametrize(
    ("rule", "rows", "sensitive", "broken"),
    [
        ("threshold", 4, False, True),
        ("threshold", 5, False, False),
        ("threshold", 0, False, False),
        ("sensitive_threshold", 9, True, True),
        ("sensitive_threshold", 10, True, False),
        ("sensitive_threshold", 9, False, False),
    ],
)
def test_rule_20_counts_below_the_threshold_are_withheld(rule, rows, sensitive, broken):
    assert PRIMARY_RULES[rule](CountCell(rows, rows, sensitive, 0.5), RULES) is broken


@pytest.mark.parametrize(
    ("smallest", "sensitive", "broken"), [(4, False, True), (5, False, False), (9, True, True)]
)
def test_rule_21_the_smallest_of_persons_households_and_incidents_decides(smallest, sensitive, broken):
    cell = CountCell(40, smallest, sensitive, 0.5)
    assert PRIMARY_RULES["households_or_incidents"](cell, RULES) is broken


@pytest.mark.parametrize(
    ("highest", "lowest", "broken"),
    [
        (1.0, 1.0, {"group_disclosure", "extreme_share"}),
        (0.95, 1.0, {"extreme_share"}),
        (0.94, 0.06, set()),
        (0.05, 0.05, {"low_share"}),
    ],
)
def test_rule_24_shares_of_0_to_5_and_95_to_100_per_cent_of_a_group_are_withheld(highest, lowest, broken):
    for sensitive in (True, False):
        cell = CountCell(400, 400, sensitive, highest, lowest)
        found = {name for name, rule in PRIMARY_RULES.items() if rule(cell, RULES)}
        assert found == (broken if sensitive else set())


def test_a_low_share_is_one_of_a_group_and_not_of_the_sensitive_category_itself():
    # 12 of 1,200 in the north are told about; that 12 of 312 were in the north tells of no group's few.
    assert reasons(north_rape=12, north_theft=1188, south_rape=200, south_theft=700) == {"low_share": 1}
    assert "low_share" not in reasons(north_rape=12, north_theft=28, south_rape=300, south_theft=700)


def test_rule_25_unknown_is_masked_once_and_hidden_behind_nothing_else():
    widths = interval_widths(SYSTEM, DIMENSIONS, sensitive_cells(SYSTEM, DIMENSIONS), RULES)
    by_name = {SYSTEM.name(i): int(width) for i, width in enumerate(widths)}
    assert by_name["persons|act=unknown|place=north"] == 0
    assert by_name["persons|act=theft|place=north"] == RULES.threshold - 1
    assert by_name["persons|act=rape|place=north"] == RULES.threshold_sensitive - 1
    codes = [("unknown", "north")] * 3 + [("unknown", "south")] * 30 + [("theft", "north")] * 40
    codes += [("theft", "south")] * 40 + [("rape", "north")] * 40 + [("rape", "south")] * 40
    ids = [str(number) for number in range(len(codes))]
    rows = UnitRows({"act": [act for act, _ in codes], "place": [place for _, place in codes]}, ids, ids, ids)
    protection, by_rule, _ = suppress_counts(PLANS, DIMENSIONS, {"persons": rows}, RULES)
    withheld = [row.codes for row in protection.tables["t"].rows if row.value is None]
    assert withheld == [("north", "unknown")]
    assert by_rule["complementary"] == 0


@pytest.mark.parametrize(("zeros", "withheld"), [("published", 0), ("sensitive", 1), ("protected", 4)])
def test_rule_33_sampling_zeros_are_withheld_by_policy(zeros, withheld):
    rules = SuppressionRules(zeros=zeros)
    found = reasons(rules, north_theft=50, south_rape=30, south_theft=30)
    assert found.get("zeros", 0) == withheld


def test_a_structural_zero_is_shown_and_a_count_there_is_an_error():
    rules = SuppressionRules(zeros="protected", structural_zeros=((("act", "rape"), ("place", "north")),))
    sensitive = sensitive_cells(SYSTEM, DIMENSIONS)
    found = counts(north_theft=50, south_rape=30, south_theft=30)
    told = told_zeros(SYSTEM, found, sensitive, rules)
    assert [SYSTEM.name(int(i)) for i in np.flatnonzero(told)] == ["persons|act=rape|place=north"]
    assert least_withheld(SYSTEM, found, sensitive, rules)[np.flatnonzero(told)].tolist() == [1]
    with pytest.raises(PlanError, match="1 cells that cannot be are not empty"):
        primary_cells(SYSTEM, CellCounts(*[counts(north_rape=7, south_theft=9)] * 2), sensitive, rules)


def test_the_zeros_of_an_empty_group_say_nothing_more_than_its_total():
    found = reasons(south_rape=30, south_theft=30, south_unknown=30)
    assert "zeros" not in found


def test_an_unknown_way_with_zeros_is_refused():
    with pytest.raises(PlanError, match="unknown way with zeros"):
        SuppressionRules(zeros="perhaps")
