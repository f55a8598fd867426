"""Vaults are made and opened here, with the main passphrase or a trustee's, and looked through for damage."""

import secrets
from pathlib import Path
from typing import Any

from codebook import VaultDamaged, VaultError, WrongPassphrase, load_codebook

from .access import DATA_OFFICER, LOCK_AFTER_SECONDS, TRUSTEE, Access
from .encrypted import DAMAGED_REMEDY, DatabaseError, connect, named_faults, opens, salt_of
from .keys import SALT_BYTES, STANDARD_COST, KeyCost, derive_key
from .private_files import create_private, give_name
from .schema import INDEXES, OTHER_INDEXES, SCHEMA_VERSION, TRIGGERS, vault_tables
from .slots import keys_within_reach, read_slots, slots_path
from .store import Vault


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
    derived = derive_key(passphrase, salt_of(path), cost, key_file_sha256=key_file_sha256)
    connection, raw_key, role = _connected(path, derived)
    vault = Vault(connection, path, load_codebook(), Access(raw_key, cost, role, lock_after_seconds))
    try:
        _require_schema(vault)
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
        remedy="try again; if you are sure of it, the beginning of the file is damaged: use a backup",
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
    for name, columns in vault_tables(vault.book).items():
        table = vault.database.table(name)
        table.create(columns, pk=next(iter(columns)))
        for column in INDEXES.get(name, ()):
            table.create_index([column])
    for statement in OTHER_INDEXES:
        vault.database.conn.execute(statement)
    for name, rule in TRIGGERS.items():
        vault.database.conn.execute(f"CREATE TRIGGER {name} {rule}")
    settings = {
        "schema_version": str(SCHEMA_VERSION),
        "fingerprint_key": secrets.token_hex(32),
        "rounding_key": secrets.token_hex(32),
        "receipt_key": secrets.token_hex(32),
    }
    vault.insert("setting", [{"key": key, "value": value} for key, value in settings.items()])


def _require_schema(vault: Vault) -> None:
    with named_faults():
        found = vault.database.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {row[0] for row in found}
    if "setting" not in tables:
        raise VaultDamaged("the vault lacks tables that belong to it", remedy=DAMAGED_REMEDY)
    if vault.setting("schema_version") != str(SCHEMA_VERSION):
        raise VaultError(
            "the vault was made by another version", remedy="use the version of Withheld that made it"
        )
    if not set(vault_tables(vault.book)) <= tables:
        raise VaultDamaged("the vault lacks tables that belong to it", remedy=DAMAGED_REMEDY)
