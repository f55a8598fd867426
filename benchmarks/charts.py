"""Draw every chart of a release, warm, and say what each kind of file costs and whether it is the same twice.

    python benchmarks/charts.py demo/public/2026-11-22

Prints one line of JSON a kind of file: processor milliseconds a chart (mean, highest), bytes, and whether
the second round gave the same bytes. Fonts are warmed first and told apart.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matplotlib as mpl

from reports.chart_styles import NARROW, SOCIAL, WIDE, FontFaces
from reports.chart_styles.canvas import STYLE, png
from reports.draw import PRINT_DOTS, SOCIAL_DOTS, Drawing, draw_sheet, pdf_of, svg_of
from reports.publish import font_texts
from reports.published import LANGUAGES, load_release
from reports.select import select_charts

ROUNDS = 3  # the first warms up; of the others the cheaper counts, because others use the machine
BAR = 250  # processor milliseconds


def renderings(drawing: Drawing, fonts: FontFaces) -> dict[str, Callable[[], bytes]]:
    """Return what makes each file of a chart, from its cells to its bytes."""
    return {
        "svg": lambda: svg_of(draw_sheet(drawing, WIDE, fonts), drawing, fonts),
        "narrow.svg": lambda: svg_of(draw_sheet(drawing, NARROW, fonts), drawing, fonts),
        "pdf": lambda: pdf_of(draw_sheet(drawing, WIDE, fonts), drawing),
        "png": lambda: png(draw_sheet(drawing, WIDE, fonts).raster(PRINT_DOTS).reduce(2), {}, 96),
        "print.png": lambda: png(draw_sheet(drawing, WIDE, fonts).raster(PRINT_DOTS), {}, 300),
        "social.png": lambda: png(draw_sheet(drawing, SOCIAL, fonts).raster(SOCIAL_DOTS), {}, 96),
    }


def measure(folder: Path) -> list[dict[str, Any]]:
    """Return one row of figures a kind of file."""
    release = load_release(folder)
    charts = select_charts(release)
    started = time.process_time()
    fonts = FontFaces(font_texts(release, charts))
    warm = 1000 * (time.process_time() - started)
    spent: dict[str, dict[str, float]] = {}
    drawn: dict[tuple[str, str], set[bytes]] = {}
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        for place in range(ROUNDS):
            for data in charts:
                for language in LANGUAGES:
                    name = f"{data.declaration.name}.{language}"
                    for kind, make in renderings(Drawing(release, data, language), fonts).items():
                        started = time.process_time()
                        content = make()
                        cost = 1000 * (time.process_time() - started)
                        drawn.setdefault((kind, name), set()).add(content)
                        if place:
                            costs = spent.setdefault(kind, {})
                            costs[name] = min(cost, costs.get(name, cost))
    rows: list[dict[str, Any]] = [{"kind": "fonts, once a release", "mean_ms": round(warm)}]
    for kind, costs in spent.items():
        contents = [found for (one, _), found in drawn.items() if one == kind]
        rows.append(
            {
                "kind": kind,
                "files": len(costs),
                "mean_ms": round(statistics.mean(costs.values())),
                "highest_ms": round(max(costs.values())),
                "bar_ms": BAR,
                "mean_bytes": round(statistics.mean(len(min(found)) for found in contents)),
                "same_bytes": all(len(found) == 1 for found in contents),
            }
        )
    return rows


if __name__ == "__main__":
    for row in measure(Path(sys.argv[1])):
        print(json.dumps(row))
