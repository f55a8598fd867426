"""All forms of a whole name or settlement, bounded in number, long enough not to stand in a text by chance.

Generated of every word (`words`, `parts`): Russian case forms of both sexes and both numbers (`cases.py`),
each in the Latin letters of every system (`latin.py`); of a word in Latin letters also its Cyrillic readings
and their case forms; double names with hyphen, apart, as one word and by halves. Of a name of several words
(`phrases`): in the order given and reversed, in every case, by pairs where there are more than two; initials
before and after each word. Of settlements also the adjectives ("грозненский"), and the word without "село".
Not generated: nicknames (Маша for Мария), slips of typing, other languages than Russian and English.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from codebook.folding import fold

from .cases import case_forms
from .latin import cyrillic_readings, latin_spellings, spellings_by_system

SHORTEST_ALONE = 4  # letters; what is shorter stands in any text by chance
SHORTEST_HALF = 5  # letters of a half of a double name that tells by itself: Эльмурзаева, not Лом
MOST_FORMS = 12_000  # forms of one value, all kinds together: the bound that the tests hold
_BREAK = re.compile(r"[\s.,;()\"«»/]+")
_CYRILLIC = re.compile("[а-яӏ]")
_SON_OR_DAUGHTER = re.compile(r"кызы|гызы|кизи|оглы|оглу|улы|kyzy|gizi|kizi|kyz|oglu|ogly|uly")
_KIND_OF_PLACE = re.compile(
    r"село|с|аул|станица|ст|станция|пос[её]лок|пос|пгт|хутор|деревня|г|город|район|р-н|республика|область|край|"
    r"village|town|city|district|settlement|aul"
)
_ADJECTIVE_ENDINGS = ("ий", "ая", "ое", "ие", "ой", "ого", "ому", "им", "ом", "ую", "их", "ими")
_PLACE_SUFFIXES = ("ск", "инск", "енск", "ненск", "овск", "ийск", "цк")
_PLACE_END = re.compile(r"(?:[ыи]й|ая|ое|ые|[аеоиыйьуюя])$")


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one value, folded.

    Attributes:
        words: One word each (or one with a hyphen), at least `SHORTEST_ALONE` letters: tells by itself.
        phrases: Several words, or initials with a word.
        parts: One word of a name of a place of several words, and adjectives of places: tells with context.
        short: Words under `SHORTEST_ALONE` letters, initials alone: only as whole words beside other signs.
    """

    words: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()

    @property
    def telling(self) -> frozenset[str]:
        """Forms that tell by themselves: what a search through any text can look for."""
        return self.words | self.phrases

    def __len__(self) -> int:
        return len(self.words) + len(self.phrases) + len(self.parts) + len(self.short)


@lru_cache(maxsize=16_384)
def word_forms(word: str) -> frozenset[str]:
    """Return all forms of one word of a name, in both scripts, of any length.

    >>> {"залину", "zalinu", "zalina"} <= word_forms("Залина"), "залиной" in word_forms("Zalina")
    (True, True)
    """
    folded = fold(word)
    if _CYRILLIC.search(folded):
        cyrillic = case_forms(folded)
        latin = latin_spellings(folded, mixed=True)
    else:
        readings = cyrillic_readings(folded)
        cyrillic = frozenset().union(*(case_forms(one) for one in readings))
        latin = frozenset({folded, *(spelt for one in readings for spelt in latin_spellings(one))})
        # One reading is enough for the case forms in Latin letters: they differ in the stem only.
        cyrillic_for_latin = case_forms(min(readings, key=lambda one: (abs(len(one) - len(folded)), one)))
        return cyrillic | _joined(latin.union(*(latin_spellings(one) for one in cyrillic_for_latin)))
    return _joined(cyrillic | latin.union(*(latin_spellings(one) for one in cyrillic)))


