"""Requests a second of the demo's release, beside stock Datasette on the same file."""

import sys

from benchmarks.bars import judged
from benchmarks.model import Setting, Table
from benchmarks.process import ROOT, required
from benchmarks.released import demo_release


def measure(setting: Setting) -> list[Table]:
    """Run `serve.py` and hold the cached pages against the bars."""
    release = demo_release(setting)
    seconds = "2" if setting.quick else "15"
    said = required([sys.executable, ROOT / "benchmarks" / "serve.py", release, "--seconds", seconds]).said
    table = Table.of_lines(
        f"16 clients, {seconds} s a line; client and server share the cores", said.splitlines()
    )
    rows = []
    for row in table.rows:
        kept = not row[0].startswith("stock") and "never kept" not in row[0]
        rate, p99 = (float(row[place].replace(",", "")) for place in (1, 3))
        bar = (
            f"{judged('requests', rate)}; {judged('p99', p99)}"
            if kept
            else "rival"
            if "stock" in row[0]
            else ""
        )
        rows.append((*row, bar))
    peak = next(line for line in said.splitlines() if line.startswith("Peak"))
    memory = float(peak.partition(": ")[2].partition(" ")[0])
    return [
        Table(table.caption, (*table.columns, "bar"), rows, f"{peak} Bar: {judged('server memory', memory)}.")
    ]
