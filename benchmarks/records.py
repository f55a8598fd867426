"""Records beside the figures of ARX: the optimal search of every reference line, and local recoding.

Seconds are processor time of whole processes, start to written file. Reads ../shared/bench/records (or
$WITHHELD_SHARED).
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bars import judged
from benchmarks.process import ROOT, run

SHARED = Path(os.environ.get("WITHHELD_SHARED", ROOT.parent / "shared"))
BENCH = SHARED / "bench" / "records"
# README.md of the reference: local recoding, processor seconds of the whole process and loss
ARX_LOCAL = {("adult", 2): (0.029830, 8.1), ("adult", 5): (0.059077, 11.6), ("adult", 10): (0.082951, 14.2)}
ARX_LOCAL["fars", 5] = (0.041964, 26.7)
Best = tuple[float, int]  # processor seconds, the least; MB, the most


def paired(commands: dict[str, Sequence[str | Path]], repeat: int) -> dict[str, Best]:
    """Run commands in turns; return the best processor seconds and the peak memory of each."""
    best: dict[str, Best] = {}
    for _ in range(repeat):
        for name, command in commands.items():
            cost = run(command)
            if cost.code not in (0, 1):  # 1: `risk` found something to say
                raise SystemExit(cost.complained[-2000:])
            known = best.get(name, (cost.processor, cost.peak_mb))
            best[name] = (min(known[0], cost.processor), max(known[1], cost.peak_mb))
    return best


def ours(dataset: str, k: int, limit: float, loss: str, folder: Path, method: str = "optimal") -> list[str]:
    """Return our command for one line."""
    source = BENCH / dataset
    asked = ["--hierarchies", source, "-k", k, "--suppress", limit, "--loss", loss, "--method", method]
    files = ["-o", folder / "ours.csv", "--evidence", folder / "e.json"]
    command = [sys.executable, "-m", "withheld", "anonymize", source / f"{dataset}.csv", *asked, *files]
    return [str(part) for part in command]


def optima(folder: Path, *, lines_of_it: int | None = None) -> list[str]:
    """Return the table of the reference lines: all 30, or the first few."""
    lines = [
        "| data | k | limit | loss | our optimum | equal to 1e-9 | our s | our MB | ARX s (warm JVM) | bar |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|---|---|")
    for line in json.loads((BENCH / "reference_optima.json").read_text("utf-8"))[:lines_of_it]:
        asked = (line["dataset"], line["k"], line["suppression_limit"], line["loss"])
        (seconds, peak), *_ = paired({"ours": ours(*asked, folder)}, 1).values()
        value = json.loads((folder / "e.json").read_text("utf-8"))["loss"]["value"]
        equal = "yes" if abs(value - line["value"]) <= 1e-9 else "NO"
        lines.append(
            f"| {asked[0]} | {asked[1]} | {asked[2]} | {asked[3]} | {value:.10g} | {equal} | {seconds:.2f} | "
            f"{peak} | {line['cpu_seconds_warm']:.2f} | {judged(asked[0], seconds)} |"
        )
    return lines


def local_recoding(folder: Path, repeat: int, *, lines_of_it: int | None = None) -> list[str]:
    """Return the table of local recoding beside ARX's figures."""
    lines = ["| data | k | our loss | our s | our MB | ARX loss | ARX s | bar |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for (dataset, k), (loss, seconds) in list(ARX_LOCAL.items())[:lines_of_it]:
        best = paired({"us": ours(dataset, k, 0.0, "granularity", folder, "local")}, repeat)["us"]
        value = json.loads((folder / "e.json").read_text("utf-8"))["loss"]["value"]
        bar = (
            f"{judged('local loss', value)}; {judged('local seconds', best[0])}"
            if dataset == "adult" and k == 5
            else ""
        )
        lines.append(
            f"| {dataset} | {k} | {value:.6f} | {best[0]:.2f} | {best[1]} | {loss:.6f} | {seconds} | {bar} |"
        )
    return lines
