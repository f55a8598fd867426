"""Killed at any moment: the vault is whole, nothing is lost, nothing plain is left, no half release.

The moments are drawn over the measured length of one run by a generator with a fixed seed.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest import QUARANTINE_WARNING
from withheld_cli.output import in_workspace

from .group import Killer, Watched, says_no_value
from .scale import tries

RUN = "withheld_cli.release_run"


def moments(seed: int, seconds: float, count: int) -> list[float]:
    """Return so many moments of a run that lasts so long."""
    dice = random.Random(seed)
    return sorted(dice.uniform(0.0, seconds * 1.02) for _ in range(count))


def killed_runs(
    killer: Killer, watched: Watched, template: Path, arguments: Sequence[object], count: int
) -> Iterator[tuple[list[object], dict[str, int], dict[str, int]]]:
    """Kill one command at many moments; yields after each of them, with the state before and after the run.

    The arguments come only every fifth time: then the command is to be run again to its end.
    """
    arguments = [*arguments, "-w", watched.workspace]
    whole = killer.run(*arguments, environment=watched.fresh(template).environment)
    assert whole.code == 0, whole.err
    after = watched.counts()
    before = watched.fresh(template).counts()
    for number, moment in enumerate(moments(7, whole.seconds, count)):
        killed = killer.run(*arguments, environment=watched.fresh(template).environment, kill_after=moment)
        assert killed.code in (0, -9), killed.err
        assert not killed.left
        assert says_no_value(killed)
        yield ([] if number % 5 else arguments), before, after


@pytest.mark.parametrize(("state", "file"), [("empty", "many"), ("filled", "newer")])
def test_a_killed_ingest_keeps_a_file_whole_or_not_at_all(killer, watched, files, request, state, file):
    template = request.getfixturevalue(state)
    order = ["ingest", files / file / "cases.csv", "--keep-identifiers"]
    for again, before, after in killed_runs(killer, watched, template, order, tries(2, 55)):
        assert watched.counts() in (before, after)
        assert watched.plain_files() == []
        if again:
            done = killer.run(*again, environment=watched.environment)
            assert done.code == 0, done.err
            found = watched.counts()
            once = {"ingest_run": 0, "receipt": 0}  # the file may have been taken twice, its rows not
            assert {**found, **once} == {**after, **once}


def test_a_killed_withdrawal_erases_all_of_a_person_or_nothing(killer, watched, released):
    order = ["withdraw", "--yes", "--case", "CANARY-3"]
    for _, before, after in killed_runs(killer, watched, released, order, tries(2, 20)):
        assert watched.counts() in (before, after)
        assert watched.plain_files() == []


def test_a_killed_backup_is_whole_or_not_there(killer, watched, released):
    file = watched.folder / "copy.vault"
    for again, before, _ in killed_runs(killer, watched, released, ["vault", "backup", file], tries(2, 45)):
        assert watched.counts() == before
        assert watched.plain_files() == []
        assert watched.plain_databases() == []
        if again and not file.exists():
            done = killer.run(*again, environment=watched.environment)
            assert done.code == 0, done.err
        if file.exists():
            place = ("vault", "restore", file, "-w", watched.workspace)
            restored = killer.run(*place, environment=watched.environment)
            assert restored.code == 0, restored.err
            assert watched.counts() == before


def test_a_killed_export_of_the_quarantine_leaves_no_part_of_a_plain_file(killer, watched, waiting):
    file = watched.folder / "waiting.csv"
    order = ["quarantine", "export", file]
    workspace = watched.fresh(waiting).workspace
    told = killer.run(*order, "-w", workspace)
    assert told.code == 0
    assert (
        in_workspace(QUARANTINE_WARNING, str(workspace)) in told.err
    )  # it is local, for its owner only, and that it is plain is said
    assert file.stat().st_mode & 0o777 == 0o600
    whole = file.read_bytes()
    assert "канарейка".encode() in whole
    for _, before, _ in killed_runs(killer, watched, waiting, order, tries(2, 20)):
        assert watched.counts() == before
        assert watched.plain_files(but=[file]) == []
        assert not file.exists() or file.read_bytes() == whole
    killer.run(
        *order, "-w", watched.fresh(waiting).workspace, dies_at="codebook.whole_file:_give_name:before"
    )
    assert watched.plain_files() == []


@pytest.mark.parametrize("moment", ["vault.opening:give_name:before", "vault.opening:give_name:after",
                                    "withheld_cli.workspace:load_workspace:before"])  # fmt: skip
def test_a_killed_init_can_be_run_again(killer, watched, moment):
    watched.folder.mkdir()
    order = ["init", watched.workspace, "--group", "Our group"]
    assert killer.run(*order, dies_at=moment).code == -9
    again = killer.run(*order)
    assert again.code == (2 if "load_workspace" in moment else 0), again.err
    assert killer.run("status", "-w", watched.workspace).code == 0
    with watched.vault() as vault:
        assert [row["action"] for row in vault.rows("custody")] == ["vault created"]


def published(watched: Watched) -> list[str]:
    """Return the releases in public/, hidden ones too."""
    return sorted(path.name for path in (watched.workspace / "public").iterdir())


def require_whole_release(killer: Killer, watched: Watched, name: str) -> None:
    """Make sure that a release is complete and passes the auditor."""
    folder = watched.workspace / "public" / name
    checked = killer.run("audit", folder, environment=watched.environment)
    assert checked.code == 0, checked.out


def test_a_killed_release_is_published_whole_or_not_at_all(killer, watched, filled):
    order = ["release", "--id", "one"]
    for again, before, after in killed_runs(killer, watched, filled, order, tries(1, 45)):
        state = watched.counts()
        assert state in (before, after)
        assert watched.plain_files() == []
        assert published(watched) in ([], ["one"])
        if published(watched):
            assert state == after
            require_whole_release(killer, watched, "one")
        elif again:
            done = killer.run(*again, environment=watched.environment)
            assert done.code == 0, done.err
            assert watched.counts() == after
            require_whole_release(killer, watched, "one")
            assert not list(watched.workspace.glob(".release-*"))


@pytest.mark.parametrize(
    ("moment", "is_remembered"),
    [(f"{RUN}:_remember:before", False), (f"{RUN}:_remember:after", False),
     (f"{RUN}:give_release_its_name:before", True)],
)  # fmt: skip
def test_killed_between_two_writes_verify_says_what_to_do_and_the_next_release_does_it(
    killer, watched, filled, moment, is_remembered
):
    watched.fresh(filled)
    place = ("-w", watched.workspace)
    killed = killer.run("release", "--id", "one", *place, environment=watched.environment, dies_at=moment)
    assert killed.code == -9
    assert published(watched) == []
    assert watched.counts()["release"] == is_remembered
    told = killer.run("verify", *place, environment=watched.environment)
    assert told.code == is_remembered
    assert (f"run `withheld release -w {watched.workspace}`, which publishes it" in told.out) == is_remembered
    assert ("left by a stopped run: one" in told.out) != is_remembered
    dry = killer.run("release", "--dry-run", "--id", "other", *place, environment=watched.environment)
    assert dry.code == 0, dry.err  # a look does not take away what waits
    done = killer.run("release", "--id", "one", *place, environment=watched.environment)
    assert done.code == 0, done.err
    assert published(watched) == ["one"]
    require_whole_release(killer, watched, "one")
    assert killer.run("verify", *place, environment=watched.environment).code == 0


def test_a_changed_folder_aside_is_never_published(killer, watched, filled):
    watched.fresh(filled)
    place = ("-w", watched.workspace)
    moment = f"{RUN}:give_release_its_name:before"
    killer.run("release", "--id", "one", *place, environment=watched.environment, dies_at=moment)
    (aside,) = watched.workspace.glob(".release-*")
    (aside / "index.en.html").write_text("canary told", encoding="utf-8")
    done = killer.run("release", "--id", "two", *place, environment=watched.environment)
    assert done.code == 0, done.err
    assert published(watched) == ["two"]
    told = killer.run("verify", *place, environment=watched.environment)
    assert "not in public/:       one" in told.out
    assert watched.plain_files() == []
