"""The page "How anonymous is my file?": its commands are run and its outputs compared.

WITHHELD_WRITE_DOCS=1 python -m pytest tests/docs/test_how_anonymous.py     writes the outputs into the page
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

from tests.shared_files import REPOSITORY, shared_path

PAGE = REPOSITORY / "docs" / "how-anonymous-is-my-file.md"
LADDERS = REPOSITORY / "examples" / "records" / "police_killings.yml"
BLOCK = re.compile(r"```\n\$ (withheld [^\n]*)\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"<!-- file: (\S+) -->\n(?:\n```yaml\n.*?```\n)?", re.DOTALL)


def said(command, folder):
    """Return what a command of the page prints, on both outputs, as a reader sees it."""
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_page_shows_what_its_commands_print(tmp_path):
    shutil.copy(shared_path("samples", "public", "police_killings.csv"), tmp_path)
    shutil.copy(LADDERS, tmp_path)
    page = PAGE.read_text("utf-8")
    real = BLOCK.sub(lambda found: f"```\n$ {found[1]}\n{said(found[1], tmp_path)}```", page)
    real = SHOWN.sub(
        lambda found: (
            f"<!-- file: {found[1]} -->\n\n```yaml\n{(REPOSITORY / found[1]).read_text('utf-8')}```\n"
        ),
        real,
    )
    if os.environ.get("WITHHELD_WRITE_DOCS"):
        PAGE.write_text(real, "utf-8")
    assert len(BLOCK.findall(page)) == 7
    assert PAGE.read_text("utf-8") == real
    assert (tmp_path / "trade-off.svg").exists()
