"""A file that a person asked for: it gets its name when it is complete, and gone if the run is killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def new_private_file(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Yield a new text file, readable for its owner only, that appears at `path` when the block ends well.

    Until then it has no name, so that nobody finds a part of it, whatever happens to the run. Where the
    system or the medium knows no files without a name (FAT), it has its name from the start and loses it on
    an error.

    Raises:
        FileExistsError: Something has that name; it stays as it is.
        OSError: It cannot be written there.
    """
    if path.exists() or path.is_symlink():
        raise FileExistsError
    descriptor, has_name = _opened(path)
    try:
        with os.fdopen(descriptor, "w", encoding=encoding, newline="") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
            if not has_name:
                _give_name(descriptor, path)
    except BaseException:
        if has_name:
            path.unlink(missing_ok=True)
        raise


def _opened(path: Path) -> tuple[int, bool]:
    """Return the descriptor of a new file and whether it has its name already."""
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        try:
            return os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o600), False
        except OSError:
            pass  # a medium without such files, or a folder that cannot be written: the next line tells
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), True


def _give_name(descriptor: int, path: Path) -> None:
    opened = os.open("/proc/self/fd", os.O_RDONLY)
    try:
        os.link(str(descriptor), path, src_dir_fd=opened)
    finally:
        os.close(opened)
