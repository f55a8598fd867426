"""Rows that could not be taken: kept in the vault with the reason, counted by reason, repaired, tried again.

Counts and reasons may be shown; what stands in a row never is, except in the file of `export_quarantine`.
"""

import csv
import datetime
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codebook import UsageError
from codebook.spreadsheet_safe import spreadsheet_safe
from codebook.whole_file import new_private_file
from ingest.mapping import Source
from ingest.readers import BadRow, Row
from ingest.storing import row_from_json, row_json
from vault import Vault, append_custody

from .repair import COLUMNS, exported_cells, repaired_row

WARNING = (
    "this file is not encrypted and holds what people told you: repair its column `cell`, run `withheld "
    "quarantine retry --repaired FILE`, then destroy the file"
)


@dataclass(frozen=True)
class WaitingCount:
    """How many rows of a source wait for one reason found in one place (a column or sheet)."""

    source_name: str
    reason: str
    place: str
    rows: int
    row_numbers: tuple[int, ...]


def keep_row(vault: Vault, row: Row | BadRow, source: Source, entry: Mapping[str, Any]) -> None:
    """Put a row into quarantine as it was read, without coordinates and ignored columns."""
    columns = {
        "ingest_run_id",
        "file_sha256",
        "source_name",
        "mapping_version",
        "record_key",
        "reason",
        "place",
    }
    kept = {name: value for name, value in entry.items() if name in columns}
    kept |= {
        "quarantine_id": vault.new_id(),
        "file_row": row.number,
        "row_json": row_json(row, source),
        "status": "waiting",
    }
    vault.insert("quarantine", [kept])


def is_waiting(vault: Vault, record_key: str, reason: str) -> bool:
    """Return whether the same row waits already for the same reason."""
    where = "record_key = ? AND reason = ? AND status = 'waiting'"
    return bool(vault.count("quarantine", where, [record_key, reason]))


def list_quarantine(vault: Vault) -> list[WaitingCount]:
    """Return which rows wait, by source, reason and place."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for row in vault.rows("quarantine", "status = 'waiting'"):
        where = str(row["source_name"]), str(row["reason"]), str(row["place"] or "")
        found.setdefault(where, []).append(int(row["file_row"] or 0))
    return [WaitingCount(*where, len(rows), tuple(sorted(rows))) for where, rows in sorted(found.items())]


def export_quarantine(vault: Vault, path: Path, *, now: datetime.datetime) -> int:
    """Write the waiting rows to a CSV file for repair and return how many; tell the person `WARNING`.

    Raises:
        UsageError: The file is there already or cannot be written.
    """
    waiting = list(vault.rows("quarantine", "status = 'waiting'"))
    try:
        with new_private_file(path, encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for entry in waiting:
                names = ("quarantine_id", "source_name", "file_row", "reason", "place")
                head = [entry[name] for name in names]
                for column, cell in exported_cells(json.loads(entry["row_json"])):
                    writer.writerow([*head, _unarmed(column), _unarmed(cell)])
            # Before the file gets its name: no export is without its entry.
            append_custody(vault, "quarantine exported", now=now, detail=f"{len(waiting)} rows")
    except (OSError, UnicodeError) as error:
        raise UsageError(
            "the quarantine file cannot be written there",
            remedy="name a new file in a folder that you can write",
        ) from error
    return len(waiting)


def _unarmed(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (RULES rule 40), bad bytes shown as such."""
    return spreadsheet_safe(cell.encode("utf-8", "backslashreplace").decode("utf-8"))


@dataclass(frozen=True)
class WaitingRow:
    """A row that can be tried again, with where it came from."""

    quarantine_id: str
    record_key: str
    ingest_run_id: str
    file_sha256: str
    row: Row


def waiting_rows(
    vault: Vault, source_name: str, repaired: Mapping[str, Mapping[str, str]] | None = None
) -> list[WaitingRow]:
    """Return the rows of a source that can be tried again: readable, and contradicting nothing on record.

    Args:
        repaired: Waiting row -> column -> cell, from a repaired export: then its rows, whatever was wrong.
    """
    found = []
    for entry in list(vault.rows("quarantine", "status = 'waiting' AND source_name = ?", [source_name])):
        text = str(entry["row_json"])
        cells = None if repaired is None else repaired.get(str(entry["quarantine_id"]))
        if cells is not None:
            text = json.dumps(repaired_row(json.loads(text), cells, int(entry["file_row"] or 0)))
            vault.update("quarantine", entry["quarantine_id"], {"row_json": text})
        row = row_from_json(text)
        wanted = entry["reason"] != "contradiction" if repaired is None else cells is not None
        if row is not None and wanted:
            found.append(
                WaitingRow(
                    quarantine_id=str(entry["quarantine_id"]),
                    record_key=str(entry["record_key"]),
                    ingest_run_id=str(entry["ingest_run_id"] or ""),
                    file_sha256=str(entry["file_sha256"] or ""),
                    row=row,
                )
            )
    return found


def waiting_by_key(vault: Vault, source_name: str) -> dict[str, list[str]]:
    """Return key of a record, without its content -> the rows of a source that wait under it."""
    found: dict[str, list[str]] = {}
    for entry in vault.rows("quarantine", "status = 'waiting' AND source_name = ?", [source_name]):
        key, dot, _ = str(entry["record_key"] or "").partition(".")
        if dot:
            found.setdefault(key, []).append(str(entry["quarantine_id"]))
    return found


def discard_rows(vault: Vault, source_name: str, rows: Collection[int], *, now: datetime.datetime) -> int:
    """Erase the content of waiting rows of a source, by their row numbers, and return how many."""
    gone = [
        str(entry["quarantine_id"])
        for entry in vault.rows("quarantine", "status = 'waiting' AND source_name = ?", [source_name])
        if entry["file_row"] in rows
    ]
    with vault.transaction():
        for quarantine_id in gone:
            settle_row(vault, quarantine_id, "dismissed")
        append_custody(vault, "quarantine discarded", now=now, detail=f"{len(gone)} rows")
    return len(gone)


def settle_row(vault: Vault, quarantine_id: str, status: str) -> None:
    """Mark a row as `retried` or `dismissed`; its content here is erased."""
    vault.update("quarantine", quarantine_id, {"status": status, "row_json": "{}"})


def still_waiting(vault: Vault, quarantine_id: str, reason: str, place: str) -> None:
    """Note the reason for which a row waits now, and where it lies."""
    vault.update("quarantine", quarantine_id, {"reason": reason, "place": place})
