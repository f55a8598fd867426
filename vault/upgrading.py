"""An older vault becomes one of this version: copied and checked first, then changed in one step.

Killed at any moment, the old vault or the new one is there, and beside it the copy or none.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from codebook import VaultDamaged, VaultError

from .backup import Backup, write_copy
from .keys import STANDARD_COST, KeyCost
from .migrations import Migration, is_older, migrate, require_way
from .opening import integrity_faults, open_as_it_is
from .private_files import require_free
from .store import Vault


@dataclass(frozen=True)
class Upgrade:
    """An upgrade that was done: what it changed, and the copy of the vault before it."""

    migration: Migration
    backup: Backup
    file: Path


def upgrade_vault(
    path: Path,
    passphrase: str,
    *,
    now: datetime.datetime,
    cost: KeyCost = STANDARD_COST,
    key_file_sha256: bytes = b"",
    keep_unknown: bool = False,
) -> Upgrade | None:
    """Bring the vault to this version, after an encrypted and checked copy of it was written beside it.

    Args:
        keep_unknown: Keep columns that this version does not know, though the vault may be newer.

    Returns:
        What was done; None where the vault is of this version already.

    Raises:
        WrongPassphrase: The passphrase does not open it.
        VaultDamaged: The vault, or what became of it, is not whole.
        VaultError: There is no way from it to this version, or another program writes; it is as it was.
    """
    with open_as_it_is(path, passphrase, cost=cost, key_file_sha256=key_file_sha256) as vault:
        if not is_older(vault):
            return None
        if integrity_faults(vault):
            raise VaultDamaged("pages of the file are damaged", remedy="restore a backup")
        require_way(vault, keep_unknown=keep_unknown)
        file = path.with_name(f"before-upgrade-{now.strftime('%Y%m%dT%H%M%SZ')}.db")
        require_free(file)
        written = _written_by_others(vault)
        made = write_copy(vault, file)
        with vault.transaction():
            if _written_by_others(vault) != written:
                raise VaultError(
                    "another program wrote into the vault while it was copied",
                    remedy="end the other program, then run again; the vault was not upgraded",
                )
            done = migrate(vault, now=now, backup_sha256=made.sha256)
        if integrity_faults(vault):
            raise VaultDamaged(
                "the disk did not keep what was written: pages of the upgraded vault are damaged",
                remedy=f"`withheld vault restore` private/{file.name}, on another disk",
            )
    return Upgrade(done, made, file)


def _written_by_others(vault: Vault) -> int:
    """Return a number that changes when another program has written."""
    return int(vault.database.conn.execute("PRAGMA data_version").fetchone()[0])
