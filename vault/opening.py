"""Vaults are made and opened here, with the main passphrase or a trustee's, and looked through for damage."""

import secrets
from pathlib import Path
from typing import Any

from codebook import VaultDamaged, VaultError, WrongPassphrase, load_codebook

from .access import DATA_OFFICER, LOCK_AFTER_SECONDS, TRUSTEE, Access
from .encrypted import DAMAGED_REMEDY, DatabaseError, connect, named_faults, opens, salt_of
from .keys import SALT_BYTES, STANDARD_COST, KeyCost, derive_key
from .private_files import create_private, give_name
from .schema import SCHEMA_VERSION
from .shape import add_missing, shape_of
from .slots import keys_within_reach, read_slots, slots_path
from .store import Vault

UPGRADE = "run `withheld vault upgrade`: it writes a backup first, and changes nothing where it fails"


def create_vault(
    path: Path, passphrase: str, *, cost: KeyCost = STANDARD_COST, key_file_sha256: bytes = b""
) -> Vault:
    """Make a new, empty vault and return it open.

    Args:
        key_file_sha256: Digest of a key file that is needed beside the passphrase; empty for none.

    Raises:
        VaultError: Something is at that path already, or the folder cannot be written.
    """
    if path.exists() or slots_path(path).exists():
        raise VaultError("there is a vault already", remedy="use it, or choose another folder")
    part = path.with_name(f"{path.name}.part")
    salt = secrets.token_bytes(SALT_BYTES)
    access = Access(derive_key(passphrase, salt, cost, key_file_sha256=key_file_sha256), cost)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        _remove(part)  # of a run that was stopped
        create_private(part)
        with (
            Vault(connect(part, access.raw_key), part, load_codebook(), access) as vault,
            vault.transaction(),
        ):
            _create_tables(vault)
        give_name(part, path)
    except OSError as error:
        raise VaultError("the folder for the vault cannot be written", remedy="check its rights") from error
    finally:
        _remove(part)
    return Vault(connect(path, access.raw_key), path, load_codebook(), access)


def _remove(part: Path) -> None:
    for rest in (part, part.with_name(f"{part.name}-journal")):
        rest.unlink(missing_ok=True)


def open_vault(
    path: Path,
    passphrase: str,
    *,
    cost: KeyCost = STANDARD_COST,
    key_file_sha256: bytes = b"",
    lock_after_seconds: float = LOCK_AFTER_SECONDS,
) -> Vault:
    """Return an existing vault, open, by the main passphrase or a trustee's; opening writes nothing.

    Raises:
        WrongPassphrase: The passphrase does not open it.
        VaultDamaged: The file is not whole.
        VaultError: There is no vault, or it is from another version.
    """
    vault = open_as_it_is(
        path, passphrase, cost=cost, key_file_sha256=key_file_sha256, lock_after_seconds=lock_after_seconds
    )
    try:
        require_present(vault)
    except VaultError:
        vault.close()
        raise
    return vault


def open_as_it_is(
    path: Path,
    passphrase: str,
    *,
    cost: KeyCost = STANDARD_COST,
    key_file_sha256: bytes = b"",
    lock_after_seconds: float = LOCK_AFTER_SECONDS,
) -> Vault:
    """Return a vault, open, that may be older than this version: for an upgrade, which writes it anew.

    Raises:
        WrongPassphrase: The passphrase does not open it.
        VaultDamaged: The file is not whole.
        VaultError: There is no vault, or it is newer than this version.
    """
    derived = derive_key(passphrase, salt_of(path), cost, key_file_sha256=key_file_sha256)
    connection, raw_key, role = _connected(path, derived)
    vault = Vault(connection, path, load_codebook(), Access(raw_key, cost, role, lock_after_seconds))
    try:
        version = schema_version(vault)
        if version > SCHEMA_VERSION:
            raise VaultError(
                f"the vault was made by a newer version of Withheld (schema {version}; this one knows "
                f"{SCHEMA_VERSION})",
                remedy="install that version or a newer one; nothing was changed",
            )
    except VaultError:
        vault.close()
        raise
    return vault


def _connected(path: Path, derived: str) -> tuple[Any, str, str]:
    """Return a connection that reads the file, its raw key and the role of who opened it."""
    connection = _tried(path, derived)
    if connection:
        return connection, derived, DATA_OFFICER
    for raw_key in keys_within_reach(read_slots(slots_path(path)), derived):
        connection = _tried(path, raw_key)
        if connection:
            return connection, raw_key, TRUSTEE
    raise WrongPassphrase(
        "the passphrase does not open this vault",
        remedy="try again, with WITHHELD_KEY_FILE if it has a key file; a trustee's passphrase opens it too. "
        "A lost one cannot be recovered. If you are sure, the beginning of the file is damaged: use a backup",
    )


def _tried(path: Path, raw_key: str) -> Any:
    connection = connect(path, raw_key)
    right = False
    try:
        with named_faults():
            right = opens(connection)
    finally:
        if not right:
            connection.close()
    return connection if right else None


def integrity_faults(vault: Vault) -> int:
    """Return how many pages of the file fail their checksum or structure check; 0 is a whole vault."""
    try:
        pages = len(vault.database.conn.execute("PRAGMA cipher_integrity_check").fetchall())
        structure = vault.database.conn.execute("PRAGMA integrity_check").fetchall()
    except DatabaseError:
        return 1
    return int(pages + sum(row[0] != "ok" for row in structure))


def _create_tables(vault: Vault) -> None:
    add_missing(vault)
    settings = {
        "schema_version": str(SCHEMA_VERSION),
        "fingerprint_key": secrets.token_hex(32),
        "rounding_key": secrets.token_hex(32),
        "receipt_key": secrets.token_hex(32),
    }
    vault.insert("setting", [{"key": key, "value": value} for key, value in settings.items()])


def schema_version(vault: Vault) -> int:
    """Return by which version of the schema a vault was written.

    Raises:
        VaultDamaged: It has no settings, or no version among them.
    """
    with named_faults():
        found = vault.database.conn.execute("SELECT name FROM sqlite_master WHERE name = 'setting'")
        version = vault.setting("schema_version") if found.fetchone() else ""
    if not version.isdecimal():
        raise _lacks_tables()
    return int(version)


def require_present(vault: Vault) -> None:
    """Stop where a vault is not as this version writes it.

    Raises:
        VaultDamaged: A table is gone that every vault of this version has.
        VaultError: It is older, or has columns that this version does not know.
    """
    if schema_version(vault) < SCHEMA_VERSION:
        raise VaultError("the vault was made by an older version of Withheld", remedy=UPGRADE)
    shape = shape_of(vault)
    if shape.lost_books:
        raise _lacks_tables()
    if shape.missing:
        raise VaultError(
            f"the vault was made with an older codebook: it lacks {len(shape.missing)} tables or columns",
            remedy=UPGRADE,
        )
    if shape.unknown or shape.other_type:
        raise VaultError(
            f"the vault has {len(shape.unknown + shape.other_type)} tables or columns that this version does "
            "not know",
            remedy="use the version that wrote it last; if the codebook has lost these fields on purpose: "
            "`withheld vault upgrade --keep-unknown`",
        )


def _lacks_tables() -> VaultDamaged:
    return VaultDamaged("the vault lacks tables that belong to it", remedy=DAMAGED_REMEDY)
