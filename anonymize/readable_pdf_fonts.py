"""The words that a PDF draws in codes of a font: turned into letters by the font's ToUnicode map.

A font whose codes nothing explains is counted, so that the reader of the scan is told. Source: ISO 32000-1,
9.10.3 (ToUnicode), 9.6.6 (encodings), 9.4.3 (text-showing operators), 7.5.7 (object streams).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(\d+)\s+\d+\s+obj\b(.*?)(?=\bendobj|\bstream\b|\Z)", re.DOTALL)
_REFERENCE = re.compile(rb"/([^\s/<>\[\]()]+)\s+(\d+)\s+\d+\s+R")
_DIFFERENCES = re.compile(rb"/Differences\s*\[(.*?)\]", re.DOTALL)
_GLYPH = re.compile(rb"(\d+)|/([^\s/\[\]]+)")
_UNICODE_GLYPH = re.compile(rb"(?:uni([0-9A-F]{4})|u([0-9A-F]{4,6})|([A-Za-z]))")
_RANGES = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[(.*?)\])", re.DOTALL)
_CHARACTER = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]*)>")
_HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_STRING = rb"\(((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*)\)"
_DRAWING = re.compile(
    rb"/([^\s/<>\[\]()]+)\s+-?[\d.]+\s+Tf\b|"
    + _STRING
    + rb"|<([0-9A-Fa-f\s]*)>|-?[\d.]+\s+(-?[\d.]+)\s+T[dD]\b|\b(ET|Tm|T\*)",
    re.DOTALL,
)
_TEXT_OBJECT = re.compile(rb"\bBT\b.*?\bET\b", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LARGEST_RANGE = 65_536  # codes of two bytes


@dataclass(frozen=True)
class FontMap:
    """What the codes of a font stand for."""

    letters: Mapping[int, str]
    code_bytes: int  # bytes of one code


@dataclass
class Fonts:
    """The fonts of a document by the name that its pages call them; a name may stand for several."""

    by_name: dict[bytes, list[FontMap]] = field(default_factory=dict)
    unexplained: int = 0


def read_fonts(outside: bytes, streams: Mapping[int, bytes]) -> Fonts:
    """Return the fonts of a document.

    Args:
        outside: The bytes outside its streams.
        streams: Number of an object -> its stream, inflated.
    """
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(outside)}
    for content in streams.values():
        objects |= _packed_objects(content)
    fonts = Fonts()
    called: dict[int, set[bytes]] = {}
    for body in objects.values():
        for name, number in _REFERENCE.findall(body):
            called.setdefault(int(number), set()).add(name)
    for number, body in objects.items():
        if re.search(rb"/Type\s*/Font\b", body) and not re.search(rb"/CIDFontType[02]\b", body):
            font = _font_map(body, objects, streams)
            if font is None:
                fonts.unexplained += 1
                continue
            for name in called.get(number, ()):
                fonts.by_name.setdefault(name, []).append(font)
    return fonts


def _packed_objects(content: bytes) -> dict[int, bytes]:
    """Return the objects of an object stream: pairs of number and place first, then the objects."""
    head = re.match(rb"\s*((?:\d+\s+\d+\s+)+)(?=<<|\[)", content)
    if not head:
        return {}
    numbers = list(map(int, head[1].split()))
    places = [*numbers[1::2], len(content)]
    body = content[head.end() :]
    return {
        number: body[start:end]
        for number, start, end in zip(numbers[::2], places, places[1:], strict=False)
        if start < end
    }


def _font_map(body: bytes, objects: Mapping[int, bytes], streams: Mapping[int, bytes]) -> FontMap | None:
    composite = bool(re.search(rb"/Subtype\s*/Type0\b", body))
    references = {name: int(number) for name, number in _REFERENCE.findall(body)}
    stream = streams.get(references.get(b"ToUnicode", -1))
    if stream is not None:
        return FontMap(unicode_map(stream), 2 if composite else 1)
    if composite:
        return None
    encoding = objects.get(references.get(b"Encoding", -1), body)
    letters = {code: chr(code) for code in range(32, 127)}
    found = _DIFFERENCES.search(encoding)
    return FontMap(letters | _differences(found[1] if found else b""), 1)


def _differences(text: bytes) -> dict[int, str]:
    """Return the letters of an encoding that names its glyphs (`uni0417`, `A`)."""
    letters, code = {}, 0
    for number, glyph in _GLYPH.findall(text):
        if number:
            code = int(number)
            continue
        found = _UNICODE_GLYPH.fullmatch(glyph)
        digits = found and (found[1] or found[2])
        if found:
            letters[code] = chr(int(digits, 16)) if digits else found[3].decode("ascii")
        code += 1
    return letters


def unicode_map(stream: bytes) -> dict[int, str]:
    """Return code -> letters of a ToUnicode map.

    >>> unicode_map(b"beginbfrange <00> <01> [<0417> <0430>] endbfrange beginbfchar <05> <0440> endbfchar")
    {0: 'З', 1: 'а', 5: 'р'}
    """
    letters: dict[int, str] = {}
    for kind, body in _RANGES.findall(stream):
        if kind == b"char":
            letters |= {int(code, 16): _letters(digits) for code, digits in _CHARACTER.findall(body)}
            continue
        for first, last, start, several in _RANGE.findall(body):
            codes = range(int(first, 16), min(int(last, 16) + 1, int(first, 16) + _LARGEST_RANGE))
            if several:
                letters |= dict(zip(codes, map(_letters, _HEXADECIMAL.findall(several)), strict=False))
            elif text := _letters(start):
                letters |= {
                    code: text[:-1] + chr(min(ord(text[-1]) + place, 0x10FFFF))
                    for place, code in enumerate(codes)
                }
    return letters


def _letters(digits: bytes) -> str:
    whole = b"".join(digits.split())
    return bytes.fromhex((whole + b"0" * (len(whole) % 2)).decode("ascii")).decode("utf-16-be", "ignore")


def drawn_text(stream: bytes, fonts: Fonts) -> Iterable[str]:
    """Return what a stream draws: with a line end where the pen moves to another line, and in one piece."""
    if b"Tf" not in stream or not fonts.by_name:
        return ()
    variants = max(len(maps) for maps in fonts.by_name.values())
    texts = []
    for variant in range(min(variants, 8)):
        pieces = list(_pieces(stream, fonts, variant))
        texts += ["".join(pieces), "".join(piece for piece in pieces if piece != "\n")]
    return dict.fromkeys(texts)


def _pieces(stream: bytes, fonts: Fonts, variant: int) -> Iterable[str]:
    font: FontMap | None = None
    text_objects = b"\n".join(_TEXT_OBJECT.findall(stream))
    for found in _DRAWING.finditer(text_objects):
        name, string, digits, down, ends = found.groups()
        if name is not None:
            maps = fonts.by_name.get(name, [])
            font = maps[min(variant, len(maps) - 1)] if maps else None
        elif string is not None:
            yield _decoded(_ESCAPE.sub(_unescaped, string), font)
        elif digits is not None:
            whole = b"".join(digits.split())
            yield _decoded(bytes.fromhex((whole + b"0" * (len(whole) % 2)).decode("ascii")), font)
        elif ends or float(down.strip(b".") or 0):
            yield "\n"


def _decoded(codes: bytes, font: FontMap | None) -> str:
    if font is None:
        return codes.decode("latin-1")
    size = font.code_bytes
    numbers = (int.from_bytes(codes[place : place + size]) for place in range(0, len(codes), size))
    return "".join(font.letters.get(number, "\ufffd") for number in numbers)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 255])
    letter = found[2] or b""
    return _LETTERS.get(letter, letter)
