"""What is handed out is complete, is nothing else, and runs from any folder without a network."""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.installed import REAL

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("codebook", "vault", "ingest", "anonymize", "reports", "withheld_cli", "withheld.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEVER = re.compile(r"(^|/)(private|public|demo|__pycache__|\.venv|\.git|\.ci)/|\.(db|pyc|key)$|truth\.json$")


@pytest.fixture(scope="session")
def known_to_git() -> set[str]:
    """The files of the repository, new ones too, without what git ignores."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository here: this is an unpacked source distribution")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()}


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def contents(path: Path) -> dict[str, bytes]:
    """Return name -> content of every file of a wheel or a source distribution."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(path) as archive:
        files = ((one.name.partition("/")[2], archive.extractfile(one)) for one in archive.getmembers())
        return {name: file.read() for name, file in files if file}


def test_the_wheel_holds_every_file_of_every_stage_and_nothing_else(packed, known_to_git):
    expected = {name for name in known_to_git if name.split("/")[0] in STAGES}
    assert names_in(packed.wheel) == expected
    kinds = {Path(name).suffix for name in expected}
    assert kinds >= {".py", ".yml", ".csv", ".html", ".css", ".svg"}


def test_the_source_distribution_holds_what_git_knows_but_the_machinery_of_ci(packed, known_to_git):
    found = set(contents(packed.sdist)) - {"PKG-INFO"}
    assert found == {name for name in known_to_git if not name.startswith(".ci/")}


def test_the_wheel_is_the_same_whether_built_from_the_repository_or_the_source_distribution(packed):
    first, second = (
        hashlib.sha256(one.read_bytes()).hexdigest() for one in (packed.wheel, packed.wheel_of_sdist)
    )
    assert first == second


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_nothing_that_is_handed_out_is_private_or_speaks_of_this_machine(packed, kind):
    places = [str(ROOT).encode(), str(Path.home()).encode() + b"/", os.fsencode(sys.prefix)]
    for name, content in contents(getattr(packed, kind)).items():
        assert not NEVER.search(name), name
        if Path.home() != Path("/"):
            assert not [place for place in places if place in content], name
        assert not content.startswith(b"SQLite format"), name


def test_the_installed_command_and_module_run_from_another_folder(installed, tmp_path):
    for command in (["withheld"], ["python", "-m", "withheld"]):
        done = installed.run(*command, "--version", folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"withheld, version {PROJECT['project']['version']}\n"
    where = "import codebook, vault, ingest, anonymize, reports, withheld as front; print(reports, front)"
    done = installed.run("python", "-c", where, folder=tmp_path)
    assert done.stdout.count(f"from '{installed.environment}/") == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_installed_meets_its_own_requirements(installed, tmp_path):
    if not REAL:
        pytest.skip("the dependencies are those of the tests; WITHHELD_REAL_INSTALL=1 installs them")
    done = installed.run("python", "-m", "pip", "check", folder=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_guard_sees_who_speaks_to_another_machine(installed, tmp_path):
    log = tmp_path / "attempts"
    for attempt in ("socket.create_connection(('192.0.2.1', 80))", "socket.getaddrinfo('example.org', 80)"):
        log.unlink(missing_ok=True)
        done = installed.run(
            "python", "-c", f"import socket; {attempt}", folder=tmp_path,
            variables={"WITHHELD_GUARD_LOG": str(log)},
        )  # fmt: skip
        assert done.returncode == 1
        assert log.read_text(encoding="utf-8").startswith("socket.")


def test_dependencies_have_lower_bounds_and_none_is_a_known_stub():
    for requirement in PROJECT["project"]["dependencies"]:
        assert ">=" in requirement, requirement
        assert "ru-core-news" not in requirement  # a dependency-confusion stub on PyPI


def test_no_file_names_an_index_host():
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run"):
        if not (ROOT / name).exists():
            continue  # .ci is not handed out
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text, name
        assert "file://" not in text, name
        assert "simple/" not in text, name


def test_every_dependency_is_constrained_to_a_tested_version():
    constrained = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    for requirement in [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ]:
        name = requirement.split(">=")[0].split("[")[0].lower().replace("_", "-")
        assert name in constrained, name


def test_help_loads_none_of_the_heavy_packages():
    script = (
        "import sys; sys.argv = ['withheld', '--help']\n"
        "import withheld\n"
        "try:\n    withheld.main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'matplotlib', 'datasette', 'numpy', 'duckdb', 'highspy', 'faker', 'sqlcipher3'}\n"
        "loaded = sorted(heavy & set(sys.modules))\n"
        "sys.exit(' '.join(loaded) or 0)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def test_private_and_public_folders_are_ignored_by_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"private/", "public/", "truth.json", "*.db"} <= set(ignored)
