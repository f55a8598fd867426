"""What cell keys promise: bounds that hold, the same records alike everywhere, no small print, zero stays."""

import csv
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables import TablePlan, linked_systems
from anonymize.tables.cell_key import CellKeyRules, perturb_counts, record_identities
from anonymize.tables.cell_key.counts import record_keys
from anonymize.tables.cell_key.perturbation import PerturbationTable, unbiased_shares
from anonymize.tables.files import ProtectRequest, protect_file
from codebook import PlanError, ReleaseRefused

from .test_rounding import DIMENSIONS, PLANS, people, unit_rows

RULES = CellKeyRules(b"secret" * 6)


def named_rows(drawn, names=None):
    """Return drawn persons as rows that say who they are."""
    rows = unit_rows(drawn)
    return replace(rows, records=names or [f"{number} of {person}" for number, person in enumerate(drawn)])


def perturbed(drawn, plans=PLANS, names=None, rules=RULES):
    """Protect drawn persons by cell keys."""
    return perturb_counts(plans, DIMENSIONS, {"persons": named_rows(drawn, names)}, rules)


@given(people)
@settings(max_examples=60, deadline=None)
def test_the_truth_is_within_the_bounds_zero_stays_and_no_small_number_is_printed(drawn):
    protection = perturbed(drawn)
    system = linked_systems(PLANS, DIMENSIONS)["persons"]
    for table in protection.tables.values():
        for row, (_, position) in zip(table.rows, system.layouts[table.name], strict=True):
            count = protection.ledger[system.name(position)][0]
            if row.value is None:
                assert count > 0
                continue
            assert row.lower <= count <= row.upper
            assert row.value == 0 or row.value >= RULES.threshold
            assert row.upper - row.value == RULES.deviation
            assert count or row.value == 0


@given(people, st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_matter(drawn, dice):
    names = [f"{number}" for number in range(len(drawn))]
    together = list(zip(drawn, names, strict=True))
    dice.shuffle(together)
    shuffled = perturbed([one for one, _ in together], names=[name for _, name in together])
    assert shuffled.tables == perturbed(drawn, names=names).tables


@given(people)
@settings(max_examples=40, deadline=None)
def test_the_same_records_print_alike_in_any_cell_table_and_plan(drawn):
    protection = perturbed(drawn)
    system = linked_systems(PLANS, DIMENSIONS)["persons"]
    rows = named_rows(drawn)
    prints: dict[tuple[int, ...], int] = {}
    for key in system.cells:
        inside = tuple(
            number
            for number in range(len(rows))
            if all(_climbs_to(dimension, rows.codes[dimension][number], code) for dimension, code in key)
        )
        name = system.name(system.index[key])
        assert prints.setdefault(inside, protection.ledger[name][1]) == protection.ledger[name][1]
    other = perturbed(drawn, plans=[TablePlan("kinds", "persons", {"kind": "kind"})]).ledger
    assert all(pair == protection.ledger[name] for name, pair in other.items() if "#" not in name)


def _climbs_to(dimension: str, leaf: str, code: str) -> bool:
    while leaf not in (code, "_T"):
        leaf = DIMENSIONS[dimension].parent[leaf]
    return leaf == code


def test_a_print_changes_only_where_records_do():
    dice = random.Random(3)
    drawn = [(dice.choice(("R1", "R2")), dice.choice("ab"), "adult", n) for n in range(80)]
    before, after = perturbed(drawn).ledger, perturbed([*drawn, ("R3", "c", "adult", 99)]).ledger
    changed = {name for name in before if "#" not in name and before[name][1] != after[name][1]}
    assert all(before[name][0] != after[name][0] for name in changed)


def test_another_key_prints_otherwise_and_none_is_refused():
    drawn = [("R1", "a", "adult", n) for n in range(40)]
    tables = {str(perturbed(drawn, rules=CellKeyRules(bytes([n]) * 32)).tables) for n in range(1, 9)}
    assert len(tables) > 1
    with pytest.raises(ReleaseRefused, match="need a secret key"):
        CellKeyRules(b"")
    assert "secret" not in repr(RULES)


def test_many_acts_against_one_household_are_withheld_and_never_alone():
    drawn = [("R1", "a", "adult", 1)] * 30 + [("R1", "b", "adult", i) for i in range(30)]
    rows = perturbed(drawn).tables["age_kind"].rows
    withheld = {row.codes for row in rows if row.obs_status == "Q"}
    assert {("adult", "a"), ("adult", "b")} <= withheld


@given(st.integers(1, 12), st.integers(0, 12), st.floats(0.1, 40))
@settings(max_examples=60, deadline=None)
def test_every_row_of_a_perturbation_table_is_unbiased_and_blocks_small_prints(threshold, more, variance):
    table = PerturbationTable(threshold + more, variance, threshold)
    assert np.allclose(table.shares.sum(axis=1), 1)
    assert np.allclose(table.shares @ table.moves, 0, atol=1e-6)
    for count, shares in enumerate(table.shares):
        targets = count + table.moves[shares > 0]
        assert all(target == 0 or target >= threshold for target in targets)
    assert table.shares[0, table.deviation] == 1


def test_five_and_two_are_met_wherever_small_prints_allow_it():
    table = PerturbationTable(5, 2.0, 5)
    assert table.variances == pytest.approx([0, 4, 6, 6, 4, 2, 2, 2, 2, 2, 2], abs=1e-6)


def test_entropy_is_greatest_among_the_rows_of_the_same_mean_and_variance():
    # Shares p of moves -2..2 with mean 0 and variance 1.08 (the table of the EU census test): symmetric, and
    # at the maximum of entropy p2 p0^3 = p1^4.
    _, p1, p0, q1, p2 = unbiased_shares(np.array([-2.0, -1, 0, 1, 2]), 1.08)
    assert p1 == pytest.approx(q1)
    assert 2 * p1 + 8 * p2 == pytest.approx(1.08)
    assert p2 * p0**3 == pytest.approx(p1**4)
    # A count of 1 with prints of 1 blocked: mean and variance leave one row only.
    assert unbiased_shares(np.array([-1.0, 1, 2]), 1.08) == pytest.approx([0.51333, 0.46, 0.02667], abs=1e-4)


@pytest.mark.parametrize(("deviation", "variance"), [(4, 2.0), (5, 0.0), (5, -1.0)])
def test_parameters_that_no_unbiased_table_has_are_refused(deviation, variance):
    with pytest.raises(PlanError, match="no perturbation table"):
        CellKeyRules(b"k", 5, deviation, variance)


def test_prints_are_fair_over_keys():
    plans, drawn = [TablePlan("t", "persons", {"kind": "kind"})], [("R1", "a", "adult", n) for n in range(23)]
    prints = [
        perturbed(drawn, plans, rules=CellKeyRules(n.to_bytes(32, "big"))).tables["t"].rows[0].value
        for n in range(1, 301)
    ]
    assert np.mean(prints) == pytest.approx(23, abs=0.4)
    assert np.var(prints) == pytest.approx(2, abs=0.8)


def test_a_row_that_names_its_person_is_known_by_it_and_any_other_by_its_content():
    columns = {"person_id": ["p1", "(empty)", "(empty)"], "kind": ["a", "b", "b"]}
    one, two, three = record_identities(columns, "(empty)")
    corrected = record_identities({**columns, "kind": ["c", "b", "b"]}, "(empty)")
    assert corrected == [one, two, three]
    assert two != three
    longer = {name: [values[-1], *values, values[-1]] for name, values in columns.items()}
    assert set(record_identities(longer, "(empty)")) > {one, two, three}
    assert len(set(record_keys(b"k", record_identities(longer, "(empty)")).tolist())) == 5


@pytest.fixture
def microdata(tmp_path: Path) -> Path:
    """Sixty rows without identifiers, many of them equal."""
    lines = [f"{'ab'[n % 2]},{'xyz'[n % 3]}" for n in range(60)]
    (tmp_path / "plan.yml").write_text("- {kind: kind, place: place}\n", encoding="utf-8")
    (tmp_path / "micro.csv").write_text("\n".join(["kind,place", *lines]) + "\n", encoding="utf-8")
    return tmp_path / "micro.csv"


def prints_of(folder: Path) -> dict[tuple[str, str], str]:
    """Return codes -> print of the only table of an output."""
    with next(folder.iterdir()).open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["place"]): row["value"] for row in csv.DictReader(file)}


