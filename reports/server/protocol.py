"""HTTP/1.1 over uvicorn's httptools protocol, with limits on what one connection may cost.

uvicorn closes idle connections between requests, but waits for ever for the end of a request and for a reader
who does not read. Here both have a term, headers have a size, and connections a number.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_CONNECTIONS = 200
LARGEST_REQUEST = 16 * 1024  # bytes of request line, headers and body together
LONGEST_REQUEST = 10.0  # seconds from connecting, or from the first byte, to the end of a request
LONGEST_STALL = 20.0  # seconds in which a reader takes nothing
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """One connection: patient with slow networks, not with those who hold it open."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.received = 0  # bytes of the request under way
        self.asking_since: float | None = None  # loop time; None between requests
        self.unread = 0  # bytes that waited for the reader at the last look
        self.stalled_since: float | None = None  # loop time at which they stopped getting fewer

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, unless there are too many."""
        super().connection_made(transport)
        self.asking_since = self.loop.time()
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Count before reading: a request without a body needs few bytes."""
        self.received += len(data)
        if self.asking_since is None:
            self.asking_since = self.loop.time()
        if self.received > LARGEST_REQUEST:
            if not self.transport.is_closing():
                self.transport.write(TOO_LARGE)
                self.transport.close()
            return
        super().data_received(data)

    def on_message_complete(self) -> None:
        """Start counting anew: the next byte is of another request."""
        super().on_message_complete()
        self.received = 0
        self.asking_since = None

    def look(self, now: float) -> None:
        """Close the connection if its request or its reader has had long enough.

        Args:
            now: The loop's time (seconds).
        """
        if self.transport is None:
            return
        asked_long = self.asking_since is not None and now - self.asking_since > LONGEST_REQUEST
        unread = self.transport.get_write_buffer_size()
        if not unread or unread < self.unread or self.stalled_since is None:
            self.stalled_since = now if unread else None
        self.unread = unread
        stalled = self.stalled_since is not None and now - self.stalled_since > LONGEST_STALL
        if stalled or (asked_long and not self.transport.is_closing()):
            self.transport.abort()

    def resume_writing(self) -> None:
        """Note that the reader has read."""
        self.stalled_since = None
        super().resume_writing()


async def watch_connections(connections: set[Any], every: float = 1.0) -> None:
    """Look at all connections again and again, until cancelled.

    Args:
        connections: The server's set of open connections.
        every: Seconds between two looks.
    """
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(every)
        for connection in tuple(connections):
            if isinstance(connection, PatientProtocol):
                connection.look(loop.time())
