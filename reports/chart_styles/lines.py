"""Lines over time: one panel, or small multiples of one scale; the interval is a light band."""

from reports.published import Cell
from reports.words import number, thousands

from .canvas import Box, Canvas
from .fonts import text_width
from .look import BAND, Look, nice_ticks
from .palette import INK, MUTED, tint
from .panels import PanelPlace, draw_hidden, lay_out_panels, name_periods, runs_of
from .periods import is_partial

LABEL = 13.0  # px font size of a number over its point


def draw_lines(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw lines over time with their intervals; a line breaks at a withheld number, at a printed 0 and
    before a year that is not whole.
    """
    ticks = nice_ticks(look.data.highest, 3)
    write = thousands if look.is_money else number
    gutter = max(text_width(write(tick, look.language), 12) for tick in ticks) + 8
    for place in lay_out_panels(canvas, look, area, gutter):
        scale = (place.box.height - (20 if look.data.declaration.mark == "lines" else 6)) / look.data.highest
        for tick in ticks:
            height = place.box.bottom - tick * scale
            canvas.grid_line((place.box.left, height), (place.box.right, height))
            at = (place.box.left - 6, height + 4)
            canvas.text(at, write(tick, look.language), 12, colour=MUTED, align="right")
        _draw_line(canvas, look, place, scale)
        if look.data.declaration.mark == "lines":
            _label_points(canvas, look, place, scale)
            name_periods(canvas, look, place.box, place.box.width / len(look.data.rows))
        else:
            _label_time(canvas, look, place.box)
        canvas.line([(place.box.left, place.box.bottom), (place.box.right, place.box.bottom)], MUTED, 1)


def _draw_line(canvas: Canvas, look: Look, place: PanelPlace, scale: float) -> None:
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
        if is_partial(look.data, row):  # a line to a year that is not over would look like a fall
            run = _end_run(canvas, run, colour)
        if cell.value:
            run.append((middle, box.bottom - cell.value * scale))
        else:
            run = _end_run(canvas, run, colour)
            zeros.append(count)
    _end_run(canvas, run, colour)
    draw_hidden(canvas, look, box, hidden, step)
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


def _label_points(canvas: Canvas, look: Look, place: PanelPlace, scale: float) -> None:
    """Write every number over its point, where there is room."""
    step = place.box.width / len(look.data.rows)
    size = min(LABEL, LABEL * (step - 4) / max(look.widest(LABEL), 1))
    for count, row in enumerate(look.data.rows) if size >= 9 else ():
        cell = look.data.cell(place.panel, row)
        if cell is None or cell.is_withheld:
            continue
        at = (place.box.left + (count + 0.5) * step, place.box.bottom - (cell.upper or 0) * scale - 6)
        canvas.text(
            at, look.cell_label(place.panel, row), size, colour=INK if cell.value else MUTED, align="center"
        )


def _label_zeros(
    canvas: Canvas, look: Look, place: PanelPlace, zeros: list[int], measures: tuple[float, float]
) -> None:
    step, scale = measures
    if look.data.declaration.mark == "lines":
        return  # every number is written there
    for run in runs_of(zeros):
        cell = look.data.cell(place.panel, look.data.rows[run[0]])
        if cell is not None and len(run) * step > text_width(look.label(cell), 10.5):
            middle = place.box.left + (run[0] + len(run) / 2) * step
            at = (middle, place.box.bottom - (cell.upper or 0) * scale - 4)
            canvas.text(at, look.label(cell), 10.5, colour=MUTED, align="center")


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
