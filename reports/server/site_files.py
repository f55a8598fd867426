"""Pages from memory and files from the release folders, by exact address.

Every address is known when the server starts; none is ever put together from what a visitor sent, so no
trick with a path leads to another file. Links and files that begin with a dot are not served.
"""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .answer import Application, Receive, Scope, Send, send_answer
from .cache import LARGEST_KEPT
from .guard import DATA_POLICY, encode, protection, refusal

PIECE = 256 * 1024  # bytes read at once
KINDS = {
    ".jsonld": "application/ld+json",
    ".db": "application/vnd.sqlite3",
    ".cff": "text/plain; charset=utf-8",
    ".bib": "text/plain; charset=utf-8",
    ".ris": "application/x-research-info-systems",
    ".yml": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
POLICIES = {
    # A chart has its fonts and styles inside; it runs no script.
    "image/svg+xml": "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:",
    # The viewers of browsers are pages of their own, which a stricter policy would stop.
    "application/pdf": "frame-ancestors 'self'",
}
INLINE = re.compile(r"<(style|script)(\s[^>]*)?>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """What stands at an address: a text made at the start, or a file read when asked for."""

    kind: str  # content type
    content: bytes | Path


def files_below(folder: Path, prefix: str) -> dict[str, Source]:
    """Return address -> source for every file of a folder.

    Args:
        folder: A release folder, or our own static files.
        prefix: What the addresses begin with, "/releases/2026-q1/".
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        linked = any((folder.joinpath(*parts[: n + 1])).is_symlink() for n in range(len(parts)))
        if path.is_file() and not linked and not any(part.startswith(".") for part in parts):
            found[prefix + "/".join(parts)] = Source(content_type(path.name), path)
    return found


def content_type(name: str) -> str:
    """Return the content type of a file name; text is always UTF-8."""
    if name == "SHA256SUMS":
        return "text/plain; charset=utf-8"
    kind = KINDS.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") and "charset" not in kind else kind


def page_policy(page: str) -> str:
    """Return the content security policy of a page of ours: its own styles and scripts by hash, no others.

    The pages also work from a USB stick, so their style stands inside them.
    """
    hashes: dict[str, list[str]] = {"style": [], "script": []}
    for tag, attributes, text in INLINE.findall(page):
        runs = tag == "style" or "json" not in attributes
        if runs and text.strip():
            digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
            hashes[tag].append(f"'sha256-{digest}'")
    styles, scripts = (" ".join(["'self'", *hashes[tag]]) for tag in ("style", "script"))
    return (
        f"default-src 'none'; img-src 'self' data:; style-src {styles}; font-src 'self' data:; "
        f"script-src {scripts}; base-uri 'none'; form-action 'self'; frame-ancestors *"
    )


def serve_sources(sources: Mapping[str, Source], application: Application) -> Application:
    """Answer known addresses from memory or disk; everything else is the application's."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        source = sources.get(scope["raw_path"].decode("ascii", "replace"))
        if source is None or scope["method"] not in ("GET", "HEAD"):
            await application(scope, receive, send)
            return
        try:
            await _send(source, send)
        except FileNotFoundError:  # taken away since the start
            await send_answer(refusal(404), scope, send)

    return served


async def _send(source: Source, send: Send) -> None:
    if isinstance(source.content, Path) and source.content.stat().st_size > LARGEST_KEPT:
        await _send_file(source, source.content, send)
        return
    body = source.content if isinstance(source.content, bytes) else source.content.read_bytes()
    await _start(source, len(body), send, policy=_policy(source, body))
    await send({"type": "http.response.body", "body": body})


async def _send_file(source: Source, path: Path, send: Send) -> None:
    await _start(source, path.stat().st_size, send, policy=POLICIES.get(source.kind, DATA_POLICY))
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _start(source: Source, size: int, send: Send, *, policy: str) -> None:
    own = {"content-type": source.kind, "content-length": str(size)}
    headers = encode(own) + protection(policy, 200)
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def _policy(source: Source, body: bytes) -> str:
    if source.kind.startswith("text/html"):
        return page_policy(body.decode("utf-8"))
    return POLICIES.get(source.kind, DATA_POLICY)
