"""The strings of a PDF as a reader shows them: escapes undone, UTF-16 as UTF-8, kerning left out.

Not turned into letters: codes that only the character map of a font explains, as matplotlib writes Cyrillic.
"""

import re
from collections.abc import Iterator

_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_KERNING = re.compile(rb"\)\s*-?[0-9.]*\s*\(")  # [(Za) -20 (rema)] TJ draws one word
_HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")
_MEASURES = re.compile(rb"(?<![^\s\]])(?:[-+]?\d*\.?\d+\s+){1,6}(?=(?:[mlchvyw]|re|cm|rg|RG|[gGkKdMJji])\b)")
_SHOWN = re.compile(
    rb"\[(?:[^\[\]()]|\((?:\\.|[^\\()])*\))*\]\s*TJ\b|(?:\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)\s*(?:Tj|')",
    re.DOTALL,
)
_PLAIN_TEXT = bytes([*b"\t\n\r", *range(32, 127)])  # letters of UTF-16 have other bytes among them


def without_measures(stream: bytes) -> bytes:
    """Return a stream without the numbers of its drawing instructions: places of lines and curves.

    >>> without_measures(b"q 10.5 20 m 30 40 l S BT (Zarema) Tj ET")
    b'q m l S BT (Zarema) Tj ET'
    """
    return _MEASURES.sub(b"", stream)


def without_strings(stream: bytes) -> bytes:
    """Return a stream without what it shows: used where the shown codes were turned into letters.

    >>> without_strings(b"BT /F1 9 Tf [(ab) 1 (c)] TJ /Span << /ActualText (d) >> BDC ET")
    b'BT /F1 9 Tf  /Span << /ActualText (d) >> BDC ET'
    """
    return _SHOWN.sub(b"", stream)


def pdf_text(data: bytes) -> Iterator[bytes]:
    """Yield the bytes of a PDF, or of one of its streams, as written and as its strings are read.

    Source: ISO 32000-1, 7.3.4 (string objects) and 7.9.2.2 (text strings).

    >>> list(pdf_text(b"[(Za) -20 (r\\\\145ma)] TJ"))[1]
    b'[(Zarema)] TJ'
    """
    yield data
    hexadecimal = b"\n".join(map(_from_hexadecimal, _HEXADECIMAL.findall(data)))
    plain = _ESCAPE.sub(_unescaped, _KERNING.sub(b"", data))
    for reading in (plain, hexadecimal):
        if reading and reading != data:
            yield reading
        if reading.translate(None, _PLAIN_TEXT):
            # A string begins at an even or at an odd byte.
            for odd in (0, 1):
                yield reading[odd:].decode("utf-16-be", "ignore").encode("utf-8")


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 255])
    letter = found[2] or b""
    return _LETTERS.get(letter, letter)


def _from_hexadecimal(digits: bytes) -> bytes:
    whole = b"".join(digits.split())
    return bytes.fromhex((whole + b"0" * (len(whole) % 2)).decode("ascii"))
