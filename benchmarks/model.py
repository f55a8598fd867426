"""What a section of the benchmarks gets, and what it gives back."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


class Missing(Exception):
    """What a section needs is not on this machine; its tables stay as they are."""


@dataclass(frozen=True)
class Setting:
    """How the sections are run.

    Attributes:
        quick: Small sizes and one round: to try the benchmark, not to quote it.
        rivals: The Python of an environment with benchmarks/rivals.txt; None where there is none.
        folder: A scratch folder.
        shared: Reference data (RULES); None where there is none.
        release: A release of the demo that is there already; None: the sections make their own.
    """

    quick: bool
    rivals: Path | None
    folder: Path
    shared: Path | None
    release: Path | None = None

    def reference(self) -> Path:
        """Return the folder of the reference data.

        Raises:
            Missing: It is not there.
        """
        if self.shared is None:
            raise Missing("no reference data: set WITHHELD_SHARED to the folder that holds bench/")
        return self.shared


@dataclass(frozen=True)
class Table:
    """One table of a section; `caption` and `note` stand around it."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    @classmethod
    def of_lines(cls, caption: str, lines: Iterable[str], note: str = "") -> "Table":
        """Return a table that a script wrote as Markdown."""
        cells = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in lines
            if line.startswith("|") and not line.startswith("|---")
        ]
        return cls(caption, cells[0], cells[1:], note)


def conditions() -> dict[str, str]:
    """Return what every figure depends on: Python, machine, load of others."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return {
        "python": platform.python_version(),
        "processors": str(os.cpu_count()),
        "load": load,
    }
