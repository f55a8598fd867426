"""Chart data -> SVG, PNG and PDF, the same bytes every time.

Limits: draws what `select.py` picked and nothing else; no total, share or trend is computed (rules 23, 24,
35-37).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from codebook.errors import ReportError

from .alt import alt_text
from .chart_styles import NARROW, WIDE, Canvas, FontFaces, Size
from .chart_styles.bars import bars_height, draw_bars
from .chart_styles.canvas import STYLE, Box
from .chart_styles.frame import draw_frame, footer_height, frame_text, header_height
from .chart_styles.look import Look
from .chart_styles.panels import draw_columns, draw_lines, panels_height
from .chart_styles.tiles import draw_grid, draw_tile_map
from .published import Release
from .select import ChartData


@dataclass(frozen=True)
class Mark:
    """How one kind of chart is drawn on a wide and on a narrow sheet."""

    wide: Callable[[Canvas, Look, Box], None]
    narrow: Callable[[Canvas, Look, Box], None]
    narrow_height: Callable[[Look, float], float]  # look, width in px -> height in px
    may_rank: bool = True  # False: rows keep the order of the code list whatever their numbers


# No stacked marks on purpose: a part in the middle of a stack has no base line to carry its interval, a
# printed 0 would have no width, and a withheld part would follow from the height of the others.
MARKS: dict[str, Mark] = {
    "ordered_bars": Mark(draw_bars, draw_bars, bars_height),
    "bar_panels": Mark(draw_bars, draw_bars, bars_height),
    "unmet_need": Mark(draw_bars, draw_bars, bars_height),
    "money": Mark(draw_grid, draw_bars, bars_height, may_rank=False),
    "column_panels": Mark(draw_columns, draw_columns, panels_height, may_rank=False),
    "line_panels": Mark(draw_lines, draw_lines, panels_height, may_rank=False),
    "tile_map": Mark(draw_tile_map, draw_bars, bars_height, may_rank=False),
    "grid": Mark(draw_grid, draw_bars, bars_height, may_rank=False),
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
        return self.data.declaration.title.text(self.language)


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


def draw_chart(
    drawing: Drawing, fonts: FontFaces, *, kinds: tuple[str, ...] = ("svg", "png")
) -> list[Picture]:
    """Draw one chart in one language: a wide picture of each kind and a narrow SVG for phones.

    Args:
        drawing: Release, cells and language.
        fonts: Embedded font rules of this release.
        kinds: Of the wide picture: "svg", "png", "pdf".
    """
    import matplotlib as mpl

    name = f"{drawing.data.declaration.name}.{drawing.language}"
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        wide = _draw(drawing, WIDE)
        pictures = [Picture(f"{name}.{kind}", _save(wide, kind, drawing, fonts)) for kind in kinds]
        if "svg" in kinds:
            pictures.append(
                Picture(f"{name}.narrow.svg", _save(_draw(drawing, NARROW), "svg", drawing, fonts))
            )
    return pictures


def _draw(drawing: Drawing, size: Size) -> Canvas:
    mark, look = require_mark(drawing.data), Look(drawing.data, drawing.language)
    text = frame_text(drawing.release, drawing.data, drawing.language)
    room = size.width - 2 * size.margin
    around = header_height(text, size) + footer_height(text, size)
    canvas = Canvas(size, size.height or round(around + mark.narrow_height(look, room)))
    area = draw_frame(canvas, text)
    (mark.wide if size.height else mark.narrow)(canvas, look, area)
    return canvas


def _save(canvas: Canvas, kind: str, drawing: Drawing, fonts: FontFaces) -> bytes:
    title, group = drawing.title, drawing.release.fact("group_name")
    nobody = {"Creator": None, "Producer": None, "CreationDate": None}
    about: dict[str, dict[str, str | None]] = {
        "png": {
            "Software": None,
            "Title": title,
            "Author": group,
            "Copyright": drawing.release.fact("licence"),
        },
        "pdf": {"Title": title, "Author": group, **nobody},
        "svg": {"Creator": None, "Date": None, "Format": None, "Type": None},
    }
    content = canvas.save(kind, about[kind])
    return _finish_svg(content, drawing, fonts) if kind == "svg" else content


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
    licence = escape(
        " ".join(part for part in (release.fact("licence"), release.fact("licence_url")) if part)
    )
    publisher = escape(release.fact("publisher") or release.fact("group_name"))
    head = (
        f'<title id="title">{title}</title>\n <desc id="desc">{description}</desc>\n'
        f' <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="">'
        f"<dc:title>{title}</dc:title><dc:publisher>{publisher}</dc:publisher><dc:rights>{licence}</dc:rights>"
        f"<dc:language>{language}</dc:language></rdf:Description></rdf:RDF></metadata>\n"
        f' <style type="text/css">{fonts.css}</style>\n'
    )
    opening = re.search(r"<svg[^>]*>", text)
    if opening is None:
        raise ReportError("the drawing library returned no SVG")
    marked = (
        opening.group(0)[:-1]
        + f' lang="{language}" xml:lang="{language}" role="img" aria-labelledby="title desc">'
    )
    return (text[: opening.start()] + marked + "\n " + head + text[opening.end() :].lstrip()).encode("utf-8")
