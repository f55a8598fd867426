"""The commands of the vault, as a data officer types them: what they say, refuse and leave behind."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import vault.keys
from tests.vault.older_vaults import rewrite_as_schema_2
from vault import KeyCost
from withheld import cli
from withheld_cli.release_run import require_known_releases
from withheld_cli.workspace import load_workspace

PASSPHRASE = "six words that nobody would guess"
NEW, TRUSTEE = "another six words of the group", "a passphrase of the trustee"
Run = Callable[..., Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process with a cheap key; the answer is its JSON, or its error."""
    cheap = KeyCost(n=2**4)
    for name in ("create_vault", "open_vault", "restore_vault", "upgrade_vault"):
        original = getattr(vault, name)
        monkeypatch.setattr(vault, name, _with(original, cheap))

    def answer(*arguments: str, passphrase: str = PASSPHRASE, fails: bool = False, **environment: str) -> Any:
        told = {"WITHHELD_PASSPHRASE": passphrase, **environment}
        result = CliRunner().invoke(cli, [*arguments, "--json"], env=told)
        if fails:
            assert result.exit_code != 0
            return getattr(result.exception, "reason", None) or json.loads(result.stdout)
        assert result.exit_code == 0, (result.output, result.exception)
        return json.loads(result.stdout)

    return answer


def _with(function: Callable[..., Any], cost: KeyCost) -> Callable[..., Any]:
    return lambda *arguments, **options: function(*arguments, cost=cost, **options)


@pytest.fixture
def group(tmp_path: Path, run: Run) -> str:
    run("init", str(tmp_path / "group"), "--group", "Our group")
    return str(tmp_path / "group")


def test_the_passphrase_changes_and_the_old_one_is_wrong_from_then_on(run, group):
    changed = run("vault", "passphrase", "-w", group, WITHHELD_NEW_PASSPHRASE=NEW)
    assert changed == {"changed": True, "trustees": 0, "key_file": False}
    assert "does not open" in run("verify", "-w", group, fails=True)
    assert run("verify", "-w", group, passphrase=NEW)["custody_broken_at"] == []


def test_a_trustee_is_let_in_listed_and_removed_and_every_command_takes_her_passphrase(run, group):
    assert run("vault", "trustee", "add", "-w", group, WITHHELD_TRUSTEE_PASSPHRASE=TRUSTEE)["trustee"] == 1
    run("vault", "passphrase", "-w", group, WITHHELD_NEW_PASSPHRASE=NEW)
    for passphrase in (NEW, TRUSTEE):
        assert run("status", "-w", group, passphrase=passphrase)["rows"]["person"] == 0
        assert len(run("vault", "trustee", "list", "-w", group, passphrase=passphrase)["trustees"]) == 1
    assert run("vault", "trustee", "remove", "1", "-w", group, passphrase=NEW) == {"removed": 1}
    assert "does not open" in run("status", "-w", group, passphrase=TRUSTEE, fails=True)


def test_slots_that_were_taken_away_or_changed_are_found_by_verify_and_repaired(run, group):
    run("vault", "trustee", "add", "-w", group, WITHHELD_TRUSTEE_PASSPHRASE=TRUSTEE)
    slots = Path(group) / "private" / "vault.keys"
    for damage in (slots.unlink, lambda: slots.write_text("{}", encoding="utf-8")):
        damage()
        assert run("verify", "-w", group, fails=True)["trustees_file_differs"] is True
        assert run("vault", "trustee", "repair", "-w", group) == {"trustees": 1}
        assert run("verify", "-w", group, passphrase=TRUSTEE)["trustees_file_differs"] is False


