"""An older vault is upgraded on demand, after a copy, with everything in it; or it stays as it is."""

import datetime
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import vault.opening
from codebook import Codebook, Entity, FieldType, VaultDamaged, VaultError, load_codebook
from tests.vault.older_vaults import SCHEMA_2, changed, content, raw_key_of, rewrite_as_schema_2
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault, reopened
from vault import (
    Printed,
    ReleaseEntry,
    Remembered,
    Upgrade,
    add_trustee,
    append_custody,
    backup_vault,
    broken_receipts,
    chain_faults,
    integrity_faults,
    migrations,
    open_vault,
    printed_cells,
    record_release,
    restore_vault,
    upgrade_vault,
    upgrading,
    write_receipt,
)
from vault.backup import write_copy
from vault.encrypted import connect
from vault.shape import shape_of

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=1)
TRUSTEE = "a passphrase of the trustee"
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A vault of this version: a case, its consent, its source row, a run, a release and a custody log."""
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
    raise VaultError("a step failed")


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


# The everyday case: another codebook.


def another_codebook(monkeypatch: pytest.MonkeyPatch, entities: dict[str, Entity]) -> None:
    """Let vaults be opened by a program whose codebook has these entities, instead or besides."""
    book = load_codebook()
    found = {name: one for name, one in {**book.entities, **entities}.items() if one.fields}
    other = replace(book, entities=MappingProxyType(found))
    monkeypatch.setattr(vault.opening, "load_codebook", lambda: other)


def with_fields(book: Codebook, entity: str, *, added: str = "", lost: str = "") -> dict[str, Entity]:
    fields = {name: one for name, one in book.entities[entity].fields.items() if name != lost}
    if added:
        fields[added] = replace(book.field("person.sex"), entity=entity, name=added)
    return {entity: replace(book.entities[entity], fields=MappingProxyType(fields))}


def test_a_new_field_and_a_new_entity_are_added_empty_by_the_upgrade(folder, monkeypatch):
    book = load_codebook()
    whole = replace(book.entities["outcome"], name="hearing")
    another_codebook(monkeypatch, {**with_fields(book, "person", added="shelter"), "hearing": whole})
    with pytest.raises(VaultError, match="older codebook: it lacks 2 tables or columns") as error:
        reopened(folder)
    assert "withheld vault upgrade" in error.value.remedy
    done = upgraded(folder)
    assert done is not None
    assert done.migration.added == ("person.shelter", "hearing")
    assert (done.migration.from_version, done.migration.runs_without_receipt) == (3, 0)
    with reopened(folder) as vault:
        assert shape_of(vault) == type(shape_of(vault))((), (), ())
        assert [(row["name"], row["shelter"]) for row in vault.rows("person")] == [(SECRET, None)]
        vault.insert("person", [{"person_id": 77, "shelter": "female"}])
        assert vault.count("hearing") == 0
        assert broken_receipts(vault) == []


def test_a_field_that_the_codebook_has_lost_stays_with_what_is_in_it_where_a_person_says_so(
    folder, monkeypatch
):
    another_codebook(monkeypatch, with_fields(load_codebook(), "person", lost="name"))
    with pytest.raises(VaultError, match="1 tables or columns that this version does not know"):
        reopened(folder)
    assert "--keep-unknown" in refused(folder, VaultError, "it may be newer")
    done = upgraded(folder, keep_unknown=True)
    assert done is not None
    assert done.migration.kept == ("person.name",)
    with reopened(folder) as vault:
        assert "name" not in next(vault.rows("person"))
        assert vault.database.conn.execute("SELECT name FROM person").fetchone() == (SECRET,)
        vault.delete("person", "person_id = 12", [])
    assert upgraded(folder) is None


def test_a_table_with_rows_that_the_codebook_has_lost_is_refused(folder, monkeypatch):
    gone = {"consent": replace(load_codebook().entities["consent"], fields=MappingProxyType({}))}
    another_codebook(monkeypatch, gone)
    refused(folder, VaultError, "no withdrawal would reach them", keep_unknown=True)


def test_a_field_of_another_type_is_refused_not_guessed(folder, monkeypatch):
    book = load_codebook()
    fields = dict(book.entities["person"].fields)
    fields["external_id"] = replace(fields["external_id"], type=FieldType.INTEGER)
    another_codebook(
        monkeypatch, {"person": replace(book.entities["person"], fields=MappingProxyType(fields))}
    )
    changed(path_of(folder), "ALTER TABLE person ADD COLUMN unknown TEXT")
    refused(folder, VaultError, "1 columns are kept as another type", keep_unknown=True)


def test_codes_that_the_codebook_has_lost_are_counted(older):
    changed(path_of(older), 'UPDATE incident SET motive = \'["honour", "a code of then"]\'')
    changed(path_of(older), "UPDATE consent SET scope = 'a scope of then'")
    done = upgraded(older)
    assert done is not None
    assert done.migration.unknown_codes == 2


def test_a_table_that_every_version_had_is_lost_not_old(folder):
    changed(path_of(folder), "DROP TABLE printed_cell")
    refused(folder, VaultDamaged, "lacks tables that belong to it")


def test_a_custody_log_without_its_guards_is_not_given_new_ones_quietly(folder, monkeypatch):
    another_codebook(monkeypatch, with_fields(load_codebook(), "person", added="shelter"))
    changed(path_of(folder), "DROP TRIGGER custody_no_update")
    refused(folder, VaultDamaged, "custody chain does not hold")


def test_a_trustee_upgrades_too_and_keeps_her_way_in_also_in_the_copy(folder, monkeypatch, tmp_path_factory):
    with reopened(folder) as opened:
        add_trustee(opened, TRUSTEE, now=NOW)
    another_codebook(monkeypatch, with_fields(load_codebook(), "person", added="shelter"))
    done = upgraded(folder, TRUSTEE)
    assert done is not None
    with open_vault(path_of(folder), TRUSTEE, cost=CHEAP) as opened:
        assert list(opened.rows("custody"))[-1]["actor_role"] == "trustee"
    elsewhere = path_of(tmp_path_factory.mktemp("elsewhere"))
    assert restore_vault(done.file, elsewhere, TRUSTEE, now=LATER, cost=CHEAP).trustees == 1


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
