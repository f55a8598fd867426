"""An older vault is upgraded on demand, after a copy, with everything in it; or it stays as it is."""

from pathlib import Path

import pytest

from codebook import VaultDamaged, VaultError
from tests.vault.older_vaults import SCHEMA_2, changed, content, raw_key_of, rewrite_as_schema_2
from tests.vault.upgrades import LATER, SECRET, copies, path_of, refused, upgraded, write_case
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault, reopened
from vault import (
    Printed,
    append_custody,
    backup_vault,
    broken_receipts,
    chain_faults,
    integrity_faults,
    migrations,
    printed_cells,
    restore_vault,
    upgrade_vault,
    upgrading,
)
from vault.backup import write_copy
from vault.encrypted import connect


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_case(tmp_path)


@pytest.fixture
def older(folder: Path) -> Path:
    """The same vault as schema 2 wrote it."""
    rewrite_as_schema_2(path_of(folder))
    return folder


def test_an_older_vault_does_not_open_says_how_and_is_not_touched(older):
    before = path_of(older).read_bytes()
    with pytest.raises(VaultError, match="made by an older version") as error:
        reopened(older)
    assert "withheld vault upgrade" in error.value.remedy
    assert path_of(older).read_bytes() == before


def test_an_upgraded_vault_has_every_row_its_custody_chain_and_its_ledger_and_goes_on(older):
    before = content(path_of(older))
    done = upgraded(older)
    assert done is not None
    after = content(path_of(older))
    for table in set(before) - {"setting", "custody", "sqlite_master"}:
        assert after[table] == before[table], table
    assert after["custody"][:-1] == before["custody"]
    assert set(before["setting"]) - set(after["setting"]) == {("schema_version", "2")}
    with reopened(older) as vault:
        assert integrity_faults(vault) == 0
        assert chain_faults(vault) == []
        assert broken_receipts(vault) == []
        assert printed_cells(vault) == {"cell": Printed(7, 5, 5)}
        last = list(vault.rows("custody"))[-1]
        assert (last["action"], last["object_sha256"]) == ("vault upgraded", done.backup.sha256)
        append_custody(vault, "vault verified", now=LATER)
        assert chain_faults(vault) == []
    assert (done.migration.from_version, done.migration.added) == (2, ("receipt", "evidence_name"))
    assert done.migration.runs_without_receipt == 1


def test_an_upgraded_vault_is_made_like_a_new_one(older, tmp_path_factory):
    upgraded(older)
    new = tmp_path_factory.mktemp("new")
    new_vault(new).close()
    made = [
        {(kind, name) for kind, name, _ in content(path_of(one))["sqlite_master"]} for one in (older, new)
    ]
    assert made[0] == made[1]


def test_the_copy_from_before_is_the_older_vault_encrypted_and_the_owners(older):
    before = content(path_of(older))
    done = upgraded(older)
    assert done is not None
    assert copies(older) == [done.file]
    assert done.file.stat().st_mode & 0o077 == 0
    assert SECRET.encode() not in done.file.read_bytes()
    kept = content(done.file)
    assert {**kept, "sqlite_master": 0} == {**before, "sqlite_master": 0}


def test_a_vault_of_this_version_is_left_as_it_is(folder):
    before = path_of(folder).read_bytes()
    assert upgraded(folder) is None
    assert path_of(folder).read_bytes() == before
    assert copies(folder) == []


def test_a_newer_vault_is_refused_with_the_remedy(folder):
    changed(path_of(folder), "UPDATE setting SET value = '4' WHERE key = 'schema_version'")
    with pytest.raises(VaultError, match=r"newer version of Withheld \(schema 4; this one knows 3\)"):
        reopened(folder)
    assert "install that version" in refused(folder, VaultError, "newer version", keep_unknown=True)


@pytest.mark.parametrize("version", ["", "three", "-1"])
def test_a_vault_without_a_version_is_damaged_not_older(folder, version):
    changed(path_of(folder), "UPDATE setting SET value = ? WHERE key = 'schema_version'", (version,))
    refused(folder, VaultDamaged, "lacks tables")


def test_a_vault_whose_prints_are_of_another_hash_is_refused_not_half_understood(older):
    changed(path_of(older), "UPDATE setting SET value = '1' WHERE key = 'schema_version'")
    assert "withdraw again who has withdrawn" in refused(older, VaultError, "made by another hash")