def test_a_key_file_is_needed_from_init_on_by_option_or_environment(run, tmp_path):
    key, group = tmp_path / "key", str(tmp_path / "group")
    key.write_bytes(os.urandom(64))
    run("init", group, "--group", "Our group", "--key-file", str(key))
    assert "does not open" in run("status", "-w", group, fails=True)
    assert run("status", "-w", group, WITHHELD_KEY_FILE=str(key))["releases"] == 0
    assert run("vault", "trustee", "list", "-w", group, "--key-file", str(key))["trustees"] == []
    changed = run("vault", "passphrase", "-w", group, "--key-file", str(key), WITHHELD_NEW_PASSPHRASE=NEW)
    assert changed["key_file"] is True
    options = ("--key-file", str(key), "--no-key-file")
    assert run(
        "vault", "passphrase", "-w", group, *options, passphrase=NEW, WITHHELD_NEW_PASSPHRASE=PASSPHRASE
    )
    assert run("status", "-w", group)["releases"] == 0


def test_a_backup_is_restored_and_the_vault_in_its_place_is_kept(run, group, tmp_path):
    made = run("vault", "backup", "-w", group, str(tmp_path / "copy"))
    assert "there already" in run("vault", "backup", "-w", group, str(tmp_path / "copy"), fails=True)
    restored = run("vault", "restore", "-w", group, str(tmp_path / "copy"))
    assert restored["sha256"] == made["sha256"]
    assert Path(restored["aside"]).exists()
    assert restored["releases_unknown_to_vault"] == []
    verified = run("verify", "-w", group)
    assert (verified["vault_faults"], verified["custody_entries"]) == (0, 2)


def test_an_older_vault_is_upgraded_once_and_only_when_asked(run, group, tmp_path):
    run("ingest", "-w", group, str(_generated(run, tmp_path)), "--source", "casebook_ru")
    rewrite_as_schema_2(Path(group) / "private" / "vault.db", passphrase=PASSPHRASE)
    assert "older version" in run("status", "-w", group, fails=True)
    done = run("vault", "upgrade", "-w", group)
    assert (done["upgraded"], done["from_version"], done["to_version"]) == (True, 2, 3)
    assert (done["kept"], done["unknown_codes"], done["runs_without_receipt"]) == ([], 0, 1)
    assert Path(done["backup"]).parent == Path(group) / "private"
    assert run("vault", "upgrade", "-w", group) == {"upgraded": False}
    verified = run("verify", "-w", group)
    assert (verified["receipts_broken"], verified["runs_before_receipts"]) == ([], 1)
    again = run("ingest", "-w", group, str(next((tmp_path / "in").glob("*.xlsx"))), "--source", "casebook_ru")
    assert again["files"][0]["stored"] == 0
    restored = run("vault", "restore", "-w", group, done["backup"])
    assert restored["upgraded_from"] == 2


def test_no_release_is_built_beside_one_that_the_restored_vault_does_not_remember(run, group, tmp_path):
    run("vault", "backup", "-w", group, str(tmp_path / "copy"))
    later = Path(group) / "public" / "2026-q1"
    later.mkdir()
    (later / "release.db").write_bytes(b"")
    restored = run("vault", "restore", "-w", group, str(tmp_path / "copy"))
    assert restored["releases_unknown_to_vault"] == ["2026-q1"]
    told = run("release", "-w", group, "--dry-run", fails=True)
    assert "1 releases that the vault does not remember" in told
    assert not list(Path(group).glob(".release-being-built-*"))
    shutil.rmtree(later)
    workspace = load_workspace(Path(group))
    with vault.open_vault(workspace.vault_path, PASSPHRASE) as opened:
        require_known_releases(workspace, opened)
        assert list(opened.rows("custody"))[-1]["action"] == "release refused"


def test_a_receipt_is_exported_and_checked_with_and_without_the_vault(run, group, tmp_path):
    run("ingest", "-w", group, str(_generated(run, tmp_path)), "--source", "casebook_ru")
    (one,) = run("receipt", "list", "-w", group)["receipts"]
    out = tmp_path / "receipt.json"
    run("receipt", "export", "-w", group, one["run"], str(out))
    assert run("receipt", "check", str(out), passphrase="")["signature"] is True
    assert run("receipt", "check", str(out), "--against-vault", "-w", group)["faults"] == []
    assert one["bytes"] == sum(path.stat().st_size for path in (tmp_path / "in").glob("*.xlsx"))
    out.write_text(out.read_text().replace('"rows_read": ', '"rows_read": 1'))
    assert run("receipt", "check", str(out), fails=True)["signature"] is False
    assert "no receipt of that run" in run(
        "receipt", "export", "-w", group, "1", str(tmp_path / "x"), fails=True
    )
    found = run("verify", "-w", group)
    assert (found["receipts"], found["receipts_broken"]) == (1, [])


