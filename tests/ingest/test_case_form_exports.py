"""Whatever Kobo or ODK Central makes of the case form goes in without a mapping; nothing of it is lost."""

import csv
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest_files, load_sources
from ingest.forms import packaged_questionnaire
from ingest.synthetic import FORMATS, Format, synthesize
from ingest.synthetic.form_answers import submissions_of
from ingest.synthetic.form_files import csv_text, form_content, write_kobo_xlsx
from ingest.synthetic.kobo_export import MULTIPLE, KoboExport, Look
from ingest.synthetic.odk_export import OdkExport
from ingest.synthetic.workbook import save_tables
from ingest.template import LANGUAGES

from .workbench import NOW, bench

__all__ = ["bench"]

LABELS = {"names": "", **{short: f"label::{name}" for short, name in LANGUAGES.items()}}
LOOKS = [
    pytest.param(short, Look(label, grouped=grouped, multiple=multiple, notes=multiple == "both"),
                 id=f"{short}-{'groups' if grouped else 'plain'}-{multiple}")
    for short, label in LABELS.items() for grouped in (False, True) for multiple in MULTIPLE
]  # fmt: skip
COUNTED = {
    "incident": "incidents", "person": "persons", "act": "act_links", "request": "requests",
    "consent": "consent_rows",
}  # fmt: skip
MARKED = (
    ("consent", "consent_status", "given", "consent_given"),
    ("request", "status", "no_funds", "requests_no_funds"),
    ("incident", "reported_elsewhere", "partner", "reported_to_partner"),
)


@pytest.fixture
def files(tmp_path):
    """A folder with nothing else in it: the vault of the bench lies beside it."""
    return tmp_path / "files"


def write(monkeypatch, folder, writer, incidents=40):
    """Write the cases of a group with a writer of ours; return the truth about them."""
    monkeypatch.setitem(FORMATS, "odk", Format(writer, "codes", "ru", "OC-{year}-{number:05d}"))
    synthesize(folder, incidents=incidents, seed=5, formats=("odk",))
    (folder / "funding.csv").unlink()
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))["counts"]


def check(bench, paths, counts, expected_source):
    sources = load_sources()
    (summary,) = ingest_files(bench.vault, paths, sources=sources, now=NOW).files
    assert summary.refused is None
    assert summary.source_name == expected_source
    assert (summary.read, summary.quarantined) == (counts["records"], counts["quarantined"])
    assert summary.read == summary.stored + summary.already_there + summary.quarantined
    assert {table: len(bench.all(table)) for table in COUNTED} == {
        table: counts[count] for table, count in COUNTED.items()
    }
    for table, field, code, count in MARKED:
        assert sum(row[field] == code for row in bench.all(table)) == counts[count]
    return summary


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_a_kobo_workbook_goes_in_however_it_was_exported(bench, monkeypatch, files, language, look):
    counts = write(monkeypatch, files, partial(write_kobo_xlsx, look=look))
    one_cell = "_one_cell" if look.multiple == "summary" else ""
    name = f"withheld_case_kobo_xlsx_{language}{'_groups' if look.grouped else ''}{one_cell}"
    check(bench, [files], counts, name)
    assert {row["source_language"] for row in bench.all("source")} == {
        None if language == "names" else language
    }


def test_the_same_form_exported_in_another_way_doubles_nobody(bench, monkeypatch, files):
    for place, position in enumerate((0, -1, 4)):
        look: Any = LOOKS[position].values[1]
        folder = files.with_name(f"files{place}")
        counts = write(monkeypatch, folder, partial(write_kobo_xlsx, look=look))
        (summary,) = ingest_files(bench.vault, [folder], sources=load_sources(), now=NOW).files
        assert summary.refused is None
        assert summary.changed == (0 if place == 0 else summary.stored)
        assert {table: len(bench.all(table)) for table in COUNTED} == {
            table: counts[count] for table, count in COUNTED.items()
        }
    assert len({row["source_name"] for row in bench.all("source")}) == 1


