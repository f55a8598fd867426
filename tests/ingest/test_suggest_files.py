"""Drafts for whole files of every kind: confirmed, they take every row; unconfirmed, they take none."""

import json
import re
import sqlite3
from contextlib import closing

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from codebook import SourceError
from ingest import ingest_files, load_source
from tests.ingest.messy_files import MAKERS
from tests.ingest.test_suggest import BOOK, SOURCES, draft_of, drafted
from tests.ingest.workbench import NOW, Workbench, refusal
from tests.ingest.workbench import bench as bench
from withheld import cli


@pytest.mark.parametrize("name", MAKERS)
def test_a_confirmed_draft_takes_every_row_of_a_messy_file(bench: Workbench, name):
    path = bench.folder / name
    rows = MAKERS[name](path)
    draft = draft_of(path)
    assert draft.unmapped == 0
    confirmed = draft.text.replace("draft: true\n", "")
    (summary,) = bench.ingest(path, confirmed).files
    assert summary.refused is None
    assert summary.read == rows == summary.stored + summary.already_there + summary.quarantined
    assert summary.stored >= 0.5 * rows
    assert set(summary.reasons) <= {"unknown_code", "ambiguous_value", "impossible_date"}


@pytest.mark.parametrize("name", MAKERS)
def test_a_draft_is_understood_as_a_declaration_and_refused_until_confirmed(bench: Workbench, name):
    path = bench.folder / name
    MAKERS[name](path)
    draft = draft_of(path)
    assert "is a draft" in refusal(bench, path, draft.text)


def test_a_database_and_a_parquet_file_get_drafts_too(bench: Workbench):
    rows = [(f"C{number}", f"2024-03-{number + 1:02d}", "19", "да") for number in range(9)]
    names = ("case_id", "incident_date", "age", "consent")
    path = bench.folder / "cases.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"CREATE TABLE cases ({', '.join(names)})")
        made.execute("CREATE TABLE help (case_id, need)")
        made.executemany("INSERT INTO cases VALUES (?, ?, ?, ?)", rows)
        made.executemany("INSERT INTO help VALUES (?, ?)", [(row[0], "юрист") for row in rows])
        made.commit()
    other = bench.folder / "cases.parquet"
    columns = ", ".join(f"col{place} AS {name}" for place, name in enumerate(names))
    values = ", ".join(str(row) for row in rows)
    duckdb.execute(f"COPY (SELECT {columns} FROM (VALUES {values})) TO '{other}' (FORMAT parquet)")
    for file, requests in ((path, 9), (other, 0)):
        confirmed = draft_of(file).text.replace("draft: true\n", "")
        (summary,) = bench.ingest(file, confirmed.replace("name: desk", f"name: {file.suffix[1:]}")).files
        assert summary.stored == 9
        assert bench.vault.count("request") == 9 if requests else bench.vault.count("incident") == 18


def test_a_hidden_sheet_is_named_and_not_looked_at(bench: Workbench):
    path = bench.folder / "titled.xlsx"
    MAKERS["titled.xlsx"](path)
    workbook = openpyxl.load_workbook(path)
    workbook["Помощь"].sheet_state = "hidden"
    workbook.save(path)
    draft = draft_of(path)
    assert "request." not in draft.text
    assert "ignore_sheets: [Помощь, Справочник]  # unsure" in draft.text


def test_a_sheet_of_notes_without_columns_is_named_and_stops_no_draft(bench: Workbench):
    path = bench.folder / "titled.xlsx"
    MAKERS["titled.xlsx"](path)
    workbook = openpyxl.load_workbook(path)
    notes = workbook.create_sheet("памятка")
    for line in ("Как заполнять", "Одна строка на человека", "Не писать имён"):
        notes.append([line])
    workbook.save(path)
    draft = draft_of(path)
    assert "памятка" in next(line for line in draft.text.splitlines() if line.startswith("ignore_sheets"))
    assert any("no row with names of columns" in notice for notice in draft.notices)


def test_a_workbook_of_notes_alone_is_refused(bench: Workbench):
    workbook = openpyxl.Workbook()
    for line in ("Как заполнять", "Одна строка на человека", "Не писать имён"):
        workbook.active.append([line])
    workbook.save(path := bench.folder / "notes.xlsx")
    with pytest.raises(SourceError, match="no row with names of columns was found"):
        draft_of(path)


def test_the_command_writes_a_private_file_once_and_stores_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "test")
    workspace, path = tmp_path / "group", tmp_path / "Случаи 2024.csv"
    MAKERS["persons.csv"](path)
    assert CliRunner().invoke(cli, ["init", str(workspace), "--group", "G"]).exit_code == 0
    asked = ["ingest", "-w", str(workspace), str(path), "--suggest"]
    first = CliRunner().invoke(cli, [*asked, "--json"])
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    written = workspace / "sources" / "случаи_2024.yml"
    assert told["written"] == str(written)
    assert told["columns"]["sure"] > 5
    assert written.stat().st_mode & 0o777 == 0o600
    assert "is a draft: confirm it" in CliRunner().invoke(cli, asked).stdout
    other = CliRunner().invoke(cli, ["ingest", "-w", str(workspace), str(path)])
    assert other.exit_code == 1
    assert "remove `draft`" in other.stderr


def test_a_draft_beside_other_declarations_does_not_stop_their_files(bench: Workbench):
    path = bench.folder / "persons.csv"
    MAKERS["persons.csv"](path)
    draft = draft_of(path, "draft")
    (bench.folder / "draft.yml").write_text(draft.text, "utf-8")
    sources = {**SOURCES, "draft": load_source(bench.folder / "draft.yml", BOOK)}
    known = bench.file(
        "Month,Channel,Currency,Amount,Donors,Largest gift\n2024-01,domestic,RUB,100,30,50\n", "f.csv"
    )
    summary = ingest_files(bench.vault, [known, path], sources=sources, now=NOW)
    assert [one.stored for one in summary.files] == [1, 0]
    assert summary.refusals[0].file == "persons.csv"


def test_an_encoding_is_guessed_only_with_a_mark(bench: Workbench):
    rows = [[f"A{number}", "Хадижат Вымышлова", "19"] for number in range(30)]
    draft = drafted(bench, ["Дело", "ФИО", "Возраст"], rows, encoding="cp1251", delimiter=";")
    assert re.search(r"^encoding: cp1251  # unsure: guessed", draft.text, re.MULTILINE)
    assert 'delimiter: ";"' in draft.text