def _generated(run: Run, folder: Path) -> Path:
    run("synthesize", str(folder / "in"), "--incidents", "20", "--as", "spreadsheet")
    (path,) = (folder / "in").glob("*.xlsx")
    return path


def test_evidence_is_registered_and_checked(run, group, tmp_path):
    run("ingest", "-w", group, str(_generated(run, tmp_path)), "--source", "casebook_ru")
    with vault.open_vault(Path(group) / "private" / "vault.db", PASSPHRASE) as opened:
        code = next(iter(opened.rows("incident")))["external_id"]
    (tmp_path / "kept").mkdir()
    photo = tmp_path / "kept" / "her name.jpg"
    photo.write_bytes(b"a picture")
    added = run("evidence", "add", "-w", group, str(photo), "--case", code, "--captured", "2026-03-01")
    assert added == {"added": 1, "already_there": 0}
    assert run("evidence", "check", "-w", group, str(photo.parent))["found"] == 1
    photo.write_bytes(b"another picture")
    changed = run("evidence", "check", "-w", group, str(photo.parent), fails=True)
    assert (changed["changed"], changed["missing_cases"]) == (1, [code])


def test_verify_names_a_changed_link_of_the_custody_chain(run, group):
    run("vault", "trustee", "add", "-w", group, WITHHELD_TRUSTEE_PASSPHRASE=TRUSTEE)
    with vault.open_vault(Path(group) / "private" / "vault.db", PASSPHRASE) as opened:
        opened.database.conn.execute("DROP TRIGGER custody_no_update")
        opened.update("custody", "1", {"actor_role": "nobody"})
    found = run("verify", "-w", group, fails=True)
    assert found["custody_broken_at"] == [1, 2]
    assert {"entry": 1, "kind": "changed"} in found["custody_faults"]


def test_a_command_whose_question_nobody_answers_locks_the_vault_and_changes_nothing(run, group, monkeypatch):
    settings = Path(group) / "withheld.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("lock_after_minutes: 5 ", "lock_after_minutes: 0.001 "))
    asked = vault.resolve_passphrase

    def slow(*arguments: Any, confirm: bool = False, **options: Any) -> str:
        time.sleep(0.5 if confirm else 0)
        return NEW if confirm else asked(*arguments, **options)

    monkeypatch.setattr(vault, "resolve_passphrase", slow)
    assert "the vault was locked" in run("vault", "passphrase", "-w", group, fails=True)
    assert run("verify", "-w", group)["custody_entries"] == 1


@pytest.mark.parametrize("minutes", ["0", "-5", "61"])
def test_a_time_until_the_lock_that_is_none_or_too_long_is_refused(run, group, minutes):
    settings = Path(group) / "withheld.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("lock_after_minutes: 5 ", f"lock_after_minutes: {minutes} "))
    assert "lock_after_minutes is not allowed" in run("status", "-w", group, fails=True)


def test_everything_private_is_the_owners_whatever_the_umask(run, tmp_path):
    before = os.umask(0)
    try:
        group = str(tmp_path / "group")
        run("init", group, "--group", "Our group")
        run("vault", "trustee", "add", "-w", group, WITHHELD_TRUSTEE_PASSPHRASE=TRUSTEE)
        run("vault", "backup", "-w", group, str(tmp_path / "copy"))
        run("vault", "restore", "-w", group, str(tmp_path / "copy"))
    finally:
        os.umask(before)
    private = Path(group) / "private"
    assert len(list(private.iterdir())) == 4
    for path in (private, *private.iterdir(), tmp_path / "copy"):
        assert path.stat().st_mode & 0o077 == 0, path.name
