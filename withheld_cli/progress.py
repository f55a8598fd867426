"""What a person sees while a command works: the step, how long it has taken, and how far it is.

On stderr, on a terminal only, and not where JSON was asked for. Steps are named by the program; what is
told of a file is its name and how many rows were read, never a value.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click

from .language import said

WORTH_TELLING = 2.0  # seconds; a step that took longer leaves a line
_COUNTED_LINES = {".csv", ".tsv", ".txt", ".jsonl"}  # a row is about a line
_SMALL = 2**20  # bytes; a smaller file is read before anybody asks how far it is
_PIECE = 2**22


class Step(Protocol):
    """Told the name of a step as it begins, and how far it is."""

    def __call__(self, name: str, detail: str = "") -> None: ...


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Show the current step and its time on stderr, where that is a terminal; otherwise stay silent."""
    if not sys.stderr.isatty() or _is_for_a_machine():
        yield lambda name, detail="": None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    text = TextColumn(
        "{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")
    )
    with Progress(
        SpinnerColumn(), text, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as shown:
        steps = _Steps(said(title), shown)
        yield steps
        steps.end()


def _is_for_a_machine() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("as_json"))


class _Steps:
    """The steps of one command; each that took long leaves its name and time behind."""

    def __init__(self, title: str, shown: Any) -> None:
        self._title, self._shown = title, shown
        self._task = shown.add_task(title, total=None)
        self._name, self._begun = "", time.monotonic()

    def __call__(self, name: str, detail: str = "") -> None:
        name, detail = said(name), said(detail)
        if name != self._name:
            self.end()
            self._name, self._begun = name, time.monotonic()
            self._shown.reset(self._task, description=f"{self._title}: {name}")
        if detail:
            self._shown.update(self._task, description=f"{self._title}: {name}: {detail}")

    def end(self) -> None:
        """Leave a line on the step that ends, if it took long."""
        seconds = time.monotonic() - self._begun
        if self._name and seconds >= WORTH_TELLING:
            self._shown.console.print(
                f"{self._title}: {self._name}, {seconds:.0f} s", markup=False, highlight=False
            )


def rows_step(step: Step) -> Callable[[Path, int], None]:
    """Return what is told of a file while it is read: rows so far, and about which share of them."""
    totals: dict[Path, int] = {}

    def tell(path: Path, rows: int) -> None:
        if path not in totals:
            totals[path] = about_rows(path)
        share = f", about {min(rows / totals[path], 0.99):.0%}" if totals[path] else ""
        step(f"reading {path.name}", f"{rows:,} rows{share}")

    return tell


def about_rows(path: Path) -> int:
    """Return about how many rows a file of lines has; 0 where the file is small, or cannot tell.

    A cell of several lines makes it too many: the share is then too low, and never more than there is.
    """
    if path.suffix.lower() not in _COUNTED_LINES or path.stat().st_size < _SMALL:
        return 0
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


def told_checks(
    checks: Mapping[str, Callable[..., Any]], step: Callable[[str], None]
) -> dict[str, Callable[..., Any]]:
    """Return the checks of the auditor, each of which names itself as it begins."""

    def told(number: int, name: str, check: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            step(f"attack {number} of {len(checks)}, {name}")
            return check(*arguments)

        return run

    return {name: told(number, name, check) for number, (name, check) in enumerate(checks.items(), start=1)}
