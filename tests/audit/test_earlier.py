"""Over time: what a reader who believes in growth, or in closed periods, can add to each release."""

import numpy as np
import pytest

from anonymize.audit import CHECKS, IntervalAttack, Linked, audit_release, sum_rows
from anonymize.audit.interval import held_beliefs
from codebook import Verdict

from .fake_release import FakeRelease, FakeTable, flat

ONLY = {"earlier_releases": CHECKS["earlier_releases"]}


def release(folder, built, **prints):
    """Write a release with one table of two kinds and their total."""
    values: dict[tuple[str, ...], int | None] = {(code,): value for code, value in prints.items()}
    values[("_T",)] = sum(prints.values())
    codes = {"kind": flat(*prints)}
    settings = {"built_at": built, "period_to": "2023-12-31"}
    return FakeRelease([FakeTable("kinds", "persons", ("kind",), values)], codes, settings).write(folder)


def finding(now, *earlier):
    """Return what the attack over time found."""
    return audit_release(now, earlier, checks=ONLY).findings[0]


def test_a_first_release_has_nothing_to_be_compared_with(tmp_path):
    assert finding(release(tmp_path / "a", "2024-01-01", x=10, y=15)).verdict is Verdict.PASS


def test_the_same_prints_tell_nothing_new(tmp_path):
    first = release(tmp_path / "a", "2024-01-01", x=10, y=15)
    found = finding(release(tmp_path / "b", "2024-02-01", x=10, y=15), first)
    assert (found.verdict, found.counts["changes_proved"]) == (Verdict.PASS, 0)


def test_a_print_that_falls_leaves_a_believer_in_growth_just_what_the_gate_allows(tmp_path):
    first = release(tmp_path / "a", "2024-01-01", x=10, y=15)
    middle = release(tmp_path / "b", "2024-02-01", x=5, y=15)
    found = finding(middle, first)
    assert found.counts["only_growth"]["too_narrow"] == 0  # 6..9 is as wide as the threshold - 2
    squeezed = finding(release(tmp_path / "c", "2024-03-01", x=5, y=25), first, middle)
    assert squeezed.counts["only_growth"]["disproved"] == 0
    assert squeezed.verdict is Verdict.PASS


def test_a_large_change_is_proved_but_not_a_small_one(tmp_path):
    first = release(tmp_path / "a", "2024-01-01", x=10, y=15)
    found = finding(release(tmp_path / "b", "2024-02-01", x=30, y=15), first)
    assert (found.counts["changes_proved"], found.counts["small_changes_proved"]) == (2, 0)
    assert found.verdict is Verdict.PASS


def test_a_withdrawal_disproves_growth_in_its_cells_only(tmp_path):
    first = release(tmp_path / "a", "2024-01-01", x=40, y=15)
    found = finding(release(tmp_path / "b", "2024-02-01", x=20, y=15), first)
    assert found.counts["only_growth"]["disproved"] == 2
    assert found.counts["only_growth"]["contradictory_units"] == 0


def naive(folder, built, base=1, **prints):
    """Write a release that thinks of itself only: each number as it is, or withheld."""
    values: dict[tuple[str, ...], int | None] = {
        (code,): value for code, value in prints.items() if code != "total"
    }
    values["_T",] = prints.get("total", sum(value or 0 for value in prints.values()))
    table = FakeTable("kinds", "persons", ("kind",), values, base)
    codes = {"kind": flat(*(code for code in prints if code != "total"))}
    return FakeRelease([table], codes, {"built_at": built, "period_to": "2023-12-31"}).write(folder)


def test_a_withdrawn_person_in_a_naive_release_is_a_small_change_in_her_cell_and_in_the_total(tmp_path):
    first = naive(tmp_path / "a", "2024-01-01", x=12, y=9)
    found = finding(naive(tmp_path / "b", "2024-02-01", x=11, y=9), first)
    assert (found.verdict, found.counts["small_changes_proved"]) == (Verdict.FAIL, 2)


def test_a_total_that_moved_by_one_is_caught_though_its_parts_are_withheld(tmp_path):
    first = naive(tmp_path / "a", "2024-01-01", x=None, y=None, total=40)
    found = finding(naive(tmp_path / "b", "2024-02-01", x=None, y=None, total=41), first)
    assert (found.verdict, found.counts["small_changes_proved"]) == (Verdict.FAIL, 1)


