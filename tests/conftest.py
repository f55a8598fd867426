"""What all tests share: steady examples, no other machine, and one built and installed Withheld.

Hypothesis takes the same examples in every run, unless it is told to explore:
`HYPOTHESIS_PROFILE=explore make test` looks for new ones.
"""

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.guard import only_here
from tests.installed import Installed, Packed, install, pack

os.environ["WITHHELD_LANG"] = "en"  # whatever the system of the developer speaks
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

only_here.watch()


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, shared by all processes that run them."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def packed(once: Path) -> Packed:
    """The source distribution and the wheels, built once."""
    with (once / "packed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = once / "packed"
        if not folder.exists():
            folder.mkdir()
            pack(folder)
    (sdist,), (wheel,), (other,) = (
        list((folder / name).iterdir()) for name in ("sdist", "wheel", "wheel_of_sdist")
    )
    return Packed(sdist, wheel, other)


@pytest.fixture(scope="session")
def installed(once: Path, packed: Packed) -> Installed:
    """Withheld from its wheel in an environment of its own, installed once."""
    with (once / "installed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = once / "installed"
        if not folder.exists():
            folder.mkdir()
            return install(packed.wheel, folder)
    return Installed(folder / "environment", folder / "attempts.txt")
