"""Case endings of Russian nouns and adjectives, so that "в Грозном" or "отцом" is recognised.

Forms are made from the nominative and only ever looked up: a form that no one uses does no harm, one that two
words share is worth nothing (the caller drops it). Words are folded (`е` for `ё`).
"""

import re
from collections.abc import Iterable
from itertools import product

_CASES = ("genitive", "dative", "accusative", "instrumental", "locative")
Forms = dict[str, set[str]]  # case -> forms

# Ending -> endings of the five cases, in that order; several forms of one case are separated by `/`.
_HARD_ADJECTIVE = ("ого", "ому", "ого/{0}", "ым/им", "ом")
_SOFT_ADJECTIVE = ("его", "ему", "его/{0}", "им", "ем")
_PLURAL = ("/ов/ев/ей", "ам/ям", "{0}", "ами/ями", "ах/ях")
_ADJECTIVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ый", _HARD_ADJECTIVE),
    ("ой", _HARD_ADJECTIVE),
    ("кий", ("кого", "кому", "кого/кий", "ким", "ком")),
    ("гий", ("гого", "гому", "гого/гий", "гим", "гом")),
    ("хий", ("хого", "хому", "хого/хий", "хим", "хом")),
    ("ий", _SOFT_ADJECTIVE),
    ("ое", _HARD_ADJECTIVE),
    ("ее", _SOFT_ADJECTIVE),
    ("ая", ("ой/ей", "ой/ей", "ую", "ой/ою/ей", "ой/ей")),
    ("яя", ("ей", "ей", "юю", "ей/ею", "ей")),
    ("ые", ("ых", "ым", "ые/ых", "ыми", "ых")),
    ("ие", ("их", "им", "ие/их", "ими", "их")),
)
_NOUNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ия", ("ии", "ии", "ию", "ией", "ии")),
    ("ие", ("ия", "ию", "ие", "ием", "ии")),
    ("ий", ("ия", "ию", "ий/ия", "ием", "ии")),
    ("ец", ("ца/еца", "цу/ецу", "ец/ца", "цом/цем/ецом/ецем", "це/еце")),
    ("ок", ("ка/ока", "ку/оку", "ок/ка", "ком/оком", "ке/оке")),
    ("а", ("ы/и", "е", "у", "ой/ою/ей", "е")),
    ("я", ("и", "е", "ю", "ей/ею", "е")),
    ("о", ("а", "у", "о", "ом", "е")),
    ("е", ("а/я", "у/ю", "е", "ем", "е")),
    ("ь", ("я/и", "ю/и", "ь/я", "ем/ью", "е/и")),
    ("й", ("я", "ю", "й/я", "ем", "е")),
    ("ки", ("ков/ок/ек", "кам", "ки", "ками", "ках")),
    ("ы", _PLURAL),
    ("и", _PLURAL),
)
_CONSONANT = ("а", "у", "/а", "ом/ем", "е")
_IRREGULAR: dict[str, tuple[str, ...]] = {
    "мать": ("матери", "матери", "мать", "матерью", "матери"),
    "дочь": ("дочери", "дочери", "дочь", "дочерью", "дочери"),
    "братья": ("братьев", "братьям", "братьев", "братьями", "братьях"),
    "родители": ("родителей", "родителям", "родителей", "родителями", "родителях"),
    "свекор": ("свекра", "свекру", "свекра", "свекром", "свекре"),
    "ребенок": ("ребенка", "ребенку", "ребенка", "ребенком", "ребенке"),
}
# Not the nouns on -ание, -ение, -силие, -ствие: "удержание дома" declines its first word only.
_ADJECTIVE_END = re.compile(r"(?:ый|ий|ой|ое|ее|ая|яя|ые|(?<!ан)(?<!ен)(?<!сил)(?<!ств)ие)$")
_WORD = re.compile(r"[а-я-]{3,}")
_VOWEL = re.compile("[аеиоуыэюя]")


def word_forms(word: str) -> Forms:
    """Return the forms of one word by case; the word itself where it has none that are known."""
    if word in _IRREGULAR:
        return {case: {form} for case, form in zip(_CASES, _IRREGULAR[word], strict=True)}
    before, hyphen, last = word.rpartition("-")
    found: Forms = {case: set() for case in _CASES}
    if not _WORD.fullmatch(word) or not _VOWEL.search(last):
        return {case: {word} for case in _CASES}
    for ending, endings in _paradigms(last):
        stem = last[: len(last) - len(ending)]
        for case, variants in zip(_CASES, endings, strict=True):
            forms = {stem + one.format(ending) for one in variants.split("/")}
            found[case] |= {before + hyphen + form for form in forms if len(form) > 2}
    return found if all(found.values()) else {case: {word} for case in _CASES}


def _paradigms(word: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield from ((ending, forms) for ending, forms in _ADJECTIVES if word.endswith(ending))
    yield from ((ending, forms) for ending, forms in _NOUNS if word.endswith(ending))
    if word[-1] in "бвгджзклмнпрстфхцчшщ":
        yield "", _CONSONANT


def phrase_forms(phrase: str, *, whole: bool = False) -> set[str]:
    """Return the case forms of a folded phrase, without the phrase itself.

    Args:
        whole: Every word is declined, as in names of places ("Чегем Второй"); else the adjectives at the
            start and the first noun, as in "нынешний муж" or "удержание дома".

    >>> "бывшим мужем" in phrase_forms("бывший муж"), "удержания дома" in phrase_forms("удержание дома")
    (True, True)
    """
    words = phrase.split(" ")
    if not all(re.fullmatch(r"[а-я-]+", word) for word in words):
        return set()
    declined = len(words)
    if not whole:
        declined = next(
            (n for n, word in enumerate(words, start=1) if not _ADJECTIVE_END.search(word)), len(words)
        )
    tables = [word_forms(word) for word in words[:declined]]
    found = {
        " ".join([*forms, *words[declined:]])
        for case in _CASES
        for forms in product(*(table[case] for table in tables))
    }
    return found - {phrase}
