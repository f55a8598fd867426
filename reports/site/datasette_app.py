"""The one module that knows Datasette (0.65): release folders -> an ASGI application.

What is closed: writing (immutable files, `query_only`), attaching files, loading code, strings over a
megabyte, the administration pages under `/-/`, methods other than GET, addresses with a backslash. What is
not yet: response cache, rate limits, a script-free Datasette (its pages have inline scripts); that is the
work of the publication issue.
"""

import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from reports.published import LANGUAGES, Release, load_release
from reports.select import ChartData, select_charts

from .findings import Findings, Place, findings_page
from .metadata import DATABASE, datasette_metadata

HERE = Path(__file__).parent
Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SETTINGS = {
    "sql_time_limit_ms": 500,
    "max_returned_rows": 1000,
    "num_sql_threads": 2,
    "suggest_facets": False,
    "allow_facet": True,
    "facet_time_limit_ms": 200,
    "default_allow_sql": True,
    "allow_signed_tokens": False,
    "max_csv_mb": 10,
    "cache_size_kb": 2000,
    "truncate_cells_html": 300,
}
LONGEST_VALUE = 1_000_000  # bytes of one string or blob; `zeroblob(900000000)` is an error
LONGEST_SQL = 10_000  # bytes
MOST_MEMORY = 128 * 1024 * 1024  # bytes for all SQLite connections of the process together
OPEN_PATHS = ("/-/static/", "/-/static-plugins/")
HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
}
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; object-src 'none'; script-src {scripts}"
)


class Plugin:
    """Our hooks; they act only on applications made here."""

    __name__ = "reports.site.datasette_app"  # Datasette lists plugins by the name of their module

    def __init__(self) -> None:
        from datasette import hookimpl

        for name in ("register_routes", "prepare_connection"):
            setattr(Plugin, name, hookimpl(getattr(Plugin, name)))

    def register_routes(self, datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
        """Put the findings pages in front of Datasette's own index."""
        pages: dict[str, str] = getattr(datasette, "withheld_pages", {})

        async def show(request: Any) -> Any:
            from datasette.utils.asgi import Response

            return Response.html(pages[request.path])

        return [(f"^{path.replace('.', '[.]')}$", show) for path in pages]

    def prepare_connection(self, conn: sqlite3.Connection, database: str, datasette: Any) -> None:
        """Limit what SQL can do on a connection; Datasette's own notes in memory stay writable."""
        if hasattr(datasette, "withheld_pages") and database != "_internal":
            seal_connection(conn)


def seal_connection(connection: sqlite3.Connection) -> None:
    """Take from a connection what a reader does not need: writing, other files, huge values."""
    connection.execute("PRAGMA query_only = 1")
    connection.execute(f"PRAGMA hard_heap_limit = {MOST_MEMORY}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100)
    connection.set_authorizer(_authorize)


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    refused = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
    if action in refused or (action == sqlite3.SQLITE_FUNCTION and second == "load_extension"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def build_application(folders: Sequence[Path], *, allow_download: bool = True) -> Application:
    """Return the application for some releases; the newest one is at `/`.

    Args:
        folders: Release folders, each with release.db.
        allow_download: Whether release.db may be downloaded through Datasette (it is in the folder anyway).

    Raises:
        ReportError: A folder holds no release.
    """
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.plugins import pm

    releases = sorted((load_release(folder) for folder in folders), key=lambda r: (r.fact("built_at"), r.id))
    described = [(release, select_charts(release)) for release in reversed(releases)]
    metadata: dict[str, Any] = {"databases": {}}
    for release, charts in described:
        own = datasette_metadata(release, charts)
        metadata["databases"][release.id] = own["databases"][DATABASE]
        metadata = {**{key: value for key, value in own.items() if key != "databases"}, **metadata}
    datasette = Datasette(
        metadata=metadata,
        settings={**SETTINGS, "allow_download": allow_download},
        template_dir=str(HERE / "templates" / "datasette"),
        static_mounts=[
            ("assets", str(HERE / "static")),
            *((f"releases/{release.id}", str(release.folder)) for release, _ in described),
        ],
        cors=True,
    )
    for release, _ in described:
        database = Database(datasette, path=str(release.folder / "release.db"), is_mutable=False)
        datasette.add_database(database, name=release.id)
    datasette.withheld_pages = _pages(described)
    if not pm.has_plugin("withheld"):
        pm.register(Plugin(), "withheld")
    application: Application = datasette.app()
    return guard(application, frozenset(datasette.withheld_pages))


def _pages(described: Sequence[tuple[Release, list[ChartData]]]) -> dict[str, str]:
    pages = {}
    for release, charts in described:
        findings = findings_of(release, charts)
        place = Place(files=f"/releases/{release.id}/", query=f"/{release.id}")
        others = tuple(
            (r.id, f"/releases/{r.id}/index.{{}}.html") for r, _ in described if r.id != release.id
        )
        for language in LANGUAGES:
            page = findings_page(findings, language, Place(place.files, place.query, others))
            pages[f"/releases/{release.id}/index.{language}.html"] = page
    newest = described[0][0]
    language = newest.fact("language_default") or LANGUAGES[0]
    pages["/"] = pages[
        f"/releases/{newest.id}/index.{language if language in LANGUAGES else LANGUAGES[0]}.html"
    ]
    return pages


def findings_of(release: Release, charts: Sequence[ChartData]) -> Findings:
    """Return what the pages show, with the citations that were written into the release."""
    citations: dict[str, dict[str, dict[str, str]]] = {language: {} for language in LANGUAGES}
    for data in charts:
        name = data.declaration.name
        path = release.folder / "charts" / f"{name}.json"
        words = json.loads(path.read_text(encoding="utf-8"))["words"] if path.is_file() else {}
        for language in LANGUAGES:
            for style, text in words.get(language, {}).get("citation", {}).items():
                citations[language].setdefault(style, {})[name] = text
    kinds = tuple(kind for kind in ("svg", "png", "pdf") if any(release.folder.glob(f"charts/*.{kind}")))
    return Findings(release, charts, citations, kinds)


def guard(application: Application, own_pages: frozenset[str]) -> Application:
    """Wrap an application: refuse what is not meant to be shown, add the headers that protect readers."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        raw = bytes(scope.get("raw_path") or scope["path"].encode("utf-8"))
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await _refuse(send, 405)
        elif b"\\" in raw or "\\" in path or path.startswith("//") or _is_closed(path):
            await _refuse(send, 404)
        else:
            scripts = "'none'" if path in own_pages else "'self' 'unsafe-inline'"
            await application(scope, receive, _with_headers(send, POLICY.format(scripts=scripts)))

    return guarded


def _is_closed(path: str) -> bool:
    return path.startswith("/-/") and not path.startswith(OPEN_PATHS)


def _with_headers(send: Send, policy: str) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() != b"set-cookie"]
            added = {**HEADERS, "content-security-policy": policy}
            message["headers"] = kept + [(name.encode(), value.encode()) for name, value in added.items()]
        await send(message)

    return sending


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
