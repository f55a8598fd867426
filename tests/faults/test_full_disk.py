"""A disk without room, a limit for files, folders without rights: nothing is lost and the reason is told."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .group import Killer, Watched, killing, says_no_value
from .scale import LONG

MEBIBYTES = 24
ROOM = (1, 40, 120, 300, 700)  # KiB left


def require_clear(outcome, *codes: int) -> None:
    """Make sure that a run said why it stopped and what to do, and nothing of a record."""
    assert outcome.code in codes, outcome.out + outcome.err
    assert says_no_value(outcome)
    if outcome.code == 1:
        assert "withheld: " in outcome.err
        assert "what to do: " in outcome.err
        assert "a fault of the program" not in outcome.err


class SmallDisk:
    """A disk of its own, in memory, that only the commands on it see."""

    def __init__(self, killer: Killer, folder: Path) -> None:
        self.killer = killer
        self.named = Watched(folder / "watched")  # as the commands call it
        self._seen = Watched(Path(f"{killer.root}{folder}") / "watched")  # as this process reaches it

    def holding(self, template: Path, kibibytes: int) -> Watched:
        """Put a template on the disk and leave so much room."""
        filler = self._seen.folder.parent / "filler"
        filler.unlink(missing_ok=True)
        self._seen.fresh(template)
        free = shutil.disk_usage(self._seen.folder).free
        filler.write_bytes(bytes(max(0, free - kibibytes * 1024)))
        return self.named

    def copied(self, folder: Path) -> Watched:
        """Return a copy of what is on the disk now."""
        return Watched(folder).fresh(self._seen.folder)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    folder, scratch = tmp_path_factory.mktemp("disk"), tmp_path_factory.mktemp("said")
    own = ["unshare", "--map-root-user", "--mount"]
    mounted = f'mount -t tmpfs -o size={MEBIBYTES}m none \'{folder}\' && exec "$0" "$@"'
    if subprocess.run([*own, "sh", "-c", mounted, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    with killing(scratch, scratch, [*own, "sh", "-c", mounted]) as killer:
        assert killer.is_ready
        yield SmallDisk(killer, folder)


@pytest.mark.parametrize("kind", ["ingest", "release", "withdraw", "backup"])
def test_on_a_full_disk_a_run_keeps_all_or_nothing(disk, filled, released, files, tmp_path, kind):
    template = released if kind == "withdraw" else filled
    named = disk.named
    order = {
        "ingest": ["ingest", files / "many" / "cases.csv", "--keep-identifiers"],
        "release": ["release", "--id", "one"],
        "withdraw": ["withdraw", "--yes", "--case", "CANARY-3"],
        "backup": ["vault", "backup", named.folder / "copy.vault"],
    }[kind]
    before = Watched(tmp_path / "before").fresh(template).counts()
    codes = set()
    for room in ROOM if LONG else ROOM[1:2]:
        disk.holding(template, room)
        outcome = disk.killer.run(*order, "-w", named.workspace, environment=named.environment)
        require_clear(outcome, 0, 1)
        codes.add(outcome.code)
        left = disk.copied(tmp_path / "left")
        assert left.plain_files() == []
        assert not list(left.workspace.glob(".release-*"))
        is_kept = outcome.code == 1 and "it is erased and overwritten" not in outcome.err
        assert (left.counts() == before) == (is_kept or kind == "backup")
        assert (left.folder / "copy.vault").exists() == (kind == "backup" and outcome.code == 0)
        assert (left.workspace / "public" / "one").exists() == (kind == "release" and outcome.code == 0)
    assert 1 in codes


def test_a_part_of_the_quarantine_is_never_left_on_a_full_disk(disk, waiting, tmp_path):
    named = disk.holding(waiting, 0)
    file = named.folder / "waiting.csv"
    outcome = disk.killer.run("quarantine", "export", file, "-w", named.workspace)
    assert outcome.code in (1, 2)
    assert "what to do" in outcome.err
    assert disk.copied(tmp_path / "left").plain_files() == []


@pytest.mark.parametrize("limit", [4096, 200_000])
@pytest.mark.parametrize("kind", ["ingest", "release"])
def test_under_a_limit_for_files_nothing_is_lost(killer, watched, filled, files, kind, limit):
    before = watched.fresh(filled).counts()
    order = ["ingest", files / "many" / "cases.csv"] if kind == "ingest" else ["release", "--id", "one"]
    outcome = killer.run(*order, "-w", watched.workspace, environment=watched.environment, file_size=limit)
    require_clear(outcome, 1)
    assert watched.counts() == before
    assert watched.plain_files() == []
    assert not list((watched.workspace / "public").iterdir())


@pytest.fixture(scope="module")
def ordinary(killer: Killer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    """A killer to whom rights apply, whoever runs the tests."""
    if os.geteuid():
        yield killer
        return
    scratch = tmp_path_factory.mktemp("ordinary")
    without = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    with killing(scratch, scratch, without) as made:
        assert made.is_ready
        yield made


@pytest.mark.parametrize(
    ("place", "mode", "order"),
    [
        ("private", 0o500, ["ingest", "FILE"]), ("private/vault.db", 0o400, ["ingest", "FILE"]),
        ("private/vault.db", 0o000, ["status"]), ("private", 0o000, ["status"]),
        ("public", 0o500, ["release"]), (".", 0o500, ["release"]), ("public", 0o000, ["verify"]),
        ("withheld.yml", 0o000, ["status"]), ("policy.yml", 0o000, ["release"]),
        ("sources", 0o000, ["ingest", "FILE"]),
        ("private", 0o500, ["withdraw", "--yes", "--case", "CANARY-1"]),
        ("..", 0o500, ["quarantine", "export", "OUT"]), ("..", 0o500, ["vault", "backup", "OUT"]),
        ("..", 0o500, ["init", "NEW", "--group", "G"]),
    ],
)  # fmt: skip
def test_without_rights_a_run_says_so_and_changes_nothing(
    ordinary, watched, filled, files, place, mode, order
):
    before = watched.fresh(filled).counts()
    names = {
        "FILE": files / "newer" / "cases.csv",
        "OUT": watched.folder / "out",
        "NEW": watched.folder / "new",
    }
    target = (watched.workspace / place).resolve()
    kept = target.stat().st_mode & 0o777
    target.chmod(mode)
    try:
        words = [names.get(word, word) for word in order]
        where = [] if order[0] == "init" else ["-w", watched.workspace]
        outcome = ordinary.run(*words, *where, folder="/")
    finally:
        target.chmod(kept)
    assert outcome.code in (1, 2), outcome.out
    assert says_no_value(outcome)
    assert "withheld: " in outcome.err or "Error: " in outcome.err
    assert "a fault of the program" not in outcome.err
    assert watched.counts() == before
    assert watched.plain_files() == []
    assert not list((watched.workspace / "public").iterdir())


@pytest.mark.parametrize("place", ["private/vault.db", "public", "withheld.yml", "policy.yml", "sources"])
def test_a_folder_where_a_file_should_be_and_the_other_way_round(killer, watched, filled, files, place):
    watched.fresh(filled)
    target = watched.workspace / place
    if target.is_dir():
        shutil.rmtree(target)
        target.write_text("", encoding="utf-8")
    else:
        target.unlink()
        target.mkdir()
    orders = (["status"], ["verify"], ["ingest", files / "cases.csv"], ["release"])
    for order in orders if LONG else orders[:3]:
        outcome = killer.run(*order, "-w", watched.workspace)
        assert outcome.code in (0, 1, 2)
        assert says_no_value(outcome)
        assert "a fault of the program" not in outcome.err, (order, outcome.err)
        assert outcome.code == 0 or "withheld: " in outcome.err


def test_without_a_temporary_folder_everything_works(killer, watched, filled):
    watched.fresh(filled)
    nowhere = {name: str(watched.folder / "nowhere") for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}
    outcome = killer.run("release", "--id", "one", "-w", watched.workspace, environment=nowhere)
    require_clear(outcome, 0, 1)
    assert watched.plain_files() == []
