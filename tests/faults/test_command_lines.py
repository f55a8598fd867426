"""Hostile command lines: an exit code of the contract, a reason, and nothing written where nobody said.

A line is found again by its number, which is its seed.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

from .group import CANARIES, Killer, Watched
from .hostile_arguments import Line, hostile_line
from .scale import LINES

PARTS = 4
LONGEST = 60.0  # seconds that a line may take
FRESH = 40  # lines after which the group is brought back to its first state


class Sandbox:
    """A folder from which the lines are run, with a group and files of many kinds beside it."""

    def __init__(self, folder: Path, template: Path, files: Path) -> None:
        self.folder = folder
        self._template, self._sources = template, files
        self.watched = Watched(folder / "watched")
        self.here = folder / "here"

    def fresh(self) -> list[Path]:
        """Bring everything back, and return what there is to name."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.here.mkdir(parents=True)
        self.watched.fresh(self._template)
        shutil.copytree(self._sources, self.folder / "sources")
        (self.here / "empty.csv").write_bytes(b"")
        (self.here / "zeros.xlsx").write_bytes(bytes(5000))
        (self.here / "plan.yml").write_text("tables: [", encoding="utf-8")
        (self.here / "endless").symlink_to("endless")
        (self.here / "gone").symlink_to("nowhere")
        (self.here / "key").write_bytes(bytes(range(64)))
        group = self.watched.workspace
        return [
            *self.here.iterdir(), self.here / "new.csv", self.here / "new", self.here / "none" / "new.csv",
            self.folder / "sources" / "cases.csv", self.folder / "sources" / "newer", group, group / "public",
            group / "public" / "first", group / "public" / "first" / "release.db", group / "policy.yml",
            group / "sources" / "desk.yml", group / "private" / "vault.db", group / "tables.yml",
        ]  # fmt: skip

    def files(self) -> set[Path]:
        """Return every file and folder outside of the group's."""
        return {path for path in self.folder.rglob("*") if self.watched.folder not in path.parents}


def require_contract(killer: Killer, sandbox: Sandbox, line: Line) -> None:
    """Run one line and make sure that it keeps to the contract of the command line."""
    before = sandbox.files()
    environment = {
        **sandbox.watched.environment,
        "COLUMNS": "100",
        "WITHHELD_NEW_PASSPHRASE": "quite another one",
    }
    fault = "reports:serve_release:EADDRINUSE"  # the only command that would not end
    outcome = killer.run(
        *line.words, folder=sandbox.here, environment=environment, kill_after=LONGEST, breaks_at=fault
    )
    assert outcome.code in (0, 1, 2), f"exit code {outcome.code}: {outcome.err[-300:]}"
    said = outcome.out + outcome.err
    asked = " ".join(line.words)
    assert not any(canary in said for canary in CANARIES if canary not in asked)
    assert "Traceback" not in said
    assert "a fault of the program" not in said, outcome.err
    if outcome.code:
        assert said.strip()
        assert (
            outcome.code == 1 or "what to do" in outcome.err or "Error: " in outcome.err or "Usage: " in said
        )
    named = [Path(os.path.normpath(sandbox.here / path)) for path in line.paths]
    for path in sandbox.files() - before:
        assert any(one in (path, *path.parents) or path in one.parents for one in named), path


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hostile_command_line_is_refused_in_words_and_writes_only_where_it_says(
    killer, released, files, tmp_path, part
):
    sandbox = Sandbox(tmp_path / "sandbox", released, files)
    for place, number in enumerate(range(part, LINES, PARTS)):
        if place % FRESH == 0:
            names = sandbox.fresh()
        line = hostile_line(random.Random(number), names, sandbox.watched.workspace)
        try:
            require_contract(killer, sandbox, line)
        except AssertionError as error:
            raise AssertionError(f"line {number}: {line.words}: {error}") from error
