"""tau-ARGUS (pytauargus, PyPI) on the tables of a plan, each table by itself; run by the rivals' Python.

    PYTHON-OF-RIVALS benchmarks/tables_rival.py BENCH/tables

Suppression by its modular method (`MOD`). Each table for itself: cells that two tables share are not held
together, and a ladder is its finest level and the total. It rounds to no base under 1,000 here: rounding has
no rival. Prints one line of JSON.
"""

import contextlib
import csv
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from pytauargus import protect

# The tables of the plan `coarse`, by the columns of the file.
TABLES = (
    ("quarter", "republic"),
    ("republic", "type"),
    ("type", "rel"),
    ("age", "gender"),
    ("year", "republic", "type"),
    ("district",),
    ("type", "age"),
    ("republic", "rel"),
    ("quarter", "type"),
    ("month",),
    ("rel", "age"),
)


def main(folder: Path) -> None:
    """Protect every table and tell what it took."""
    with (folder / "synthetic_incidents_2000.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    start, cells, hidden, shown = time.process_time(), 0, 0, 0
    for names in TABLES:
        micro = {name: [row[name] for row in rows] for name in names} | {"cases": [1.0] * len(rows)}
        with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):  # it writes where it stands
            done = protect(micro, list(names), "cases", "FREQ(5,20)", "MOD(1,1)", workdir=work)
            (table,) = done.tables
            cells += len(table)
            hidden += table.safe().count("x")
            shown += sum(1 for value in table.unsafe() if value)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"cells": cells, "hidden_share_of_non_zero": round(hidden / shown, 4)}
    print(json.dumps({**told, "seconds": round(seconds, 2), "peak_memory_mb": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
