"""Every command and output of the README and of docs/ is run and compared; what is not, says why.

WITHHELD_WRITE_DOCS=1 python -m pytest tests/docs/test_pages.py     writes the outputs into the pages
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.shared_files import REPOSITORY

from . import worlds
from .page import Page
from .shell import Shell
from .steady_world import Clock, steady_world
from .test_translations import TRANSLATIONS

World = Callable[[Shell], None]

# page -> what lies in the folder before its first command
PAGES: dict[str, Sequence[World]] = {
    "README.md": (worlds.with_cases,),
    "docs/bring-your-data.md": (worlds.with_cases,),
    "docs/how-anonymous-is-my-file.md": (worlds.with_public_file,),
    "docs/quotations.md": (worlds.with_one_case,),
    "docs/query-us.md": (worlds.with_demo,),
    "docs/cite-us.md": (worlds.with_demo,),
    "docs/release-and-repeat.md": (),
    "docs/write-a-policy.md": (),
    "docs/serving.md": (worlds.with_demo,),
    "docs/keep-the-vault.md": (worlds.with_cases,),
}
# Pages with commands that are not run here, each with the reason.
NOT_RUN: dict[str, str] = {
    "docs/upgrade.md": "it needs a vault of an older version: tests/vault and tests/faults",
    "docs/add-a-source.md": "test_add_pages.py runs it, with the declarations that it writes",
} | {
    russian: f"its commands and outputs are those of {english}: test_translations.py"
    for russian, english in TRANSLATIONS.items()
}
# Beginnings of commands that are never run here, each with the reason.
NEVER_RUN: dict[str, str] = {
    "make ": "the tests run inside `make test`; CI runs `make demo` and `make check` in a bare clone",
    ". .venv": "the tests are run by the Python of that folder",
}

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SHELLS = ("", "sh", "console", "bash")  # languages of blocks that hold commands
_COMMAND = re.compile(
    r"^(?:\$ )?(?:withheld|python3?|pip|make|sqlite3|curl|docker|git|npm|cat|grep|sha256sum) ", re.MULTILINE
)


def pages_of_the_house() -> Iterator[str]:
    yield "README.md"
    yield from (str(path.relative_to(REPOSITORY)) for path in sorted((REPOSITORY / "docs").rglob("*.md")))


def commands_shown(text: str) -> list[str]:
    """Return the lines of a page's code blocks that are commands."""
    return [
        line
        for language, block in _BLOCK.findall(text)
        if language in _SHELLS
        for line in block.splitlines()
        if _COMMAND.match(line) and not line.startswith(tuple(NEVER_RUN))
    ]


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_shows_what_its_commands_print(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WITHHELD_PASSPHRASE", worlds.PASSPHRASE)
    clock = Clock()
    base = tmp_path_factory.getbasetemp()
    # Of this run alone: without xdist, the folder above keeps what earlier runs of other code left.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shell = Shell(tmp_path, remembered={worlds.DEMO: worlds.built_demo(shared)})
    with steady_world(clock):
        for lay in PAGES[name]:
            lay(shell)
        text = (REPOSITORY / name).read_text("utf-8")
        page = Page(shell, clock, release_db=worlds.DEMO_RELEASE, never_run=tuple(NEVER_RUN))
        real = page.walk(text)
    if os.environ.get("WITHHELD_WRITE_DOCS"):
        (REPOSITORY / name).write_text(real, "utf-8")
    assert (REPOSITORY / name).read_text("utf-8") == real
    missed = [one for one in commands_shown(text) if not any(ran.split("\n")[0] in one for ran in page.ran)]
    assert not missed


@pytest.mark.parametrize("name", list(pages_of_the_house()))
def test_a_page_with_commands_is_run_or_says_why_not(name: str) -> None:
    if commands_shown((REPOSITORY / name).read_text("utf-8")):
        assert (name in PAGES) != (name in NOT_RUN), (
            "put the page into PAGES, or into NOT_RUN with the reason"
        )


def test_no_page_is_listed_that_is_not_there() -> None:
    assert not {*PAGES, *NOT_RUN} - set(pages_of_the_house())
