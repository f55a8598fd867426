"""A part of a file as the texts that a reader could make of it: escapes undone, tags out, words put together.

What a program writes in another way is given again in plain letters: JSON, JavaScript, CSS, HTML, addresses,
mail, UTF-16, the Cyrillic code pages of one byte, words in pieces, base64 and digits of hexadecimal.
"""

import base64
import binascii
import html
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator

_ESCAPES = re.compile(
    r"((?:\\u[0-9a-fA-F]{4})+)"
    r"|\\u\{([0-9a-fA-F]{1,6})\}"
    r"|\\x([0-9a-fA-F]{2})"
    r"|\\0{0,3}([0-9a-fA-F]{2,6}) ?"
    r'|\\(["\\/bfnrt])'
)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_MAIL_ESCAPE = re.compile(r"(?:=[0-9A-F]{2}(?:=\r?\n)?){4,}")
_OUTLINE = re.compile(r"""\sd=(?:"[MLHVCSQTAZmlhvcsqtaz\d\s.,+-]*"|'[MLHVCSQTAZmlhvcsqtaz\d\s.,+-]*')""")
_TAG = re.compile(r"<!--|-->|</?[A-Za-z!?][^<>]*>")
_INVISIBLE = re.compile("[\u00ad\u0300-\u0305\u200b-\u200f\u2060\u2066-\u2069\ufeff]")
_COMBINING = re.compile("[\u0306\u0308]")  # of й and ё in two letters
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .·_*-]{1,2}[^\W\d_]){3,}(?!\w)")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\s*\n\s*(?=[^\W\d_])")
_WIDE_LITTLE = re.compile(rb"(?:[\x09-\x0d\x20-\x7e]\x00|[\x00-\xff]\x04){4,}")
_WIDE_BIG = re.compile(rb"(?:\x00[\x09-\x0d\x20-\x7e]|\x04[\x00-\xff]){4,}")
_NO_UTF8 = re.compile("[ -~]{0,12}(?:[\udc80-\udcff]{3,}[ -~]{0,12})+")
_CODE_PAGES = ("cp1251", "koi8-r", "cp866", "mac_cyrillic", "iso8859-5")
_PACKED = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{8,}={0,2}(?![A-Za-z0-9+/_=-])")
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){6,}")
_CAMEL = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁ])(?=[A-ZА-ЯЁ])")
_PUNYCODE = re.compile(r"xn--([a-z0-9-]{2,})", re.I)


def texts_of(data: bytes) -> Iterator[str]:
    """Yield the texts of one part: all of it with escapes undone, without tags, and what was written otherwise.

    A word that a tag divides is whole in one of them; words that only tags hold apart are apart in another. The numbers of an outline
    (`d` of an SVG path, if it has nothing but them) are left out, as pixels are.
    """  # noqa: E501
    written = _OUTLINE.sub(' d=""', data.decode("utf-8", "replace"))
    text = plain(written)
    yield text
    if "<" in text:
        for between in ("", " "):
            yield _TAG.sub(between, text)
    if text != written:
        yield written  # what looks like an escape may be none: a percent sign before a number
    yield from _pieces_joined(text)
    yield from _other_encodings(data)


def plain(text: str) -> str:
    """Return a text with escapes undone and without letters that nobody sees.

    >>> plain("%D0%97&#1072;\\\\u0440") == "Зар"
    True
    """
    for _ in range(3):
        before = text
        if "\\" in text:
            text = _ESCAPES.sub(_unescaped, text)
        if "&" in text:
            text = html.unescape(text)
        if "%" in text:
            text = urllib.parse.unquote(text, errors="ignore")
        if "=D" in text:
            text = _MAIL_ESCAPE.sub(_from_mail, text)
        if text == before:
            break
    if text.isascii():
        return text
    if _COMBINING.search(text):
        text = unicodedata.normalize("NFC", text)
    return _INVISIBLE.sub("", text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        units = "".join(chr(int(unit, 16)) for unit in found[1].split("\\u")[1:])
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    digits = found[2] or found[3] or found[4]
    if digits:
        number = int(digits, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]
    return _LETTERS.get(found[5], found[5])


def _from_mail(found: re.Match[str]) -> str:
    return bytes.fromhex(re.sub(r"[=\s]", "", found[0])).decode("utf-8", "replace")


def _pieces_joined(text: str) -> Iterator[str]:
    """Yield words that were written letter by letter, and words that a line end divides."""
    spaced = [re.sub(r"[\W_]", "", one) for one in _SPACED.findall(text)]
    if spaced:
        yield "\n".join(spaced)
    if "\n" in text and _BROKEN.search(text):
        yield _BROKEN.sub("", text)


def _other_encodings(data: bytes) -> Iterator[str]:
    """Yield runs of UTF-16, and runs that are no UTF-8 in the code pages of Cyrillic."""
    if b"\x00" in data or b"\x04" in data:
        for pattern, encoding in ((_WIDE_LITTLE, "utf-16-le"), (_WIDE_BIG, "utf-16-be")):
            runs = [run.decode(encoding, "ignore") for run in pattern.findall(data)]
            if runs:
                yield plain("\n".join(runs))
    if not _is_utf8(data):
        runs_of_bytes = _NO_UTF8.findall(data.decode("utf-8", "surrogateescape"))
        joined = "\n".join(runs_of_bytes).encode("utf-8", "surrogateescape")
        for encoding in _CODE_PAGES if joined else ():
            yield joined.decode(encoding, "replace")


def _is_utf8(data: bytes) -> bool:
    """Return whether all of it is UTF-8, as most is: then no byte of it is a letter of a code page."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def packed_words(text: str) -> Iterable[str]:
    """Return the words of a text that may be base64 or hexadecimal digits."""
    return (*_PACKED.findall(text), *_HEXADECIMAL.findall(text))


def unpacked(words: Iterable[str]) -> bytes:
    """Return what words hold that are base64, hexadecimal or punycode, one in a line; only what is text.

    >>> unpacked(["0JfQsNGA0LXQvNCw", "fontsize", "5a6172656d61"]).decode() == "Зарема\\nZarema"
    True
    """
    found = (one for word in words for one in _unpacked(word))
    return b"\n".join(dict.fromkeys(one for one in found if _is_text(one)))


def _unpacked(word: str) -> Iterator[bytes]:
    digits = re.sub(r"[ :]", "", word)
    if len(digits) >= 12 and not len(digits) % 2 and not set(digits) - set("0123456789abcdefABCDEF"):
        yield bytes.fromhex(digits)
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        yield base64.b64decode(bare[: len(bare) - (len(bare) % 4 == 1)] + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04", b"%PDF", b"\x89PNG", b"SQLite")):
        return True
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.isprintable() or not any(ord(one) < 32 and one not in "\t\n\r" for one in text)


def words_inside(words: Iterable[str]) -> str:
    """Return words that are grown together (`zaremaInventova`) or in punycode, taken apart, a line each."""
    found = []
    for word in words:
        if "xn--" in word or "XN--" in word:
            found += [one for coded in _PUNYCODE.findall(word) if (one := _from_punycode(coded))]
        elif _CAMEL.search(word):
            found.append(_CAMEL.sub(" ", word))
    return "\n".join(found)


def _from_punycode(coded: str) -> str:
    try:
        return coded.encode("ascii").decode("punycode")
    except UnicodeError:
        return ""
