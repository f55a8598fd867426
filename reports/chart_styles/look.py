"""What all marks share: how a cell is named, scaled and coloured in one language."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.published import Cell, Code
from reports.select import ChartData
from reports.words import number, say, thousands

from .canvas import Box, Canvas
from .fonts import text_width
from .palette import COLOURS, INK, MARK_COLOURS, tint

NARROWEST_STRIP = 1.6  # px
STRIP = 0.34  # of the thickness of a bar
BAND = 0.38  # share of the mark's colour in the light band


@dataclass(frozen=True)
class Look:
    """One chart in one language: labels of cells and categories."""

    data: ChartData
    language: str

    @property
    def is_money(self) -> bool:
        """Say whether labels are thousands of roubles."""
        return self.data.table.is_money

    def label(self, cell: Cell, *, dagger: bool = False) -> str:
        """Return what is printed for a cell: its number, `0–4` for a printed 0, or the word withheld."""
        mark = "†" if dagger else ""
        if cell.is_withheld or cell.value is None:
            return say("withheld", self.language)
        if self.is_money and cell.value == 0 and 0 < (cell.upper or 0) < 1000:
            return f"<1{mark}"  # in thousands, like every other amount
        write: Callable[[int, str], str] = thousands if self.is_money else number
        if cell.value == 0 and cell.upper:
            return f"0–{write(cell.upper, self.language)}{mark}"
        return f"{write(cell.value, self.language)}{mark}"

    def name(self, code: Code) -> str:
        """Return the label of a row or panel; a dagger marks the wider rounding."""
        label = code.label.text(self.language)
        return f"{label}\u00a0†" if self.is_sensitive(code) else label

    def is_sensitive(self, code: Code) -> bool:
        """Say whether every shown number of a row or panel has the wider of two rounding bases."""
        bases = self.data.bases
        if len(bases) < 2:
            return False
        # A panel and a row may have the same code ("other"), so whole entries are compared.
        pairs = ((panel, row) for panel in self.data.panels for row in self.data.rows if code in (panel, row))
        cells = [self.data.cell(panel, row) for panel, row in pairs]
        found = {cell.base for cell in cells if cell is not None and not cell.is_withheld}
        return found == {bases[-1]}

    def cell_dagger(self, cell: Cell, panel: Code, row: Code) -> bool:
        """Say whether a single number needs a dagger because neither its row nor its panel has one."""
        bases = self.data.bases
        wide = len(bases) > 1 and not cell.is_withheld and cell.base == bases[-1]
        return wide and not self.is_sensitive(panel) and not self.is_sensitive(row)

    def cell_label(self, panel: Code, row: Code) -> str:
        """Return what is printed for the cell of a panel and row; nothing where the release has none."""
        cell = self.data.cell(panel, row)
        return "" if cell is None else self.label(cell, dagger=self.cell_dagger(cell, panel, row))

    def colour(self, *codes: Code) -> str:
        """Return the colour declared for a panel or row, else blue."""
        named = self.data.declaration.colours
        return next((COLOURS[named[code.code]] for code in codes if code.code in named), MARK_COLOURS["blue"])

    def highest_of(self, panel: Code) -> int:
        """Return the largest published upper bound in one panel, at least 1."""
        cells = (self.data.cell(panel, row) for row in self.data.rows)
        return max((cell.upper or 0 for cell in cells if cell is not None), default=1) or 1

    def widest(self, size: float) -> float:
        """Return the width of the widest number beside a mark (px); withheld ones stand on hatching."""
        labels = (
            self.cell_label(panel, row)
            for panel in self.data.panels
            for row in self.data.rows
            if (cell := self.data.cell(panel, row)) is not None and not cell.is_withheld
        )
        return max((text_width(label, size) for label in labels), default=0)


def draw_bar(canvas: Canvas, box: Box, cell: Cell, *, colour: str, scale: float) -> float:
    """Draw one horizontal bar that ends at the number; return where its label starts (px).

    The light strip over its end is the published interval. A printed 0 has no bar, only the strip: it looks
    neither like a bar of 4 nor like a certain nought.
    """
    value, lower, upper = cell.value or 0, cell.lower or 0, cell.upper or 0
    canvas.rectangle(Box(box.left, box.top, value * scale, box.height), colour)
    thick = max(box.height * STRIP, 5.0)
    top = box.top + (box.height - thick) / 2
    _draw_strip(canvas, Box(box.left + lower * scale, top, (upper - lower) * scale, thick), colour)
    return box.left + upper * scale + 6


def draw_column(canvas: Canvas, box: Box, cell: Cell, *, colour: str, scale: float) -> float:
    """Draw one column that ends at the number and stands on `box`; return the top of its interval (px)."""
    value, lower, upper = cell.value or 0, cell.lower or 0, cell.upper or 0
    foot = box.bottom
    canvas.rectangle(Box(box.left, foot - value * scale, box.width, value * scale), colour)
    thick = max(box.width * STRIP, 5.0)
    left = box.left + (box.width - thick) / 2
    _draw_strip(canvas, Box(left, foot - upper * scale, thick, (upper - lower) * scale), colour)
    return foot - max(upper, value) * scale


def _draw_strip(canvas: Canvas, strip: Box, colour: str) -> None:
    if min(strip.width, strip.height) < NARROWEST_STRIP:
        return  # an exact number, or an interval thinner than its own edge
    canvas.outline(strip, tint(colour, BAND), tint(colour, 0.8))


def nice_ticks(highest: int, most: int = 4) -> list[int]:
    """Return round numbers from 0 that cover most of a scale.

    >>> nice_ticks(87)
    [0, 20, 40, 60, 80]
    """
    step = 1
    while True:
        for factor in (1, 2, 5):
            if highest / (step * factor) < most + 1:
                return list(range(0, highest + 1, step * factor))
        step *= 10


__all__ = ["BAND", "INK", "Look", "draw_bar", "draw_column", "nice_ticks"]
