"""Withheld as somebody has it who installed it: from a wheel, in its own environment, run from elsewhere.

WITHHELD_REAL_INSTALL=1 installs every dependency from wheels into a clean environment, as CI does; without it
they are those of the environment of the tests, and only Withheld itself is installed.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.alone import alone, can_be_alone
from tests.guard.only_here import LOG_VARIABLE
from tests.shared_files import REPOSITORY

REAL = os.environ.get("WITHHELD_REAL_INSTALL") == "1"
_KEPT = ("PATH", "LANG", "OPENBLAS_CORETYPE")
_GUARD = Path(__file__).parent / "guard"


@dataclass(frozen=True)
class Packed:
    """The files that are handed out."""

    sdist: Path
    wheel: Path  # built from the folder that git knows
    wheel_of_sdist: Path


@dataclass(frozen=True)
class Installed:
    """An environment with Withheld in it."""

    environment: Path
    guard_log: Path

    @property
    def python(self) -> Path:
        """The interpreter of the environment."""
        return self.environment / "bin" / "python"

    def run(
        self, *command: object, folder: Path, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment from a folder, without network and without writing into it."""
        program, *arguments = command
        words = [str(self.environment / "bin" / str(program)), *map(str, arguments)]
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "OPENBLAS_CORETYPE") if name in os.environ
        }
        guard = {"PYTHONPATH": str(_GUARD), LOG_VARIABLE: str(self.guard_log), "HOME": str(folder)}
        return subprocess.run(
            alone(self.environment, *words) if can_be_alone() else words,
            cwd=folder, env={**kept, **guard, **(variables or {})}, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    def attempts(self) -> list[str]:
        """Return what was tried to speak to another machine, in all runs."""
        return self.guard_log.read_text(encoding="utf-8").split() if self.guard_log.exists() else []


def pack(folder: Path) -> Packed:
    """Build the source distribution, a wheel from it, and a wheel from this repository."""
    sdist = _built(REPOSITORY, "sdist", folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    return Packed(
        sdist,
        _built(REPOSITORY, "wheel", folder / "wheel"),
        _built(unpacked, "wheel", folder / "wheel_of_sdist"),
    )


def _built(source: Path, target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (path,) = folder.iterdir()
    return path


def install(wheel: Path, folder: Path) -> Installed:
    """Install a wheel into a new environment."""
    environment = folder / "environment"
    bare = [] if REAL else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", *bare, str(environment)], check=True, capture_output=True)
    python = str(environment / "bin" / "python")
    if REAL:
        pip = [python, "-m", "pip", "install", "--constraint", str(REPOSITORY / "constraints.txt"),
               "--only-binary=:all:"]  # fmt: skip
    else:
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--quiet", str(wheel)], check=True, capture_output=True)
    if not REAL:
        # A line with a folder adds that folder only: the tests' own editable Withheld is not in it.
        (packages,) = environment.glob("lib/python*/site-packages")
        (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(environment, folder / "attempts.txt")
