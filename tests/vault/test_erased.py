"""Who withdrew is in no page of the file, free ones included, and in no backup made after.

Every page is decrypted in memory and searched, as somebody with the passphrase and a disk editor would.
"""

import datetime
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from codebook import UsageError, VaultError
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault, reopened
from vault import Vault, chain_faults, change_passphrase, open_vault, withdraw_person
from vault.backup import backup_vault, restore_vault

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
PAGE, RESERVED = 4096, 80  # SQLCipher 4: initialisation vector of 16 bytes and HMAC-SHA512 behind each page
VALUES = (
    "Хадижат Неизвестная",
    "+7 928 000-00-77",
    "K-4711",
    "her earlier story",
    "her waiting story",
    "hex-print-77",
)


def decrypted(path: Path, raw_key: str) -> bytes:
    """Return the content of every page of a vault, in use or free; the salt is not of the first page."""
    key, content = bytes.fromhex(raw_key[:64]), path.read_bytes()
    pages = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        pages.append(decryptor.update(page[16 if not start else 0 : PAGE - RESERVED]) + decryptor.finalize())
    return b"".join(pages)


def found_in(path: Path, raw_key: str) -> list[str]:
    content = decrypted(path, raw_key)
    return [value for value in VALUES if value.encode("utf-8") in content]


def with_her(folder: Path, others: int = 120) -> Vault:
    """Return a vault in which her values are in every table that can hold them, among many other rows."""
    vault = new_vault(folder)
    name, phone, code, before, waiting, printed = VALUES
    for number in range(others):
        vault.insert("incident", [{"incident_id": str(1000 + number), "narrative": "n" * 900}])
        vault.insert("person", [{"person_id": str(1000 + number), "incident_id": str(1000 + number)}])
    vault.insert(
        "incident", [{"incident_id": "7", "external_id": code, "narrative": f"{name} {phone} " * 300}]
    )
    vault.insert("person", [{"person_id": "77", "incident_id": "7", "name": name, "source_id": "70"}])
    vault.insert("act", [{"act_id": "71", "incident_id": "7", "person_id": "77"}])
    vault.insert("source", [{"source_id": "70", "incident_id": "7", "record_key": "a.b", "adapter": "x"}])
    vault.insert("evidence", [{"evidence_id": "72", "incident_id": "7", "evidence_sha256": printed}])
    vault.insert(
        "evidence_name", [{"evidence_name_id": "1", "evidence_id": "72", "name_fingerprint": printed}]
    )
    vault.insert("match_key", [{"match_key_id": "73", "person_id": "77", "fingerprint": printed}])
    history = {
        "incident_id": "7",
        "source_id": "70",
        "before_json": json.dumps({"a": before, "b": name}, ensure_ascii=False),
    }
    vault.insert("history", [{"history_id": "74", **history}])
    moved = {"incident_id": "1001", "source_id": "70", "before_json": json.dumps({"a": before})}
    vault.insert("history", [{"history_id": "75", **moved}])
    row = {"cells": {"Код": code, "Рассказ": waiting, "Имя": name}}
    row_json = json.dumps(row, ensure_ascii=False)
    vault.insert("quarantine", [{"quarantine_id": "76", "row_json": row_json, "status": "waiting"}])
    vault.insert("duplicate", [{"duplicate_id": "8", "kind": "person", "left_id": "77", "right_id": "1001"}])
    joined = json.dumps({"pairs": [["77", "1001"]], "before": {"77": {"household_id": printed}}})
    decision = {"duplicate_decision_id": "9", "duplicate_id": "8", "joined_json": joined}
    vault.insert("duplicate_decision", [decision])
    other = json.dumps({"pairs": [["1002", "1001"]], "before": {"77": {"household_id": printed}, "1002": {}}})
    vault.insert(
        "duplicate_decision", [{"duplicate_decision_id": "10", "duplicate_id": "x", "joined_json": other}]
    )
    return vault


