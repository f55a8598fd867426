"""Datasette over one or more release folders, until Ctrl-C; visitors are not logged."""

from collections.abc import Sequence
from pathlib import Path

from codebook.errors import ReportError

HOST = "127.0.0.1"


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
            raise ReportError(
                f"{folder}: no release in this folder", remedy="give public/ or public/<release>/"
            )
        found += [path for path in inside if path not in found]
    return tuple(found)


def serve_release(
    public_dirs: Sequence[Path], port: int = 8001, *, host: str = HOST, allow_download: bool = True
) -> None:
    """Serve releases on this machine until Ctrl-C.

    Args:
        public_dirs: Release folders, or folders of release folders.
        port: TCP port.
        host: Address to listen on; the default is reachable from this machine only.
        allow_download: Whether Datasette offers release.db itself.

    Raises:
        ReportError: There is no release in a folder, or the port cannot be had.
    """
    import socket

    import uvicorn

    from .site.datasette_app import build_application

    try:
        application = build_application(find_releases(public_dirs), allow_download=allow_download)
    except KeyboardInterrupt:  # while the pages are being made
        return
    config = uvicorn.Config(
        application, log_level="warning", access_log=False, server_header=False, lifespan="off"
    )
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise ReportError(f"port {port} cannot be used", remedy="choose another with --port") from error
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            return
