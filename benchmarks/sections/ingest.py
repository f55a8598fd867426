"""Rows a second into the encrypted vault, beside writers that check nothing."""

import sys

from benchmarks.bars import judged
from benchmarks.model import Setting, Table
from benchmarks.process import ROOT, required


def measure(setting: Setting) -> list[Table]:
    """Run `ingest_speed.py` and hold our lines against the bars."""
    rows = "5000" if setting.quick else "100000"
    command = [sys.executable, ROOT / "benchmarks" / "ingest_speed.py", "--rows", rows]
    command += ["--rivals", setting.rivals] if setting.rivals else []
    table = Table.of_lines(
        "Case files of 25 columns, 3 % of the rows faulty", required(command).said.splitlines()
    )
    told = []
    for row in table.rows:
        own = row[2].startswith("withheld")
        bar = judged(f"{row[1]} rows", float(row[5].replace(",", ""))) if own else "rival"
        told.append((*row, bar))
    note = (
        "The bar is held against wall time, which grows with the load of others; the rate of the busier "
        "process is what a free machine of two cores gives at best."
    )
    return [Table(table.caption, (*table.columns, "bar"), told, note)]
