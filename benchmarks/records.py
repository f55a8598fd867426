"""Records, paired in one run: the engine beside anjana, pycanon and anonypy, with the figures of ARX.

    python benchmarks/records.py --big --rivals /tmp/venv-rivals/bin/python

writes its tables into benchmarks/README.md. The rivals live in an environment of their own (pip install
anjana pycanon anonypy) and are never dependencies. Seconds are processor time of whole processes, start to
written file, the best of `--repeat` runs in turns. Reads ../shared/bench/records (or $WITHHELD_SHARED).
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WITHHELD_SHARED", ROOT.parent / "shared"))
BENCH = SHARED / "bench" / "records"
README = ROOT / "benchmarks" / "README.md"
START, END = "<!-- records: written by benchmarks/records.py -->", "<!-- records: end -->"
# README.md of the reference: local recoding, processor seconds of the whole process and loss
ARX_LOCAL = {("adult", 2): (0.029830, 8.1), ("adult", 5): (0.059077, 11.6), ("adult", 10): (0.082951, 14.2)}
ARX_LOCAL["fars", 5] = (0.041964, 26.7)

ANJANA = """
import sys, pandas
from anjana.anonymity import k_anonymity
folder, name, k, limit, out = sys.argv[1:]
table = pandas.read_csv(f"{folder}/{name}.csv", sep=";", dtype=str, keep_default_na=False)
read = lambda c: pandas.read_csv(f"{folder}/{name}_hierarchy_{c}.csv", sep=";", header=None, dtype=str,
                                 keep_default_na=False)
ladders = {c: {level: cells.values for level, cells in read(c).items()} for c in table.columns}
done = k_anonymity(table, [], list(table.columns), int(k), 100 * float(limit), ladders)
done[list(table.columns)].to_csv(out, index=False)
"""
PYCANON = """
import sys, pandas
from pycanon import anonymity
table = pandas.read_csv(sys.argv[1], sep=";", dtype=str, keep_default_na=False)
sensitive = ["occupation"]
others = [c for c in table.columns if c not in sensitive]
print(anonymity.k_anonymity(table, others), anonymity.l_diversity(table, others, sensitive),
      anonymity.t_closeness(table, others, sensitive))
"""
ANONYPY = """
import sys, anonypy, pandas
table = pandas.read_csv(sys.argv[1], sep=";", dtype=str, keep_default_na=False)
table["age"] = table["age"].astype(int)
for column in table.columns.drop("age"):
    table[column] = table[column].astype("category")
table["row"] = "x"
features = [c for c in table.columns if c != "row"]
rows = anonypy.Preserver(table, features, "row").anonymize_k_anonymity(k=5)
pandas.DataFrame(rows).to_csv(sys.argv[2], index=False)
"""


def run(command: Sequence[str | Path]) -> tuple[float, float, str]:
    """Run a whole process: processor seconds, peak memory in MB, what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = "import resource,subprocess,sys\nd=subprocess.run(sys.argv[1:])\n"
    script += "print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    script += "sys.exit(d.returncode)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, *map(str, command)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    said, _, peak = done.stdout.rpartition("PEAK ")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, float(peak), said


def paired(commands: dict[str, Sequence[str | Path]], repeat: int) -> dict[str, tuple[float, float]]:
    """Run commands in turns; return the best processor seconds and the peak memory of each."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(repeat):
        for name, command in commands.items():
            seconds, peak, _ = run(command)
            known = best.get(name, (seconds, peak))
            best[name] = (min(known[0], seconds), max(known[1], peak))
    return best


def ours(dataset: str, k: int, limit: float, loss: str, folder: Path, method: str = "optimal") -> list[str]:
    """Return our command for one line."""
    source = BENCH / dataset
    asked = ["--hierarchies", source, "-k", k, "--suppress", limit, "--loss", loss, "--method", method]
    files = ["-o", folder / "ours.csv", "--evidence", folder / "e.json"]
    command = [sys.executable, "-m", "withheld", "anonymize", source / f"{dataset}.csv", *asked, *files]
    return [str(part) for part in command]


def loss_of(dataset: str, published: Path) -> tuple[float, int]:
    """Return the mean normalised granularity of anybody's recoding (a row left out costs 1), and the rows."""
    sys.path.insert(0, str(ROOT))
    from anonymize.records import read_hierarchies, read_table

    columns = read_table(BENCH / dataset / f"{dataset}.csv")
    ladders = read_hierarchies(BENCH / dataset, list(columns))
    n_records = len(next(iter(columns.values())))
    with published.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = []
    for name, ladder in ladders.items():
        share_of = {
            label: ladder.shares[level][code]
            for level in reversed(range(ladder.n_levels))
            for code, label in ((c, ladder.labels[level][g]) for c, g in enumerate(ladder.groups[level]))
        }
        least = 1 / ladder.n_lines
        cost = sum(share_of[row[name]] for row in rows) + n_records - len(rows)
        parts.append((cost / n_records - least) / (1 - least))
    return sum(parts) / len(parts), len(rows)


