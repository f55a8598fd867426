"""A signed receipt for every file that was taken in: its hash, its counts, the end of the custody log then.

A receipt that lies outside the vault is what finds a chain that somebody with the passphrase wrote anew. It
names no file and holds no value. Signed with Ed25519 (RFC 8032) under a key of the vault.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from codebook import UsageError, VaultDamaged

from .custody import custody_head, holds_link
from .store import Vault

FORMAT: Final = "withheld receipt 1"
FIELDS: Final = {
    "format": str, "run": str, "file_sha256": str, "bytes": int, "rows_read": int, "rows_stored": int,
    "rows_already_there": int, "rows_quarantined": int, "time_utc": str, "custody_seq": int,
    "custody_hash": str, "public_key": str,
}  # fmt: skip
KEY_SETTING = "receipt_key"
WITHOUT_SETTING = "runs_without_receipt"  # runs from before there were receipts


def write_receipt(vault: Vault, run: Mapping[str, Any], *, size: int) -> dict[str, Any]:
    """Sign and keep the receipt of a run; inside its transaction, after its entry in the custody log.

    Args:
        run: The row of `ingest_run`.
        size: Bytes of the file.
    """
    seq, digest = custody_head(vault)
    receipt: dict[str, Any] = {
        "format": FORMAT,
        "run": str(run["ingest_run_id"]),
        "bytes": size,
        "time_utc": str(run["ended"]),
        "custody_seq": seq,
        "custody_hash": digest,
        "public_key": _public_key(vault),
        **{name: run[name] for name in FIELDS if name == "file_sha256" or name.startswith("rows_")},
    }
    receipt["signature"] = _private_key(vault).sign(_message(receipt)).hex()
    vault.insert(
        "receipt",
        [
            {
                "receipt_id": receipt["run"],
                "ingest_run_id": receipt["run"],
                "file_sha256": receipt["file_sha256"],
                "receipt_json": receipt_text(receipt),
            }
        ],
    )
    return receipt


def receipt_text(receipt: Mapping[str, Any]) -> str:
    """Return a receipt as the text of its file."""
    return json.dumps(receipt, indent=1, sort_keys=True) + "\n"


def parse_receipt(text: str) -> dict[str, Any]:
    """Return the receipt in a text.

    Raises:
        UsageError: It is no receipt.
    """
    try:
        read = json.loads(text)
        whole = set(read) == {*FIELDS, "signature"} and all(
            type(read[name]) is kind for name, kind in {**FIELDS, "signature": str}.items()
        )
    except (ValueError, TypeError, RecursionError):
        whole = False
    if not whole or read["format"] != FORMAT:
        raise UsageError("this is no receipt of Withheld", remedy="give a file of `withheld receipt export`")
    return dict(read)


def is_signed(receipt: Mapping[str, Any]) -> bool:
    """Whether the signature of a receipt is by the key that it names; that needs no vault."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["public_key"]))
        key.verify(bytes.fromhex(receipt["signature"]), _message(receipt))
    except (InvalidSignature, ValueError):
        return False
    return True


def receipt_faults(vault: Vault, receipt: Mapping[str, Any]) -> list[str]:
    """Return what of a receipt this vault contradicts; empty where the vault only grew since."""
    faults = []
    if not is_signed(receipt):
        faults.append("the signature is not that of the receipt")
    if receipt["public_key"] != _public_key(vault):
        faults.append("the receipt is of another vault, or the key of this one was changed")
    if not holds_link(vault, int(receipt["custody_seq"]), str(receipt["custody_hash"])):
        faults.append(f"the custody chain no longer holds entry {receipt['custody_seq']} as it was")
    if not vault.count("ingest_run", "ingest_run_id = ?", [receipt["run"]]):
        faults.append("the run is not in the vault")
    return faults


def signed_receipts(vault: Vault) -> list[dict[str, Any]]:
    """Return all receipts of the vault, the oldest first.

    Raises:
        VaultDamaged: A receipt in the vault is none.
    """
    try:
        return [parse_receipt(str(row["receipt_json"])) for row in vault.rows("receipt")]
    except UsageError:
        raise VaultDamaged(
            "a receipt in the vault was changed", remedy="compare with the receipts that you exported"
        ) from None


def broken_receipts(vault: Vault) -> list[str]:
    """Return the runs whose receipt is missing, changed, or contradicted by the vault."""
    broken = {str(row["ingest_run_id"]) for row in vault.rows("ingest_run")} - runs_without_receipt(vault)
    for row in vault.rows("receipt"):
        try:
            receipt = parse_receipt(str(row["receipt_json"]))
        except UsageError:
            continue
        if not receipt_faults(vault, receipt) and receipt["run"] == row["ingest_run_id"]:
            broken.discard(str(receipt["run"]))
    return sorted(broken)


def runs_without_receipt(vault: Vault) -> frozenset[str]:
    """Return the runs that were taken in before there were receipts: none can be made of them afterwards."""
    return frozenset(json.loads(vault.setting(WITHOUT_SETTING) or "[]"))


def note_runs_without_receipt(vault: Vault) -> None:
    """Note that all runs on record have no receipt; for the upgrade of a vault that knew none."""
    runs = [str(run) for (run,) in vault.database.conn.execute("SELECT ingest_run_id FROM ingest_run")]
    vault.set_setting(WITHOUT_SETTING, json.dumps(sorted(runs)))


def _public_key(vault: Vault) -> str:
    return str(_private_key(vault).public_key().public_bytes_raw().hex())


def _private_key(vault: Vault) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vault.setting(KEY_SETTING)))


def _message(receipt: Mapping[str, Any]) -> bytes:
    signed = {name: value for name, value in receipt.items() if name != "signature"}
    return json.dumps(signed, sort_keys=True, separators=(",", ":")).encode("ascii")
