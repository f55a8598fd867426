"""What stands in a picture, and what never does."""

import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from codebook.errors import ReportError
from reports import PublishSummary
from reports.alt import alt_text
from reports.chart_styles import FontFaces
from reports.chart_styles.canvas import Box
from reports.chart_styles.fonts import text_width, wrap
from reports.chart_styles.look import BAND, Look, draw_bar, nice_ticks
from reports.chart_styles.palette import tint
from reports.declarations import CHARTS, load_declarations, read_declaration
from reports.draw import MARKS, Drawing, draw_chart, require_mark
from reports.published import LANGUAGES, Cell, Release
from reports.select import ChartData, select_cells, select_charts
from reports.words import WORDS

SVG = "{http://www.w3.org/2000/svg}"
WITHHELD = {"en": "withheld", "ru": "скрыто"}


def _texts(svg: bytes) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def _chart(release: Release, name: str) -> ChartData:
    return next(data for data in select_charts(release) if data.declaration.name == name)


def _svg(release: Release, data: ChartData, language: str) -> bytes:
    return draw_chart(Drawing(release, data, language), FontFaces([]), kinds=("svg",))[0].content


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_real_text_with_its_font_source_and_warning(
    published: PublishSummary, language: str
) -> None:
    for name in published.charts:
        svg = (published.folder / "charts" / f"{name}.{language}.svg").read_bytes()
        words = " ".join(_texts(svg))
        assert "font/woff2" in svg.decode()
        assert f'lang="{language}"' in svg.decode()
        assert re.search("[а-яё]{5}", words) if language == "ru" else re.search("[a-z]{5}", words)
        assert "".join(WORDS["not_prevalence"].text(language).split()) in "".join(words.split())
        assert "2026-Q1" in words
        assert "Listening Post" in words
        assert "2019–2025" in words


def test_a_picture_says_how_its_numbers_are_rounded(published: PublishSummary) -> None:
    plain = " ".join(_texts((published.folder / "charts" / "sources_year.en.svg").read_bytes()))
    assert "Rounded to 5: the true count is within 4" in plain
    assert "A light strip shows where the true count lies" in plain
    sensitive = " ".join(_texts((published.folder / "charts" / "motives_year.en.svg").read_bytes()))
    assert "† Sensitive: rounded to 10, within 9" in sensitive


