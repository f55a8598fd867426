"""Another codebook is the everyday case: new fields are added by the upgrade, lost ones are never dropped."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import vault.opening
from codebook import Codebook, Entity, FieldType, VaultDamaged, VaultError, load_codebook
from tests.vault.older_vaults import changed
from tests.vault.upgrades import LATER, NOW, SECRET, path_of, refused, upgraded, write_case
from tests.vault_factory import CHEAP, reopened
from vault import add_trustee, broken_receipts, open_vault, restore_vault
from vault.shape import Shape, shape_of

TRUSTEE = "a passphrase of the trustee"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_case(tmp_path)


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
        assert shape_of(vault) == Shape((), (), ())
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
