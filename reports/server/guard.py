"""What may be asked, and what every answer says about itself.

Paths are plain (`A-Z a-z 0-9 . _ ~ -`) and lead to pages, files and releases that are known at the start; all
else is 404 before Datasette sees it. Nothing of a visitor but path and query goes further in: no address, no
cookie, no header.
"""

import re
import sys
from collections.abc import Set
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from .answer import Answer, Application, Headers, Message, Receive, Scope, Send, make_answer, send_answer

LONGEST_PATH = 512  # bytes
LONGEST_QUERY = 12_000  # bytes, percent-encoded
MOST_PARAMETERS = 60
MOST_FACETS = 6
PLAIN_PATH = re.compile(rb"(/[A-Za-z0-9_~-][A-Za-z0-9._~,-]*)*/?")
LAST_PART = re.compile(r"[^.]*([.](json|csv))?")
# Debugging and settings that belong to whoever runs the server.
CLOSED_PARAMETERS = frozenset({b"_trace", b"_timelimit", b"_ttl", b"_context", b"_json_infinity"})

HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link",
}
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAGE_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; script-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
KEPT = "public, max-age=300"
NOT_KEPT = "public, max-age=5"
PASSED_ON = (b"content-type", b"content-disposition", b"location", b"link", b"content-length")


def encode(headers: dict[str, str]) -> Headers:
    """Return headers as ASGI wants them."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]


@lru_cache(maxsize=256)
def _protection(policy: str, status: int) -> tuple[tuple[bytes, bytes], ...]:
    kept = KEPT if status == 200 else NOT_KEPT
    return tuple(encode({**HEADERS, "content-security-policy": policy, "cache-control": kept}))


def protection(policy: str, status: int) -> Headers:
    """Return the headers that every answer has; many kept answers share their bytes."""
    return list(_protection(policy, status))


def guard(application: Application, databases: Set[str]) -> Application:
    """Wrap Datasette: known releases and known parameters go in, harmless answers come out.

    Args:
        application: Datasette.
        databases: Names of the releases, as they stand in addresses.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send_answer(_options(), scope, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await send_answer(refusal(405), scope, send)
        elif (status := refused(scope["raw_path"], scope["query_string"], databases)) != 0:
            await send_answer(refusal(status), scope, send)
        else:
            await _ask(application, scope, receive, send)

    return guarded


def refused(raw_path: bytes, query: bytes, databases: Set[str]) -> int:
    """Return the status to refuse a request with; 0 if Datasette may see it."""
    if len(raw_path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return 414
    if not PLAIN_PATH.fullmatch(raw_path):
        return 404
    parts = raw_path.decode("ascii").strip("/").split("/")
    if parts[0].split(".")[0] not in databases or len(parts) > 3 or not LAST_PART.fullmatch(parts[-1]):
        return 404
    parameters = [unquote_to_bytes(part.partition(b"=")[0]) for part in query.split(b"&")]
    facets = sum(name.startswith(b"_facet") and name != b"_facet_size" for name in parameters)
    if len(parameters) > MOST_PARAMETERS or facets > MOST_FACETS or CLOSED_PARAMETERS & set(parameters):
        return 400
    return 0


async def _ask(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    shown = {
        "type": "http",
        "asgi": scope["asgi"],
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": scope["path"],
        "raw_path": scope["raw_path"],
        "query_string": scope["query_string"],
        "root_path": "",
        "headers": [],
        "client": None,
        "server": None,
    }
    state = {"started": False, "failed": False}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= 500:
                state["failed"] = True
                return
            state["started"] = True
            message = {**message, "headers": _described(message)}
        if not state["failed"]:
            await send(message)

    try:
        await application(shown, receive, sending)
    except Exception as error:
        tell(error)
        if state["started"]:
            raise
        state["failed"] = True
    if state["failed"]:
        await send_answer(refusal(500), scope, send)


def _described(message: Message) -> Headers:
    kept = [pair for pair in message["headers"] if pair[0].lower() in PASSED_ON]
    kind = next((value for name, value in kept if name.lower() == b"content-type"), b"")
    policy = PAGE_POLICY if kind.startswith(b"text/html") else DATA_POLICY
    return [(name.lower(), value) for name, value in kept] + protection(policy, message["status"])


def tell(error: BaseException) -> None:
    """Say on stderr where an error happened, without a word that a visitor sent."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}, line {place.tb_lineno}" if place else "unknown place"
    if sys.__stderr__ is not None:
        print(f"withheld serve: {type(error).__name__} in {where}", file=sys.__stderr__, flush=True)


WORDS = {
    400: "This request has parameters that this site does not take, or too many.",
    404: "There is no page at this address. The findings are at /.",
    405: "This site only answers GET and HEAD.",
    414: "This address is too long.",
    500: "Something went wrong here. The findings are at /.",
}


def refusal(status: int) -> Answer:
    """Return a short answer in plain text; it repeats nothing of the request."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *protection(DATA_POLICY, status)]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD, OPTIONS"))
    return make_answer(status, headers, (WORDS[status] + "\n").encode())


def _options() -> Answer:
    headers = {
        **HEADERS,
        "access-control-allow-methods": "GET, HEAD, OPTIONS",
        "access-control-allow-headers": "If-None-Match, Range",
        "access-control-max-age": "86400",
    }
    return make_answer(204, encode(headers), b"")
