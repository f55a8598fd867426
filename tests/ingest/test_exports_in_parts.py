"""The export of a form in several tables, a ZIP or a folder of CSV files: no row of any table is lost."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from codebook import load_codebook
from ingest import ingest_files, load_source

from .workbench import NOW, Workbench, bench, refusal

__all__ = ["bench"]

FORM = """
name: form
version: "1"
format: zip
key: [KEY]
skip_rows:
  Status: [not decrypted, missing encrypted form data]
  ReviewState: [rejected]
columns:
  KEY: incident.external_id
  date: incident.date_incident
ignore: [SubmissionDate]
repeats:
  - sheet: person
    join: {PARENT_KEY: KEY}
    columns: {age: person.age, act: act.act_code}
    ignore: [KEY]
"""
MAIN = (
    "SubmissionDate,date,KEY,Status,ReviewState\n"
    "2024-01-05,2024-01-01,u1,,\n"
    "2024-01-05,,u2,Not decrypted,\n"
    "2024-01-05,2024-01-01,u3,,rejected\n"
    "2024-01-05,2024-01-02,u4,,approved\n"
)
PERSONS = (
    "age,act,PARENT_KEY,KEY\n"
    "19,beating,u1,u1/person[1]\n"
    "31,threat,u1,u1/person[2]\n"
    "40,threat,u3,u3/person[1]\n"
    "22,beating,u4,u4/person[1]\n"
    "50,beating,u9,u9/person[1]\n"
)


def archive(folder: Path, members: Mapping[str, str | bytes], name: str = "form.zip") -> Path:
    """Write a ZIP."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for member, content in members.items():
            made.writestr(member, content)
    return path


def form(folder: Path, **more: str) -> Path:
    """Write the export of a form as ODK Central does."""
    return archive(folder, {"Form 1.csv": MAIN, "Form 1-person.csv": PERSONS, "media/a.jpg": "x", **more})


def test_a_zip_export_is_read_with_its_repeats_and_every_row_is_accounted_for(bench):
    (summary,) = bench.ingest(form(bench.folder), FORM).files
    assert summary.refused is None
    assert (summary.read, summary.stored) == (2, 2)
    assert summary.sheets == {
        "person": {"read": 4, "stored": 3, "already_there": 0, "quarantined": 1, "orphans": 1}
    }
    assert bench.vault.count("person") == 3
    told = " ".join(summary.notices)
    assert "1 rows were passed over for what `skip_rows` says of Status" in told
    assert "1 rows were passed over for what `skip_rows` says of ReviewState" in told
    assert "1 other files (attachments)" in told


def test_a_column_that_skip_rows_names_must_be_there(bench):
    path = archive(
        bench.folder,
        {"F.csv": MAIN.replace(",Status,", ",State,"), "F-person.csv": PERSONS},
    )
    assert "Status" in refusal(bench, path, FORM)


def test_a_folder_of_csv_files_is_read_as_the_zip_of_them_is(bench):
    declared = FORM.replace("format: zip", "format: csv")
    (bench.folder / "form.yml").write_text(declared, encoding="utf-8")
    folder = bench.folder / "unpacked"
    folder.mkdir()
    (folder / "form.csv").write_text(MAIN)
    (folder / "form-person.csv").write_text(PERSONS)
    sources = {"form": load_source(bench.folder / "form.yml", load_codebook())}
    (summary,) = ingest_files(bench.vault, [folder], sources=sources, now=NOW).files
    assert (summary.file, summary.read, summary.stored) == ("form.csv", 2, 2)
    assert summary.sheets == {
        "person": {"read": 4, "stored": 3, "already_there": 0, "quarantined": 1, "orphans": 1}
    }


def test_a_csv_without_the_file_of_its_repeat_is_refused(bench):
    declared = FORM.replace("format: zip", "format: csv")
    reason = refusal(bench, bench.file(MAIN, "form.csv"), declared)
    assert "the file of the repeat person is not beside it" in reason


def test_repeats_of_a_row_that_cannot_be_read_wait_and_are_not_lost(bench):
    main = MAIN.replace("2024-01-02,u4,,approved", "2024-01-02,u4,,approved,extra")
    path = archive(bench.folder, {"F.csv": main, "F-person.csv": PERSONS})
    (summary,) = bench.ingest(path, FORM).files
    assert (summary.read, summary.stored, summary.quarantined) == (2, 1, 1)
    sheet = summary.sheets["person"]
    assert (sheet["read"], sheet["orphans"]) == (4, 2)
    assert sheet["read"] == sheet["stored"] + sheet["quarantined"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"F.csv": MAIN}, "table of the repeat person is not in the archive"),
        ({"F-person.csv": PERSONS, "G.csv": MAIN}, "main table is not in the archive"),
        ({"F.csv": MAIN, "F-person.csv": PERSONS, "F-help.csv": PERSONS}, "does not speak of: F-help.csv"),
        ({"F.csv": MAIN, "F-person.csv": PERSONS, "F-x.csv": bytes(100 * 2**20)}, "unpacks to far more"),
        ({"readme.txt": "nothing"}, "main table is not in the archive"),
    ],
)
def test_an_archive_that_is_not_what_is_declared_is_refused(bench, members, reason):
    assert reason in refusal(bench, archive(bench.folder, members), FORM)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"plain words", bytes(100)])
def test_what_is_no_archive_is_refused(bench: Workbench, content: bytes) -> None:
    assert "not a whole ZIP" in refusal(bench, bench.file(content, "form.zip"), FORM)


def test_a_damaged_member_is_refused_and_nothing_of_it_is_stored(bench):
    path = form(bench.folder)
    content = bytearray(path.read_bytes())
    content[60:70] = bytes(10)
    path.write_bytes(content)
    assert "not a whole ZIP" in refusal(bench, path, FORM)
