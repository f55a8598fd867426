"""One killer and three states of a small group: empty, with cases, with a release."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.workbench import DECLARATION

from .group import POLICY, TABLES, Killer, Watched, case_file, killing

CASES = 60


@pytest.fixture(scope="session")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    scratch = tmp_path_factory.mktemp("output")
    with killing(scratch, scratch) as made:
        yield made


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Case files, which lie outside of what is watched."""
    folder = tmp_path_factory.mktemp("files")
    case_file(folder / "cases.csv", CASES)
    (folder / "newer").mkdir()
    case_file(folder / "newer" / "cases.csv", CASES + 40, changed=30)
    (folder / "many").mkdir()
    case_file(folder / "many" / "cases.csv", 600)
    bad = case_file(folder / "bad.csv", 12)
    bad.write_text(
        bad.read_text(encoding="utf-8").replace("CANARY-", "CANARY-X").replace('"2', '"канарейка 2')
    )
    return folder


@pytest.fixture(scope="session")
def empty(killer: Killer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A group with a vault and a declaration, and no case."""
    watched = Watched(tmp_path_factory.mktemp("empty"))
    (watched.folder / "tmp").mkdir()
    made = killer.run("init", watched.workspace, "--group", "Our group", environment=watched.environment)
    assert made.code == 0, made.err
    (watched.workspace / "sources" / "desk.yml").write_text(DECLARATION, encoding="utf-8")
    (watched.workspace / "tables.yml").write_text(TABLES, encoding="utf-8")
    (watched.workspace / "policy.yml").write_text(POLICY, encoding="utf-8")
    return watched.folder


def grown(killer: Killer, template: Path, folder: Path, *arguments: object) -> Path:
    """Return a copy of a template in which one command was run."""
    watched = Watched(folder / "watched")
    shutil.copytree(template, watched.folder)
    done = killer.run(*arguments, "-w", watched.workspace, environment=watched.environment)
    assert done.code == 0, done.err
    return watched.folder


@pytest.fixture(scope="session")
def filled(killer: Killer, empty: Path, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The group with its cases, names and telephone numbers kept."""
    folder = tmp_path_factory.mktemp("filled")
    return grown(
        killer, empty, folder, "ingest", files / "cases.csv", "--source", "desk", "--keep-identifiers"
    )


@pytest.fixture(scope="session")
def released(killer: Killer, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The group with a release."""
    return grown(killer, filled, tmp_path_factory.mktemp("released"), "release", "--id", "first")


@pytest.fixture(scope="session")
def waiting(killer: Killer, filled: Path, files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The group with rows in quarantine."""
    return grown(killer, filled, tmp_path_factory.mktemp("waiting"), "ingest", files / "bad.csv")


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A folder to be brought into one of the three states."""
    return Watched(tmp_path / "watched")