def test_a_picture_holds_no_time_path_script_or_foreign_address(published: PublishSummary) -> None:
    for path in sorted((published.folder / "charts").glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        assert "/home/" not in text
        assert "/tmp/" not in text
        assert "<script" not in text
        assert not re.search(r"\d\d:\d\d:\d\d", text)
        fetched = re.findall(r"""(?:href|src|url)\s*[=(]\s*['"]?(?!#|data:)([^'")\s]+)""", text)
        assert fetched == []


def _png_chunks(content: bytes) -> dict[bytes, list[bytes]]:
    chunks: dict[bytes, list[bytes]] = {}
    place = 8
    while place < len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        chunks.setdefault(name, []).append(content[place + 8 : place + 8 + length])
        place += 12 + length
    return chunks


@pytest.mark.parametrize(
    ("ending", "width", "dots"), [("png", 1200, 96), ("social.png", 1200, 96), ("print.png", 2400, 300)]
)
def test_a_png_has_the_size_and_resolution_of_its_use(
    published: PublishSummary, ending: str, width: int, dots: int
) -> None:
    for name in published.charts:
        content = (published.folder / "charts" / f"{name}.en.{ending}").read_bytes()
        chunks = _png_chunks(content)
        size = struct.unpack(">II", chunks[b"IHDR"][0][:8])
        assert size[0] == width
        assert ending != "social.png" or size == (1200, 675)
        assert round(struct.unpack(">I", chunks[b"pHYs"][0][:4])[0] * 0.0254) == dots


def test_a_png_says_its_licence_and_nothing_of_the_machine(published: PublishSummary) -> None:
    for path in sorted((published.folder / "charts").glob("*.png")):
        chunks = _png_chunks(path.read_bytes())
        told = dict(chunk.split(b"\x00\x00\x00\x00\x00", 1) for chunk in chunks[b"iTXt"])
        assert told[b"Copyright"] == b"CC-BY-4.0 https://creativecommons.org/licenses/by/4.0/"
        assert told[b"Source"] == b"release 2026-Q1"
        assert set(told) == {b"Title", b"Author", b"Description", b"Copyright", b"Source"}
        assert set(chunks) <= {b"IHDR", b"PLTE", b"pHYs", b"iTXt", b"IDAT", b"IEND"}


def test_the_paper_of_a_png_is_white(published: PublishSummary) -> None:
    for path in sorted((published.folder / "charts").glob("*.png")):
        with Image.open(path) as picture:
            assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_svg_and_pdf_say_their_licence(published: PublishSummary) -> None:
    for name in published.charts:
        svg = (published.folder / "charts" / f"{name}.ru.svg").read_bytes()
        resource = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
        (licence,) = ET.fromstring(svg).iter("{http://creativecommons.org/ns#}license")
        assert licence.attrib[resource] == "https://creativecommons.org/licenses/by/4.0/"
        pdf = (published.folder / "charts" / f"{name}.ru.pdf").read_bytes()
        assert b"CC-BY-4.0 https://creativecommons.org/licenses/by/4.0/" in pdf
        assert b"CreationDate" not in pdf


def test_a_narrow_picture_is_as_wide_as_a_phone(published: PublishSummary) -> None:
    for path in sorted((published.folder / "charts").glob("*.narrow.svg")):
        root = ET.fromstring(path.read_bytes())
        assert float(root.attrib["width"]) == 400
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", path.read_text("utf-8"))]
        assert sizes
        assert min(sizes) >= 8.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_withheld_cells_are_hatched_and_named_and_never_a_number(suppressed: Release, language: str) -> None:
    for data in select_charts(suppressed):
        if not data.withheld:
            continue
        svg = _svg(suppressed, data, language)
        assert b"<pattern" in svg
        assert WITHHELD[language] in _texts(svg)
        assert WITHHELD[language] in alt_text(suppressed, data, language).lower() or language == "ru"
        for cell in data.cells.values():
            assert not cell.is_withheld or Look(data, language).label(cell) == WITHHELD[language]


def test_the_alt_text_names_every_withheld_cell(release: Release) -> None:
    data = _chart(release, "spending_year")
    assert data.withheld > 0
    text = alt_text(release, data, "en")
    assert f"Withheld ({data.withheld}):" in text
    for (panel, row), cell in data.cells.items():
        if cell.is_withheld:
            names = {code.code: code.label.en for code in (*data.panels, *data.rows)}
            assert f"{names[panel]}, {names[row]}" in text


@given(st.integers(1, 50))
def test_a_printed_zero_is_shown_as_its_interval(less: int) -> None:
    cell = Cell(("_T",), 0, 0, less, "A", "F")
    assert cell.base == less + 1
    assert Look(_EMPTY, "en").label(cell) == f"0–{less}"


@given(st.integers(1, 10**6), st.sampled_from([5, 10]))
def test_a_label_never_has_more_precision_than_the_number(value: int, base: int) -> None:
    cell = Cell(("_T",), value * base, value * base - base + 1, value * base + base - 1, "A", "F")
    for language in LANGUAGES:
        assert re.sub(r"\D", "", Look(_EMPTY, language).label(cell)) == str(value * base)


@given(st.text(alphabet="абвгдЖЗ- xyz", min_size=1, max_size=80), st.floats(30, 400))
def test_wrapped_text_fits_and_loses_no_letter(text: str, width: float) -> None:
    lines = wrap(text, width, 12)
    assert all(text_width(line, 12) <= width or len(line) <= 3 for line in lines)
    assert re.sub(r"[-\s]", "", "".join(lines)) == re.sub(r"[-\s]", "", text)


@given(st.integers(1, 10**9))
def test_ticks_are_few_and_never_beyond_the_numbers(highest: int) -> None:
    ticks = nice_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] <= highest
    assert len(ticks) <= 6


