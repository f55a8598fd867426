"""Debian's Chromium through Playwright, and axe-core where it is installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
REQUIRED = "WITHHELD_REQUIRE_BROWSER"  # set where skipping would hide a failure
# `npm install --no-save axe-core` puts it here; a test tool, 0.6 MB, not ours to keep in the repository.
IN_REPOSITORY = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE = Path(os.environ.get("WITHHELD_AXE", IN_REPOSITORY))


def missing(what: str) -> None:
    """Skip the test, or fail it where a browser is required."""
    if os.environ.get(REQUIRED):
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def browser() -> Iterator[Any]:
    """Open a browser."""
    if not CHROMIUM.exists():
        missing("Debian's Chromium is not on this machine (/usr/bin/chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


def axe_source() -> str:
    """Return axe-core as a script."""
    if not AXE.is_file():
        missing("axe-core is not installed: npm install axe-core, and name axe.min.js in WITHHELD_AXE")
    return AXE.read_text(encoding="utf-8")
