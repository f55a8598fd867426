"""A receipt proves, outside the vault, what was taken in and how far the custody log had come."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import UsageError, VaultDamaged
from tests.vault_factory import new_vault
from vault import (
    Vault,
    append_custody,
    broken_receipts,
    chain_faults,
    is_signed,
    parse_receipt,
    receipt_faults,
    receipt_text,
    signed_receipts,
    write_receipt,
)
from vault.custody import _hash_of  # what somebody who writes the chain anew computes
from vault.schema import TRIGGERS

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


def taken_in(vault: Vault, number: int) -> dict[str, object]:
    run = {
        "ingest_run_id": str(number), "ended": NOW.isoformat(), "file_sha256": f"{number:064x}",
        "rows_read": 9, "rows_stored": 6, "rows_already_there": 2, "rows_quarantined": 1,
    }  # fmt: skip
    with vault.transaction():
        vault.insert("ingest_run", [run])
        append_custody(vault, "file ingested", now=NOW)
        return write_receipt(vault, run, size=1234)


@pytest.fixture
def vault(tmp_path: Path):
    with new_vault(tmp_path) as one:
        for number in (1, 2, 3):
            taken_in(one, number)
        yield one


def test_a_receipt_has_hash_counts_time_and_chain_and_no_name(vault):
    (first, *_) = signed_receipts(vault)
    assert first["file_sha256"] == f"{1:064x}"
    assert [first[f"rows_{name}"] for name in ("read", "stored", "already_there", "quarantined")] == [
        9,
        6,
        2,
        1,
    ]
    assert (first["bytes"], first["custody_seq"], first["run"]) == (1234, 1, "1")
    assert not [name for name in first if "name" in name or "path" in name]


def test_a_receipt_is_checked_without_the_vault_and_stands_against_it(vault):
    for receipt in signed_receipts(vault):
        outside = parse_receipt(receipt_text(receipt))
        assert outside == receipt
        assert is_signed(outside)
        assert receipt_faults(vault, outside) == []
    assert broken_receipts(vault) == []


@pytest.fixture(scope="module")
def receipt(tmp_path_factory) -> str:
    with new_vault(tmp_path_factory.mktemp("receipt")) as one:
        return receipt_text(taken_in(one, 7))


@given(data=st.data())
def test_any_other_value_in_a_receipt_breaks_its_signature(receipt, data):
    content = json.loads(receipt)
    name = data.draw(st.sampled_from([name for name in sorted(content) if name != "format"]))
    kind = (
        st.integers(0, 10**6) if isinstance(content[name], int) else st.text("0123456789abcdef", max_size=64)
    )
    content[name] = data.draw(kind.filter(lambda value: value != content[name]))
    assert not is_signed(parse_receipt(json.dumps(content)))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "withheld receipt 1"}', "null", "[" * 9999])
def test_what_is_no_receipt_is_refused(text):
    with pytest.raises(UsageError, match="no receipt"):
        parse_receipt(text)


def test_a_chain_that_was_written_anew_with_the_passphrase_is_found_by_a_receipt_outside(vault):
    outside = signed_receipts(vault)[1]
    for name in TRIGGERS:
        vault.database.conn.execute(f"DROP TRIGGER {name}")
    previous = "0" * 64
    for entry in list(vault.rows("custody")):
        entry |= {"detail": "another story", "prev_hash": previous}
        entry["hash"] = previous = _hash_of(entry)
        vault.update("custody", entry["seq"], entry)
    vault.set_setting("custody_head", f"3 {previous}")
    for name, rule in TRIGGERS.items():
        vault.database.conn.execute(f"CREATE TRIGGER {name} {rule}")
    assert chain_faults(vault) == []  # inside the vault the new story holds
    assert receipt_faults(vault, outside) == ["the custody chain no longer holds entry 2 as it was"]
    assert broken_receipts(vault) == ["1", "2", "3"]


def test_a_receipt_of_another_vault_and_a_run_that_is_gone_are_told(vault, tmp_path):
    with new_vault(tmp_path / "other") as other:
        strange = taken_in(other, 1)
    assert "the receipt is of another vault, or the key of this one was changed" in receipt_faults(
        vault, strange
    )
    gone = signed_receipts(vault)[2]
    vault.delete("ingest_run", "ingest_run_id = '3'", [])
    assert receipt_faults(vault, gone) == ["the run is not in the vault"]


def test_missing_changed_and_exchanged_receipts_inside_the_vault_are_named_by_their_run(vault):
    kept = {row["ingest_run_id"]: row for row in vault.rows("receipt")}
    vault.delete("receipt", "ingest_run_id = '1'", [])
    vault.update("receipt", kept["2"]["receipt_id"], {"receipt_json": kept["3"]["receipt_json"]})
    assert broken_receipts(vault) == ["1", "2"]
    vault.update("receipt", kept["3"]["receipt_id"], {"receipt_json": "{}"})
    assert broken_receipts(vault) == ["1", "2", "3"]
    with pytest.raises(VaultDamaged, match="was changed"):
        signed_receipts(vault)
