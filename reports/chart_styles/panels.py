"""Small multiples: panels of one scale side by side, columns over time in each."""

import math
from dataclasses import dataclass

from reports.published import Code
from reports.words import say

from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look, draw_column
from .palette import INK, MUTED
from .periods import short_period

GAP_ACROSS, GAP_DOWN = 34, 18
NARROW_PANEL, WIDE_PANEL, WIDE_LEAST = 190, 200, 330.0


@dataclass(frozen=True)
class PanelPlace:
    """Where one panel lies."""

    panel: Code
    box: Box  # of the plot alone


def lay_out_panels(canvas: Canvas, look: Look, area: Box, gutter: float) -> list[PanelPlace]:
    """Return the place of each panel after writing its name; `gutter` px are left for a scale."""
    panels = look.data.panels
    narrow = canvas.size.name == "narrow"
    across = 1 if narrow else look.data.declaration.columns or columns_of(len(panels), canvas.size.name)
    across = min(across, len(panels))
    down = math.ceil(len(panels) / across)
    width = (area.width - GAP_ACROSS * (across - 1)) / across
    height = (area.height - GAP_DOWN * (down - 1)) / down
    places = []
    for count, panel in enumerate(panels):
        line, column = divmod(count, across)
        left, top = area.left + column * (width + GAP_ACROSS), area.top + line * (height + GAP_DOWN)
        same_line = panels[line * across : (line + 1) * across]
        header = max(len(wrap(look.name(other), width, 14, bold=True)) for other in same_line) * 17 + 8
        if not panel.code:
            header = 10
        for row, text in enumerate(wrap(look.name(panel), width, 14, bold=True)):
            canvas.text((left, top + 14 + row * 17), text, 14, bold=True)
        box = Box(left + gutter, top + header, width - gutter, height - header - 20)
        places.append(PanelPlace(panel, box))
    return places


def columns_of(panels: int, sheet: str) -> int:
    """Return how many panels stand side by side; more of them where the height is fixed."""
    return min(panels, 4 if panels > 9 or (panels > 6 and sheet == "social") else 3)


def wide_panels_height(look: Look, width: float) -> float:
    """Return the height of the panels on a wide sheet (px)."""
    panels = len(look.data.panels)
    across = look.data.declaration.columns or columns_of(panels, "wide")
    return WIDE_LEAST if panels == 1 else math.ceil(panels / min(across, panels)) * float(WIDE_PANEL)


def panels_height(look: Look, width: float) -> float:
    """Return the height of the panels stacked on a narrow sheet (px)."""
    return len(look.data.panels) * (NARROW_PANEL + GAP_DOWN) - GAP_DOWN


def draw_columns(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw columns over time, the number above each; withheld neighbours share one hatched band."""
    rows = look.data.rows
    for place in lay_out_panels(canvas, look, area, 0):
        step = place.box.width / len(rows)
        width = min(54.0, step * 0.66)
        text = min(13.0, (step - 3) / max(look.widest(1), 0.1))
        scale = (place.box.height - 18) / look.data.highest
        hidden = []
        for count, row in enumerate(rows):
            cell = look.data.cell(place.panel, row)
            if cell is None or cell.is_withheld:
                hidden += [count] * (cell is not None)
                continue
            left = place.box.left + count * step + (step - width) / 2
            box = Box(left, place.box.top, width, place.box.height)
            top = draw_column(canvas, box, cell, colour=look.colour(place.panel, row), scale=scale)
            ink = INK if cell.value else MUTED
            label = look.cell_label(place.panel, row)
            canvas.text((left + width / 2, top - 5), label, text, colour=ink, align="center")
        draw_hidden(canvas, look, place.box, hidden, step)
        name_periods(canvas, look, place.box, step)
        canvas.line([(place.box.left, place.box.bottom), (place.box.right, place.box.bottom)], MUTED, 1)


def name_periods(canvas: Canvas, look: Look, box: Box, step: float) -> None:
    """Write the short name of each period under its place."""
    names = [_period_name(look, row, step) for row in look.data.rows]
    size = min(12.0, min(12 * step * 0.94 / text_width(name, 12) for name in names))
    for count, name in enumerate(names):
        canvas.text(
            (box.left + (count + 0.5) * step, box.bottom + 16), name, size, colour=MUTED, align="center"
        )


def _period_name(look: Look, row: Code, step: float) -> str:
    digits = 4 if step >= 38 else 2
    return short_period(look.data, row, digits=digits) or row.label.text(look.language)


def runs_of(counts: list[int]) -> list[list[int]]:
    """Group neighbours: [1, 2, 5] -> [[1, 2], [5]]."""
    runs: list[list[int]] = []
    for count in counts:
        if runs and runs[-1][-1] == count - 1:
            runs[-1].append(count)
        else:
            runs.append([count])
    return runs


def draw_hidden(canvas: Canvas, look: Look, box: Box, hidden: list[int], step: float) -> None:
    """Hatch the places of withheld numbers; neighbours share one band and one word."""
    word = say("withheld", look.language)
    for run in runs_of(hidden):
        inset = min(2.0, step * 0.08)
        band = Box(box.left + run[0] * step + inset, box.top, len(run) * step - 2 * inset, box.height)
        canvas.hatch(band)
        turn = 0 if band.width > text_width(word, 12) + 12 else 90
        canvas.plate((band.left + band.width / 2, band.top + band.height / 2), word, 12, turn=turn)
