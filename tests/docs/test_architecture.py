"""The picture of the house is the house: every arrow is an import, and the walk is walked with cases."""

import datetime
import doctest
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import reports
from ingest import ingest_files, load_sources
from ingest.declarations.load import PACKAGED
from ingest.synthetic import synthesize
from reports.select import select_charts
from tests.house import ROOT, between, drawn, modules
from tests.vault_factory import PASSPHRASE
from vault import open_vault
from withheld_cli.release_run import run_release
from withheld_cli.workspace import create_workspace

PAGE = ROOT / "docs" / "architecture.md"
TEXT = PAGE.read_text(encoding="utf-8")
DRAWINGS = re.findall(r"```mermaid\n(.*?)```", TEXT, re.DOTALL)
DOOR, FLOORS, INGEST, ANONYMIZE, TABLES = DRAWINGS
_ARROW = re.compile(r"^ *(\w+) --> (\w+)$", re.MULTILINE)
_BOX = re.compile(r"^ *(\w+)\[", re.MULTILINE)
_WALK = TEXT.partition("## 5. ")[2].partition("## 6. ")[0]
_STEP = re.compile(r"`([\w.]+)`\s+\(`([\w/]+\.py)`\)")
STEPS = [(path, name) for name, path in _STEP.findall(_WALK)]
NOW = datetime.datetime(2026, 1, 15, 12, tzinfo=datetime.UTC)


def rooms_below(folder: str, named: dict[str, str]) -> Callable[[str], str | None]:
    """Return what gives the room of a module: its name below a folder, or what the page calls it."""

    def room(module: str) -> str | None:
        if not module.startswith(f"{folder}."):
            return None
        below = module.removeprefix(f"{folder}.")
        return next(
            (name for start, name in named.items() if f"{below}.".startswith(f"{start}.")),
            below.partition(".")[0],
        )

    return room


def floor(module: str) -> str:
    stage = module.partition(".")[0]
    return "front_door" if stage == "withheld" else stage


def anonymize_room(module: str) -> str | None:
    stage, _, below = module.partition(".")
    first = below.partition(".")[0]
    if stage != "anonymize" or not below:
        return None
    return first if (ROOT / "anonymize" / first).is_dir() else "files"


@pytest.mark.parametrize(
    ("drawing", "room"),
    [
        (FLOORS, floor),
        (INGEST, rooms_below("ingest", {})),
        (ANONYMIZE, anonymize_room),
        (TABLES, rooms_below("anonymize.tables", {"suppression.exact": "exact", "files": "from_files"})),
    ],
    ids=["floors", "ingest", "anonymize", "tables"],
)
def test_the_arrows_of_a_drawing_are_the_imports(drawing: str, room: Callable[[str], str | None]) -> None:
    found = drawn(between(room))
    assert set(_ARROW.findall(drawing)) == {(one, other) for one, others in found.items() for other in others}
    assert set(_BOX.findall(drawing)) == set(found)


def test_the_one_door_is_drawn_with_functions_and_files_that_exist() -> None:
    known = {function.name for module in modules().values() for function in module.functions}
    labels = re.findall(r"\|(\w+)\|", DOOR)
    assert labels
    assert set(labels) <= known
    for pattern in re.findall(r'\["([\w/]+/[\w*.]+)"\]', DOOR):
        assert list(ROOT.glob(pattern)), pattern


@contextmanager
def calls_of(steps: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Give the calls of these functions, in their order, while the block runs."""
    wanted = {(str(ROOT / path), name): (path, name) for path, name in steps}
    seen: dict[CodeType, tuple[str, str] | None] = {}
    calls: list[tuple[str, str]] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call":
            if code not in seen:
                seen[code] = wanted.get((code.co_filename, code.co_qualname))
            if (step := seen[code]) is not None:
                calls.append(step)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def out_of_order(steps: list[tuple[str, str]], calls: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the steps that no call after the call of the step before them makes."""
    ahead = iter(calls)
    return [step for step in steps if all(call != step for call in ahead)]


def test_the_walk_names_functions_in_the_order_in_which_they_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invented casebook of 120 incidents, from the workbook to a published release with one chart."""
    synthesize(tmp_path / "incoming", incidents=120, seed=7, formats=("spreadsheet",))
    group = create_workspace(tmp_path / "group", "Invented group", PASSPHRASE, NOW)
    publish = reports.publish_release
    monkeypatch.setattr("reports.publish.select_charts", lambda release: select_charts(release)[:1])
    monkeypatch.setattr("reports.publish_release", lambda folder, **_: publish(folder, kinds=("svg",)))
    with open_vault(group.vault_path, PASSPHRASE) as vault, calls_of(STEPS) as calls:
        ingest_files(vault, [tmp_path / "incoming"], sources=load_sources(PACKAGED), now=NOW)
        outcome = run_release(group, vault, release_id="one", now=NOW, dry_run=False, step=lambda name: None)
    assert outcome.folder == tmp_path / "group" / "public" / "one"
    assert len(STEPS) > 40
    assert [step for step in STEPS if step not in calls] == []
    assert out_of_order(STEPS, calls) == []


def test_the_examples_of_the_page_give_what_it_says() -> None:
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0
