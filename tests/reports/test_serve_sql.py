"""A sealed connection reads published tables, and does nothing else."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.server.sealed_sql import (
    FUNCTIONS,
    LARGEST_RESULT,
    LONGEST_VALUE,
    PRAGMAS,
    SealedConnection,
    connect_sealed,
    seal_connection,
)

from .fixture_release import build_release


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_release(tmp_path_factory.mktemp("sealed") / "2026-Q1") / "release.db"


@pytest.fixture
def connection(database: Path) -> Iterator[SealedConnection]:
    opened = connect_sealed(str(database))
    seal_connection(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM codes",
        "SELECT code_list, group_concat(label_ru, ', ') FROM codes GROUP BY code_list HAVING count(*) > 2",
        "WITH t AS (SELECT * FROM persons_type_year) SELECT gbv_type, sum(value) FROM t GROUP BY 1",
        "SELECT name, rank() OVER (ORDER BY cells) FROM catalog",
        "SELECT value FROM json_each('[1, 2]')",
        "SELECT name FROM pragma_table_info('codes')",
        "SELECT round(avg(value), 1), upper(gbv_type) FROM persons_type_year GROUP BY gbv_type",
        "WITH RECURSIVE up(code, parent) AS (SELECT code, parent FROM codes WHERE code = 'CFD' UNION "
        "SELECT c.code, c.parent FROM codes c JOIN up ON c.code = up.parent) SELECT * FROM up",
        "SELECT name, sql FROM sqlite_master",
        "SELECT date('now') > '2020-01-01'",
    ],
)
def test_what_researchers_ask_is_answered(connection: sqlite3.Connection, statement: str) -> None:
    assert connection.execute(statement).fetchall()


@pytest.mark.parametrize("pragma", sorted(PRAGMAS))
def test_what_datasette_asks_about_tables_is_answered(connection: sqlite3.Connection, pragma: str) -> None:
    connection.execute(f"PRAGMA {pragma}('codes')").fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM codes",
        "INSERT INTO codes SELECT * FROM codes",
        "CREATE TABLE x (y)",
        "CREATE TEMP TABLE x (y)",
        "CREATE VIRTUAL TABLE x USING fts5(y)",
        "ATTACH 'other.db' AS other",
        "DETACH main",
        "VACUUM",
        "REINDEX",
        "ANALYZE",
        "BEGIN IMMEDIATE",
        "SAVEPOINT x",
        "PRAGMA database_list",
        "PRAGMA query_only = 0",
        "PRAGMA hard_heap_limit = 0",
        "PRAGMA temp_store_directory = '/tmp'",
        "PRAGMA schema_version = 9",
        "PRAGMA writable_schema = 1",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM pragma_function_list",
        "SELECT load_extension('x')",
        "SELECT zeroblob(10)",
        "SELECT randomblob(10)",
        "SELECT printf('%d', 1)",
        "SELECT * FROM sqlite_temp_master",
        "SELECT * FROM sqlite_stmt",
        "SELECT * FROM dbstat",
        "SELECT " + "(" * 200 + "1" + ")" * 200,
        "SELECT " + ", ".join("1" * 65),
        "SELECT '" + "x" * 20_000 + "'",
    ],
)
def test_everything_else_is_refused(connection: sqlite3.Connection, statement: str) -> None:
    with pytest.raises((sqlite3.DatabaseError, sqlite3.DataError)):
        connection.execute(statement).fetchall()


def test_no_function_is_allowed_that_reads_files_or_makes_long_values_from_a_number() -> None:
    assert not FUNCTIONS & {
        "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "zeroblob", "randomblob",
        "printf", "format", "sqlite_compileoption_get", "random",
    }  # fmt: skip


def test_the_rows_of_one_result_hold_a_bounded_amount_of_text(connection: sqlite3.Connection) -> None:
    long = "replace(replace('xxxxxxxxxx', 'x', 'yyyyyyyyyy'), 'y', '" + "z" * 900 + "')"  # 90,000 letters
    assert 20 * 90_000 < LARGEST_RESULT < 30 * 90_000 < 30 * LONGEST_VALUE
    rows = connection.execute(f"SELECT {long} FROM codes LIMIT 20").fetchall()
    assert sum(len(row[0]) for row in rows) <= LARGEST_RESULT
    with pytest.raises(sqlite3.OperationalError, match="too large"):
        connection.execute(f"SELECT {long} FROM codes a, codes b LIMIT 30").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="too large"):
        connection.execute(f"SELECT {long} FROM codes a, codes b").fetchmany(1000)


def test_sorting_that_outgrows_memory_ends_with_an_error_and_no_file(
    connection: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000)"
    with pytest.raises((sqlite3.DatabaseError, MemoryError)):
        connection.execute(
            f"{numbers} SELECT hex(i) || hex(i) || hex(i) AS h FROM n ORDER BY h DESC"
        ).fetchall()
    assert not list(tmp_path.iterdir())
    assert connection.execute("SELECT count(*) FROM codes").fetchone()[0] > 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(max_size=80))
def test_no_text_as_sql_changes_the_file(connection: sqlite3.Connection, database: Path, text: str) -> None:
    before = database.read_bytes()
    with contextlib.suppress(sqlite3.Error, sqlite3.Warning, ValueError, MemoryError):
        connection.execute(text).fetchmany(10)
    assert database.read_bytes() == before
