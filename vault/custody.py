"""The log that cannot be changed quietly: a chain of hashes over everything that was done to the vault.

An entry says what was done to which object by which role, never by whom; removing a person keeps the
hashes of her entries.
"""

import datetime
import hashlib
from typing import Any

from codebook import VaultError

from .store import Vault

FIRST_HASH = "0" * 64
ACTIONS = (
    "vault created", "file ingested", "file refused", "quarantine exported", "quarantine retried",
    "quarantine discarded", "consent recorded", "person withdrawn", "duplicate decided",
    "vanished row answered", "release built",
    "release refused", "vault verified",
    "quotation proposed", "quotation refused", "quotation confirmed", "quotation exported",
    "quotation discarded",
)  # fmt: skip


def append_custody(
    vault: Vault,
    action: str,
    *,
    now: datetime.datetime,
    object_sha256: str = "",
    detail: str = "",
    actor_role: str = "data officer",
) -> str:
    """Append one entry to the chain and return its hash.

    Args:
        detail: Counts only, never a value of a record.

    Raises:
        VaultError: The action is not one of `ACTIONS`.
    """
    if action not in ACTIONS:
        raise VaultError(
            "an action that the custody log does not know", remedy="this is a fault of the program"
        )
    last = vault.database.conn.execute("SELECT seq, hash FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
    entry = {
        "seq": last[0] + 1 if last else 1,
        "time_utc": now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "actor_role": actor_role,
        "action": action,
        "object_sha256": object_sha256,
        "detail": detail,
        "prev_hash": last[1] if last else FIRST_HASH,
    }
    entry["hash"] = _hash_of(entry)
    vault.insert("custody", [entry])
    return str(entry["hash"])


def broken_links(vault: Vault) -> list[int]:
    """Return the sequence numbers where the chain does not hold; empty when nothing was touched."""
    broken = []
    expected_seq, expected_previous = 1, FIRST_HASH
    for entry in vault.rows("custody"):
        whole = (
            entry["seq"] == expected_seq
            and entry["prev_hash"] == expected_previous
            and entry["hash"] == _hash_of(entry)
        )
        if not whole:
            broken.append(int(entry["seq"]))
        expected_seq, expected_previous = int(entry["seq"]) + 1, str(entry["hash"])
    return broken


def _hash_of(entry: dict[str, Any]) -> str:
    columns = ("seq", "time_utc", "actor_role", "action", "object_sha256", "detail", "prev_hash")
    text = "\x1f".join(str(entry[column]) for column in columns)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
