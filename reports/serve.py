"""One or more release folders as a site, until Ctrl-C; nothing about visitors is written anywhere."""

import asyncio
import contextlib
import ctypes
import io
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from codebook.errors import ReportError
from codebook.shell_words import typed

HOST = "127.0.0.1"
WAITING = 128  # connections that the system keeps waiting to be taken
KEEP_ALIVE = 15  # seconds a connection may rest between two requests
MALLOC_SWITCHES = {-8: 1, -1: 128 * 1024, -3: 64 * 1024}  # arenas; bytes from which to trim, and to map
SHUTDOWN = 5  # seconds for answers under way when the server ends


def find_releases(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the release folders named: folders with release.db, or all such folders inside.

    Raises:
        ReportError: A folder holds no release.
    """
    found: list[Path] = []
    for folder in folders:
        inside = (
            [folder]
            if (folder / "release.db").is_file()
            else sorted(p.parent for p in folder.glob("*/release.db"))
        )
        if not inside:
            near = any((folder / "public").glob("*/release.db"))
            remedy = (
                f"name {typed(folder / 'public')}, or a release in it"
                if near
                else "name public/ of a workspace, or a release in it; `withheld release` makes one"
            )
            raise ReportError(f"{folder}: no release in this folder", remedy=remedy)
        found += [path for path in inside if path not in found]
    return tuple(found)


def serve_release(
    public_dirs: Sequence[Path],
    port: int = 8001,
    *,
    host: str = HOST,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve releases on this machine until Ctrl-C.

    Args:
        public_dirs: Release folders, or folders of release folders.
        port: TCP port.
        host: Address to listen on; the default is reachable from this machine only.
        ready: Called when the pages are made and the port is had, just before the first answer.

    Raises:
        ReportError: There is no release in a folder, or the port cannot be had.
    """
    from .server import build_application

    give_memory_back()
    releases = find_releases(public_dirs)
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it, every answer waits 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _take_port(listening, host, port)
        with contextlib.suppress(KeyboardInterrupt):  # also while the pages are being made
            application = build_application(releases)
            ready()
            with silent_output():
                asyncio.run(run_server(application, listening))


def _take_port(listening: socket.socket, host: str, port: int) -> None:
    try:
        listening.bind((host, port))
    except OSError as error:
        other = port + 1 if port < 65535 else port - 1
        raise ReportError(
            f"port {port} cannot be used", remedy=f"stop what uses it, or choose another: --port {other}"
        ) from error


def give_memory_back() -> None:
    """Have glibc return freed memory to the system at once; a C library without the switch is left as it is.

    Without it the process peaks at 255 MB under 426 hostile queries, 16 at once; with it at 195 MB.
    """
    mallopt = None
    with contextlib.suppress(OSError, TypeError):  # TypeError: Windows
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for switch, value in MALLOC_SWITCHES.items():
            mallopt(switch, value)


async def run_server(application: Any, listening: socket.socket) -> None:
    """Answer on a bound socket until a signal ends it; answers under way are finished first."""
    import uvicorn

    from .server import PatientProtocol, watch_connections

    config = uvicorn.Config(
        application,
        http=PatientProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # a visitor's address is not wanted, from a proxy neither
        backlog=WAITING,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=SHUTDOWN,
    )
    await application.warm_up()
    server = uvicorn.Server(config)
    watch = asyncio.create_task(watch_connections(server.server_state.connections))
    try:
        await server.serve(sockets=[listening])
    finally:
        watch.cancel()


@contextlib.contextmanager
def silent_output() -> Iterator[None]:
    """Let no library write to stdout or stderr: Datasette prints queries that fail, with their values.

    Our own errors go to `sys.__stderr__` through `guard.tell`, which repeats nothing of a request.
    """
    with contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()):
        yield


class _Nowhere(io.TextIOBase):
    """A stream that keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)