def test_the_api_of_kobo_goes_in(bench, monkeypatch, files):
    def writer(directory: Path, desk):
        results = submissions_of(desk)
        path = directory / "api.json"
        body = {"count": len(results), "next": None, "previous": None, "results": results}
        path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
        return path

    check(bench, [files], write(monkeypatch, files, writer), "withheld_case_kobo_json")


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_a_kobo_csv_lacks_its_persons_and_is_refused_with_the_remedy(
    bench, monkeypatch, files, language, look
):
    def writer(directory: Path, desk):
        export = KoboExport(form_content(), packaged_questionnaire().title["ru"], look)
        path = directory / "form.csv"
        lines = csv_text(export.tables(submissions_of(desk))[0], ";")
        path.write_text(lines, encoding="utf-8", newline="")
        return path

    write(monkeypatch, files, writer, incidents=8)
    (summary,) = ingest_files(bench.vault, [files], sources=load_sources(), now=NOW).files
    assert summary.refused is not None
    assert "leaves out the repeated groups" in str(summary.refused)
    assert "XLSX" in summary.refused.remedy
    assert bench.all("incident") == []


@pytest.mark.parametrize("grouped", [True, False], ids=["groups", "plain"])
@pytest.mark.parametrize("split", [True, False], ids=["split", "one_cell"])
@pytest.mark.parametrize("container", ["zip", "csv"])
def test_an_export_of_odk_central_goes_in(bench, monkeypatch, files, container, grouped, split):
    def loose(directory: Path, desk):
        export = OdkExport(form_content(), packaged_questionnaire().identifier, grouped=grouped, split=split)
        for table in export.tables(submissions_of(desk)):
            with (directory / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([table.header, *table.rows])
        return directory / "withheld_case.csv"

    def packed(directory: Path, desk):
        import zipfile

        main = loose(directory, desk)
        path = directory / "withheld_case.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for table in sorted(directory.glob("*.csv")):
                archive.write(table, table.name)
                table.unlink()
        assert not main.exists()
        return path

    counts = write(monkeypatch, files, packed if container == "zip" else loose)
    name = f"withheld_case_odk_{container}{'_groups' if grouped else ''}"
    check(bench, [files], counts, name)


def test_a_submission_that_did_not_consent_to_be_recorded_is_counted_and_passed_over(
    bench, monkeypatch, files
):
    write(monkeypatch, files, write_kobo_xlsx, incidents=80)
    truth = json.loads((files / "truth.json").read_text(encoding="utf-8"))
    passed_over = truth["counts"]["files"]["case_form_kobo.xlsx"]["passed_over"]
    assert passed_over > 0
    (summary,) = ingest_files(bench.vault, [files], sources=load_sources(), now=NOW).files
    assert any(one.startswith(f"{passed_over} rows were passed over") for one in summary.notices)


@pytest.mark.parametrize("taken_out", ["phone", "sogi", "consent_statistics", "settlement"])
def test_a_question_may_be_taken_out_of_the_form(bench, monkeypatch, files, taken_out):
    def writer(directory: Path, desk):
        content = dict(form_content())
        content["survey"] = [row for row in content["survey"] if row.get("name") != taken_out]
        export = KoboExport(content, packaged_questionnaire().title["en"], Look())
        path = directory / "fewer.xlsx"
        save_tables(path, export.tables(submissions_of(desk)))
        return path

    counts = write(monkeypatch, files, writer, incidents=15)
    (summary,) = ingest_files(bench.vault, [files], sources=load_sources(), now=NOW).files
    assert summary.refused is None
    assert summary.read == summary.stored + summary.quarantined == counts["records"]


def test_answers_written_the_other_way_than_the_source_says_are_refused_and_not_lost(
    bench, monkeypatch, files
):
    write(monkeypatch, files, partial(write_kobo_xlsx, look=Look(multiple="summary")), incidents=8)
    (summary,) = ingest_files(
        bench.vault,
        [files],
        sources=load_sources(),
        now=NOW,
        source_name="withheld_case_kobo_xlsx_names",
    ).files
    assert summary.refused is not None
    assert bench.all("act") == []
