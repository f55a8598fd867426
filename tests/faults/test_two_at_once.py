"""Two commands on one vault at the same moment: one wins, the other waits or says so; nothing is doubled."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .group import Killer, Watched, killing, says_no_value


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory):
    scratch = tmp_path_factory.mktemp("other")
    with killing(scratch, scratch) as made:
        yield made


def both(first: Killer, second: Killer, watched: Watched, one: Sequence[object], two: Sequence[object]):
    """Run two commands at once and return how they ended; what they said is clear and holds no value."""
    place = ["-w", watched.workspace]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(killer.run, *order, *place) for killer, order in ((first, one), (second, two))]
        ended = [one.result() for one in running]
    for outcome in ended:
        assert outcome.code in (0, 1, 2)
        assert says_no_value(outcome)
        assert "a fault of the program" not in outcome.err
        assert outcome.code == 0 or "what to do" in outcome.err
    assert watched.plain_files() == []
    return ended


def test_two_ingests_of_one_file_store_every_case_once(killer, other, watched, empty, files):
    watched.fresh(empty)
    order = ["ingest", files / "many" / "cases.csv"]
    ended = both(killer, other, watched, order, order)
    assert 0 in [one.code for one in ended]
    counts = watched.counts()
    assert (counts["incident"], counts["person"], counts["source"]) == (600, 600, 600)


def test_an_ingest_beside_a_release_is_counted_whole_or_not_at_all(killer, other, watched, filled, files):
    watched.fresh(filled)
    ended = both(
        killer, other, watched, ["release", "--id", "one"], ["ingest", files / "newer" / "cases.csv"]
    )
    counts = watched.counts()
    assert counts["incident"] in (60, 100)
    assert counts["release_person"] in (0, 60, 100)
    assert (counts["release"] == 1) == (ended[0].code == 0) == published(watched, "one")


def published(watched: Watched, name: str) -> bool:
    """Return whether a release is in public/ and nothing else is."""
    names = [path.name for path in (watched.workspace / "public").iterdir()]
    assert names in ([], [name])
    return names == [name]


def test_two_releases_of_one_id_are_one_release(killer, other, watched, filled):
    watched.fresh(filled)
    order = ["release", "--id", "one"]
    ended = both(killer, other, watched, order, order)
    assert sorted(one.code for one in ended) in ([0, 1], [0, 2])
    assert watched.counts()["release"] == 1
    assert published(watched, "one")
    assert killer.run("verify", "-w", watched.workspace).code == 0


def test_who_withdraws_while_a_release_is_built_is_either_named_with_it_or_not_in_it(
    killer, other, watched, filled
):
    watched.fresh(filled)
    ended = both(
        killer, other, watched, ["release", "--id", "one"], ["withdraw", "--yes", "--case", "CANARY-5"]
    )
    counts = watched.counts()
    if ended[1].code == 0 and ended[0].code == 0:
        assert counts["release_person"] == 59
    assert counts["incident"] == 60 - (ended[1].code == 0)


def test_two_backups_to_one_name_are_one_whole_file(killer, other, watched, filled):
    watched.fresh(filled)
    file: Path = watched.folder / "copy.vault"
    ended = both(killer, other, watched, ["vault", "backup", file], ["vault", "backup", file])
    assert 0 in [one.code for one in ended]
    restored = killer.run("vault", "restore", file, "-w", watched.workspace)
    assert restored.code == 0, restored.err
