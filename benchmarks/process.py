"""Run a program as a whole process: its processor time, wall time and peak memory."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A process between tells the peak memory of this one program alone, not of all that ran before.
_BETWEEN = (
    "import resource, subprocess, sys\n"
    "code = subprocess.run(sys.argv[1:]).returncode\n"
    "print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    "sys.exit(code)\n"
)


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Attributes:
        processor: Seconds of processor time, user and system, of the process and its children.
        wall: Seconds.
        peak_mb: Most memory of the largest single process.
        code: Exit code.
    """

    processor: float
    wall: float
    peak_mb: int
    said: str
    complained: str
    code: int


def run(command: Sequence[str | Path], *, more: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, with the modules of this repository in reach."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-S", "-c", _BETWEEN, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(more or {})},
    )
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    said, _, peak = done.stdout.rpartition("PEAK ")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(processor, wall, int(peak or 0), said, done.stderr, done.returncode)


def required(command: Sequence[str | Path]) -> Cost:
    """Run a command that must succeed.

    Raises:
        SystemExit: It did not; with what it complained of.
    """
    cost = run(command)
    if cost.code:
        raise SystemExit(f"{' '.join(map(str, command[:4]))}: exit {cost.code}\n{cost.complained[-2000:]}")
    return cost


def ours(*arguments: str | Path) -> list[str | Path]:
    """Return our command line as a process of this Python."""
    return [sys.executable, "-m", "withheld", *arguments]
