"""Files that a person asked for: each gets its name when it is complete, and is gone if the run is killed."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TextIO


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
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    descriptor, has_name = _opened(path.parent, path, 0o600)
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


@contextmanager
def replaced_file(path: Path, *, binary: bool = False) -> Iterator[IO]:  # type: ignore[type-arg]  # text or bytes
    """Yield a file, UTF-8 where it is text, that stands at `path` when the block ends well, and not before.

    What had that name stays as it is until then, and for good where the run fails or is killed. What is no
    file (a device, a pipe) is written to as it is.

    Raises:
        OSError: It cannot be written there.
    """
    how = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "newline": ""}
    path = path.resolve()  # behind a link: the link stays one
    if path.exists() and not path.is_file():
        with open(path, **how) as file:  # type: ignore[call-overload]  # noqa: PTH123 (mode is data)
            yield file
        return
    aside = path.with_name(f".withheld-{secrets.token_hex(8)}")
    descriptor, has_name = _opened(path.parent, aside, 0o666)
    try:
        with os.fdopen(descriptor, **how) as file:  # type: ignore[call-overload]
            yield file
            file.flush()
            if path.exists():
                os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))
            os.fsync(descriptor)
            if not has_name:
                _give_name(descriptor, aside)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def write_whole_set(folder: Path, texts: Mapping[str, str]) -> None:
    """Write text files that belong together: a new folder appears with all of them in one step.

    In a folder that holds something already each file is replaced in one step, one after the other.

    Args:
        texts: File name -> content.

    Raises:
        OSError: It cannot be written there.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.exists() or not any(folder.iterdir()):
        aside = folder.with_name(f".withheld-{secrets.token_hex(8)}")
        aside.mkdir()
        try:
            _write_each(aside, texts)
            with suppress(OSError):  # where another disk begins, no folder takes the place of another
                aside.rename(folder)
                return
        finally:
            _remove(aside)
    folder.mkdir(exist_ok=True)
    _write_each(folder, texts)


def _write_each(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        with replaced_file(folder / name) as file:
            file.write(text)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def _opened(folder: Path, path: Path, mode: int) -> tuple[int, bool]:
    """Return the descriptor of a new file and whether it has its name already."""
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # a medium without such files, or no right to write: the next line tells
            return os.open(folder, os.O_TMPFILE | os.O_WRONLY, mode), False
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), True


def _give_name(descriptor: int, path: Path) -> None:
    opened = os.open("/proc/self/fd", os.O_RDONLY)
    try:
        os.link(str(descriptor), path, src_dir_fd=opened)
    finally:
        os.close(opened)
