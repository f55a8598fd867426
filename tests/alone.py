"""Run a command without a network, where what is installed cannot be written: `alone.py FOLDER COMMAND ...`.

To be started in namespaces of its own, as `alone()` does: there is no interface but the loopback, which is
brought up here, and FOLDER is mounted read-only. Needs Linux and the right to make a namespace.
"""

import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path

_SET_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP of <linux/sockios.h> and <linux/if.h>
_BIND, _READ_ONLY_AGAIN = 4096, 4096 | 32 | 1  # MS_BIND; MS_BIND | MS_REMOUNT | MS_RDONLY of <sys/mount.h>


def alone(folder: Path, *command: object) -> list[str]:
    """Return a command that runs another one in namespaces of its own."""
    spaces = ["unshare", "--map-root-user", "--net", "--mount"]
    return [*spaces, sys.executable, str(Path(__file__).resolve()), str(folder), *map(str, command)]


@cache
def can_be_alone() -> bool:
    """Whether this machine lets us make namespaces; a container may not."""
    if not shutil.which("unshare"):
        return False
    done = subprocess.run(alone(Path(__file__).parent, "true"), capture_output=True, check=False)
    return done.returncode == 0


def _bring_up_the_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))


def _make_read_only(folder: str) -> None:
    place, library = os.fsencode(folder), ctypes.CDLL(None, use_errno=True)
    for flags in (_BIND, _READ_ONLY_AGAIN):
        if library.mount(place, place, None, ctypes.c_ulong(flags), None):
            raise OSError(ctypes.get_errno(), "the folder cannot be mounted read-only")


if __name__ == "__main__":
    _bring_up_the_loopback()
    _make_read_only(sys.argv[1])
    os.execvp(sys.argv[2], sys.argv[2:])
