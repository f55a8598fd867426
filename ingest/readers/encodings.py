"""In which encoding is a text file? Its mark, UTF-8 or what is declared decides; a likely one is only named.

Detectors guess one file in five wrong, so what is found here stands in a refusal with its evidence and is
never used to read a record.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from codebook import SourceError

from .table import empty_file

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = "UTF-8, UTF-8 with a mark, UTF-16 with a mark"
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac-cyrillic")
_SEARCHED = 8 * 2**20  # bytes in which evidence is sought
_EVIDENCE = 64 * 2**10  # bytes of evidence that are enough
_ENOUGH = 0.6  # of the words; below it no encoding is named
_WORD = re.compile(r"[^\W\d_]{3,}")
_CYRILLIC_WORD = re.compile(r"(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)")
# First letter -> second letters of the frequent pairs of Russian text; words in a wrong encoding have few.
_PAIRS = {
    "а": "вйклмнрстшя", "б": "аеоры", "в": "аеиоы", "г": "аеор", "д": "аеиору", "е": "делмнрст", "ж":
    "аеи", "з": "а", "и": "везлмнстхцчя", "к": "аилору", "л": "аеиоь", "м": "аеиоу", "н": "аеиоы", "о":
    "бвгдйлмрст", "п": "аелор", "р": "аеиоуя", "с": "веиклмот", "т": "аеиоруь", "у": "дкнс", "х": "ао",
    "ц": "ае", "ч": "аеи", "ш": "аи", "щ": "а", "ы": "йм", "ю": "т", "я": "л",
}  # fmt: skip


@dataclass(frozen=True)
class TextFile:
    """A text file or a member of an archive, which can be opened again and again from its beginning."""

    name: str
    open: Callable[[], BinaryIO]


def encoding_of(file: TextFile, declared: str) -> str:
    """Return the codec with which a text file is to be read.

    Raises:
        SourceError: Empty, not a text file, an encoding that does not exist, or one that needs declaring.
    """
    with file.open() as opened:
        start = opened.read(4096)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise empty_file(file.name)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SourceError(
            f"{file.name}: this is a workbook and not a text file",
            remedy="name it .xlsx (or .xls, .ods) and use its own declaration",
        )
    if not declared and b"\0" in start:
        raise SourceError(
            f"{file.name}: the file holds zero bytes: UTF-16 without a mark, or not a text file",
            remedy=f"save it as CSV UTF-8, or declare `encoding: {_order_of_bytes(start)}`",
        )
    try:
        return codecs.lookup(declared or "utf-8").name
    except LookupError:
        raise SourceError(
            f"{file.name}: `encoding` of the declaration is not one that is known", remedy="e.g. cp1251"
        ) from None


def _order_of_bytes(start: bytes) -> str:
    return "utf-16-be" if start[0::2].count(0) > start[1::2].count(0) else "utf-16-le"


def not_text(file: TextFile, number: int) -> SourceError:
    """Return the error for a row in no permitted encoding; it names the likely one and why."""
    found = likely_encoding(file)
    return SourceError(
        f"{file.name}: row {number} holds bytes that are not text in any encoding that was tried ({_TRIED})"
        + (f"; {found[1]}" if found else ""),
        remedy=f"if that is so, declare `encoding: {found[0]}`; or save it as CSV UTF-8"
        if found
        else "find out how the file was saved and declare `encoding`, e.g. cp1251; or save it as CSV UTF-8",
    )


def likely_encoding(file: TextFile) -> tuple[str, str] | None:
    """Return the encoding in which the words of a file look like words, and the evidence; None if unclear."""
    evidence = _evidence(file)
    shares = {name: _russian_share(evidence, name) for name in _CYRILLIC}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= _ENOUGH:
        return best, f"it reads as {best}: {shares[best]:.0%} of its words have Russian letter pairs"
    high = sum(byte >= 0x80 for byte in evidence)
    if high and high < 0.2 * len(evidence) and shares[best] < 0.3:
        accented = sum(one.isalpha() for one in evidence.decode("cp1252", "replace") if ord(one) >= 0x80)
        if accented > 0.8 * high:
            return (
                "cp1252",
                f"it reads as cp1252: {accented / high:.0%} of its other bytes are accented letters",
            )
    return None


def _evidence(file: TextFile) -> bytes:
    """Return lines of a file that hold more than ASCII."""
    found = bytearray()
    seen = 0
    with file.open() as opened:
        while seen < _SEARCHED and len(found) < _EVIDENCE and (line := opened.readline(_EVIDENCE)):
            seen += len(line)
            if not line.isascii():
                found += line
    return bytes(found)


def _russian_share(evidence: bytes, encoding: str) -> float:
    """Return the share (0..1) of words beyond ASCII that are cased and paired as Russian words are."""
    words = [word for word in _WORD.findall(evidence.decode(encoding, "replace")) if not word.isascii()]
    return sum(map(_is_russian, words)) / len(words) if words else 0.0


def _is_russian(word: str) -> bool:
    if not _CYRILLIC_WORD.fullmatch(word):
        return False
    low = word.lower().replace("ё", "е")
    frequent = sum(second in _PAIRS.get(first, "") for first, second in pairwise(low))
    return frequent >= 0.4 * (len(low) - 1)
