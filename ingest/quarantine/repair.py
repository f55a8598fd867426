"""The file of `quarantine export`, repaired by a person and given back: the cells of which waiting rows."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from codebook import SourceError
from ingest.readers import Cell

COLUMNS = ("id", "source", "file_row", "reason", "place", "column", "cell")
_JOINED = " | "  # between the texts of a JSON list in one cell of the file
_STEP = re.compile(r"(.+?)\[(\d{1,6})\]/")
_GUARD = re.compile(r"^'(?=\s*[=+\-@|%\t])")  # what the export set before a formula (RULES rule 40)
_BEYOND = re.compile(r"\(cell \d+\)")  # the reader's name for a cell beyond the last column
_MAXIMUM_BYTES = 256 * 2**20


def exported_cells(kept: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (column, cell) of a row as quarantine keeps it; `people[2]/age` is of a repeat's second row."""
    for name, cell in kept["cells"].items():
        yield prefix + name, cell if isinstance(cell, str) else _JOINED.join(cell)
    for name, children in kept.get("repeats", {}).items():
        for position, child in enumerate(children, start=1):
            yield from exported_cells(child, f"{prefix}{name}[{position}]/")


def read_repaired(path: Path) -> dict[str, dict[str, str]]:
    """Return waiting row -> column -> cell, as a person left them in the exported file.

    Raises:
        SourceError: It is not the file of `quarantine export`, saved as CSV UTF-8.
    """
    remedy = (
        "give back the file that `withheld quarantine export` wrote, saved as CSV UTF-8, all columns kept"
    )
    try:
        if path.stat().st_size > _MAXIMUM_BYTES:
            raise SourceError(f"{path.name}: larger than {_MAXIMUM_BYTES // 2**20} MB", remedy=remedy)
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"{path.name}: cannot be read as UTF-8 text", remedy=remedy) from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)  # spreadsheet programs save in the habit of their country
    found: dict[str, dict[str, str]] = {}
    try:
        lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        if not set(COLUMNS) <= set(lines.fieldnames or ()):
            raise SourceError(f"{path.name}: columns of the export are missing", remedy=remedy)
        for line in lines:
            found.setdefault(line["id"] or "", {})[line["column"] or ""] = _GUARD.sub("", line["cell"] or "")
    except csv.Error:
        raise SourceError(f"{path.name}: its quotes do not close", remedy=remedy) from None
    return found


def repaired_row(kept: dict[str, Any], cells: Mapping[str, str], number: int) -> dict[str, Any]:
    """Return a kept row, changed in place, with the cells of the repaired file; what that lacks stays.

    Args:
        number: Row in the source file, for a row that could not be read as one.
    """
    row = {"number": number, "repeats": {}, **kept}
    row.pop("codes", None)  # the code itself may have been repaired
    for column, cell in cells.items():
        _put(row, column, cell)
    # What stood beyond the last column of a broken row was moved to its place, or is nothing.
    row["cells"] = {name: cell for name, cell in row["cells"].items() if not _BEYOND.fullmatch(name)}
    return row


def _put(row: dict[str, Any], column: str, cell: str) -> None:
    if column in row["cells"]:
        row["cells"][column] = _as_before(row["cells"][column], cell)
        return
    step = _STEP.match(column)
    children = row["repeats"].get(step[1], []) if step else []
    if step and 0 < int(step[2]) <= len(children):
        _put(children[int(step[2]) - 1], column[step.end() :], cell)
    elif not step:
        row["cells"][column] = cell


def _as_before(before: Cell | list[str], cell: str) -> Cell | list[str]:
    return cell if isinstance(before, str) else [one for one in cell.split(_JOINED) if one]
