"""Small multiples over time: columns with a number each, or a line with its interval; one scale."""

import math
from dataclasses import dataclass

from reports.published import Cell, Code
from reports.words import number, say, thousands

from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import BAND, Look, draw_column, nice_ticks
from .palette import MUTED, tint
from .periods import short_period

GAP_ACROSS, GAP_DOWN = 34, 18
NARROW_PANEL = 190


@dataclass(frozen=True)
class _Place:
    panel: Code
    box: Box  # of the plot alone
    is_first: bool  # at the left of a line of panels: carries the numbers of the scale


def _lay_out(canvas: Canvas, look: Look, area: Box, gutter: float) -> list[_Place]:
    panels = look.data.panels
    narrow = canvas.size.name == "narrow"
    across = 1 if narrow else look.data.declaration.columns or _columns(len(panels))
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
        for row, text in enumerate(wrap(look.name(panel), width, 14, bold=True)):
            canvas.text((left, top + 14 + row * 17), text, 14, bold=True)
        box = Box(left + gutter, top + header, width - gutter, height - header - 20)
        places.append(_Place(panel, box, column == 0))
    return places


def _columns(panels: int) -> int:
    """Return how many panels stand side by side: one line up to three, two lines up to ten."""
    if panels <= 3:
        return panels
    return math.ceil(panels / 2) if panels <= 10 else 4


def panels_height(look: Look, width: float) -> float:
    """Return the height of the panels stacked on a narrow sheet (px)."""
    return len(look.data.panels) * (NARROW_PANEL + GAP_DOWN) - GAP_DOWN


def draw_columns(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw columns over time, the number above each; withheld neighbours share one hatched band."""
    rows = look.data.rows
    for place in _lay_out(canvas, look, area, 0):
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
            canvas.text((left + width / 2, top - 5), look.cell_label(place.panel, row), text, align="center")
        _draw_hidden(canvas, look, place.box, hidden, step)
        _name_periods(canvas, look, place.box, step)
        canvas.line([(place.box.left, place.box.bottom), (place.box.right, place.box.bottom)], MUTED, 1)


def _name_periods(canvas: Canvas, look: Look, box: Box, step: float) -> None:
    names = [_period_name(look, row, step) for row in look.data.rows]
    size = min(12.0, min(12 * step * 0.94 / text_width(name, 12) for name in names))
    for count, name in enumerate(names):
        canvas.text(
            (box.left + (count + 0.5) * step, box.bottom + 16), name, size, colour=MUTED, align="center"
        )


def _period_name(look: Look, row: Code, step: float) -> str:
    digits = 4 if step >= 38 else 2
    return short_period(look.data, row, digits=digits) or row.label.text(look.language)


def draw_lines(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw a line over time with its interval; it breaks at a withheld number and at a printed 0."""
    ticks = nice_ticks(look.data.highest, 3)
    write = thousands if look.is_money else number
    gutter = max(text_width(write(tick, look.language), 12) for tick in ticks) + 8
    for place in _lay_out(canvas, look, area, gutter):
        scale = (place.box.height - 6) / look.data.highest
        for tick in ticks:
            height = place.box.bottom - tick * scale
            canvas.grid_line((place.box.left, height), (place.box.right, height))
            at = (place.box.left - 6, height + 4)
            canvas.text(at, write(tick, look.language), 12, colour=MUTED, align="right")
        _draw_line(canvas, look, place, scale)
        _label_time(canvas, look, place.box)
        canvas.line([(place.box.left, place.box.bottom), (place.box.right, place.box.bottom)], MUTED, 1)


def _draw_line(canvas: Canvas, look: Look, place: _Place, scale: float) -> None:
    colour = look.colour(place.panel)
    box, rows = place.box, look.data.rows
    step = box.width / len(rows)
    run: list[tuple[float, float]] = []
    hidden: list[int] = []
    zeros: list[int] = []
    for count, row in enumerate(rows):
        cell = look.data.cell(place.panel, row)
        middle = box.left + (count + 0.5) * step
        if cell is None or cell.is_withheld:
            run = _end_run(canvas, run, colour)
            hidden += [count] * (cell is not None)
            continue
        _draw_interval(canvas, cell, (middle, box.bottom), (step, scale), colour)
        if cell.value:
            run.append((middle, box.bottom - cell.value * scale))
        else:
            run = _end_run(canvas, run, colour)
            zeros.append(count)
    _end_run(canvas, run, colour)
    _draw_hidden(canvas, look, box, hidden, step)
    _label_zeros(canvas, look, place, zeros, (step, scale))


def _draw_interval(
    canvas: Canvas, cell: Cell, at: tuple[float, float], measures: tuple[float, float], colour: str
) -> None:
    step, scale = measures
    lower, upper = (cell.lower or 0) * scale, (cell.upper or 0) * scale
    if upper - lower < 2:
        return  # thinner than the line itself: it would only look like dirt
    # A hair wider than its step, so that no seam shows between neighbours.
    canvas.rectangle(
        Box(at[0] - step / 2 - 0.2, at[1] - upper, step + 0.4, upper - lower), tint(colour, BAND * 0.7)
    )


def _end_run(canvas: Canvas, run: list[tuple[float, float]], colour: str) -> list[tuple[float, float]]:
    if len(run) > 1:
        canvas.line(run, colour, 2)
    for at in run:
        canvas.dot(*at, 2.6, colour)
    return []


def _runs(counts: list[int]) -> list[list[int]]:
    """Group neighbours: [1, 2, 5] -> [[1, 2], [5]]."""
    runs: list[list[int]] = []
    for count in counts:
        if runs and runs[-1][-1] == count - 1:
            runs[-1].append(count)
        else:
            runs.append([count])
    return runs


def _label_zeros(
    canvas: Canvas, look: Look, place: _Place, zeros: list[int], measures: tuple[float, float]
) -> None:
    step, scale = measures
    for run in _runs(zeros):
        cell = look.data.cell(place.panel, look.data.rows[run[0]])
        if cell is not None and len(run) * step > text_width(look.label(cell), 10.5):
            middle = place.box.left + (run[0] + len(run) / 2) * step
            at = (middle, place.box.bottom - (cell.upper or 0) * scale - 4)
            canvas.text(at, look.label(cell), 10.5, colour=MUTED, align="center")


def _draw_hidden(canvas: Canvas, look: Look, box: Box, hidden: list[int], step: float) -> None:
    # Neighbours share one band and one word.
    word = say("withheld", look.language)
    for run in _runs(hidden):
        inset = min(2.0, step * 0.08)
        band = Box(box.left + run[0] * step + inset, box.top, len(run) * step - 2 * inset, box.height)
        canvas.hatch(band)
        turn = 0 if band.width > text_width(word, 12) + 12 else 90
        canvas.plate((band.left + band.width / 2, band.top + band.height / 2), word, 12, turn=turn)


def _label_time(canvas: Canvas, look: Look, box: Box) -> None:
    # A year is named once, under its first quarter; by two digits where four would touch.
    step = box.width / len(look.data.rows)
    years = [row.code[:4] for row in look.data.rows]
    short = 4 * step < text_width("2020", 12) + 6
    for count, year in enumerate(years):
        if year not in years[:count]:
            left = box.left + count * step
            canvas.line([(left, box.bottom), (left, box.bottom + 5)], MUTED, 1)
            canvas.text((left + 3, box.bottom + 16), year[2:] if short else year, 12, colour=MUTED)
