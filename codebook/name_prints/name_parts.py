"""Which word of a name is the given name, which the family's, which the patronymic: in any order.

By endings and known given names. Where nothing tells, the words are taken in the order of the alphabet, so
that swapped names are still equal.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from codebook.folding import fold

from .given_names import is_given_name
from .spelling import neutral, same_script

_BREAK = re.compile(r"[\s.,;()\"«»/]+")
_PATRONYMIC = re.compile(r"(?:inicna|icna|ovna|evna|ovic|evic|ic)$")
_FAMILY = re.compile(r"(?:[oe]va?|sk(?:i|oi|a|aa)|enko|svili|uk|cuk)$")
_FAMILY_PERHAPS = re.compile(r"(?:ina?|oi|oev|ia|dze|an|its)$")
_SON_OR_DAUGHTER = frozenset({"kizi", "gizi", "kiz", "ogli", "oglu", "uglu", "ulu", "uli", "ugli"})
_FEMALE_END = re.compile(r"(?<=[oe]v)a$|(?<=in)a$")
_FEMALE_END_CYRILLIC = re.compile(r"(?<=[оеё]в)а$|(?<=ин)а$")
_ADJECTIVE_END = re.compile(r"(?<=sk)(?:i|oi|a|aa|aia|iy|y|aya|oy)$|(?<=ск)(?:ий|ой|ая)$")
_SHORTEST_FAMILY = 5  # letters; Лев and Ева end like families


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a name: as written (levelled) and in neutral spelling; both empty where it is not known."""

    written: str = ""
    spelt: str = ""


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name by its parts; `*_initial` are the first letters in neutral spelling where more is not known."""

    given: Word = Word()
    family: Word = Word()
    patronymic: Word = Word()
    given_initial: str = ""
    patronymic_initial: str = ""


def split_name(name: str, patronymic: str = "") -> NameParts:
    """Return the parts of a name.

    >>> split_name("Инвентова З. М.").family.spelt, split_name("Зарема Инвентова").given.spelt
    ('inventov', 'zarema')
    """
    words = [word for word in _BREAK.split(fold(name.replace("-", "").replace("_", " "))) if word]
    full = [word for word in words if len(word) > 1]
    initials = [letter[0] for word in words if len(word) == 1 and (letter := neutral(word))]
    pairs = [(word, neutral(word)) for word in full]
    father, rest = _take_patronymic([pair for pair in pairs if pair[1]])
    if patronymic.strip():
        father = split_patronymic(patronymic)
    given, family = _given_and_family(rest, alone=not initials and not father.spelt)
    first = initials[0] if initials and not given.spelt else ""
    second = initials[1:2] if first else initials[:1]
    return NameParts(given, family, father, first, second[0] if second and not father.spelt else "")


def split_patronymic(text: str) -> Word:
    """Return a patronymic without its ending: Ахмедовна, Ахмедович and Ахмед кызы are one.

    >>> split_patronymic("Ахмедовна").spelt == split_patronymic("Akhmed kyzy").spelt
    True
    """
    words = [word for word in _BREAK.split(fold(text.replace("-", ""))) if len(word) > 1]
    spelt = [neutral(word) for word in words]
    left = [_PATRONYMIC.sub("", one) or one for one in spelt if one not in _SON_OR_DAUGHTER]
    joined = "".join(left)
    return Word(joined, joined)


def _take_patronymic(words: list[tuple[str, str]]) -> tuple[Word, list[tuple[str, str]]]:
    """Take the patronymic out, if there are words enough for one."""
    for place, (_, spelt) in enumerate(words):
        if spelt in _SON_OR_DAUGHTER and place:
            father = words[place - 1][1]
            return Word(father, father), words[: place - 1] + words[place + 1 :]
    if len(words) < 2:
        return Word(), words
    ends = [_patronymic_end(spelt) for _, spelt in words]
    if not any(ends):
        return Word(), words
    for place in sorted(range(len(words)), key=lambda one: (-_is_long_patronymic(words[one][1]), -one)):
        spelt = words[place][1]
        if ends[place] and len(spelt) > 4 and not is_given_name(spelt):
            father = spelt[: -ends[place]] or spelt
            return Word(father, father), words[:place] + words[place + 1 :]
    return Word(), words


@lru_cache(maxsize=20_000)
def _patronymic_end(spelt: str) -> int:
    """Return how many letters of a word are the ending of a patronymic."""
    found = _PATRONYMIC.search(spelt)
    return len(spelt) - found.start() if found else 0


def _is_long_patronymic(spelt: str) -> bool:
    return spelt.endswith(("ovna", "evna", "ovic", "evic", "icna"))


def _given_and_family(words: list[tuple[str, str]], *, alone: bool) -> tuple[Word, Word]:
    if not words:
        return Word(), Word()
    strong = [pair for pair in words if _is_family(pair[1], _FAMILY)]
    if len(words) == 1:
        if strong or (not alone and not is_given_name(words[0][1])):
            return Word(), _family(words[0])
        return _joined(tuple(words)), Word()
    found = strong or [pair for pair in words if _is_family(pair[1], _FAMILY_PERHAPS)]
    found = found or [pair for pair in words if not is_given_name(pair[1])] or words
    family = found[0] if len(found) == 1 else max(found, key=lambda pair: pair[1])
    rest = list(words)
    rest.remove(family)
    return _joined(tuple(rest)), _family(family)


@lru_cache(maxsize=40_000)
def _is_family(spelt: str, ending: re.Pattern[str]) -> bool:
    return len(spelt) >= _SHORTEST_FAMILY and bool(ending.search(spelt)) and not is_given_name(spelt)


@lru_cache(maxsize=20_000)
def _joined(words: tuple[tuple[str, str], ...]) -> Word:
    """Return given names that are written apart as one: Лом Али is Лом-Али."""
    spelt = "".join(pair[1] for pair in words)
    return Word(same_script("".join(pair[0] for pair in words)), re.sub(r"(.)\1+", r"\1", spelt))


@lru_cache(maxsize=20_000)
def _family(pair: tuple[str, str]) -> Word:
    """Return a family name in its male form."""
    written = _ADJECTIVE_END.sub("", same_script(pair[0]))
    written = _FEMALE_END.sub("", _FEMALE_END_CYRILLIC.sub("", written))
    return Word(written, family_stem(pair[1]))


def family_stem(spelt: str) -> str:
    """Return a family name in neutral spelling in its male form.

    >>> family_stem("inventova")
    'inventov'
    """
    return _FEMALE_END.sub("", _ADJECTIVE_END.sub("", spelt))
