"""Files that only their owner may read, written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codebook import UsageError, VaultError


@contextmanager
def private_umask() -> Iterator[None]:
    """Give every file that is made inside the block to its owner only, journals of SQLite among them."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def create_private(path: Path) -> None:
    """Make an empty file for the owner only; an unfinished one of the same name is replaced.

    Raises:
        VaultError: The folder cannot be written.
    """
    try:
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        raise VaultError(
            "the file cannot be written there", remedy="check the folder, its rights and its room"
        ) from None


def write_private(path: Path, content: bytes) -> None:
    """Replace a file by new content in one step: a reader sees the old one or the new one.

    Raises:
        VaultError: The folder cannot be written; the old file is as it was.
    """
    part = path.with_name(f"{path.name}.part")
    create_private(part)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise VaultError(
            "the file cannot be written there", remedy="make room or check the rights, then run again"
        ) from None


def give_name(part: Path, path: Path) -> None:
    """Give a finished file its name, never over another file.

    Raises:
        UsageError: There is a file of that name.
    """
    require_free(path)
    try:
        # A link never replaces; where the medium knows no links (FAT), the check above has to do.
        os.link(part, path)
        part.unlink()
    except FileExistsError:
        raise _taken() from None
    except OSError:
        part.rename(path)
    sync_folder(path.parent)


def require_free(path: Path) -> None:
    """Stop where something has that name.

    Raises:
        UsageError: There is a file of that name.
    """
    if path.exists() or path.is_symlink():
        raise _taken()


def _taken() -> UsageError:
    return UsageError("the file is there already", remedy="name another file")


def sync_file(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can say so."""
    if os.name == "posix":
        sync_file(folder)
