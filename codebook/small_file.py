"""Files that are small by their nature, read so that a device or a huge file cannot fill the memory."""

import errno
import os
from pathlib import Path

LARGEST = 16 * 2**20  # bytes; the largest declaration here has 30 KB


def read_small_file(path: Path, *, largest: int = LARGEST) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: It cannot be read, or holds more than `largest` bytes, as a device without end does.
    """
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content
