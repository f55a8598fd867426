"""A backup is the vault again: encrypted, whole, checked, and never in the way of what is there."""

import datetime
import shutil
from pathlib import Path

import pytest

from codebook import UsageError, VaultDamaged, VaultError, WrongPassphrase
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault, reopened
from vault import append_custody, backup, chain_faults, integrity_faults, open_vault
from vault.backup import backup_vault, restore_vault
from vault.encrypted import require_sound
from vault.slots import slots_path
from vault.trustees import add_trustee, change_passphrase, slots_differ

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=1)
TRUSTEE = "a passphrase of the trustee"
SECRET = "Хадижат Неизвестная"


def path_of(folder: Path) -> Path:
    return folder / "private" / "vault.db"


def restored(file: Path, folder: Path, passphrase: str = PASSPHRASE):
    return restore_vault(file, path_of(folder), passphrase, now=NOW, cost=CHEAP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A vault with 200 rows, a trustee and a backup of both."""
    with new_vault(tmp_path) as vault:
        append_custody(vault, "vault created", now=NOW)
        vault.insert("person", [{"person_id": str(n), "name": SECRET} for n in range(200)])
        add_trustee(vault, TRUSTEE, now=NOW)
        backup_vault(vault, tmp_path / "copy", now=NOW)
    return tmp_path


def test_a_backup_is_encrypted_the_owners_and_logged_by_hash_and_size(folder):
    content = (folder / "copy").read_bytes()
    assert SECRET.encode() not in content
    assert b"SQLite format" not in content
    assert (folder / "copy").stat().st_mode & 0o077 == 0
    with reopened(folder) as vault:
        last = list(vault.rows("custody"))[-1]
        assert (last["action"], last["detail"]) == ("vault backed up", f"{len(content)} bytes")
        assert len(last["object_sha256"]) == 64
    assert sorted(path.name for path in folder.iterdir()) == ["copy", "private"]


@pytest.mark.parametrize("passphrase", [PASSPHRASE, TRUSTEE])
def test_a_restored_vault_is_the_one_that_was_backed_up_and_opens_with_the_same_passphrases(
    folder, passphrase
):
    with reopened(folder) as vault:
        vault.delete("person", "1 = 1", [])
    outcome = restored(folder / "copy", folder, passphrase)
    assert outcome.trustees == 1
    for one in (PASSPHRASE, TRUSTEE):
        with open_vault(path_of(folder), one, cost=CHEAP) as vault:
            assert vault.count("person") == 200
            assert integrity_faults(vault) == 0
            assert chain_faults(vault) == []
            assert not slots_differ(vault)
            assert list(vault.rows("custody"))[-1]["action"] == "vault restored"


def test_the_vault_that_was_there_is_moved_aside_whole_and_still_opens(folder):
    with reopened(folder) as vault:
        vault.insert("person", [{"person_id": "777"}])
    aside = restored(folder / "copy", folder).aside
    assert aside is not None
    for one in (PASSPHRASE, TRUSTEE):
        with open_vault(aside, one, cost=CHEAP) as vault:
            assert vault.count("person") == 201
    assert aside.stat().st_mode & 0o077 == 0


def test_a_backup_goes_into_an_empty_folder_too(folder, tmp_path):
    assert restored(folder / "copy", tmp_path / "new").aside is None
    with reopened(tmp_path / "new") as vault:
        assert vault.count("person") == 200


def test_a_backup_without_trustees_is_a_vault_that_opens_by_itself(tmp_path):
    with new_vault(tmp_path) as vault:
        vault.insert("person", [{"person_id": "1"}])
        backup_vault(vault, tmp_path / "copy.db", now=NOW)
    with open_vault(tmp_path / "copy.db", PASSPHRASE, cost=CHEAP) as vault:
        assert vault.count("person") == 1


def test_a_backup_holds_no_free_page_though_the_vault_does(folder):
    with reopened(folder) as vault:
        vault.insert("person", [{"person_id": str(n), "name": "x" * 3000} for n in range(1000, 1100)])
        vault.delete("person", "1 = 1", [])
        assert vault.database.conn.execute("PRAGMA freelist_count").fetchone()[0] > 50
        assert backup_vault(vault, folder / "second", now=NOW).rows > 0
    restored(folder / "second", folder)
    with reopened(folder) as vault:
        assert vault.database.conn.execute("PRAGMA freelist_count").fetchone()[0] == 0


def test_a_backup_opens_with_the_passphrase_of_its_time(folder):
    with reopened(folder) as vault:
        change_passphrase(vault, "another six words", now=NOW)
    with pytest.raises(WrongPassphrase):
        restored(folder / "copy", folder, "another six words")
    with open_vault(path_of(folder), "another six words", cost=CHEAP) as vault:
        assert vault.count("person") == 200
    assert restored(folder / "copy", folder).rows > 200


def test_a_file_that_is_there_is_never_overwritten(folder):
    before = (folder / "copy").read_bytes()
    with reopened(folder) as vault, pytest.raises(UsageError, match="there already"):
        backup_vault(vault, folder / "copy", now=NOW)
    assert (folder / "copy").read_bytes() == before


def test_a_vault_with_a_broken_chain_or_page_is_not_backed_up(folder):
    with reopened(folder) as vault:
        vault.database.conn.execute("DROP TRIGGER custody_no_update")
        vault.update("custody", "1", {"detail": "x"})
        with pytest.raises(VaultDamaged, match="does not hold"):
            backup_vault(vault, folder / "second", now=NOW)
    assert not (folder / "second").exists()
    assert not (folder / "second.part").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:5000],
        lambda content: content[:-4096],
        lambda content: b"",
        lambda content: content[:9000] + bytes([content[9000] ^ 1]) + content[9001:],
        lambda content: content[:-60] + bytes([content[-60] ^ 1]) + content[-59:],
        lambda content: content[:16384] + content[20480:],
        lambda content: content[:-24] + b"\xff" * 8 + content[-16:],
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(folder, damage):
    copy, present = folder / "copy", path_of(folder).read_bytes()
    copy.write_bytes(damage(copy.read_bytes()))
    with pytest.raises((VaultDamaged, WrongPassphrase)):
        restored(copy, folder)
    assert path_of(folder).read_bytes() == present
    assert sorted(p.name for p in (folder / "private").iterdir())[-2:] == ["vault.db", "vault.keys"]
    assert not list((folder / "private").glob("restoring*"))


def test_a_wrong_passphrase_restores_nothing(folder):
    present = path_of(folder).read_bytes()
    with pytest.raises(WrongPassphrase):
        restored(folder / "copy", folder, "never right")
    assert path_of(folder).read_bytes() == present
    with pytest.raises(UsageError, match="no backup of that name"):
        restored(folder / "nothing", folder)


def test_a_folder_that_cannot_be_written_is_named_and_leaves_nothing(folder):
    with reopened(folder) as vault, pytest.raises(VaultError, match="cannot be written"):
        backup_vault(vault, folder / "no such folder" / "copy", now=NOW)


def half_written(folder: Path, target: Path) -> None:
    """Copy vault and journal of a writer in the middle of its work, as if it had been killed there."""
    with reopened(folder) as vault:
        vault.database.conn.execute("PRAGMA cache_size = 5")
        with pytest.raises(ZeroDivisionError), vault.transaction():
            vault.database.conn.execute("UPDATE person SET name = name || hex(randomblob(600))")
            shutil.copytree(folder / "private", target / "private")
            raise ZeroDivisionError
    assert (target / "private" / "vault.db-journal").stat().st_size > 4096


def test_what_a_dead_writer_left_is_rolled_back_by_a_wrong_passphrase_too(folder, tmp_path):
    dead = tmp_path / "dead"
    half_written(folder, dead)
    with pytest.raises(WrongPassphrase):
        open_vault(path_of(dead), "never right", cost=CHEAP)
    with reopened(dead) as vault:
        assert vault.count("person", "name = ?", [SECRET]) == 200
        assert integrity_faults(vault) == 0


def test_a_journal_of_a_dead_writer_does_not_reach_the_restored_vault(folder, tmp_path):
    dead = tmp_path / "dead"
    half_written(folder, dead)
    aside = restored(folder / "copy", dead).aside
    assert aside is not None
    for path in (path_of(dead), aside):
        with open_vault(path, PASSPHRASE, cost=CHEAP) as vault:
            assert vault.count("person", "name = ?", [SECRET]) == 200
            assert integrity_faults(vault) == 0
    assert slots_path(path_of(dead)).exists()


@pytest.mark.parametrize("step", range(6))
def test_a_restore_that_ends_at_any_step_leaves_a_vault_in_its_place_and_loses_none(
    folder, monkeypatch, step
):
    with reopened(folder) as vault:
        vault.insert("person", [{"person_id": "777"}])
    taken = []

    def ending(original):
        def stop_or_go(*arguments):
            taken.append(1)
            if len(taken) > step:
                raise KeyboardInterrupt  # as a kill: nothing after it is done
            return original(*arguments)

        return stop_or_go

    with monkeypatch.context() as patched:
        for name in ("rename", "replace", "hardlink_to"):
            patched.setattr(Path, name, ending(getattr(Path, name)))
        try:
            restored(folder / "copy", folder)
        except KeyboardInterrupt:
            pass
        else:
            assert step >= 5  # so every step was ended at once
    with reopened(folder) as vault:
        present = vault.count("person")
    assert present in (200, 201)
    kept = [path for path in (folder / "private").glob("*.db") if path != path_of(folder)]
    assert present == 201 or len(kept) == 1


def test_a_backup_that_is_stopped_gets_no_name_and_leaves_no_part(folder, monkeypatch):
    monkeypatch.setattr("vault.backup.give_name", lambda part, file: (_ for _ in ()).throw(KeyboardInterrupt))
    with reopened(folder) as vault, pytest.raises(KeyboardInterrupt):
        backup_vault(vault, folder / "second", now=NOW)
    assert sorted(path.name for path in folder.iterdir()) == ["copy", "private"]


def test_two_backups_to_one_name_do_not_write_into_each_others_copy(folder, monkeypatch):
    own = require_sound
    begun = []

    def meanwhile(part, key):
        own(part, key)
        begun.append(part)
        if len(begun) == 2:
            raise KeyboardInterrupt  # the second one is not done when the first goes on
        with reopened(folder) as other, pytest.raises(KeyboardInterrupt):
            backup_vault(other, folder / "second", now=NOW)

    monkeypatch.setattr(backup, "require_sound", meanwhile)
    with reopened(folder) as vault:
        backup_vault(vault, folder / "second", now=NOW)
    restore_vault(folder / "second", folder / "new" / "vault.db", PASSPHRASE, now=NOW, cost=CHEAP)
    assert len(begun) == 2


def test_nothing_plain_is_on_the_disk_while_a_backup_is_written(folder, monkeypatch):
    seen = []

    def look(connection, counts):
        for path in (one for one in folder.rglob("*") if one.is_file()):
            content = path.read_bytes()
            seen.append(path.name)
            assert SECRET.encode() not in content
            assert b"CREATE TABLE" not in content
            assert b"SQLite format" not in content

    monkeypatch.setattr("vault.backup._compare", look)
    with reopened(folder) as vault:
        vault.insert("person", [{"person_id": str(n), "name": SECRET * 90} for n in range(1000, 1400)])
        vault.database.conn.execute("PRAGMA cache_size = 10")
        backup_vault(vault, folder / "second", now=NOW)
    assert "vault.db" in seen
    assert any(name.startswith("second.") and name.endswith(".part") for name in seen)


def test_a_command_that_had_the_vault_open_while_another_was_restored_writes_into_neither(folder):
    with reopened(folder) as other:
        list(other.rows("incident"))
        restored(folder / "copy", folder)
        with pytest.raises(VaultError):
            other.insert("person", [{"person_id": "778"}])
    with reopened(folder) as vault:
        assert vault.count("person") == 200
        assert integrity_faults(vault) == 0


def test_a_command_that_had_the_vault_open_while_its_passphrase_changed_is_stopped_and_told_why(folder):
    with reopened(folder) as other:
        list(other.rows("incident"))
        with reopened(folder) as vault:
            change_passphrase(vault, "another six words", now=NOW)
        with pytest.raises(VaultError) as error:
            other.insert("person", [{"person_id": "778"}])
    assert "passphrase was changed meanwhile" in error.value.remedy
    with open_vault(path_of(folder), "another six words", cost=CHEAP) as vault:
        assert vault.count("person") == 200
        assert integrity_faults(vault) == 0


def test_a_restored_vault_gives_no_number_that_was_given_after_the_backup(folder):
    with reopened(folder) as vault:
        vault.new_id()
        backup_vault(vault, folder / "second", now=NOW)
        given = {vault.new_id() for _ in range(15_000)}
    restored(folder / "second", folder)
    with reopened(folder) as vault:
        assert not given & {vault.new_id() for _ in range(15_000)}


def test_a_vault_that_was_moved_aside_is_restored_like_a_backup_with_its_trustees(folder):
    with reopened(folder) as vault:
        vault.insert("person", [{"person_id": "777"}])
    aside = restored(folder / "copy", folder).aside
    assert aside is not None
    assert restore_vault(aside, path_of(folder), PASSPHRASE, now=LATER, cost=CHEAP).trustees == 1
    with open_vault(path_of(folder), TRUSTEE, cost=CHEAP) as vault:
        assert vault.count("person") == 201
