"""Numbers and signs that identify whoever they belong to: found by their look, whichever case they are of."""

import re
from collections.abc import Iterator

from .spans import Certainty, Span

_PLATE_LETTERS = "АВЕКМНОРСТУХABEKMHOPCTYX"
_MONEY = r"(?:руб|₽|р\.|тыс|дол|евро|€|\$|usd|eur|rub)"
_KINDS: tuple[tuple[str, str, int], ...] = (
    ("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", 0),
    ("link", r"(?:https?://|www\.)\S+[\w/]", re.IGNORECASE),
    (
        "link",
        r"\b(?:t\.me|telegram\.me|wa\.me|vk\.com|vk\.ru|ok\.ru|instagram\.com|facebook\.com|fb\.com|youtu\.be|"
        r"youtube\.com|tiktok\.com|twitter\.com|x\.com|chat\.whatsapp\.com)/\S+[\w/]",
        re.IGNORECASE,
    ),
    ("link", r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|ru|info|me|example|io|de|рф)\b", re.IGNORECASE),
    ("account", r"(?<![\w.])@[\w.]{3,}\w", 0),
    (
        "account",
        r"(?:(?<=тг )|(?<=телеграм )|(?<=телеге )|(?<=инста )|(?<=инстаграм )|(?<=telegram )|(?<=instagram ))"
        r"[a-z][\w.]{3,}",
        re.IGNORECASE,
    ),
    (
        "coordinates",
        r"-?\d{1,3}[.,]\d{3,}(?:\s?°)?(?:\s?[NSСЮ])?\s?[,;\s]\s?-?\d{1,3}[.,]\d{3,}(?:\s?°)?(?:\s?[EWВЗ]\b)?",
        0,
    ),
    ("coordinates", r"\d{1,3}°\s?\d{1,2}['′]\s?(?:\d{1,2}(?:[.,]\d+)?[\"″]?)?\s?[NSEWСЮВЗ]?", 0),
    ("network address", r"\b\d{1,3}(?:\.\d{1,3}){3}\b", 0),
    ("bank account", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b", 0),
    ("bank card", r"\b\d{4}(?:[\s-]?\d{4}){3}\b", 0),
    (
        "car plate",
        rf"(?<!\w)[{_PLATE_LETTERS}]\s?-?\d{{3}}\s?-?[{_PLATE_LETTERS}]{{2}}\s?-?\d{{2,3}}(?:\s?-?rus)?(?!\w)",
        re.IGNORECASE,
    ),
    (
        "car plate",
        r"(?:(?<=plate )|(?<=номер машины )|(?<=госномер ))[^\W_]{1,4}(?:[\s-]?[^\W_]{1,4}){1,3}",
        re.IGNORECASE,
    ),
    # Phones: with a sign of being one (+, leading 8 or 7, brackets), or ten and more digits with separators.
    ("phone", r"\+\s?\d(?:[\s().-]{0,2}\d){7,14}(?!\d)", 0),
    ("phone", r"(?<!\d)[78](?:[\s().-]{0,2}\d){10}(?!\d)", 0),
    ("phone", r"(?<!\d)9\d{2}(?:[\s().-]{0,2}\d){7}(?!\d)", 0),
    ("phone", r"\(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?:\s?x\d+)?\b", 0),
    ("phone", r"\b\d{2}(?:[.\s]\d{2}){4}\b", 0),
    ("document", r"\b[IVX]{1,4}\s?-\s?[А-ЯA-Z]{2}\s?(?:№|N|No\.?)?\s?\d{6}\b", 0),
    ("document", r"\b\d{3}-\d{3}-\d{3}[\s-]\d{2}\b", 0),
    ("document", r"\b\d{2}\s?\d{2}\s?(?:№|N|No\.?)?\s?\d{6}\b", 0),
    ("document", r"\b\d{2}\s?(?:№|N)?\s?\d{7}\b", 0),
    ("document", r"\b\d{2}\s?[А-ЯA-Z]{2}\s?(?:№|N)?\s?\d{6}\b", 0),
    ("document", r"\b[A-ZА-Я]{1,3}\s?\d{5,10}\b", 0),
    (
        "document",
        r"(?:(?:КУСП|протокол\w*|талон\w*|полис\w*|паспорт\w*|passport|снилс|инн|имей|imei|visa|виза)\s)"
        r"(?:омс\s|no\.?\s|number\s)?(?:№\s?)?[A-ZА-Я]{0,3}[\s-]?\d[\d\s/-]{2,}\d",
        re.IGNORECASE,
    ),
    ("code", r"(?:№|\bNo?\.?\s?(?=\d)|\bno\.\s?)\s?[A-ZА-Я]{0,3}-?\d[\d/-]*(?:[/-]\d+)*", re.IGNORECASE),
    ("code", r"\b\d{1,2}-\d{2,6}/\d{2,4}\b", 0),
    ("code", r"\b[A-ZА-Я]{1,4}-\d{1,6}(?:-\d{1,6})*\b", 0),
    ("code", r"\b[A-ZА-Я]{1,2}\d{1,2}\s?\d{3,4}\b", 0),
    # Whatever else has five digits and more is a number of something, unless it is money.
    ("number", rf"(?<![\d.,])\d(?:[\s.-]?\d){{4,}}(?!\d)(?!\s?{_MONEY})", re.IGNORECASE),
)  # fmt: skip
# Three or four digits may be a house, a room, a case: unsure, unless a year, money or a measure.
_SHORT_NUMBER = re.compile(
    r"(?<![\w.,])(?!(?:19|20)\d{2}\b)\d{3,4}\b(?![.,]?\d)"
    rf"(?!\s?(?:{_MONEY}|%|км|кг|м\b|г\b|мг|мл|час|дн|минут|человек|people|km|kg|hours|days))",
    re.IGNORECASE,
)
_RULES = tuple((kind, re.compile(pattern, flags)) for kind, pattern, flags in _KINDS)

# RULES rule 11: an initial with an age, and what is said beside it ("L. (22 years old, homosexual man)").
_INITIAL_AND_AGE = re.compile(
    r"(?<!\w)(?P<initial>[A-ZА-ЯЁ])(?:\.\s?[A-ZА-ЯЁ])?\.?\s*[,(]\s*(?P<age>\d{1,2})\b(?P<beside>[^.;\n)]{0,80})"
)
_ORIENTATION = re.compile(
    r"\b(?:ге[йяюе]\w{0,2}|лесби\w+|бисекс\w+|гомосекс\w+|транс\w*|квир\w*|gay|lesbian|bisexual|homosexual|"
    r"trans\w*|queer)\b",
    re.IGNORECASE,
)
_PLACE_WORD = re.compile(
    r"\b(?:деревн\w+|сел[оаеу]|аул\w*|станиц\w+|пос[её]л\w+|хутор\w*|village|town|settlement)\b",
    re.IGNORECASE,
)


def find_patterns(text: str) -> Iterator[Span]:
    """Yield phones, accounts, links, documents, plates, cards, coordinates, codes, initials with an age."""
    # What comes first in the list names what several of them find.
    for kind, pattern in reversed(_RULES):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), kind, Certainty.PATTERN)
    for found in _SHORT_NUMBER.finditer(text):
        yield Span(found.start(), found.end(), "number", Certainty.UNSURE)
    for found in _INITIAL_AND_AGE.finditer(text):
        yield Span(found.start("initial"), found.end("initial") + 1, "name", Certainty.PATTERN)
        yield Span(found.start("age"), found.end("age"), "age", Certainty.PATTERN)
        for word in (_ORIENTATION, _PLACE_WORD):
            for beside in word.finditer(text, found.start("beside"), found.end("beside")):
                yield Span(beside.start(), beside.end(), "detail", Certainty.UNSURE)
