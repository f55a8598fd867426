"""Records beside the tools from PyPI that recode or measure k-anonymity, in turns: anjana, pycanon, anonypy.

They live in an environment of their own (benchmarks/rivals.txt).
"""

import csv
import json
import sys
from pathlib import Path

from benchmarks.process import ROOT, run
from benchmarks.records import BENCH, Best, ours, paired

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


def rivals(python: Path, folder: Path, repeat: int) -> list[str]:
    """Return the table of the tools from PyPI, each paired with us."""
    adult = BENCH / "adult" / "adult.csv"
    lines = ["| task (adult) | ours s | rival | rival s | ratio | ours MB | rival MB | what came out |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for k, limit in ((5, 0.05), (10, 0.05), (5, 0.0))[: None if repeat > 1 else 1]:
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
    lines.append(row_of("measure k, l, t", "pycanon", best, same_measures(run(us).said, run(theirs).said)))
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


def row_of(task: str, rival: str, best: dict[str, Best], said: str) -> str:
    """Return one line of the rivals' table."""
    us, them = best["us"], best["them"]
    return (
        f"| {task} | {us[0]:.2f} | {rival} | {them[0]:.2f} | {them[0] / us[0]:.1f} | {us[1]} | "
        f"{them[1]} | {said} |"
    )
