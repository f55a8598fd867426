"""The log that cannot be changed quietly: a chain of hashes over everything that was done to the vault.

An entry says what was done to which object by which role, never by whom; removing a person keeps the
hashes of her entries. The last entry is also noted apart from the chain (`setting`), and in every receipt.
"""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from codebook import VaultError
from codebook.errors import PROGRAM_FAULT

from .schema import TRIGGERS
from .store import Vault

FIRST_HASH = "0" * 64
HEAD_SETTING = "custody_head"  # "number hash" of the last entry
ACTIONS = (
    "vault created", "file ingested", "file refused", "quarantine exported", "quarantine retried",
    "quarantine discarded", "consent recorded", "person withdrawn", "duplicate decided",
    "vanished row answered", "release built",
    "release refused", "vault verified",
    "quotation proposed", "quotation refused", "quotation confirmed", "quotation exported",
    "quotation discarded",
    "passphrase change begun", "passphrase changed", "trustee added", "trustee removed", "trustees repaired",
    "vault backed up", "vault restored", "vault upgraded", "evidence registered", "receipt exported",
)  # fmt: skip
_COLUMNS = ("seq", "time_utc", "actor_role", "action", "object_sha256", "detail", "prev_hash")


@dataclass(frozen=True)
class ChainFault:
    """Where the chain does not hold: the number of an entry, and what is wrong with it.

    Attributes:
        kind: changed, missing, moved, added, unguarded (a trigger is gone), or `not after the one before it`.
    """

    seq: int
    kind: str


def append_custody(
    vault: Vault,
    action: str,
    *,
    now: datetime.datetime,
    object_sha256: str = "",
    detail: str = "",
    actor_role: str = "",
) -> str:
    """Append one entry to the chain and return its hash.

    Args:
        detail: Counts only, never a value of a record.
        actor_role: Who did it, where that is not who opened the vault; never a name.

    Raises:
        VaultError: The action is not one of `ACTIONS`.
    """
    if action not in ACTIONS:
        raise VaultError("an action that the custody log does not know", remedy=PROGRAM_FAULT)
    with vault.transaction():
        last = vault.database.conn.execute(
            "SELECT seq, hash FROM custody ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        entry = {
            "seq": last[0] + 1 if last else 1,
            "time_utc": now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
            "actor_role": actor_role or vault.access.actor_role,
            "action": action,
            "object_sha256": object_sha256,
            "detail": detail,
            "prev_hash": last[1] if last else FIRST_HASH,
        }
        entry["hash"] = _hash_of(entry)
        vault.insert("custody", [entry])
        vault.set_setting(HEAD_SETTING, f"{entry['seq']} {entry['hash']}")
    return str(entry["hash"])


def note_head(vault: Vault) -> None:
    """Note the end of a chain that was written before its end was noted."""
    for seq, digest in vault.database.conn.execute("SELECT seq, hash FROM custody ORDER BY seq DESC LIMIT 1"):
        vault.set_setting(HEAD_SETTING, f"{seq} {digest}")


def custody_head(vault: Vault) -> tuple[int, str]:
    """Return the number and the hash of the last entry, as they are noted apart from the chain."""
    number, _, digest = vault.setting(HEAD_SETTING).partition(" ")
    return (int(number) if number.isdigit() else 0), digest or FIRST_HASH


def chain_faults(vault: Vault, *, guarded: bool = True) -> list[ChainFault]:
    """Return where the chain does not hold, in the order of its numbers; empty when nothing was touched.

    Found are entries that were changed, taken out, moved or cut off the end, and triggers that are gone. A
    chain that somebody with the passphrase wrote anew, with its noted end, is found by a receipt that lies
    outside the vault.

    Args:
        guarded: Whether the vault has triggers and a noted end; schema 2 had neither.
    """
    entries = list(vault.rows("custody"))
    faults = _order_faults(entries)
    if not guarded:
        return faults
    last = (int(entries[-1]["seq"]), str(entries[-1]["hash"])) if entries else (0, FIRST_HASH)
    head = custody_head(vault)
    faults += [ChainFault(seq, "missing") for seq in range(last[0] + 1, head[0] + 1)]
    if head[0] == last[0] and head[1] != last[1]:
        faults.append(ChainFault(last[0], "changed"))
    if head[0] < last[0]:
        faults.append(ChainFault(last[0], "added"))
    names = {row[0] for row in vault.database.conn.execute("SELECT name FROM sqlite_master")}
    faults += [ChainFault(last[0], "unguarded") for _ in set(TRIGGERS) - names]
    return sorted(set(faults), key=lambda fault: (fault.seq, fault.kind))


def _order_faults(entries: list[dict[str, Any]]) -> list[ChainFault]:
    faults = []
    places = _places(entries)
    seq, previous = 0, FIRST_HASH
    for entry in entries:
        faults += [ChainFault(gap, "missing") for gap in range(seq + 1, int(entry["seq"]))]
        is_next, seq = int(entry["seq"]) == seq + 1, int(entry["seq"])
        if entry["hash"] != _hash_of(entry):
            moved = entry["hash"] == _hash_of({**entry, "seq": places.get(str(entry["hash"]), 0)})
            faults.append(ChainFault(seq, "moved" if moved else "changed"))
        elif is_next and entry["prev_hash"] != previous:
            faults.append(ChainFault(seq, "not after the one before it"))
        previous = str(entry["hash"])
    return faults


def _places(entries: list[dict[str, Any]]) -> dict[str, int]:
    """Return hash -> the number that its entry had, as the hashes themselves follow each other."""
    followers = {str(entry["prev_hash"]): str(entry["hash"]) for entry in entries}
    places: dict[str, int] = {}
    digest = followers.get(FIRST_HASH, "")
    while digest and digest not in places:
        places[digest] = len(places) + 1
        digest = followers.get(digest, "")
    return places


def broken_links(vault: Vault) -> list[int]:
    """Return the numbers where the chain does not hold; empty when nothing was touched."""
    return sorted({fault.seq for fault in chain_faults(vault)})


def holds_link(vault: Vault, seq: int, digest: str) -> bool:
    """Whether the entry of that number has that hash: a receipt outside asks."""
    return bool(vault.count("custody", "seq = ? AND hash = ?", [seq, digest]))


def _hash_of(entry: dict[str, Any]) -> str:
    text = "\x1f".join(str(entry[column]) for column in _COLUMNS)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
