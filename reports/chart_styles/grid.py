"""The grid of two crossed dimensions: a number in every box, darker where it is larger."""

from reports.published import Code

from .bars import draw_row_label
from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look
from .palette import INK, MUTED, RULE
from .periods import short_period
from .tiles import shade

ROW, NARROW_ROW = 40, 31  # px of one row of boxes on a wide and on a narrow sheet
NAME, HEAD, NARROW_HEAD = 14.0, 13.0, 11.0  # px font sizes
SMALLEST_WORD = 9.0  # px; where `withheld` would be smaller, the hatching stands alone


def grid_height(look: Look, width: float) -> float:
    """Return the height of the grid on a wide sheet of that width (px)."""
    _, across = _columns(look, width)
    return _header(look, across, HEAD) + ROW * float(len(look.data.rows))


def narrow_grid_height(look: Look, width: float) -> float:
    """Return the height of the grid on a narrow sheet of that width (px)."""
    names = sum(len(wrap(look.name(row), width, 13)) for row in look.data.rows)
    header = _header(look, width / len(look.data.panels), NARROW_HEAD)
    return header + names * 16 + (NARROW_ROW + 5.0) * len(look.data.rows)


def _columns(look: Look, width: float) -> tuple[float, float]:
    """Return the width of the labels of the rows and that of one column (px)."""
    longest = max(text_width(look.name(row), NAME) for row in look.data.rows)
    gutter = min(longest, width * 0.27) + 14
    return gutter, (width - gutter) / len(look.data.panels)


def _panel_name(look: Look, panel: Code) -> str:
    return short_period(look.data, panel) or look.name(panel)


def _header(look: Look, across: float, size: float) -> float:
    lines = (len(wrap(_panel_name(look, panel), across - 4, size, bold=True)) for panel in look.data.panels)
    return max(lines) * size * 1.3 + 8.0


def _name_panels(canvas: Canvas, look: Look, area: Box, size: float) -> float:
    """Write the names over the columns that fill `area`, and return their height (px)."""
    width = area.width / len(look.data.panels)
    longest = max(
        text_width(word, size, bold=True)
        for panel in look.data.panels
        for word in _panel_name(look, panel).split(" ")
    )
    size = min(size, max(9.0, size * (width - 4) / longest))  # rather smaller than a name broken in two
    header = _header(look, width, size)
    for count, panel in enumerate(look.data.panels):
        lines = wrap(_panel_name(look, panel), width - 4, size, bold=True)
        for place, line in enumerate(lines):
            top = area.top + header - 8 - (len(lines) - 1 - place) * size * 1.3
            canvas.text((area.left + (count + 0.5) * width, top), line, size, bold=True, align="center")
    return header


def draw_grid(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw a line for each row and a column for each panel, the number in each box."""
    gutter, _ = _columns(look, area.width)
    right = Box(area.left + gutter, area.top, area.width - gutter, area.height)
    top = area.top + _name_panels(canvas, look, right, HEAD)
    height = min(56.0, (area.bottom - top) / len(look.data.rows))
    for row in look.data.rows:
        draw_row_label(canvas, look.name(row), Box(area.left, top, gutter - 12, height))
        _draw_row(canvas, look, row, Box(right.left, top, right.width, height))
        top += height


def draw_narrow_grid(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw the grid with the name of each row above its boxes."""
    top = area.top + _name_panels(canvas, look, area, NARROW_HEAD)
    for row in look.data.rows:
        for line in wrap(look.name(row), area.width, 13):
            canvas.text((area.left, top + 13), line, 13)
            top += 16
        _draw_row(canvas, look, row, Box(area.left, top + 2, area.width, NARROW_ROW))
        top += NARROW_ROW + 5


def _draw_row(canvas: Canvas, look: Look, row: Code, line: Box) -> None:
    width = line.width / len(look.data.panels)
    for count, panel in enumerate(look.data.panels):
        box = Box(line.left + count * width, line.top, width - 3, line.height - 3)
        _draw_box(canvas, look, (panel, row), box)


def _draw_box(canvas: Canvas, look: Look, place: tuple[Code, Code], box: Box) -> None:
    cell = look.data.cell(*place)
    if cell is None:
        return
    middle = (box.left + box.width / 2, box.top + box.height / 2)
    label = look.cell_label(*place)
    size = min(15.0, 15 * (box.width - 4) / text_width(label, 15))
    if cell.is_withheld:
        canvas.hatch(box)
        word = min(12.5, 12.5 * (box.width - 10) / text_width(label, 12.5))
        if word >= SMALLEST_WORD:
            canvas.plate(middle, label, word)
        return
    canvas.rectangle(box, shade(look, cell), edge=RULE, line=0.8)
    colour = INK if cell.value else MUTED
    canvas.text((middle[0], middle[1] + size * 0.36), label, size, colour=colour, align="center")
