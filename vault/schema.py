"""The tables of the vault: one per entity of the codebook, and the vault's own books.

The codebook's stored fields are the columns, so a field exists in one place only.
"""

from codebook import Codebook, Field, FieldType

SCHEMA_VERSION = 3  # a change of what is kept takes the next number and a step in migrations.py

# Identifiers are numbers in the file and digits in a row that is read: a number that counts on is appended to
# the end of its index, takes six bytes, and as a primary key needs no index of its own.
_SQL_TYPES: dict[FieldType, type] = {
    FieldType.UUID: int,
    FieldType.INTEGER: int,
    FieldType.MONEY: float,
}

# Books that are ours and not the codebook's. The first column is the primary key.
OWN_TABLES: dict[str, dict[str, type]] = {
    "setting": {"key": str, "value": str},
    "ingest_run": {
        "ingest_run_id": str, "started": str, "ended": str, "source_name": str, "mapping_version": str,
        "adapter": str, "file_sha256": str, "rows_read": int, "rows_stored": int, "rows_already_there": int,
        "rows_quarantined": int, "sheet_counts": str, "column_counts": str,
    },
    "quarantine": {
        "quarantine_id": str, "ingest_run_id": str, "file_sha256": str, "file_row": int, "source_name": str,
        "mapping_version": str, "record_key": str, "reason": str, "place": str, "row_json": str,
        "status": str,
    },
    "history": {
        "history_id": str, "changed_on": str, "ingest_run_id": str, "source_id": str, "incident_id": str,
        "before_json": str,
    },
    "vanished": {
        "vanished_id": str, "source_id": str, "source_name": str, "ingest_run_id": str, "noticed_on": str,
        "answer": str, "answered_on": str,
    },
    "match_key": {"match_key_id": int, "person_id": int, "kind": str, "fingerprint": str},
    "duplicate": {
        "duplicate_id": str, "kind": str, "left_id": str, "right_id": str, "decision": str, "reason": str,
        "decided_on": str, "decided_by": str, "bits": float,
    },
    "duplicate_decision": {
        "duplicate_decision_id": str, "duplicate_id": str, "decision": str, "decided_on": str,
        "decided_by": str, "joined_json": str,
    },
    "custody": {
        "seq": int, "time_utc": str, "actor_role": str, "action": str, "object_sha256": str, "detail": str,
        "prev_hash": str, "hash": str,
    },
    "receipt": {
        "receipt_id": str, "ingest_run_id": str, "file_sha256": str, "receipt_json": str,
    },
    "evidence_name": {"evidence_name_id": str, "evidence_id": str, "name_fingerprint": str},
    "release": {
        "release_id": str, "built_at": str, "period_from": str, "period_to": str, "rules_id": str,
        "verdict": str, "tables": int, "persons": int, "sums_sha256": str, "supersedes": str,
    },
    "release_person": {"release_person_id": str, "release_id": str, "person_id": str},
    "released_record": {"released_record_id": str, "release_id": str, "record_json": str, "records": int},
    "released_amount": {
        "released_amount_id": str, "unit": str, "codes_json": str, "contributor": str, "amount": int,
        "contributors": int, "largest": int,
    },
    "printed_cell": {"cell": str, "true_count": int, "printed": int, "base": int, "release_id": str},
}  # fmt: skip

# The custody log grows at its end and nowhere else. Who holds the key can drop a trigger: the chain and the
# receipts outside find that; the triggers keep faults of the program and clumsy hands away.
TRIGGERS: dict[str, str] = {
    "custody_no_update": "BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "custody_no_delete": "BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "custody_at_the_end": (
        "BEFORE INSERT ON custody WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM custody) "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
    ),
}

INDEXES: dict[str, tuple[str, ...]] = {
    "person": ("incident_id", "same_person_id", "household_id"),
    "perpetrator": ("incident_id",),
    "act": ("incident_id", "person_id"),
    "request": ("person_id",),
    "outcome": ("person_id",),
    "consent": ("person_id",),
    "source": ("incident_id", "file_sha256"),
    "history": ("incident_id", "source_id"),
    "vanished": ("source_id",),
    "quarantine": ("record_key", "file_sha256"),
    "match_key": ("person_id",),
    "duplicate_decision": ("duplicate_id",),
    "evidence": ("evidence_sha256", "incident_id"),
    "receipt": ("ingest_run_id",),
    "release_person": ("person_id", "release_id"),
}

# The two indexes in no order of their own are small, so that they stay in memory in a large vault: twelve
# digits of what is sought, and only the kinds of fingerprints that are looked up one by one. A question must
# repeat the words below for SQLite to use them.
SOUGHT_KINDS = " OR ".join(
    f"kind = '{kind}'" for kind in ("document", "household", "name_birth", "person_code", "phone_name")
)
SOUGHT_FINGERPRINT = "substr(fingerprint, 1, 12)"
SOUGHT_RECORD = "substr(record_key, 1, 12)"
OTHER_INDEXES = (
    "CREATE INDEX IF NOT EXISTS idx_match_key_sought "
    f"ON match_key ({SOUGHT_FINGERPRINT}) WHERE {SOUGHT_KINDS}",
    f"CREATE INDEX IF NOT EXISTS idx_source_sought ON source ({SOUGHT_RECORD})",
)


def vault_tables(book: Codebook) -> dict[str, dict[str, type]]:
    """Return table -> column -> Python type for the whole vault; the first column is the primary key."""
    entities = {
        name: {field.name: _SQL_TYPES.get(field.type, str) for field in entity.stored_fields}
        for name, entity in book.entities.items()
    }
    return {**entities, **OWN_TABLES}


def identifier_columns(book: Codebook) -> dict[str, frozenset[str]]:
    """Return table -> the columns that hold identifiers: numbers in the file, digits in a row."""
    entities = {
        name: frozenset(field.name for field in entity.stored_fields if field.type is FieldType.UUID)
        for name, entity in book.entities.items()
    }
    return {**entities, "match_key": frozenset({"match_key_id", "person_id"})}


def listed_columns(book: Codebook) -> dict[str, frozenset[str]]:
    """Return table -> the columns that hold several codes, kept as JSON text."""
    return {
        name: frozenset(field.name for field in entity.stored_fields if _is_list(field))
        for name, entity in book.entities.items()
    }


def _is_list(field: Field) -> bool:
    return field.type is FieldType.CODES
