"""Cyrillic words in Latin letters, by every system in use, and Latin words back in Cyrillic.

Systems, in the order of `_SYSTEMS`: passport (ICAO Doc 9303), BGN/PCGN 1947, the same without its signs,
and without `ye`, ISO 9:1995, ISO 9 with its marks lost, English habit (two), French, German, chat (two). A
word is written in each of them; the nominative also in mixtures of them, up to a bound.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

MOST_MIXED = 48  # spellings of one word that mix systems
MOST_READINGS = 12  # Cyrillic readings of one Latin word

_BASE = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "iu", "я": "ia", "ӏ": "",
}  # fmt: skip
_ISO_9 = {"ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "э": "è", "ю": "û", "я": "â"}
_YOT = {"й": "y", "ю": "yu", "я": "ya"}
_SYSTEMS: tuple[dict[str, str], ...] = (
    {"ъ": "ie"},
    {**_YOT, "*е": "ye", "ь": "'", "ъ": '"'},
    {**_YOT, "*е": "ye"},
    {**_YOT},
    {**_ISO_9, "ь": "ʹ", "ъ": "ʺ"},
    {"ж": "z", "й": "j", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ю": "u", "я": "a"},
    {**_YOT, "х": "h", "дж": "j", "ий$": "y", "ый$": "y", "кс": "x", "ия": "ia"},
    {**_YOT, "дж": "j", "ий$": "y", "ый$": "y", "ъ": "'", "ь": "'"},
    {"ж": "j", "у": "ou", "ч": "tch", "ш": "ch", "щ": "chtch", "дж": "dj", "й": "ï", "ю": "iou", "я": "ia"},
    {"в": "w", "ж": "sch", "з": "s", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch",
     "дж": "dsch", "й": "j", "ю": "ju", "я": "ja"},
    {"ж": "j", "х": "x", "ц": "c", "ч": "4", "ш": "w", "щ": "w", "й": "j", "ю": "ju", "я": "ja"},
    {"ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "6", "щ": "sch", "й": "y", "ю": "u", "я": "a", "ы": "i"},
)  # fmt: skip
# Where systems differ most, for mixtures; the first is the commonest.
_CHOICES: dict[str, tuple[str, ...]] = {
    "дж": ("dzh", "j", "dj"), "х": ("kh", "h", "x"), "й": ("y", "i", "j"), "ю": ("yu", "iu", "ju"),
    "я": ("ya", "ia", "ja"), "ж": ("zh", "j"), "ц": ("ts", "c"), "у": ("u", "ou"), "щ": ("shch", "sch"),
    "ы": ("y", "i"), "е": ("e",), "*е": ("e", "ye"), "ий$": ("iy", "y", "i", "ii"), "ый$": ("yy", "y", "yi"),
    "ь": ("", "'"), "ъ": ("", "'"), "ия": ("iya", "ia"), "э": ("e",),
}  # fmt: skip
_PIECE = re.compile(r"дж|кс|ия|[иы]й$|(?:^|(?<=[аеиоуыэюяьъ]))е|[а-яӏ]|.")
_PIECE_BACK = re.compile(
    r"shch|schtsch|tsch|dsch|dzh|sch|tch|zh|kh|ts|tz|ch|sh|dj|gh|ph|yu|iu|ju|ya|ia|ja|ye|je|yo|jo|ou|oo|[a-z']|."
)
_BACK: dict[str, tuple[str, ...]] = {
    "shch": ("щ",), "schtsch": ("щ",), "tsch": ("ч",), "dsch": ("дж",), "dzh": ("дж",), "sch": ("щ", "ш"),
    "tch": ("ч",), "zh": ("ж",), "kh": ("х",), "ts": ("ц",), "tz": ("ц",), "ch": ("ч",), "sh": ("ш",),
    "dj": ("дж",), "gh": ("г", "х"), "ph": ("ф",), "yu": ("ю",), "iu": ("ю",), "ju": ("ю",), "ya": ("я",),
    "ia": ("ия", "я"), "ja": ("я",), "ye": ("е", "ье"), "je": ("е",), "yo": ("е", "ье"), "jo": ("е",),
    "ou": ("у",), "oo": ("у",),
    "a": ("а",), "b": ("б",), "c": ("ц", "к"), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г",),
    "h": ("х",), "i": ("и", "й"), "j": ("дж", "й", "ж"), "k": ("к",), "l": ("л",), "m": ("м",), "n": ("н",),
    "o": ("о",), "p": ("п",), "q": ("к",), "r": ("р",), "s": ("с",), "t": ("т",), "u": ("у",), "v": ("в",),
    "w": ("в",), "x": ("кс", "х"), "y": ("ы", "й", "и"), "z": ("з",), "'": ("ь", ""), "ž": ("ж",),
    "č": ("ч",), "š": ("ш",), "ŝ": ("щ",), "â": ("я",), "û": ("ю",), "è": ("э",), "ï": ("й",),
}  # fmt: skip
_ENDS_BACK = (("skiy", "ский"), ("skii", "ский"), ("sky", "ский"), ("ski", "ский"), ("skaya", "ская"),
              ("skaia", "ская"), ("iya", "ия"), ("iy", "ий"), ("yy", "ый"), ("ny", "ный"), ("ii", "ий"),
              ("ey", "ей"), ("ei", "ей"), ("ay", "ай"), ("ai", "ай"), ("oy", "ой"), ("oi", "ой"))  # fmt: skip
_VOWELS = "аеиоуыэюя"


@lru_cache(maxsize=65_536)
def latin_spellings(word: str, *, mixed: bool = False) -> frozenset[str]:
    """Return a folded Cyrillic word in the Latin letters of every system.

    Args:
        mixed: Also mixtures of the systems, at most `MOST_MIXED`.

    >>> {"khadizhat", "hadizhat", "hadižat", "xadijat"} <= latin_spellings("хадижат", mixed=True)
    True
    """
    written = set(spellings_by_system(word))
    if mixed:
        pieces = [found[0] for found in _PIECE.finditer(word)]
        choices = [_choices(piece, place) for place, piece in enumerate(pieces)]
        written.update("".join(one) for one in islice(product(*choices), MOST_MIXED))
    return frozenset(written)


@lru_cache(maxsize=65_536)
def spellings_by_system(word: str) -> tuple[str, ...]:
    """Return a folded Cyrillic word in each system, in their order, to put several words together."""
    pieces = [found[0] for found in _PIECE.finditer(word)]
    return tuple("".join(_in_system(pieces, system)) for system in _SYSTEMS)


def _in_system(pieces: list[str], system: dict[str, str]) -> Iterator[str]:
    for place, piece in enumerate(pieces):
        names = _names_of(piece, pieces, place)
        known = next((system[name] for name in names if name in system), None)
        if known is not None:
            yield known
        else:
            for letter in piece:
                yield system.get(letter, _BASE.get(letter, letter))


def _names_of(piece: str, pieces: list[str], place: int) -> tuple[str, ...]:
    """Return the names under which a table may know a piece, the most special first."""
    if piece in ("ий", "ый"):
        return (f"{piece}$",)
    if piece == "е" and (place == 0 or pieces[place - 1][-1] in _VOWELS + "ьъ"):
        return "*е", "е"
    return (piece,)


def _choices(piece: str, place: int) -> tuple[str, ...]:
    if piece in ("ий", "ый"):
        return _CHOICES[f"{piece}$"]
    if piece == "е" and place == 0:
        return _CHOICES["*е"]
    if piece in _CHOICES:
        return _CHOICES[piece]
    return ("".join(_BASE.get(letter, letter) for letter in piece),)


@lru_cache(maxsize=65_536)
def cyrillic_readings(word: str) -> frozenset[str]:
    """Return the Cyrillic words that a folded Latin word may stand for, at most `MOST_READINGS`.

    >>> "хадижат" in cyrillic_readings("khadizhat"), "магомедова" in cyrillic_readings("magomedova")
    (True, True)
    """
    end = next((pair for pair in _ENDS_BACK if word.endswith(pair[0]) and len(word) > len(pair[0])), ("", ""))
    pieces = [found[0] for found in _PIECE_BACK.finditer(word[: len(word) - len(end[0])])]
    choices = [_back_choices(piece, place, pieces) for place, piece in enumerate(pieces)]
    # From the end, so that what differs first is what is read differently most often.
    found = {"".join(one) + end[1] for one in islice(product(*choices), MOST_READINGS)}
    return frozenset(one.replace("йа", "я").replace("йу", "ю") for one in found)


def _back_choices(piece: str, place: int, pieces: list[str]) -> tuple[str, ...]:
    before = pieces[place - 1] if place else ""
    if piece in ("y", "i") and before and before[-1] in "aeou":
        return ("й", "и")
    if piece == "y" and (not place or (place + 1 < len(pieces) and pieces[place + 1][0] in "aeou")):
        return ("й",)
    if piece == "i":
        return ("и",)
    if piece == "y":
        return ("ы", "и")
    if piece == "e" and place:
        return ("е",)
    return _BACK.get(piece, (piece,))
