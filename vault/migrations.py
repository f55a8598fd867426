"""The steps from every older version of the schema to this one, and how they are taken: all or none.

A step writes only what the older version lacked. What it cannot make honestly it does not make.
"""

import datetime
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from codebook import CodebookError, FieldType, VaultDamaged, VaultError

from .custody import append_custody, chain_faults, note_head
from .encrypted import named_faults
from .opening import schema_version
from .receipts import KEY_SETTING, note_runs_without_receipt
from .schema import SCHEMA_VERSION
from .shape import Shape, add_missing, found_columns, keep_names, shape_of
from .store import Vault

FIRST_GUARDED = 3  # schema from which the custody log has its triggers and its noted end
_RENEW = (
    "go on with the version that made it; or make a new vault here, take the case files in again and "
    "withdraw again who has withdrawn"
)
_REPORT = "go on with the version that made it, and report this line: a step is missing"


@dataclass(frozen=True)
class Migration:
    """What an upgrade changed; names of tables and columns, and counts.

    Attributes:
        added: Tables and columns that the vault lacked.
        kept: Tables and columns that the codebook has lost; with what is in them they stay.
        runs_without_receipt: Runs of ingest from before there were receipts.
        unknown_codes: Cells whose code the codebook no longer has.
    """

    from_version: int
    to_version: int
    rows: int
    added: tuple[str, ...]
    kept: tuple[str, ...]
    runs_without_receipt: int
    unknown_codes: int


def _to_3(vault: Vault) -> None:
    """Give the custody log its noted end and the vault a key for receipts; old runs stay without one."""
    note_head(vault)
    vault.set_setting(KEY_SETTING, secrets.token_hex(32))
    note_runs_without_receipt(vault)
    # What they were for is done by two smaller ones (decision 0005).
    for name in ("idx_source_record_key", "idx_match_key_fingerprint"):
        vault.database.conn.execute(f"DROP INDEX IF EXISTS {name}")


# Version of the schema -> the step to the next one. New tables, columns, indexes and triggers are not in a
# step: they are added after the last one. No step changes a row of any table but `setting`.
STEPS: Mapping[int, Callable[[Vault], None]] = {2: _to_3}


def is_older(vault: Vault) -> bool:
    """Whether a vault lacks something that this version writes, or has what it does not know."""
    shape = shape_of(vault)
    return schema_version(vault) < SCHEMA_VERSION or bool(shape.missing or shape.unknown)


def require_way(vault: Vault, *, keep_unknown: bool = False) -> None:
    """Stop where a vault cannot be brought to this version honestly; reads only.

    Raises:
        VaultDamaged: A page or the custody chain is not whole, or a table is gone.
        VaultError: There is no step for it, or it has what this version does not know.
    """
    version, shape = schema_version(vault), shape_of(vault)
    if version < min(STEPS) or (version == 2 and shape.other_type):
        raise VaultError(
            "the vault is from before identifiers were numbers: its prints of persons and rows were made by "
            "another hash, and cannot be made again without the names and rows that they were made from",
            remedy=_RENEW,
        )
    if shape.other_type:
        raise VaultError(f"{len(shape.other_type)} columns are kept as another type", remedy=_REPORT)
    faults = chain_faults(vault, guarded=version >= FIRST_GUARDED)
    if faults:
        raise VaultDamaged(
            f"the custody chain does not hold at {len(faults)} places, first at entry {faults[0].seq}",
            remedy="use a backup from before the change; nothing was changed",
        )
    if version == SCHEMA_VERSION:
        _require_way_of_the_codebook(shape, keep_unknown=keep_unknown)
    filled = [name for name in shape.unknown if "." not in name and _has_rows(vault, name)]
    if filled:
        raise VaultError(
            f"{len(filled)} tables that the codebook has lost hold rows: no withdrawal would reach them",
            remedy=_REPORT,
        )


def _require_way_of_the_codebook(shape: Shape, *, keep_unknown: bool) -> None:
    """Stop where a vault of this version of the schema was not made with an older codebook only."""
    if shape.lost_books:
        raise VaultDamaged("the vault lacks tables that belong to it", remedy="use a backup")
    if shape.unknown and not keep_unknown:
        raise VaultError(
            f"the vault has {len(shape.unknown)} tables or columns that this version does not know: it may "
            "be newer",
            remedy="use the newest version of Withheld; where the codebook has lost these fields on purpose, "
            "run it again with --keep-unknown, which keeps what is in them",
        )


