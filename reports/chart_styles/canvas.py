"""A sheet of paper measured in pixels from the top left, drawn by matplotlib in one figure without axes.

At 72 dots an inch a point is a pixel, so the PNG is exactly as large as the SVG says. No axes means no ticks
that could name a limit we did not choose, and a chart in a tenth of the time.
"""

import io
from dataclasses import dataclass
from typing import Any

from .fonts import FAMILY, FontFaces, text_width
from .palette import GRID, HATCH, INK, PAPER

STYLE: dict[str, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "withheld",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "font.family": FAMILY,
    "hatch.linewidth": 0.9,
    "hatch.color": HATCH,
    "path.simplify": False,
    "text.hinting": "none",
    "text.usetex": False,
}
DOTS = 72


@dataclass(frozen=True)
class Size:
    """A format of the picture, in pixels; `height` 0 = as high as the chart needs."""

    name: str
    width: float
    height: float
    margin: float
    title: float  # font sizes in px
    text: float
    small: float


WIDE = Size("wide", 960, 0, 28, 25, 15, 11.5)
SOCIAL = Size("social", 960, 540, 28, 25, 15, 11.5)  # drawn at 90 dots an inch: 1200 x 675 pixels
NARROW = Size("narrow", 400, 0, 14, 19, 13.5, 11.5)


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet: left, top, width, height (px)."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge (px)."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the bottom edge (px)."""
        return self.top + self.height


class Canvas:
    """Shapes and text in pixels from the top left; `save` gives the bytes of a format."""

    def __init__(self, size: Size, height: float, fonts: FontFaces) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.font_manager import FontProperties
        from matplotlib.transforms import Affine2D

        self.size = size
        self.width, self.height = size.width, height
        # Named by its file: matplotlib then neither searches this machine for fonts nor finds another one.
        self._fonts = {
            bold: FontProperties(family=FAMILY, weight="bold" if bold else "normal", fname=str(path))
            for bold, path in fonts.files.items()
        }
        self.figure = Figure(figsize=(self.width / DOTS, height / DOTS), dpi=DOTS, facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self._drawn = 0  # what is drawn later lies on top
        self._pixels = Affine2D().scale(1 / DOTS) + self.figure.dpi_scale_trans

    def _flip(self, top: float) -> float:
        return self.height - top

    def rectangle(self, box: Box, colour: str, *, edge: str = "none", line: float = 0) -> None:
        """Fill a rectangle."""
        from matplotlib.patches import Rectangle

        if box.width > 0 and box.height > 0:
            self._add(
                Rectangle(
                    (box.left, self._flip(box.bottom)),
                    box.width,
                    box.height,
                    facecolor=colour,
                    edgecolor=edge,
                    linewidth=line,
                )
            )

    def hatch(self, box: Box) -> None:
        """Fill a rectangle with the hatching that means withheld."""
        from matplotlib.patches import Rectangle

        self._add(
            Rectangle(
                (box.left, self._flip(box.bottom)),
                box.width,
                box.height,
                facecolor="#fafafa",
                edgecolor=HATCH,
                hatch="////",
                linewidth=0,
            )
        )

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        """Draw a line through points (px)."""
        from matplotlib.lines import Line2D

        across = [point[0] for point in points]
        down = [self._flip(point[1]) for point in points]
        self._add(
            Line2D(
                across, down, color=colour, linewidth=width, solid_capstyle="butt", solid_joinstyle="round"
            )
        )

    def area(self, points: list[tuple[float, float]], colour: str) -> None:
        """Fill a polygon."""
        from matplotlib.patches import Polygon

        self._add(
            Polygon([(x, self._flip(y)) for x, y in points], closed=True, facecolor=colour, linewidth=0)
        )

    def outline(self, box: Box, fill: str, edge: str, line: float = 0.8) -> None:
        """Fill a rectangle that has an edge of its own, drawn inside it so that neighbours do not touch."""
        half = line / 2
        inner = Box(box.left + half, box.top + half, box.width - line, box.height - line)
        self.rectangle(inner, fill, edge=edge, line=line)

    def dot(self, left: float, top: float, radius: float, colour: str) -> None:
        """Draw a filled circle."""
        from matplotlib.patches import Circle

        self._add(Circle((left, self._flip(top)), radius, facecolor=colour, linewidth=0))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        align: str = "left",
        turn: float = 0,
    ) -> None:
        """Write one line; `at` is the left (or centre, right) end of its base line (px)."""
        self.figure.text(
            at[0],
            self._flip(at[1]),
            text,
            transform=self._pixels,
            fontproperties=self._fonts[bold],
            fontsize=size,
            color=colour,
            ha=align,
            va="baseline",
            rotation=turn,
            rotation_mode="anchor",
            parse_math=False,
            zorder=self._next(),
        )

    def plate(self, centre: tuple[float, float], text: str, size: float, *, turn: float = 0) -> None:
        """Write a word on a white plate, legible over hatching; `centre` is the middle of the word."""
        across, along = text_width(text, size) + 8, size + 5
        width, height = (along, across) if turn else (across, along)
        self.rectangle(Box(centre[0] - width / 2, centre[1] - height / 2, width, height), PAPER)
        rise = size * 0.34
        at = (centre[0] + rise, centre[1]) if turn else (centre[0], centre[1] + rise)
        self.text(at, text, size, colour=INK, align="center", turn=turn)

    def grid_line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a faint line of the grid."""
        self.line([start, end], GRID, 1)

    def save(self, kind: str, metadata: dict[str, str | None]) -> bytes:
        """Return the bytes of the picture as vectors: "svg" or "pdf"."""
        out = io.BytesIO()
        self.figure.savefig(out, format=kind, metadata=metadata, dpi=DOTS)
        return out.getvalue()

    def raster(self, dots: int) -> Any:
        """Return the sheet as a Pillow image, `dots` pixels an inch of it (72 px of the sheet)."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        self.figure.set_dpi(dots)
        agg = FigureCanvasAgg(self.figure)
        agg.draw()  # type: ignore[no-untyped-call]
        drawn = agg.buffer_rgba()  # type: ignore[no-untyped-call]
        whole = Image.frombuffer("RGBA", agg.get_width_height(), drawn, "raw", "RGBA", 0, 1)
        self.figure.set_dpi(DOTS)
        return whole.convert("RGB")

    def _next(self) -> int:
        self._drawn += 1
        return self._drawn

    def _add(self, artist: Any) -> None:
        artist.set_transform(self._pixels)
        artist.set_zorder(self._next())
        self.figure.add_artist(artist, clip=False)


def png(image: Any, metadata: dict[str, str], printed: int) -> bytes:
    """Return a Pillow image as PNG with a palette, which is a quarter of the size.

    Args:
        image: From `Canvas.raster`.
        metadata: Keyword of the PNG specification -> text.
        printed: Dots an inch that a printer is told.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    for name, text in metadata.items():
        told.add_itxt(name, text)
    out = io.BytesIO()
    palette = image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    levels = palette.getpalette("RGB")
    for place in range(0, len(levels), 3):
        if min(levels[place : place + 3]) >= 253:  # nearly white would be printed as a tone
            levels[place : place + 3] = [255, 255, 255]
    palette.putpalette(levels, "RGB")
    palette.save(out, "PNG", pnginfo=told, dpi=(printed, printed), compress_level=6)
    return out.getvalue()


__all__ = ["DOTS", "NARROW", "SOCIAL", "STYLE", "WIDE", "Box", "Canvas", "FontFaces", "Size", "png"]
