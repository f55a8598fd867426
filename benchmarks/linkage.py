"""Duplicates: ours against plain splink in the same run, on febrl3 and on generated incidents.

    python benchmarks/linkage.py febrl3 5000 50000

Prints one JSON object a program and data set: precision, recall, F1 of pairs, processor seconds, peak MB.
Each runs in a process of its own. Plain splink gets the raw values and the settings of its documentation: for
febrl3 those of its febrl3 example, for incidents its name, date and exact comparisons; u by random sampling,
m by expectation maximisation over two blockings; its best threshold. Ours gets the same raw values, makes its
keyed prints of them, and has one threshold for all data.
"""

import argparse
import csv
import datetime
import json
import logging
import math
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Pair = tuple[str, str]
BENCH = ROOT.parent / "shared" / "bench" / "linkage"
LINK_BITS = 8.0


def measured(predicted: set[Pair], true: set[Pair]) -> dict[str, float]:
    """Return precision, recall and F1 of pairs."""
    right = len(predicted & true)
    precision, recall = right / max(len(predicted), 1), right / max(len(true), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def pairs_of(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """Return every two members of each group, as sorted pairs."""
    return {(one, other) for group in groups for one, other in combinations(sorted(set(group)), 2)}


def best_of(scored: Iterable[tuple[Pair, float]], true: set[Pair], always: set[Pair]) -> dict[str, float]:
    """Return the figures at the threshold of bits with the highest F1."""
    found = list(scored)
    tried = [
        {
            **measured({pair for pair, bits in found if bits >= threshold} | always, true),
            "threshold": threshold,
        }
        for threshold in range(-10, 21)
    ]
    return max(tried, key=lambda one: one["f1"])


# febrl3 -----------------------------------------------------------------------------------------------------

# Column -> share among pairs of one person of: the same, one slip, another; chance of the same.
FEBRL = {
    "given_name": (0.75, 0.15, 0.10, 0.006), "surname": (0.75, 0.15, 0.10, 0.004),
    "street_number": (0.85, 0.10, 0.05, 0.01), "address_1": (0.75, 0.15, 0.10, 0.002),
    "address_2": (0.70, 0.15, 0.15, 0.003), "suburb": (0.75, 0.17, 0.08, 0.003),
    "postcode": (0.85, 0.10, 0.05, 0.003), "state": (0.90, 0.05, 0.05, 0.22),
    "date_of_birth": (0.90, 0.07, 0.03, 7e-5), "soc_sec_id": (0.92, 0.06, 0.02, 1e-6),
}  # fmt: skip
# Columns that two records must share together to be compared.
_KEYED_TOGETHER = (
    ("given_name", "surname"), ("given_name", "postcode"), ("surname", "postcode"), ("given_name", "suburb"),
    ("surname", "suburb"), ("address_1", "given_name"), ("address_1", "surname"),
    ("address_1", "street_number"),
)  # fmt: skip


def febrl_rows() -> tuple[list[dict[str, Any]], set[Pair]]:
    """Return the 5,000 records and the true pairs."""
    with (BENCH / "dataset3.csv").open(encoding="utf-8") as file:
        rows = [
            {key.strip(): value.strip() or None for key, value in row.items()} for row in csv.DictReader(file)
        ]
    with (BENCH / "febrl3_true_links.csv").open(encoding="utf-8") as file:
        links = list(csv.reader(file))[1:]
    return rows, pairs_of(links)


def febrl_ours() -> dict[str, Any]:
    """Score febrl3 by keyed prints of its columns."""
    from codebook.name_prints import NamePrinter
    from ingest.duplicates.engine import private_database, score_pairs
    from ingest.duplicates.signs import keyed_text

    rows, true = febrl_rows()
    start = time.process_time()
    printer = NamePrinter(b"benchmark")
    columns: dict[str, list[Any]] = {"unique_id": list(range(len(rows)))}
    for name in FEBRL:
        texts = [(row[name] or "").replace(" ", "") for row in rows]
        prints = {text: printer.print_text(name, text) for text in set(texts)}
        made = [prints[text] for text in texts]
        columns[name] = [text or None for text, _ in made]
        columns[f"{name}_slips"] = [list(slips) for _, slips in made]
    keys: dict[str, list[Any]] = {"place": [], "key": []}
    for place in range(len(rows)):
        for key in _febrl_keys(columns, place):
            keys["place"].append(place)
            keys["key"].append(hash(key))
    signs = [keyed_text(name, name, m=shares[:3], u=shares[3]) for name, shares in FEBRL.items()]
    with private_database() as database:
        score_pairs(database, columns, keys, signs)
        scored = database.execute(
            f"SELECT left_place, right_place, {' + '.join(FEBRL)} FROM scored"
        ).fetchall()
    prior = math.log2(2 / len(rows))  # a record has about one other
    ids = [str(row["rec_id"]) for row in rows]
    found = {
        tuple(sorted((ids[left], ids[right]))) for left, right, bits in scored if bits + prior >= LINK_BITS
    }
    return {**measured(found, true), "threshold": LINK_BITS, "seconds": time.process_time() - start}


def _febrl_keys(columns: Mapping[str, list[Any]], place: int) -> Iterable[str]:
    yield from (f"soc_sec_id {slip}" for slip in columns["soc_sec_id_slips"][place])
    if columns["date_of_birth"][place]:
        yield f"date_of_birth {columns['date_of_birth'][place]}"
    for one, other in _KEYED_TOGETHER:
        if columns[one][place] and columns[other][place]:
            yield f"{one} {columns[one][place]} {other} {columns[other][place]}"


def febrl_plain() -> dict[str, Any]:
    """Score febrl3 as splink's own example does."""
    import splink.comparison_library as cl
    from splink import block_on

    rows, true = febrl_rows()
    start = time.process_time()
    comparisons = [
        cl.NameComparison("given_name"), cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d",
                                 invalid_dates_as_null=True),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ]  # fmt: skip
    rules = [
        block_on("soc_sec_id"), block_on("given_name"), block_on("surname"), block_on("date_of_birth"),
        block_on("postcode"),
    ]  # fmt: skip
    sure = [
        block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]  # fmt: skip
    training = [block_on("date_of_birth"), block_on("postcode")]
    scored = plain_splink(rows, "rec_id", (comparisons, rules, sure, training))
    seconds = time.process_time() - start
    return {**best_of(scored, true, set()), "seconds": seconds}


def plain_splink(
    rows: list[dict[str, Any]], unique_id: str, model: tuple[list[Any], list[Any], list[Any], list[Any]]
) -> list[tuple[Pair, float]]:
    """Train and score as splink's documentation does; return (pair, bits)."""
    import pyarrow
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    comparisons, rules, sure, training = model
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules,
        unique_id_column_name=unique_id, retain_matching_columns=False,
    )  # fmt: skip
    backend = DuckDBAPI()
    linker = Linker(backend.register(pyarrow.Table.from_pylist(rows)), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_weight=-10, warning_mode="never").physical_name
    query = f"SELECT {unique_id}_l, {unique_id}_r, match_weight FROM {found}"
    return [
        ((min(left, right), max(left, right)), float(bits))
        for left, right, bits in backend.duckdb_con.execute(query).fetchall()
    ]


