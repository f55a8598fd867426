"""Passphrases, the key file and trustees: every way in opens the same vault, and nothing else does."""

import datetime
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook import UsageError, VaultDamaged, VaultError, WrongPassphrase
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault, reopened
from vault import Vault, chain_faults, create_vault, integrity_faults, open_vault, resolve_passphrase
from vault.keys import derive_key, is_weak, key_file_digest
from vault.slots import parse_slots, read_slots, slots_path, write_slots
from vault.trustees import (
    add_trustee,
    change_passphrase,
    remove_trustee,
    repair_trustees,
    slots_differ,
    trustee_slots,
)

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
TRUSTEE = "a passphrase of the trustee"
NEW = "another six words of the group"
WORDS = st.text(min_size=1, max_size=30)


def path_of(folder: Path) -> Path:
    return folder / "private" / "vault.db"


def opened(folder: Path, passphrase: str, **options):
    return open_vault(path_of(folder), passphrase, cost=CHEAP, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A vault with one row and one trustee."""
    with new_vault(tmp_path) as vault:
        vault.insert("incident", [{"incident_id": "7"}])
        add_trustee(vault, TRUSTEE, now=NOW)
    return tmp_path


def test_the_key_is_scrypts_at_128_mebibytes_a_guess_and_is_handed_over_raw(tmp_path: Path):
    path = path_of(tmp_path)
    with create_vault(path, PASSPHRASE) as vault:
        vault.insert("incident", [{"incident_id": "7"}])
    salt = path.read_bytes()[:16]
    cost = {"n": 2**17, "r": 8, "p": 1}
    assert 128 * cost["n"] * cost["r"] == 128 * 2**20
    key = hashlib.scrypt(PASSPHRASE.encode(), salt=salt, maxmem=2**28, dklen=32, **cost).hex() + salt.hex()
    connection = sqlcipher3.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    assert connection.execute("SELECT incident_id FROM incident").fetchall() == [(7,)]
    connection.close()


def test_the_trustee_and_the_group_open_the_same_vault_and_the_log_tells_them_apart(folder):
    for passphrase, role in ((PASSPHRASE, "data officer"), (TRUSTEE, "trustee")):
        with opened(folder, passphrase) as vault:
            assert [row["incident_id"] for row in vault.rows("incident")] == ["7"]
            assert vault.access.actor_role == role


def test_the_vault_opens_with_its_passphrase_alone_without_the_file_of_slots(folder):
    slots_path(path_of(folder)).unlink()
    with reopened(folder) as vault:
        assert slots_differ(vault)
        repair_trustees(vault, now=NOW)
        assert not slots_differ(vault)
    opened(folder, TRUSTEE).close()


def test_a_new_passphrase_shuts_out_the_old_one_and_keeps_every_trustee(folder):
    with reopened(folder) as vault:
        add_trustee(vault, "and a second trustee", now=NOW)
        assert change_passphrase(vault, NEW, now=NOW) == 2
        assert vault.count("incident") == 1  # the vault stays open
    for passphrase in (NEW, TRUSTEE, "and a second trustee"):
        with opened(folder, passphrase) as vault:
            assert integrity_faults(vault) == 0
            assert chain_faults(vault) == []
    with pytest.raises(WrongPassphrase):
        reopened(folder)
    assert [len(slot.sealed_keys) for slot in read_slots(slots_path(path_of(folder)))] == [1, 1]


def test_a_trustee_can_give_the_group_a_new_passphrase(folder):
    with opened(folder, TRUSTEE) as vault:
        change_passphrase(vault, NEW, now=NOW)
        assert list(vault.rows("custody"))[-1]["actor_role"] == "trustee"
    opened(folder, NEW).close()


def test_a_removed_trustee_is_shut_out_and_an_old_copy_of_her_slot_too_after_a_new_passphrase(folder):
    copy = slots_path(path_of(folder)).read_bytes()
    with reopened(folder) as vault:
        remove_trustee(vault, 1, now=NOW)
        assert trustee_slots(vault) == ()
    assert not slots_path(path_of(folder)).exists()
    with pytest.raises(WrongPassphrase):
        opened(folder, TRUSTEE)
    with reopened(folder) as vault:
        change_passphrase(vault, NEW, now=NOW)
    slots_path(path_of(folder)).write_bytes(copy)
    with pytest.raises(WrongPassphrase):
        opened(folder, TRUSTEE)


def test_numbers_of_trustees_that_are_not_there_and_known_passphrases_are_refused(folder):
    with reopened(folder) as vault:
        with pytest.raises(UsageError, match="no trustee of that number"):
            remove_trustee(vault, 2, now=NOW)
        with pytest.raises(UsageError, match="the main passphrase"):
            add_trustee(vault, PASSPHRASE, now=NOW)
        with pytest.raises(UsageError, match="has that passphrase already"):
            change_passphrase(vault, PASSPHRASE, now=NOW)


def test_the_file_of_slots_is_the_owners_and_tells_nothing_of_trustee_or_key(folder):
    path = slots_path(path_of(folder))
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text(encoding="utf-8")
    with reopened(folder) as vault:
        assert vault.access.raw_key not in text
        assert vault.access.raw_key[:64] not in text
    assert sorted(one.name for one in path.parent.iterdir()) == ["vault.db", "vault.keys"]


@settings(max_examples=60)
@given(data=st.data())
def test_any_flipped_bit_of_the_file_of_slots_is_refused(slots_bytes, data):
    content = bytearray(slots_bytes)
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VaultDamaged, match=r"vault\.keys is damaged"):
        parse_slots(content.decode("utf-8", "surrogateescape"))


@pytest.fixture(scope="module")
def slots_bytes(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("slots")
    with new_vault(folder) as vault:
        add_trustee(vault, TRUSTEE, now=NOW)
    return slots_path(path_of(folder)).read_bytes()


def test_damaged_slots_are_named_to_a_trustee_and_keep_nobody_with_the_main_passphrase_out(folder):
    path = slots_path(path_of(folder))
    path.write_bytes(path.read_bytes().replace(b'"number": 1', b'"number": 2'))
    with pytest.raises(VaultDamaged, match="no trustee can open"):
        opened(folder, TRUSTEE)
    reopened(folder).close()


def test_slots_of_another_vault_open_nothing(folder, tmp_path):
    with new_vault(tmp_path / "other") as vault:
        add_trustee(vault, TRUSTEE, now=NOW)
    slots_path(path_of(folder)).write_bytes(slots_path(path_of(tmp_path / "other")).read_bytes())
    with pytest.raises(WrongPassphrase):
        opened(folder, TRUSTEE)


@settings(max_examples=15)
@given(words=st.lists(WORDS, min_size=2, max_size=4, unique=True), wrong=st.lists(WORDS, max_size=3))
def test_any_slot_opens_the_same_vault_and_a_wrong_secret_never_does(tmp_path_factory, words, wrong):
    folder = tmp_path_factory.mktemp("any")
    with new_vault(folder) as vault:
        vault.insert("incident", [{"incident_id": "7"}])
        for one in words:
            add_trustee(vault, one, now=NOW)
    for one in words:
        with opened(folder, one) as vault:
            assert vault.count("incident", "incident_id = 7") == 1
    for one in {*wrong, *(f"{word} " for word in words)} - {*words, PASSPHRASE}:
        with pytest.raises(WrongPassphrase, match="does not open this vault"):
            opened(folder, one)


def test_a_wrong_passphrase_says_the_same_and_derives_as_often_with_and_without_slots(
    folder, tmp_path, monkeypatch
):
    new_vault(tmp_path / "bare").close()
    derivations, told = [], []

    def counted(*arguments: Any, **options: Any) -> str:
        derivations.append(1)
        return derive_key(*arguments, **options)

    monkeypatch.setattr("vault.opening.derive_key", counted)
    for one in (folder, tmp_path / "bare"):
        with pytest.raises(WrongPassphrase) as error:
            opened(one, "not the passphrase")
        told.append((error.value.reason, error.value.remedy, len(derivations)))
        derivations.clear()
    assert told[0] == told[1]
    assert told[0][2] == 1


def test_a_key_file_is_needed_beside_the_passphrase_and_any_other_content_is_wrong(tmp_path, monkeypatch):
    key, other = tmp_path / "key", tmp_path / "other"
    key.write_bytes(b"k" * 64)
    other.write_bytes(b"k" * 63 + b"l")
    with new_vault(tmp_path) as vault:
        change_passphrase(vault, NEW, now=NOW, key_file_sha256=key_file_digest(key))
    opened(tmp_path, NEW, key_file_sha256=key_file_digest(key)).close()
    for digest in (b"", key_file_digest(other)):
        with pytest.raises(WrongPassphrase):
            opened(tmp_path, NEW, key_file_sha256=digest)
    monkeypatch.setenv("WITHHELD_KEY_FILE", str(key))
    assert key_file_digest(None) == key_file_digest(key)


def test_a_key_file_that_is_missing_or_no_secret_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        key_file_digest(tmp_path / "nothing")
    (tmp_path / "short").write_bytes(b"abc")
    with pytest.raises(UsageError, match="smaller than 32 bytes"):
        key_file_digest(tmp_path / "short")


def test_a_weak_new_passphrase_is_refused_at_the_prompt_and_told_of_elsewhere(monkeypatch):
    monkeypatch.delenv("WITHHELD_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = ["eleven char"]
    monkeypatch.setattr("getpass.getpass", lambda question: typed[0])
    assert resolve_passphrase(None) == typed[0], "an old one is taken as it is"
    with pytest.raises(UsageError, match="shorter than 12") as error:
        resolve_passphrase(None, confirm=True)
    assert "six random words" in error.value.remedy
    typed[0] = "twelve chars"
    assert resolve_passphrase(None, confirm=True) == typed[0]
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "eleven char")
    assert resolve_passphrase(None, confirm=True) == "eleven char"
    assert is_weak("eleven char")
    assert not is_weak("twelve chars")


def test_a_passphrase_is_not_changed_while_somebody_else_uses_the_vault(folder):
    with reopened(folder) as vault, reopened(folder) as other:
        vault.database.conn.execute("PRAGMA busy_timeout = 0")
        other.database.conn.execute("BEGIN")
        list(other.rows("incident"))
        with pytest.raises(VaultError):
            change_passphrase(vault, NEW, now=NOW)
        other.database.conn.execute("ROLLBACK")
    for passphrase in (PASSPHRASE, TRUSTEE):
        opened(folder, passphrase).close()


@pytest.mark.parametrize("place", ["first file", "before the pages", "after the pages", "second file"])
def test_a_change_that_ends_between_two_steps_leaves_one_passphrase_and_every_trustee(
    folder, monkeypatch, place
):
    files: list[int] = []

    def writing(path: Path, slots: Any) -> None:
        files.append(1)
        if place == ("first file", "second file")[len(files) - 1]:
            raise KeyboardInterrupt
        write_slots(path, slots)

    def changing(vault: Vault, raw_key: str) -> None:
        if place == "before the pages":
            raise KeyboardInterrupt
        change_key(vault, raw_key)
        if place == "after the pages":
            raise KeyboardInterrupt

    change_key = Vault.change_key
    monkeypatch.setattr("vault.trustees.write_slots", writing)
    monkeypatch.setattr(Vault, "change_key", changing)
    with reopened(folder) as vault, pytest.raises(KeyboardInterrupt):
        change_passphrase(vault, NEW, now=NOW)
    right, wrong = (NEW, PASSPHRASE) if place in ("after the pages", "second file") else (PASSPHRASE, NEW)
    for passphrase in (right, TRUSTEE):
        with opened(folder, passphrase) as vault:
            assert integrity_faults(vault) == 0
    with pytest.raises(WrongPassphrase):
        opened(folder, wrong)


_CHANGER = """
import datetime, sys
from pathlib import Path
from tests.vault_factory import CHEAP, PASSPHRASE
from vault import open_vault
from vault.trustees import change_passphrase
folder, new = Path(sys.argv[1]), sys.argv[2]
now = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
vault = open_vault(folder / "private" / "vault.db", PASSPHRASE, cost=CHEAP)
print("ready", flush=True)
while True:
    for passphrase in (new, PASSPHRASE):
        change_passphrase(vault, passphrase, now=now)
"""


def test_a_change_that_is_killed_at_any_moment_leaves_a_vault_that_opens(tmp_path):
    with new_vault(tmp_path) as vault:
        narratives = ({"incident_id": str(n), "narrative": "x" * 3000} for n in range(300))
        vault.insert("incident", narratives)
        add_trustee(vault, TRUSTEE, now=NOW)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    chance = random.Random(7)
    for _ in range(6):
        command = [sys.executable, "-c", _CHANGER, str(tmp_path), NEW]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.002, 0.12))
            process.send_signal(signal.SIGKILL)
        opening = [one for one in ("never right", PASSPHRASE, NEW, TRUSTEE) if _opens_whole(tmp_path, one)]
        assert opening in ([PASSPHRASE, TRUSTEE], [NEW, TRUSTEE])
        if opening[0] == NEW:
            with opened(tmp_path, NEW) as vault:
                change_passphrase(vault, PASSPHRASE, now=NOW)


def _opens_whole(folder: Path, passphrase: str) -> bool:
    try:
        with opened(folder, passphrase) as vault:
            assert integrity_faults(vault) == 0
            assert vault.count("incident") == 300
            assert chain_faults(vault) == []
    except WrongPassphrase:
        return False
    return True
