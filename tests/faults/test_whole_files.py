"""What the engines and the forms write is whole or not there, and what was there stays until then."""

import os
import threading
import zipfile
from pathlib import Path

import pytest

from codebook.whole_file import replaced_file, write_whole_set

from .group import says_no_value
from .scale import tries
from .test_killed import moments

LADDER = "19;10-19;*\n20;20-29;*\n21;20-29;*\n"
PLAN = "tables: [{age: age, region: region}, {age: age}, {region: region}]\n"
NAMED = "codebook.whole_file:_give_name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with microdata, a ladder and a plan, and an empty one for what is written."""
    lines = [f"{19 + number % 3},{'RU-DA' if number % 2 else 'RU-CE'}" for number in range(90)]
    (tmp_path / "cases.csv").write_text("\n".join(["age,region", *lines, ""]), encoding="utf-8")
    (tmp_path / "ladders").mkdir()
    (tmp_path / "ladders" / "age.csv").write_text(LADDER, encoding="utf-8")
    (tmp_path / "plan.yml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "out").mkdir()
    return tmp_path


def order_of(command: str, folder: Path) -> list[object]:
    """Return a command line that writes everything into `out`."""
    out = folder / "out"
    evidence = ("--evidence", out / "evidence.json")
    return {
        "anonymize": ["anonymize", folder / "cases.csv", "--hierarchies", folder / "ladders", "-k", "2",
                      "-o", out / "safe.csv", *evidence],
        "protect": ["protect", folder / "cases.csv", "--plan", folder / "plan.yml", "--method", "suppression",
                    "-o", out / "tables", *evidence],
        "template": ["template", "spreadsheet", out / "form.xlsx"],
        "risk": ["risk", folder / "cases.csv", "--quasi", "age", "--hierarchies", folder / "ladders",
                 "--chart", out / "chart.svg"],
    }[command]  # fmt: skip


def written(folder: Path) -> dict[str, int]:
    """Return the files that a person sees and their sizes; a hidden one may be left by a kill."""
    found = (folder / "out").rglob("*")
    paths = [path.relative_to(folder / "out") for path in found if path.is_file()]
    return {str(path): (folder / "out" / path).stat().st_size for path in paths if not is_hidden(path)}


def is_whole(path: Path, size: int) -> bool:
    """Return whether a file is complete; a workbook says when it was made, so that its size varies."""
    if path.suffix != ".xlsx":
        return path.stat().st_size == size
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None


def is_hidden(path: Path) -> bool:
    return any(part.startswith(".withheld-") for part in path.parts)


@pytest.mark.parametrize("command", ["anonymize", "protect", "template", "risk"])
def test_killed_at_any_moment_each_file_is_whole_or_not_there(killer, folder, command):
    whole = killer.run(*order_of(command, folder))
    assert whole.code in (0, 1), whole.err
    expected = written(folder)
    assert expected
    fixed = {name for name in expected if name != "evidence.json"}  # it says how many seconds it took
    for moment in moments(7, whole.seconds, tries(3, 20)):
        for path in sorted((folder / "out").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        killed = killer.run(*order_of(command, folder), kill_after=moment)
        assert killed.code in (whole.code, -9)
        found = written(folder)
        assert found.keys() <= expected.keys()
        assert all(is_whole(folder / "out" / name, expected[name]) for name in found.keys() & fixed)
        assert command != "protect" or found.keys() & fixed in (set(), fixed)
        assert "evidence.json" not in found or found.keys() == expected.keys()


@pytest.mark.parametrize("command", ["anonymize", "template", "risk"])
def test_what_was_written_has_no_name_until_it_is_complete(killer, folder, command):
    killed = killer.run(*order_of(command, folder), dies_at=f"{NAMED}:before")
    assert killed.code == -9
    assert list((folder / "out").iterdir()) == []


def test_tables_of_a_killed_run_are_not_in_their_folder(killer, folder):
    killed = killer.run(*order_of("protect", folder), dies_at=f"{NAMED}:after")
    assert killed.code == -9
    assert not (folder / "out" / "tables").exists()


@pytest.mark.parametrize("command", ["anonymize", "protect"])
def test_without_room_what_was_there_stays_as_it_was(killer, folder, command):
    assert killer.run(*order_of(command, folder)).code == 0
    before = {path: path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()}
    refused = killer.run(*order_of(command, folder), file_size=500)
    assert refused.code == 1
    assert "make room" in refused.err
    assert says_no_value(refused)
    assert {path: path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()} == before


def test_a_second_run_replaces_the_first_and_leaves_nothing_beside_it(killer, folder):
    for _ in range(2):
        assert killer.run(*order_of("protect", folder)).code == 0
    names = {path.name for path in (folder / "out").rglob("*")}
    assert not any(name.startswith(".") for name in names)
    assert "evidence.json" in names


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    with replaced_file(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    with replaced_file(pipe) as file:
        file.write("new")
    reader.join(10)
    assert got == ["new"]
    assert pipe.is_fifo()


def test_a_set_goes_into_a_new_an_empty_and_a_full_folder(tmp_path):
    for name in ("new/below", "empty", "full"):
        folder = tmp_path / name
        if name != "new/below":
            folder.mkdir()
        if name == "full":
            (folder / "other.txt").write_text("stays", encoding="utf-8")
        write_whole_set(folder, {"a.csv": "1", "b.csv": "2"})
        assert {path.name for path in folder.iterdir()} == {"a.csv", "b.csv"} | (
            {"other.txt"} if name == "full" else set()
        )
    assert {path.name for path in tmp_path.iterdir()} == {"new", "empty", "full"}
