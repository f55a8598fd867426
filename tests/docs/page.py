"""A page that is run: its commands are typed in order, and what they give is put where the page shows it.

What a page may hold (everything else is text):

    ```                      a command after `$ `, then what it prints; several in one block
    ```sh                    commands one a line; each must succeed, what they print is not shown
    ```sql                   a question to the release; the block after it is the answer
    ```python                lines for a notebook; the block after it is what they print
    <!-- exit 1 -->          the next command is refused or fails a check
    <!-- run COMMAND -->     a command that the reader need not see
    <!-- day 2027-02-15 -->  the clock goes on to this day
    <!-- env NAME=VALUE -->  an environment variable, where the reader answers a prompt
    <!-- in FOLDER -->       the commands that follow are typed in this folder
    <!-- edit FILE: OLD => NEW -->              what the reader does in a text editor
    <!-- write FILE -->      the block after it is written into this file
    <!-- show FILE -->       the block after it is this file, of the folder or of the repository
    <!-- repair FILE: ROW | COLUMN => CELL -->  what the reader does in a spreadsheet
    <!-- sql QUESTION -->TEXT<!-- -->           one number in a sentence
"""

import csv
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tests.shared_files import REPOSITORY

from .shell import Shell
from .steady_world import Clock

STEP = re.compile(
    r"<!-- sql (?P<question>[^>]*?) -->(?P<answer>[^<]*)<!-- -->"
    r"|<!-- (?P<order>exit|run|day|env|in|edit|repair) (?P<words>.*?) -->"
    r"|<!-- (?P<file_order>write|show) (?P<file>\S+) -->\n\n```(?P<file_kind>\w*)\n(?P<file_text>.*?)```"
    r"|(?:^|(?<=\n))```sh\n(?P<commands>.*?)\n```"
    r"|(?:^|(?<=\n))```(?P<language>sql|python)\n(?P<source>.*?)```\n\n```\n(?P<result>.*?)```"
    r"|(?:^|(?<=\n))```\n(?P<typed>\$ .*?)```",
    re.DOTALL,
)
_TYPED = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)


@dataclass
class Page:
    """One page while it is walked."""

    shell: Shell
    clock: Clock
    release_db: Path | None = None  # below the folder; what SQL of the page asks
    never_run: tuple[str, ...] = ()  # beginnings of commands that are shown and not run
    exit_code: int = 0  # that the next command must have
    ran: list[str] = field(default_factory=list)

    def walk(self, text: str) -> str:
        """Return the page as it should be: every step done, every output as it is."""
        try:
            return STEP.sub(self._step, text)
        finally:
            self.shell.close()

    def _step(self, found: re.Match[str]) -> str:
        if found["question"]:
            ((answer,),) = self._asked(found["question"])[1]
            return f"<!-- sql {found['question']} -->{answer}<!-- -->"
        if found["order"]:
            self._ORDERS[found["order"]](self, found["words"])
        elif found["file_order"]:
            return self._file(found)
        elif found["commands"]:
            for line in found["commands"].replace("\\\n", " ").splitlines():
                self._typed(line)
        elif found["language"] == "sql":
            answer = as_columns(*self._asked(found["source"]))
            return f"```sql\n{found['source']}```\n\n```\n{answer}```"
        elif found["language"] == "python":
            return f"```python\n{found['source']}```\n\n```\n{self.shell.python(found['source'])}```"
        else:
            typed = _TYPED.findall(found["typed"])
            return "```\n" + "".join(f"$ {line}\n{self._typed(line)}" for line in typed) + "```"
        return found[0]

    def _typed(self, line: str) -> str:
        expected, self.exit_code = self.exit_code, 0
        command = line.replace("\\\n", " ").strip()
        if not command or command.startswith(("#", *self.never_run)):
            return ""
        said, code = self.shell.run(command)
        assert code == expected, f"{command}: exit code {code} and not {expected}:\n{said}"
        self.ran.append(command)
        return said if said.endswith("\n") or not said else f"{said}\n"

    def _asked(self, question: str) -> tuple[list[str], list[tuple[object, ...]]]:
        assert self.release_db, "this page asks SQL, and no release is declared for it"
        path = self.shell.folder / self.release_db
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            cursor = connection.execute(question)
            return [one[0] for one in cursor.description], cursor.fetchall()
        finally:
            connection.close()

    def _file(self, found: re.Match[str]) -> str:
        path = self.shell.folder / found["file"]
        text = found["file_text"]
        if found["file_order"] == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        else:
            text = (path if path.exists() else REPOSITORY / found["file"]).read_text("utf-8")
        return f"<!-- {found['file_order']} {found['file']} -->\n\n```{found['file_kind']}\n{text}```"

    def _exit(self, words: str) -> None:
        self.exit_code = int(words)

    def _run(self, words: str) -> None:
        self._typed(words)

    def _day(self, words: str) -> None:
        self.clock.turn_to(words)

    def _env(self, words: str) -> None:
        name, _, value = words.partition("=")
        self.shell.variables[name] = value

    def _in(self, words: str) -> None:
        self.shell.place = words

    def _edit(self, words: str) -> None:
        name, _, change = words.partition(": ")
        old, _, new = change.partition(" => ")
        path = self.shell.folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold: {old}"
        path.write_text(text.replace(old, new), "utf-8")

    def _repair(self, words: str) -> None:
        """Write a cell into the file of the waiting rows, as a person does in a spreadsheet."""
        name, row, column, cell = re.fullmatch(r"(\S+): (\d+) \| (.*?) => (.*)", words).groups()  # type: ignore[union-attr]
        path = self.shell.folder / name
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        (mended,) = [one for one in lines if (one["file_row"], one["column"]) == (row, column)]
        mended["cell"] = cell
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)

    _ORDERS: ClassVar[dict[str, Callable[["Page", str], None]]] = {
        "exit": _exit,
        "run": _run,
        "day": _day,
        "env": _env,
        "in": _in,
        "edit": _edit,
        "repair": _repair,
    }


def as_columns(names: list[str], rows: list[tuple[object, ...]]) -> str:
    """Return rows as `sqlite3 -header -column` prints them, without blanks at the ends of lines."""
    lines = [tuple(names), *[tuple("" if cell is None else str(cell) for cell in row) for row in rows]]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )
