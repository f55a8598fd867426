"""A read-only SQLite connection on which a stranger may run SQL.

What is bounded: memory (all connections together, one value, one row, one answer), expression depth, joined
columns, pattern length. What is refused: everything that is not on a list: actions, functions, tables,
pragmas. Time is bounded by Datasette (`sql_time_limit_ms`); the limits here keep a single step short enough
for its clock to be looked at.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

LONGEST_VALUE = 100_000  # bytes of one string or blob; also of one row inside SQLite
LONGEST_SQL = 20_000  # bytes; the ready-made queries over all tables have 6,000
LARGEST_RESULT = 2_000_000  # bytes of text and blobs in the rows of one result
MOST_MEMORY = 32 * 1024 * 1024  # bytes for all SQLite connections of the process together
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: LONGEST_SQL,
    sqlite3.SQLITE_LIMIT_COLUMN: 64,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 16,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 200,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
ACTIONS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})
# Datasette asks these about tables; none tells where the file is.
PRAGMAS = frozenset({"table_info", "table_xinfo", "foreign_key_list", "index_list", "index_info"})
SCHEMA_TABLES = frozenset({"sqlite_master", "sqlite_schema"})
VIRTUAL_TABLES = frozenset({"json_each", "json_tree", *(f"pragma_{name}" for name in PRAGMAS)})
# Not printf and format: printf('%.*c', 900000000, 'x') runs for seconds in one step, whatever its limits.
# fmt: off
FUNCTIONS = frozenset({
    "abs", "char", "coalesce", "concat", "concat_ws", "glob", "hex", "if", "ifnull",
    "iif", "instr", "length", "like", "likelihood", "likely", "lower", "ltrim", "max", "min",
    "nullif", "octet_length", "quote", "replace", "round", "rtrim", "sign", "substr",
    "substring", "trim", "typeof", "unhex", "unicode", "unlikely", "upper", "sqlite_version", "avg",
    "count", "group_concat", "string_agg", "sum", "total", "median", "percentile", "row_number",
    "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value",
    "last_value", "nth_value", "date", "time", "datetime", "julianday", "unixepoch", "strftime",
    "timediff", "current_date", "current_time", "current_timestamp", "acos", "acosh", "asin",
    "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh", "degrees", "exp", "floor",
    "ln", "log", "log10", "log2", "mod", "pi", "pow", "power", "radians", "sin", "sinh", "sqrt",
    "tan", "tanh", "trunc", "json", "json_array", "json_array_length", "json_error_position",
    "json_extract", "json_object", "json_pretty", "json_quote", "json_type", "json_valid",
    "json_group_array", "json_group_object", "json_each", "json_tree", "->", "->>",
})
# fmt: on


def seal_connection(connection: sqlite3.Connection) -> None:
    """Take from a connection what a reader does not need: writing, other files, huge values."""
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA temp_store = 2")  # sorting in bounded memory, never in a file
    connection.execute(f"PRAGMA hard_heap_limit = {MOST_MEMORY}")
    connection.execute("PRAGMA trusted_schema = 0")
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    tables = SCHEMA_TABLES | {row[0] for row in found}
    for name in VIRTUAL_TABLES:
        # SQLite sets these up at first use by writing to its schema in memory, which the authorizer refuses.
        connection.execute(f"SELECT * FROM {name}('[]')").fetchall()
    connection.set_authorizer(_authorizer(tables | VIRTUAL_TABLES))


def _authorizer(tables: frozenset[str]) -> Callable[..., int]:
    def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            allowed = first in tables
        elif action == sqlite3.SQLITE_FUNCTION:
            allowed = (second or "").lower() in FUNCTIONS
        elif action == sqlite3.SQLITE_PRAGMA:
            # "schema_version" without a value reads; with one it would write.
            allowed = first in PRAGMAS or (first == "schema_version" and second is None)
        else:
            allowed = action in ACTIONS
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    return authorize


class BoundedCursor(sqlite3.Cursor):
    """A cursor that stops when the rows handed out hold more text than an answer may."""

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """Return up to `size` rows.

        Raises:
            sqlite3.OperationalError: The rows hold more than LARGEST_RESULT bytes of text.
        """
        return self._fetch(size or 1)

    def fetchall(self) -> list[Any]:
        """Return all rows; raises as `fetchmany`."""
        return self._fetch(None)

    def _fetch(self, size: int | None) -> list[Any]:
        rows: list[Any] = []
        held = 0
        while size is None or len(rows) < size:
            row = self.fetchone()
            if row is None:
                break
            held += sum(len(value) for value in tuple(row) if isinstance(value, str | bytes))
            if held > LARGEST_RESULT:
                raise sqlite3.OperationalError("the result is too large; ask for fewer rows or columns")
            rows.append(row)
        return rows


class SealedConnection(sqlite3.Connection):
    """A connection whose every cursor is bounded."""

    def cursor(self, factory: Any = None) -> Any:
        """Return a bounded cursor, whatever was asked for."""
        return super().cursor(BoundedCursor)

    def execute(self, *arguments: Any) -> Any:
        """Execute on a bounded cursor; SQLite's own `execute` would take a plain one."""
        return self.cursor().execute(*arguments)


def connect_sealed(path: str) -> SealedConnection:
    """Open a database file that never changes; `seal_connection` comes when Datasette has set it up."""
    # Datasette hands a connection from the thread that opened it to the loop that closes it.
    return sqlite3.connect(
        f"file:{path}?immutable=1", uri=True, check_same_thread=False, factory=SealedConnection
    )
