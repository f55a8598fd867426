"""Datasette 0.65 with what it tells of itself and of its visitors taken out."""

import sqlite3
from collections.abc import Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError

from .describe import Described, template_words
from .sealed_sql import connect_sealed, seal_connection


class ReleaseDatabase(Database):  # type: ignore[misc]
    """A release: sealed, silent about errors of a visitor's SQL, with nothing attached."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open the file; it never changes, so there is nothing to write."""
        connection = connect_sealed(self.path)
        self._all_file_connections.append(connection)
        return connection

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:
        """Run SQL; an error goes to the visitor only."""
        return await super().execute(sql, params, **{**options, "log_sql_errors": False})

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run a function on a connection.

        Raises:
            sqlite3.OperationalError: Also where the memory that all queries share is used up.
        """
        try:
            return await super().execute_fn(fn)
        except MemoryError as error:
            raise sqlite3.OperationalError("this query needs too much memory") from error

    async def attached_databases(self) -> list[Any]:
        """Return none: asking SQLite would tell where the file is."""
        return []


class ReleaseDatasette(Datasette):  # type: ignore[misc]
    """Datasette whose answers depend on path and query alone."""

    described: dict[str, Described]

    def absolute_url(self, request: Any, path: str) -> str:
        """Return the address without a host: the Host header is the visitor's to choose."""
        return path

    async def refresh_schemas(self) -> None:
        """Do nothing: the schemas do not change, and no page shows the catalogue in memory."""


class Plugin:
    """Our hooks; they act only on a Datasette made here."""

    __name__ = "reports.server.quiet_datasette"  # Datasette lists plugins by the name of their module

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: sqlite3.Connection, database: str, datasette: Any) -> None:
        """Seal the connection to a release; Datasette's own notes in memory stay writable."""
        if isinstance(datasette, ReleaseDatasette) and database in datasette.described:
            seal_connection(conn)

    @hookimpl  # type: ignore[untyped-decorator]
    def extra_template_vars(
        self, database: str | None, table: str | None, request: Any, datasette: Any
    ) -> dict[str, Any]:
        """Give the templates their words, and what they say about the release and the table."""
        if not isinstance(datasette, ReleaseDatasette):
            return {}
        return template_words(datasette.described.get(database or ""), table, request)

    @hookimpl  # type: ignore[untyped-decorator]
    def handle_exception(self, datasette: Any, request: Any, exception: Exception) -> Any:
        """Answer an error with a page or JSON; an error of ours is raised, so that the guard tells of it."""

        async def answer() -> Any:
            status, message = explain_error(exception)
            if request.path.endswith(".json"):
                return Response.json({"ok": False, "error": message, "status": status}, status=status)
            template = datasette.jinja_env.get_template("error.html")
            context = {"status": status, "error": message, **template_words(None, None, request)}
            return Response.html(await template.render_async(context), status=status)

        return answer


def explain_error(exception: Exception) -> tuple[int, str]:
    """Return status and message for an error that a request caused; raise any other again."""
    too_long = "The query took too long. Ask for less at once."
    if isinstance(exception, QueryInterrupted):
        return 400, too_long
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0] if exception.args else "")
    if isinstance(exception, DatasetteError) and exception.status < 500:
        if exception.message_is_html:  # the one page that Datasette writes with a script of its own
            return exception.status, too_long
        return exception.status, str(exception.message)
    if isinstance(exception, DatasetteError | ValueError | sqlite3.Error):
        return 400, "This request cannot be answered as it stands."
    raise exception


def register_plugin() -> None:
    """Register our hooks once; our answer to errors takes the place of Datasette's, which prints requests."""
    if not pm.has_plugin(Plugin.__name__):
        pm.register(Plugin(), Plugin.__name__)
        pm.unregister(name="datasette.handle_exception")
