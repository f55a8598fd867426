"""Recoded records to CSV that a spreadsheet cannot be tricked with, in an order that tells nothing."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

from codebook.spreadsheet_safe import spreadsheet_safe
from codebook.whole_file import replaced_file

from .hierarchies import IntArray


def write_records(
    path: Path,
    columns: Mapping[str, Sequence[str]],
    *,
    in_order: bool = False,
    weights: IntArray | None = None,
) -> None:
    """Write records as comma-separated UTF-8.

    Args:
        path: The file to write; the folder exists.
        columns: Name -> cells.
        in_order: Keep the order of the source. Otherwise records are sorted by what is published: the order
            of a source often tells dates or families.
        weights: How often each row is written; else once.
    """
    safe = []
    for cells in columns.values():
        written = {cell: spreadsheet_safe(cell) for cell in set(cells)}
        safe.append([written[cell] for cell in cells])
    rows = zip(*safe, strict=True)
    if weights is not None:
        written_rows: Iterable[tuple[str, ...]] = _repeated(rows, weights.tolist())
    else:
        written_rows = rows if in_order else sorted(rows)
    with replaced_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([spreadsheet_safe(name) for name in columns])
        writer.writerows(written_rows)


def _repeated(rows: Iterable[tuple[str, ...]], weights: Iterable[int]) -> Iterator[tuple[str, ...]]:
    """Return every row as often as it weighs, sorted; many counted rows are one row once published."""
    together: Counter[tuple[str, ...]] = Counter()
    for row, number in zip(rows, weights, strict=True):
        together[row] += number
    for row in sorted(together):
        yield from repeat(row, together[row])


def write_evidence(path: Path, evidence: Mapping[str, Any]) -> None:
    """Write evidence as readable JSON."""
    with replaced_file(path) as file:
        file.write(json.dumps(evidence, indent=2, ensure_ascii=False) + "\n")
