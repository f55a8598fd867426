"""Stacked shares: one bar a row, cut into the parts of its published total, each with its percent.

A boundary carries the interval it can lie in as a line under the bar: a band inside the bar would hide the
percents. A row with a withheld part is hatched whole: the parts that are left would show its size.
"""

from reports.published import TOTAL, Code
from reports.shares import Share, shares_of
from reports.words import say

from .bars import draw_row_label
from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look
from .palette import HATCH, MUTED, PAPER, ink_on

ROW, NARROW_ROW = 46, 62
SWATCH, KEY_TEXT, KEY_LINE = 13, 13, 22
NUMBERS = 13.0


def _parts(look: Look) -> list[Code]:
    return [panel for panel in look.data.panels if panel.code != TOTAL]


def _key_places(look: Look, width: float) -> list[tuple[Code, float, int]]:
    """Return each part with its place in the key: left edge (px) and line."""
    places: list[tuple[Code, float, int]] = []
    left, line = 0.0, 0
    for part in _parts(look):
        needed = SWATCH + 6 + text_width(look.name(part), KEY_TEXT) + 20
        if left and left + needed - 20 > width:
            left, line = 0.0, line + 1
        places.append((part, left, line))
        left += needed
    return places


def _key_height(look: Look, width: float) -> float:
    return (_key_places(look, width)[-1][2] + 1) * KEY_LINE + 10.0


def wide_shares_height(look: Look, width: float) -> float:
    """Return the height of key and bars on a wide sheet of that width (px)."""
    return _key_height(look, width) + ROW * len(look.data.rows)


def shares_height(look: Look, width: float) -> float:
    """Return the height of key and bars on a narrow sheet of that width (px)."""
    more = sum(len(wrap(_row_name(look, row), width, 13)) - 1 for row in look.data.rows)
    return _key_height(look, width) + NARROW_ROW * len(look.data.rows) + 16 * more


def draw_shares(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw the key, then a stacked bar for each row with its total behind the name."""
    for part, left, line in _key_places(look, area.width):
        top = area.top + line * KEY_LINE
        canvas.outline(Box(area.left + left, top + 2, SWATCH, SWATCH), look.colour(part), MUTED, 0.7)
        canvas.text((area.left + left + SWATCH + 6, top + 13), look.name(part), KEY_TEXT)
    top = area.top + _key_height(look, area.width)
    if canvas.size.name == "narrow":
        _draw_narrow(canvas, look, Box(area.left, top, area.width, area.bottom - top))
        return
    gutter = min(
        max(text_width(_row_name(look, row), canvas.size.text) for row in look.data.rows), area.width * 0.34
    )
    row_height = min(60.0, (area.bottom - top) / len(look.data.rows))
    for row in look.data.rows:
        draw_row_label(canvas, _row_name(look, row), Box(area.left, top, gutter, row_height))
        thick = min(26.0, row_height * 0.62)
        box = Box(area.left + gutter + 12, top + (row_height - thick) / 2, area.width - gutter - 12, thick)
        _draw_row(canvas, look, row, box)
        top += row_height


def _draw_narrow(canvas: Canvas, look: Look, area: Box) -> None:
    top = area.top
    for row in look.data.rows:
        for line in wrap(_row_name(look, row), area.width, 13):
            canvas.text((area.left, top + 13), line, 13)
            top += 16
        _draw_row(canvas, look, row, Box(area.left, top + 3, area.width, 24))
        top += NARROW_ROW - 16


def _row_name(look: Look, row: Code) -> str:
    """Return the name of a row with its published total, which the shares are of."""
    total = next((panel for panel in look.data.panels if panel.code == TOTAL), None)
    cell = look.data.cell(total, row) if total else None
    return look.name(row) if cell is None else f"{look.name(row)} ({look.label(cell)})"


def _draw_row(canvas: Canvas, look: Look, row: Code, box: Box) -> None:
    shares = shares_of(look.data, row)
    if shares.is_withheld:
        canvas.hatch(box)
        canvas.plate((box.left + box.width / 2, box.top + box.height / 2), say("withheld", look.language), 13)
        return
    if shares.is_wide:
        middle = box.top + box.height / 2 + 4.5
        canvas.text((box.left, middle), say("too_few", look.language), 13, colour=MUTED)
        return
    for share in shares.parts:
        _draw_part(canvas, look, share, box)
    for share in shares.parts[:-1]:
        left, right = (box.left + edge * box.width for edge in (share.ends_lower, share.ends_upper))
        if right - left >= 2 and 0 < share.ends < 1:
            canvas.rectangle(Box(left, box.bottom + 2.5, right - left, 2.6), HATCH)


def _draw_part(canvas: Canvas, look: Look, share: Share, box: Box) -> None:
    colour = look.colour(share.part)
    left, width = box.left + share.begins * box.width, share.value * box.width
    if width <= 0:
        return
    canvas.outline(Box(left, box.top, width, box.height), colour, PAPER, 1.2)
    size = min(NUMBERS, box.height * 0.82)
    if text_width(share.text, size) + 6 <= width:
        at = (left + width / 2, box.top + box.height / 2 + size * 0.36)
        canvas.text(at, share.text, size, colour=ink_on(colour), align="center")
