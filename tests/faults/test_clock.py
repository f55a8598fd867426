"""A clock that was set back, or stood in the future for a while: order is kept, and it is said."""

import datetime

import pytest

from .group import Watched, says_no_value
from .scale import LONG

DAY = 86_400.0


def test_a_release_is_refused_by_a_clock_before_the_last_entry_and_says_why(killer, watched, released):
    before = watched.fresh(released).counts()
    refused = killer.run("release", "-w", watched.workspace, clock=-400 * DAY)
    assert refused.code == 1
    assert "the clock of this machine" in refused.err
    assert "--clock-is-right" in refused.err
    assert watched.counts() == before
    assert [path.name for path in (watched.workspace / "public").iterdir()] == ["first"]


def test_a_small_step_back_is_no_fault(killer, watched, released):
    watched.fresh(released)
    done = killer.run("release", "--dry-run", "-w", watched.workspace, clock=-600.0)
    assert done.code == 0, done.err


def test_what_is_done_with_the_clock_set_back_stays_in_order_and_verify_says_so(
    killer, watched, released, files
):
    watched.fresh(released)
    place = ("-w", watched.workspace)
    done = killer.run("ingest", files / "newer" / "cases.csv", *place, clock=-400 * DAY)
    assert done.code == 0, done.err
    watched.counts()  # the chain holds
    told = killer.run("verify", *place)
    assert told.code == 0, told.out
    assert "it was set back before entry 4; the order of the entries is right" in told.out


def test_after_a_release_of_the_future_no_id_collides_and_consent_is_not_quietly_younger(
    killer, watched, filled
):
    watched.fresh(filled)
    place = ("-w", watched.workspace)
    future = killer.run("release", *place, clock=400 * DAY)
    assert future.code == 0, future.err
    assert killer.run("release", *place).code == 1  # today is before what the vault knows
    again = killer.run("release", "--clock-is-right", *place)
    assert again.code in (0, 1)
    assert "a fault of the program" not in again.err
    names = sorted(path.name for path in (watched.workspace / "public").iterdir())
    assert len(names) == len(set(names)) == 1 + (again.code == 0)
    assert killer.run("verify", *place).code == 0


@pytest.mark.parametrize("days", [-30_000.0, 2_000_000.0] if LONG else [2_000_000.0])
def test_a_clock_far_off_is_a_reason_and_no_fault(killer, watched, released, days):
    watched.fresh(released)
    for order in (["status"], ["verify"], ["consent", "due"], ["release", "--dry-run"]):
        if days > 0:
            days = (datetime.datetime(9990, 1, 1) - datetime.datetime.now()).days
        outcome = killer.run(*order, "-w", watched.workspace, clock=days * DAY)
        assert outcome.code in (0, 1)
        assert says_no_value(outcome)
        assert "a fault of the program" not in outcome.err, (order, outcome.err)
    assert Watched(watched.folder).counts()["release"] == 1
