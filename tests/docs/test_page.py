"""The way in which pages are run: what a page shows falsely is noticed, whatever it shows."""

import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from .page import Page, as_columns
from .shell import Shell
from .steady_world import Clock
from .test_pages import commands_shown


@pytest.fixture
def page(tmp_path: Path) -> Page:
    with sqlite3.connect(tmp_path / "release.db") as connection:
        connection.execute("CREATE TABLE places (place TEXT, value INTEGER)")
        connection.execute("INSERT INTO places VALUES ('a long name', 5), ('b', NULL)")
    connection.close()
    return Page(Shell(tmp_path), Clock(), release_db=Path("release.db"))


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("```\n$ echo hi\nho\n```", "```\n$ echo hi\nhi\n```"),
        ("```\n$ echo 1\n$ echo 2\n1\n```", "```\n$ echo 1\n1\n$ echo 2\n2\n```"),
        ("```\n$ echo 1 \\\n    2\n?\n```", "```\n$ echo 1 \\\n    2\n1 2\n```"),
        (
            "```sql\nSELECT * FROM places\n```\n\n```\n?\n```",
            "```sql\nSELECT * FROM places\n```\n\n```\n"
            "place        value\n-----------  -----\na long name  5\nb\n```",
        ),
        ("```python\nprint(1 + 1)\n```\n\n```\n3\n```", "```python\nprint(1 + 1)\n```\n\n```\n2\n```"),
        (
            "about <!-- sql SELECT max(value) FROM places -->6<!-- --> of them",
            "about <!-- sql SELECT max(value) FROM places -->5<!-- --> of them",
        ),
        (
            "<!-- write a.yml -->\n\n```yaml\nk: 5\n```\n\n<!-- edit a.yml: 5 => 7 -->\n\n"
            "```\n$ cat a.yml\n?\n```",
            "<!-- write a.yml -->\n\n```yaml\nk: 5\n```\n\n<!-- edit a.yml: 5 => 7 -->\n\n"
            "```\n$ cat a.yml\nk: 7\n```",
        ),
    ],
)
def test_what_a_page_shows_is_replaced_by_what_is_real(page: Page, shown: str, real: str) -> None:
    assert page.walk(shown) == real


@pytest.mark.parametrize("block", ["```\n$ {}\n?\n```", "```sh\n{}\n```"])
def test_a_command_that_fails_must_be_told_to_fail(page: Page, block: str) -> None:
    with pytest.raises(AssertionError, match="exit code 1 and not 0"):
        page.walk(block.format("false"))
    assert page.walk("<!-- exit 1 -->\n\n" + block.format("false"))
    with pytest.raises(AssertionError, match="exit code 0 and not 1"):
        page.walk("<!-- exit 1 -->\n\n" + block.format("true"))


def test_a_command_of_ours_refuses_as_on_a_terminal(page: Page) -> None:
    text = page.walk("<!-- exit 2 -->\n\n```\n$ withheld status -w nowhere\n?\n```")
    assert re.search(r"^withheld: .*\n  what to do: .*withheld init", text, re.MULTILINE)


def test_a_command_that_a_page_only_shows_is_noticed() -> None:
    page = (
        "```\nwithheld status\nits output\n```\n\n```yaml\nwithheld x\n```\n\n```sh\nmake demo\ncurl x\n```\n"
    )
    assert commands_shown(page) == ["withheld status", "curl x"]


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="the command line of SQLite is not on this machine")
def test_answers_are_laid_out_as_the_command_line_of_sqlite_does(page: Page) -> None:
    question = "SELECT place, value FROM places"
    done = subprocess.run(
        ["sqlite3", "-header", "-column", str(page.shell.folder / "release.db"), question],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert as_columns(["place", "value"], [("a long name", 5), ("b", None)]).splitlines() == lines
