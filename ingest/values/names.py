"""A name, phone, handle or document in the one form under which two spellings of it are equal.

Only for fingerprints: what is made here is hashed under the vault's key and thrown away.
"""

import re
from functools import lru_cache

from codebook import fold

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "ӏ": "", "і": "i", "ґ": "g", "є": "e",
}  # fmt: skip
_TO_LATIN = str.maketrans(_LATIN)
# Digraphs in which transliterations differ, the longest first.
_LEVELS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"shch|sch|sh", "s"), (r"dzh|dj|zh", "j"), (r"ch|tch", "c"), (r"ts|tz", "c"), (r"kh", "h"),
        (r"ph", "f"), (r"x", "ks"), (r"[yij]+(?=[aeou])", ""), (r"[yij]+", "i"),
        (r"w", "v"), (r"q", "k"),         (r"(.)\1+", r"\1"),         (r"[^a-z ]", ""),
    )
)  # fmt: skip
# A whole Russian number, which needs no library of the world's numbers to be read.
_RUSSIAN = re.compile(r"(?:\+7|8)[ ()-]*([3489](?:[ ()-]*[0-9]){9})")
_MARKS_OF_PHONES = str.maketrans("", "", " ()-")
_PATRONYMIC = re.compile(r"(?:ovic|evic|ovna|evna|icna|inicna|ic)$")


def name_key(name: str) -> str:
    """Return a name without script, order, patronymic and habits of transliteration.

    >>> name_key("Хадижат Ахмедова") == name_key("AKHMEDOVA Khadizhat")
    True
    """
    words = [word for word in map(_levelled, fold(name).split(" ")) if len(word) > 1]
    if len(words) > 2:
        words = [word for word in words if not _PATRONYMIC.search(word)] or words
    return " ".join(sorted(words))


@lru_cache(maxsize=20_000)
def _levelled(word: str) -> str:
    text = word.translate(_TO_LATIN)
    for pattern, letter in _LEVELS:
        text = pattern.sub(letter, text)
    return text


def phone_key(phone: str, region: str = "RU") -> str:
    """Return a phone number as E.164, or its digits where it is no valid number, if there are enough."""
    if region == "RU" and (russian := _RUSSIAN.fullmatch(phone.strip())):
        return "+7" + russian[1].translate(_MARKS_OF_PHONES)

    import phonenumbers

    try:
        number = phonenumbers.parse(phone, region)
        if phonenumbers.is_possible_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    except phonenumbers.NumberParseException:
        pass
    digits = re.sub(r"\D", "", phone)
    return digits if len(digits) >= 6 else ""


def handle_key(handle: str) -> str:
    """Return a messenger name or mail address without its address prefix and `@`."""
    text = handle.strip().casefold()
    text = re.sub(
        r"^(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|vk\.com|instagram\.com|facebook\.com)/", "", text
    )
    return text.strip("@/ ")


def document_key(document: str) -> str:
    """Return a document number's letters and digits; empty where there are too few to mean anything."""
    text = re.sub(r"[^0-9a-zа-я]", "", fold(document))
    return text if len(text) >= 5 else ""
