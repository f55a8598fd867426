"""Processor time of `--help`, beside the help of two of our own dependencies, in turns."""

import statistics
import sys

from benchmarks.bars import judged
from benchmarks.model import Setting, Table
from benchmarks.process import Cost, ours, required

COMMANDS = {
    "withheld --help": ours("--help"),
    "withheld release --help": ours("release", "--help"),
    "sqlite-utils --help": [sys.executable, "-m", "sqlite_utils", "--help"],
    "datasette --help": [sys.executable, "-m", "datasette", "--help"],
}


def measure(setting: Setting) -> list[Table]:
    """Run each help some times in turns; the median counts."""
    rounds = 3 if setting.quick else 11
    costs: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        required(command)  # warms the disk
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            costs[name].append(required(command))
    rows = []
    for name, found in costs.items():
        seconds = [one.processor for one in found]
        middle = statistics.median(seconds)
        bar = judged("help", middle) if name.startswith("withheld") else "rival"
        rows.append(
            (name, f"{middle:.2f}", f"{max(seconds):.2f}", str(max(one.peak_mb for one in found)), bar)
        )
    columns = ("command", "median s", "highest s", "peak MB", "bar")
    return [Table(f"Processor seconds of a whole process, {rounds} rounds in turns", columns, rows)]
