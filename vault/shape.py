"""The tables that a file has, beside those that this version of Withheld writes, and how what lacks is added.

Nothing is taken away here: a table or column that the codebook has lost stays, with what is in it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from .encrypted import named_faults
from .schema import INDEXES, OTHER_INDEXES, OWN_TABLES, TRIGGERS, vault_tables
from .store import Vault

KEPT_SETTING = "kept_columns"  # names that the codebook has lost and an upgrade has kept
_SQL_NAMES: dict[type, str] = {int: "INTEGER", float: "REAL", str: "TEXT"}


@dataclass(frozen=True)
class Shape:
    """How the tables of a file differ from those that are asked for; names of tables or `table.column`.

    Attributes:
        missing: That the file lacks, tables first.
        unknown: That the file has, this version does not know, and no upgrade has kept.
        other_type: Columns that are kept as another type.
    """

    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    other_type: tuple[str, ...]

    @property
    def lost_books(self) -> tuple[str, ...]:
        """Tables that no codebook names: every version that could have made the file had them."""
        return tuple(name for name in self.missing if name in OWN_TABLES)


def shape_of(vault: Vault) -> Shape:
    """Compare the tables of a vault with those of the codebook; reads no row of a person."""
    found, wanted = found_columns(vault), vault_tables(vault.book)
    missing = [name for name in wanted if name not in found]
    other, unknown = [], [name for name in found if name not in wanted]
    for table, columns in wanted.items():
        there = found.get(table, {})
        missing += [f"{table}.{name}" for name in columns if there and name not in there]
        unknown += [f"{table}.{name}" for name in there if name not in columns]
        other += [f"{table}.{name}" for name, kind in columns.items() if there.get(name, kind) != kind]
    kept = kept_names(vault)
    return Shape(tuple(missing), tuple(name for name in unknown if name not in kept), tuple(other))


def found_columns(vault: Vault) -> dict[str, dict[str, type]]:
    """Return table -> column -> Python type, as the file has them."""
    kinds = {"FLOAT": float, **{name: kind for kind, name in _SQL_NAMES.items()}}
    question = (
        "SELECT one.name, its.name, its.type FROM sqlite_master AS one "
        "JOIN pragma_table_info(one.name) AS its WHERE one.type = 'table' AND one.name NOT LIKE 'sqlite_%'"
    )
    found: dict[str, dict[str, type]] = {}
    with named_faults():
        for table, column, kind in vault.database.conn.execute(question):
            found.setdefault(table, {})[column] = kinds.get(kind, object)
    return found


def kept_names(vault: Vault) -> frozenset[str]:
    """Return what the codebook has lost and an earlier upgrade has kept."""
    return frozenset(json.loads(vault.setting(KEPT_SETTING) or "[]"))


def keep_names(vault: Vault, names: Iterable[str]) -> None:
    """Note that these tables and columns stay, although the codebook no longer has them."""
    vault.set_setting(KEPT_SETTING, json.dumps(sorted({*kept_names(vault), *names})))


def add_missing(vault: Vault) -> tuple[str, ...]:
    """Add every table, column, index and trigger that a file lacks; inside a transaction.

    A column that is added is empty in every row: of consent, an empty column is a no.

    Returns:
        The names of tables and columns that were added.
    """
    found = found_columns(vault)
    added = []
    for name, columns in vault_tables(vault.book).items():
        table = vault.database.table(name)
        if name not in found:
            table.create(columns, pk=next(iter(columns)))
            added.append(name)
            continue
        for column, kind in columns.items():
            if column not in found[name]:
                table.add_column(column, kind)
                added.append(f"{name}.{column}")
    for name in vault_tables(vault.book):
        for column in INDEXES.get(name, ()):
            vault.database.table(name).create_index([column], if_not_exists=True)
    for statement in OTHER_INDEXES:
        vault.database.conn.execute(statement)
    for name, rule in TRIGGERS.items():
        vault.database.conn.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {rule}")
    return tuple(added)
