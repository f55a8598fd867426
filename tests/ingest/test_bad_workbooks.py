"""A bad workbook gets a clear error or a quarantined row, in bounded memory, and no value is quoted."""

import resource
import zipfile
from pathlib import Path

import openpyxl
import pytest

from .workbench import Workbench, bench, refusal
from .workbooks import with_parts

__all__ = ["bench"]

SHEET = """
name: book
version: "1"
format: xlsx
sheet: Cases
ignore_sheets: [Guide]
key: [Case]
person: implied
columns:
  Case: incident.external_id
  Date: incident.date_incident
  Acts: {field: act.act_code, separator: ";"}
"""


def workbook(
    bench: Workbench, *rows: tuple[object, ...], name: str = "book.xlsx", sheets: tuple[str, ...] = ()
) -> Path:
    """Write a workbook with one sheet `Cases` and further ones."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cases"
    for cells in rows:
        sheet.append(cells)
    for extra in sheets:
        book.create_sheet(extra).append(["anything"])
    path = bench.folder / name
    book.save(path)
    return path


def test_merged_header_cells_are_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    book = openpyxl.load_workbook(path)
    book["Cases"].merge_cells("B1:C1")
    book.save(path)
    assert "merged" in refusal(bench, path, SHEET)


def test_a_column_without_a_name_that_holds_values_is_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts", None), ("A-1", "2023", "beating", "secret"))
    assert "without a name" in refusal(bench, path, SHEET)


def test_a_sheet_too_many_is_refused_and_a_guide_sheet_is_ignored_by_name(bench):
    rows = (("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    assert "Other" in refusal(bench, workbook(bench, *rows, sheets=("Guide", "Other")), SHEET)
    (summary,) = bench.ingest(workbook(bench, *rows, sheets=("Guide",)), SHEET).files
    assert summary.stored == 1


def test_a_missing_sheet_is_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    assert "Casebook" in refusal(bench, path, SHEET.replace("sheet: Cases", "sheet: Casebook"))


def test_a_long_cell_of_a_workbook_is_quarantined(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    long = '<row r="3"><c r="A3" t="inlineStr"><is><t>' + "y" * 200_000 + "</t></is></c></row></sheetData>"
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", long).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    (summary,) = bench.ingest(path, SHEET).files
    assert (summary.read, summary.stored, summary.reasons) == (2, 1, {"too_long": 1})


def test_a_zip_bomb_is_refused_in_bounded_memory(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/x.xml", "w") as part,
    ):
        for _ in range(400):
            part.write(bytes(2**20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "unpacks to far more" in refusal(bench, path, SHEET)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_a_workbook_that_lies_about_its_sizes_is_measured_and_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    with_parts(path, {"xl/worksheets/sheet1.xml": b" " * (100 * 2**20)})
    content = path.read_bytes()
    path.write_bytes(content.replace((100 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert "unpacks to far more" in refusal(bench, path, SHEET)


def test_a_sheet_that_spans_a_million_rows_and_thousands_of_columns_is_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    far = '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    with_parts(path, {"xl/worksheets/sheet1.xml": sheet.replace("</sheetData>", far).encode()})
    assert "more than 40,000,000 cells" in refusal(bench, path, SHEET)


def test_a_sheet_of_a_million_empty_rows_is_read_without_them(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(3, 1_048_577))
    with_parts(
        path, {"xl/worksheets/sheet1.xml": sheet.replace("</sheetData>", empty + "</sheetData>").encode()}
    )
    (summary,) = bench.ingest(path, SHEET).files
    assert (summary.read, summary.stored) == (1, 1)


def test_a_billion_laughs_is_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><worksheet>&a;</worksheet>'
    with_parts(path, {"xl/worksheets/sheet1.xml": laughs})
    assert "XML entities" in refusal(bench, path, SHEET)


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a zip", b"plain words", bytes(100)])
def test_what_is_no_workbook_is_refused(bench, content):
    assert "not a whole .xlsx workbook" in refusal(bench, bench.file(content, "book.xlsx"), SHEET)


def test_a_workbook_under_a_csv_name_is_refused(bench):
    path = workbook(bench, ("Case", "Date", "Acts"), ("A-1", "2023", "beating"))
    assert "workbook and not a text file" in refusal(bench, path.rename(bench.folder / "desk.csv"))
