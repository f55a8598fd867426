"""What a template asks for is what ingest reads: an empty form filled in comes back without a mapping."""

import openpyxl
import pytest

from codebook import UsageError, load_codebook
from ingest import ingest_files, load_sources, write_template

from .workbench import NOW, bench

__all__ = ["bench"]

FILLED = {
    "Дело": "T-1",
    "№ лица": "1",
    "Дата события": "12.03.2023",
    "Регион": "Республика Дагестан",
    "Пол": "Женский",
    "Возраст": 19,
    "Что произошло": "Побои, избиение",
    "Кто причинил": "Отец",
    "Согласие: статистика": "Дано",
}


def test_a_filled_spreadsheet_is_read_back_without_a_mapping(bench):
    path = bench.folder / "cases.xlsx"
    write_template("spreadsheet", path, load_codebook())
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Обращения"]
    header = [cell.value for cell in sheet[1]]
    sheet.append([FILLED.get(name) for name in header])
    assert len(sheet.data_validations.dataValidation) >= 15
    workbook.save(path)
    (summary,) = ingest_files(bench.vault, [path], sources=load_sources(), now=NOW).files
    assert (summary.source_name, summary.read, summary.stored) == ("casebook_ru", 1, 1)
    assert [one["act_code"] for one in bench.all("act")] == ["assault_minor"]
    assert [one["consent_status"] for one in bench.all("consent")] == ["given"]


def test_an_empty_spreadsheet_has_a_header_and_no_rows(bench):
    path = bench.folder / "cases.xlsx"
    write_template("spreadsheet", path, load_codebook())
    (summary,) = ingest_files(bench.vault, [path], sources=load_sources(), now=NOW).files
    assert "not one row" in str(summary.refused)


def test_an_unknown_template_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no template of that kind"):
        write_template("paper", tmp_path / "x.xlsx", load_codebook())
    with pytest.raises(UsageError, match="cannot be written there"):
        write_template("xlsform", tmp_path / "nowhere" / "x.xlsx", load_codebook())
