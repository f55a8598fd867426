"""Requests a second of `withheld serve` beside stock Datasette, on the same release, in the same run.

    python benchmarks/serve.py PUBLIC/RELEASE [--seconds 30] [--clients 16]

The client is one process: sockets that stay open, one request under way on each, answers counted to their
last byte. It shares the machine with the server, so the figures are lower bounds of what the server can do;
the processor time of both is printed. Stock Datasette 0.65 serves the same file: `datasette -i release.db`.
"""

import argparse
import contextlib
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PATIENCE = 60  # seconds for a server to start
LAST_CHUNK = b"\r\n0\r\n\r\n"
GZIP = b"Accept-Encoding: gzip\r\n"
SQL = "select period, sum(value) as n from persons_type_year where period >= :year group by period"


@dataclass(frozen=True)
class Measured:
    """What one run of the client saw."""

    rate: float  # requests a second
    middle: float  # milliseconds, median
    p99: float  # milliseconds
    longest: float  # milliseconds
    size: int  # bytes of one answer with its headers, about
    client_share: float  # of one core
    server_share: float  # of one core


class Connection:
    """One open connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self.head = b""
        self.size = 0  # bytes of the answer
        self.missing = 0  # bytes of the answer still to come; 0 while its headers are read
        self.chunked = False  # the answer names no length

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self.since = time.perf_counter()
        self.head, self.missing, self.chunked = b"", 0, False
        self.socket.sendall(request)

    def read(self, buffer: bytearray) -> int:
        """Read what has come; return the size of the answer if that was its end, else 0."""
        got = self.socket.recv_into(buffer)
        if not got:
            raise ConnectionError("the server closed a connection")
        if self.chunked:
            self.size += got
            return self.size if buffer[:got].endswith(LAST_CHUNK) else 0
        if self.missing:
            self.missing -= got
            return self.size if self.missing == 0 else 0
        self.head += bytes(buffer[:got])
        return self._read_head()

    def _read_head(self) -> int:
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return 0
        head = self.head[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        _, found, rest = head.partition(b"content-length:")
        if found:
            self.size = end + 4 + int(rest.split(b"\r\n")[0])
            self.missing = self.size - len(self.head)
            return self.size if self.missing == 0 else 0
        self.chunked, self.size = True, len(self.head)
        return self.size if self.head.endswith(LAST_CHUNK) else 0


def measure(
    server: "Server", targets: Iterator[str], headers: bytes, clients: int, seconds: float
) -> Measured:
    """Ask with some clients at once for some seconds.

    Args:
        server: The server; its processor time is read before and after.
        targets: What to ask for next.
        headers: Further header lines.
        clients: Connections.
        seconds: Length of the run.
    """
    poll = select.epoll()
    connections = {}
    for _ in range(clients):
        connection = Connection(server.port)
        connections[connection.socket.fileno()] = connection
        poll.register(connection.socket.fileno(), select.EPOLLIN)
    buffer = bytearray(1 << 20)
    times: list[float] = []
    size = 0
    used, own, start = server.processor_seconds(), time.process_time(), time.perf_counter()
    for connection in connections.values():
        connection.ask(_request(next(targets), headers))
    while (now := time.perf_counter()) < start + seconds:
        for descriptor, _ in poll.poll(1):
            connection = connections[descriptor]
            if done := connection.read(buffer):
                size = done
                times.append(time.perf_counter() - connection.since)
                connection.ask(_request(next(targets), headers))
    took = now - start
    for connection in connections.values():
        connection.socket.close()
    times.sort()
    return Measured(
        rate=len(times) / took,
        middle=1000 * times[len(times) // 2],
        p99=1000 * times[int(len(times) * 0.99)],
        longest=1000 * times[-1],
        size=size,
        client_share=(time.process_time() - own) / took,
        server_share=(server.processor_seconds() - used) / took,
    )


def _request(target: str, headers: bytes) -> bytes:
    return b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n" % (target.encode(), headers)


@dataclass
class Server:
    """A server under measurement."""

    process: subprocess.Popen[bytes]
    port: int

    def processor_seconds(self) -> float:
        """Return the processor time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_megabytes(self) -> float:
        """Return the most memory held in RAM so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[Server]:
    """Run a server on a free port, which is appended to its command."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait()


def _always(target: str) -> Iterator[str]:
    while True:
        yield target


def _ever_new(database: str) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"/{database}.json?sql={quote(SQL)}&year=2021&never={number}"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=16)
    given = parser.parse_args()
    name = given.release.name
    ours = [sys.executable, "-m", "withheld", "serve", str(given.release), "--port"]
    stock = [sys.executable, "-m", "datasette", "-i", str(given.release / "release.db"), "--port"]
    table = "persons_type_year"
    query = f".json?sql={quote(SQL)}&year=2021"
    rows = [
        ("findings page, packed", ours, _always("/"), GZIP),
        ("findings page, plain", ours, _always("/"), b""),
        ("table page, packed", ours, _always(f"/{name}/{table}"), GZIP),
        ("table page, plain", ours, _always(f"/{name}/{table}"), b""),
        ("JSON query", ours, _always(f"/{name}{query}"), b""),
        ("JSON query, never kept", ours, _ever_new(name), b""),
        ("stock: table page", stock, _always(f"/release/{table}"), b""),
        ("stock: JSON query", stock, _always(f"/release{query}"), b""),
    ]
    print(
        "| what | requests/s | median ms | p99 ms | longest ms | kB | server of a core | client of a core |"
    )
    print("|---|---|---|---|---|---|---|---|")
    peak = 0.0
    for command in (ours, stock):
        with running(command) as server:
            for label, _, targets, headers in (row for row in rows if row[1] is command):
                measure(server, targets, headers, given.clients, 1)
                got = measure(server, targets, headers, given.clients, given.seconds)
                print(
                    f"| {label} | {got.rate:,.0f} | {got.middle:.1f} | {got.p99:.1f} | {got.longest:.0f} | "
                    f"{got.size / 1000:.1f} | {got.server_share:.2f} | {got.client_share:.2f} |",
                    flush=True,
                )
            if command is ours:
                peak = server.peak_megabytes()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\nPeak memory of ours: {peak:.0f} MB. Load at the end: {load}; {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