def test_a_file_is_protected_by_cell_keys_and_says_how(microdata, tmp_path):
    request = ProtectRequest(microdata, tmp_path / "plan.yml", method="cell-key", key=b"k" * 32)
    protect_file(request, tmp_path / "one", tmp_path / "e.json")
    # Rows added in front, in another order, and copies of old ones: what they do not touch prints as before.
    header, *lines = microdata.read_text("utf-8").splitlines()
    more = ["a,x"] * 3 + list(reversed(lines))
    microdata.write_text("\n".join([header, *more]) + "\n", encoding="utf-8")
    again = replace(request, previous=(tmp_path / "one",))
    protect_file(again, tmp_path / "two", tmp_path / "e.json")
    one, two = prints_of(tmp_path / "one"), prints_of(tmp_path / "two")
    untouched = [codes for codes in one if codes[0] == "b" or codes[1] in ("y", "z")]
    assert {codes: one[codes] for codes in untouched} == {codes: two[codes] for codes in untouched}
    evidence = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert (evidence["deviation"], evidence["variance"], evidence["smallest_print"]) == (5, 2.0, 5)
    assert evidence["variance_of_counts_below_threshold"] == [4.0, 6.0, 6.0, 4.0]
    assert "not additive" in evidence["weakness"]
    assert len(untouched) <= evidence["printed_alike"] <= evidence["printed_before"] == len(one)


def test_sensitive_categories_raise_threshold_and_deviation_of_the_whole_file(microdata, tmp_path):
    plan = "tables: [{kind: kind, place: place}]\nsensitive: {kind: [a]}\n"
    (tmp_path / "plan.yml").write_text(plan, encoding="utf-8")
    request = ProtectRequest(microdata, tmp_path / "plan.yml", method="cell-key", key=b"k" * 32)
    evidence = protect_file(request, tmp_path / "one", tmp_path / "e.json")
    assert (evidence["deviation"], evidence["variance"], evidence["smallest_print"]) == (10, 8.0, 10)
    assert all(int(value) == 0 or int(value) >= 10 for value in prints_of(tmp_path / "one").values())
