"""A file counted out of core gives what the same file gives in memory, whatever its cells are called."""

import csv
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymize.records import ReadOptions, RecordsModel, anonymize_file, big_files, read_table, risk_of_file
from codebook.errors import RecordsError, SourceError

HOSTILE = [
    "",
    "a",
    "=1+1",
    "Ж",
    "a,b",
    'say "x"',
    "O'Neil",
    "line\nbreak",
    "*",
    " a",
    "NULL",
    "1e5",
    "\u200b",
    "0",
]
NAMES = ["age", 'the "place"', "day; DROP"]


def written(path, columns):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.fixture
def always_large(monkeypatch):
    monkeypatch.setattr(big_files, "LARGE_BYTES", {".csv": -1, ".parquet": -1})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.sampled_from(HOSTILE)] * 3), min_size=1, max_size=12))
def test_counted_rows_are_the_rows_of_the_file(tmp_path, rows):
    columns = dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True))
    path = written(tmp_path / "a.csv", columns)
    read = ReadOptions(separator=",")
    counted, weights = big_files.count_rows(path, NAMES, read)
    found = dict(zip(zip(*counted.values(), strict=True), weights.tolist(), strict=True))
    assert found == Counter(zip(*read_table(path, read).values(), strict=True))
    assert big_files.column_names(path, read) == NAMES


@pytest.fixture
def cases(tmp_path):
    columns = {
        "age": [str(17 + i % 3) for i in range(60)],
        "sex": ["fm"[i % 2] for i in range(60)],
        "motive": ["xyz"[i % 5 % 3] for i in range(60)],
        "name": [f"n{i}" for i in range(60)],
    }
    ladders = tmp_path / "ladders"
    ladders.mkdir()
    (ladders / "age.csv").write_text("17;minor;*\n18;adult;*\n19;adult;*\n", "utf-8")
    (ladders / "sex.csv").write_text("f;*\nm;*\n", "utf-8")
    return written(tmp_path / "cases.csv", columns)


@pytest.mark.parametrize("method", ["optimal", "local"])
def test_recoding_out_of_core_writes_the_same_file(cases, monkeypatch, method):
    model = RecordsModel(k=11, max_suppressed_share=0.2, method=method, sensitive=("motive",), l=2)
    told = []
    for name, limits in (("memory.csv", {}), ("counted.csv", {".csv": -1})):
        monkeypatch.setattr(big_files, "LARGE_BYTES", limits)
        evidence = anonymize_file(
            cases, cases.parent / name, hierarchies=cases.parent / "ladders", model=model
        )
        told.append({key: value for key, value in evidence.items() if key != "seconds"})
    assert told[0] == told[1]
    assert (cases.parent / "memory.csv").read_bytes() == (cases.parent / "counted.csv").read_bytes()


def test_measuring_out_of_core_tells_the_same(cases, monkeypatch):
    told = []
    for limits in ({}, {".csv": -1}):
        monkeypatch.setattr(big_files, "LARGE_BYTES", limits)
        report = risk_of_file(cases, sensitive=["motive"], hierarchies=cases.parent / "ladders", k=11)
        told.append(json.loads(json.dumps(report.evidence)))
    assert told[0] == told[1]


@pytest.mark.usefixtures("always_large")
def test_parquet_is_counted_and_missing_is_an_empty_cell(tmp_path):
    import duckdb

    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT * FROM (VALUES (17, 'f'), (17, ''), (17, NULL)) v(age, sex)"
        )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    report = risk_of_file(path, ["age", "sex"])
    assert (report.measures.n_records, report.measures.n_classes, report.measures.smallest_class) == (3, 2, 1)


@pytest.mark.usefixtures("always_large")
@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("a,b\n1,2\nZarema\n", SourceError, "cannot be read as csv|separator"),
        ("a,b\n1,2\n", RecordsError, "no column named 'age'"),
    ],
)
def test_a_large_file_that_cannot_be_read_is_refused_without_its_cells(tmp_path, text, error, message):
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(error, match=message) as refused:
        big_files.count_rows(tmp_path / "a.csv", ["age"] if error is RecordsError else ["a", "b"])
    assert "Zarema" not in str(refused.value) + refused.value.remedy
