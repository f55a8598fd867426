"""Which declaration a file is taken for: never by chance, and told; of an unknown file, what is near."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from codebook import SourceError, load_codebook
from ingest import ingest_files, load_source, load_sources
from ingest.mapping import Source
from ingest.opening import choose_source
from tests.shared_files import REPOSITORY, shared_path

from .workbench import DECLARATION, HEADER, NOW, Workbench, bench, csv_text, row

__all__ = ["bench"]


def declared(folder: Path, name: str, text: str = DECLARATION) -> Source:
    """Return a declaration of that name."""
    path = folder / f"{name}.yml"
    path.write_text(text.replace("name: desk", f"name: {name}"), encoding="utf-8")
    return load_source(path, load_codebook())


def test_the_one_that_accounts_for_every_column_goes_first_and_the_choice_is_told(bench: Workbench):
    whole = declared(bench.folder, "whole")
    part = declared(bench.folder, "part", DECLARATION.replace("ignore: [Worker]\n", ""))
    path = bench.file(csv_text([row()]))
    for sources in ({"whole": whole, "part": part}, {"part": part, "whole": whole}):
        (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
        assert summary.source_name == "whole"
        assert (
            "whole was taken, which accounts for every column; part would fit too (--source NAME)"
            in summary.notices
        )


def test_the_groups_own_goes_before_a_packaged_one(tmp_path):
    (tmp_path / "desk.csv").write_text(csv_text([row()]))
    own, packaged = declared(tmp_path, "own"), replace(declared(tmp_path, "packaged"), packaged=True)
    choice = choose_source(tmp_path / "desk.csv", {"packaged": packaged, "own": own})
    assert choice.source is own
    assert "is the group's own" in choice.notices[0]


def test_two_that_fit_equally_well_are_never_decided_by_chance(tmp_path):
    (tmp_path / "desk.csv").write_text(csv_text([row()]))
    sources = {name: declared(tmp_path, name) for name in ("second", "first")}
    with pytest.raises(SourceError, match="2 source declarations fit equally well: first, second") as raised:
        choose_source(tmp_path / "desk.csv", sources)
    assert raised.value.remedy == "name the right one: `withheld ingest FILE --source NAME`"


def test_an_unknown_file_is_told_the_nearest_declaration_and_what_differs(tmp_path):
    header = [{"Town": "Town or village", "Worker": "Driver"}.get(name, name) for name in HEADER]
    path = tmp_path / "desk.csv"
    path.write_text(csv_text([dict(zip(header, row().values(), strict=True))], header))
    with pytest.raises(SourceError) as raised:
        choose_source(path, {**load_sources(), "desk": declared(tmp_path, "desk")})
    assert raised.value.reason == (
        "desk.csv: it is of no source declaration that is here (16 columns; nearest is desk; the file "
        "lacks 1 columns: Town; the file adds 2 columns: Town or village, Driver)"
    )
    assert "copy desk.yml into sources/ and correct it" in raised.value.remedy
    assert f"`withheld ingest {path} --suggest`" in raised.value.remedy


def test_a_first_row_that_is_a_record_is_not_told_as_if_it_were_a_header(tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Case,Date,Region,Town,Zaira,Invented,sister\n1,2,3,4,5,6,7\n")
    with pytest.raises(SourceError) as raised:
        choose_source(path, {"desk": declared(tmp_path, "desk")})
    assert "Zaira" not in raised.value.reason
    assert "the file adds 3 columns" in raised.value.reason


FLAT = """
name: flat
version: "1"
format: csv
delimiter: ";"
person: implied
form_repeats: []
columns: {_uuid: incident.external_id, incident_date: incident.date_incident}
ignore_pattern: [".*"]
"""


@pytest.mark.parametrize("kind", ["json", "asset", "xlsform"])
def test_the_definition_beside_a_kobo_csv_is_believed_more_than_the_declaration(bench: Workbench, kind: str):
    shutil.copy(
        shared_path("samples", "kobo", "kobo_export_xml_values_details.csv"), bench.folder / "flat.csv"
    )
    (alone,) = bench.ingest(bench.folder / "flat.csv", FLAT).files
    assert alone.refused is None
    form = json.loads(shared_path("samples", "kobo", "form_content.json").read_text(encoding="utf-8"))
    if kind == "xlsform":
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = "survey"
        keys = ["type", "name", "label::English (en)"]
        for line in (keys, *([one.get(key, "") for key in keys] for one in form["survey"])):
            sheet.append(line)
        workbook.save(bench.folder / "form.xlsx")
    else:
        whole = form if kind == "json" else {"uid": "a1", "content": form}
        (bench.folder / "form.json").write_text(json.dumps(whole), encoding="utf-8")
    (refused,) = bench.ingest(bench.folder / "flat.csv", FLAT).files
    assert refused.refused is not None
    assert "(2: person, help, as form." in refused.refused.reason
    assert "export the form as XLSX" in refused.refused.remedy


def test_another_forms_definition_says_nothing_of_a_file(bench: Workbench):
    shutil.copy(
        shared_path("samples", "kobo", "kobo_export_xml_values_details.csv"), bench.folder / "flat.csv"
    )
    other = [{"type": "text", "name": "colour"}, {"type": "begin repeat", "name": "child"}]
    (bench.folder / "form.json").write_text(json.dumps({"survey": other}), encoding="utf-8")
    assert bench.ingest(bench.folder / "flat.csv", FLAT).files[0].refused is None


def test_tables_of_repeats_that_nobody_declared_are_noticed(bench: Workbench):
    for name in ("singlerepeat.csv", "singlerepeat-child.csv"):
        shutil.copy(shared_path("samples", "odk_central", name), bench.folder / name)
    text = "name: flat\nversion: '1'\nformat: csv\ncolumns: {KEY: incident.external_id, name: person.name}\n"
    (refused,) = bench.ingest(bench.folder / "singlerepeat.csv", text + "ignore_pattern: ['.*']\n").files
    assert refused.refused is not None
    assert "tables of its repeated groups lie beside it" in refused.refused.reason
    assert "singlerepeat-child.csv" in refused.refused.reason


PRIMERO = {
    "Basic Identity": [
        [
            "ID",
            "Case ID",
            "Name",
            "Sex",
            "Age",
            "Date of Birth",
            "Marital Status",
            "Case Status",
            "Social Worker",
        ],
        ["c-1", "c-1", "Invented A", "Female", "19", "", "Divorced/Separated", "Open", "w"],
        ["c-2", "c-2", "Invented B", "Female", "23", "", "Single", "Open", "w"],
    ],
    "GBV Information": [
        ["ID", "Date of Incident", "Region", "Type of Violence", "Consent to share for reporting"],
        ["c-1", "2024-03-01", "Dagestan", "Physical Assault ||| Sexual Assault", "Yes"],
    ],
    "Services Provid-Services": [
        ["ID", "Type of Service", "Status of Service"],
        ["c-1", "Safehouse Service", "Referred"],
        ["c-1", "Health/Medical Service", "Service implemented"],
    ],
}


def primero_cases(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """Write a workbook with a sheet a form, as Primero exports cases."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, lines in sheets.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(line)
    workbook.save(path)
    return path


