"""Chart data -> SVG, PNG and PDF, the same bytes every time.

Limits: draws what `select.py` picked and nothing else; no total, share or trend is computed (rules 23, 24,
35-37).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from codebook.errors import PROGRAM_FAULT, ReportError

from .alt import alt_text
from .chart_styles import NARROW, SOCIAL, WIDE, Canvas, FontFaces, Size
from .chart_styles.bars import bars_height, draw_bars, wide_bars_height
from .chart_styles.canvas import STYLE, Box, png
from .chart_styles.frame import draw_frame, footer_height, frame_text, header_height
from .chart_styles.grid import draw_grid, draw_narrow_grid, grid_height, narrow_grid_height
from .chart_styles.lines import draw_lines
from .chart_styles.look import Look
from .chart_styles.panels import draw_columns, panels_height, wide_panels_height
from .chart_styles.shares import draw_shares, shares_height, wide_shares_height
from .chart_styles.tiles import draw_tile_map, tile_map_height
from .published import Release
from .select import ChartData

Height = Callable[[Look, float], float]  # look, width in px -> height in px


@dataclass(frozen=True)
class Mark:
    """How one kind of chart is drawn on a wide and on a narrow sheet, and how high it wants to be."""

    wide: Callable[[Canvas, Look, Box], None]
    wide_height: Height
    narrow: Callable[[Canvas, Look, Box], None]
    narrow_height: Height
    may_rank: bool = True  # False: rows keep the order of the code list whatever their numbers


_BARS = Mark(draw_bars, wide_bars_height, draw_bars, bars_height)
_COLUMNS = Mark(draw_columns, wide_panels_height, draw_columns, panels_height, may_rank=False)
_LINES = Mark(draw_lines, wide_panels_height, draw_lines, panels_height, may_rank=False)
_GRID = Mark(draw_grid, grid_height, draw_narrow_grid, narrow_grid_height, may_rank=False)

# The only stacked mark shows shares of a published total: in a stack of counts a part in the middle has no
# base line to carry its interval, and a withheld part would follow from the height of the others.
MARKS: dict[str, Mark] = {
    "bars": _BARS,
    "ordered_bars": _BARS,
    "bar_panels": _BARS,
    "unmet_need": _BARS,
    "column_panels": _COLUMNS,
    "response_time": _COLUMNS,
    "lines": _LINES,
    "line_panels": _LINES,
    "shares": Mark(draw_shares, wide_shares_height, draw_shares, shares_height, may_rank=False),
    "tile_map": Mark(draw_tile_map, tile_map_height, draw_bars, bars_height, may_rank=False),
    "grid": _GRID,
    "money": _GRID,
}
# Ranking places is forbidden (rule 36): a chart over one of these columns keeps the order of the code list.
NEVER_RANKED = ("place",)


@dataclass(frozen=True)
class Drawing:
    """One chart in one language, before a sheet is chosen."""

    release: Release
    data: ChartData
    language: str  # "en" or "ru"

    @property
    def title(self) -> str:
        """Return the title in the language of the drawing."""
        return self.data.title(self.language)


@dataclass(frozen=True)
class Picture:
    """One drawn file."""

    name: str  # file name inside charts/
    content: bytes


def require_mark(data: ChartData) -> Mark:
    """Return the mark a chart declares.

    Raises:
        ReportError: There is no such mark, or it would rank what must not be ranked.
    """
    declaration = data.declaration
    mark = MARKS.get(declaration.mark)
    if mark is None:
        raise ReportError(
            f"chart {declaration.name}: unknown mark {declaration.mark}",
            remedy=f"use one of {', '.join(MARKS)}",
        )
    if declaration.order == "value" and (declaration.rows.column in NEVER_RANKED or not mark.may_rank):
        raise ReportError(
            f"chart {declaration.name}: {declaration.rows.column} must not be ranked",
            remedy="use order: code",
        )
    return mark


# Pixels an inch of the sheet: the print picture 2,400 px wide (8 inches, 203 mm, at 300 dots), the social
# picture exactly 1200 x 675. The page picture is the print picture at half its size, 1,200 px wide.
PRINT_DOTS, SOCIAL_DOTS = 180, 90
KINDS = ("svg", "png", "pdf")


def draw_chart(drawing: Drawing, fonts: FontFaces, *, kinds: tuple[str, ...] = KINDS) -> list[Picture]:
    """Draw one chart in one language.

    With "svg" comes a narrow one for phones; with "png" one for social networks and one to print.

    Args:
        drawing: Release, cells and language.
        fonts: Fonts of this release.
        kinds: "svg", "png", "pdf".
    """
    import matplotlib as mpl

    name = f"{drawing.data.declaration.name}.{drawing.language}"
    pictures: list[Picture] = []
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        wide = draw_sheet(drawing, WIDE, fonts) if kinds else None
        if wide and "svg" in kinds:
            narrow = draw_sheet(drawing, NARROW, fonts)
            pictures.append(Picture(f"{name}.svg", svg_of(wide, drawing, fonts)))
            pictures.append(Picture(f"{name}.narrow.svg", svg_of(narrow, drawing, fonts)))
        if wide and "pdf" in kinds:
            pictures.append(Picture(f"{name}.pdf", pdf_of(wide, drawing)))
        if wide and "png" in kinds:
            about, large = _about(drawing), wide.raster(PRINT_DOTS)
            social = draw_sheet(drawing, SOCIAL, fonts).raster(SOCIAL_DOTS)
            pictures.append(Picture(f"{name}.png", png(large.reduce(2), about, 96)))
            pictures.append(Picture(f"{name}.print.png", png(large, about, 300)))
            pictures.append(Picture(f"{name}.social.png", png(social, about, 96)))
    return pictures


def sheet_height(drawing: Drawing, size: Size) -> int:
    """Return the height of a chart on a sheet (px): a fixed one, or what its words and rows need."""
    if size.height:
        return round(size.height)
    mark, look = require_mark(drawing.data), Look(drawing.data, drawing.language)
    text = frame_text(drawing.release, drawing.data, drawing.language)
    wanted = mark.narrow_height if size.name == "narrow" else mark.wide_height
    around = header_height(text, size) + footer_height(text, size)
    return round(around + wanted(look, size.width - 2 * size.margin))


def draw_sheet(drawing: Drawing, size: Size, fonts: FontFaces) -> Canvas:
    """Draw a chart on a sheet; call it inside `matplotlib.rc_context(STYLE)`."""
    mark, look = require_mark(drawing.data), Look(drawing.data, drawing.language)
    canvas = Canvas(size, sheet_height(drawing, size), fonts)
    area = draw_frame(canvas, frame_text(drawing.release, drawing.data, drawing.language))
    (mark.narrow if size.name == "narrow" else mark.wide)(canvas, look, area)
    return canvas


def _rights(drawing: Drawing) -> str:
    release = drawing.release
    return " ".join(part for part in (release.fact("licence"), release.fact("licence_url")) if part)


def _about(drawing: Drawing) -> dict[str, str]:
    """Return what a PNG says of itself."""
    return {
        "Title": drawing.title,
        "Author": drawing.release.named("group_name", drawing.language),
        "Description": alt_text(drawing.release, drawing.data, drawing.language),
        "Copyright": _rights(drawing),
        "Source": f"release {drawing.release.id}",
    }


def pdf_of(canvas: Canvas, drawing: Drawing) -> bytes:
    """Return a sheet as PDF."""
    nobody = {"Creator": None, "Producer": None, "CreationDate": None}
    about = {
        "Title": drawing.title,
        "Author": drawing.release.named("group_name", drawing.language),
        "Subject": _rights(drawing),
    }
    return canvas.save("pdf", {**about, **nobody})


def svg_of(canvas: Canvas, drawing: Drawing, fonts: FontFaces) -> bytes:
    """Return a sheet as SVG with real text and its fonts inside."""
    nobody = {"Creator": None, "Date": None, "Format": None, "Type": None}
    return _finish_svg(canvas.save("svg", dict(nobody)), drawing, fonts)


def _finish_svg(svg: bytes, drawing: Drawing, fonts: FontFaces) -> bytes:
    """Add what matplotlib leaves out: language, role, title, description, licence, fonts."""
    release, language = drawing.release, drawing.language
    text = svg.decode("utf-8")
    text = re.sub(r"<!DOCTYPE[^>]*>\s*", "", text)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', text, count=2)
    text = re.sub(r' transform="rotate\(-0 [^)]*\)"', "", text)
    text = re.sub(r"<title>.*?</title>\s*", "", text, count=1)
    title = escape(drawing.title)
    description = escape(alt_text(release, drawing.data, language))
    licence = escape(_rights(drawing))
    address = escape(release.fact("licence_url"), {'"': "&quot;"})
    licensed = f'<cc:license rdf:resource="{address}"/>' if address else ""
    publisher = escape(release.fact("publisher") or release.fact("group_name"))
    head = (
        f'<title id="title">{title}</title>\n <desc id="desc">{description}</desc>\n'
        f' <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#">'
        f'<rdf:Description rdf:about="">'
        f"<dc:title>{title}</dc:title><dc:publisher>{publisher}</dc:publisher><dc:rights>{licence}</dc:rights>"
        f"<dc:source>release {escape(release.id)}</dc:source>{licensed}"
        f"<dc:language>{language}</dc:language></rdf:Description></rdf:RDF></metadata>\n"
        f' <style type="text/css">{fonts.css}</style>\n'
    )
    opening = re.search(r"<svg[^>]*>", text)
    if opening is None:
        raise ReportError("the drawing library returned no SVG", remedy=PROGRAM_FAULT)
    marked = (
        opening.group(0)[:-1]
        + f' lang="{language}" xml:lang="{language}" role="img" aria-labelledby="title desc">'
    )
    return (text[: opening.start()] + marked + "\n " + head + text[opening.end() :].lstrip()).encode("utf-8")
