"""Are all rows accounted for, and is the file still what it was? Counted as they go by, kept in the vault.

What is compared with the last file of the same source: which columns are filled at all.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from codebook import SourceError
from ingest.cases import AnyRow
from ingest.mapping import Sheet, Source
from ingest.readers import BadRow, Row
from vault import Vault

SAMPLE = 5_000  # rows at the beginning of a file in which filled columns are counted
FEW = 20  # rows; with fewer an empty column says nothing
ONCE_FILLED = 0.2  # share of the rows of the last file; a column filled less may well be empty once
UNREAD_SHARE = 0.1  # of the rows of a file, quarantined for one column, from which the column is told of


class RepeatCounts:
    """What became of the rows of repeats: they go the way of the record that they belong to.

    Args:
        joined: Whether repeats are tables of their own, joined by key: then two equal records share their
            rows, which count once.
    """

    def __init__(self, *, joined: bool) -> None:
        self.by_repeat: dict[str, Counter[str]] = {}
        self._seen: set[tuple[str, int]] | None = set() if joined else None

    def add(self, row: AnyRow, outcome: str) -> None:
        """Count the rows below a record, at any depth."""
        if isinstance(row, BadRow):
            return
        for name, children in row.repeats.items():
            counts = self.by_repeat.setdefault(name, Counter())
            for child in children:
                if self._is_new(name, child.number):
                    counts[outcome] += 1
                self.add(child, outcome)

    def _is_new(self, name: str, number: int) -> bool:
        if self._seen is None:
            return True
        new = (name, number) not in self._seen
        self._seen.add((name, number))
        return new

    def reconciled(
        self, read: Mapping[str, int], orphans: Mapping[str, int], place: str
    ) -> dict[str, dict[str, int]]:
        """Return repeat -> its counts, having made sure that every row of it is accounted for.

        Args:
            read: Rows of each repeat in the file.
            orphans: Rows of each repeat that belong to no record; they are in quarantine.

        Raises:
            SourceError: Rows are missing or counted twice: nothing of the file may be stored.
        """
        found = {}
        for name, rows in read.items():
            counts = self.by_repeat.get(name, Counter())
            told = {key: counts[key] for key in ("stored", "already_there", "quarantined")}
            told["quarantined"] += orphans.get(name, 0)
            if sum(told.values()) != rows:
                raise SourceError(
                    f"{place}: {rows} rows of {name} were read and {sum(told.values())} are accounted for",
                    remedy="this is a fault of the program: report it; nothing of the file was stored",
                )
            found[name] = {"read": rows, **told, "orphans": orphans.get(name, 0)}
        return found


class ColumnFills:
    """Counts in which rows each mapped column says something, over the first rows of a file."""

    def __init__(self, sheet: Sheet) -> None:
        self._columns = sorted(sheet.mapped_columns)
        self._rows = 0
        self._filled: Counter[str] = Counter()

    def watch(self, rows: Iterator[AnyRow]) -> Iterator[AnyRow]:
        """Yield the rows, looking at the first of them."""
        for row in rows:
            if self._rows < SAMPLE and isinstance(row, Row):
                self._rows += 1
                cells = row.cells
                self._filled.update(column for column in self._columns if cells.get(column))
            yield row
            if self._rows >= SAMPLE:
                break
        yield from rows

    def as_json(self) -> str:
        """Return the counts as text, for the vault: rows looked at, column -> rows that fill it."""
        return json.dumps({"rows": self._rows, "filled": self._filled}, ensure_ascii=False, sort_keys=True)

    def take_over(self, counted: str) -> None:
        """Take the counts that `as_json` gave elsewhere for those of this file."""
        noted = json.loads(counted)
        self._rows, self._filled = noted["rows"], Counter(noted["filled"])

    def changed_since(self, earlier: str) -> list[str]:
        """Return notices on columns that were filled in the last file of the source and are empty in this."""
        before = json.loads(earlier) if earlier else {}
        if self._rows < FEW or before.get("rows", 0) < FEW:
            return []
        emptied = [
            column
            for column in self._columns
            if not self._filled[column] and before["filled"].get(column, 0) >= ONCE_FILLED * before["rows"]
        ]
        if not emptied:
            return []
        return [
            f"{len(emptied)} columns that the last file of this source filled are empty in this one: "
            f"{', '.join(emptied)}; was a question renamed, or a column dropped?"
        ]


def dropped_repeats(earlier: str, now: Mapping[str, int], read: int) -> list[str]:
    """Return notices on repeats that the last file of the source held and this one lacks.

    Args:
        earlier: The counts by repeat of the last run, as the vault keeps them.
        now: Repeat -> its rows in this file.
        read: Rows of this file.
    """
    before = json.loads(earlier) if earlier else {}
    gone = sorted(name for name, counts in before.items() if counts.get("read") and not now.get(name))
    if not gone or read < FEW:
        return []
    return [
        f"{len(gone)} sheets or lists that the last file of this source filled are gone or empty in this: "
        f"{', '.join(gone)}; was the export made with fewer questions?"
    ]


def last_run(vault: Vault, source: Source) -> dict[str, str]:
    """Return the counts of the latest run of a source by column and by repeat; empty texts where none was."""
    found = {"column_counts": "", "sheet_counts": ""}
    for row in vault.rows("ingest_run", "source_name = ?", [source.name]):
        found = {name: row[name] or before for name, before in found.items()}
    return found


def unread_columns(places: Mapping[tuple[str, str], int], read: int) -> list[str]:
    """Return notices on columns for which many rows of a file went to quarantine.

    Args:
        places: (reason, column) -> rows.
        read: Rows of the file.
    """
    return [
        f"{rows} of {read} rows wait because of {place} ({reason}): does the declaration still fit it? "
        "Correct it, then run `withheld quarantine retry`"
        for (reason, place), rows in sorted(places.items())
        if place and read >= FEW and rows >= UNREAD_SHARE * read
    ]
