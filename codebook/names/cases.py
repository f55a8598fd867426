"""Russian case forms of one word of a name: given names, patronymics, family names, settlements.

Every paradigm that an ending allows is applied, of both sexes and both numbers, because nobody says which one
a name belongs to: more is generated than is ever said. Words are folded (`е` for `ё`), forms too.
"""

import re
from functools import lru_cache

# What is cut off (group 1) -> endings that are put there; `-` is no ending at all.
_PARADIGMS: tuple[tuple[str, str], ...] = (
    # family names on -ов, -ев, -ин, -ын and their feminine forms; also given names on -ин, -ина
    (r"(?<=[ое]в|[иы]н)(а?)$", "- а у ым ом е ы ой ою ых ыми"),
    (r"(?<=[сц]к)(ий|ой|ая|ое|ие)$", "ий ой ого ому им ом ая ую ое ие их ими ою"),
    (r"(ый|ой|ая|ое|ые|ых|ий|ие)$", "ый ой ого ому ым ом ая ую ое ые ых ыми ою"),
    (r"(?<=[кгхжчшщ])(ий|ой|ая|ое|ее|ие|их)$", "ий ой ого ому им ом ая ую ое ие их ими ою его ему ем ей"),
    (r"(ий|яя|ее|ье|ья)$", "ий его ему им ем яя ей юю ее ие их ими ьего ьему ьим ьем ья ьей ью ье ьи"),
    (r"(ия|ий|ие)$", "ий ия ию ием ии ие ией иею иям иями иях иев"),
    (r"(?<=[аеоуыэюя])(й)$", "й я ю ем е и ев ям ями ях"),
    (r"(ь)$", "ь я ю ем е и ью ей ям ями ях"),
    (r"(а)$", "а ы и е у ой ою ей ею ам ами ах - ин ина иной ины ину иного иному ином иных"),
    (r"(?<!и)(я)$", "я и е ю ей ею ь й ям ями ях ин ина иной ины ину иного иному ином"),
    (r"(о)$", "о а у ом е и"),
    (r"(е)$", "е я ю ем и а у ей"),
    (r"(ы)$", "ы ов - ам ами ах"),
    (r"(и)$", "и ей ов ев - ь ам ям ами ями ах ях"),
    (r"(ки)$", "ки ков ок ек кам ками ках"),
    (r"(?<=[бвгджзйклмнпрстфхцчшщ])()$", "- а у ом ем е ы и ов ей ам ами ах"),
    (r"(ец)$", "ец ца цу цом цем це цы цов цев цам цами цах"),
    (r"(ок|ек)$", "ок ек ка ку ком ке ки ков"),
    (r"(ел)$", "ел ла лу лом ле лы"),
)
_RULES = tuple((re.compile(pattern), endings.replace("-", "").split(" ")) for pattern, endings in _PARADIGMS)
# A patronymic has both sexes and a short form in speech; the stem is the father's name.
_PATRONYMIC = re.compile(r"(?:([ое])вич|([ое])вна|(?:ин)?ична|ич|ыч)$")
_SON = "ович евич ич ыч"
_DAUGHTER = "овна евна ична инична"
_SON_ENDINGS = ("", "а", "у", "ем", "ом", "е", "и")
_DAUGHTER_ENDINGS = ("а", "ы", "е", "у", "ой", "ою")
_CYRILLIC = re.compile(r"[а-яӏ]+")
_PALOCHKA = ("", "1", "i", "l", "|", "!")  # how Ӏ is typed where the keyboard has none


@lru_cache(maxsize=65_536)
def case_forms(word: str) -> frozenset[str]:
    """Return all case forms of a folded Cyrillic word, itself included; of another word only itself.

    Each part of a hyphenated word is declined, or the last one only.

    >>> {"магомедовой", "магомедову", "магомедовым"} <= case_forms("магомедова")
    True
    >>> {"грозного", "грозном"} <= case_forms("грозный"), "урус-мартане" in case_forms("урус-мартан")
    (True, True)
    """
    before, hyphen, last = word.rpartition("-")
    if hyphen:
        first = _forms_of_part(before) if before.count("-") == 0 else {before}
        ends = _forms_of_part(last)
        # One case for both parts is the rule; parts whose endings are alike are paired, not crossed.
        return frozenset({f"{before}-{end}" for end in ends} | _paired(first, ends) | {word})
    return frozenset(_forms_of_part(word) | {word})


def _paired(first: set[str], ends: set[str]) -> set[str]:
    """Join the forms of two parts that end in the same letter: one case for both, or nearly."""
    return {f"{one}-{end}" for one in first for end in ends if one and end and one[-1] == end[-1]}


def _forms_of_part(word: str) -> set[str]:
    if "ӏ" in word:
        plain = word.replace("ӏ", "")
        return set().union(*({word.replace("ӏ", sign)} for sign in _PALOCHKA), _forms_of_part(plain)) | {
            word + ending for ending in ("а", "у", "ом", "е", "ы", "ой")
        }
    if not _CYRILLIC.fullmatch(word) or len(word) < 2:
        return {word}
    found = {word}
    for pattern, endings in _RULES:
        place = pattern.search(word)
        if place:
            found.update(word[: place.start(1)] + ending for ending in endings)
    return found | _patronymics(word)


def _patronymics(word: str) -> set[str]:
    place = _PATRONYMIC.search(word)
    if not place or place.start() < 2:
        return set()
    stem, soft = word[: place.start()], place[1] or place[2]
    sons = [one for one in _SON.split() if not soft or one[0] in (soft, "ы", "и")]
    daughters = [one for one in _DAUGHTER.split() if not soft or one[0] in (soft, "и")]
    return {stem + son + ending for son in sons for ending in _SON_ENDINGS} | {
        stem + daughter[:-1] + ending for daughter in daughters for ending in _DAUGHTER_ENDINGS
    }
