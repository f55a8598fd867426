"""What a template asks for is what ingest reads: an empty form filled in comes back without a mapping."""

import datetime

import openpyxl
import pytest

from codebook import UsageError, fold, load_codebook
from ingest import ingest_files, load_sources, write_template
from ingest.forms import packaged_questionnaire
from ingest.forms.workbook import EXAMPLE, workbook_sheets

from .workbench import NOW, bench

__all__ = ["bench"]

LANGUAGES = ["en", "ru"]
BOOK = load_codebook()
FORM = packaged_questionnaire()
TEXTS = {
    "case_code": "A-7", "settlement": "Example settlement", "narrative": "An invented account.",
    "person_code": "P-1", "household_code": "H-1", "full_name": "Zaira Invented", "phone": "8 900 000 00 00",
    "messenger": "@invented", "currency": "RUB",
}  # fmt: skip
NUMBERS = {"age": 15, "children": 0, "number_perpetrators": 1, "cost": 1200.5}
DAYS = {
    "date_report": datetime.date(2025, 3, 12), "date_incident": datetime.date(2025, 3, 8),
    "date_incident_to": datetime.date(2025, 3, 9), "consent_date": datetime.date(2025, 3, 12),
    "consent_until": datetime.date(2030, 1, 1), "asked": datetime.datetime(2025, 3, 12, 10, 0),
    "answered": datetime.datetime(2025, 3, 12, 15, 30),
}  # fmt: skip
CHOSEN = {"date_precision": "range", "consent_by": "guardian", "guardian": "mother", "act_by": "father"}


def answer(question, language, second=False):
    """Return an answer to a question: a code's label is chosen from its list."""
    if question.codes:
        wanted = CHOSEN.get(question.name)
        codes = [code for code in question.codes if wanted in (None, code.code)]
        return codes[-1 if second else 0].label(language)
    return {**TEXTS, **NUMBERS, **DAYS}[question.name]


def fill(path, language):
    """Fill every column of every sheet below the example, as one case."""
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook_sheets(FORM, language):
        cells = []
        for column in sheet.columns:
            if column.question is None:
                cells.append("A-7" if column is sheet.columns[0] else 1)
            else:
                cells.append(answer(column.question, language, column.heading.endswith("(2)")))
        target = workbook[sheet.name]
        for place, cell in enumerate(cells, start=1):
            target.cell(3, place).value = cell
    workbook.save(path)


@pytest.fixture(params=LANGUAGES)
def template(request, bench):
    path = bench.folder / "cases.xlsx"
    write_template("spreadsheet", path, BOOK, language=request.param)
    return path, request.param


def take(bench, path):
    (summary,) = ingest_files(bench.vault, [path], sources=load_sources(), now=NOW).files
    return summary


def test_every_column_of_a_filled_workbook_is_read_back_without_a_mapping(bench, template):
    path, language = template
    fill(path, language)
    summary = take(bench, path)
    assert summary.refused is None
    assert (summary.source_name, summary.read, summary.stored) == (f"withheld_workbook_{language}", 1, 1)
    (incident,), (person,), (act,), (request,) = (
        bench.all(table) for table in ("incident", "person", "act", "request")
    )
    assert incident["date_incident"] == "2025-03-08"
    assert incident["date_incident_to"] == "2025-03-09"
    assert (person["age"], person["children"]) == (15, 0)
    assert (act["act_code"], act["relationship"]) == (next(iter(BOOK.code_lists["act"].codes)), "father")
    assert request["cost"] == 1200.5
    consents = {row["scope"]: row["consent_status"] for row in bench.all("consent")}
    assert consents == dict.fromkeys(BOOK.code_lists["consent_scope"].codes, "given")
    motives = list(BOOK.code_lists["motive"].codes)
    assert set(incident["motive"]) == {motives[0], motives[-1]}


def test_examples_are_never_taken_for_a_case(bench, template):
    path, _ = template
    summary = take(bench, path)
    assert summary.refused is None
    assert (summary.read, summary.stored, summary.quarantined) == (0, 0, 0)
    assert any("passed over" in notice for notice in summary.notices)
    assert bench.all("incident") == bench.all("person") == []


def test_examples_are_grey_and_carry_the_code_that_says_so(template):
    path, language = template
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook_sheets(FORM, language):
        row = workbook[sheet.name][2]
        assert row[0].value == EXAMPLE[language]
        assert {cell.font.color.rgb for cell in row} == {"00808080"}


def test_every_answer_of_a_list_is_offered_and_means_its_code(template):
    """A label that stands for two codes, or for none, would be lost on the way back."""
    path, language = template
    lists = openpyxl.load_workbook(path)[{"en": "Lists", "ru": "Списки"}[language]]
    offered = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.columns}
    for question in FORM.questions():
        if question.codes and question.list_name in offered:
            name = "consent_status" if question.is_consent else BOOK.field(question.path).code_list
            spellings = BOOK.code_lists[name].spellings
            assert [spellings[fold(label)] for label in offered[question.list_name]] == [
                code.code for code in question.codes
            ]


def test_dates_numbers_and_choices_are_checked_while_typing(template):
    path, language = template
    workbook = openpyxl.load_workbook(path)
    kinds = {"date": "date", "dateTime": "date", "integer": "whole", "decimal": "decimal", "select": "list"}
    for sheet in workbook_sheets(FORM, language):
        target = workbook[sheet.name]
        checks = {str(one.sqref).split(":")[0]: one for one in target.data_validations.dataValidation}
        for place, column in enumerate(sheet.columns, start=1):
            if column.question is not None and column.question.kind in kinds:
                check = checks[target.cell(2, place).coordinate]
                assert check.type == kinds[column.question.kind]
                assert check.showErrorMessage


def test_the_header_is_frozen_and_locked_and_the_cells_below_are_free(template):
    path, language = template
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook_sheets(FORM, language):
        target = workbook[sheet.name]
        assert target.protection.sheet
        assert target.freeze_panes in ("B2", "C2")
        assert all(cell.protection.locked for cell in target[1])
        assert not any(cell.protection.locked for cell in target[2])
        assert all(target.column_dimensions[cell.column_letter].width >= 12 for cell in target[1])


def test_the_guide_says_every_column_in_both_languages(template):
    path, language = template
    guide = openpyxl.load_workbook(path)[{"en": "Guide", "ru": "Справка"}[language]]
    rows = [tuple(cell.value for cell in row) for row in guide.iter_rows()]
    told = {(row[0], row[1]) for row in rows}
    for sheet in workbook_sheets(FORM, language):
        assert {(sheet.name, column.heading) for column in sheet.columns} <= told
    assert all(row[2] and row[3] for row in rows if row[1])


def test_an_unknown_template_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no template of that kind"):
        write_template("paper", tmp_path / "x.xlsx", BOOK)
    with pytest.raises(UsageError, match="in that language"):
        write_template("xlsform", tmp_path / "x.xlsx", BOOK, language="de")
    with pytest.raises(UsageError, match="cannot be written there"):
        write_template("xlsform", tmp_path / "nowhere" / "x.xlsx", BOOK)
