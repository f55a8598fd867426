"""What makes two rows of files the same record: a keyed fingerprint of what they say.

Only mapped columns count, so that a note of staff or a row's new position does not make a record new.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ingest.mapping import Sheet, Source
from ingest.readers import BadRow, Cell, Row
from vault import Vault
from vault.schema import SOUGHT_RECORD

CONTENT_LENGTH = 16  # hexadecimal digits of the content that are kept beside a key
SOUGHT_DIGITS = 12  # of a record key or a fingerprint: what the indexes of the vault hold
_CHUNK = 500


class RecordKeys:
    """Gives each row its record key: `<key>.<content>` where the source has key columns, else `<content>`.

    Rows of a source without a key that are alike in everything are counted, so the second is a record too.
    """

    def __init__(self, vault: Vault, source: Source) -> None:
        self._vault = vault
        self._source = source
        self._columns = {id(sheet): sorted(_content_columns(sheet)) for sheet in _sheets(source.main)}
        self._seen: dict[str, int] = {}

    def key_of(self, row: Row | BadRow) -> str:
        """Return the record key of a row."""
        name = self._source.record_space or self._source.name
        if isinstance(row, BadRow):
            text = json.dumps(row.cells, sort_keys=True)
            return self.counted(self._vault.fingerprint("unreadable", name, text))
        content = self._vault.fingerprint("content", name, self._content(row, self._source.main))
        if not self._source.key:
            return self.counted(content)
        values = [str(row.cells.get(column, "")).strip() for column in self._source.key]
        if not any(values):
            return self.counted(content)
        return f"{self._vault.fingerprint('key', name, *values)}.{content[:CONTENT_LENGTH]}"

    def counted(self, content: str) -> str:
        """Return the key of a row without key columns: its content, and how often it was met before."""
        times = self._seen.get(content, 0) + 1
        self._seen[content] = times
        return content if times == 1 else f"{content}-{times}"

    def _content(self, row: Row, sheet: Sheet) -> str:
        cells = row.cells
        parts = [
            cell.strip() if type(cell) is str else _flat(cell)
            for cell in (cells.get(column, "") for column in self._columns[id(sheet)])
        ]
        for repeat in sheet.repeats:
            parts += (f"\x1d{self._content(child, repeat)}" for child in row.repeats.get(repeat.name, ()))
        return "\x1f".join(parts)


def known_keys(vault: Vault, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the source rows on record for these record keys, by record key and by its key part."""
    found: dict[str, dict[str, Any]] = {}
    wanted = {key.partition(".")[0] for key in keys}
    for part in in_parts(sorted({key[:SOUGHT_DIGITS] for key in wanted})):
        for row in vault.rows("source", f"{SOUGHT_RECORD} IN ({', '.join('?' for _ in part)})", part):
            record_key = str(row["record_key"])
            key, dot, _ = record_key.partition(".")
            if key in wanted:
                found[record_key] = row
                if dot:
                    found.setdefault(key, row)
    return found


def in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values in parts, each for one question to the vault."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _sheets(sheet: Sheet) -> Iterator[Sheet]:
    yield sheet
    for repeat in sheet.repeats:
        yield from _sheets(repeat)


def _content_columns(sheet: Sheet) -> set[str]:
    blocks = (sheet.block, *sheet.column_groups)
    return {name for block in blocks for name in block.column_names}


def _flat(cell: Cell) -> str:
    text = cell if isinstance(cell, str) else "\x1e".join(cell)
    return text.strip()


def row_json(row: Row | BadRow, source: Source) -> str:
    """Return a row as it is kept in quarantine: without coordinates and ignored columns."""
    if isinstance(row, BadRow):
        return json.dumps({"cells": row.cells})
    return json.dumps({**_kept(row, source.main), "codes": sorted(_codes_in(row, source.main))})


def _codes_in(row: Row, sheet: Sheet) -> set[str]:
    """Return the codes of cases and persons that a row holds: by these a withdrawal finds it."""
    blocks = (sheet.block, *sheet.column_groups)
    columns = {
        column
        for block in blocks
        for column, targets in block.columns.items()
        if any(target.path in ("incident.external_id", "person.external_id") for target in targets)
    }
    cells = (row.cells.get(column, "") for column in columns)
    found = {cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()}
    inner = {repeat.name: repeat for repeat in sheet.repeats}
    for name, children in row.repeats.items():
        found.update(*(_codes_in(child, inner[name]) for child in children))
    return found


def _kept(row: Row, sheet: Sheet) -> dict[str, Any]:
    wanted = sheet.mapped_columns
    inner = {repeat.name: repeat for repeat in sheet.repeats}
    return {
        "number": row.number,
        "cells": {name: cell for name, cell in row.cells.items() if name in wanted},
        "repeats": {
            name: [_kept(child, inner[name]) for child in children] for name, children in row.repeats.items()
        },
    }


def row_from_json(text: str) -> Row | None:
    """Return the row that quarantine kept; None where it never was a readable row."""
    kept = json.loads(text)
    return _row(kept) if "number" in kept else None


def _row(kept: Mapping[str, Any]) -> Row:
    cells: dict[str, Cell] = {
        name: cell if isinstance(cell, str) else tuple(cell) for name, cell in kept["cells"].items()
    }
    repeats = {name: tuple(_row(child) for child in children) for name, children in kept["repeats"].items()}
    return Row(kept["number"], cells, repeats)
