"""Progress is shown on a terminal only, never beside JSON; it tells steps, times and rows, never a value."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from withheld_cli import progress as shown
from withheld_cli.progress import about_rows, rows_step, told_checks

SECRET = "Хадижат Неизвестная"
CASES = f"name;age\n{SECRET};19\n"


def on_a_terminal(*arguments: str, folder: Path) -> tuple[str, str]:
    """Run `withheld` with stderr on a terminal of its own; return stdout and what the terminal was told."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "withheld", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(shown.__file__).parents[1]),
            "TERM": "xterm",
            "COLUMNS": "100",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        check=False,
    )
    os.close(theirs)
    told = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # everything is read
            break
        if not piece:
            break
        told += piece
    os.close(ours)
    return done.stdout, told.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("progress")
    (folder / "cases.csv").write_text(CASES, encoding="utf-8")
    return folder


def test_a_terminal_sees_the_step_and_no_value(folder):
    _, told = on_a_terminal("risk", "cases.csv", "--quasi", "name,age", folder=folder)
    assert "measuring" in told
    assert SECRET not in told


def test_beside_json_a_terminal_sees_nothing(folder):
    printed, told = on_a_terminal("risk", "cases.csv", "--quasi", "name,age", "--json", folder=folder)
    assert printed.startswith("{")
    assert told == ""


def test_without_a_terminal_nothing_is_told(folder, capsys):
    with shown.progress("measuring") as step:
        step("a step", "half of it")
    assert capsys.readouterr() == ("", "")


def test_a_step_that_took_long_leaves_its_name_and_time(monkeypatch):
    told: list[str] = []

    class Screen:
        console = type("Console", (), {"print": lambda self, text, **_: told.append(text)})()

        def add_task(self, title, total):
            return 0

        def reset(self, task, description):
            told.append(description)

        def update(self, task, description):
            told.append(description)

    times = iter([0.0, 0.5, 1.0, 4.0, 4.0, 4.5, 4.5])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    steps = shown._Steps("release", Screen())
    steps("counting")
    steps("drawing", "a chart")
    steps("attacking")
    assert told == [
        "release: counting",
        "release: counting, 3 s",
        "release: drawing",
        "release: drawing: a chart",
        "release: attacking",
    ]


def test_of_a_large_file_of_lines_the_share_is_told_and_of_others_the_rows(monkeypatch, tmp_path):
    monkeypatch.setattr(shown, "_SMALL", 0)
    large, workbook = tmp_path / "large.csv", tmp_path / "cases.xlsx"
    large.write_text("a;b\n" * 100, encoding="utf-8")
    workbook.write_bytes(b"PK")
    told: list[tuple[str, str]] = []
    tell = rows_step(lambda name, detail="": told.append((name, detail)))
    tell(large, 25)
    tell(large, 5000)
    tell(workbook, 2000)
    assert told == [
        ("reading large.csv", "25 rows, about 25%"),
        ("reading large.csv", "5,000 rows, about 99%"),
        ("reading cases.xlsx", "2,000 rows"),
    ]


def test_a_small_file_is_not_read_twice_for_its_share(tmp_path):
    small = tmp_path / "small.csv"
    small.write_text("a;b\n" * 100, encoding="utf-8")
    assert about_rows(small) == 0


def test_every_check_of_the_auditor_names_itself():
    told: list[str] = []
    checks = told_checks({"schema": lambda release: release, "codes": lambda release: release}, told.append)
    assert [check("r") for check in checks.values()] == ["r", "r"]
    assert told == ["attack 1 of 2, schema", "attack 2 of 2, codes"]