def test_a_date_known_to_the_year_only_is_no_point_of_a_line(release: Release) -> None:
    shown = {row.code for row in _chart(release, "help_quarter").rows}
    assert "2022-Q3" in shown
    assert "2022-QX" not in shown
    assert "2022-QX" in {cell.codes[1] for cell in release.tables["help_quarter"].cells}


def test_a_bar_ends_at_its_number_and_a_printed_zero_has_none(release: Release) -> None:
    drawn: list[tuple[str, float, float]] = []

    class Pencil:
        def rectangle(self, box: Box, colour: str) -> None:
            drawn.append((colour, box.left, box.right))

        def outline(self, box: Box, fill: str, edge: str) -> None:
            drawn.append((fill, box.left, box.right))

    def bar(value: int, lower: int, upper: int) -> list[tuple[str, float, float]]:
        drawn.clear()
        cell = Cell(("_T",), value, lower, upper, "A", "F")
        draw_bar(Pencil(), Box(0, 0, 900, 20), cell, colour="#0072b2", scale=10)  # type: ignore[arg-type]
        return [mark for mark in drawn if mark[2] > mark[1]]

    light = tint("#0072b2", BAND)
    assert bar(10, 6, 14) == [("#0072b2", 0, 100), (light, 60, 140)]
    assert bar(0, 0, 4) == [(light, 0, 40)]


def test_a_finding_is_stated_only_where_its_numbers_are_published(release: Release) -> None:
    data = _chart(release, "help_result_year")
    assert data.declaration.finding is not None
    number = data._at({"request_result": "unmet_no_funds"})
    assert number is not None
    assert f"About {number.value:,} of" in data.finding("en")
    nothing = replace(number, value=0, lower=0, upper=4)
    hidden = replace(number, value=None, lower=None, upper=None, obs_status="Q")
    for cell in (nothing, hidden):
        cells = tuple(cell if one == number else one for one in data.table.cells)
        other = replace(data, table=replace(data.table, cells=cells))
        assert other.finding("en") == ""
        assert other.title("ru") == data.declaration.title.ru


def test_every_declared_mark_exists_and_no_region_is_ranked(release: Release) -> None:
    for declaration in load_declarations():
        assert declaration.mark in MARKS
        assert declaration.order == "code" or declaration.rows.column != "place"
        require_mark(select_cells(release, declaration))


def test_ranking_regions_is_refused(release: Release, tmp_path: Path) -> None:
    text = (CHARTS / "incidents_region.yml").read_text(encoding="utf-8")
    path = tmp_path / "ranked.yml"
    path.write_text(text.replace("mark: tile_map", "mark: ordered_bars\norder: value"), encoding="utf-8")
    with pytest.raises(ReportError, match="must not be ranked"):
        require_mark(select_cells(release, read_declaration(path)))


TREND_WORDS = r"rose|fell|increas|decreas|more than|worst|most |rate|вырос|снизи|увелич|больше всего|рейтинг"


def test_no_title_speaks_of_trends_rates_or_ranks() -> None:
    for declaration in load_declarations():
        finding = declaration.finding.text if declaration.finding else ()
        for text in (*declaration.title, *declaration.alt, *finding):
            assert not re.search(TREND_WORDS, text.lower())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("mark: tile_map", "mark: tile_map\nsize: 3"), "unknown size"),
        (("mark: tile_map", ""), "missing mark"),
        (("mark: tile_map", "mark: tile_map\norder: best"), "order is one of"),
        (("{ column: place, show: leaves }", "{ column: place, sort: up }"), "rows and panels take"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text(
        (CHARTS / "incidents_region.yml").read_text(encoding="utf-8").replace(*change), encoding="utf-8"
    )
    with pytest.raises(ReportError, match=f"wrong.yml: .*{message}"):
        read_declaration(path)


def _empty() -> ChartData:
    from reports.published import Bilingual, Table

    nothing = Bilingual("", "")
    table = Table("t", nothing, "", nothing, ("a",), "rounding", 5, 10, nothing, ())
    return ChartData(load_declarations()[0], table, (), (), {}, "")


_EMPTY = _empty()
