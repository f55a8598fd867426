"""Every format that the generator writes goes in, and the vault holds what the truth says of it."""

import json
import re
import sqlite3
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ingest import ingest_files, load_sources
from ingest.synthetic import FORMATS, SERIES, synthesize

from .workbench import NOW, bench

__all__ = ["bench"]

COUNTED = {
    "incident": "incidents", "person": "persons", "act": "act_links", "request": "requests",
    "consent": "consent_rows",
}  # fmt: skip
MARKED = (
    ("consent", "consent_status", "given", "consent_given"),
    ("consent", "consent_status", "refused", "consent_refused"),
    ("request", "status", "no_funds", "requests_no_funds"),
    ("incident", "reported_elsewhere", "partner", "reported_to_partner"),
    ("incident", "date_incident", None, "date_unknown"),
    ("person", "age", None, "age_unknown"),
)


@pytest.fixture(scope="module")
def sources():
    return load_sources()


@pytest.fixture
def files(tmp_path):
    """A folder with nothing else in it: the vault of the bench lies beside it."""
    return tmp_path / "files"


def truth_of(folder):
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_goes_in_whole_and_reconciles(bench, files, sources, name):
    synthesize(files, incidents=60, seed=4, formats=(name,))
    (files / "funding.csv").unlink()
    truth = truth_of(files)
    counts = truth["counts"]
    (summary,) = ingest_files(bench.vault, [files], sources=sources, now=NOW).files
    assert summary.refused is None
    assert (summary.read, summary.quarantined) == (counts["rows"], counts["quarantined"])
    assert summary.read == summary.stored + summary.already_there + summary.quarantined
    statistics = [row for row in bench.all("consent") if row["scope"] == "statistics"]
    rows = {table: bench.all(table) for table in COUNTED} | {"consent": statistics}
    assert {table: len(found) for table, found in rows.items()} == {
        table: counts[count] for table, count in COUNTED.items()
    }
    found = {(table, field, code): sum(row[field] == code for row in rows[table])
             for table, field, code, _ in MARKED}  # fmt: skip
    assert found == {(table, field, code): counts[count] for table, field, code, count in MARKED}
    reasons = Counter(row["reason"] for row in bench.all("quarantine"))
    assert reasons == Counter(reason for _, reason, _ in truth["hopeless"])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_export_again_changes_nothing(bench, files, sources, name):
    synthesize(files, incidents=12, seed=9, formats=(name,))
    ingest_files(bench.vault, [files], sources=sources, now=NOW)
    before = {table: len(bench.all(table)) for table in COUNTED}
    again = ingest_files(bench.vault, [files], sources=sources, now=NOW)
    assert [one.stored for one in again.files] == [0, 0]
    assert {table: len(bench.all(table)) for table in COUNTED} == before


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_phone_name_and_case_code_of_a_file_is_an_identifying_value(files, name):
    synthesize(files, incidents=40, seed=6, formats=(name,))
    truth = truth_of(files)
    (file,) = (one for one in truth["counts"]["files"] if one != "funding.csv")
    values = truth["identifying_values"]
    digits = {re.sub(r"\D", "", value)[-10:] for value in values}
    text = text_of(files / file)
    phones = re.findall(r"(?:\+7|\b8)[ (]*907[\d ()-]{6,12}\d", text)
    assert bool(phones) == (
        not name.startswith("gbvims")
    )  # the recorder has no column for a phone or a story
    assert [phone for phone in phones if re.sub(r"\D", "", phone)[-10:] not in digits] == []
    prefix = re.escape(FORMATS[name].code.split("{")[0])
    codes = set(re.findall(rf"{prefix}\d{{4}}-?\d{{5,8}}", text))
    assert len(codes) > 30
    assert codes <= set(values)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_seed_gives_the_same_bytes_in_every_format(files, name):
    for folder in ("a", "b"):
        synthesize(files / folder, incidents=10, seed=3, formats=(name,))
    for path in (files / "a").iterdir():
        assert path.read_bytes() == (files / "b" / path.name).read_bytes()


@pytest.mark.parametrize("name", sorted(SERIES))
def test_a_series_of_events_stands_beside_the_cases(bench, files, sources, name):
    synthesize(files, incidents=5, seed=2, formats=("hotline", name))
    incidents = truth_of(files)["counts"]["incidents"]
    summaries = ingest_files(bench.vault, [files], sources=sources, now=NOW).files
    assert [one.refused for one in summaries] == [None] * 3
    assert len(bench.all("context_event")) == 120
    assert len(bench.all("incident")) == incidents


def text_of(path: Path) -> str:
    """Return all that a file says."""
    if path.suffix in (".xlsx", ".ods"):
        workbook = CalamineWorkbook.from_path(path)
        rows = [row for name in workbook.sheet_names for row in workbook.get_sheet_by_name(name).to_python()]
        return "\n".join(str(cell) for row in rows for cell in row)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    if path.suffix == ".sqlite":
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT * FROM register").fetchall()
        connection.close()
        return "\n".join(str(cell) for row in rows for cell in row)
    if path.suffix == ".parquet":
        import duckdb

        return "\n".join(str(cell) for row in duckdb.read_parquet(str(path)).fetchall() for cell in row)
    if path.suffix == ".tsv":
        return path.read_text(encoding="utf-16")
    return path.read_text(encoding="utf-8-sig")
