"""Who withdrew after a backup was made stays withdrawn when the backup is restored.

The vault that is moved aside still has the tombstones. Persons and rows are known by their numbers, which are
never given twice: a restored vault counts on from far beyond both.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codebook import UsageError, VaultError

from .identifiers import SETTING
from .keys import KeyCost
from .opening import open_vault
from .store import Vault
from .withdrawal import PARTLY_WITHDRAWN, WITHDRAWN, withdraw_persons

_JUMP = 10**9  # more rows than a vault is ever given between a backup and its restoring


@contextmanager
def present_vault(
    path: Path, passphrase: str, *, cost: KeyCost, key_file_sha256: bytes, must_open: bool = False
) -> Iterator[Vault | None]:
    """Open the vault that is to be replaced; None where there is none or the passphrase is not of it.

    Raises:
        UsageError: It must open, because the passphrase was given for it, and does not.
    """
    vault = None
    if path.exists():
        try:
            vault = open_vault(path, passphrase, cost=cost, key_file_sha256=key_file_sha256)
        except VaultError:
            if must_open:
                raise UsageError(
                    "the vault that is there does not open with the passphrase given for it",
                    remedy="correct it; without it who withdrew since the backup is in the vault again",
                ) from None
            vault = None  # damaged, or of another passphrase: that may be why a backup is restored
    try:
        yield vault
    finally:
        if vault:
            vault.close()


def count_on(restored: Vault, present: Vault | None) -> None:
    """Let a restored vault give no number that was given after its backup was made."""
    last = [int(vault.setting(SETTING) or 0) for vault in (restored, present) if vault]
    if any(last):
        restored.set_setting(SETTING, str(max(last) + _JUMP))


def repeat_withdrawals(present: Vault, restored: Vault, *, now: datetime.datetime) -> int:
    """Erase from a restored vault whom the present one has erased; returns how many person records."""
    kept = {str(row["person_id"]) for row in present.rows("person")}
    marks = present.rows("source", "adapter IN (?, ?)", [WITHDRAWN, PARTLY_WITHDRAWN])
    left = {(str(row["source_id"]), str(row["record_key"])) for row in marks}
    hers = {
        str(row["source_id"])
        for row in restored.rows("source")
        if (str(row["source_id"]), str(row["record_key"])) in left
    }
    gone = [
        str(row["person_id"])
        for row in restored.rows("person")
        if str(row["person_id"]) not in kept and str(row["source_id"]) in hers
    ]
    emptied = {str(row["quarantine_id"]) for row in present.rows("quarantine", "row_json = '{}'")}
    with restored.transaction():
        for row in list(restored.rows("quarantine", "row_json <> '{}'")):
            if str(row["quarantine_id"]) in emptied:
                restored.update("quarantine", row["quarantine_id"], {"status": "dismissed", "row_json": "{}"})
    if gone:
        withdraw_persons(restored, gone, now=now)
    else:
        restored.compact()
    return len(gone)
