"""DejaVu Sans from matplotlib: widths for laying out text, and a woff2 subset to embed in every SVG.

Measuring with the font's own advance widths keeps labels from being cut in either language, without drawing
first.
"""

import atexit
import base64
import hashlib
import io
import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

FACES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
_FACE_NAMES = {False: "regular", True: "bold"}
# Latin-1, Cyrillic, general punctuation that our texts use; characters of labels are added per release.
BASE_CHARACTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x400, 0x460),
    *(ord(sign) for sign in "–—‘’“”„…†‡≤≥−±№₽→\u2009\u202f"),
)
FAMILY = "DejaVu Sans"


def _font_file(bold: bool) -> Path:
    from matplotlib import get_data_path

    return Path(get_data_path()) / "fonts" / "ttf" / FACES[bold]


@lru_cache(maxsize=2)
def _advances(bold: bool) -> tuple[dict[int, str], dict[str, float]]:
    from fontTools.ttLib import TTFont

    with TTFont(_font_file(bold), lazy=True) as font:
        scale = 1 / font["head"].unitsPerEm
        advances = {name: advance * scale for name, (advance, _) in font["hmtx"].metrics.items()}
        return dict(font.getBestCmap()), advances


@lru_cache(maxsize=16384)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of text at `size` pixels (px)."""
    names, advances = _advances(bold)
    return size * sum(advances.get(names.get(ord(sign), ".notdef"), 0.6) for sign in text)


def wrap(text: str, width: float, size: float, *, bold: bool = False, lines: int = 99) -> list[str]:
    """Break text into lines no wider than `width` (px); too long a word is broken too.

    Args:
        text: One paragraph.
        width: Room in px.
        size: Font size in px.
        bold: Measure the bold face.
        lines: At most so many lines; what does not fit ends in an ellipsis.
    """
    words = [part for word in text.split(" ") for part in _pieces(word, width, size, bold)]
    done: list[str] = []
    line = ""
    for word in words:
        glue = "" if line.endswith("\u200b") else " "
        candidate = f"{line.rstrip(chr(0x200B))}{glue}{word}" if line else word
        if line and text_width(candidate.rstrip("\u200b"), size, bold) > width:
            done.append(line.rstrip("\u200b"))
            line = word
        else:
            line = candidate
    done.append(line.rstrip("\u200b"))
    if len(done) > lines:
        done = [*done[: lines - 1], done[lines - 1] + "…"]
    return done


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    # A zero-width space at the end of a piece marks that the next one follows without a blank.
    if text_width(word, size, bold) <= width:
        return [word]
    if "-" in word[1:-1]:
        after = word.index("-", 1) + 1
        return [*_glued(_pieces(word[:after], width, size, bold)), *_pieces(word[after:], width, size, bold)]
    if len(word) <= 3:
        return [word]
    cut = len(word) - 2
    while cut > 2 and text_width(f"{word[:cut]}-", size, bold) > width:
        cut -= 1
    return [f"{word[:cut]}-\u200b", *_pieces(word[cut:], width, size, bold)]


def _glued(pieces: list[str]) -> list[str]:
    return [*pieces[:-1], f"{pieces[-1]}\u200b"]


class FontFaces:
    """The fonts of one release: files to draw with, and `@font-face` rules for every SVG.

    `css` embeds a regular and a bold subset as woff2, so a picture looks alike on every machine; `files`
    are the same subsets for matplotlib, without the layout tables that cost a PDF 200 ms each time.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        characters = set(BASE_CHARACTERS) | {ord(sign) for text in texts for sign in text}
        chosen = tuple(sorted(characters))
        self.files = {bold: _subset_file(bold, chosen) for bold in FACES}
        self.css = "".join(_face(bold, chosen) for bold in FACES)


@lru_cache(maxsize=1)
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="withheld-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=8)
def _subset_file(bold: bool, characters: tuple[int, ...]) -> Path:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=True)
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "FFTM", "kern"]
    options.name_IDs = [1, 2, 4, 6]
    options.recalc_timestamp = False
    # The name of the file stands in no picture; it only has to differ from that of another subset.
    known = f"{_FACE_NAMES[bold]}-{hashlib.sha256(repr(characters).encode()).hexdigest()[:12]}.ttf"
    target = _folder() / known
    with TTFont(_font_file(bold), lazy=True, recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font.save(target)
    return target


@lru_cache(maxsize=8)
def _face(bold: bool, characters: tuple[int, ...]) -> str:
    from fontTools.ttLib import TTFont

    out = io.BytesIO()
    with TTFont(_subset_file(bold, characters), recalcTimestamp=False) as font:
        font.flavor = "woff2"
        font.save(out)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    weight = 700 if bold else 400
    return (
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )
