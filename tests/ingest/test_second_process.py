"""A large file is read in a second process: the same vault comes of it, and a fault of it tells no value."""

import os
import signal
from pathlib import Path

import pytest

from codebook import WithheldError
from ingest.cases import batches
from ingest.flat import prepare, stream

from .test_flat import assert_same
from .workbench import Workbench, csv_text, row

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
ROWS = [row(Case=f"A-{number}", Age=str(number * 7 % 90), Phone=f"+7 900 000-00-{number:02d}")
        for number in range(40)]  # fmt: skip


@pytest.fixture
def forked(monkeypatch):
    """Let every file be read in a second process, in batches of seven rows."""
    monkeypatch.setattr(stream, "can_fork", lambda size: True)
    monkeypatch.setattr("ingest.setup.can_fork", lambda size: True)
    monkeypatch.setattr(batches, "BATCH", 7)


def no_child_left() -> bool:
    """Return whether this process has no child, running or not waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


@pytest.mark.usefixtures("forked")
def test_a_file_read_in_a_second_process_makes_the_same_vault():
    broken = [*ROWS, row(Case="A-1", Age="240"), row(Case="", Date="31.02.2023"), row(Story=" \x1f ")]
    found = assert_same([broken, broken[::-1], [row(Case="A-5", Region="nowhere at all")]])
    assert len(found["incident"]) > 30
    assert no_child_left()


@pytest.mark.usefixtures("forked")
def test_a_file_that_breaks_off_is_refused_and_leaves_nothing(tmp_path):
    bench = Workbench(tmp_path)
    text = csv_text(ROWS)
    (summary,) = bench.ingest(bench.file(text + '"A-99","an open quote')).files
    assert summary.refused is not None
    assert "a quoted cell does not end" in summary.refused.reason
    assert set(bench.records().values()) == {0}
    assert no_child_left()


@pytest.mark.usefixtures("forked")
def test_a_fault_of_the_second_process_tells_its_kind_and_no_value(tmp_path, monkeypatch, capfd):
    def fault(*_: object) -> None:
        raise ZeroDivisionError("Zaira Invented")

    monkeypatch.setattr(prepare.Preparer, "prepare", fault)
    bench = Workbench(tmp_path)
    with pytest.raises(WithheldError, match=r"stopped \(ZeroDivisionError\)") as raised:
        bench.ingest(bench.file(csv_text(ROWS)))
    printed = capfd.readouterr()
    assert "Zaira" not in f"{raised.value} {raised.value.remedy} {printed.out} {printed.err}"
    assert set(bench.records().values()) == {0}
    assert no_child_left()


@pytest.mark.usefixtures("forked")
def test_a_second_process_that_is_killed_stops_the_run_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(prepare.Preparer, "prepare", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    bench = Workbench(tmp_path)
    with pytest.raises(WithheldError, match="it was ended"):
        bench.ingest(bench.file(csv_text(ROWS)))
    assert set(bench.records().values()) == {0}
    assert no_child_left()


@pytest.mark.usefixtures("forked")
def test_a_run_that_stops_in_the_middle_ends_its_second_process(tmp_path, monkeypatch):
    from ingest.flat.take import FlatIntake

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FlatIntake, "take", interrupted)
    bench = Workbench(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        bench.ingest(bench.file(csv_text(ROWS)))
    assert no_child_left()
    left = {one.name for one in Path(tmp_path).iterdir() if not one.name.startswith("vault.db")}
    assert left == {"desk.csv", "desk.yml"}


def test_small_files_and_single_cores_need_no_second_process(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert not stream.can_fork(10**9)
    assert not stream.can_fork(1000)
