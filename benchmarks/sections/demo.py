"""The whole demo at growing sizes: time and memory of each stage, and how each grows with the incidents."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.bars import judged
from benchmarks.model import Setting, Table
from benchmarks.process import ROOT

SIZES = (200, 2_000, 20_000, 200_000)
LONGEST = 40 * 60  # seconds of wall time; a run that takes longer is cut, and the table says so
BAR_AT = 2_000
LAST = "leak scan"  # a run that came so far has done all the work, whatever came of it
Run = dict[str, Any]


def measure(setting: Setting) -> list[Table]:
    """Run the demo once at each size, each in a process of its own."""
    sizes = (200, 500) if setting.quick else SIZES
    runs = {size: one_run(size, setting.folder / f"demo{size}") for size in sizes}
    return [whole(runs), *by_stage(runs)]


def one_run(incidents: int, directory: Path) -> Run:
    """Run the demo and return its stages, and how it ended: `done`, `refused` with the reason, or `cut`."""
    command = [sys.executable, str(ROOT / "benchmarks" / "demo_steps.py"), str(directory), str(incidents)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LONGEST, env=dict(os.environ)
        )
        said, end = done.stdout, "done" if done.returncode == 0 else _reason(done.stderr)
    except subprocess.TimeoutExpired as error:
        told = error.stdout or b""
        said, end = told.decode() if isinstance(told, bytes) else told, f"cut after {LONGEST // 60} minutes"
    return {"stages": _added_up(said), "end": end}


def _added_up(said: str) -> dict[str, Run]:
    """Return stage -> what it took: times added up, since the demo attacks its release twice."""
    stages: dict[str, Run] = {}
    for line in said.splitlines():
        if line.startswith("STAGE "):
            one = json.loads(line[6:])
            known = stages.setdefault(one["stage"], {"processor": 0.0, "wall": 0.0, "peak_mb": 0})
            known["processor"] = round(known["processor"] + one["processor"], 2)
            known["wall"] = round(known["wall"] + one["wall"], 2)
            known["peak_mb"] = max(known["peak_mb"], one["peak_mb"])
    return stages


def _reason(complained: str) -> str:
    """Return the last line of an error: what the demo says, which never quotes a value."""
    lines = complained.strip().splitlines() or ["no reason was given"]
    return "refused: " + lines[-1].rpartition("ReleaseRefused: ")[2]


def whole(runs: dict[int, Run]) -> Table:
    """Return the table of whole runs, with the exponent of growth from one size to the next."""
    rows = []
    before: tuple[int, float, int] | None = None
    for size, run in runs.items():
        stages = run["stages"].values()
        seconds, wall = sum(one["processor"] for one in stages), sum(one["wall"] for one in stages)
        peak = max((one["peak_mb"] for one in stages), default=0)
        grows = ["", ""]
        if before and LAST in run["stages"]:
            grows = [exponent(before[0], size, *pair) for pair in ((before[1], seconds), (before[2], peak))]
        bar = f"{judged('demo seconds', seconds)}; {judged('demo memory', peak)}" if size == BAR_AT else ""
        rows.append((f"{size:,}", f"{seconds:.1f}", f"{wall:.0f}", str(peak), *grows, bar, run["end"]))
        before = (size, seconds, peak) if LAST in run["stages"] else None
    columns = ("incidents", "processor s", "wall s", "peak MB", "time grows", "memory grows", "bar", "end")
    note = (
        "How it grows: the exponent between this size and the one above; 1.0 is in proportion. The bar of "
        "60 s is held against processor time, since others may use the machine."
    )
    return Table("`withheld demo`, whole", columns, rows, note)


def by_stage(runs: dict[int, Run]) -> list[Table]:
    """Return the tables of processor seconds and of memory, a row each stage."""
    names = list(dict.fromkeys(name for run in runs.values() for name in run["stages"]))
    tables = []
    for caption, key in (
        ("Processor seconds of each stage", "processor"),
        ("Memory at the peak of each stage, MB", "peak_mb"),
    ):
        rows = []
        for name in names:
            found = {size: run["stages"][name][key] for size, run in runs.items() if name in run["stages"]}
            *_, last = [(0, 0.0), *list(found.items())]
            earlier = list(found.items())[-2:-1]
            grows = exponent(earlier[0][0], last[0], earlier[0][1], last[1]) if earlier else ""
            rows.append((name, *(f"{found[size]:,}" if size in found else "" for size in runs), grows))
        columns = ("stage", *(f"{size:,}" for size in runs), "grows (last two)")
        tables.append(Table(caption, columns, rows))
    return tables


def exponent(size: int, larger: int, cost: float, more: float) -> str:
    """Return the exponent e of cost ~ size ** e, empty where a cost is too small to tell.

    >>> exponent(200, 2_000, 1.0, 10.0)
    '1.00'
    """
    return f"{math.log(more / cost) / math.log(larger / size):.2f}" if cost >= 0.05 and more >= 0.05 else ""
