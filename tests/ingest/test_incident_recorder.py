"""The GBVIMS Incident Recorder in every language it is exported in: read right, or refused."""

import json
import zipfile
from collections.abc import Mapping
from html import escape
from pathlib import Path

import openpyxl
import pytest

from codebook import load_codebook
from ingest import FileSummary, ingest_files, load_sources
from tests.shared_files import shared_path

from .workbench import NOW, Workbench, bench

__all__ = ["bench"]

SOURCES = load_sources(book=load_codebook())
RECORDER = SOURCES["gbvims_incident_recorder"]
LOCALES = [
    "aeb", "am-ET", "ar-IQ", "ar-JO", "ar-LB", "ar-SD", "ar-SY", "ar", "bn", "cmn", "en", "es-ES", "es-GT",
    "es", "fa-AF", "fr", "hi-IN", "hu", "id", "km", "ku-IQ", "ku", "mn", "mr", "my", "ne", "om", "pl",
    "ps-AF", "pt-AO", "pt-MZ", "pt", "ro", "ru", "sk", "so", "sw-TZ", "tet", "th", "tr", "uk",
]  # fmt: skip
ROW = {
    "incident_id": "IR-1", "survivor_code": "SV-1", "date_of_interview": "02-Mar-2025",
    "date_of_incident": "01-Mar-2025", "date_of_birth": "02-Mar-2006", "sex": "F",
    "gbv_type": "physical_assault", "marital_status": "single", "county": "Republic of Dagestan",
    "number_primary_perpetrators": 1,
    "perpetrator_sex": "M", "perpetrator_age_group": "Age 18 - 25",
    "perpetrator_relationship": "primary_caregiver",
    "perpetrator_former": "Yes", "safehouse_referral": "Referred", "consent": "Yes",
}  # fmt: skip


def recorder(
    folder: Path, *rows: Mapping[str, object], headings: tuple[str, ...] = RECORDER.positions
) -> Path:
    """Write a recorder with these rows, each the usual one with changes."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Incident Data"
    sheet.append(headings)
    for number, changes in enumerate(rows, start=1):
        row = {**ROW, "incident_id": f"IR-{number}", **changes}
        sheet.append([row.get(place, "") for place in RECORDER.positions])
    workbook.create_sheet("Menu Data").append(["CASEWORKER CODE"])
    path = folder / "recorder.xlsx"
    workbook.save(path)
    return path


def ingested(bench: Workbench, path: Path) -> FileSummary:
    """Ingest a file that is recognised by itself."""
    return ingest_files(bench.vault, [path], sources=SOURCES, now=NOW).files[0]


def headings_in(locale: str) -> tuple[str, ...]:
    """Return the recorder's headings in a language; English where a language lacks one, as Primero does."""
    folder = shared_path("samples", "primero")
    known = json.loads((folder / "ir_headers_by_locale.json").read_text(encoding="utf-8"))
    order = json.loads((folder / "ir_column_order.json").read_text(encoding="utf-8"))
    return tuple(known[locale].get(column) or known["en"][column] for column in order)


def test_every_language_of_the_exporter_is_tried():
    known = json.loads(
        shared_path("samples", "primero", "ir_headers_by_locale.json").read_text(encoding="utf-8")
    )
    assert sorted(LOCALES) == sorted(known)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_recorder_in_any_language_is_read_the_same(bench: Workbench, locale: str):
    path = recorder(bench.folder, {}, {"consent": "No", "sex": "male"}, headings=headings_in(locale))
    summary = ingested(bench, path)
    assert summary.refused is None
    assert (summary.source_name, summary.stored) == ("gbvims_incident_recorder", 2)
    (incident, other) = bench.all("incident")
    assert (incident["date_incident"], incident["date_report"]) == ("2025-03-01", "2025-03-02")
    assert (incident["region"], other["region"]) == ("RU-DA", "RU-DA")
    assert [(one["sex"], one["age"]) for one in bench.all("person")] == [("female", 18), ("male", 18)]
    assert [one["consent_status"] for one in bench.all("consent")] == ["given", "refused"]
    assert {one["act_code"] for one in bench.all("act")} == {"assault_minor"}
    # Only where the headings are the known ones is nothing to be told of how they were read.
    assert any("read by their place" in one for one in summary.notices) == (locale != "en")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_headings_of_our_own_are_known_in_any_order(bench: Workbench, language: str):
    headings = RECORDER.headings[language]
    path = recorder(bench.folder, {}, headings=headings)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Incident Data"]
    turned = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
    sheet.delete_rows(1, 3)
    for row in turned:
        sheet.append(row)
    workbook.save(path)
    summary = ingested(bench, path)
    assert summary.stored == 1
    assert bench.all("incident")[0]["date_incident"] == "2025-03-01"
    assert not any("place" in one for one in summary.notices if "perpetrator" not in one)


