"""The rows of a file in batches, those of one incident together."""

from collections.abc import Iterable, Iterator

from codebook import SourceError
from ingest.mapping import Source
from ingest.readers import BadRow, Row

BATCH = 5_000  # rows between two visits to the vault
MAXIMUM_GROUPED = 1_000_000  # rows of a file whose rows are put together by case, which is held in memory

AnyRow = Row | BadRow


def batches(rows: Iterable[AnyRow], source: Source) -> Iterator[list[list[AnyRow]]]:
    """Yield batches of groups: the rows of a group are one incident.

    Raises:
        SourceError: More rows are to be put together by case than fit into memory.
    """
    batch: list[list[AnyRow]] = []
    size = 0
    for group in _groups(rows, source):
        batch.append(group)
        size += len(group)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _groups(rows: Iterable[AnyRow], source: Source) -> Iterator[list[AnyRow]]:
    """Yield the rows that are one incident together; a row without its case code stands alone."""
    if not source.incident_by:
        for row in rows:
            yield [row]
        return
    groups: dict[tuple[str, ...], list[AnyRow]] = {}
    for count, row in enumerate(rows, start=1):
        if count > MAXIMUM_GROUPED:
            raise SourceError(
                f"more than {MAXIMUM_GROUPED:,} rows are to be put together by case",
                remedy="split the file by year and ingest the parts one by one",
            )
        code = tuple(str(row.cells.get(column, "")).strip() for column in source.incident_by)
        alone = isinstance(row, BadRow) or not any(code)
        groups.setdefault((f"\0{count}",) if alone else code, []).append(row)
    yield from groups.values()
