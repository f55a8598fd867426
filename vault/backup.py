"""Copies of the vault that open with the same passphrases, and the way back from one.

A copy is exported into a file under the same key: fresh, without free pages, never plain. Where there are
trustees, their slots follow it in the same file, behind the pages of the vault.
"""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codebook import VaultDamaged, VaultError

from .backup_file import append_slots, cut_backup, sha256_of, unpack_backup
from .carrying import count_on, present_vault, repeat_withdrawals
from .custody import append_custody, chain_faults
from .encrypted import export_copy, require_sound, roll_back
from .keys import STANDARD_COST, KeyCost
from .migrations import is_older, migrate, require_way
from .opening import integrity_faults, open_as_it_is
from .private_files import create_private, give_name, private_umask, require_free, sync_file, sync_folder
from .slots import read_slots, slots_path, slots_text, write_slots
from .store import Vault
from .trustees import trustee_slots


@dataclass(frozen=True)
class Backup:
    """A copy that was written, or put in the place of the vault.

    Attributes:
        aside: Where the vault lies that was there before; None where there was none.
        upgraded_from: Version of the schema that the backup had, where it was an older one.
        withdrawn_again: Person records of the backup that the vault before had erased, and so were erased
            again; None where that vault could not be opened, so that nobody knows whom it had erased.
    """

    sha256: str
    bytes: int
    rows: int
    trustees: int
    aside: Path | None = None
    withdrawn_again: int | None = 0
    upgraded_from: int | None = None


def backup_vault(vault: Vault, file: Path, *, now: datetime.datetime) -> Backup:
    """Write a copy of the vault to a new file, checked before it gets its name, and note it in the log.

    Killed at any moment, FILE is not there or is whole; FILE.*.part may be left, and is encrypted.

    Raises:
        UsageError: There is a file of that name.
        VaultDamaged: The vault itself is not whole, or its custody chain is broken.
        VaultError: The file cannot be written.
    """
    require_free(file)
    _require_whole(vault)
    return write_copy(vault, file, lambda made: _note(vault, made, now))


def _note(vault: Vault, made: Backup, now: datetime.datetime) -> None:
    append_custody(vault, "vault backed up", now=now, object_sha256=made.sha256, detail=f"{made.bytes} bytes")


def write_copy(vault: Vault, file: Path, before_naming: Callable[[Backup], None] | None = None) -> Backup:
    """Write a checked copy of a vault that is whole; nothing is written into the vault itself.

    Args:
        before_naming: Called with the finished copy before it gets its name.

    Raises:
        UsageError: There is a file of that name.
        VaultDamaged: The copy is not equal to the vault.
        VaultError: The file cannot be written.
    """
    # A name that no other run has: two to one FILE would write into each other's copy.
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with private_umask():
            create_private(part)
            counts: dict[str, int] = {}
            export_copy(
                vault.database.conn, part, vault.access.raw_key, lambda open_one: _compare(open_one, counts)
            )
        require_sound(part, vault.access.raw_key)
        slots = trustee_slots(vault)
        if slots:
            append_slots(part, slots_text(slots).encode("ascii"))
        sync_file(part)
        made = Backup(sha256_of(part), part.stat().st_size, sum(counts.values()), len(slots))
        if before_naming:
            before_naming(made)
        give_name(part, file)
    except OSError:
        raise VaultError(
            "the backup cannot be written there", remedy="check the folder, its rights and its room"
        ) from None
    finally:
        for rest in (part, part.with_name(f"{part.name}-journal")):
            rest.unlink(missing_ok=True)
    return made