def test_the_traps_of_a_russian_recorder(bench: Workbench):
    russian = {
        "date_of_incident": "01-Март-2025", "date_of_interview": "02-Июнь-2025", "sex": "Ж", "consent": "Да",
        "perpetrator_sex": "М", "perpetrator_age_group": "возраст 18 - 25",
    }  # fmt: skip
    both = {**russian, "number_primary_perpetrators": 2, "perpetrator_sex": "М и Ж"}
    ingested(bench, recorder(bench.folder, russian, both, headings=headings_in("ru")))
    assert [one["date_report"] for one in bench.all("incident")] == ["2025-06-02", "2025-06-02"]
    assert {one["sex"] for one in bench.all("person")} == {"female"}
    alone, of_several = bench.all("perpetrator")
    assert (alone["perpetrator_sex"], alone["perpetrator_age"]) == ("male", "18_25")
    # The age is that of the first, the relationship that of the primary: of several nobody knows whose.
    assert (of_several["perpetrator_sex"], of_several["perpetrator_age"]) == (None, None)
    assert [one["relationship"] for one in bench.all("act")] == ["guardian", "guardian"]


@pytest.mark.parametrize(
    ("what", "change", "match"),
    [
        ("a column is missing", lambda names, row: (names[1:], row[1:]), "has 42 columns, and here are 41"),
        ("two columns are exchanged",
         lambda names, row: (names, [*row[:4], row[6], row[5], row[4], *row[7:]]),
         "cannot be that"),
        ("everything is one place further", lambda names, row: (names, ["", *row[:-1]]), "cannot be that"),
        ("no date stands where it should", lambda names, row: (names, [*row[:3], "", "", "", *row[6:]]),
         "no date of an incident"),
    ],
)  # fmt: skip
def test_unknown_headings_are_not_believed_where_the_values_do_not_fit(bench: Workbench, what, change, match):
    names = [f"heading {number}" for number in range(42)]
    row = [ROW.get(place, "") for place in RECORDER.positions]
    names, row = change(names, row)
    workbook = openpyxl.Workbook()
    for line in (names, row, row):
        workbook.active.append(line)
    path = bench.folder / "unknown.xlsx"
    workbook.save(path)
    summary = ingest_files(
        bench.vault, [path], sources=SOURCES, now=NOW, source_name="gbvims_incident_recorder"
    ).files[0]
    assert summary.refused is not None, what
    assert match in summary.refused.reason
    assert "English or Russian" in summary.refused.remedy
    assert "Dagestan" not in summary.refused.reason
    assert not any(bench.records().values())


def _ods_cell(cell: object) -> str:
    if cell in (None, ""):
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def as_ods(path: Path) -> Path:
    """Return a workbook written again as OpenDocument."""
    sheets = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        lines = ("".join(map(_ods_cell, line)) for line in sheet.iter_rows(values_only=True))
        rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
        sheets.append(f'<table:table table:name="{sheet.title}">{rows}</table:table>')
    names = "".join(
        f' xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"'
        for key in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    found = path.with_suffix(".ods")
    with zipfile.ZipFile(found, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    return found


def test_a_recorder_saved_by_another_program_is_a_recorder_still(bench: Workbench):
    path = as_ods(recorder(bench.folder, {}, headings=RECORDER.headings["en"]))
    summary = ingested(bench, path)
    assert summary.refused is None
    assert (summary.source_name, summary.stored) == ("gbvims_incident_recorder", 1)
    assert bench.all("incident")[0]["date_incident"] == "2025-03-01"
