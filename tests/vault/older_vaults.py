"""Vaults as earlier versions wrote them: by the tables of then, which are data here."""

import secrets
from pathlib import Path
from typing import Any

from tests.vault_factory import CHEAP, PASSPHRASE
from vault import open_vault
from vault.encrypted import connect
from vault.keys import derive_key

SCHEMA_2 = (Path(__file__).parent / "schema_2.sql").read_text(encoding="utf-8")
NEWER_THAN_2 = ("custody_head", "receipt_key", "key_slots")  # settings


def raw_key_of(path: Path, passphrase: str = PASSPHRASE) -> str:
    """Return the key of a vault, as it opens."""
    return derive_key(passphrase, path.read_bytes()[:16], CHEAP)


def rewrite_as_schema_2(path: Path, statements: str = SCHEMA_2, passphrase: str = PASSPHRASE) -> None:
    """Write a vault anew as schema 2 had it, with all rows of it that schema 2 had a place for."""
    older = path.with_name("older.db")
    connection = connect(older, derive_key(passphrase, secrets.token_bytes(16), CHEAP))
    connection.executescript(statements)
    with open_vault(path, passphrase, cost=CHEAP) as vault:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            rows = vault.database.conn.execute(f'SELECT {", ".join(columns)} FROM "{table}" ORDER BY rowid')
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows.fetchall())
    settings = f"key IN ({', '.join('?' for _ in NEWER_THAN_2)})"
    connection.execute(f"DELETE FROM setting WHERE {settings}", NEWER_THAN_2)
    connection.execute("UPDATE setting SET value = '2' WHERE key = 'schema_version'")
    connection.close()
    older.replace(path)


def changed(path: Path, statement: str, parameters: tuple[Any, ...] = ()) -> None:
    """Change a vault behind the program's back, as another version would have written it."""
    connection = connect(path, raw_key_of(path))
    connection.execute(statement, parameters)
    connection.close()


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, the statements that made the tables among them."""
    connection = connect(path, raw_key_of(path))
    try:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = [name for kind, name, _ in made if kind == "table" and not name.startswith("sqlite_")]
        rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
        return {**rows, "sqlite_master": made}
    finally:
        connection.close()
