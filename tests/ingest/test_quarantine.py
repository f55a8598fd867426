"""Quarantine keeps the row with a reason and gives it back."""

import csv

import pytest

from codebook import UsageError, load_codebook
from ingest import (
    export_quarantine,
    list_quarantine,
    load_source,
    retry_quarantine,
)
from vault import withdraw_person

from .workbench import NOW, bench, row

__all__ = ["bench"]


def test_the_list_counts_by_source_and_reason(bench):
    bench.ingest_rows(row(Age="240"), row(Case="A-2", Age="999"), row(Case="A-3", Date="31.02.2021"))
    counted = [(one.source_name, one.reason, one.rows) for one in list_quarantine(bench.vault)]
    assert counted == [("desk", "impossible_date", 1), ("desk", "impossible_number", 2)]


def test_the_export_is_for_the_owner_only_disarms_formulas_and_is_logged(bench):
    bench.ingest_rows(row(Age="240", Story="=cmd()"))
    path = bench.folder / "repair.csv"
    assert export_quarantine(bench.vault, path, now=NOW) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    lines = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    cells = {line["column"]: line["cell"] for line in lines}
    assert cells["Age"] == "240"
    assert cells["Story"] == "'=cmd()"
    assert "Lat" not in cells
    assert bench.all("custody")[-1]["action"] == "quarantine exported"
    with pytest.raises(UsageError, match="cannot be written there"):
        export_quarantine(bench.vault, path, now=NOW)


def test_a_row_is_taken_once_its_declaration_was_corrected_and_keeps_its_provenance(bench):
    bench.ingest_rows(row(Acts="biff"), row(Case="A-2", Acts="zap"))
    (waiting, _) = bench.all("quarantine")
    corrected = bench.declaration.replace(
        'separator: ";"}\n  By', 'separator: ";", values: {biff: assault_minor}}\n  By'
    )
    (bench.folder / "desk.yml").write_text(corrected)
    sources = {"desk": load_source(bench.folder / "desk.yml", load_codebook())}
    (summary,) = retry_quarantine(bench.vault, sources=sources, now=NOW).files
    assert (summary.read, summary.stored, summary.quarantined) == (2, 1, 1)
    (source,) = bench.all("source")
    assert (source["file_sha256"], source["file_row"]) == (waiting["file_sha256"], 2)
    assert [(one["status"], one["row_json"] == "{}") for one in bench.all("quarantine")] == [
        ("retried", True), ("waiting", False)
    ]  # fmt: skip
    (again,) = retry_quarantine(bench.vault, sources=sources, now=NOW).files
    assert (again.read, again.stored) == (1, 0)
    assert bench.vault.count("quarantine") == 2


def test_a_person_who_withdrew_does_not_come_back_with_the_next_export(bench):
    bench.ingest_rows(row(), row(Case="A-2", Name="Amina Other", Phone=""))
    withdraw_person(bench.vault, "A-1", now=NOW)
    for changed in (row(), row(Age="33")):
        (summary,) = bench.ingest_rows(changed, row(Case="A-2", Name="Amina Other", Phone="")).files
        assert (summary.stored, summary.already_there) == (0, 2)
    assert bench.vault.count("person") == 1
    assert bench.vault.count("quarantine") == 0
