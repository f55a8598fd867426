"""What separates the cells of a text file? Declared, told by its ending, or agreed on by its rows."""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from .encodings import TextFile

CANDIDATES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_TAB_ENDINGS = (".tsv", ".tab")
_START = 64 * 2**10  # bytes over which the delimiter is decided
_ROWS = 50


@dataclass(frozen=True)
class Separation:
    """What separates the cells of a file.

    Attributes:
        notice: How it was decided, where neither the declaration nor a comma says it.
    """

    delimiter: str
    notice: str = ""


def separation_of(file: TextFile, encoding: str, *, declared: str, names: Collection[str]) -> Separation:
    """Return what separates the cells of a file.

    Args:
        declared: Delimiter of the declaration; empty where it does not say.
        names: Columns that the declaration knows: the best evidence for where a header is to be cut.
    """
    if declared:
        return Separation(declared)
    if file.name.lower().endswith(_TAB_ENDINGS):
        return Separation("\t")
    with file.open() as opened:
        raw = opened.read(_START)
    text = raw.decode(encoding, "replace")
    if len(raw) == _START:
        text = text[: text.rfind("\n") + 1] or text
    scores = {delimiter: _score(text, delimiter, names) for delimiter in CANDIDATES}
    best = max(scores, key=lambda delimiter: scores[delimiter][:3])
    known, agreement, width, rows = scores[best]
    if best == "," or width < 2:
        return Separation(",")
    return Separation(
        best,
        f"its cells are separated by {CANDIDATES[best]}: {agreement:.0%} of the first {rows} rows have "
        f"{width} columns" + (f", {known} of them declared" if known else ""),
    )


def _score(text: str, delimiter: str, names: Collection[str]) -> tuple[int, float, int, int]:
    """Return declared names found, share of rows as wide as the header, its width, and rows looked at."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(row):
                rows.append(row)
            if len(rows) > _ROWS:
                break
    except csv.Error:
        pass  # a broken quote further down says nothing about the rows above it
    if not rows:
        return 0, 0.0, 0, 0
    header = max(rows[:10], key=lambda row: sum(cell.strip() in names for cell in row))
    below = rows[rows.index(header) + 1 :]
    known = sum(cell.strip().removeprefix("\ufeff") in names for cell in header)
    if len(header) < 2:
        return known, 0.0, 1, len(below)
    agreement = sum(len(row) == len(header) for row in below) / len(below) if below else 0.0
    return known, agreement, len(header), len(below)
