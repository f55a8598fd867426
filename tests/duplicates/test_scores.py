"""The engine finds what the truth of a generated group says, keeps to memory, and its weights never flip."""

import datetime
import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import VaultError
from ingest import find_duplicates, ingest_files, list_candidates, load_sources
from ingest.duplicates import engine
from ingest.duplicates.candidates import key_columns
from ingest.duplicates.engine import private_database
from ingest.duplicates.find import find_pairs
from ingest.duplicates.judge import weaker
from ingest.duplicates.records import as_columns, load_records
from ingest.duplicates.signs import SIGNS
from ingest.duplicates.weights import PRIOR_PAIRS, chance_shares, declared_weights, learnt_weights
from ingest.synthetic import synthesize
from vault import KeyCost, create_vault

NOW = datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    """A generated group of 1,500 incidents: found pairs and the truth, by case codes."""
    folder = tmp_path_factory.mktemp("group")
    made = synthesize(folder / "files", incidents=1500, seed=5)
    with create_vault(folder / "vault.db", "test", cost=KeyCost(n=1024)) as vault:
        ingest_files(vault, [folder / "files"], sources=load_sources(), now=NOW)
        records = load_records(vault)
        found = find_duplicates(vault, now=NOW)
        codes = {str(row["incident_id"]): str(row["external_id"]) for row in vault.rows("incident")}
        persons = {str(row["person_id"]): row for row in vault.rows("person")}
        incident_of = {one: one for one in codes}
        incident_of |= {key: str(row["incident_id"]) for key, row in persons.items()}
        pairs = {
            decision: [
                (one.kind, *sorted((codes[incident_of[one.left_id]], codes[incident_of[one.right_id]])))
                for one in list_candidates(vault, decision)
            ]
            for decision in ("same", "ask")
        }
        identities: dict[str, list[str]] = {}
        for row in persons.values():
            identities.setdefault(str(row["same_person_id"]), []).append(str(row["incident_id"]))
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    told = {"found": found, "pairs": pairs, "truth": truth, "identities": identities, "codes": codes}
    return told | {"records": records}


def true_pairs(group):
    """Return the pairs of stored cases in which one person is."""
    groups = [*group["truth"]["duplicate_pairs"], *group["truth"]["repeat_victims"]]
    stored = set(group["codes"].values())
    return {pair for one in groups for pair in combinations(sorted(set(one)), 2) if stored.issuperset(pair)}


def test_what_is_linked_is_true_and_most_of_what_is_true_is_linked(group):
    joined = {
        pair
        for incidents in group["identities"].values()
        for pair in combinations(sorted({group["codes"][one] for one in incidents}), 2)
    }
    true = true_pairs(group)
    precision, recall = len(joined & true) / len(joined), len(joined & true) / len(true)
    assert precision >= 0.98
    assert 2 * precision * recall / (precision + recall) >= 0.90


def test_nearly_every_incident_told_twice_is_linked_and_no_other(group):
    told_twice = {tuple(pair) for pair in group["truth"]["duplicate_pairs"]}
    linked = {tuple(pair[1:]) for pair in group["pairs"]["same"] if pair[0] == "incident"}
    assert linked <= told_twice
    assert len(linked) >= 0.9 * len(told_twice)


def test_few_pairs_are_left_to_a_person(group):
    assert len(group["pairs"]["ask"]) == group["found"].asked <= 0.25 * len(true_pairs(group))


def test_nobody_is_twice_in_one_incident(group):
    for incidents in group["identities"].values():
        assert len(incidents) == len(set(incidents))


def test_the_database_of_the_engine_reaches_no_file_and_no_network(tmp_path):
    import duckdb

    (tmp_path / "some.csv").write_text("a\n1\n")
    with private_database(64) as database:
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path / 'some.csv'}')",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "INSTALL httpfs", f"SET temp_directory = '{tmp_path}'", "SET enable_external_access = true",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                database.execute(statement)
    with pytest.raises(VaultError, match="more than 64 MB"), private_database(64) as database:
        database.execute("SELECT list(hash(one)) FROM range(40_000_000) AS many(one) GROUP BY one % 7")
    assert [path.name for path in tmp_path.iterdir()] == ["some.csv"]


def test_pairs_scored_part_by_part_are_judged_as_all_at_once(group, monkeypatch):
    at_once = find_pairs(group["records"])
    monkeypatch.setattr(engine, "PAIRS_AT_ONCE", 700)
    assert find_pairs(group["records"]) == at_once


def test_where_the_memory_is_too_small_the_search_says_so_without_its_sql(group):
    records = group["records"]
    columns, keys = as_columns(records), key_columns(records)
    refused = []
    for megabytes in (4, 12, 16, 24):
        try:
            with private_database(megabytes) as database:
                engine.score_pairs(database, columns, keys, SIGNS)
        except VaultError as error:
            refused.append(str(error))
    assert refused
    assert all("the search for duplicates needs more than" in one for one in refused)


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_the_declared_shares_of_a_sign_are_shares(sign):
    assert sum(level.m for level in sign.levels) == pytest.approx(1)
    assert sum(level.u for level in sign.levels) == pytest.approx(1, abs=2e-3)
    assert sign.levels[-1].sql == "ELSE"


counts = st.dictionaries(st.integers(0, 4), st.integers(0, 10**9), max_size=5)


@given(st.sampled_from(SIGNS), counts, counts)
def test_no_count_makes_less_agreement_weigh_more(sign, of_sure, of_random):
    u = chance_shares(sign, of_random)
    for weights in (declared_weights(sign, u), learnt_weights(sign, u, of_sure)):
        assert list(weights.bits) == sorted(weights.bits, reverse=True)


def test_many_sure_pairs_overrule_what_is_declared_and_few_do_not():
    sign = next(one for one in SIGNS if one.name == "family")
    u = chance_shares(sign, {})
    first = [learnt_weights(sign, u, {2: pairs}).bits[-1] for pairs in (0, 2, int(100 * PRIOR_PAIRS))]
    assert first[0] == pytest.approx(first[1], abs=0.3)
    assert first[2] == pytest.approx(0, abs=0.1)


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_two_explanations_leave_less_evidence_than_either(one, other):
    assert weaker(one, other) == weaker(other, one)
    assert weaker(one, other) <= max(min(one, other), -60)
