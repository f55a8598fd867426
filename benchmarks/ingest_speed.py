"""Rows a second of ingest into the encrypted vault, beside plain SQLite writers that check nothing.

    python benchmarks/ingest_speed.py [--rows 10000 100000] [--formats csv xlsx] [--rivals PYTHON]

Each line is a process of its own, all in one run: rates and highest memory (of two processes, where the file
is read in a second one: their sum, which counts what they share twice). Ingest reads, checks, joins
persons and encrypts; `sqlite-utils insert` and `pandas.to_sql` copy cells into a plain file. The key is
derived at no cost, so that it is not measured. pandas is measured with `--rivals`, the Python that has it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ingest_files


def ingest(path: Path, folder: Path) -> int:
    """Take a case file into a new vault and return the rows that were read."""
    import datetime

    from ingest import ingest_files as take
    from ingest import load_source
    from vault import KeyCost, create_vault

    declaration = folder / "casefile.yml"
    declaration.write_text(ingest_files.DECLARATION.format(format=path.suffix[1:]), encoding="utf-8")
    now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    with create_vault(folder / "private" / "vault.db", "benchmark", cost=KeyCost(n=2**4)) as vault:
        source = load_source(declaration, vault.book)
        summary = take(vault, [path], sources={source.name: source}, now=now, source_name=source.name)
    (file,) = summary.files
    if (
        file.refused
        or file.read != file.stored + file.already_there + file.quarantined
        or not file.quarantined
    ):
        raise SystemExit("the file was not taken in as it should be")
    return file.read


def sqlite_utils(path: Path, folder: Path) -> int:
    """Copy the cells with the command of sqlite-utils."""
    from sqlite_utils.cli import cli

    arguments = ["insert", str(folder / "plain.db"), "cases", str(path), "--csv"]
    cli.main(arguments, standalone_mode=False)
    return _rows(folder / "plain.db")


def pandas_to_sql(path: Path, folder: Path) -> int:
    """Copy the cells with pandas."""
    import sqlite3

    import pandas

    connection = sqlite3.connect(folder / "plain.db")
    frame = pandas.read_csv(path) if path.suffix == ".csv" else pandas.read_excel(path, engine="calamine")
    frame.to_sql("cases", connection, index=False)
    connection.close()
    return _rows(folder / "plain.db")


def _rows(path: Path) -> int:
    import sqlite3

    return int(sqlite3.connect(path).execute("SELECT count(*) FROM cases").fetchone()[0])


WRITERS: dict[str, Callable[[Path, Path], int]] = {
    "withheld ingest": ingest,
    "sqlite-utils insert": sqlite_utils,
    "pandas.to_sql": pandas_to_sql,
}


def measure(name: str, path: Path) -> None:
    """Run one writer in this process and print what it took as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        wall, processor = time.perf_counter(), time.process_time()
        rows = WRITERS[name](path, Path(folder))
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    own, other = (resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    second = other.ru_utime + other.ru_stime  # of the process that reads, where there is one
    took = {"rows": rows, "wall": wall, "processor": processor + second, "larger": max(processor, second)}
    print(json.dumps({**took, "peak_mb": (own.ru_maxrss + other.ru_maxrss) // 1024}))


def main() -> None:
    """Write the case files, measure every writer on each, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--formats", nargs="+", default=["csv", "xlsx"], choices=["csv", "xlsx"])
    parser.add_argument("--rivals", default="", help="Python of an environment with pandas")
    parser.add_argument("--one", nargs=2, metavar=("WRITER", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure(arguments.one[0], Path(arguments.one[1]))
        return
    print(f"load {os.getloadavg()[0]:.1f}; processor time: of all processes, and of the busier one alone")
    print("| rows | file | writer | rows/s of both | rows/s of the busier | rows/s of wall time | peak MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for count in arguments.rows:
            for kind in arguments.formats:
                path = Path(folder) / f"cases.{kind}"
                (ingest_files.write_csv if kind == "csv" else ingest_files.write_xlsx)(path, count)
                for name in WRITERS:
                    _line(name, path, count, arguments.rivals)


def _line(name: str, path: Path, count: int, rivals: str) -> None:
    if name == "sqlite-utils insert" and path.suffix != ".csv":
        return  # reads no workbook
    if name == "pandas.to_sql" and not rivals:
        return
    python = rivals if name == "pandas.to_sql" else sys.executable
    command = [python, __file__, "--one", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    took = json.loads(done.stdout.splitlines()[-1])
    if took["rows"] != count:
        raise SystemExit(f"{name}: {took['rows']} of {count} rows")
    rates = " | ".join(f"{count / took[one]:,.0f}" for one in ("processor", "larger", "wall"))
    print(f"| {count:,} | {path.suffix[1:]} | {name} | {rates} | {took['peak_mb']} |", flush=True)


if __name__ == "__main__":
    main()
