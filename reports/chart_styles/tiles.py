"""The tile map: one equal tile a region, about where it lies."""

from reports.published import Cell, Code
from reports.words import number

from .canvas import Box, Canvas
from .fonts import text_width, wrap
from .look import Look
from .palette import PAPER, RULE, tint

LEAST, MOST = 0.07, 0.6  # share of the colour in the lightest and darkest box; INK stays legible on both


TILE = 84  # px on a wide sheet


def tile_map_height(look: Look, width: float) -> float:
    """Return the height of the tiles on a wide sheet (px)."""
    return (max(line for _, line in _places(look).values()) + 1) * float(TILE)


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


def shade(look: Look, cell: Cell) -> str:
    """Return the colour of a box: the darker, the larger the number; white for a printed 0."""
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
        canvas.rectangle(tile, shade(look, cell), edge=RULE, line=1)
        canvas.text((tile.left + 8, foot), look.cell_label(look.data.panels[0], row), 20, bold=True)
        if cell.value and cell.lower is not None and cell.upper is not None:
            interval = f"{number(cell.lower, look.language)}–{number(cell.upper, look.language)}"
            canvas.text((tile.right - 8, foot), interval, 11.5, align="right")
    short = look.data.declaration.short.get(row.code)
    name = look.name(row) if short is None else short.text(look.language)
    _draw_name(canvas, name, tile, on_hatching=cell.is_withheld)


def _draw_name(canvas: Canvas, name: str, tile: Box, *, on_hatching: bool) -> None:
    size, room = 12.5, tile.width - 14
    while len(wrap(name, room, size)) * size * 1.15 > tile.height - 36 and size > 8:
        size -= 0.5
    for count, line in enumerate(wrap(name, room, size)):
        top = tile.top + 5 + count * size * 1.15
        if on_hatching:
            canvas.rectangle(Box(tile.left + 5, top, text_width(line, size) + 5, size * 1.2), PAPER)
        canvas.text((tile.left + 8, top + size), line, size)
