"""The page "Bring your data": a data officer's way, walked command by command on a messy file made afresh.

WITHHELD_WRITE_DOCS=1 python -m pytest tests/docs/test_bring_your_data.py     writes the outputs into the page
"""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.ingest.messy_files import write_unknown_workbook
from tests.shared_files import REPOSITORY

PAGE = REPOSITORY / "docs" / "bring-your-data.md"
STEP = re.compile(
    r"```\n\$ (?P<command>withheld [^\n]*)\n(?P<output>.*?)```"
    r"|<!-- draft -->\n(?:\n```yaml\n.*?```\n)?"
    r"|<!-- edit (?P<file>\S+): (?P<old>.*?) => (?P<new>.*?) -->"
    r"|<!-- repair (?P<waiting>\S+): (?P<row>\d+) \| (?P<column>.*?) => (?P<cell>.*?) -->",
    re.DOTALL,
)
# What differs from run to run: random ids, the end of the last period, what other programs say.
VARYING = (
    (re.compile(r"\b\d{13}\b"), "7391846030000"),
    (re.compile(r"to \d{4}-\d\d-\d\d;"), "to THE LAST FULL QUARTER;"),
    (re.compile(r"^(?:Using cached|Predict time).*\n", re.MULTILINE), ""),
)


def said(command: str, folder: Path) -> str:
    """Return what a command of the page prints, on both outputs, without what differs from run to run."""
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "WITHHELD_PASSPHRASE": "a passphrase of the page"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout + done.stderr
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text


def walked(found: re.Match[str], folder: Path) -> str:
    """Do one step of the page and return it with what it really gives."""
    if command := found["command"]:
        return f"```\n$ {command}\n{said(command, folder)}```"
    if name := found["file"]:
        path = folder / name
        text = path.read_text("utf-8")
        assert found["old"] in text, found["old"]
        path.write_text(text.replace(found["old"], found["new"]), "utf-8")
    elif name := found["waiting"]:
        repair(folder / name, found["row"], found["column"], found["cell"])
    else:
        draft = (folder / "ourgroup" / "sources" / "обращения.yml").read_text("utf-8")
        return f"<!-- draft -->\n\n```yaml\n{draft}```\n"
    return found[0]


def repair(path: Path, row: str, column: str, cell: str) -> None:
    """Write a cell into the file of the waiting rows, as a person does in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    mended = [one for one in lines if (one["file_row"], one["column"]) == (row, column)]
    assert len(mended) == 1
    mended[0]["cell"] = cell
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def test_the_page_shows_what_its_commands_print(tmp_path):
    rows = write_unknown_workbook(tmp_path / "обращения.xlsx")
    page = PAGE.read_text("utf-8")
    real = STEP.sub(lambda found: walked(found, tmp_path), page)
    if os.environ.get("WITHHELD_WRITE_DOCS"):
        PAGE.write_text(real, "utf-8")
    assert len([found for found in STEP.finditer(page) if found["command"]]) == 9
    assert PAGE.read_text("utf-8") == real
    assert f"{rows} read = {rows - 2} stored + 0 already there + 2 quarantined" in real
    assert "2 read = 2 stored" in real