def migrate(vault: Vault, *, now: datetime.datetime, backup_sha256: str) -> Migration:
    """Bring a vault to this version in one transaction, checked before it is kept.

    Args:
        backup_sha256: Of the copy that was made before; the custody log notes it.

    Raises:
        VaultError: A step or a check failed; the vault is as it was.
    """
    with vault.transaction():
        version, runs = schema_version(vault), _runs(vault)
        before = dict(_digests(vault, found_columns(vault)))
        for number in range(version, SCHEMA_VERSION):
            STEPS[number](vault)
        unknown = shape_of(vault).unknown
        keep_names(vault, unknown)
        done = Migration(
            version,
            SCHEMA_VERSION,
            sum(rows for rows, _, _ in before.values()),
            add_missing(vault),
            unknown,
            runs if version < FIRST_GUARDED else 0,
            _unknown_codes(vault),
        )
        vault.set_setting("schema_version", str(SCHEMA_VERSION))
        detail = f"schema {version} to {SCHEMA_VERSION}, {len(done.added)} added, {len(done.kept)} kept"
        append_custody(vault, "vault upgraded", now=now, object_sha256=backup_sha256, detail=detail)
        _require_unharmed(vault, before)
    return done


def _require_unharmed(vault: Vault, before: Mapping[str, tuple[int, tuple[str, ...], str]]) -> None:
    """Make sure, before anything is kept, that every row that was there is there as it was."""
    columns = {name: dict.fromkeys(kept) for name, (_, kept, _) in before.items()}
    limits = {name: rows for name, (rows, _, _) in before.items()}
    shape = shape_of(vault)
    structure = vault.database.conn.execute("PRAGMA integrity_check").fetchall()
    if (
        dict(_digests(vault, columns, limits)) != before
        or chain_faults(vault)
        or (shape.missing, shape.unknown, shape.other_type) != ((), (), ())
        or structure != [("ok",)]
    ):
        raise VaultDamaged(
            "the upgraded vault is not what it was before; nothing was changed",
            remedy="run `withheld verify` with the version that made it; report it",
        )


def _digests(
    vault: Vault, tables: Mapping[str, Mapping[str, object]], limits: Mapping[str, int] | None = None
) -> Iterator[tuple[str, tuple[int, tuple[str, ...], str]]]:
    """Yield table -> rows, columns and a digest of the first rows; `setting` is what a step may change."""
    for name, columns in tables.items():
        if name == "setting":
            continue
        digest, rows = hashlib.sha256(), 0
        listed = ", ".join(f'"{column}"' for column in columns)
        limit = -1 if limits is None else limits[name]
        with named_faults():
            question = f'SELECT {listed} FROM "{name}" ORDER BY rowid LIMIT {limit}'
            for row in vault.database.conn.execute(question):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
                rows += 1
        yield name, (rows, tuple(columns), digest.hexdigest())


def _unknown_codes(vault: Vault) -> int:
    """Return how many cells hold a code that its list does not have."""
    count = 0
    for entity in vault.book.entities.values():
        for field in entity.stored_fields:
            if field.code_list and field.type in (FieldType.CODE, FieldType.CODES):
                count += _cells_without(vault, entity.name, field.name, field.code_list)
    return count


def _cells_without(vault: Vault, table: str, column: str, code_list: str) -> int:
    codes = vault.book.code_lists.get(code_list)
    if codes is None:
        raise CodebookError(f"{table}.{column}: there is no such code list", remedy="see codebook/codes/")
    found = vault.database.conn.execute(
        f'SELECT "{column}", count(*) FROM "{table}" WHERE "{column}" IS NOT NULL GROUP BY "{column}"'
    )
    lists = vault.book.entities[table].fields[column].type is FieldType.CODES
    return sum(
        int(cells)
        for kept, cells in found
        if not set(json.loads(kept) if lists else [kept]) <= codes.codes.keys()
    )


def _has_rows(vault: Vault, table: str) -> bool:
    return bool(vault.database.conn.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0])


def _runs(vault: Vault) -> int:
    return int(vault.database.conn.execute("SELECT count(*) FROM ingest_run").fetchone()[0])
