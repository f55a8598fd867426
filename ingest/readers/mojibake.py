"""Text that was once saved in a wrong encoding and is valid now: counted by kind, told, never repaired here.

Repair would be a guess about what people said; the file it came from still knows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from codebook import SourceError

from .table import BadRow, Cell, Row, Table

_REFUSED_SHARE = 0.2  # of the rows of a file; above it the file is refused
_ENOUGH_ROWS = 3
_REMEDY = "export it again as UTF-8 from the program that it came from: there the text is whole"


def _characters(codec: str) -> str:
    """Return what the bytes 0x80 to 0xBF are in a codec: the second bytes of Cyrillic in UTF-8."""
    decoded = (bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in range(0x80, 0xC0))
    return re.escape("".join(decoded)) + "\x80-\xbf"


_RUSSIAN, _WESTERN = _characters("cp1251"), _characters("cp1252")
# Kind -> pattern. One pair of such characters occurs in honest text, a run of them does not.
KINDS: Mapping[str, re.Pattern[str]] = {
    "UTF-8 that was read as cp1251 twice": re.compile("(?:(?:Р[ \xa0]|РЎ)(?:[ВРС].|[вп]..)){2}"),
    "UTF-8 that was read as cp1251": re.compile(f"(?:[РС][{_RUSSIAN}]){{3}}"),
    "UTF-8 that was read as cp1252 twice": re.compile(
        f"(?:Ã[{_WESTERN}](?:Â.|[{_WESTERN}]|â[^ ]{{2}})){{2}}"
    ),
    "UTF-8 that was read as cp1252": re.compile(f"(?:[ÐÑ][{_WESTERN}]){{3}}|(?:Ã[\x80-\xbf]){{2}}"),
    "cp1251 that was read as cp1252": re.compile("[À-ÖØ-öø-ÿ¸¨]{4}"),
    "letters that were lost (replacement characters)": re.compile("\ufffd"),
}
# Every kind has one of these, Russian or English text rarely; a single class of characters is fast to seek.
_HINT = re.compile("[\ufffd\x80-\x9f°±²³µ¶·¤¦¨¬®ЂЃѓђЌќЋћЏџЉљЊњЎўЈјҐґЄєЅѕ‚„†‡‰‹›À-ÿ]")


def kind_of(text: str) -> str:
    """Return by what slip of encodings a text came about; empty where it reads as text."""
    if text.isascii() or not _HINT.search(text):
        return ""
    return next((kind for kind, pattern in KINDS.items() if pattern.search(text)), "")


def watch(table: Table, place: str) -> Table:
    """Return a table whose rows are looked at for mojibake while they pass.

    Raises:
        SourceError: At once, where the header is such; at the end of the rows, where many rows are.
    """
    if kind := kind_of("\n".join(table.header)):
        raise SourceError(f"{place}: the header holds {kind}", remedy=_REMEDY)
    table.rows = _watched(table, table.rows, place)
    return table


def _watched(table: Table, rows: Iterator[Row | BadRow], place: str) -> Iterator[Row | BadRow]:
    found: Counter[str] = Counter()
    number = 0
    for row in rows:
        number += 1
        text = _text(row.cells)
        if kind := kind_of(text):
            found[kind] += 1
        yield row
    spoilt = found.total()
    if spoilt >= _ENOUGH_ROWS and spoilt > _REFUSED_SHARE * number:
        kinds = ", ".join(f"{kind} ({times} rows)" for kind, times in found.items())
        raise SourceError(
            f"{place}: {spoilt} of {number} rows hold {kinds}",
            remedy=_REMEDY,
        )
    for kind, times in found.items():
        table.notices.append(f"{times} rows hold {kind}; they were taken as they are: {_REMEDY}")


def _text(cells: Mapping[str, Cell]) -> str:
    try:
        return "\n".join(cells.values())  # type: ignore[arg-type]  # lists are rare; joining them fails
    except TypeError:
        return "\n".join(_flat(cells.values()))


def _flat(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        if isinstance(cell, str):
            yield cell
        else:
            yield from cell
