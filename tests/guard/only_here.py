"""Refuse every attempt of a Python program to speak to another machine, and note that there was one."""

import os
import sys
from typing import Any

LOG_VARIABLE = "WITHHELD_GUARD_LOG"
_TO = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
_NAMES = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
_HERE = ("127.", "::1", "localhost")


def watch() -> None:
    """Watch this process from now on; there is no way back."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _TO and event not in _NAMES:
        return
    address = arguments[_TO.get(event, _NAMES.get(event, 0))]
    host = address[0] if isinstance(address, tuple) else address if event in _NAMES else ""
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not host or str(host).startswith(_HERE):  # without a host: a socket of this machine's files
        return
    if log := os.environ.get(LOG_VARIABLE):
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123 (a hook imports nothing)
            file.write(f"{event}\n")
    raise ConnectionRefusedError("a test may speak to this machine only")
