"""A connection has a term for its request and for its reader, a size, and a number."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from reports.server import protocol as protocol_module
from reports.server.protocol import (
    LARGEST_REQUEST,
    LONGEST_REQUEST,
    LONGEST_STALL,
    MOST_CONNECTIONS,
    PatientProtocol,
    watch_connections,
)

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Transport(asyncio.Transport):
    """A network that takes nothing until told to."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.waiting = 0  # bytes that the reader has not taken
        self.ended = ""

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def is_closing(self) -> bool:
        return bool(self.ended)

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def _application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def _run(test: Callable[[PatientProtocol, Transport, Callable[[float], None]], Any]) -> None:
    """Run a test with one open connection and a way to look at it some seconds later."""

    async def run() -> None:
        config = uvicorn.Config(_application, http=PatientProtocol, ws="none", log_config=None)
        config.load()
        connection = PatientProtocol(config=config, server_state=ServerState(), app_state={})
        transport = Transport()
        connection.connection_made(transport)
        start = connection.loop.time()
        await test(connection, transport, lambda seconds: connection.look(start + seconds))

    asyncio.run(run())


def test_who_asks_nothing_is_let_go() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        look(LONGEST_REQUEST - 1)
        assert not transport.ended
        look(LONGEST_REQUEST + 1)
        assert transport.ended == "aborted"

    _run(test)


def test_who_drips_a_request_is_let_go() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        for byte in REQUEST[:-2]:
            connection.data_received(bytes([byte]))
        look(LONGEST_REQUEST + 1)
        assert transport.ended == "aborted"

    _run(test)


def test_who_asked_is_not_hurried_while_the_answer_is_worked_out() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        connection.data_received(REQUEST)
        look(LONGEST_REQUEST * 10)
        assert not transport.ended
        await asyncio.sleep(0.01)
        assert transport.written.endswith(b"ok")
        look(LONGEST_REQUEST * 10)
        assert not transport.ended

    _run(test)


def test_a_slow_reader_may_read_as_long_as_something_moves() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        connection.data_received(REQUEST)
        await asyncio.sleep(0.01)
        for second in range(100):
            transport.waiting = 100_000 - second
            look(second)
        assert not transport.ended
        look(100 + LONGEST_STALL - 2)
        assert not transport.ended
        look(100 + LONGEST_STALL + 2)
        assert transport.ended == "aborted"

    _run(test)


def test_a_reader_whose_connection_is_being_closed_has_the_same_term() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        connection.data_received(REQUEST)
        await asyncio.sleep(0.01)
        transport.close()
        transport.waiting = 1000
        look(1)
        look(LONGEST_STALL + 2)
        assert transport.ended == "aborted"

    _run(test)


@pytest.mark.parametrize("pieces", [1, 7, 400])
def test_a_request_too_large_is_refused_however_it_comes(pieces: int) -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        data = REQUEST[:-2] + b"X: " + b"a" * LARGEST_REQUEST
        size = len(data) // pieces + 1
        for start in range(0, len(data), size):
            connection.data_received(data[start : start + size])
        assert transport.written.startswith(b"HTTP/1.1 431 ")
        assert transport.ended == "closed"

    _run(test)


def test_many_small_requests_on_one_connection_are_not_one_large_one() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        for _ in range(LARGEST_REQUEST // len(REQUEST) + 10):
            connection.data_received(REQUEST)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert b" 431 " not in transport.written

    _run(test)


def test_connections_over_the_number_are_closed_at_once() -> None:
    async def test(connection: Any, transport: Any, look: Any) -> None:
        others = connection.connections
        others.update(object() for _ in range(MOST_CONNECTIONS - 1))
        late = PatientProtocol(config=connection.config, server_state=connection.server_state, app_state={})
        refused = Transport()
        late.connection_made(refused)
        assert refused.ended == "aborted"
        assert not transport.ended

    _run(test)


def test_the_watch_looks_at_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol_module, "LONGEST_REQUEST", 0.02)

    async def test(connection: Any, transport: Any, look: Any) -> None:
        watch = asyncio.create_task(watch_connections(connection.connections, every=0.01))
        await asyncio.sleep(0.2)
        watch.cancel()
        assert transport.ended == "aborted"

    _run(test)