def restore_vault(
    file: Path,
    path: Path,
    passphrase: str,
    *,
    now: datetime.datetime,
    cost: KeyCost = STANDARD_COST,
    key_file_sha256: bytes = b"",
    present_passphrase: str = "",
) -> Backup:
    """Put a backup in the place of the vault; the vault that is there is moved aside, never deleted.

    Everything is checked on a copy beside the vault before anything is touched.

    Args:
        present_passphrase: Of the vault that is there, where it has another one than the backup: it knows who
            withdrew since.

    Raises:
        WrongPassphrase: The passphrase does not open the backup.
        VaultDamaged: The backup is not whole, or its custody chain is broken.
        UsageError: There is no such file, or the vault that is there does not open with the passphrase given.
    """
    part = path.with_name("restoring.db")
    secret: dict[str, Any] = {"passphrase": passphrase, "cost": cost, "key_file_sha256": key_file_sha256}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear(part)
        try:
            write_slots(slots_path(part), unpack_backup(file, part))
            present = {**secret, "passphrase": present_passphrase or passphrase}
            with present_vault(path, **present, must_open=bool(present_passphrase)) as before:
                restored = _checked(file, part, secret, before, now)
            if path.exists() and before is None:
                restored = replace(restored, withdrawn_again=None)
            sync_file(part)
            return replace(restored, aside=_exchange(part, path, now))
        finally:
            _clear(part)
    except OSError:
        raise VaultError(
            "the backup cannot be read, or the folder of the vault cannot be written",
            remedy="check the file, the rights and the room; the vault is as it was",
        ) from None


def _checked(
    file: Path, part: Path, secret: dict[str, Any], before: Vault | None, now: datetime.datetime
) -> Backup:
    """Check the copy beside the vault and bring it up to what the vault that it replaces has forgotten."""
    with open_as_it_is(part, **secret) as vault:
        slots = trustee_slots(vault)
        if slots != read_slots(slots_path(part)):
            raise cut_backup()
        restored = Backup(sha256_of(file), file.stat().st_size, sum(_counts(vault)), len(slots))
        if is_older(vault):
            _require_pages(vault)
            require_way(vault)
            done = migrate(vault, now=now, backup_sha256=restored.sha256)
            restored = replace(restored, upgraded_from=done.from_version)
        _require_whole(vault)
        again = repeat_withdrawals(before, vault, now=now) if before else 0
        count_on(vault, before)
        detail = f"{restored.bytes} bytes"
        append_custody(vault, "vault restored", now=now, object_sha256=restored.sha256, detail=detail)
    return replace(restored, withdrawn_again=again)


def _compare(connection: Any, counts: dict[str, int]) -> None:
    """Stop where the copy lacks a table, a row, a trigger or has a free page; inside the transaction."""
    kinds = "SELECT type, name FROM {}.sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    here, there = (connection.execute(kinds.format(name)).fetchall() for name in ("main", "copied"))
    if here != there or connection.execute("PRAGMA copied.freelist_count").fetchone()[0]:
        raise _not_equal()
    for name in (name for kind, name in here if kind == "table"):
        counted = 'SELECT (SELECT count(*) FROM main."{0}"), (SELECT count(*) FROM copied."{0}")'
        original, copied = connection.execute(counted.format(name)).fetchone()
        if original != copied:
            raise _not_equal()
        counts[name] = int(copied)


def _not_equal() -> VaultDamaged:
    return VaultDamaged("the copy is not equal to the vault; no backup was kept", remedy="run it again")


def _counts(vault: Vault) -> list[int]:
    tables = vault.database.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [
        int(vault.database.conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for (name,) in tables
    ]


def _require_pages(vault: Vault) -> None:
    if integrity_faults(vault):
        raise VaultDamaged("pages of the file are damaged", remedy="use another backup")


def _require_whole(vault: Vault) -> None:
    _require_pages(vault)
    faults = chain_faults(vault)
    if faults:
        raise VaultDamaged(
            f"the custody chain does not hold at {len(faults)} places, first at entry {faults[0].seq}",
            remedy="run `withheld verify`; use a backup from before the change",
        )


def _exchange(part: Path, path: Path, now: datetime.datetime) -> Path | None:
    """Give the restored vault its name; what had it before keeps another one. There is a vault throughout."""
    aside = None
    if path.exists():
        roll_back(path)
        if path.with_name(f"{path.name}-journal").exists():
            raise VaultError(
                "another program is using the vault", remedy="wait until it has ended, then run again"
            )
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        aside = path.with_name(f"before-restore-{stamp}.db")
        require_free(aside)
        try:
            aside.hardlink_to(path)
        except OSError:
            path.rename(aside)
        if slots_path(path).exists():
            slots_path(path).rename(slots_path(aside))
    part.replace(path)
    if slots_path(part).exists():
        slots_path(part).replace(slots_path(path))
    sync_folder(path.parent)
    return aside


def _clear(part: Path) -> None:
    for rest in (part, part.with_name(f"{part.name}-journal"), slots_path(part)):
        rest.unlink(missing_ok=True)
