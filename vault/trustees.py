"""The keys of a vault change here: a new main passphrase, a trustee more or less.

A slots file is first written with the old and the new key sealed to every trustee, then the vault is written
under its new key, then the old seal is dropped: whoever could open it can open it at every moment.
"""

import datetime

from codebook import UsageError, VaultDamaged

from .custody import append_custody
from .keys import derive_key
from .slots import Slot, new_slot, parse_slots, read_slots, resealed, slots_path, slots_text, write_slots
from .store import Vault

SLOTS_SETTING = "key_slots"


def trustee_slots(vault: Vault) -> tuple[Slot, ...]:
    """Return the slots as the vault itself remembers them; the file beside it can only be a copy."""
    text = vault.setting(SLOTS_SETTING)
    return parse_slots(text) if text else ()


def slots_differ(vault: Vault) -> bool:
    """Whether the file of slots is not what the vault remembers: changed, missing, or of an older backup."""
    try:
        return read_slots(slots_path(vault.path)) != trustee_slots(vault)
    except VaultDamaged:
        return True


def add_trustee(
    vault: Vault, passphrase: str, *, now: datetime.datetime, key_file_sha256: bytes = b""
) -> Slot:
    """Give a trustee a passphrase of her own that opens the vault; returns her slot.

    Raises:
        UsageError: The passphrase opens the vault already.
    """
    access, slots = vault.access, trustee_slots(vault)
    derived = derive_key(passphrase, access.salt, access.cost, key_file_sha256=key_file_sha256)
    if derived == access.raw_key:
        raise UsageError("that is the main passphrase", remedy="let the trustee choose her own")
    number = max((slot.number for slot in slots), default=0) + 1
    slot = new_slot(number, now.date().isoformat(), derived, access.raw_key)
    with vault.transaction():
        _remember(vault, (*resealed(slots, access.raw_key), slot))
        append_custody(vault, "trustee added", now=now, detail=f"slot {number}")
    return slot


def remove_trustee(vault: Vault, number: int, *, now: datetime.datetime) -> None:
    """Take a slot away. A copy of the old file still opens the vault until the main passphrase changes.

    Raises:
        UsageError: There is no such slot.
    """
    slots = trustee_slots(vault)
    left = tuple(slot for slot in slots if slot.number != number)
    if len(left) == len(slots):
        raise UsageError("there is no trustee of that number", remedy="see `withheld vault trustee list`")
    with vault.transaction():
        _remember(vault, resealed(left, vault.access.raw_key))
        append_custody(vault, "trustee removed", now=now, detail=f"slot {number}")


def repair_trustees(vault: Vault, *, now: datetime.datetime) -> int:
    """Write the file of slots again from what the vault remembers, under its present key; return how many."""
    slots = resealed(trustee_slots(vault), vault.access.raw_key)
    with vault.transaction():
        _remember(vault, slots)
        append_custody(vault, "trustees repaired", now=now, detail=f"{len(slots)} slots")
    return len(slots)


def change_passphrase(
    vault: Vault, passphrase: str, *, now: datetime.datetime, key_file_sha256: bytes = b""
) -> int:
    """Give the vault another main passphrase; returns how many trustees keep their way in.

    Killed at any moment, it opens with the old or with the new one, and for every trustee. Backups made
    before open with the old one.

    Raises:
        UsageError: It is the passphrase that the vault has.
        VaultError: Another program uses the vault; nothing changed.
    """
    access, slots = vault.access, trustee_slots(vault)
    raw_key = derive_key(passphrase, access.salt, access.cost, key_file_sha256=key_file_sha256)
    if raw_key == access.raw_key:
        raise UsageError("the vault has that passphrase already", remedy="choose another one")
    with vault.transaction():
        append_custody(vault, "passphrase change begun", now=now)
        _remember(vault, resealed(slots, access.raw_key, raw_key))
    vault.change_key(raw_key)
    with vault.transaction():
        append_custody(vault, "passphrase changed", now=now, detail=f"{len(slots)} trustees")
        _remember(vault, resealed(slots, raw_key))
    return len(slots)


def _remember(vault: Vault, slots: tuple[Slot, ...]) -> None:
    """Note the slots in the vault and write their file; inside a transaction, which a failed file undoes."""
    vault.set_setting(SLOTS_SETTING, slots_text(slots) if slots else "")
    write_slots(slots_path(vault.path), slots)
