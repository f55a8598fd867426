"""Whatever comes in and whenever the run dies: no row is lost, none is told, no traceback, no half file."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.shared_files import REPOSITORY
from vault import broken_links, integrity_faults, open_vault

from .workbench import CHEAP, DECLARATION, HEADER, Workbench, bench, csv_text, row

__all__ = ["bench"]

CELLS = st.text(alphabet="аяAz09 .,;:-'\"=\n\t@/№", max_size=12) | st.sampled_from(
    [
        "",
        "yes",
        "no",
        "2023",
        "31.02.2021",
        "240",
        "beating",
        "father; brother",
        "Dagestan",
        "'=1",
        "12/03/2023",
    ]
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER, CELLS)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, keyed=st.booleans())
def test_no_row_is_lost_and_no_value_is_told(bench, rows, keyed):
    """read = stored + already there + quarantined, and the summary holds no cell of the file."""
    filled = sum(any(one.values()) for one in rows)
    assume(filled)
    marked = [
        {name: f"{cell}⁂secret" if cell and name == "Story" else cell for name, cell in one.items()}
        for one in rows
    ]
    declaration = bench.declaration if keyed else bench.declaration.replace("key: [Case]\n", "")
    (summary,) = bench.ingest_rows(*marked, declaration=declaration).files
    assert summary.refused is None
    assert summary.read == filled
    assert summary.reconciles
    assert "⁂" not in json.dumps(summary.as_dict(), ensure_ascii=False) + summary.line()
    assert "⁂" not in json.dumps(bench.all("ingest_run") + bench.all("custody"), ensure_ascii=False)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["desk.csv", "book.xlsx", "web.json", "web.jsonl"]))
def test_no_bytes_make_a_traceback(bench, content, name):
    declared = {"csv": DECLARATION}
    ending = name.split(".")[1]
    kind = name.split(".")[0]
    columns = "columns: {Case: incident.external_id}"
    other = f'name: {kind}\nversion: "1"\nformat: {ending}\nperson: implied\n{columns}\n'
    (summary,) = bench.ingest(bench.file(content, name), declared.get(ending, other)).files
    assert summary.refused is not None or summary.reconciles


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_real_file_with_mutated_bytes_makes_no_traceback_and_loses_no_row(bench, data):
    content = bytearray(csv_text([row(Case=f"A-{number}", Story="Рассказ") for number in range(15)]).encode())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (summary,) = bench.ingest(bench.file(bytes(content))).files
    assert summary.refused is not None or summary.reconciles


KILLED = """
import datetime, sys
from pathlib import Path
from ingest import ingest_files, load_sources
from vault import KeyCost, open_vault
folder = Path(sys.argv[1])
vault = open_vault(folder / "vault.db", "test", cost=KeyCost(n=1024))
now = datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC)
print("ready", flush=True)
sources = load_sources(folder)
ingest_files(vault, sorted(folder.glob("part*.csv")), sources=sources, now=now, source_name="desk")
print("done", flush=True)
"""


@pytest.mark.parametrize("delay", [0.02, 0.15, 0.3, 0.6])
def test_a_run_killed_at_any_moment_leaves_each_file_out_or_complete(tmp_path, delay):
    bench = Workbench(tmp_path)
    bench.vault.close()
    (tmp_path / "desk.yml").write_text(DECLARATION)
    for part in range(3):
        rows = [row(Case=f"P{part}-{number}") for number in range(400)]
        (tmp_path / f"part{part}.csv").write_text(csv_text(rows))
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.wait()
    with open_vault(tmp_path / "vault.db", "test", cost=CHEAP) as vault:
        assert integrity_faults(vault) == 0
        assert broken_links(vault) == []
        stored = vault.count("source")
        assert stored % 400 == 0
        assert vault.count("incident") == vault.count("person") == stored
        assert vault.count("ingest_run") == stored // 400
    leftover = {one.name for one in Path(tmp_path).iterdir()} - {
        "desk.yml",
        "part0.csv",
        "part1.csv",
        "part2.csv",
    }
    assert all(name.startswith("vault.db") for name in leftover)
    for name in leftover:
        assert b"Invented" not in (tmp_path / name).read_bytes()
