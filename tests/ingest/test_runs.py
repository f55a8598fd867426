"""A run: every row counted, nothing twice, and a refused or killed file leaves the vault as it was."""

import json

import pytest

from codebook import UsageError
from ingest import discard_rows, ingest_files, list_quarantine, load_sources
from tests.shared_files import REPOSITORY, shared_path
from vault import broken_links

from .workbench import DECLARATION, NOW, bench, csv_text, row

__all__ = ["bench"]


def test_every_row_has_its_provenance(bench):
    path = bench.file(csv_text([row(), row(Case="A-2")]))
    (summary,) = bench.ingest(path).files
    found = bench.all("source")
    assert [one["file_row"] for one in found] == [2, 3]
    assert {one["file_sha256"] for one in found} == {summary.file_sha256}
    assert {(one["source_name"], one["mapping_version"], one["adapter"]) for one in found} == {
        ("desk", "1", "csv")
    }
    assert {one["incident_id"] for one in found} == {one["incident_id"] for one in bench.all("incident")}
    (run,) = bench.all("ingest_run")
    assert (run["rows_read"], run["rows_stored"], run["rows_already_there"], run["rows_quarantined"]) == (
        2,
        2,
        0,
        0,
    )
    assert [one["action"] for one in bench.all("custody")] == ["file ingested"]
    assert broken_links(bench.vault) == []


def test_the_same_file_twice_stores_nothing_and_says_already_there(bench):
    rows = (row(), row(Case="A-2", Age="240"), row(Case="A-3"))
    bench.ingest_rows(*rows)
    before = bench.records()
    (summary,) = bench.ingest_rows(*rows).files
    assert (summary.read, summary.stored, summary.already_there, summary.quarantined) == (3, 0, 2, 1)
    assert bench.records() == before


def test_a_longer_export_adds_only_what_is_new_and_ignored_columns_make_nothing_new(bench):
    bench.ingest_rows(row())
    (summary,) = bench.ingest_rows(row(Case="A-0"), row(Worker="Another")).files
    assert (summary.stored, summary.already_there) == (1, 1)


def test_two_rows_of_one_file_under_one_key_wait_for_a_person_and_double_nobody(bench):
    (summary,) = bench.ingest_rows(row(), row(Age="20")).files
    assert (summary.stored, summary.reasons) == (1, {"contradiction": 1})
    assert bench.vault.count("person") == 1


def test_rows_alike_in_everything_are_counted_where_a_source_has_no_key(bench):
    declaration = bench.declaration.replace("key: [Case]\n", "")
    (summary,) = bench.ingest_rows(row(), row(), declaration=declaration).files
    assert summary.stored == 2
    (summary,) = bench.ingest_rows(row(), row(), row(), declaration=declaration).files
    assert (summary.stored, summary.already_there) == (1, 2)


def test_a_file_is_recognised_by_its_header_and_truth_is_no_source(bench):
    folder = bench.folder / "in"
    folder.mkdir()
    (folder / "truth.json").write_text("{}")
    (folder / "notes.md").write_text("x")
    (folder / "calls.csv").write_text(csv_text([row()]))
    (bench.folder / "desk.yml").write_text(DECLARATION)
    sources = load_sources(bench.folder)
    summary = ingest_files(bench.vault, [folder], sources=sources, now=NOW)
    assert [(one.file, one.source_name, one.stored) for one in summary.files] == [("calls.csv", "desk", 1)]


def test_one_refused_file_does_not_stop_the_others(bench):
    (bench.folder / "desk.yml").write_text(DECLARATION)
    good, bad = bench.file(csv_text([row()]), "good.csv"), bench.file("what,is\nthis,?\n", "bad.csv")
    summary = ingest_files(bench.vault, [bad, good], sources=load_sources(bench.folder), now=NOW)
    assert [bool(one.refused) for one in summary.files] == [True, False]
    assert "of no source declaration" in str(summary.refusals[0].refused)
    assert json.loads(json.dumps(summary.as_dict()))["stored"] == 1


def test_no_file_and_no_such_source_are_wrong_usage(bench):
    empty = bench.folder / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="no file to ingest"):
        ingest_files(bench.vault, [empty], sources={}, now=NOW)
    with pytest.raises(UsageError, match="no source declaration of that name"):
        ingest_files(bench.vault, [empty], sources={}, now=NOW, source_name="nothing")


