"""The custody log only grows, and whatever was done to it behind its back is found and placed."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import VaultError
from tests.vault_factory import new_vault
from vault import ChainFault, Vault, append_custody, broken_links, chain_faults
from vault.custody import ACTIONS, custody_head, holds_link
from vault.schema import TRIGGERS

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
ENTRIES = 6


@pytest.fixture
def vault(tmp_path: Path):
    with new_vault(tmp_path) as one:
        for number in range(ENTRIES):
            append_custody(one, "file ingested", now=NOW, detail=f"{number} rows")
        yield one


def without_triggers(vault: Vault) -> None:
    for name in TRIGGERS:
        vault.database.conn.execute(f"DROP TRIGGER {name}")


def with_triggers(vault: Vault) -> None:
    for name, rule in TRIGGERS.items():
        vault.database.conn.execute(f"CREATE TRIGGER {name} {rule}")


def test_an_untouched_chain_has_no_fault_and_its_head_is_noted_apart(vault):
    assert chain_faults(vault) == []
    assert custody_head(vault) == (ENTRIES, list(vault.rows("custody"))[-1]["hash"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody SET detail = 'x' WHERE seq = 2",
        "DELETE FROM custody WHERE seq = 6",
        "DELETE FROM custody",
        "INSERT OR REPLACE INTO custody (seq, hash) VALUES (2, 'x')",
    ],
)
def test_the_vault_itself_refuses_to_change_or_shorten_the_log(vault, statement):
    with pytest.raises(Exception, match="append only"):
        vault.database.conn.execute(statement)
    assert chain_faults(vault) == []


def test_a_missing_trigger_is_a_fault_of_its_own(vault):
    vault.database.conn.execute("DROP TRIGGER custody_no_delete")
    assert chain_faults(vault) == [ChainFault(ENTRIES, "unguarded")]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE custody SET detail = '9 rows' WHERE seq = 2", ChainFault(2, "changed")),
        ("UPDATE custody SET actor_role = 'nobody' WHERE seq = 6", ChainFault(6, "changed")),
        ("DELETE FROM custody WHERE seq = 3", ChainFault(3, "missing")),
        ("DELETE FROM custody WHERE seq = 1", ChainFault(1, "missing")),
        ("DELETE FROM custody WHERE seq = 6", ChainFault(6, "missing")),
        ("UPDATE custody SET seq = -seq WHERE seq IN (2, 3)", ChainFault(2, "missing")),
    ],
)
def test_a_changed_or_missing_link_is_found_at_its_place_once_the_triggers_are_gone(vault, statement, fault):
    without_triggers(vault)
    vault.database.conn.execute(statement)
    with_triggers(vault)
    assert fault in chain_faults(vault)


def test_two_links_that_changed_places_are_found_as_moved(vault):
    without_triggers(vault)
    for old, new in ((2, 100), (3, 2), (100, 3)):
        vault.database.conn.execute("UPDATE custody SET seq = ? WHERE seq = ?", [new, old])
    with_triggers(vault)
    assert {ChainFault(2, "moved"), ChainFault(3, "moved")} <= set(chain_faults(vault))


def test_a_truncated_end_names_every_link_that_is_gone(vault):
    without_triggers(vault)
    vault.database.conn.execute("DELETE FROM custody WHERE seq > 4")
    with_triggers(vault)
    assert chain_faults(vault) == [ChainFault(5, "missing"), ChainFault(6, "missing")]
    assert broken_links(vault) == [5, 6]


def test_a_head_that_was_set_back_with_the_chain_is_not_found_inside_but_by_a_link_known_outside(vault):
    known_outside = custody_head(vault)
    fourth = list(vault.rows("custody"))[3]
    without_triggers(vault)
    vault.database.conn.execute("DELETE FROM custody WHERE seq > 4")
    with_triggers(vault)
    vault.set_setting("custody_head", f"4 {fourth['hash']}")
    assert chain_faults(vault) == []
    assert not holds_link(vault, *known_outside)


def test_an_entry_that_was_added_behind_the_noted_head_is_found(vault):
    head = vault.setting("custody_head")
    append_custody(vault, "file ingested", now=NOW)
    vault.set_setting("custody_head", head)
    assert chain_faults(vault) == [ChainFault(ENTRIES + 1, "added")]


@given(
    number=st.integers(1, ENTRIES),
    column=st.sampled_from(("time_utc", "action", "detail", "prev_hash", "hash")),
)
def test_any_change_of_any_column_of_any_link_is_found(tmp_path_factory, number, column):
    with new_vault(tmp_path_factory.mktemp("chain")) as one:
        for _ in range(ENTRIES):
            append_custody(one, "file ingested", now=NOW)
        without_triggers(one)
        one.database.conn.execute(f"UPDATE custody SET {column} = {column} || '0' WHERE seq = ?", [number])
        with_triggers(one)
        assert number in broken_links(one)


def test_only_known_actions_are_logged_and_the_role_is_that_of_who_opened_the_vault(vault):
    with pytest.raises(VaultError, match="does not know"):
        append_custody(vault, "tea was made", now=NOW)
    assert {row["actor_role"] for row in vault.rows("custody")} == {"data officer"}
    assert len(set(ACTIONS)) == len(ACTIONS)
