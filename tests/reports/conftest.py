"""One invented release, published once for all tests of this folder."""

from pathlib import Path

import pytest

from reports import PublishSummary, publish_release, write_checksums
from reports.published import Release, load_release

from .fixture_release import build_release


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> PublishSummary:
    """Publish the invented release; sensitive categories, zeros and withheld amounts included."""
    summary = publish_release(build_release(tmp_path_factory.mktemp("public") / "2026-Q1"))
    write_checksums(summary.folder)
    return summary


@pytest.fixture(scope="session")
def release(published: PublishSummary) -> Release:
    """Return the published release, read back."""
    return load_release(published.folder)


@pytest.fixture(scope="session")
def suppressed(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Return a release, not drawn, in which small counts are withheld as well."""
    return load_release(build_release(tmp_path_factory.mktemp("public") / "S", withhold_below=11))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return path -> content of every file below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