def _joined(forms: frozenset[str]) -> frozenset[str]:
    """Add double names written apart and as one word."""
    double = [one for one in forms if "-" in one]
    return forms | {one.replace("-", "") for one in double} | {one.replace("-", " ") for one in double}


@lru_cache(maxsize=16_384)
def name_forms(name: str) -> Forms:
    """Return the forms of the name of a person: one to four words in any order.

    >>> forms = name_forms("Зарема Магомедова")
    >>> {"магомедовой зареме", "з. магомедовой", "магомедова з."} <= forms.phrases, "zaremu" in forms.words
    (True, True)
    >>> {"зм", "з.м."} <= forms.short
    True
    """
    words = [one for one in _BREAK.split(fold(name)) if one and not _SON_OR_DAUGHTER.fullmatch(one)]
    full = [one for one in words if len(one) > 1][:4]
    halves = [half for one in full if "-" in one for half in one.split("-") if len(half) >= SHORTEST_HALF]
    alone = frozenset().union(*(word_forms(one) for one in (*full, *halves)))
    phrases = frozenset(_name_phrases(full))
    short = frozenset(_initials_alone(words[:4])) | {one for one in alone if _letters(one) < SHORTEST_ALONE}
    return Forms(alone - short, phrases, frozenset(), short)


@lru_cache(maxsize=16_384)
def place_forms(place: str) -> Forms:
    """Return the forms of the name of a settlement, district, school or other place of one to four words.

    >>> forms = place_forms("с. Старые Атаги")
    >>> {"старых атагах", "starye atagi"} <= forms.phrases, "атагах" in forms.parts
    (True, True)
    >>> "грозненской" in place_forms("Грозный").parts, "grozny" in place_forms("Грозный").words
    (True, True)
    """
    words = [one for one in _BREAK.split(fold(place)) if one and not _KIND_OF_PLACE.fullmatch(one)][:4]
    if not words:
        return Forms()
    if len(words) == 1:
        alone = word_forms(words[0])
        phrases = frozenset(one for one in alone if " " in one)
        halves = words[0].split("-") if "-" in words[0] else []
        parts = frozenset().union(_adjectives(words[0]), *(word_forms(one) for one in halves if len(one) > 4))
    else:
        alone = frozenset()
        phrases = frozenset(_phrases_of(words))
        parts = frozenset().union(_adjectives(words[-1]), *(word_forms(one) for one in words if len(one) > 4))
    short = {one for one in alone | parts if _letters(one) < SHORTEST_ALONE}
    return Forms(alone - short - phrases, phrases, parts - alone - short, frozenset(short))


def without_longer(forms: Iterable[str]) -> list[str]:
    """Return the forms that contain no other of them: enough for a search that asks for no whole words.

    >>> without_longer({"магомедов", "магомедова", "магомедовым", "magomedov"})
    ['magomedov', 'магомедов']
    """
    kept: list[str] = []
    known: set[str] = set()
    lengths: set[int] = set()
    for form in sorted(set(forms), key=lambda one: (len(one), one)):
        pieces = (form[start : start + size] for size in lengths for start in range(len(form) - size + 1))
        if not any(piece in known for piece in pieces):
            kept.append(form)
            known.add(form)
            lengths.add(len(form))
    return sorted(kept)


def _letters(form: str) -> int:
    return sum(letter.isalpha() for letter in form)


def _name_phrases(words: list[str]) -> Iterator[str]:
    if len(words) < 2:
        return
    pairs = [(one, other) for one in words for other in words if one is not other]
    for one, other in pairs:
        yield from _phrases_of([one, other])
        yield from _with_initials(one, [other, *(word for word in words if word not in (one, other))])
    if len(words) > 2:
        yield from _phrases_of(words)
        yield from _phrases_of([words[-1], *words[:-1]])
        yield from _phrases_of([*words[1:], words[0]])


