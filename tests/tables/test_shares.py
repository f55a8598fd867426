"""Of no group that the family knows do the tables prove much more of a sensitive category than of all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables import (
    Dimension,
    Part,
    RoundingRules,
    ShareRules,
    TablePlan,
    UnitRows,
    protect_counts,
    protect_together,
)

ACTOR = Dimension("actor", ("actor",), {"family": "_T", "known": "_T", "stranger": "_T"})
ACT = Dimension(
    "act", ("act",), {"sexual": "_T", "physical": "_T", "other": "_T"}, sensitive=frozenset({"sexual"})
)
DIMENSIONS = {"actor": ACTOR, "act": ACT}
PLAN = TablePlan("actors_acts", "acts", {"actor": "actor", "act": "act"})
SHARES = ShareRules(frozenset({"actor"}), rise=0.1, highest=0.5)
RULES = RoundingRules(b"k" * 32, shares=SHARES)
COUNTS = st.lists(st.integers(0, 90), min_size=9, max_size=9)


def rows_of(counts) -> UnitRows:
    """Return so many rows of each kind of perpetrator and act, each of a household of her own."""
    pairs = [(actor, act) for actor in ACTOR.leaves for act in ACT.leaves]
    people = [pair for pair, count in zip(pairs, counts, strict=True) for _ in range(count)]
    ids = [str(number) for number in range(len(people))]
    return UnitRows({"actor": [p[0] for p in people], "act": [p[1] for p in people]}, ids, ids, ids)


def printed(counts, rules=RULES):
    """Return (actor, act) -> row of the protected table."""
    protection = protect_counts([PLAN], DIMENSIONS, {"acts": rows_of(counts)}, rules)
    return {row.codes: row for row in protection.tables["actors_acts"].rows}


def proved_share(table, actor) -> float:
    """Return the least share of sexual acts that one row of the table proves of an actor."""
    cell, group = table[actor, "sexual"], table[actor, "_T"]
    return 0.0 if cell.value is None or group.value is None else cell.lower / group.upper


ACQUAINTANCES = [20, 900, 700, 26, 20, 14, 0, 30, 20]  # 26 of 60 acts of acquaintances are sexual, 46 of all


def test_what_is_proved_of_acquaintances_is_withheld_with_companions():
    before = printed(ACQUAINTANCES, RoundingRules(b"k" * 32))
    assert proved_share(before, "known") > 0.25
    table = printed(ACQUAINTANCES)
    withheld = {codes for codes, row in table.items() if row.value is None}
    assert ("known", "sexual") in withheld
    for actor in ACTOR.leaves:
        assert sum(one[0] == actor for one in withheld) != 1
    for act in ACT.leaves:
        assert sum(one[1] == act for one in withheld) != 1


def test_the_mark_does_not_tell_which_kind_of_perpetrator_stood_out():
    table = printed(ACQUAINTANCES)
    line = [table[actor, "sexual"] for actor in ACTOR.leaves]
    assert all(row.value is None or row.value == 0 for row in line)


def test_a_few_acts_are_printed_lower_before_anything_is_withheld():
    few = [30, 900, 700, 3, 3, 2, 0, 30, 20]  # 3 of 8: printed 10 of 10 by some keys
    for number in range(12):
        table = printed(few, RoundingRules(bytes([number]) * 32, shares=SHARES))
        cell, group = table["known", "sexual"], table["known", "_T"]
        assert cell.value is not None
        assert cell.value <= 0.5 * group.value


def test_a_group_like_all_others_is_printed_whole():
    assert all(row.value is not None for row in printed([80, 90, 90, 40, 45, 45, 20, 22, 22]).values())


def test_where_everybody_is_in_the_category_nothing_stands_out():
    assert all(row.value is not None for row in printed([80, 5, 5, 60, 5, 5, 70, 5, 0]).values())


@given(COUNTS, st.binary(min_size=2, max_size=2))
@settings(max_examples=30, deadline=None)
def test_no_row_ever_proves_more_than_the_rule_allows(counts, key):
    table = printed(counts, RoundingRules(key * 16, shares=SHARES))
    of_all = table["_T", "sexual"], table["_T", "_T"]
    if None in (of_all[0].value, of_all[1].value):
        return
    most = min(1.0, of_all[0].upper / max(1, of_all[1].lower))
    for actor in ACTOR.leaves:
        assert proved_share(table, actor) <= most + SHARES.rise


@pytest.mark.parametrize("withheld_with", ["groups of everybody", "no groups"])
def test_contexts_are_compared_with_all_persons_of_the_year(withheld_with):
    period = Dimension("period", ("year",), {"2023": "_T", "2024": "_T"})
    context = Dimension(
        "context", ("context",), {"early": "_T", "partner": "_T"}, sensitive=frozenset({"early"})
    )
    dimensions = {"period": period, "context": context}
    years = ["2023"] * 400 + ["2024"] * 60
    ids = [str(number) for number in range(len(years))]
    early = [number for number, year in enumerate(years) if year == "2024"][:26]
    contexts = UnitRows(
        {"period": [years[n] for n in early], "context": ["early"] * len(early)},
        *[[ids[n] for n in early]] * 3,
    )
    parts = {
        "contexts": Part(
            [TablePlan("contexts", "contexts", {"context": "context", "period": "year"})],
            dimensions,
            contexts,
        ),
        "persons": Part(
            [TablePlan("persons", "persons", {"period": "year"})],
            dimensions,
            UnitRows({"period": years}, ids, ids, ids),
        ),
    }
    everybody = {"contexts": "persons"} if withheld_with == "groups of everybody" else {}
    rules = RoundingRules(b"k" * 32, shares=ShareRules(frozenset({"period"}), 0.1, 0.5, everybody))
    rows = protect_together(parts, rules).tables["contexts"].rows
    cell = next(row for row in rows if row.codes == ("early", "2024"))
    # Among contexts alone all are early marriages everywhere: only persons show that 2024 stands out.
    assert (cell.value is None) == bool(everybody)


def test_what_is_still_shown_is_printed_as_it_would_be_without_the_rule():
    with_rules, without = printed(ACQUAINTANCES), printed(ACQUAINTANCES, RoundingRules(b"k" * 32))
    shown = [codes for codes, row in with_rules.items() if row.value is not None]
    assert [with_rules[codes].value for codes in shown] == [without[codes].value for codes in shown]
