"""One invented group of 300 incidents, ingested once, and one release of it."""

import datetime
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from anonymize import BuiltRelease, Policy, ReleaseSettings, build_release, closed_window, load_population
from anonymize.dimensions import Coding
from anonymize.periods import PeriodCodes
from anonymize.population import Population
from ingest import ingest_files, load_sources
from ingest.synthetic import synthesize
from tests.vault_factory import new_vault
from vault import Vault

from .small_vault import POLICY, coding

NOW = datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.UTC)
# A small group needs weaker records than the packaged policy asks for; the rules for tables stay.
GROUP_POLICY = replace(POLICY, records=replace(POLICY.records, publish=True, k=3, max_suppressed_share=0.3))
SETTINGS = ReleaseSettings(
    release_id="007",
    group="Invented group",
    publisher="",
    licence="CC-BY-4.0",
    licence_url="https://example.org/licence",
    contact="+49000000000",
    base_url="https://example.org",
    built_at=NOW.date(),
    record_delay_days=90,
    contributing_organisations=1,
    withheld_version="0.1.0",
)


@dataclass(frozen=True)
class Published:
    """A release, and everything that a test needs to know the truth behind it."""

    built: BuiltRelease
    folder: Path
    policy: Policy
    population: Population
    coding: Coding

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query on release.db."""
        connection = sqlite3.connect(f"file:{self.folder / 'release.db'}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql)]
        finally:
            connection.close()

    def tables(self) -> list[str]:
        """Return the names of the tables of counts and money."""
        return [row["name"] for row in self.rows("SELECT name FROM catalog")]


@pytest.fixture(scope="session")
def group_vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """The vault of the invented group; tests must leave it as it is."""
    folder = tmp_path_factory.mktemp("group")
    synthesize(folder / "files", incidents=300, seed=7)
    sources = load_sources(Path(__file__).parents[2] / "ingest" / "sources")
    with new_vault(folder) as vault:
        ingest_files(vault, [folder / "files"], sources=sources, now=NOW)
        yield vault


@pytest.fixture(scope="session")
def published(group_vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The release of the invented group, its records included."""
    folder = tmp_path_factory.mktemp("release")
    built = build_release(group_vault, GROUP_POLICY, SETTINGS, folder)
    window = closed_window(SETTINGS.built_at, SETTINGS.record_delay_days)
    periods = PeriodCodes(window.period_to.year - GROUP_POLICY.years_shown + 1, window.period_to)
    population = load_population(group_vault, GROUP_POLICY, window)
    return Published(built, folder, GROUP_POLICY, population, coding(GROUP_POLICY, periods))
