"""Comparing units, as every reader can, leaves no cell too narrow: where it would, prints are changed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.tables import Dimension, NotMore, Part, RoundingRules, TablePlan, UnitRows, protect_together
from anonymize.tables.room.between import join_parts
from anonymize.tables.rounding import RoundedTogether
from codebook import ReleaseRefused

PERIOD = Dimension("period", ("year",), {"2023": "_T", "2024": "_T"})
ACT = Dimension("act", ("act",), {"a": "_T", "b": "_T", "c": "_T"}, sensitive=frozenset({"c"}))
DIMENSIONS = {"period": PERIOD, "act": ACT}
PERSONS = TablePlan("persons_year", "persons", {"period": "year"})
ACTS = TablePlan("acts_year", "acts", {"period": "year", "act": "act"})
COMPARISONS = (
    NotMore("persons", "acts", "period"),
    NotMore("acts", "persons", "period", each="act"),
)
RULES = RoundingRules(b"k" * 32)
PEOPLE = st.lists(
    st.tuples(st.sampled_from(["2023", "2024"]), st.sets(st.sampled_from("abc"), min_size=1)),
    min_size=10,
    max_size=60,
)


def parts_of(people) -> dict[str, Part]:
    """Return both units: persons once, and once in each kind of act."""
    acts = [(str(i), year, act) for i, (year, kinds) in enumerate(people) for act in sorted(kinds)]
    ids, years = [str(i) for i in range(len(people))], [year for year, _ in people]
    whose = [one for one, _, _ in acts]
    in_acts = {"period": [year for _, year, _ in acts], "act": [act for _, _, act in acts]}
    return {
        "persons": Part([PERSONS], DIMENSIONS, UnitRows({"period": years}, ids, ids, ids)),
        "acts": Part([ACTS], DIMENSIONS, UnitRows(in_acts, whose, whose, whose)),
    }


def too_narrow(together: RoundedTogether, units) -> int:
    """Return how many cells the attacker finds too narrow who adds what is known between the units."""
    parts = together._as_rounded(units)
    joined = join_parts(parts, COMPARISONS)
    assert joined is not None
    counts = np.concatenate([parts[unit].counts for unit in joined.offsets])
    rests = len(joined.room.down) - joined.n_cells
    truth = np.concatenate([counts, joined.room.down[joined.n_cells :]]) if rests else counts
    linked = Linked(truth - joined.room.down, truth + joined.room.up, sum_rows(joined.equations))
    attack = IntervalAttack(linked, truth.astype(float))
    widths = np.concatenate([parts[unit].widths for unit in joined.offsets])
    return sum(not attack.wide_enough(i, widths[i]) for i in range(joined.n_cells))


@given(PEOPLE, st.binary(min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_rounding_together_never_leaves_more_cells_too_narrow_than_rounding_apart(people, key):
    rules = RoundingRules(key * 8)
    apart = RoundedTogether(parts_of(people), rules, ())
    together = RoundedTogether(parts_of(people), rules, COMPARISONS)
    before, after = (too_narrow(one, one.rounded()) for one in (apart, together))
    assert after <= before


def test_prints_that_comparing_units_would_narrow_are_chosen_otherwise():
    # Persons have the smaller base: 10 (6-14) persons of whom 20 (11-29) are in an act leave 11-14.
    people = [("2023", {"c"})] * 14 + [("2024", {"c"})] * 6 + [("2024", {"a", "c"})] * 16
    found = []
    for number in range(40):
        rules = RoundingRules(bytes([number]) * 32)
        apart = RoundedTogether(parts_of(people), rules, ())
        together = RoundedTogether(parts_of(people), rules, COMPARISONS)
        found.append((too_narrow(apart, apart.rounded()), too_narrow(together, together.rounded())))
    assert any(before for before, _ in found), "the example must be one in which comparing narrows"
    assert all(after == 0 for _, after in found)


def test_rounding_together_is_the_same_every_time_and_adds_up():
    people = [("2023", {"a", "c"})] * 13 + [("2024", {"b"})] * 8
    first, again = (protect_together(parts_of(people), RULES, COMPARISONS) for _ in range(2))
    assert first == again
    rows = {row.codes: row.value or 0 for row in first.tables["acts_year"].rows}
    assert rows["_T", "_T"] == rows["2023", "_T"] + rows["2024", "_T"]


def test_counts_that_contradict_what_is_known_between_units_are_refused():
    parts = parts_of([("2023", {"a"})] * 12)
    false = (NotMore("acts", "persons", "period", each="act"), NotMore("persons", "acts", "period", "", ()))
    swapped = {"persons": parts["persons"], "acts": parts_of([("2023", {"a"})] * 20)["acts"]}
    with pytest.raises(ReleaseRefused, match="contradict"):
        protect_together(swapped, RULES, false)


def test_what_is_never_less_than_a_sensitive_count_has_its_base():
    # Nobody in 2024: persons printed 0 (0-4) would say "at most 4" of the sensitive act, which needs 0-9.
    people = [("2023", {"a", "c"})] * 23
    together = RoundedTogether(parts_of(people), RULES, COMPARISONS)
    units = together.rounded()
    persons = together.systems["persons"]
    assert units["persons"].bases[persons.index[("period", "2024"),]] == RULES.base_sensitive
    assert too_narrow(together, units) == 0
    apart = RoundedTogether(parts_of(people), RULES, ())
    assert too_narrow(apart, apart.rounded()) > 0


def test_a_unit_whose_comparisons_miss_their_other_unit_is_rounded_by_itself():
    parts = parts_of([("2023", {"a", "c"})] * 23)
    for unit in parts:
        assert protect_together({unit: parts[unit]}, RULES, COMPARISONS).tables
    assert not protect_together({}, RULES, COMPARISONS).tables
