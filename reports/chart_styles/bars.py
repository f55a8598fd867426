"""Horizontal bars: one panel or several side by side (stacked above each other on a narrow sheet)."""

from dataclasses import dataclass

from reports.published import Code

from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look, draw_bar
from .palette import INK, MUTED, RULE

GAP = 26
NARROW_ROW = 40


@dataclass(frozen=True)
class _Sheet:
    """Where panels and rows lie."""

    gutter: float  # px for the labels of the rows
    header: float  # px for the labels of the panels
    panel: float  # px of one panel
    row: float  # px of one row
    text: float  # px font size of numbers


def draw_bars(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw rows of bars, panels side by side, all on one scale."""
    if canvas.size.name == "narrow":
        _draw_narrow(canvas, look, area)
        return
    sheet = _lay_out(look, area, canvas.size.text)
    _label_rows(canvas, look, area, sheet)
    for place, panel in enumerate(look.data.panels):
        left = area.left + sheet.gutter + place * (sheet.panel + GAP)
        _draw_panel(canvas, look, panel, Box(left, area.top, sheet.panel, area.height), sheet)


def _lay_out(look: Look, area: Box, text: float) -> _Sheet:
    rows, panels = look.data.rows, look.data.panels
    longest = max(text_width(look.name(row), text) for row in rows)
    most = area.width * (0.36 if len(panels) == 1 else 0.24)
    gutter = min(longest, most) + 16
    panel = (area.width - gutter - GAP * (len(panels) - 1)) / len(panels)
    lines = max(len(wrap(look.name(code), panel, 14, bold=True)) for code in panels) if panels[0].code else 0
    header = lines * 18 + 12 if lines else 0
    row = min(64.0, (area.height - header) / len(rows))
    return _Sheet(gutter, header, panel, row, 13 if len(panels) > 1 else 15)


def _label_rows(canvas: Canvas, look: Look, area: Box, sheet: _Sheet) -> None:
    for place, row in enumerate(look.data.rows):
        size = canvas.size.text
        lines = wrap(look.name(row), sheet.gutter - 16, size)
        while len(lines) * size * 1.12 > sheet.row and size > 10:
            size -= 0.5
            lines = wrap(look.name(row), sheet.gutter - 16, size)
        middle = area.top + sheet.header + (place + 0.5) * sheet.row
        top = middle - len(lines) * size * 1.12 / 2
        for count, line in enumerate(lines):
            at = (area.left + sheet.gutter - 12, top + count * size * 1.12 + size * 0.92)
            canvas.text(at, line, size, align="right")


def _draw_panel(canvas: Canvas, look: Look, panel: Code, box: Box, sheet: _Sheet) -> None:
    top = box.top
    for count, line in enumerate(wrap(look.name(panel), box.width, 14, bold=True)):
        canvas.text((box.left, top + 14 + count * 18), line, 14, bold=True)
    foot = top + sheet.header + sheet.row * len(look.data.rows)
    scale = (box.width - look.widest(sheet.text) - 8) / look.data.highest
    thick = min(30.0, sheet.row * 0.62)
    for place, row in enumerate(look.data.rows):
        middle = top + sheet.header + (place + 0.5) * sheet.row
        _draw_cell(
            canvas, look, (panel, row), Box(box.left, middle - thick / 2, box.width, thick), scale, sheet.text
        )
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
    canvas.text((left, box.top + box.height / 2 + text * 0.36), label, text, colour=INK)


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
