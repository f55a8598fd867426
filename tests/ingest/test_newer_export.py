"""A vault that took an older and a newer export counts what one that took only the newer counts."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from anonymize import Policy, closed_window, load_policy, load_population
from ingest import answer_vanished, ingest_files, list_vanished, load_sources
from ingest.synthetic import Changes, synthesize
from vault import KeyCost, Vault, create_vault

NOW = datetime.datetime(2026, 6, 15, 12, 0, tzinfo=datetime.UTC)
LINKS = ("_id", "person_id", "household_id", "ingest_run_id")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("exports")
    synthesize(folder / "first", incidents=300, seed=11)
    synthesize(folder / "newer", incidents=300, seed=11, changes=Changes(edited=0.1, vanished=0.05, new=0.04))
    return folder / "first", folder / "newer"


def taken(folder: Path, *exports: Path) -> Vault:
    folder.mkdir()
    vault = create_vault(folder / "vault.db", "test", cost=KeyCost(n=1024))
    for export in exports:
        for summary in ingest_files(vault, [export], sources=load_sources(), now=NOW).files:
            assert summary.refused is None
            assert summary.reconciles
    return vault


def policy(folder: Path) -> Policy:
    return load_policy(folder)


def plain(row: Any) -> str:
    """Return what a row says, without the numbers that mean nothing outside the vault."""
    kept = {name: value for name, value in row.items() if not name.endswith("_id") or name == "external_id"}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def counted(vault: Vault, folder: Path) -> list[Any]:
    """Return everything that a release would count, in an order of its own."""
    population = load_population(vault, policy(folder), closed_window(NOW.date(), 90))
    cases = []
    for case in population.cases:
        people = sorted(
            (plain(one.row), *(sorted(map(plain, group)) for group in (one.acts, one.outcomes, one.requests)))
            for one in case.persons
        )
        cases.append((plain(case.row), people))
    return [sorted(cases), sorted(map(plain, population.funding))]


def test_a_newer_export_leads_to_the_same_counts_as_if_it_had_come_alone(tmp_path, exports):
    first, newer = exports
    truth = json.loads((newer / "truth.json").read_text(encoding="utf-8"))
    with taken(tmp_path / "both", first, newer) as both, taken(tmp_path / "one", newer) as one:
        # A case of several rows (the casebook) changes in several of them.
        assert both.count("history") >= len(truth["edited"]) > 0
        assert counted(both, tmp_path) == counted(one, tmp_path)


def test_vanished_cases_are_those_of_the_truth_and_erased_when_she_withdrew(tmp_path, exports):
    first, newer = exports
    gone = {code for code, _ in json.loads((newer / "truth.json").read_text(encoding="utf-8"))["vanished"]}
    with taken(tmp_path / "both", first, newer) as vault:
        codes = {row["incident_id"]: row["external_id"] for row in vault.rows("incident")}
        sources = {
            row["source_id"]: codes[row["incident_id"]] for row in vault.rows("source", "incident_id > 0")
        }
        asked = {sources[row["source_id"]] for row in vault.rows("vanished")}
        assert asked == gone
        while questions := list_vanished(vault):
            answer_vanished(vault, questions[0].vanished_id, "withdrawn", now=NOW)
        assert gone.isdisjoint(row["external_id"] for row in vault.rows("incident"))


def test_the_older_file_taken_again_by_mistake_turns_nothing_back(tmp_path, exports):
    first, newer = exports
    with taken(tmp_path / "both", first, newer) as both:
        before = counted(both, tmp_path)
        waiting = both.count("quarantine", "status = 'waiting'")
        summaries = ingest_files(both, [first], sources=load_sources(), now=NOW).files
        assert sum(one.stored for one in summaries) == 0
        assert sum(one.outdated for one in summaries) == both.count("history") > 0
        assert any("which stays" in notice for one in summaries for notice in one.notices)
        assert counted(both, tmp_path) == before
        assert both.count("quarantine", "status = 'waiting'") == waiting