def test_repeat_rows_that_belong_to_no_record_are_kept_and_told(bench):
    import openpyxl

    book = openpyxl.Workbook()
    main = book.active
    main.title = "Cases"
    for cells in (("Case", "Age"), ("A-1", 19)):
        main.append(cells)
    for cells in (("Case", "Need"), ("A-1", "food"), ("A-9", "ticket")):
        (book["Help"] if "Help" in book.sheetnames else book.create_sheet("Help")).append(cells)
    path = bench.folder / "book.xlsx"
    book.save(path)
    declaration = (
        'name: book\nversion: "1"\nformat: xlsx\nkey: [Case]\n'
        "columns: {Case: incident.external_id, Age: person.age}\n"
        "repeats: [{sheet: Help, join: {Case: Case}, columns: {Need: request.need}}]\n"
    )
    for outcome in ("stored", "already_there"):
        (summary,) = bench.ingest(path, declaration).files
        assert summary.sheets["Help"] == {
            "read": 2, "stored": 0, "already_there": 0, "quarantined": 1, "orphans": 1, outcome: 1
        }  # fmt: skip
    assert bench.vault.count("request") == 1
    (kept,) = bench.all("quarantine")
    assert (kept["reason"], kept["place"], kept["file_row"]) == ("contradiction", "Help", 3)


SAMPLES = [
    (("public", "police_killings.csv"), (467, 463, 4)),
    (("public", "missing_migrants.csv"), (6249, 6238, 11)),
    (("public", "2018-12-kent-street.csv"), (8438, 8438, 0)),
    *((("kobo", f"kobo_export_{mode}.xlsx"), (2, 2, 0)) for mode in (
        "labels_en", "labels_ru_hierarchy", "xml_values_both", "xml_values_details", "xml_values_summary")),
    (("kobo", "kobo_api_v2_data.json"), (2, 2, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("path", "counts"), SAMPLES, ids=[path[1] for path, _ in SAMPLES])
def test_every_sample_goes_in_with_reconciled_counts(bench, path, counts):
    sources = load_sources(REPOSITORY / "examples")
    (summary,) = ingest_files(bench.vault, [shared_path("samples", *path)], sources=sources, now=NOW).files
    assert (summary.read, summary.stored, summary.quarantined) == counts
    assert summary.reconciles
    if path[0] == "kobo":
        assert (bench.vault.count("person"), bench.vault.count("request"), bench.vault.count("act")) == (
            3,
            1,
            5,
        )


def test_the_unclean_rows_of_the_public_file_are_named(bench):
    sources = load_sources(REPOSITORY / "examples")
    path = shared_path("samples", "public", "police_killings.csv")
    (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
    assert summary.notices == ("4 rows cannot be decoded or read: rows 145, 338, 400, 421",)


@pytest.mark.parametrize(
    "mode", ["labels_en", "labels_ru_hierarchy", "xml_values_both", "xml_values_summary"]
)
def test_a_kobo_csv_of_a_form_with_repeats_is_refused_with_the_remedy(bench, mode):
    sources = load_sources(REPOSITORY / "examples")
    path = shared_path("samples", "kobo", f"kobo_export_{mode}.csv")
    (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
    assert summary.refused is not None
    assert "leaves out the repeated groups of the form (2: person, help)" in summary.refused.reason
    assert "XLSX" in summary.refused.remedy
    assert set(bench.records().values()) == {0}


def test_two_different_rows_with_the_key_of_one_repeat_row_do_not_both_get_it(bench):
    import openpyxl

    book = openpyxl.Workbook()
    main = book.active
    assert main is not None
    main.title = "Cases"
    for cells in (("Case", "Age"), ("A-1", 19), ("A-1", 33)):
        main.append(cells)
    for cells in (("Case", "Need"), ("A-1", "food")):
        (book["Help"] if "Help" in book.sheetnames else book.create_sheet("Help")).append(cells)
    path = bench.folder / "book.xlsx"
    book.save(path)
    declaration = (
        'name: book\nversion: "1"\nformat: xlsx\n'
        "columns: {Case: incident.external_id, Age: person.age}\n"
        "repeats: [{sheet: Help, join: {Case: Case}, columns: {Need: request.need}}]\n"
    )
    (summary,) = bench.ingest(path, declaration).files
    assert (summary.stored, summary.reasons) == (1, {"contradiction": 1})
    assert bench.vault.count("request") == 1


def test_a_row_repaired_in_its_file_does_not_wait_any_more(bench):
    bench.ingest_rows(row(Age="240"))
    (waiting,) = list_quarantine(bench.vault)
    assert (waiting.reason, waiting.place, waiting.row_numbers) == ("impossible_number", "Age", (2,))
    (summary,) = bench.ingest_rows(row(Age="24")).files
    assert summary.stored == 1
    assert list_quarantine(bench.vault) == []
    assert [entry["row_json"] for entry in bench.vault.rows("quarantine")] == ["{}"]


def test_a_waiting_row_can_be_discarded_by_its_number_and_is_emptied(bench):
    bench.ingest_rows(row(Age="240"), row(Case="A-2", Age="241"))
    assert discard_rows(bench.vault, "desk", {3}, now=NOW) == 1
    (waiting,) = list_quarantine(bench.vault)
    assert waiting.row_numbers == (2,)
