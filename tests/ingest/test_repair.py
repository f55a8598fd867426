"""What waits in quarantine is repaired in one file and given back: taken once, nothing lost or doubled."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codebook import SourceError, load_codebook
from ingest import export_quarantine, list_quarantine, load_source, retry_quarantine
from ingest.quarantine import read_repaired

from .workbench import NOW, bench, csv_text, row

__all__ = ["bench"]


def repaired(bench, change, *, delimiter=",", name="waiting.csv"):
    """Export what waits, change cells as a person would, and give the file back."""
    path = bench.folder / name
    path.unlink(missing_ok=True)
    export_quarantine(bench.vault, path, now=NOW)
    lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for line in lines:
        line["cell"] = change(line)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(lines[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    path.write_text(out.getvalue(), encoding="utf-8-sig")
    sources = {one.stem: load_source(one, load_codebook()) for one in bench.folder.glob("*.yml")}
    return retry_quarantine(bench.vault, sources=sources, now=NOW, repaired=path)


def cell_for(column, text):
    return lambda line: text if line["column"] == column else line["cell"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_repaired_cell_lets_its_row_in_and_the_broken_file_adds_nothing_later(bench, delimiter):
    bench.ingest_rows(row(Age="240"), row(Case="A-2", Name="Amina Other", Phone=""))
    (summary,) = repaired(bench, cell_for("Age", "24"), delimiter=delimiter).files
    assert (summary.read, summary.stored, summary.quarantined) == (1, 1, 0)
    assert sorted(str(one["age"]) for one in bench.all("person")) == ["19", "24"]
    assert list_quarantine(bench.vault) == []
    (again,) = bench.ingest_rows(row(Age="240"), row(Case="A-2", Name="Amina Other", Phone="")).files
    assert (again.already_there, again.stored) == (2, 0)


def test_a_corrected_export_replaces_what_was_repaired_by_hand(bench):
    bench.ingest_rows(row(Age="240"))
    repaired(bench, cell_for("Age", "24"))
    (summary,) = bench.ingest_rows(row(Age="25")).files
    assert summary.changed == 1
    assert [one["age"] for one in bench.all("person")] == [25]


def test_a_repair_that_is_wrong_too_waits_on_with_its_new_reason(bench):
    bench.ingest_rows(row(Age="240", Acts="biff"))
    (summary,) = repaired(bench, cell_for("Age", "24")).files
    assert (summary.stored, summary.quarantined) == (0, 1)
    (waiting,) = list_quarantine(bench.vault)
    assert (waiting.reason, waiting.place) == ("unknown_code", "Acts")
    (summary,) = repaired(bench, cell_for("Acts", "beating")).files
    assert summary.stored == 1
    assert [one["age"] for one in bench.all("person")] == [24], "the first repair was kept"


def test_a_row_that_shares_its_key_by_mistake_gets_its_own(bench):
    bench.ingest_rows(row(), row(Name="Amina Other", Phone="", Age="31"))
    (summary,) = repaired(bench, cell_for("Case", "A-7")).files
    assert summary.stored == 1
    assert {one["external_id"] for one in bench.all("incident")} == {"A-1", "A-7"}


def test_two_rows_under_one_key_are_never_taken_for_a_newer_version_of_each_other(bench):
    rows = row(), row(Age="20")
    for _ in range(3):
        (summary,) = bench.ingest_rows(*rows).files
        assert summary.changed == 0
    assert [one["age"] for one in bench.all("person")] == [19]
    assert bench.vault.count("quarantine", "status = 'waiting'") == 1


def test_a_row_with_too_few_cells_is_completed(bench):
    text = csv_text([row(), row(Case="A-2", Name="Amina Other", Phone="")])
    head, first, second = text.splitlines()
    cut = ",".join(second.split(",")[:5])
    bench.ingest(bench.file("\r\n".join([head, first, cut]) + "\r\n"))
    told = row(Case="A-2", Name="Amina Other", Phone="")
    (summary,) = repaired(bench, lambda line: told.get(line["column"], line["cell"])).files
    assert (summary.stored, summary.quarantined) == (1, 0)


def test_a_cell_of_a_repeat_is_repaired_in_its_place(bench):
    declared = (
        'name: web\nversion: "1"\nformat: json\nkey: [code]\ncolumns: {code: incident.external_id}\n'
        "repeats:\n  - path: people\n    columns: {age: person.age}\n"
    )
    records = [{"code": "1", "people": [{"age": "30"}, {"age": "300"}]}]
    bench.ingest(bench.file(json.dumps(records), "web.json"), declared)
    (summary,) = repaired(bench, cell_for("people[2]/age", "3")).files
    assert summary.stored == 1
    assert sorted(str(one["age"]) for one in bench.all("person")) == ["3", "30"]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\x00", b'id,source\n"x', b""])
def test_another_file_is_refused_with_the_remedy(bench, content):
    path = bench.folder / "other.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError) as error:
        read_repaired(path)
    assert "quarantine export" in error.value.remedy


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_whatever_a_person_writes_into_a_cell_no_row_is_lost_and_no_value_told(bench, text):
    prefix = f"v{bench.vault.count('quarantine')}"
    bench.ingest_rows(row(Case=prefix, Age="240"))
    waiting = bench.vault.count("quarantine", "status = 'waiting'")
    (summary,) = repaired(bench, lambda line: "⁂" + text if line["column"] == "Age" else line["cell"]).files
    assert summary.read == waiting
    assert summary.reconciles
    assert "⁂" not in json.dumps(summary.as_dict(), ensure_ascii=False) + summary.line()
    assert bench.vault.count("quarantine", "status = 'waiting'") == waiting - summary.stored
