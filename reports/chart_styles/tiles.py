"""Numbers in boxes: the tile map of regions and the grid of two crossed dimensions."""

from reports.published import Cell, Code
from reports.words import number

from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look
from .palette import INK, MUTED, PAPER, RULE, tint

LEAST, MOST = 0.07, 0.6  # share of the colour in the lightest and darkest box; INK stays legible on both


def draw_tile_map(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw one tile a region about where it lies; one without a declared tile gets the next free place."""
    places = _places(look)
    across = max(column for column, _ in places.values()) + 1
    down = max(line for _, line in places.values()) + 1
    width, height = area.width / across, area.height / down
    for row in look.data.rows:
        column, line = places[row.code]
        tile = Box(area.left + column * width, area.top + line * height, width - 6, height - 6)
        _draw_tile(canvas, look, row, tile)


def _places(look: Look) -> dict[str, tuple[int, int]]:
    declared = look.data.declaration.tiles
    codes = [row.code for row in look.data.rows]
    places = {code: declared[code] for code in codes if code in declared}
    across = max((column for column, _ in declared.values()), default=6) + 1
    taken = set(declared.values())
    free = ((column, line) for line in range(len(codes) + 1) for column in reversed(range(across)))
    for code in codes:
        if code not in places:
            places[code] = next(place for place in free if place not in taken)
    return places


def _shade(look: Look, cell: Cell) -> str:
    if not cell.value:
        return PAPER
    return tint(look.colour(), LEAST + (MOST - LEAST) * cell.value / look.data.highest)


def _draw_tile(canvas: Canvas, look: Look, row: Code, tile: Box) -> None:
    cell = look.data.cell(look.data.panels[0], row)
    if cell is None:
        return
    foot = tile.bottom - 10
    if cell.is_withheld:
        canvas.hatch(tile)
        canvas.plate((tile.left + tile.width / 2, foot - 7), look.label(cell), 14)
    else:
        canvas.rectangle(tile, _shade(look, cell), edge=RULE, line=1)
        canvas.text((tile.left + 8, foot), look.cell_label(look.data.panels[0], row), 20, bold=True)
        if cell.value and cell.lower is not None and cell.upper is not None:
            interval = f"{number(cell.lower, look.language)}–{number(cell.upper, look.language)}"
            canvas.text((tile.right - 8, foot), interval, 11.5, align="right")
    _draw_name(canvas, look.name(row), tile, on_hatching=cell.is_withheld)


def _draw_name(canvas: Canvas, name: str, tile: Box, *, on_hatching: bool) -> None:
    size, room = 12.5, tile.width - 14
    while len(wrap(name, room, size)) * size * 1.15 > tile.height - 36 and size > 8:
        size -= 0.5
    for count, line in enumerate(wrap(name, room, size)):
        top = tile.top + 5 + count * size * 1.15
        if on_hatching:
            canvas.rectangle(Box(tile.left + 5, top, text_width(line, size) + 5, size * 1.2), PAPER)
        canvas.text((tile.left + 8, top + size), line, size)


def draw_grid(canvas: Canvas, look: Look, area: Box) -> None:
    """Draw a line for each row and a column for each panel, the number in each box."""
    data, text = look.data, canvas.size.text
    gutter = min(max(text_width(look.name(row), text) for row in data.rows), area.width * 0.3) + 16
    width = (area.width - gutter) / len(data.panels)
    header = max(len(wrap(look.name(panel), width - 10, 14, bold=True)) for panel in data.panels) * 18 + 8
    height = min(72.0, (area.height - header) / len(data.rows))
    for count, panel in enumerate(data.panels):
        middle = area.left + gutter + (count + 0.5) * width
        lines = wrap(look.name(panel), width - 10, 14, bold=True)
        for place, line in enumerate(lines):
            canvas.text(
                (middle, area.top + header - 12 - (len(lines) - 1 - place) * 18),
                line,
                14,
                bold=True,
                align="center",
            )
    for line_count, row in enumerate(data.rows):
        top = area.top + header + line_count * height
        _label_row(canvas, look.name(row), Box(area.left, top, gutter - 12, height))
        for count, panel in enumerate(data.panels):
            box = Box(area.left + gutter + count * width, top, width - 3, height - 3)
            _draw_box(canvas, look, (panel, row), box)


def _label_row(canvas: Canvas, name: str, box: Box) -> None:
    size = 15.0
    while len(wrap(name, box.width, size)) * size * 1.12 > box.height and size > 10:
        size -= 0.5
    lines = wrap(name, box.width, size)
    top = box.top + box.height / 2 - len(lines) * size * 1.12 / 2
    for count, line in enumerate(lines):
        canvas.text((box.right, top + count * size * 1.12 + size * 0.92), line, size, align="right")


def _draw_box(canvas: Canvas, look: Look, place: tuple[Code, Code], box: Box) -> None:
    cell = look.data.cell(*place)
    if cell is None:
        return
    middle = (box.left + box.width / 2, box.top + box.height / 2)
    if cell.is_withheld:
        canvas.hatch(box)
        canvas.plate(middle, look.label(cell), 13)
        return
    canvas.rectangle(box, _shade(look, cell), edge=RULE, line=0.8)
    colour = INK if cell.value else MUTED
    canvas.text((middle[0], middle[1] + 5.5), look.cell_label(*place), 15, colour=colour, align="center")
