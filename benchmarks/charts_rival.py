"""Vega-Lite by vl-convert: a bar chart of the rows of each chart of a release, warm.

PYTHON-OF-RIVALS benchmarks/charts_rival.py PUBLIC/RELEASE
"""

import csv
import json
import statistics
import sys
import time
from pathlib import Path

import vl_convert

ROUNDS = 3  # the first warms up


def main(release: Path) -> None:
    """Print one line of JSON a kind of file."""
    specs = [spec_of(path) for path in sorted((release / "charts").glob("*.csv"))]
    makers = {"svg": vl_convert.vegalite_to_svg, "png": vl_convert.vegalite_to_png}
    for kind, make in makers.items():
        more = {} if kind == "svg" else {"scale": 1.5}  # 1,200 px wide, as ours
        costs: dict[int, float] = {}
        contents: dict[int, set[bytes]] = {}
        for place in range(ROUNDS):
            for number, spec in enumerate(specs):
                started = time.process_time()
                content = make(spec, **more)
                cost = 1000 * (time.process_time() - started)
                contents.setdefault(number, set()).add(
                    content.encode() if isinstance(content, str) else content
                )
                if place:
                    costs[number] = min(cost, costs.get(number, cost))
        told = {
            "kind": f"Vega-Lite: {kind}",
            "files": len(specs),
            "mean_ms": round(statistics.mean(costs.values())),
            "highest_ms": round(max(costs.values())),
            "mean_bytes": round(statistics.mean(len(min(found)) for found in contents.values())),
            "same_bytes": all(len(found) == 1 for found in contents.values()),
        }
        print(json.dumps(told))


def spec_of(path: Path) -> dict[str, object]:
    """Return a bar chart of the numbers of a chart's data file by its first column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = next(iter(rows[0]))
    values = [{"row": row[first], "value": float(row["value"])} for row in rows if row.get("value")]
    return {
        "data": {"values": values},
        "mark": "bar",
        "width": 800,
        "encoding": {
            "y": {"field": "row", "type": "nominal"},
            "x": {"field": "value", "type": "quantitative", "aggregate": "sum"},
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
