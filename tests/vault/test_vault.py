"""The vault keeps what it was given, says clearly what is wrong, and never half-writes."""

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codebook import UsageError, VaultDamaged, VaultError, WrongPassphrase
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault, reopened
from vault import (
    Decision,
    broken_links,
    integrity_faults,
    open_vault,
    record_consent,
    releases_that_counted,
    resolve_passphrase,
    withdraw_person,
)

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
SECRET = "Хадижат Неизвестная"


def path_of(folder: Path) -> Path:
    return folder / "private" / "vault.db"


def test_what_is_written_comes_back_after_closing(tmp_path):
    with new_vault(tmp_path) as vault:
        vault.insert("incident", [{"incident_id": "1", "motive": ["gender", "honour"], "region": "RU-DA"}])
    with reopened(tmp_path) as vault:
        (row,) = vault.rows("incident")
        assert row["motive"] == ["gender", "honour"]
        assert row["region"] == "RU-DA"
        assert row["narrative"] is None


def test_nothing_in_the_file_or_beside_it_is_readable(tmp_path):
    with new_vault(tmp_path) as vault:
        vault.insert("person", [{"person_id": "1", "name": SECRET}])
        for path in (tmp_path / "private").iterdir():
            assert SECRET.encode() not in path.read_bytes()
            assert b"SQLite format" not in path.read_bytes()
    assert [path.name for path in (tmp_path / "private").iterdir()] == ["vault.db"]


def test_only_the_owner_may_read_the_file(tmp_path):
    new_vault(tmp_path).close()
    assert path_of(tmp_path).stat().st_mode & 0o077 == 0


def test_a_wrong_passphrase_says_only_that_and_writes_nothing(tmp_path):
    new_vault(tmp_path).close()
    before = path_of(tmp_path).read_bytes()
    with pytest.raises(WrongPassphrase, match="does not open"):
        open_vault(path_of(tmp_path), "another one", cost=CHEAP)
    assert path_of(tmp_path).read_bytes() == before


def test_a_missing_vault_is_named_and_none_is_made(tmp_path):
    with pytest.raises(VaultError, match="there is no vault here"):
        open_vault(path_of(tmp_path), PASSPHRASE, cost=CHEAP)
    assert not path_of(tmp_path).exists()


def test_an_existing_vault_is_never_overwritten(tmp_path):
    new_vault(tmp_path).close()
    with pytest.raises(VaultError, match="there is a vault already"):
        new_vault(tmp_path)


@pytest.mark.parametrize("keep", [0, 10, 5000])
def test_a_truncated_vault_is_called_damaged(tmp_path, keep):
    new_vault(tmp_path).close()
    path_of(tmp_path).write_bytes(path_of(tmp_path).read_bytes()[:keep])
    with pytest.raises(VaultDamaged, match="not whole"):
        reopened(tmp_path)


