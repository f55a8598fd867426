"""Parquet and SQLite: plain tables are read; nothing that a hostile file holds is run, nothing written."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from .workbench import Workbench, bench, refusal

__all__ = ["bench"]

DECLARED = """
name: book
version: "1"
format: sqlite
sheet: cases
key: [Case]
columns: {Case: incident.external_id, Date: incident.date_incident}
repeats:
  - {sheet: persons, join: {case_id: Case}, columns: {age: person.age, act: act.act_code}}
"""
FLAT = """
name: book
version: "1"
format: parquet
key: [Case]
columns: {Case: incident.external_id, Date: incident.date_incident, Age: person.age, Acts: act.act_code}
"""


def database(bench: Workbench, *more: str) -> Path:
    """Write a SQLite database of two tables; further statements after them."""
    path = bench.folder / "book.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE cases (Case_ TEXT, Date DATE)".replace("Case_", '"Case"'))
        made.execute("CREATE TABLE persons (case_id TEXT, age INTEGER, act TEXT)")
        made.executemany("INSERT INTO cases VALUES (?, ?)", [("A-1", "2023-01-02"), ("A-2", "2023")])
        persons = [("A-1", 19, "beating"), ("A-2", None, "threat"), ("A-9", 20, "threat")]
        made.executemany("INSERT INTO persons VALUES (?, ?, ?)", persons)
        for statement in more:
            made.execute(statement)
    made.close()
    return path


def test_a_sqlite_database_is_read_with_its_repeats_and_nothing_is_written(bench):
    path = database(bench)
    before = path.read_bytes()
    (summary,) = bench.ingest(path, DECLARED).files
    assert (summary.refused, summary.read, summary.stored) == (None, 2, 2)
    assert [summary.sheets["persons"][count] for count in ("read", "orphans")] == [3, 1]
    assert path.read_bytes() == before
    assert [one.name for one in bench.folder.iterdir() if one.name.startswith("book.sqlite")] == [
        "book.sqlite"
    ]


def test_views_triggers_and_virtual_tables_are_counted_and_not_used(bench):
    path = database(
        bench,
        "CREATE VIEW v AS SELECT load_extension('x') AS a",
        "CREATE TRIGGER t AFTER INSERT ON cases BEGIN DELETE FROM cases; END",
        "CREATE VIRTUAL TABLE found USING fts5(story)",
    )
    ignored = "ignore_sheets: [found_data, found_idx, found_content, found_docsize, found_config]\n"
    (summary,) = bench.ingest(path, DECLARED + ignored).files
    assert summary.stored == 2
    assert any("3 views, triggers or inner tables" in notice for notice in summary.notices)
    assert "are not there" in refusal(bench, path, DECLARED.replace("sheet: cases", "sheet: v") + ignored)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (a, b AS (abs(a)))",
        "CREATE TABLE more (a)",
    ],
)
def test_a_table_that_is_not_declared_is_refused(bench, statement):
    assert "does not speak of: more" in refusal(bench, database(bench, statement), DECLARED)


def test_a_column_that_would_run_a_function_is_refused(bench):
    path = bench.folder / "book.sqlite"
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE cases (\"Case\" TEXT, Date TEXT AS (printf('%.1000c', 120)))")
    made.execute("INSERT INTO cases VALUES ('A-1')")
    made.commit()
    made.close()
    declared = DECLARED.partition("repeats:")[0] + "person: implied\n"
    assert "columns that the database computes" in refusal(bench, path, declared)


def test_a_database_whose_last_rows_lie_in_a_journal_is_refused(bench):
    path = database(bench)
    Path(f"{path}-wal").write_bytes(b"x")
    assert "still lies in the file book.sqlite-wal" in refusal(bench, path, DECLARED)


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(200), b"words", bytes(5000)])
def test_what_is_no_database_is_refused(bench, content):
    assert "not a whole SQLite database" in refusal(bench, bench.file(content, "book.sqlite"), DECLARED)


def parquet(bench: Workbench, rows: Iterable[str]) -> Path:
    """Write a Parquet file of the values of an SQL statement."""
    path = bench.folder / "book.parquet"
    values = ", ".join(rows)
    with duckdb.connect() as made:
        made.execute(
            f"COPY (SELECT * FROM (VALUES {values}) t(Case_, Date, Age, Acts)) TO '{path}' (FORMAT parquet)"
        )
    return path


def test_a_parquet_file_is_read(bench):
    path = parquet(
        bench, ["('007', DATE '2023-01-02', 19, 'beating')", "('A-2', DATE '2023-01-03', NULL, 'threat')"]
    )
    declared = FLAT.replace("Case", "Case_")
    (summary,) = bench.ingest(path, declared).files
    assert (summary.refused, summary.read, summary.stored) == (None, 2, 2)
    assert {one["external_id"] for one in bench.all("incident")} == {"007", "A-2"}
    assert {one["date_incident"] for one in bench.all("incident")} == {"2023-01-02", "2023-01-03"}


@pytest.mark.parametrize("content", [b"PAR1 no parquet PAR1", b"words", bytes(5000)])
def test_what_is_no_parquet_is_refused(bench, content):
    assert "not a whole Parquet file" in refusal(bench, bench.file(content, "book.parquet"), FLAT)


def test_a_damaged_parquet_file_is_refused_without_a_value(bench):
    path = parquet(bench, [f"('A-{number}', DATE '2023-01-02', 19, 'beating')" for number in range(500)])
    content = bytearray(path.read_bytes())
    content[20:200] = bytes(180)
    path.write_bytes(content)
    assert refusal(bench, path, FLAT.replace("Case", "Case_"))