# generated incidents ----------------------------------------------------------------------------------------


def generated(directory: Path, incidents: int) -> tuple[Path, set[Pair]]:
    """Write and ingest a generated group, identifiers kept; return its vault and the true pairs of cases."""
    from ingest import ingest_files, load_sources
    from ingest.synthetic import synthesize
    from vault import KeyCost, create_vault

    made = synthesize(directory / "files", incidents=incidents, seed=11)
    path = directory / "vault.db"
    with create_vault(path, "benchmark", cost=KeyCost(n=1024)) as vault:
        now = datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC)
        ingest_files(vault, [directory / "files"], sources=load_sources(), now=now, keep_identifiers=True)
        stored = {str(row["external_id"]) for row in vault.rows("incident")}
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    true = pairs_of([*truth["duplicate_pairs"], *truth["repeat_victims"]])
    return path, {pair for pair in true if stored.issuperset(pair)}


def incidents_ours(path: Path, true: set[Pair]) -> dict[str, Any]:
    """Find the duplicates of a vault as `withheld duplicates list` does; making the prints is counted too."""
    from ingest.duplicates.find import find_pairs
    from ingest.duplicates.marks import comparison_prints
    from ingest.duplicates.records import load_records
    from vault import KeyCost, open_vault

    with open_vault(path, "benchmark", cost=KeyCost(n=1024)) as vault:
        persons, codes = list(vault.rows("person")), _codes(vault)
        start = time.process_time()
        for person in persons:
            comparison_prints(vault, person)
        printed = time.process_time() - start
        start = time.process_time()
        records = load_records(vault)
        loaded = time.process_time() - start
    start = time.process_time()
    found = find_pairs(records)
    scored = time.process_time() - start
    sure = _sure([(record.same_person_id, codes[record.incident_id]) for record in records])
    linked, asked = set(sure), set()
    for one in found:
        left, right = sorted(codes[records[place].incident_id] for place in one.places)
        (linked if one.links else asked).add((left, right))
    both = measured(linked | asked, true)
    return {
        **measured(linked, true), "threshold": LINK_BITS, "asked": len(asked - linked),
        "recall_with_asked": both["recall"], "seconds": printed + loaded + scored,
        "seconds_reading_the_vault": round(loaded, 2),
    }  # fmt: skip


