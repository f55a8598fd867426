"""The invented files go through ingest into a vault, and the vault holds what the truth says."""

import datetime
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import IngestSummary, ingest_files, load_sources
from ingest.synthetic import synthesize
from vault import Vault, create_vault

NOW = datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.UTC)
SOURCES = Path(__file__).parents[2] / "ingest" / "sources"
INCIDENTS = 400


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("group")
    synthesize(directory, incidents=INCIDENTS, seed=21)
    return directory


@pytest.fixture(scope="module")
def truth(group: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((group / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    opened = create_vault(tmp_path_factory.mktemp("private") / "vault.db", "a long test passphrase")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def summary(vault: Vault, group: Path) -> IngestSummary:
    return ingest_files(vault, [group], sources=load_sources(SOURCES), now=NOW)


def test_every_file_finds_its_declaration_and_its_rows_reconcile(
    summary: IngestSummary, truth: dict[str, Any]
) -> None:
    found = {one.file: one.source_name for one in summary.files}
    assert found == {
        "casebook_ru.xlsx": "casebook_ru",
        "funding.csv": "funding",
        "hotline_en.csv": "hotline_en",
        "web_form.json": "web_form",
    }
    for one in summary.files:
        expected = truth["counts"]["files"][one.file]
        assert one.refused is None
        assert one.read == expected.get("rows", expected["records"])
        assert one.quarantined == expected["quarantined"]
        assert one.read == one.stored + one.already_there + one.quarantined


@pytest.mark.parametrize(
    ("table", "where", "count"),
    [
        ("incident", "", "incidents"),
        ("person", "", "persons"),
        ("act", "", "act_links"),
        ("request", "", "requests"),
        ("request", "status = 'no_funds'", "requests_no_funds"),
        ("consent", "scope = 'statistics'", "consent_rows"),
        ("consent", "scope = 'statistics' and consent_status = 'given'", "consent_given"),
        ("consent", "scope = 'statistics' and consent_status = 'refused'", "consent_refused"),
        ("consent", "consent_status = 'withdrawn'", "consent_withdrawn"),
        ("incident", "reported_elsewhere = 'partner'", "reported_to_partner"),
        ("incident", "public_exposure in ('anonymous', 'named')", "public_cases"),
        ("incident", "date_incident is null", "date_unknown"),
        ("person", "age is null", "age_unknown"),
    ],
)
def test_the_vault_holds_as_many_as_the_truth(
    vault: Vault, summary: IngestSummary, truth: dict[str, Any], table: str, where: str, count: str
) -> None:
    assert summary.files
    assert vault.count(table, where) == truth["counts"][count]


def test_hopeless_rows_wait_in_quarantine_for_the_reason_the_truth_gives(
    vault: Vault, summary: IngestSummary, truth: dict[str, Any]
) -> None:
    sources = {one.file: one.source_name for one in summary.files}
    expected = Counter((sources[file], reason) for _, reason, file in truth["hopeless"])
    expected[("funding", "impossible_date")] += 1
    assert Counter((row["source_name"], row["reason"]) for row in vault.rows("quarantine")) == expected


def test_the_four_sisters_are_four_persons_of_one_household(
    vault: Vault, summary: IngestSummary, truth: dict[str, Any]
) -> None:
    assert summary.files
    incidents = list(vault.rows("incident", "external_id = ?", (truth["four_sisters"]["case"],)))
    assert len(incidents) == 1
    sisters = list(vault.rows("person", "incident_id = ?", (incidents[0]["incident_id"],)))
    assert [(one["age"], one["sex"], one["marital"], one["children"]) for one in sisters] == [
        (19, "female", "single", 0)
    ] * 4
    assert len({one["household_id"] for one in sisters}) == 1
    assert len({one["person_id"] for one in sisters}) == 4


def test_the_same_files_again_change_nothing(vault: Vault, summary: IngestSummary, group: Path) -> None:
    tables = ("incident", "person", "act", "request", "consent", "outcome", "funding")
    before = {table: vault.count(table) for table in tables}
    again = ingest_files(vault, [group], sources=load_sources(SOURCES), now=NOW)
    assert [one.stored for one in again.files] == [0] * len(summary.files)
    assert {table: vault.count(table) for table in tables} == before


def test_a_case_that_two_files_know_stands_in_the_vault_twice_until_somebody_decides(
    vault: Vault, summary: IngestSummary, truth: dict[str, Any]
) -> None:
    assert summary.files
    codes = [code for pair in truth["duplicate_pairs"] for code in pair]
    marks = ", ".join("?" * len(codes))
    assert vault.count("incident", f"external_id in ({marks})", tuple(codes)) == len(codes)
