"""Horizontal bars: one panel or several side by side (stacked above each other on a narrow sheet)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.published import Code

from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look, draw_bar
from .palette import INK, MUTED, RULE

GAP = 22
ROW, NARROW_ROW = 38, 40  # px of one row on a wide and on a narrow sheet
HEAD = 13.5  # px font size over a panel


@dataclass(frozen=True)
class _Sheet:
    """Where panels and rows lie."""

    gutter: float  # px for the labels of the rows
    header: float  # px for the labels of the panels
    panels: tuple[float, ...]  # px width of each panel
    scale: float  # px a unit, the same in every panel
    row: float  # px of one row
    text: float  # px font size of numbers


def draw_bars(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw rows of bars, panels side by side, all on one scale."""
    if canvas.size.name == "narrow":
        _draw_narrow(canvas, look, area)
        return
    sheet = _lay_out(look, area, canvas.size.text)
    _label_rows(canvas, look, area, sheet)
    left = area.left + sheet.gutter
    for panel, width in zip(look.data.panels, sheet.panels, strict=True):
        _draw_panel(canvas, look, panel, Box(left, area.top, width, area.height), sheet)
        left += width + GAP


def wide_bars_height(look: Look, width: float) -> float:
    """Return the height of the bars on a wide sheet of that width (px)."""
    return _lay_out(look, Box(0, 0, width, 1), 15).header + ROW * len(look.data.rows)


def _lay_out(look: Look, area: Box, text: float) -> _Sheet:
    rows, panels = look.data.rows, look.data.panels
    longest = max(text_width(look.name(row), text) for row in rows)
    gutter = min(longest, area.width * (0.36 if len(panels) == 1 else 0.22)) + 14
    numbers = 13.0 if len(panels) > 1 else 15.0
    room = area.width - gutter - GAP * (len(panels) - 1)
    widths, scale = _panel_widths(look, room, numbers)
    lines = (
        max(
            len(wrap(look.name(code), panel, HEAD, bold=True))
            for code, panel in zip(panels, widths, strict=True)
        )
        if panels[0].code
        else 0
    )
    header = lines * 17 + 10 if lines else 0
    row = min(64.0, (area.height - header) / len(rows))
    return _Sheet(gutter, header, widths, scale, row, numbers)


def _panel_widths(look: Look, room: float, text: float) -> tuple[tuple[float, ...], float]:
    """Share the room out by what each panel holds: one scale, and bars as long as it allows.

    A panel is never narrower than its numbers and a header of a few words need.
    """
    labels = look.widest(text) + 8
    highest = [look.highest_of(panel) for panel in look.data.panels]
    least = [max(labels, _header_room(look, panel)) for panel in look.data.panels]
    low, high = 0.0, room / max(highest)
    for _ in range(40):  # the largest scale at which the panels still fit side by side
        scale = (low + high) / 2
        fits = sum(_widths(highest, least, labels, scale)) <= room
        low, high = (scale, high) if fits else (low, scale)
    widths = _widths(highest, least, labels, low)
    spare = (room - sum(widths)) / len(widths)
    return tuple(width + spare for width in widths), low


def _widths(highest: Sequence[int], least: Sequence[float], labels: float, scale: float) -> list[float]:
    return [max(most * scale + labels, floor) for most, floor in zip(highest, least, strict=True)]


def _header_room(look: Look, panel: Code) -> float:
    words = [text_width(word, HEAD, bold=True) for word in look.name(panel).split(" ")]
    return max(max(words), min(sum(words), 96.0))


def _label_rows(canvas: Canvas, look: Look, area: Box, sheet: _Sheet) -> None:
    for place, row in enumerate(look.data.rows):
        box = Box(area.left, area.top + sheet.header + place * sheet.row, sheet.gutter - 12, sheet.row)
        draw_row_label(canvas, look.name(row), box)


def draw_row_label(canvas: Canvas, name: str, box: Box) -> None:
    """Write the name of a row, right-aligned in the middle of `box`, smaller where it would not fit."""
    size = canvas.size.text
    lines = wrap(name, box.width, size)
    while len(lines) * size * 1.12 > box.height and size > 10:
        size -= 0.5
        lines = wrap(name, box.width, size)
    top = box.top + box.height / 2 - len(lines) * size * 1.12 / 2
    for count, line in enumerate(lines):
        canvas.text((box.right, top + count * size * 1.12 + size * 0.92), line, size, align="right")


def _draw_panel(canvas: Canvas, look: Look, panel: Code, box: Box, sheet: _Sheet) -> None:
    top = box.top
    for count, line in enumerate(wrap(look.name(panel), box.width, HEAD, bold=True)):
        canvas.text((box.left, top + 13 + count * 17), line, HEAD, bold=True)
    foot = top + sheet.header + sheet.row * len(look.data.rows)
    thick = min(28.0, sheet.row * 0.6)
    for place, row in enumerate(look.data.rows):
        middle = top + sheet.header + (place + 0.5) * sheet.row
        bar = Box(box.left, middle - thick / 2, box.width, thick)
        _draw_cell(canvas, look, (panel, row), bar, sheet.scale, sheet.text)
    canvas.line([(box.left, top + sheet.header), (box.left, foot)], MUTED, 1)


def _draw_cell(
    canvas: Canvas, look: Look, place: tuple[Code, Code], box: Box, scale: float, text: float
) -> None:
    panel, row = place
    cell = look.data.cell(panel, row)
    if cell is None:
        return
    label = look.cell_label(panel, row)
    if cell.is_withheld:
        canvas.hatch(box)
        canvas.plate((box.left + box.width / 2, box.top + box.height / 2), label, min(text, box.height - 5))
        return
    left = draw_bar(canvas, box, cell, colour=look.colour(panel, row), scale=scale)
    colour = INK if cell.value else MUTED
    canvas.text((left, box.top + box.height / 2 + text * 0.36), label, text, colour=colour)


def bars_height(look: Look, width: float) -> float:
    """Return the height of the bars on a narrow sheet of that width (px)."""
    header = 34 if look.data.panels[0].code else 0
    lines = sum(len(wrap(look.name(row), width, 13)) - 1 for row in look.data.rows)
    return len(look.data.panels) * (len(look.data.rows) * NARROW_ROW + header + lines * 16 + 8)


def _draw_narrow(canvas: Canvas, look: Look, area: Box) -> None:
    top = area.top
    scale = (area.width - look.widest(13) - 8) / look.data.highest
    for panel in look.data.panels:
        if panel.code:
            canvas.line([(area.left, top + 4), (area.right, top + 4)], RULE, 1)
            canvas.text((area.left, top + 23), look.name(panel), 14.5, bold=True)
            top += 34
        for row in look.data.rows:
            lines = wrap(look.name(row), area.width, 13)
            for line in lines:
                canvas.text((area.left, top + 13), line, 13)
                top += 16
            _draw_cell(canvas, look, (panel, row), Box(area.left, top + 1, area.width, 16), scale, 13)
            top += NARROW_ROW - 16
        top += 8
