"""Evidence is known again by hash and size, and neither its content nor its name is kept."""

import datetime
from pathlib import Path

import pytest

from codebook import UsageError
from tests.vault.test_erased import decrypted
from tests.vault_factory import new_vault
from vault import EvidenceCheck, Registered, add_evidence, check_evidence, withdraw_person

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
NAMES = ("Хадижат 19 лет.jpg", "letter of the uncle.pdf", "voice.ogg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    (folder / "deeper").mkdir(parents=True)
    for number, name in enumerate(NAMES):
        (folder / ("deeper" if number == 2 else "") / name).write_bytes(b"content %d" % number)
    return folder


@pytest.fixture
def vault(tmp_path: Path, folder: Path):
    with new_vault(tmp_path) as one:
        for number, code in ((1, "K-17"), (2, "K-18")):
            one.insert("incident", [{"incident_id": str(number), "external_id": code}])
            one.insert("person", [{"person_id": str(number), "incident_id": str(number)}])
        files = [folder / NAMES[0], folder / NAMES[1], folder / "deeper" / NAMES[2]]
        assert add_evidence(one, files, "K-17", now=NOW, captured=NOW.date()) == Registered(3, 0)
        yield one


def test_evidence_that_is_all_there_is_found_whatever_it_is_called_now(vault, folder):
    (folder / NAMES[0]).rename(folder / "renamed")
    found = check_evidence(vault, folder)
    assert found == EvidenceCheck(found=3, changed=0, missing=0, unknown=0, missing_cases=())
    assert found.whole


def test_changed_missing_and_unknown_files_are_told_apart(vault, folder):
    (folder / NAMES[0]).write_bytes(b"another content")
    (folder / NAMES[1]).unlink()
    (folder / "new.txt").write_bytes(b"new")
    found = check_evidence(vault, folder)
    assert found == EvidenceCheck(found=1, changed=1, missing=1, unknown=1, missing_cases=("K-17",))
    assert not found.whole


def test_the_same_file_again_is_there_already_and_each_new_one_is_in_the_custody_log(vault, folder):
    assert add_evidence(vault, [folder / NAMES[0]], "K-17", now=NOW) == Registered(0, 1)
    assert add_evidence(vault, [folder / NAMES[0]], "K-18", now=NOW) == Registered(1, 0)
    logged = [row for row in vault.rows("custody") if row["action"] == "evidence registered"]
    assert [row["object_sha256"] for row in logged] == [
        row["evidence_sha256"] for row in vault.rows("evidence")
    ]
    assert {row["detail"] for row in logged} == {"9 bytes"}


def test_no_name_and_no_content_of_evidence_is_in_any_page_of_the_vault(vault):
    content = decrypted(vault.path, vault.access.raw_key)
    for text in (*NAMES, "content 1", "letter of the uncle"):
        assert text.encode() not in content
    assert {row["original_name"] for row in vault.rows("evidence")} == {None}


def test_an_unknown_case_or_an_unreadable_file_registers_nothing(vault, folder):
    before = vault.count("evidence")
    with pytest.raises(UsageError, match="no case in the vault has that code"):
        add_evidence(vault, [folder / NAMES[0]], "K-99", now=NOW)
    with pytest.raises(UsageError, match="a file cannot be read") as error:
        add_evidence(vault, [folder / NAMES[0], folder / "nothing"], "K-18", now=NOW)
    assert "nothing was registered" in error.value.reason
    assert vault.count("evidence") == before


def test_evidence_of_who_withdrew_goes_with_her(vault, folder):
    withdraw_person(vault, "K-17", now=NOW)
    assert vault.count("evidence") == vault.count("evidence_name") == 0
    assert check_evidence(vault, folder).unknown == 3