def _phrases_of(words: list[str]) -> Iterator[str]:
    """Yield several words, all in one case and one script."""
    plain = [_in_cyrillic(word) for word in words]
    for endings in _CASES.values():
        tables = [_forms_ending(word, endings) for word in plain]
        yield from (" ".join(forms) for forms in islice(product(*tables), MOST_OF_ONE_CASE))
    yield from (" ".join(spelt) for spelt in zip(*map(spellings_by_system, plain), strict=True))
    yield " ".join(words)
    yield " ".join(plain)


MOST_OF_ONE_CASE = 64  # phrases of one case
_CASES = {
    "genitive": ("а", "ы", "и", "я", "ой", "ей", "ого", "его", "ых", "их", "ов", "ах", "ях"),
    "dative": ("у", "е", "ю", "ой", "ей", "ому", "ему", "ым", "им", "ам", "ям", "и"),
    "accusative": ("а", "у", "ю", "я", "ого", "его", "ую", "юю", "ых", "их", "ы", "и"),
    "instrumental": ("ом", "ем", "ой", "ей", "ым", "им", "ою", "ыми", "ими", "ами", "ями", "ью"),
    "locative": ("е", "ой", "ей", "ом", "ем", "и", "ых", "их", "ах", "ях"),
}


def _forms_ending(word: str, endings: tuple[str, ...]) -> list[str]:
    """Return the forms with one of the endings that are most like the word, and it: "Патимат Ахмедовой"."""
    forms = (one for one in case_forms(word) if one.endswith(endings))
    likest = sorted(forms, key=lambda one: (abs(len(one) - len(word)), one))
    return [*dict.fromkeys([*likest[:7], word])]


def _in_cyrillic(word: str) -> str:
    if _CYRILLIC.search(word):
        return word
    return min(cyrillic_readings(word), key=lambda one: (abs(len(one) - len(word)), one))


def _with_initials(word: str, others: list[str]) -> Iterator[str]:
    """Yield a word with the first letters of the others before or after it."""
    cyrillic = _in_cyrillic(word)
    spelt = {_first(latin) for other in others[:1] for latin in latin_spellings(_in_cyrillic(other))}
    initials = {others[0][0], _in_cyrillic(others[0])[0]} if others else set()
    rest = [_in_cyrillic(other)[0] for other in others[1:2]]
    for form in case_forms(cyrillic):
        for initial in (one for one in initials if _CYRILLIC.search(one)):
            yield from _beside(form, initial, rest)
    for form in latin_spellings(cyrillic):
        for initial in spelt:
            yield from _beside(form, initial, [])


def _first(latin: str) -> str:
    return latin[0]


def _beside(form: str, initial: str, rest: list[str]) -> Iterator[str]:
    yield from (f"{initial}. {form}", f"{form} {initial}.", f"{initial}.{form}", f"{initial} {form}")
    for second in rest:
        yield from (
            f"{initial}.{second}. {form}",
            f"{form} {initial}.{second}.",
            f"{form} {initial}. {second}.",
        )


def _initials_alone(words: list[str]) -> Iterator[str]:
    letters = [word[0] for word in words]
    if len(letters) < 2:
        return
    for order in (letters, letters[::-1], [letters[-1], *letters[:-1]], letters[:2], letters[:2][::-1]):
        yield "".join(order)
        yield ".".join(order) + "."
        yield ". ".join(order) + "."


def _adjectives(word: str) -> frozenset[str]:
    """Return adjectives of a place: гудермесский, грозненский, махачкалинский."""
    cyrillic = _in_cyrillic(word)
    stem = _PLACE_END.sub("", cyrillic)
    stems = {stem, stem[:-1] + "е" + stem[-1:] if len(stem) > 3 else stem}
    return frozenset(
        one + suffix + ending
        for one in stems
        if len(one) > 2
        for suffix in _PLACE_SUFFIXES
        for ending in _ADJECTIVE_ENDINGS
        if suffix != "цк" or one.endswith("к")
    )
