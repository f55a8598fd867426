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


def test_beliefs_are_given_up_one_by_one():
    linked = Linked(np.array([0.0, 0.0, 6.0, 0.0]), np.array([4.0, 4.0, 9.0, 4.0]), [])
    grows = [((0, 2), (1.0, -1.0), 0.0, np.inf), ((1, 3), (1.0, -1.0), 0.0, np.inf)]
    assert held_beliefs(linked, grows) == [grows[1]]


@pytest.mark.parametrize(("low", "high"), [(1.0, 4.0)])
def test_growth_carries_bounds_from_one_release_to_the_other(low, high):
    rows = [*sum_rows([]), ((0, 1), (1.0, -1.0), 0.0, np.inf)]
    attack = IntervalAttack(Linked(np.array([0.0, 1.0]), np.array([4.0, 9.0]), rows))
    assert attack.interval(0) == attack.interval(1) == (low, high)
