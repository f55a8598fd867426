"""What the machine can do to a run, in words: a full disk, missing rights, too little memory.

Only kinds of faults are named, never what was being read or written.
"""

import errno
import sqlite3

_AGAIN = "then run again; nothing half-done was kept"
_FULL = "the disk is full, or a limit for files was reached", f"make room, {_AGAIN}"
_RIGHTS = (
    "a file or folder may not be read or written",
    f"check the rights, and whether the disk is read-only, {_AGAIN}",
)
_DISK = "the disk reports an error", f"check the disk and its room, {_AGAIN}"
_MEMORY = "there is not enough memory for this", f"close other programs, or use smaller files, {_AGAIN}"
_BY_NUMBER = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _RIGHTS),
    errno.EIO: _DISK,
    errno.ENOMEM: _MEMORY,
    errno.ENOENT: ("a file or folder is not there", "check the names of files and folders that you gave"),
    errno.EEXIST: ("something of that name is there already", "name another file or folder"),
    errno.EISDIR: ("a folder stands where a file should be", "name a file"),
    errno.ENOTDIR: ("a file stands where a folder should be", "name a folder"),
    errno.ENAMETOOLONG: ("the name of a file or folder is too long", "use a shorter one"),
    errno.ELOOP: ("a link leads back to itself", "name the file or folder itself"),
    errno.EADDRINUSE: ("that port is in use", "choose another one with --port"),
    errno.EMFILE: ("too many files are open", f"close other programs, {_AGAIN}"),
}  # fmt: skip
_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_NOMEM: _MEMORY,
}


def named_machine_fault(error: BaseException) -> tuple[str, str] | None:
    """Return what went wrong and what to do; None where it is a fault of the program."""
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, OSError):
        return _BY_NUMBER.get(error.errno or 0)
    if isinstance(error, sqlite3.Error):
        # The low byte is the kind; the others say more than is needed here.
        return _BY_SQLITE_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return None
