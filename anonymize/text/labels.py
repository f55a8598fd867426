"""What stands in a quotation for what was taken out: in the language of the narrative, an age as its band."""

import re

from codebook import HierarchyError, Ladder, fold

from .spans import Certainty, Span

# kind -> English, Russian
LABELS: dict[str, tuple[str, str]] = {
    "name": ("name", "имя"),
    "relative": ("a relative", "имя родственника"),
    "place": ("a place", "место"),
    "settlement": ("a village or town", "населённый пункт"),
    "address": ("address", "адрес"),
    "institution": ("an institution", "учреждение"),
    "date": ("date", "дата"),
    "time": ("time", "время"),
    "age": ("age", "возраст"),
    "phone": ("phone", "телефон"),
    "email": ("e-mail", "почта"),
    "account": ("account", "аккаунт"),
    "link": ("link", "ссылка"),
    "document": ("document", "документ"),
    "car plate": ("car plate", "номер машины"),
    "bank card": ("bank card", "банковская карта"),
    "bank account": ("bank account", "банковский счёт"),
    "coordinates": ("coordinates", "координаты"),
    "network address": ("network address", "сетевой адрес"),
    "code": ("code", "номер"),
    "number": ("number", "номер"),
    "detail": ("detail", "подробность"),
    "chosen": ("left out", "опущено"),
}
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_ONES = {
    "один": 1, "одн": 1, "два": 2, "две": 2, "двух": 2, "три": 3, "трех": 3, "четыр": 4, "пят": 5, "шест": 6,
    "сем": 7, "восем": 8, "девят": 9, "десят": 10, "полтора": 1,
}  # fmt: skip
_TENS = {"двадцат": 20, "тридцат": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70}
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70,
}  # fmt: skip
# Before a name these say that it is a relative's.
KIN = re.compile(
    r"(?:муж|жен|брат|сестр|мам|пап|отец|отц|мать|матер|дяд|т[её]т|сын|доч|свекр|св[её]к|бабушк|дед|зят|золовк|отчим|"
    r"мачех|племянни|husband|wife|brother|sister|mother|father|uncle|aunt|cousin|son|daughter|stepfather|stepmother)"
    r"[\w'-]*\W{1,3}$",
    re.IGNORECASE,
)


def is_russian(text: str) -> bool:
    """Return whether a narrative is written in Cyrillic letters for the most part."""
    return len(_CYRILLIC.findall(text)) >= len(_LATIN.findall(text))


def label_of(span: Span, text: str, ladder: Ladder) -> str:
    """Return the label of a part, in brackets.

    Args:
        ladder: The hierarchy of ages.
    """
    russian = is_russian(text)
    kind = span.kind
    if kind == "name" and KIN.search(text[max(span.start - 20, 0) : span.start]):
        kind = "relative"
    elif kind == "place" and span.certainty is Certainty.KNOWN:
        kind = "settlement"
    label = LABELS[kind][russian]
    if kind == "age" and (band := _band(text[span.start : span.end], ladder)):
        label = f"{band} лет" if russian else f"{band} years old"
    return f"[{label}]"


def _band(said: str, ladder: Ladder) -> str:
    years = _years(fold(said))
    if years is None:
        return ""
    try:
        return ladder.generalise(str(years), "age_band")
    except HierarchyError:
        return ""


def _years(said: str) -> int | None:
    """Return a number of years that is written in digits or words, None where it is not understood."""
    if digits := _NUMBER.search(said):
        return int(digits[0])
    total = 0
    for word in re.split(r"[\s-]+", said):
        ones, tens = (_of_stem(word, table) for table in (_ONES, _TENS))
        total += ones + 10 if "надцат" in word else tens or ones or _ENGLISH.get(word, 0)
    return total or None


def _of_stem(word: str, table: dict[str, int]) -> int:
    return next((number for stem, number in table.items() if word.startswith(stem)), 0)
