"""Ten million rows of eight quasi-identifiers: reading and counting every distinct row."""

import sys
from pathlib import Path

from benchmarks.bars import judged
from benchmarks.process import required

_COUNT = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from anonymize.records.big_files import count_rows\n"
    "from anonymize.records.histogram import count_tuples\n"
    "start = time.monotonic()\n"
    "names = 'age sex region marital occupation education year country'.split()\n"
    "columns, n = count_rows(Path(sys.argv[1]), names)\n"
    "sizes = [len(columns[name].values) for name in names]\n"
    "found, _ = count_tuples([columns[name].codes for name in names], sizes, weights=n)\n"
    "print(found.n_tuples, time.monotonic() - start)\n"
)


def big(folder: Path, rows: int = 10_000_000) -> list[str]:
    """Return the table of so many rows of eight columns: the histogram, and what comes after it."""
    lines = ["| file | distinct rows | processor s | wall s | MB | bar |", "|---|---|---|---|---|---|"]
    for kind, spread in (("like case data", 1), ("nearly all distinct", 10)):
        for ending in ("parquet", "csv"):
            path = folder / f"big.{ending}"
            write_rows(path, rows, spread)
            cost = required([sys.executable, "-c", _COUNT, path])
            distinct, wall = cost.said.split()
            bar = f"{judged('big seconds', cost.processor)}; {judged('big memory', cost.peak_mb)}"
            took = f"{cost.processor:.1f} | {float(wall):.1f} | {cost.peak_mb}"
            lines.append(f"| {ending}, {kind} | {distinct} | {took} | {bar} |")
            path.unlink()
    return lines


def write_rows(path: Path, rows: int, spread: int) -> None:
    """Write invented rows; a larger spread makes more of them distinct."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            f"""CREATE TABLE t AS SELECT (random() * 9 * {spread})::INT AS age,
            CASE WHEN random() < .5 THEN 'f' ELSE 'm' END AS sex,
            'R' || (random() * random() * 6 * {spread})::INT AS region,
            (random() * 5)::INT AS marital, 'O' || (random() * random() * 14)::INT AS occupation,
            'E' || (random() * random() * 5 * {spread})::INT AS education,
            '20' || (10 + (random() * 9)::INT) AS year,
            'C' || (random() * random() * 4)::INT AS country
            FROM range({rows})"""
        )
        connection.execute(f"COPY t TO '{path}' (FORMAT {path.suffix[1:]})")
