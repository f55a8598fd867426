"""The exporter that the tests read from writes what KoboToolbox's own exporter (formpack) wrote."""

import csv
import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ingest.synthetic.kobo_export import KoboExport, Look
from tests.shared_files import shared_path

EN, RU = "label::English (en)", "label::Russian (ru)"
LOOKS = {
    "labels_en": Look(EN),
    "labels_ru_hierarchy": Look(RU, grouped=True),
    "xml_values_both": Look(),
    "xml_values_details": Look(multiple="details"),
    "xml_values_summary": Look(multiple="summary"),
}


def exported(look: Look):
    form = json.loads(shared_path("samples", "kobo", "form_content.json").read_text(encoding="utf-8"))
    answers = json.loads(shared_path("samples", "kobo", "kobo_api_v2_data.json").read_text(encoding="utf-8"))
    return KoboExport(form, "GBV incident (synthetic)", look).tables(answers["results"])


def sheets(path: Path) -> dict[str, list[list[str]]]:
    workbook = CalamineWorkbook.from_path(path)
    return {
        name: [[_text(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()]
        for name in workbook.sheet_names
    }


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_workbook_is_the_one_that_formpack_wrote(name):
    theirs = sheets(shared_path("samples", "kobo", f"kobo_export_{name}.xlsx"))
    ours = {
        table.name: [list(table.header), *([_text(cell) for cell in row] for row in table.rows)]
        for table in exported(LOOKS[name])
    }
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_csv_is_the_first_sheet_alone(name):
    path = shared_path("samples", "kobo", f"kobo_export_{name}.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        theirs = list(csv.reader(file, delimiter=";"))
    table = exported(LOOKS[name])[0]
    assert [list(table.header), *([_text(cell) for cell in row] for row in table.rows)] == theirs
