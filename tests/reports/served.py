"""`withheld serve` as a process of its own, and a client that can send anything."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds for a machine under load


@dataclass
class Reply:
    """An answer as it came over the wire; status 0 if the connection was closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    output: IO[bytes]  # everything it writes to stdout and stderr

    @property
    def address(self) -> str:
        """Return the address of the site."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self, timeout: float = PATIENCE) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def send(self, data: bytes, timeout: float = PATIENCE) -> Reply:
        """Send bytes as they are and read one answer."""
        with self.connect(timeout) as connection:
            with contextlib.suppress(OSError):  # refused while we still send: the answer may be there
                connection.sendall(data)
            return read_reply(connection, data.startswith(b"HEAD"))

    def get(self, target: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for a path and query, sent as it is, byte for byte."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def peak_megabytes(self) -> float:
        """Return the most memory the process has ever held in RAM (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def written(self) -> str:
        """Return what the process has written so far."""
        self.output.flush()
        return Path(self.output.name).read_text("utf-8", "replace")


def read_reply(connection: socket.socket, is_head: bool = False) -> Reply:
    """Read one answer to the end of the connection or of its length."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        piece = _receive(connection)
        if not piece:
            return Reply(0, {}, data)
        data += piece
    lines = data[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    body = data[end + 4 :]
    length = 0 if is_head else int(headers.get("content-length", 1 << 40))
    while len(body) < length and (piece := _receive(connection)):
        body += piece
    return Reply(int(lines[0].split()[1]), headers, body)


def _receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1 << 16)
    except ConnectionError:
        return b""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Served]:
    """Serve a folder of releases until the block ends; it must end with Ctrl-C and status 0."""
    port = free_port()
    command = [sys.executable, "-m", "withheld", "serve", str(folder), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with tempfile.NamedTemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            served = Served(process, port, output)
            _wait(served)
            yield served
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0, served.written()
            assert "Traceback" not in served.written()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _wait(served: Served) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert served.process.poll() is None, served.written()
        with contextlib.suppress(OSError):
            served.connect(1).close()
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")
