"""A small group whose every private value is a canary, and what must hold after any fault."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.ingest.workbench import csv_text, row
from tests.shared_files import REPOSITORY
from tests.vault_factory import CHEAP
from vault import Vault, chain_faults, integrity_faults, open_vault

from .victim import Job, Outcome, outputs

PASSPHRASE = "six words that nobody would guess"
CANARIES = ("Canaryova", "canary told", "канарейка", "CANARY-", "+7 900 555")
# One table and no chart of it: what is tried is how a release is written, not how much.
TABLES = """
units:
  incidents: {label_en: incidents, label_ru: инциденты}
dimensions:
  period: {levels: [quarter, year], label_en: Period, label_ru: Период}
tables:
  incidents_by_year:
    unit: incidents
    columns: {period: year}
    title_en: Documented incidents by year
    title_ru: Задокументированные инциденты по годам
"""
POLICY = "minimum_persons: 40\nyears_shown: 5\n"


def rows(count: int, *, changed: int = 0) -> list[dict[str, str]]:
    """Return case rows, every private value of which is a canary; the first ones may differ."""
    return [
        row(
            Case=f"CANARY-{number}",
            Date=f"{1 + number % 28:02}.{1 + number % 12:02}.{2022 + number % 3}",
            Region=("Dagestan", "Chechnya", "Ingushetia")[number % 3],
            By=("father", "brother", "husband")[number % 3],
            Acts=("beating", "threat")[number % 2],
            Name=f"Zaira Canaryova {number}",
            Phone=f"+7 900 555-{number // 100:02}-{number % 100:02}",
            Age=str(19 + number % 40),
            Story=f"A canary told: канарейка {number}" + (" and more" if number < changed else ""),
        )
        for number in range(count)
    ]


def case_file(path: Path, count: int, *, changed: int = 0) -> Path:
    """Write a case file."""
    path.write_text(csv_text(rows(count, changed=changed)), encoding="utf-8")
    return path


class Killer:
    """The process that runs commands and kills them."""

    def __init__(self, folder: Path, scratch: Path, inside: Sequence[str] = ()) -> None:
        self.folder = folder
        self._output = str(scratch / "output")
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [*inside, sys.executable, "-m", "tests.faults.victim"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=REPOSITORY,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.is_ready = self._process.stdout.readline() == "ready\n"

    @property
    def root(self) -> Path:
        """The file system as this process sees it, with what is mounted for it alone."""
        return Path(f"/proc/{self._process.pid}/root")

    def run(self, *arguments: object, **options: Any) -> Outcome:
        """Run one command to its end, or to the moment at which it is to die."""
        environment = {"WITHHELD_PASSPHRASE": PASSPHRASE, **options.pop("environment", {})}
        folder = str(options.pop("folder", self.folder))
        job = Job([str(one) for one in arguments], self._output, environment, folder, **options)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        outcome = Outcome(**json.loads(self._process.stdout.readline()))
        out, err = outputs(self._output)
        return replace(outcome, out=out, err=err)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def killing(folder: Path, scratch: Path, inside: Sequence[str] = ()) -> Iterator[Killer]:
    """Hold a killer, ended afterwards; `inside` is a command that starts it in surroundings of its own."""
    made = Killer(folder, scratch, inside)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Watched:
    """A folder in which everything that a command may write lies: its workspace, its home, its TMPDIR."""

    folder: Path

    @property
    def workspace(self) -> Path:
        """The group's folder."""
        return self.folder / "group"

    @property
    def environment(self) -> dict[str, str]:
        """Where programs put what nobody named."""
        return {name: str(self.folder / "tmp") for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}

    def fresh(self, template: Path) -> "Watched":
        """Bring everything back to the state of a template."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(template, self.folder)
        return self

    def vault(self) -> Vault:
        """Return the vault, open."""
        return open_vault(self.workspace / "private" / "vault.db", PASSPHRASE, cost=CHEAP)

    def counts(self) -> dict[str, int]:
        """Return the rows of each table, having made sure that the vault is whole."""
        with self.vault() as vault:
            assert integrity_faults(vault) == 0
            assert chain_faults(vault) == []
            names = [
                one[0]
                for one in vault.database.conn.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                )
            ]
            return {name: vault.count(name) for name in names if name not in {"setting", "custody"}}

    def plain_files(self, but: Sequence[Path] = ()) -> list[str]:
        """Return the files that hold a canary in any encoding that a program writes."""
        marks = [canary.encode(codec) for canary in CANARIES for codec in ("utf-8", "utf-16-le", "cp1251")]
        found = []
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path not in but:
                content = path.read_bytes()
                found += [str(path.relative_to(self.folder))] * any(mark in content for mark in marks)
        return found

    def plain_databases(self) -> list[str]:
        """Return the files that are databases without encryption, outside of public/."""
        public = self.workspace / "public"
        return [
            str(path.relative_to(self.folder))
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and public not in path.parents and path.read_bytes()[:13] == b"SQLite format"
        ]


def says_no_value(outcome: Outcome) -> bool:
    """Return whether the words of a run hold no canary and no traceback."""
    words = outcome.out + outcome.err
    return not any(canary in words for canary in (*CANARIES, "Traceback", 'File "'))
