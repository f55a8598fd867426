"""Cells and sheets that carry what nobody sees: errors, hidden rows, far corners; in XLSX, XLS and ODS."""

import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from codebook import SourceError
from ingest.readers.ods_guard import inspect_ods

from .test_bad_workbooks import SHEET, workbook
from .workbench import Workbench, bench, refusal
from .workbooks import ods, ods_cell, ods_row, with_parts, with_rows, xls

__all__ = ["bench"]

HEADER = ("Case", "Date", "Acts")
FIRST = ("A-1", "2023", "beating")
XLS = SHEET.replace("format: xlsx", "format: xls")
ODS = SHEET.replace("format: xlsx", "format: ods")


def rows_of_xml(*cells: str) -> str:
    """Return one row of a sheet with its cells in row 3."""
    return f'<row r="3">{"".join(cells)}</row>'


TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ('<c r="B3" t="e"><v>#REF!</v></c>', 1),
        ("<c r='B3' s='0' t='e'><v>#NAME?</v></c>", 1),
        ('<c r="B3"><f>A2</f></c>', 1),
        ('<c r="B3"><f>A2</f><v></v></c>', 1),
        ('<c r="B3"><f t="shared" si="0"/><v/></c>', 1),
        ('<c r="B3" t="str"><f>A2</f><v></v></c>', 2),
        ('<c r="B3"><f>1+1</f><v>44927</v></c>', 2),
        ('<c r="D3" t="e"><v>#REF!</v></c>', 2),
    ],
)
def test_an_error_or_a_formula_without_a_value_quarantines_its_row_if_its_column_is_mapped(
    bench, cell, stored
):
    declared = SHEET + "ignore: [Note]\n"
    path = workbook(bench, (*HEADER, "Note"), (*FIRST, "x"))
    with_rows(path, rows_of_xml(TEXT.format("A3", "A-2"), cell, TEXT.format("C3", "threat")))
    (summary,) = bench.ingest(path, declared).files
    assert (summary.read, summary.stored) == (2, stored)
    if stored == 1:
        assert summary.reasons == {"unreadable_row": 1}
        assert [(one["place"], one["file_row"]) for one in bench.all("quarantine")] == [("Date", 3)]


def test_what_lies_beside_the_cells_is_counted_and_not_read(bench):
    path = workbook(bench, HEADER, FIRST, ("A-2", "2023", "threat"), sheets=("Guide",))
    book = openpyxl.load_workbook(path)
    sheet = book["Cases"]
    sheet["A2"].comment = Comment("Zaira told me", "Zaira")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.auto_filter.ref = "A1:C3"
    sheet.merge_cells("A5:B6")
    book["Guide"].sheet_state = "veryHidden"
    book.properties.creator = "Zaira"
    book.save(path)
    with_parts(path, {"xl/threadedComments/threadedComment1.xml": b"<x><threadedComment a=''/></x>"})
    (summary,) = bench.ingest(path, SHEET).files
    assert summary.stored == 2
    told = "\n".join(summary.notices)
    expected = (
        "notes and comments (1)",
        "threaded comments (1)",
        "1 hidden rows",
        "1 hidden columns",
        "a filter",
        "1 merged areas below the header",
        "1 sheets are very hidden",
        "properties that name people",
    )
    for words in expected:
        assert words in told, words
    assert "Zaira" not in told


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c s="0" r="XFD1048576"><v>1</v></c></row>',
        '<row r="2"><c r="XFD1048576"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>',
        '<x:row r="9"><x:c r="ZZZ900000"><x:v>5</x:v></x:c></x:row>',
        '<row r="1048576"><c><v>1</v></c></row>' + "<c><v>1</v></c>" * 100,
        '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
        '<row r="2"><c foo=">" r="XFD1048576"><v>1</v></c></row>',
        "<row r='2'><c r='xfd1048576' ><v>1</v></c></row>",
    ],
)
def test_a_cell_in_a_far_corner_is_refused_however_it_is_written(bench, rows):
    reason = refusal(bench, with_rows(workbook(bench, HEADER, FIRST), rows), SHEET)
    assert "it was not opened" in reason


def test_a_stray_cell_far_below_the_records_is_refused_with_its_place(bench):
    path = with_rows(workbook(bench, HEADER, FIRST), '<row r="900000"><c r="C900000"><v>1</v></c></row>')
    reason = refusal(bench, path, SHEET)
    assert "filled down to row 900,000 and column 3 with 7 cells only" in reason


def test_millions_of_formatted_cells_without_values_are_refused(bench, monkeypatch):
    monkeypatch.setattr("ingest.readers.sheet_scan.MAXIMUM_EMPTY", 50_000)
    empty = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}" s="1"/>' for column in "ABCDEFGHIJ") + "</row>"
        for row in range(3, 5_200)
    )
    assert "formatted and empty" in refusal(bench, with_rows(workbook(bench, HEADER, FIRST), empty), SHEET)


def test_a_long_shared_text_that_fills_the_memory_is_refused(bench):
    path = workbook(bench, HEADER, *(("A-1", "2023", "beating") for _ in range(3000)))
    long = b"<sst><si><t>" + b"x" * 3_000_000 + b"</t></si></sst>"
    with_parts(path, {"xl/sharedStrings.xml": long})
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    with_parts(
        path,
        {
            "xl/worksheets/sheet1.xml": re.sub(
                't="inlineStr"><is><t>[^<]*</t></is>', 't="s"><v>0</v>', sheet
            ).encode()
        },
    )
    assert "long texts" in refusal(bench, path, SHEET)


