"""Files in, files out: every format reads the same, unknown columns stay, and spreadsheets run nothing."""

import csv
import json
import sqlite3

import pytest

from anonymize.records import ReadOptions, RecordsModel, RunOptions, anonymize_file, read_table, risk_of_file
from codebook.errors import SourceError
from codebook.spreadsheet_safe import spreadsheet_safe
from codebook.verdict import Verdict

TABLE = {"age": ("17", "18", ""), "place": ("Грозный", "Аргун", "Шали")}
ROWS = [("age", "place"), *zip(*TABLE.values(), strict=True)]


def _text(separator: str) -> str:
    return "".join(separator.join(row) + "\r\n" for row in ROWS)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_are_found(tmp_path, separator, encoding):
    (tmp_path / "a.csv").write_bytes(_text(separator).encode(encoding))
    assert read_table(tmp_path / "a.csv") == TABLE


def test_a_named_encoding_is_used(tmp_path):
    (tmp_path / "a.csv").write_bytes(_text(",").encode("cp1251"))
    assert read_table(tmp_path / "a.csv", ReadOptions(encoding="cp1251")) == TABLE


def test_a_workbook_reads_like_a_csv(tmp_path):
    import openpyxl

    workbook = openpyxl.Workbook()
    for row in ROWS:
        workbook.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    workbook.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx") == TABLE
    workbook.create_sheet("second")
    workbook.save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match="has 2 sheets"):
        read_table(tmp_path / "a.xlsx")


def test_parquet_reads_like_a_csv(tmp_path):
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (age INTEGER, place TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(a or None, p) for a, p in ROWS[1:]])
        connection.execute(f"COPY t TO '{tmp_path}/a.parquet' (FORMAT parquet)")
    assert read_table(tmp_path / "a.parquet") == TABLE


def test_sqlite_reads_like_a_csv(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (age INTEGER, place TEXT)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [(a or None, p) for a, p in ROWS[1:]])
    connection.commit()
    connection.close()
    assert read_table(tmp_path / "a.db") == TABLE


@pytest.mark.parametrize(
    "cell", ["=1+1", "+7 900", "-cmd", "@x", "|x", "%x", "\u200b=1", "\t=1", "\ufeff @x", "＝1"]
)
def test_a_formula_is_spreadsheet_safe(cell):
    assert spreadsheet_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-5", "+5", "-0.5", "-1,5", "10-19", "[0,4]", "*", "", "Аргун"])
def test_plain_values_stay(cell):
    assert spreadsheet_safe(cell) == cell


@pytest.fixture
def workspace(tmp_path):
    rows = [("name", "age", "motive", "note")]
    rows += [(f"n{i}", "17" if i % 2 else "18", "xyz"[i % 3], "=evil()") for i in range(12)]
    with (tmp_path / "cases.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    ladders = tmp_path / "ladders"
    ladders.mkdir()
    (ladders / "my_age.csv").write_text("16;minor;*\n17;minor;*\n18;adult;*\n19;adult;*\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("method", ["optimal", "local"])
def test_an_unknown_column_never_leaves(workspace, method):
    evidence = anonymize_file(
        workspace / "cases.csv",
        workspace / "out.csv",
        hierarchies=workspace / "ladders",
        model=RecordsModel(k=5, sensitive=("motive",), l=2, method=method),
        evidence=workspace / "e.json",
    )
    assert evidence["dropped_columns"] == ["name", "note"]
    assert evidence == json.loads((workspace / "e.json").read_text("utf-8"))
    rows = list(csv.reader((workspace / "out.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["age", "motive"]
    assert rows[1:] == sorted(rows[1:])
    assert len(rows) == 13
    assert {row[0] for row in rows[1:]} == {"17", "18"}


def test_the_order_of_the_source_is_kept_only_when_asked(workspace):
    options = {"hierarchies": workspace / "ladders", "model": RecordsModel(k=5)}
    anonymize_file(workspace / "cases.csv", workspace / "out.csv", run=RunOptions(in_order=True), **options)
    assert (workspace / "out.csv").read_text("utf-8").split()[1:4] == ["18", "17", "18"]


def test_a_file_that_is_called_anonymised_and_is_not_fails(workspace):
    report = risk_of_file(workspace / "cases.csv", ["age", "motive"])
    assert report.verdict is Verdict.FAIL
    assert "the smallest class has 2 records, fewer than k=5" in report.reasons
    assert "columns that look like direct identifiers: name" in report.reasons
    assert report.evidence["verdict"] == "FAIL"
    json.dumps(report.evidence)


def test_a_file_of_large_classes_passes(tmp_path):
    (tmp_path / "safe.csv").write_text("age\n" + "minor\n" * 50 + "adult\n" * 50, "utf-8")
    report = risk_of_file(tmp_path / "safe.csv", ["age"])
    assert (report.verdict, report.reasons) == (Verdict.PASS, ())