def test_a_number_shown_then_withheld_is_exact_for_who_believes_that_nothing_changed(tmp_path):
    kinds = {"2022": ("_T", "year", 0), "2023": ("_T", "year", 0)}

    def yearly(folder, built, values):
        table = FakeTable("years", "persons", ("period",), values, 1)
        return FakeRelease([table], {"period": kinds}, {"built_at": built}).write(folder)

    first = yearly(tmp_path / "a", "2024-01-01", {("2022",): 7, ("2023",): 30})
    found = finding(yearly(tmp_path / "b", "2024-02-01", {("2022",): None, ("2023",): None}), first)
    assert found.verdict is Verdict.FAIL
    assert found.counts["closed_periods_unchanged"]["exact"] == 2


@pytest.mark.parametrize(("last", "verdict"), [(30, Verdict.REVIEW), (60, Verdict.PASS)])
def test_a_cell_narrow_under_a_belief_is_put_to_a_person_unless_the_prints_disprove_the_belief(
    tmp_path, last, verdict
):
    years = {"2022": ("_T", "year", 0), "2023": ("_T", "year", 0)}

    def yearly(folder, built, **values):
        prints: dict[tuple[str, ...], int | None] = {(code[1:],): value for code, value in values.items()}
        table = FakeTable("years", "persons", ("period",), prints, 3)
        return FakeRelease([table], {"period": years}, {"built_at": built}).write(folder)

    first = yearly(tmp_path / "a", "2024-01-01", y2022=6, y2023=30)
    found = finding(yearly(tmp_path / "b", "2024-02-01", y2022=9, y2023=last), first)
    assert found.counts["closed_periods_unchanged"]["too_narrow"] == 1
    assert found.verdict is verdict


def test_a_number_withheld_then_shown_is_caught_but_for_a_printed_zero(tmp_path):
    first = naive(tmp_path / "a", "2024-01-01", 5, x=None, y=None, z=None, total=40)
    found = finding(naive(tmp_path / "b", "2024-02-01", 5, x=20, y=20, z=0), first)
    assert (found.verdict, found.counts["withheld_then_shown"]) == (Verdict.FAIL, 2)


def test_beliefs_are_given_up_one_by_one():
    linked = Linked(np.array([0.0, 0.0, 6.0, 0.0]), np.array([4.0, 4.0, 9.0, 4.0]), [])
    grows = [((0, 2), (1.0, -1.0), 0.0, np.inf), ((1, 3), (1.0, -1.0), 0.0, np.inf)]
    assert held_beliefs(linked, grows) == [grows[1]]


@pytest.mark.parametrize(("low", "high"), [(1.0, 4.0)])
def test_growth_carries_bounds_from_one_release_to_the_other(low, high):
    rows = [*sum_rows([]), ((0, 1), (1.0, -1.0), 0.0, np.inf)]
    attack = IntervalAttack(Linked(np.array([0.0, 1.0]), np.array([4.0, 9.0]), rows))
    assert attack.interval(0) == attack.interval(1) == (low, high)


def test_records_of_an_earlier_release_narrow_what_a_later_one_prints(tmp_path):
    # Nine records of x, printed 10 (6-14); then x is printed 5 (1-9), without records: it was 9 and still is.
    def write(folder, built, print_of_x, records):
        values: dict[tuple[str, ...], int | None] = {("x",): print_of_x, ("y",): 15, ("_T",): print_of_x + 15}
        table = FakeTable("kinds", "persons", ("kind",), values)
        settings = {"built_at": built, "period_to": "2023-12-31"}
        made = FakeRelease([table], {"kind": flat("x", "y")}, settings, ("kind",), [("x",)] * records)
        return made.write(folder)

    first = write(tmp_path / "a", "2024-01-01", 10, 9)
    found = finding(write(tmp_path / "b", "2024-02-01", 5, 0), first)
    assert found.counts["only_growth"]["exact"] == 1
    assert found.verdict is Verdict.FAIL
    without = write(tmp_path / "c", "2024-01-01", 10, 0)
    assert finding(tmp_path / "b", without).counts["only_growth"]["exact"] == 0
