"""What leaves as CSV or XLSX: no cell runs as a formula, and every file is written anew from values."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from anonymize.tables.files import ProtectRequest, protect_file
from codebook import load_codebook
from codebook.spreadsheet_safe import spreadsheet_safe
from ingest import write_template
from reports.data_files import hxl_csv, table_csv

ARMED = "=HYPERLINK(1)"


def cells_of(content: str) -> list[str]:
    """Return every cell of a CSV text."""
    return [cell for row in csv.reader(content.splitlines()) for cell in row]


def test_codes_and_labels_of_a_release_are_disarmed():
    label = SimpleNamespace(label=SimpleNamespace(text=lambda language: f"@{language}"))
    release = SimpleNamespace(code=lambda *_: label)
    cell = SimpleNamespace(codes=(ARMED,), value=5, lower=1, upper=9, obs_status="A", conf_status="F")
    table = SimpleNamespace(name="t", unit="incidents", columns=("place",), cells=[cell])
    for written in (table_csv, hxl_csv):
        cells = cells_of(written(release, table).decode("utf-8"))  # type: ignore[arg-type]
        assert {f"'{ARMED}", "'@en", "'@ru"} <= set(cells)
        assert all(spreadsheet_safe(one) == one for one in cells)


@pytest.fixture
def microdata(tmp_path: Path) -> Path:
    """Records some of whose codes are formulas, as a sender may have typed them."""
    rows = [f"{'a' if number % 3 else ARMED},{number}" for number in range(30)]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(["type,person_id", *rows, ""]), encoding="utf-8")
    (tmp_path / "plan.yml").write_text("tables: [{type: type}]\n", encoding="utf-8")
    return path


def test_codes_of_protected_tables_are_disarmed_and_known_again_in_the_next_output(microdata, tmp_path):
    request = ProtectRequest(microdata, tmp_path / "plan.yml", key=b"k" * 32)
    protect_file(request, tmp_path / "one", tmp_path / "one.json")
    (table,) = (tmp_path / "one").glob("*.csv")
    cells = cells_of(table.read_text(encoding="utf-8"))
    assert f"'{ARMED}" in cells
    assert ARMED not in cells
    plain = ProtectRequest(microdata, tmp_path / "plan.yml", method="cell-key", key=b"k" * 32)
    protect_file(plain, tmp_path / "two", tmp_path / "two.json")
    third = replace(plain, previous=(tmp_path / "two",))
    report = protect_file(third, tmp_path / "three", tmp_path / "three.json")
    assert report["printed_before"] == report["printed_alike"] == 3
    assert ARMED not in json.dumps(report)


@pytest.mark.parametrize("kind", ["xlsform", "spreadsheet"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_cell_of_a_form_is_a_formula(tmp_path, kind, language):
    write_template(kind, tmp_path / "form.xlsx", load_codebook(), language=language)
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []
