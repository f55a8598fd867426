"""What the tests of upgrades share: a small vault with everything in it, and what a refusal must leave."""

import datetime
from pathlib import Path

import pytest

from codebook import VaultError
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault
from vault import (
    Printed,
    ReleaseEntry,
    Remembered,
    Upgrade,
    append_custody,
    record_release,
    upgrade_vault,
    write_receipt,
)

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=1)
SECRET = "Хадижат Неизвестная"


def path_of(folder: Path) -> Path:
    return folder / "private" / "vault.db"


def upgraded(folder: Path, passphrase: str = PASSPHRASE, *, keep_unknown: bool = False) -> Upgrade | None:
    return upgrade_vault(path_of(folder), passphrase, now=NOW, cost=CHEAP, keep_unknown=keep_unknown)


def refused(folder: Path, kind: type[VaultError], match: str, *, keep_unknown: bool = False) -> str:
    """Make sure that an upgrade is refused, changes nothing and leaves no copy; returns the remedy."""
    before = path_of(folder).read_bytes()
    with pytest.raises(kind, match=match) as error:
        upgraded(folder, keep_unknown=keep_unknown)
    assert path_of(folder).read_bytes() == before
    assert copies(folder) == []
    return error.value.remedy


def copies(folder: Path) -> list[Path]:
    return sorted((folder / "private").glob("before-upgrade-*"))


def write_case(tmp_path: Path) -> Path:
    """Make a vault of this version: a case, its consent, its source row, a run, a release, a log."""
    with new_vault(tmp_path) as vault:
        append_custody(vault, "vault created", now=NOW)
        vault.insert("incident", [{"incident_id": 11, "external_id": "A-1", "motive": ["honour"]}])
        vault.insert("person", [{"person_id": 12, "incident_id": 11, "name": SECRET, "source_id": 13}])
        vault.insert("source", [{"source_id": 13, "incident_id": 11, "record_key": "aa.bb"}])
        vault.insert("consent", [{"consent_id": 14, "person_id": 12, "scope": "statistics"}])
        run = {"ingest_run_id": "15", "ended": "now", "file_sha256": "00", "rows_read": 1, "rows_stored": 1,
               "rows_already_there": 0, "rows_quarantined": 0}  # fmt: skip
        vault.insert("ingest_run", [run])
        append_custody(vault, "file ingested", now=NOW)
        write_receipt(vault, run, size=10)
        entry = ReleaseEntry("one", NOW.date(), "2025-01-01", "2025-12-31", "rules", "PASS", 18, "00")
        cells = {"cell": Printed(7, 5, 5)}
        record_release(vault, entry, Remembered(cells, ("12",), {(("region", "RU-DA"),): 6}, ()))
        append_custody(vault, "release built", now=NOW)
    return tmp_path