def test_her_values_are_found_in_the_pages_before_she_withdraws(tmp_path):
    with with_her(tmp_path) as vault:
        assert found_in(vault.path, vault.access.raw_key) == list(VALUES)


def test_no_page_of_the_file_holds_a_value_of_hers_after_she_withdrew(tmp_path):
    with with_her(tmp_path) as vault:
        done = withdraw_person(vault, "K-4711", now=NOW)
        assert (done.persons, done.incidents, done.waiting, done.shared) == (1, 1, 1, 0)
        assert found_in(vault.path, vault.access.raw_key) == []
        assert vault.database.conn.execute("PRAGMA freelist_count").fetchone()[0] == 0
        assert vault.count("person") == 120
        assert vault.count("evidence") == vault.count("evidence_name") == vault.count("duplicate") == 0
        (left,) = vault.rows("duplicate_decision")
        assert json.loads(left["joined_json"]) == {"pairs": [["1002", "1001"]], "before": {"1002": {}}}
    assert [path.name for path in (tmp_path / "private").iterdir()] == ["vault.db"]


def test_erasing_overwrites_also_before_the_file_is_compacted(tmp_path, monkeypatch):
    with with_her(tmp_path) as vault:
        monkeypatch.setattr(Vault, "compact", lambda self: None)
        withdraw_person(vault, "K-4711", now=NOW)
        assert found_in(vault.path, vault.access.raw_key) == []


def test_where_the_file_cannot_be_written_anew_she_is_erased_all_the_same_and_that_is_said(tmp_path):
    with with_her(tmp_path) as vault, reopened(tmp_path) as other:
        with pytest.raises(VaultError, match="it is erased and overwritten"):
            _compacted_beside(vault, other)
        assert found_in(vault.path, vault.access.raw_key) == []


def _compacted_beside(vault: Vault, other: Vault) -> None:
    """Withdraw while another program begins to write right before the file is written anew."""
    compact = vault.compact

    def late() -> None:
        other.database.conn.execute("BEGIN IMMEDIATE")
        vault.database.conn.execute("PRAGMA busy_timeout = 0")
        compact()

    vault.compact = late  # type: ignore[method-assign]
    withdraw_person(vault, "K-4711", now=NOW)


def test_no_backup_made_after_holds_her_and_one_made_before_does(tmp_path):
    with with_her(tmp_path) as vault:
        key = vault.access.raw_key
        backup_vault(vault, tmp_path / "before", now=NOW)
        withdraw_person(vault, "K-4711", now=NOW)
        backup_vault(vault, tmp_path / "after", now=NOW)
    assert found_in(tmp_path / "before", key) == list(VALUES)
    assert found_in(tmp_path / "after", key) == []
    path = tmp_path / "new" / "private" / "vault.db"
    restore_vault(tmp_path / "after", path, PASSPHRASE, now=NOW, cost=CHEAP)
    with open_vault(path, PASSPHRASE, cost=CHEAP) as vault:
        assert found_in(path, vault.access.raw_key) == []


def test_an_incident_of_several_persons_stays_and_is_counted_as_shared(tmp_path):
    with with_her(tmp_path) as vault:
        vault.insert("person", [{"person_id": "78", "incident_id": "7", "external_id": "K-4711/2"}])
        done = withdraw_person(vault, "K-4711/2", now=NOW)
        assert (done.persons, done.incidents, done.shared) == (1, 0, 1)
        assert vault.count("incident", "incident_id = 7") == 1


@pytest.mark.parametrize("mode", ["journal_mode", "temp_store", "secure_delete"])
def test_nothing_is_kept_in_a_log_or_a_temporary_file(tmp_path, mode):
    expected = {"journal_mode": "delete", "temp_store": 2, "secure_delete": 1}[mode]
    new_vault(tmp_path).close()
    with reopened(tmp_path) as vault:
        assert vault.database.conn.execute(f"PRAGMA {mode}").fetchone()[0] == expected


