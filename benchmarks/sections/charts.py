"""What each file of a chart costs, warm, beside Vega-Lite (vl-convert) drawing bars of the same rows."""

import json
import sys
from typing import Any

from benchmarks.bars import judged
from benchmarks.model import Setting, Table
from benchmarks.process import ROOT, required
from benchmarks.released import demo_release


def measure(setting: Setting) -> list[Table]:
    """Run `charts.py` on a release of the demo, and the rival on the data of the same charts."""
    release = demo_release(setting)
    said = required([sys.executable, ROOT / "benchmarks" / "charts.py", release]).said
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    rows = [
        (*cells_of(one), judged("chart", one["highest_ms"]))
        if "files" in one
        else (one["kind"], "", f"{one['mean_ms']}", "", "", "", "")
        for one in found
    ]
    if setting.rivals:
        rival = required([setting.rivals, ROOT / "benchmarks" / "charts_rival.py", release]).said
        rows += [(*cells_of(json.loads(line)), "rival") for line in rival.splitlines()]
    columns = ("file", "charts", "mean ms", "highest ms", "mean KB", "same bytes again", "bar")
    note = (
        "Processor milliseconds, from cells to bytes. The rival draws plain bars in one language, without "
        "intervals, withheld cells, a footer or fonts inside."
    )
    return [Table("Every chart of the demo's release, warm", columns, rows, note)]


def cells_of(one: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a row but the last: what one kind of file took."""
    same = "yes" if one["same_bytes"] else "**no**"
    figures = (one["files"], one["mean_ms"], one["highest_ms"], one["mean_bytes"] // 1000)
    return (one["kind"], *map(str, figures), same)