def test_a_sheet_a_form_is_put_together_into_one_case(bench: Workbench):
    sources = load_sources(REPOSITORY / "examples")
    path = primero_cases(bench.folder / "cases.xlsx", PRIMERO)
    (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
    assert (summary.source_name, summary.stored) == ("primero_cases_xlsx", 2)
    assert {name: counts["read"] for name, counts in summary.sheets.items()} == {
        "GBV Information": 1, "Services Provid-Services": 2,
    }  # fmt: skip
    assert [one["date_incident"] for one in bench.all("incident")] == ["2024-03-01", None]
    assert [one["act_code"] for one in bench.all("act")] == ["assault_minor", "sexual_assault"]
    assert [(one["need"], one["status"]) for one in bench.all("request")] == [
        ("shelter", "referred"), ("medical", "provided"),
    ]  # fmt: skip
    assert len(bench.all("person")) == 2
    assert [one["consent_status"] for one in bench.all("consent")] == ["given"]


def test_two_forms_that_contradict_each_other_wait_for_a_person(bench: Workbench):
    twice = [*PRIMERO["GBV Information"], ["c-1", "2024-04-02", "Dagestan", "", "Yes"]]
    path = primero_cases(bench.folder / "cases.xlsx", {**PRIMERO, "GBV Information": twice})
    sources = load_sources(REPOSITORY / "examples")
    (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
    assert (summary.stored, summary.reasons) == (1, {"contradiction": 1})


def test_a_header_below_titles_is_found_for_whichever_declaration_knows_it(bench: Workbench):
    workbook = openpyxl.Workbook()
    for line in (["Register of the desk"], [], ["Number", "Day", "Who"], ["1", "2024-03-01", "Invented"]):
        workbook.active.append(line)
    path = bench.folder / "register.xlsx"
    workbook.save(path)
    text = "name: desk\nversion: '1'\nformat: xlsx\ncolumns: {%s: incident.external_id, %s: person.name}\n"
    sources = {
        "another": declared(bench.folder, "another", text % ("Case", "Name")),
        "register": declared(bench.folder, "register", text % ("Number", "Who") + "ignore: [Day]\n"),
    }
    (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
    assert (summary.source_name, summary.stored) == ("register", 1)
