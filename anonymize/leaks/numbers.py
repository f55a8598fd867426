"""Phones, documents, codes, exact days and positions, in whatever punctuation they are written.

Numbers are read in groups of digits, as people write them: a number whose groups begin and end where those of
the text do is found; one that is cut out of the middle of a longer number is not.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from codebook import fold

_SEPARATOR = r"[ \u00a0\u2007-\u2015\u202f\u2212()/№_·-]{1,3}"
# A number with a decimal point on either side is a measure of a picture.
_NUMBERS = re.compile(rf"(?<![\d.,])\+?\(?\d+(?:{_SEPARATOR}\d+)*+(?![.,]?\d)")
_DOTTED = re.compile(r"(?<![\d.,])\+?\d{1,4}(?:[.,]\d{2,4}){2,5}(?![.,]?\d)")
_GROUP = re.compile(r"\d+")
_SHORTEST, _LONGEST = 6, 15  # digits of a phone (E.164) or document
_MOST_GROUPS = 8
_CODE = re.compile(
    r"(?<![^\W_])[^\W\d_]{1,8}(?:[\s\-‐-―_./#№:]{0,2}\d+(?!\.\d)){1,4}(?:[-‐-―_/]?[^\W\d_]{1,3}(?![^\W\d_]))?"
)
_SERIES = re.compile(r"\d{1,4}[ \-_]{0,2}[^\W\d_]{1,4}[ \-_№]{0,3}\d{2,9}")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_TWINS = str.maketrans("авсенкмортху", "abcehkmoptxy")
_SHORTEST_CODE = 6  # letters and digits
_FEWEST_DIGITS = 3
_MONTHS = {
    word: number
    for number, words in enumerate(
        ("jan янв", "feb фев", "mar мар", "apr апр", "may ма", "jun июн", "jul июл", "aug авг", "sep сен",
         "oct окт", "nov ноя", "dec дек"), 1,
    )
    for word in words.split()
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAMESPACE = "w3.org/1999/02/22-rdf-syntax-ns"  # in every SVG; somebody was born on that day
_WORD_FOR_YEAR = re.compile(r"[ \u00a0]?(?:г\.?|год|года)$")
_DAYS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-./_](?P<m>\d{1,2})[-./_](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})[-./_](?P<m>\d{1,2})[-./_](?P<y>\d{4})(?!\d)"),
    re.compile(
        r"(?<![\d.])(?P<d>\d{1,2})(?:st|nd|rd|th|-го|-е)?[ \u00a0-](?P<w>[^\W\d_]{3,9})[., \u00a0-]+(?P<y>\d{4})(?!\d)"  # noqa: E501
    ),
    re.compile(
        r"(?<![^\W\d_])(?P<w>[A-Za-z]{3,9})\.?[ \u00a0](?P<d>\d{1,2})(?:st|nd|rd|th)?,?[ \u00a0](?P<y>\d{4})(?!\d)"  # noqa: E501
    ),
)
_POSITION = re.compile(r"(?<![\d.])(-?\d{1,3}[.,]\d{3,9})[^\d]{1,30}?(-?\d{1,3}[.,]\d{3,9})(?!\d)")
Position = tuple[int, int]  # latitude and longitude in thousandths of a degree (about 100 m)


def numbers_of(text: str) -> Iterator[str]:
    """Yield the digits of every number of 6 to 15 digits, its groups joined.

    >>> "79000000001" in set(numbers_of("tel. +7 (900) 000-00-01"))
    True
    """
    for pattern in (_NUMBERS, _DOTTED):
        for written in set(pattern.findall(text)):
            if len(written) >= _SHORTEST:
                yield from joined_groups(_GROUP.findall(written))


def joined_groups(groups: list[str]) -> Iterator[str]:
    """Yield what neighbouring groups of digits make, of the lengths that a phone or document has."""
    for first in range(len(groups)):
        digits = ""
        for group in groups[first : first + _MOST_GROUPS]:
            digits += group
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST:
                yield digits


def phone_keys(digits: str) -> Iterator[str]:
    """Yield the forms in which the vault may keep a phone of these digits (`phone_key`)."""
    if len(digits) == 11 and digits[0] in "78":
        yield "+7" + digits[1:]
    if len(digits) == 10:
        yield "+7" + digits
    if len(digits) > 7:
        yield "+" + digits.removeprefix("00")
    yield digits


def codes_of(text: str) -> Iterator[str]:
    """Yield codes of letters and digits without punctuation, in one script.

    >>> "hl202400017" in set(codes_of("case HL 2024/00017."))
    True
    """
    for pattern in (_CODE, _SERIES):
        for written in set(pattern.findall(text)):
            if len(written) >= _SHORTEST_CODE:
                yield from _codes_in(written)


@lru_cache(maxsize=1 << 16)
def _codes_in(written: str) -> tuple[str, ...]:
    """Return the codes that neighbouring pieces of letters and digits make."""
    pieces = _PIECE.findall(written)
    return tuple(
        key
        for first in range(len(pieces))
        for last in range(first + 1, min(len(pieces), first + 6))
        if (key := code_key("".join(pieces[first : last + 1])))
    )


def code_key(text: str) -> str:
    """Return a code without case, punctuation and script; empty where chance could make it."""
    key = "".join(_PIECE.findall(fold(text))).translate(_TWINS)
    return key if len(key) >= _SHORTEST_CODE and sum(map(str.isdigit, key)) >= _FEWEST_DIGITS else ""


def days_of(text: str) -> Iterator[str]:
    """Yield every exact day as ISO, in each order that is possible.

    >>> sorted(set(days_of("8 марта 2024, 09.03.2024, March 10, 2024")))
    ['2024-03-08', '2024-03-09', '2024-03-10', '2024-09-03']
    """
    if not _YEAR.search(text):
        return
    text = text.replace(_NAMESPACE, "")
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            year, day = int(parts["y"]), int(parts["d"])
            month = int(parts["m"]) if "m" in parts else _month(parts["w"])
            for one, other in {(month, day), (day, month)} if "m" in parts else {(month, day)}:
                if 1900 <= year <= 2100 and 1 <= one <= 12 and 1 <= other <= 31:
                    yield f"{year}-{one:02}-{other:02}"


def is_day(text: str) -> bool:
    """Return whether a text is one day and nothing else, but for a word for `year` behind it.

    >>> is_day("1 декабря 2026 г."), is_day("01/12/2026"), is_day("1 December 2026, at home")
    (True, True, False)
    """
    bare = _WORD_FOR_YEAR.sub("", text.strip())
    return any(pattern.fullmatch(bare) for pattern in _DAYS)


def _month(word: str) -> int:
    folded = fold(word)
    return _MONTHS.get(folded[:3]) or (_MONTHS["ма"] if folded in ("май", "мая", "мае", "маем", "маю") else 0)


def positions_of(texts: Iterable[str]) -> Iterator[Position]:
    """Yield pairs of coordinates that are written to three decimals or more."""
    for text in texts:
        for first, second in _POSITION.findall(text):
            yield _thousandths(first), _thousandths(second)


def _thousandths(text: str) -> int:
    return round(float(text.replace(",", ".")) * 1000)


def near(position: Position) -> Iterator[Position]:
    """Yield a position in either order, rounded or cut off."""
    first, second = position
    for one in (first - 1, first, first + 1):
        for other in (second - 1, second, second + 1):
            yield one, other
            yield other, one