def incidents_plain(path: Path, true: set[Pair]) -> dict[str, Any]:
    """Score the raw persons of a vault by plain splink; sure signs join for it too."""
    import splink.comparison_library as cl
    from splink import block_on

    rows, sure = _raw_rows(path)
    start = time.process_time()
    comparisons = [
        cl.NameComparison("name"), cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
        cl.ExactMatch("handle"), cl.ExactMatch("sex"), cl.ExactMatch("region"),
        cl.ExactMatch("settlement").configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("birth_year", 1),
        cl.AbsoluteDateDifferenceAtThresholds("on_day", input_is_string=True, metrics=["day", "month"],
                                              thresholds=[4, 1]),
    ]  # fmt: skip
    rules = [
        block_on("phone"), block_on("handle"), block_on("name"), block_on("on_day", "settlement"),
        block_on("on_day", "birth_year", "sex"), block_on("settlement", "birth_year", "sex"),
    ]  # fmt: skip
    deterministic = [block_on("phone"), block_on("handle"), block_on("name", "birth_year")]
    training = [block_on("phone"), block_on("name", "birth_year"), block_on("on_day", "settlement")]
    scored = plain_splink(rows, "record", (comparisons, rules, deterministic, training))
    by_record = {row["record"]: row["code"] for row in rows}
    best: dict[Pair, float] = {}
    for (left, right), bits in scored:
        one, other = sorted((by_record[left], by_record[right]))
        if one != other:
            best[(one, other)] = max(bits, best.get((one, other), -99.0))
    seconds = time.process_time() - start
    return {**best_of(best.items(), true, sure), "seconds": seconds}


def _raw_rows(path: Path) -> tuple[list[dict[str, Any]], set[Pair]]:
    from vault import KeyCost, open_vault

    rows, identities = [], []
    with open_vault(path, "benchmark", cost=KeyCost(n=1024)) as vault:
        incidents = {str(row["incident_id"]): row for row in vault.rows("incident")}
        for person in vault.rows("person"):
            told = incidents[str(person["incident_id"])]
            day = str(told["date_incident"])[:10] if told["date_incident"] else None
            year = str(int(day[:4]) - int(person["age"])) if day and person["age"] is not None else None
            phone = "".join(letter for letter in str(person["phone"] or "") if letter.isdigit())[-10:] or None
            code = str(told["external_id"])
            identities.append((str(person["same_person_id"]), code))
            rows.append(
                {
                    "record": str(person["person_id"]), "code": code, "name": person["name"], "phone": phone,
                    "handle": person["social_handle"], "sex": person["sex"], "region": told["region"],
                    "settlement": told["settlement"], "birth_year": year, "on_day": day,
                }
            )  # fmt: skip
    return rows, _sure(identities)


def _sure(identities: Iterable[tuple[str, str]]) -> set[Pair]:
    """Return the pairs of cases that sure signs joined at ingest."""
    groups: dict[str, list[str]] = {}
    for identity, code in identities:
        groups.setdefault(identity, []).append(code)
    return pairs_of(groups.values())


def _codes(vault: Any) -> dict[str, str]:
    return {str(row["incident_id"]): str(row["external_id"]) for row in vault.rows("incident")}


def _alone(task: tuple[str, Callable[..., dict[str, Any]], tuple[Any, ...]]) -> None:
    name, program, arguments = task
    result = program(*arguments)
    result["seconds"] = round(result["seconds"], 2)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps({"what": name, **result, "peak_mb": peak}), flush=True)


def main() -> None:
    """Run the data sets that the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "data", nargs="*", default=["febrl3", "5000"], help="febrl3, or a number of incidents"
    )
    fresh = multiprocessing.get_context("spawn")

    def run(name: str, program: Callable[..., dict[str, Any]], *arguments: Any) -> None:
        process = fresh.Process(target=_alone, args=((name, program, arguments),))
        process.start()
        process.join()

    for data in parser.parse_args().data:
        if data == "febrl3":
            run("febrl3, ours", febrl_ours)
            run("febrl3, plain splink", febrl_plain)
            continue
        with tempfile.TemporaryDirectory() as directory:
            path, true = generated(Path(directory), int(data))
            run(f"{data} incidents, ours", incidents_ours, path, true)
            run(f"{data} incidents, plain splink", incidents_plain, path, true)


if __name__ == "__main__":
    main()
