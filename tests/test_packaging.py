"""What is installed works from any folder, carries its data files, and carries nothing private."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_carries_every_data_file_of_every_stage(wheel):
    packed = set(wheel.namelist())
    stages = ("codebook", "vault", "ingest", "anonymize", "reports", "withheld_cli")
    expected = {
        path.relative_to(ROOT).as_posix()
        for stage in stages
        for path in (ROOT / stage).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected
    assert expected <= packed
    assert "withheld.py" in packed


def test_the_wheel_carries_nothing_private_and_no_tests(wheel):
    for name in wheel.namelist():
        assert not name.startswith(("tests/", "private/", "public/", "demo/")), name
        assert not name.endswith((".db", "truth.json")), name


def test_dependencies_have_lower_bounds_and_none_is_a_known_stub():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        assert ">=" in requirement, requirement
        assert "ru-core-news" not in requirement  # a dependency-confusion stub on PyPI


def test_no_file_names_an_index_host():
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text, name
        assert "file://" not in text, name
        assert "simple/" not in text, name


def test_every_dependency_is_constrained_to_a_tested_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    constrained = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
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
