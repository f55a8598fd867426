"""One complete answer, ready to be sent many times: headers precomputed, packed once."""

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PIECE = 256 * 1024  # bytes handed to a connection at once; a slow reader makes the rest wait
PACKABLE = (b"text/", b"application/json", b"application/ld+json", b"application/xml", b"image/svg+xml")
HEADERS_HELD = 3_000  # bytes of the headers of one answer and of the objects around it, measured
SMALLEST_PACKED = 512  # bytes; below, packing saves nothing


@dataclass(frozen=True)
class Answer:
    """An answer with a body that fits in memory, in one or two encodings."""

    status: int
    plain: tuple[Headers, bytes]
    packed: tuple[Headers, bytes] | None
    unchanged: dict[bytes, Headers]  # entity tag -> headers of the 304 answer

    @property
    def size(self) -> int:
        """Return the bytes it holds in memory, about."""
        return len(self.plain[1]) + (len(self.packed[1]) if self.packed else 0) + HEADERS_HELD


def make_answer(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Answer:
    """Return an answer with length, entity tags and, where it helps, a packed form.

    Args:
        status: HTTP status.
        headers: Names in lower case; content-length, etag and vary are set here.
        body: The whole body (bytes).
    """
    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"etag", b"vary")]
    kind = next((value for name, value in kept if name == b"content-type"), b"")
    packs = kind.startswith(PACKABLE) and len(body) >= SMALLEST_PACKED
    if packs:
        kept.append((b"vary", b"accept-encoding"))
    if status != 200:
        return Answer(status, (_measured(kept, body), body), None, {})
    digest = hashlib.sha256(body).hexdigest()[:24].encode()
    tag, packed_tag = b'"%s"' % digest, b'"%s-gz"' % digest
    plain = (_measured([*kept, (b"etag", tag)], body), body)
    packed = None
    if packs:
        small = gzip.compress(body, 6, mtime=0)
        extra = [(b"content-encoding", b"gzip"), (b"etag", packed_tag)]
        packed = (_measured([*kept, *extra], small), small)
    tags = [tag, packed_tag] if packs else [tag]
    return Answer(status, plain, packed, {each: [*kept, (b"etag", each)] for each in tags})


def _measured(headers: Headers, body: bytes) -> Headers:
    return [*headers, (b"content-length", str(len(body)).encode())]


async def send_answer(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an answer: not at all if the reader has it, packed if the reader can unpack it."""
    packs = False
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            packs = answer.packed is not None and accepts_gzip(value)
        elif name == b"if-none-match" and answer.unchanged:
            for tag in value.split(b","):
                headers = answer.unchanged.get(tag.strip().removeprefix(b"W/"))
                if headers is not None:
                    await send({"type": "http.response.start", "status": 304, "headers": headers})
                    await send({"type": "http.response.body", "body": b""})
                    return
    headers, body = answer.packed if packs and answer.packed else answer.plain
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if scope["method"] == "HEAD" or len(body) <= PIECE:
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return
    for start in range(0, len(body), PIECE):
        more = start + PIECE < len(body)
        await send({"type": "http.response.body", "body": body[start : start + PIECE], "more_body": more})


def accepts_gzip(value: bytes) -> bool:
    """Say whether an Accept-Encoding header names gzip and does not refuse it."""
    for part in value.lower().split(b","):
        coding, _, weight = part.partition(b";")
        if coding.strip() == b"gzip":
            return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
