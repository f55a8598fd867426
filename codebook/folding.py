"""One spelling for one word: how labels, codes and headers are compared.

Folding is for recognising, never for storing: it loses case, accents of habit (`ё`) and look-alike letters.
"""

import re
import unicodedata

_LATIN_TO_CYRILLIC = str.maketrans("abcehkmoptxy", "авсенкмортху")
_CYRILLIC = re.compile("[а-яё]")
_CYRILLIC_WITHOUT_TWIN = re.compile("[бгджзийлпфцчшщъыьэюя]")
_EDGES = re.compile(r"^[\s\"'«»“”„.,;:!]+|[\s\"'«»“”„.,;:!]+$")
_SPACES = re.compile(r"[\s_]+")
_DASHES = re.compile("[‐‑‒–—−]")
_APOSTROPHES = re.compile("[’‘ʼ`´]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def fold(text: str) -> str:
    """Return the form under which two spellings of one word are equal.

    Case, `ё`, quotes at the edges, kinds of dash and space are levelled. A word that mixes Cyrillic with
    Latin look-alikes (a common slip of the keyboard) is read as Cyrillic.

    >>> fold("  «Побои» ") == fold("побои")
    True
    >>> fold("Ребёнок") == fold("ребенок")
    True
    >>> fold("Мoсква") == fold("Москва")  # the second letter on the left is Latin
    True
    """
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().replace("ё", "е")
    folded = _APOSTROPHES.sub("'", _DASHES.sub("-", folded))
    folded = _SPACES.sub(" ", _EDGES.sub("", folded)).strip()
    return " ".join(_level_script(word) for word in folded.split(" "))


def _level_script(word: str) -> str:
    if not _CYRILLIC.search(word):
        return word
    # `c` and `x` stand for themselves in "3x" or "c/o": only a word with a sure Cyrillic letter is levelled.
    if _CYRILLIC_WITHOUT_TWIN.search(word) or len(_CYRILLIC.findall(word)) > 1:
        return word.translate(_LATIN_TO_CYRILLIC)
    return word