def test_a_vault_of_schema_2_whose_identifiers_are_text_is_refused_as_well(folder):
    text = SCHEMA_2.replace('"person_id" INTEGER', '"person_id" TEXT')
    rewrite_as_schema_2(path_of(folder), text)
    refused(folder, VaultError, "made by another hash")


def test_a_broken_custody_chain_is_not_carried_over(older):
    changed(path_of(older), "UPDATE custody SET detail = 'nothing' WHERE seq = 2")
    refused(older, VaultDamaged, "does not hold at 1 places, first at entry 2")


def test_a_damaged_page_is_not_carried_over(older):
    path = path_of(older)
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(bytes(spoilt))
    refused(older, VaultDamaged, "damaged")


def breaking(vault):
    migrations._to_3(vault)
    raise VaultError("a step failed", remedy="none: it is a test")


def losing(vault):
    migrations._to_3(vault)
    vault.database.conn.execute("UPDATE person SET name = NULL")


@pytest.mark.parametrize("step", [breaking, losing])
def test_a_step_that_fails_or_changes_a_row_leaves_the_older_vault_and_the_copy(older, monkeypatch, step):
    before = content(path_of(older))
    monkeypatch.setattr(migrations, "STEPS", {2: step})
    with pytest.raises(VaultError, match=r"a step failed|not what it was before"):
        upgraded(older)
    assert content(path_of(older)) == before
    assert len(copies(older)) == 1
    monkeypatch.undo()
    done = upgrade_vault(path_of(older), PASSPHRASE, now=LATER, cost=CHEAP)
    assert done is not None


def test_what_another_program_wrote_during_the_copy_is_not_passed_over(older, monkeypatch):
    copied = write_copy

    def slow(*arguments):
        made = copied(*arguments)
        changed(path_of(older), "INSERT INTO incident (incident_id) VALUES (99)")
        return made

    monkeypatch.setattr(upgrading, "write_copy", slow)
    with pytest.raises(VaultError, match="another program wrote"):
        upgraded(older)
    assert (99,) in [row[:1] for row in content(path_of(older))["incident"]]
    assert ("schema_version", "2") in content(path_of(older))["setting"]


def test_a_backup_of_an_older_vault_is_restored_as_one_of_this_version(older, tmp_path_factory):
    done = upgraded(older)
    assert done is not None
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    sha256 = done.file.read_bytes()
    restored = restore_vault(done.file, path_of(elsewhere), PASSPHRASE, now=LATER, cost=CHEAP)
    assert restored.upgraded_from == 2
    assert done.file.read_bytes() == sha256
    with reopened(elsewhere) as vault:
        assert chain_faults(vault) == []
        assert [row["name"] for row in vault.rows("person")] == [SECRET]
        assert [row["action"] for row in vault.rows("custody")][-2:] == ["vault upgraded", "vault restored"]


def test_codes_that_the_codebook_has_lost_are_counted(older):
    changed(path_of(older), 'UPDATE incident SET motive = \'["honour", "a code of then"]\'')
    changed(path_of(older), "UPDATE consent SET scope = 'a scope of then'")
    done = upgraded(older)
    assert done is not None
    assert done.migration.unknown_codes == 2


def test_a_table_that_every_version_had_is_lost_not_old(folder):
    changed(path_of(folder), "DROP TABLE printed_cell")
    refused(folder, VaultDamaged, "lacks tables that belong to it")


def test_no_plain_page_is_written_and_the_key_stays(older):
    key = raw_key_of(path_of(older))
    upgraded(older)
    assert raw_key_of(path_of(older)) == key
    assert sorted(path.name for path in (older / "private").iterdir()) == [
        "before-upgrade-20260102T030405Z.db", "vault.db",
    ]  # fmt: skip
    connection = connect(path_of(older), key)
    assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    connection.close()


def test_an_ordinary_backup_can_be_made_and_restored_after_an_upgrade(older):
    upgraded(older)
    with reopened(older) as vault:
        made = backup_vault(vault, older / "copy", now=LATER)
    restored = restore_vault(older / "copy", path_of(older), PASSPHRASE, now=LATER, cost=CHEAP)
    assert (restored.sha256, restored.upgraded_from) == (made.sha256, None)
