"""Where tests find public sample files, which are read in place and never committed."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_path(*parts: str) -> Path:
    """Return a path under the shared folder, or skip the test where it does not exist."""
    shared = Path(os.environ.get("WITHHELD_SHARED", REPOSITORY.parent / "shared"))
    path = shared.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared sample {'/'.join(parts)} is not on this machine")
    return path