def test_who_withdrew_after_a_backup_is_erased_again_when_it_is_restored(tmp_path):
    with with_her(tmp_path) as vault:
        key = vault.access.raw_key
        vault.insert("incident", [{"incident_id": "8", "external_id": "K-8"}])
        vault.insert("source", [{"source_id": "80", "incident_id": "8", "record_key": "c.d", "adapter": "x"}])
        both = (
            {"person_id": str(n), "incident_id": "8", "external_id": f"K-8/{n}", "source_id": "80"}
            for n in (81, 82)
        )
        vault.insert("person", both)
        backup_vault(vault, tmp_path / "before", now=NOW)
        withdraw_person(vault, "K-4711", now=NOW)
        withdraw_person(vault, "K-8/81", now=NOW)
    restored = restore_vault(
        tmp_path / "before", tmp_path / "private" / "vault.db", PASSPHRASE, now=NOW, cost=CHEAP
    )
    assert restored.withdrawn_again == 2
    with reopened(tmp_path) as vault:
        assert found_in(vault.path, key) == []
        assert {row["person_id"] for row in vault.rows("person", "person_id < 1000")} == {"82"}
        assert vault.count("quarantine", "row_json <> '{}'") == 0
        assert chain_faults(vault) == []


def test_where_the_vault_before_does_not_open_nobody_knows_who_withdrew_and_that_is_said(tmp_path):
    with with_her(tmp_path) as vault:
        backup_vault(vault, tmp_path / "before", now=NOW)
        change_passphrase(vault, "another six words", now=NOW)
    path = tmp_path / "private" / "vault.db"
    restored = restore_vault(tmp_path / "before", path, PASSPHRASE, now=NOW, cost=CHEAP)
    assert restored.withdrawn_again is None
    new = tmp_path / "new" / "private" / "vault.db"
    assert restore_vault(tmp_path / "before", new, PASSPHRASE, now=NOW, cost=CHEAP).withdrawn_again == 0


def test_who_withdrew_stays_withdrawn_where_the_passphrase_of_the_vault_before_is_given_too(tmp_path):
    path, later = tmp_path / "private" / "vault.db", "another six words"
    with with_her(tmp_path) as vault:
        key = vault.access.raw_key
        backup_vault(vault, tmp_path / "before", now=NOW)
        withdraw_person(vault, "K-4711", now=NOW)
        change_passphrase(vault, later, now=NOW)
    before = path.read_bytes()
    for wrong in ("a wrong one", PASSPHRASE):
        with pytest.raises(UsageError, match="does not open with the passphrase given for it"):
            restore_vault(
                tmp_path / "before", path, PASSPHRASE, now=NOW, cost=CHEAP, present_passphrase=wrong
            )
    assert path.read_bytes() == before
    restored = restore_vault(
        tmp_path / "before", path, PASSPHRASE, now=NOW, cost=CHEAP, present_passphrase=later
    )
    assert restored.withdrawn_again == 1
    with reopened(tmp_path) as vault:
        assert found_in(vault.path, key) == []


def test_what_is_advised_where_her_withdrawal_was_not_known_does_erase_her(tmp_path):
    path, later = tmp_path / "private" / "vault.db", "another six words"
    with with_her(tmp_path) as vault:
        backup_vault(vault, tmp_path / "before", now=NOW)
        withdraw_person(vault, "K-4711", now=NOW)
        change_passphrase(vault, later, now=NOW)
    unknown = restore_vault(tmp_path / "before", path, PASSPHRASE, now=NOW, cost=CHEAP)
    assert unknown.withdrawn_again is None
    assert unknown.aside is not None
    steps = [datetime.timedelta(minutes=minutes) for minutes in (1, 2)]
    restore_vault(unknown.aside, path, later, now=NOW + steps[0], cost=CHEAP)
    again = restore_vault(
        tmp_path / "before", path, PASSPHRASE, now=NOW + steps[1], cost=CHEAP, present_passphrase=later
    )
    assert again.withdrawn_again == 1
