"""One spelling for one word: how labels, codes and headers are compared.

Folding is for recognising, never for storing: it loses case, accents of habit (`ё`) and look-alike letters.
"""

import re
import unicodedata

_LATIN_TO_CYRILLIC = str.maketrans("abcehkmoptxy", "авсенкмортху")
_CYRILLIC_TO_LATIN = str.maketrans("авсенкмортху", "abcehkmoptxy")
_CYRILLIC = re.compile("[а-яё]")
_CYRILLIC_WITHOUT_TWIN = re.compile("[бгджзийлпфцчшщъыьэюя]")
_LATIN_WITHOUT_TWIN = re.compile("[dfgijlnqrsuvwz]")
_LATIN_TWINS = re.compile("[abcehkmoptxy.-]{3,}")
_EDGES = " \"'«»“”„.,;:!"  # a pattern for them takes long over a cell of blanks
_SPACES = re.compile(r"[\s_]+")
_DASHES = re.compile("[‐‑‒–—−]")
_APOSTROPHES = re.compile("[’‘ʼ`´]")
# Also the stress mark of schoolbooks, which has no letter of its own in Cyrillic.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\u2066-\u2069\ufeff\u00ad]")
_STRESS = re.compile("\u0301")
_PLAIN = re.compile("[А-Яа-яЁё -]+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def fold(text: str) -> str:
    """Return the form under which two spellings of one word are equal.

    Case, `ё`, stress marks, quotes at the edges, kinds of dash, space and digit are levelled. A word that
    mixes Cyrillic and Latin look-alikes (a common slip of the keyboard) is read in the script of the letters
    that the other script does not have.

    >>> fold("  «Побои» ") == fold("побои")
    True
    >>> fold("Ребёнок") == fold("ребенок")
    True
    >>> fold("Мoсква") == fold("Москва")  # the second letter on the left is Latin
    True
    >>> fold("Grоzny") == fold("Grozny")  # the third letter on the left is Cyrillic
    True
    """
    if text.isascii():
        folded = text.casefold().replace("`", "'")
    elif _PLAIN.fullmatch(text):
        # Most of what is read: nothing is to be levelled but case, `ё` and blanks.
        return " ".join(text.casefold().replace("ё", "е").split())
    else:
        folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().replace("ё", "е")
        folded = _APOSTROPHES.sub("'", _DASHES.sub("-", _STRESS.sub("", folded)))
        folded = western_digits(folded)
    folded = _SPACES.sub(" ", folded).strip(_EDGES)
    if folded.isascii():
        return folded
    return " ".join(_level_script(word) for word in folded.split(" "))


def western_digits(text: str) -> str:
    """Return a text with every decimal digit of another script (`٣`, `３`) as 0 to 9."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def cyrillic_twin(folded: str) -> str:
    """Return the Cyrillic word that looks like a folded Latin one, empty where it does not look like one.

    >>> cyrillic_twin("cekc") == "секс"
    True
    >>> cyrillic_twin("street")
    ''
    """
    if not _LATIN_TWINS.fullmatch(folded.replace(" ", "-")):
        return ""
    return folded.translate(_LATIN_TO_CYRILLIC)


def _level_script(word: str) -> str:
    if not _CYRILLIC.search(word):
        return word
    if _CYRILLIC_WITHOUT_TWIN.search(word):
        return word.translate(_LATIN_TO_CYRILLIC)
    if _LATIN_WITHOUT_TWIN.search(word):
        return word.translate(_CYRILLIC_TO_LATIN)
    # `c` and `x` stand for themselves in "3x" or "c/o": one letter alone does not decide.
    return word.translate(_LATIN_TO_CYRILLIC) if len(_CYRILLIC.findall(word)) > 1 else word
