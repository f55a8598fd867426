"""Pairs of duplicates found, beside plain splink in the same run."""

import json
import sys

from benchmarks.model import Setting, Table
from benchmarks.process import ROOT, required


def measure(setting: Setting) -> list[Table]:
    """Run `linkage.py` on febrl3, where it is there, and on generated incidents."""
    data = ["1000"] if setting.quick else ["5000", "50000"]
    if setting.shared and (setting.shared / "bench" / "linkage").is_dir():
        data = ["febrl3", *data]
    said = required([sys.executable, ROOT / "benchmarks" / "linkage.py", *data]).said
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    rows = [
        (
            one["what"],
            *(f"{one[name]:.4f}" for name in ("precision", "recall", "f1")),
            f"{one['seconds']:.1f}",
            f"{one['peak_mb']:,}",
        )
        for one in found
    ]
    columns = ("data, program", "precision", "recall", "F1", "processor s", "peak MB")
    return [Table("Two cases in which one person is", columns, rows)]
