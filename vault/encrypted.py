"""The encrypted connection: SQLCipher with a raw key, and its faults in our words."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3

from codebook import VaultDamaged, VaultError

from .keys import SALT_BYTES


@contextmanager
def _standing_in(modules: dict[str, Any]) -> Iterator[None]:
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


# sqlite-utils picks `pysqlite3` over the standard module where it can import it; so `alter=True` and its
# error classes work on the encrypted connection. Datasette looks for it too, and must not find it: the name
# stands only while sqlite-utils is imported. It also takes pandas where it finds it: never handed over by us,
# it would cost every command 0.2 s and 100 MB.
with _standing_in({"pysqlite3": sqlcipher3, "pysqlite3.dbapi2": sqlcipher3.dbapi2, "pandas": None}):
    import sqlite_utils

Database = sqlite_utils.Database
DatabaseError = sqlcipher3.DatabaseError
PAGE_BYTES = 4096
CACHE_KIBIBYTES = 64 * 1024  # pages held in memory, however large the vault is
DAMAGED_REMEDY = (
    "run `withheld verify`: if it opens, only this command lost it (the passphrase was changed meanwhile); "
    "if not, restore a backup and keep the damaged file, it may be repairable"
)


def salt_of(path: Path) -> bytes:
    """Return the salt in the first bytes of a vault, or say what is wrong with the file."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            salt = file.read(SALT_BYTES)
    except OSError as error:
        raise VaultError(
            "there is no vault here", remedy="run `withheld init DIR --group NAME`, or use -w DIR"
        ) from error
    if size < PAGE_BYTES or size % PAGE_BYTES or len(salt) < SALT_BYTES:
        raise VaultDamaged("the vault file is not whole", remedy=DAMAGED_REMEDY)
    return salt


def connect(path: Path, raw_key: str) -> Any:
    """Return a connection that keeps nothing plain on disk; the key is tried at the first statement."""
    # From any thread: a vault that waits too long for a person is closed by a timer.
    connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{raw_key}'\"")
    # SQLCipher's own default since 4.5; decision 0005 says what is lost and why it is no protection here.
    connection.execute("PRAGMA cipher_memory_security = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")  # no plain temporary file, ever
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection


def bound_memory(connection: Any) -> None:
    """Bound the pages that are held in memory; reads the file, so the key must be the right one."""
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")


def opens(connection: Any) -> bool:
    """Whether the key of a connection is the right one; what a dead writer left is rolled back first."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher3.OperationalError:
        raise  # locked or unreadable: that says nothing about the key
    except sqlcipher3.DatabaseError:
        return False
    return True


def rekey(connection: Any, path: Path, raw_key: str) -> None:
    """Write every page again under another key, with the same salt, in one transaction.

    A process that dies meanwhile leaves a journal in pages of the old key: whoever opens the file next, with
    whichever key, rolls back first; so one of both keys opens it at every moment.

    Raises:
        VaultError: The file is in use or the disk is full; it opens as before.
    """
    try:
        connection.execute(f"PRAGMA rekey = \"x'{raw_key}'\"")
    except sqlcipher3.DatabaseError:
        raise _not_changed() from None
    other = connect(path, raw_key)
    try:
        if not opens(other):
            raise _not_changed()
    finally:
        other.close()


def _not_changed() -> VaultError:
    return VaultError(
        "the key was not changed: another program uses the vault, or the disk is full",
        remedy="wait until it has ended or make room, then run again; the vault opens as before",
    )


def roll_back(path: Path) -> None:
    """Undo what a writer that died left unfinished; it needs no key, for its journal holds whole pages."""
    connection = connect(path, "00" * 48)
    try:
        with suppress(sqlcipher3.DatabaseError):
            opens(connection)
    finally:
        connection.close()


def require_sound(path: Path, raw_key: str) -> None:
    """Open a file on its own and check every page of it, its check sum and its structure.

    Raises:
        VaultDamaged: It is not whole.
    """
    connection = connect(path, raw_key)
    try:
        with named_faults():
            pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            structure = connection.execute("PRAGMA integrity_check").fetchall()
    finally:
        connection.close()
    if pages or structure != [("ok",)]:
        raise VaultDamaged("the copy is not whole; no backup was kept", remedy="run it again")


def export_copy(connection: Any, path: Path, raw_key: str, check: Callable[[Any], None]) -> None:
    """Write a copy of the whole vault, without free pages, into an empty file under the same key.

    No plain page is written. Nobody else writes meanwhile.

    Args:
        check: Called with the connection while both are attached, the copy under the name `copied`.
    """
    with named_faults():
        connection.execute("ATTACH DATABASE ? AS copied KEY ?", [str(path), f"x'{raw_key}'"])
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.execute("SELECT sqlcipher_export('copied')")
                check(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.execute("DETACH DATABASE copied")


@contextmanager
def named_faults() -> Iterator[None]:
    """Turn SQLite's own errors into ours; theirs can quote values, so they are not chained."""
    try:
        yield
    except sqlcipher3.DatabaseError as error:
        text = str(error).lower()
        if "disk i/o" in text:
            raise VaultDamaged(
                "the vault file is damaged, or its disk reports errors",
                remedy=f"look first whether the disk is full or was taken out; {DAMAGED_REMEDY}",
            ) from None
        if "unable to open" in text:
            raise VaultError(
                "the vault cannot be opened: its folder or file may not be read or written",
                remedy="check the rights of private/ and of the vault in it, then run again",
            ) from None
        if "malformed" in text or "not a database" in text:
            raise VaultDamaged("the vault file is damaged", remedy=DAMAGED_REMEDY) from None
        if "locked" in text or "busy" in text:
            raise VaultError(
                "another program is using the vault", remedy="wait until it has ended, then run again"
            ) from None
        if "full" in text or "readonly" in text:
            raise VaultError(
                "the vault cannot be written: the disk is full or the folder is read-only",
                remedy="make room or change the rights, then run again; nothing of this run was kept",
            ) from None
        raise VaultError(
            f"the vault refused a statement ({type(error).__name__})",
            remedy="run it again; if it stays so, run `withheld verify` and report this line",
        ) from None