def test_text_that_looks_like_a_number_keeps_its_zeros_and_a_date_format_makes_a_date(bench):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cases"
    for cells in (HEADER, ("007", 45000, "beating")):
        sheet.append(cells)
    sheet["B2"].number_format = "dd.mm.yyyy"
    path = bench.folder / "book.xlsx"
    book.save(path)
    (summary,) = bench.ingest(path, SHEET).files
    assert summary.stored == 1
    (stored,) = bench.all("incident")
    assert (stored["external_id"], stored["date_incident"]) == ("007", "2023-03-15")


def test_titles_above_the_header_of_a_sheet_are_told(bench):
    path = workbook(bench, ("Casebook",), (), HEADER, FIRST)
    (summary,) = bench.ingest(path, SHEET).files
    assert summary.stored == 1
    assert any("the header is row 3" in notice for notice in summary.notices)
    assert bench.all("source")[0]["file_row"] == 4


def test_a_sheet_without_a_header_is_read_where_the_declaration_names_its_columns(bench):
    path = workbook(bench, FIRST, ("A-2", "2022", "threat"))
    assert refusal(bench, path, SHEET)
    (summary,) = bench.ingest(path, SHEET + "header: none\nnames: [Case, Date, Acts]\n").files
    assert summary.stored == 2


def test_an_xls_workbook_is_read(bench):
    path = xls(bench.folder / "book.xls", [HEADER, ("A-1", 2023.0, "beating"), ("Б-2", "2022", "threat")])
    (summary,) = bench.ingest(path, XLS).files
    assert (summary.refused, summary.read, summary.stored) == (None, 2, 2)
    assert {one["external_id"] for one in bench.all("incident")} == {"A-1", "Б-2"}


def test_an_xls_cell_with_an_error_quarantines_its_row(bench):
    error = struct.pack("<HHHHHBB", 0x205, 8, 1, 1, 0, 0x17, 1)
    path = xls(bench.folder / "book.xls", [HEADER, ("A-1",), FIRST], error)
    (summary,) = bench.ingest(path, XLS).files
    assert (summary.read, summary.stored, summary.reasons) == (2, 1, {"unreadable_row": 1})


def test_an_xls_cell_in_the_last_corner_is_refused(bench):
    corner = struct.pack("<HHHHHd", 0x203, 14, 65_535, 65_535, 0, 1.0)
    path = xls(bench.folder / "book.xls", [HEADER, FIRST], corner)
    assert "more than 40,000,000 cells" in refusal(bench, path, XLS)


def test_an_ods_spreadsheet_is_read_with_its_repeats(bench):
    rows = (ods_row(*HEADER), ods_row(*FIRST), ods_row("A-2", "2022", "threat"))
    trailing = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    (summary,) = bench.ingest(ods(bench.folder / "book.ods", *rows, trailing), ODS).files
    assert (summary.refused, summary.read, summary.stored) == (None, 2, 2)


def test_an_ods_error_quarantines_its_row_and_its_notes_are_not_read(bench):
    error = ods_cell("#REF!", 'table:formula="of:=1" calcext:value-type="error"')
    note = ods_cell("threat").replace(
        "<text:p>", "<office:annotation ><text:p>Zaira told me</text:p></office:annotation><text:p>"
    )
    rows = (ods_row(*HEADER), ods_row("A-1", error, "beating"), ods_row("A-2", "2022", note))
    (summary,) = bench.ingest(ods(bench.folder / "book.ods", *rows), ODS).files
    assert (summary.read, summary.stored, summary.reasons) == (2, 1, {"unreadable_row": 1})
    assert any("notes and comments (1)" in notice for notice in summary.notices)


@pytest.mark.parametrize(
    ("rows", "head", "reason"),
    [
        (
            ods_row(*FIRST, attributes='table:number-rows-repeated="900000000"'),
            "",
            "more than 40,000,000 cells",
        ),
        (
            ods_row("A-1", ods_cell("x", 'table:number-columns-repeated="99999999"')),
            "",
            "more than 40,000,000 cells",
        ),
        (ods_row(*FIRST), '<!DOCTYPE x [<!ENTITY a "ha">]>', "XML entities"),
        (ods_row("y" * 60_000, attributes='table:number-rows-repeated="100000"'), "", "fill the memory"),
    ],
    ids=["rows", "columns", "entities", "texts"],
)
def test_an_ods_that_unfolds_without_end_is_refused(bench, rows, head, reason):
    path = ods(bench.folder / "book.ods", ods_row(*HEADER), rows, head=head)
    assert reason in refusal(bench, path, ODS)


@pytest.mark.parametrize("ending", ["xls", "ods"])
@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 no zip", b"words", bytes(600), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_workbook_of_its_kind_is_refused(bench: Workbench, ending: str, content: bytes) -> None:
    path: Path = bench.file(content, f"book.{ending}")
    assert "not a whole" in refusal(bench, path, SHEET.replace("format: xlsx", f"format: {ending}"))


@pytest.mark.parametrize("part", ["content.xml", "META-INF/manifest.xml"])
def test_a_spreadsheet_whose_xml_is_cut_is_refused_and_not_read_for_ever(bench, part):
    path = ods(bench.folder / "book.ods", ods_row("Case", "Date", "Acts"), ods_row("A-1", "2023", "beating"))
    with zipfile.ZipFile(path) as archive:
        whole = archive.read(part)
    for size in (len(whole) - 1, len(whole) * 2 // 3, len(whole) // 2):
        with_parts(path, {part: whole[:size]})
        with pytest.raises(SourceError, match=r"not a whole \.ods spreadsheet"):
            inspect_ods(path)
