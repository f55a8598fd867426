"""One word of a name in a spelling that is neutral to script and to the system of transliteration.

Many spellings become one on purpose: й, и, ы and a soft j are one letter and vanish before a vowel, because
systems write Mariia, Mariya, Marija or Mariâ. What that costs (Диана and Дана are one) is got back by
`same_script`, which is compared where both names are written in one script. Not neutral: дь before a vowel,
where ь is left out and я written ja (Djachkov reads as Джачков).
"""

import re
import unicodedata
from functools import lru_cache

from codebook.folding import fold
from codebook.letters import CYRILLIC, MARKED

_TO_LATIN = str.maketrans(
    CYRILLIC
    | {
        "ҳ": "kh", "қ": "k", "ғ": "g", "ҷ": "dzh", "ӯ": "u", "ӣ": "i", "ә": "a", "ө": "o", "ү": "u", "һ": "h",
        "ҕ": "g",
    }
)  # fmt: skip
# In this order: digraphs, then iotation, then double letters. Sources: ISO 9:1995; ICAO Doc 9303 part 3
# (passport); BGN/PCGN 1947; ALA-LC; GOST 7.79-2000 B; English habit.
_STEPS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"[^a-z]", ""),
        (r"x|ks", "kh"), (r"k*kh", "h"), (r"shh|shch|sch", "s"), (r"tch|tsch|ch+|tsh+", "c"),
        (r"ts|tz|cz", "c"),
        (r"ck|q", "k"), (r"sh+", "s"), (r"d?zh+|dj", "j"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"),
        (r"w", "v"), (r"ff$", "v"), (r"ch+", "c"), (r"sh+", "s"),
        (r"(?<=[aeiouy])h+$", ""),
        (r"[yj]o", "e"),
        (r"^[yij]*e", "e"), (r"(?<!^)[yij]+(?=[aeou])", ""), (r"[yij]+", "i"),
        (r"oo|ou", "u"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_CYRILLIC = re.compile("[а-яӏіїґєҳқғҷӯӣәөүһҕ]")
_LATIN_PALOCHKA = re.compile("(?<=[а-я])[1i|!](?=[а-я]|$)")  # Ӏ typed as 1 or Latin I


def is_cyrillic(word: str) -> bool:
    """Return whether a word is written in Cyrillic letters."""
    return bool(_CYRILLIC.search(word.casefold()))


@lru_cache(maxsize=65_536)
def same_script(word: str) -> str:
    """Return a word without capitals, ё, marks and signs, in its own script.

    >>> same_script("Алёна"), same_script("Alëna'")
    ('алена', 'alena')
    """
    text = fold(word)
    if is_cyrillic(text):
        text = _LATIN_PALOCHKA.sub("", text)
        return "".join(letter for letter in text if letter.isalpha() and letter not in "ьъӏ")
    return _without_marks(text)


@lru_cache(maxsize=65_536)
def neutral(word: str) -> str:
    """Return a word in the spelling that all systems of transliteration share.

    >>> [neutral(one) for one in ("Хадижат", "Khadizhat", "Hadijat", "Xadižat", "KHADIZHAT")]
    ['hadat', 'hadat', 'hadat', 'hadat', 'hadat']
    """
    text = fold(word)
    if is_cyrillic(text):
        text = _LATIN_PALOCHKA.sub("", text)
    text = _without_marks(text.translate(_TO_LATIN))
    for pattern, letter in _STEPS:
        text = pattern.sub(letter, text)
    return text


def _without_marks(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(MARKED))
    return "".join(letter for letter in text if "a" <= letter <= "z")