def test_a_flipped_bit_in_any_later_page_is_found(tmp_path):
    with new_vault(tmp_path) as vault:
        vault.insert("person", [{"person_id": str(n), "name": SECRET} for n in range(500)])
    data = bytearray(path_of(tmp_path).read_bytes())
    data[len(data) // 2] ^= 1
    path_of(tmp_path).write_bytes(data)
    try:
        with reopened(tmp_path) as vault:
            assert integrity_faults(vault) > 0
    except (VaultDamaged, WrongPassphrase):
        pass  # the flipped page was needed to open it: refused, which is found too


def test_a_whole_vault_has_no_faults(tmp_path):
    with new_vault(tmp_path) as vault:
        assert integrity_faults(vault) == 0


def test_a_transaction_keeps_all_or_nothing(tmp_path):
    with new_vault(tmp_path) as vault:
        with pytest.raises(RuntimeError), vault.transaction():
            vault.insert("incident", [{"incident_id": "1"}])
            raise RuntimeError
        assert vault.count("incident") == 0


def test_an_unknown_table_or_column_is_an_error_that_quotes_no_value(tmp_path):
    with new_vault(tmp_path) as vault:
        with pytest.raises(VaultError, match="no table") as error:
            vault.insert("inzident", [{"incident_id": SECRET}])
        assert SECRET not in str(error.value)
        with pytest.raises(VaultError, match="does not know") as error:
            vault.insert("incident", [{SECRET: SECRET}])
        assert SECRET not in str(error.value)


def test_opening_a_vault_leaves_other_users_of_sqlite_alone():
    assert "pysqlite3" not in sys.modules


def test_only_the_columns_that_are_asked_for_are_read(tmp_path):
    with new_vault(tmp_path) as vault:
        vault.insert("incident", [{"incident_id": "1", "region": "chechnya", "motive": ["honour"]}])
        assert list(vault.rows("incident", only={"region", "no column"})) == [{"region": "chechnya"}]
        assert list(vault.rows("incident", only={"motive"})) == [{"motive": ["honour"]}]


def test_opening_a_vault_does_not_load_pandas_where_it_is_installed():
    asked = "import sys, vault; raise SystemExit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_a_second_writer_is_told_to_wait(tmp_path):
    with new_vault(tmp_path) as first, reopened(tmp_path) as second, first.transaction():
        first.insert("incident", [{"incident_id": "1"}])
        second.database.conn.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(VaultError, match="another program is using the vault"):
            second.insert("incident", [{"incident_id": "2"}])


def test_a_vault_whose_writer_is_killed_is_as_it_was_before(tmp_path):
    with new_vault(tmp_path) as vault:
        vault.insert("incident", [{"incident_id": "7"}])
    script = (
        "import sys\nfrom pathlib import Path\nfrom tests.vault_factory import reopened\n"
        "vault = reopened(Path(sys.argv[1]))\n"
        "with vault.transaction():\n"
        "    for n in range(100000):\n"
        "        vault.insert('incident', [{'incident_id': str(n), 'narrative': 'x' * 4000}])\n"
        "        if n == 2000: print('busy', flush=True)\n"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    with reopened(tmp_path) as vault:
        assert [row["incident_id"] for row in vault.rows("incident")] == ["7"]
        assert integrity_faults(vault) == 0


def test_fingerprints_recognise_in_one_vault_only(tmp_path):
    with new_vault(tmp_path / "a") as one, new_vault(tmp_path / "b") as other:
        assert one.fingerprint("phone", SECRET) == one.fingerprint("phone", SECRET)
        assert one.fingerprint("phone", SECRET) != other.fingerprint("phone", SECRET)
        assert one.fingerprint("ab", "c") != one.fingerprint("a", "bc")


def counted_case(vault, code: str, person: str, same: str | None = None) -> None:
    incident = f"10{person}"
    vault.insert("incident", [{"incident_id": incident, "external_id": code, "narrative": SECRET}])
    vault.insert("person", [{"person_id": person, "incident_id": incident, "same_person_id": same}])
    vault.insert("act", [{"act_id": vault.new_id(), "incident_id": incident, "person_id": person}])
    vault.insert("source", [{"source_id": vault.new_id(), "incident_id": incident, "record_key": code}])
    vault.insert("release", [{"release_id": f"release of {person}"}])
    vault.insert(
        "release_person",
        [{"release_person_id": vault.new_id(), "release_id": f"release of {person}", "person_id": person}],
    )


def test_withdrawing_erases_a_person_everywhere_and_lists_the_releases(tmp_path):
    with new_vault(tmp_path) as vault:
        counted_case(vault, "A-1", "1", same="9")
        counted_case(vault, "B-2", "2", same="9")
        counted_case(vault, "C-3", "3")
        assert releases_that_counted(vault, ["3"]) == ("release of 3",)
        withdrawal = withdraw_person(vault, "A-1", now=NOW)
        assert withdrawal.releases == ("release of 1", "release of 2")
        assert (withdrawal.persons, withdrawal.incidents) == (2, 2)
        assert [row["person_id"] for row in vault.rows("person")] == ["3"]
        assert [row["external_id"] for row in vault.rows("incident")] == ["C-3"]
        assert vault.count("act") == 1
        # The tombstone: the row's fingerprint stays, so that the same file cannot bring her back.
        assert {row["record_key"] for row in vault.rows("source")} == {"A-1", "B-2", "C-3"}
        assert broken_links(vault) == []


def test_withdrawing_reaches_the_rows_that_wait_in_quarantine_too(tmp_path):
    with new_vault(tmp_path) as vault:
        counted_case(vault, "A-1", "1")
        waiting = {"number": 7, "cells": {"Дело": "A-1", "ФИО": SECRET}, "repeats": {}}
        other = {"number": 8, "cells": {"Дело": "B-2"}, "repeats": {}}
        for name, kept in (("q1", waiting), ("q2", other)):
            row = {"quarantine_id": name, "row_json": json.dumps(kept), "status": "waiting"}
            vault.insert("quarantine", [row])
        assert withdraw_person(vault, "A-1", now=NOW).waiting == 1
        left = {row["quarantine_id"]: row["row_json"] for row in vault.rows("quarantine")}
        assert left["q1"] == "{}"
        assert left["q2"] != "{}"
        # A case that never got further than quarantine can be withdrawn as well.
        assert withdraw_person(vault, "B-2", now=NOW).waiting == 1


def test_withdrawing_an_unknown_case_changes_nothing(tmp_path):
    with new_vault(tmp_path) as vault:
        counted_case(vault, "A-1", "1")
        with pytest.raises(UsageError, match="no case in the vault has that code"):
            withdraw_person(vault, SECRET, now=NOW)
        assert vault.count("person") == 1


def test_consent_is_recorded_for_every_person_of_a_case(tmp_path):
    with new_vault(tmp_path) as vault:
        counted_case(vault, "A-1", "1")
        assert record_consent(vault, "A-1", Decision("statistics", "given"), now=NOW) == 1
        (row,) = vault.rows("consent")
        assert (row["person_id"], row["consent_status"]) == ("1", "given")
        with pytest.raises(UsageError, match="not in the codebook"):
            record_consent(vault, "A-1", Decision("statistics", "maybe"), now=NOW)


def test_the_passphrase_comes_from_the_file_then_the_environment(tmp_path, monkeypatch):
    file = tmp_path / "passphrase"
    file.write_text("from the file\n")
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "from the environment")
    assert resolve_passphrase(file) == "from the file"
    assert resolve_passphrase(None) == "from the environment"
    monkeypatch.delenv("WITHHELD_PASSPHRASE")
    assert resolve_passphrase(None, fallback="demo") == "demo"
    with pytest.raises(UsageError, match="no passphrase was given"):
        resolve_passphrase(None)


def test_an_identifier_is_never_given_twice_also_after_its_row_was_erased_or_its_transaction_undone(tmp_path):
    given = []
    with new_vault(tmp_path) as vault:
        given.append(vault.new_id())
        vault.insert("incident", [{"incident_id": given[0]}])
        vault.delete("incident", "incident_id = ?", [given[0]])
        with pytest.raises(RuntimeError), vault.transaction():
            # The block of numbers in hand is used up inside a transaction that is undone.
            lost = {vault.new_id() for _ in range(15_000)}
            raise RuntimeError
        given += [vault.new_id() for _ in range(3)]
    with reopened(tmp_path) as vault:
        given += [vault.new_id() for _ in range(3)]
    assert len(lost) == 15_000
    assert len(set(given)) == len(given)
    assert given == sorted(given, key=int)


def test_identifiers_are_read_as_the_texts_that_were_given(tmp_path):
    with new_vault(tmp_path) as vault:
        incident, person = vault.new_id(), vault.new_id()
        vault.insert("incident", [{"incident_id": incident}])
        vault.insert("person", [{"person_id": person, "incident_id": incident}])
        (row,) = vault.rows("person", "incident_id = ?", [incident])
        assert (row["person_id"], row["incident_id"], row["household_id"]) == (person, incident, None)