def optima(folder: Path, repeat: int) -> list[str]:
    """Return the table of all 30 reference lines."""
    lines = ["| data | k | limit | loss | our optimum | equal to 1e-9 | our s | our MB | ARX s (warm JVM) |"]
    lines.append("|---|---|---|---|---|---|---|---|---|")
    for line in json.loads((BENCH / "reference_optima.json").read_text("utf-8")):
        asked = (line["dataset"], line["k"], line["suppression_limit"], line["loss"])
        (seconds, peak), *_ = paired({"ours": ours(*asked, folder)}, repeat).values()
        value = json.loads((folder / "e.json").read_text("utf-8"))["loss"]["value"]
        equal = "yes" if abs(value - line["value"]) <= 1e-9 else "NO"
        lines.append(
            f"| {asked[0]} | {asked[1]} | {asked[2]} | {asked[3]} | {value:.10g} | {equal} | {seconds:.2f} | "
            f"{peak:.0f} | {line['cpu_seconds_warm']:.2f} |"
        )
    return lines


def rivals(python: str, folder: Path, repeat: int) -> list[str]:
    """Return the table of the tools from PyPI, each paired with us."""
    adult = BENCH / "adult" / "adult.csv"
    lines = ["| task (adult) | ours s | rival | rival s | ratio | ours MB | rival MB | what came out |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for k, limit in ((5, 0.05), (10, 0.05), (5, 0.0)):
        out = folder / "anjana.csv"
        theirs = [python, "-c", ANJANA, BENCH / "adult", "adult", str(k), str(limit), out]
        best = paired({"us": ours("adult", k, limit, "granularity", folder), "them": theirs}, repeat)
        value, rows = loss_of("adult", folder / "ours.csv")
        other, left = loss_of("adult", out)
        said = f"loss {value:.4f} ({rows} records) against {other:.4f} ({left})"
        lines.append(row_of(f"recode to k={k}, limit {limit}", "anjana", best, said))
    us = [sys.executable, "-m", "withheld", "risk", adult, "--sensitive", "occupation", "--json", "--quasi"]
    us.append("sex,age,race,marital-status,education,native-country,workclass,salary-class")
    theirs = [python, "-c", PYCANON, adult]
    best = paired({"us": us, "them": theirs}, repeat)
    lines.append(row_of("measure k, l, t", "pycanon", best, same_measures(run(us)[2], run(theirs)[2])))
    local = ours("adult", 5, 0.0, "granularity", folder, "local")
    best = paired({"us": local, "them": [python, "-c", ANONYPY, adult, folder / "anonypy.csv"]}, repeat)
    value = json.loads((folder / "e.json").read_text("utf-8"))["loss"]["value"]
    lines.append(row_of("local recoding, k=5", "anonypy", best, f"ours {value:.4f}; theirs sets of values"))
    return lines


def same_measures(ours_said: str, theirs_said: str) -> str:
    """Tell whether both tools measured the same k, l and t."""
    told = json.loads(ours_said)
    own = (told["smallest_class"], told["sensitive"]["occupation"]["distinct_l"])
    smallest, distinct, distance = theirs_said.split()
    close = abs(told["sensitive"]["occupation"]["t"] - float(distance)) < 1e-9
    same = close and own == (int(smallest), int(distinct))
    return f"{'the same' if same else 'OTHER'} k, l, t; ours also risk per field, uniques, what to drop"


def row_of(task: str, rival: str, best: dict[str, tuple[float, float]], said: str) -> str:
    """Return one line of the rivals' table."""
    us, them = best["us"], best["them"]
    return (
        f"| {task} | {us[0]:.2f} | {rival} | {them[0]:.2f} | {them[0] / us[0]:.1f} | {us[1]:.0f} | "
        f"{them[1]:.0f} | {said} |"
    )


def local_recoding(folder: Path, repeat: int) -> list[str]:
    """Return the table of local recoding beside ARX's figures."""
    lines = ["| data | k | our loss | our s | our MB | ARX loss | ARX s |", "|---|---|---|---|---|---|---|"]
    for (dataset, k), (loss, seconds) in ARX_LOCAL.items():
        best = paired({"us": ours(dataset, k, 0.0, "granularity", folder, "local")}, repeat)["us"]
        value = json.loads((folder / "e.json").read_text("utf-8"))["loss"]["value"]
        lines.append(
            f"| {dataset} | {k} | {value:.6f} | {best[0]:.2f} | {best[1]:.0f} | {loss:.6f} | {seconds} |"
        )
    return lines


def big(folder: Path) -> list[str]:
    """Return the table of ten million rows of eight columns: the histogram, and what comes after it."""
    import duckdb

    lines = ["| file | distinct rows | histogram s | wall s | MB |", "|---|---|---|---|---|"]
    for kind, spread in (("like case data", 1), ("nearly all distinct", 10)):
        for ending in ("parquet", "csv"):
            path = folder / f"big.{ending}"
            with duckdb.connect() as connection:
                connection.execute(
                    f"""CREATE TABLE t AS SELECT (random() * 9 * {spread})::INT AS age,
                    CASE WHEN random() < .5 THEN 'f' ELSE 'm' END AS sex,
                    'R' || (random() * random() * 6 * {spread})::INT AS region,
                    (random() * 5)::INT AS marital, 'O' || (random() * random() * 14)::INT AS occupation,
                    'E' || (random() * random() * 5 * {spread})::INT AS education,
                    '20' || (10 + (random() * 9)::INT) AS year,
                    'C' || (random() * random() * 4)::INT AS country
                    FROM range(10000000)"""
                )
                connection.execute(f"COPY t TO '{path}' (FORMAT {ending})")
            script = (
                "import sys, time\nfrom pathlib import Path\n"
                "from anonymize.records.big_files import count_rows\n"
                "from anonymize.records.histogram import count_tuples\n"
                "start = time.monotonic()\n"
                "names = 'age sex region marital occupation education year country'.split()\n"
                "columns, n = count_rows(Path(sys.argv[1]), names)\n"
                "sizes = [len(columns[name].values) for name in names]\n"
                "found, _ = count_tuples([columns[name].codes for name in names], sizes, weights=n)\n"
                "print(found.n_tuples, time.monotonic() - start)\n"
            )
            seconds, peak, said = run([sys.executable, "-c", script, path])
            distinct, wall = said.split()
            lines.append(
                f"| {ending}, {kind} | {distinct} | {seconds:.1f} | {float(wall):.1f} | {peak:.0f} |"
            )
            path.unlink()
    return lines


def write_readme(sections: dict[str, list[str]]) -> None:
    """Put the tables between the markers of benchmarks/README.md."""
    text = README.read_text("utf-8") if README.exists() else "# Benchmarks\n"
    if START not in text:
        text = f"{text.rstrip()}\n\n{START}\n{END}\n"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    told = [
        "## Records",
        "",
        f"`python benchmarks/records.py`: Python {platform.python_version()}, {os.cpu_count()} processors, "
        f"load {load} at the end (others work on the machine). Seconds are processor time of whole "
        "processes, start to written file.",
    ]
    for title, lines in sections.items():
        told += ["", f"### {title}", "", *lines]
    before, after = text.split(START)[0], text.split(END)[1]
    README.write_text(before + START + "\n" + "\n".join(told) + "\n" + END + after, "utf-8")


def main() -> None:
    """Run what is asked and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rivals", help="python of an environment with anjana, pycanon, anonypy")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--big", action="store_true", help="also ten million rows")
    asked = parser.parse_args()
    sections = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.rivals:
            sections["Beside the tools from PyPI, paired"] = rivals(asked.rivals, folder, asked.repeat)
        sections["Optimal search, every line of the reference"] = optima(folder, 1)
        sections["Local recoding, no record lost"] = local_recoding(folder, asked.repeat)
        if asked.big:
            sections["Ten million rows, eight quasi-identifiers"] = big(folder)
    write_readme(sections)


if __name__ == "__main__":
    main()
