"""One spelling for one word, whatever the script and the transliteration: to compare, never to show.

Much becomes one on purpose (й, и, ы and a soft j vanish before a vowel; double letters are single), so two
different names can be equal: whoever compares decides how long a key must be to mean something.
"""

import re
import unicodedata
from functools import lru_cache

from codebook.folding import fold
from codebook.letters import CYRILLIC, MARKED

_TO_LATIN = str.maketrans(CYRILLIC)
_CYRILLIC = re.compile("[а-яӏ]")
_PALOCHKA = re.compile("(?<=[а-я])[1i|!](?=[а-я]|$)")
_CHAT_DIGIT = (("4", "ch"), ("6", "sh"))  # letters typed as the digit they look like: 4ulpan, Ai6at
_STEPS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"[^a-z]", ""),
        (r"schtsch|shch|shh|chtch", "s"), (r"tsch", "tch"), (r"dsch", "j"), (r"sch", "s"),
        (r"x|ks", "kh"), (r"k*kh", "h"), (r"tch|ch+|tsh+", "c"), (r"ts|tz|cz", "c"),
        (r"ck|q", "k"), (r"sh+", "s"), (r"d?zh+|dj", "j"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"),
        (r"w", "v"), (r"ff$", "v"),
        (r"(?<=[aeiouy])h+$", ""),
        (r"[yj]o", "e"),
        (r"^[yij]*e", "e"), (r"(?<!^)[yij]+(?=[aeou])", ""), (r"[yij]+", "i"),
        (r"oo|ou", "u"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=65_536)
def sound_key(word: str) -> str:
    """Return a word in the spelling that all systems of transliteration share.

    >>> {sound_key(one) for one in ("Хадижат", "Khadizhat", "Hadijat", "Xadižat", "KHADIZHAT")}
    {'hadat'}
    """
    text = fold(word)
    if _CYRILLIC.search(text):
        text = _PALOCHKA.sub("", text)
    else:
        for digit, letters in _CHAT_DIGIT:
            text = text.replace(digit, letters)
    text = text.translate(_TO_LATIN)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(MARKED))
    for pattern, letter in _STEPS:
        text = pattern.sub(letter, text)
    return text
