"""The one module that knows Datasette (0.65): release folders -> an ASGI application."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reports.published import Release, load_release
from reports.select import select_charts
from reports.site.metadata import DATABASE, datasette_metadata

from .cache import Cache
from .describe import Described, describe_release, template_words
from .guard import guard
from .pages import fixed_sources
from .sealed_sql import connect_sealed, seal_connection
from .site_files import serve_sources

TEMPLATES = Path(__file__).parents[1] / "site" / "templates" / "datasette"
SETTINGS = {
    "sql_time_limit_ms": 500,
    "max_returned_rows": 1000,
    "num_sql_threads": 2,
    "suggest_facets": False,
    "allow_facet": True,
    "facet_time_limit_ms": 200,
    "default_facet_size": 40,
    "default_allow_sql": True,
    "allow_signed_tokens": False,
    "allow_download": False,  # release.db is among the files of the release
    "allow_csv_stream": True,
    "max_csv_mb": 10,
    "cache_size_kb": 2000,
    "truncate_cells_html": 300,
}


def build_application(folders: Sequence[Path]) -> Cache:
    """Return the application for some releases; the newest one is at `/`.

    Raises:
        ReportError: A folder holds no release.
    """
    releases = sorted(
        (load_release(folder) for folder in folders), key=lambda r: (r.fact("built_at"), r.id), reverse=True
    )
    datasette = _datasette(releases)
    inner = guard(datasette.app(), {release.id for release in releases})
    first = ["/", *(f"/{release.id}" for release in releases)]
    return Cache(serve_sources(fixed_sources(releases), inner), first=first)


def _datasette(releases: Sequence[Release]) -> Any:
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.plugins import pm

    class ReleaseDatabase(Database):  # type: ignore[misc]
        """A release: sealed, silent about errors of a visitor's SQL, with nothing attached."""

        def connect(self, write: bool = False) -> sqlite3.Connection:
            connection = connect_sealed(self.path)
            self._all_file_connections.append(connection)
            return connection

        async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:
            return await super().execute(sql, params, **{**options, "log_sql_errors": False})

        async def attached_databases(self) -> list[Any]:
            return []  # asking SQLite would tell where the file is

    class ReleaseDatasette(Datasette):  # type: ignore[misc]
        """Datasette whose answers depend on path and query alone."""

        described: dict[str, Described]

        def absolute_url(self, request: Any, path: str) -> str:
            return path  # the Host header is the visitor's to choose

        async def refresh_schemas(self) -> None:
            """Do nothing: the schemas do not change, and no page shows the catalogue in memory."""

    metadata: dict[str, Any] = {"databases": {}}
    described = {}
    for release in releases:
        charts = select_charts(release)
        own = datasette_metadata(release, charts)
        metadata["databases"][release.id] = own["databases"][DATABASE]
        metadata = {**{key: value for key, value in own.items() if key != "databases"}, **metadata}
        described[release.id] = describe_release(release, charts, metadata["databases"][release.id])
    datasette = ReleaseDatasette(metadata=metadata, settings=SETTINGS, template_dir=str(TEMPLATES))
    datasette.described = described
    for release in releases:
        database = ReleaseDatabase(datasette, path=str(release.folder / "release.db"), is_mutable=False)
        datasette.add_database(database, name=release.id)
    if not pm.has_plugin(Plugin.__name__):
        pm.register(Plugin(ReleaseDatasette), Plugin.__name__)
        # Datasette's own answer to an error prints the request with all values; ours takes its place.
        pm.unregister(name="datasette.handle_exception")
    return datasette


class Plugin:
    """Our hooks; those about releases act only on a Datasette made here."""

    __name__ = "reports.server.application"  # Datasette lists plugins by the name of their module

    def __init__(self, kind: type) -> None:
        from datasette import hookimpl

        self._name = kind.__name__
        for name in ("prepare_connection", "extra_template_vars", "handle_exception"):
            setattr(Plugin, name, hookimpl(getattr(Plugin, name)))

    def prepare_connection(self, conn: sqlite3.Connection, database: str, datasette: Any) -> None:
        """Seal the connection to a release; Datasette's own notes in memory stay writable."""
        if database in getattr(datasette, "described", {}):
            seal_connection(conn)

    def extra_template_vars(
        self, database: str | None, table: str | None, request: Any, datasette: Any
    ) -> Any:
        """Give the templates their words, and what they say about the release and the table."""
        described = getattr(datasette, "described", {})
        return template_words(described.get(database), table, request) if described else {}

    def handle_exception(self, datasette: Any, request: Any, exception: Exception) -> Any:
        """Answer an error with a page or JSON; an error of ours is raised, so that the guard tells of it."""
        from datasette.utils.asgi import Base400, Response
        from datasette.views.base import DatasetteError

        async def answer() -> Any:
            if isinstance(exception, Base400):
                status, message = exception.status, str(exception.args[0] if exception.args else "")
            elif isinstance(exception, DatasetteError) and exception.status < 500:
                status, message = exception.status, str(exception.message)
                if exception.message_is_html:  # Datasette writes this one itself, with a script
                    message = "The query took too long. Ask for less at once."
            elif isinstance(exception, DatasetteError | ValueError | sqlite3.Error):
                status, message = 400, "This request cannot be answered as it stands."
            else:
                raise exception
            if request.path.endswith(".json"):
                return Response.json({"ok": False, "error": message, "status": status}, status=status)
            template = datasette.jinja_env.get_template("error.html")
            context = {"status": status, "error": message, **template_words(None, None, request)}
            return Response.html(await template.render_async(context), status=status)

        return answer
