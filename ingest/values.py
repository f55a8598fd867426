"""From what a person typed to a value of the codebook, or the reason why it cannot be one.

Pure functions of one cell. A cell that could mean two things is `ambiguous_value`, never the likelier one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from codebook import Field, FieldType, fold

from .dates import DateValue, read_date, read_datetime
from .problems import AMBIGUOUS, CONTRADICTION, IMPOSSIBLE_NUMBER, UNKNOWN_CODE, Problem

BLANKS = frozenset({"", "-", "–", "—", "--", "---"})
_FORMULA_GUARD = re.compile(r"^'(?=[=+\-@|%\t])")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_INTEGER = re.compile(r"[+-]?\d{1,9}(?:[.,]00?)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_YEARS = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(?:лет|года?|г\.?|y\.?o\.?|years?(?: old)?|yrs?\.?|y)?")
_MONTHS = re.compile(r"(\d{1,2})\s*(?:мес\.?|месяц(?:а|ев)?|months?(?: old)?|mo\.?)")
_WORDS_AGE = {
    "полгода": 0, "полтора года": 1, "полтора": 1, "год": 1, "годик": 1, "newborn": 0, "infant": 0,
    "новорожденный": 0, "новорожденная": 0, "one year": 1,
}  # fmt: skip
_SIGNS = {
    "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р": "RUB", "р.": "RUB", "рублей": "RUB", "rub": "RUB",
    "$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "евро": "EUR", "£": "GBP", "gbp": "GBP",
    "₾": "GEL", "gel": "GEL",
}  # fmt: skip
_MONEY = re.compile(r"^([^\d\s.,+-]*)\s*([\d\s.,'’]+?)\s*([^\d\s,]*)$")
_UNITS = {"": 1, "thousand": 1_000, "million": 1_000_000}

Clean = object  # str, int, float, DateValue, list[str]; None means nothing recorded


@dataclass(frozen=True, slots=True)
class Money:
    """An amount whose cell names its currency; it must not contradict the currency recorded beside it."""

    amount: float
    currency: str  # ISO 4217


def tidy(cell: str) -> str:
    """Return the text without edge spaces and without the one `'` that guards formulas (RULES rule 40)."""
    text = cell.strip()
    return _FORMULA_GUARD.sub("", text) if text.startswith("'") else text


def read_integer(text: str, field: Field) -> Clean:
    """Return a whole number within the field's bounds."""
    compact = _SPACES.sub("", text)
    if _THOUSANDS.fullmatch(compact):
        # "1,000" may be one with three decimals; "1,022" cannot be, where whole numbers are meant.
        digits = re.sub("[.,]", "", compact)
        return AMBIGUOUS if compact.endswith("000") else _bounded(int(digits[:9]), field)
    if not _INTEGER.fullmatch(compact):
        return IMPOSSIBLE_NUMBER
    return _bounded(int(re.split("[.,]", compact)[0]), field)


def read_age(text: str, field: Field, unit: str = "") -> Clean:
    """Return an age in full years: `19`, `19 лет`, `8 months`, `полтора года`."""
    folded = fold(text)
    if folded in _WORDS_AGE:
        return _WORDS_AGE[folded]
    if months := _MONTHS.fullmatch(folded):
        return _bounded(int(months[1]) // 12, field)
    if years := _YEARS.fullmatch(folded):
        number = int(years[1])
        return _bounded(number // 12 if unit == "months" else number, field)
    # "30-35" or "около 20" is not a number of years; the record waits for a person.
    return AMBIGUOUS if re.search(r"\d", folded) and not _INTEGER.fullmatch(folded) else IMPOSSIBLE_NUMBER


def read_money(text: str, field: Field, unit: str = "") -> Clean:
    """Return an amount: `12 500,50`, `12,500.50`, `1 200 руб.`; `12,500` is ambiguous."""
    found = _MONEY.match(text.strip().lower())
    if not found:
        return IMPOSSIBLE_NUMBER
    signs = {sign.strip() for sign in (found[1], found[3]) if sign.strip()}
    if not signs <= _SIGNS.keys():
        return IMPOSSIBLE_NUMBER
    currencies = {_SIGNS[sign] for sign in signs}
    number = _decimal(re.sub(r"[\s'’]", "", found[2]))
    if number is None:
        return AMBIGUOUS
    if len(currencies) > 1:
        return CONTRADICTION
    amount = _bounded_money(round(number * _UNITS.get(unit, 1), 2), field)
    return Money(amount, currencies.pop()) if currencies and isinstance(amount, float) else amount


def read_code(text: str, spellings: Mapping[str, str], own: Mapping[str, str]) -> Clean:
    """Return the code that a text spells, the source's own spellings first; None where they say `nothing`."""
    folded = fold(text)
    code = own.get(folded)
    if code is None:
        code = spellings.get(folded)
    if code is None:
        return UNKNOWN_CODE
    return code or None


def read_joined_labels(text: str, spellings: Mapping[str, str], own: Mapping[str, str]) -> Clean:
    """Return the codes of labels joined by blanks, if the text can be cut in one way only."""
    words = fold(text).split(" ")
    known = {**spellings, **own}
    ways = _cuts(words, known, 0)
    if not ways:
        return UNKNOWN_CODE
    found = {tuple(sorted({code for code in way if code})) for way in ways}
    return list(found.pop()) if len(found) == 1 else AMBIGUOUS


def _cuts(words: list[str], known: Mapping[str, str], start: int, limit: int = 64) -> list[list[str]]:
    if start == len(words):
        return [[]]
    ways: list[list[str]] = []
    for end in range(start + 1, min(len(words), start + 12) + 1):
        code = known.get(" ".join(words[start:end]))
        if code is not None:
            ways += [[code, *rest] for rest in _cuts(words, known, end, limit)]
        if len(ways) > limit:
            break
    return ways


def _decimal(digits: str) -> float | None:
    marks = [mark for mark in ",." if mark in digits]
    if len(marks) == 2:
        decimal = max(marks, key=digits.rindex)
        thousands = "," if decimal == "." else "."
        if digits.count(decimal) > 1 or not re.fullmatch(
            rf"\d{{1,3}}(?:\{thousands}\d{{3}})+", digits.split(decimal)[0]
        ):
            return None
        return float(digits.replace(thousands, "").replace(decimal, "."))
    if not marks:
        return float(digits) if digits.isdigit() and len(digits) < 16 else None
    mark = marks[0]
    if digits.count(mark) > 1:
        whole = re.fullmatch(rf"\d{{1,3}}(?:\{mark}\d{{3}})+", digits)
        return float(digits.replace(mark, "")) if whole else None
    before, after = digits.split(mark)
    if not before.isdigit() or not after.isdigit():
        return None
    # "12,500" is twelve and a half to one office and twelve thousand to the next.
    if len(after) == 3 and mark == "," and 1 <= len(before) <= 3 and before != "0":
        return None
    return float(f"{before}.{after}")


def _bounded(number: int, field: Field) -> Clean:
    low = -(10**9) if field.minimum is None else field.minimum
    high = 10**9 if field.maximum is None else field.maximum
    return number if low <= number <= high else IMPOSSIBLE_NUMBER


def _bounded_money(amount: float, field: Field) -> Clean:
    low = 0 if field.minimum is None else field.minimum
    return amount if low <= amount < 1e13 else IMPOSSIBLE_NUMBER


def read_text(text: str, field: Field) -> Clean:
    """Return free text as it is; a country or a currency as its ISO code."""
    if field.name in ("currency", "funding_currency"):
        return _SIGNS.get(text.lower()) or (
            text.upper() if re.fullmatch("[A-Za-z]{3}", text) else UNKNOWN_CODE
        )
    return text


def reader_of(field: Field, *, order: str, unit: str, serials: bool) -> Callable[[str], Clean]:
    """Return the function that reads one cell of a field (codes excepted)."""
    if field.type is FieldType.DATE:
        return lambda text: read_date(text, order=order, serials=serials)
    if field.type is FieldType.DATETIME:
        return lambda text: read_datetime(text, order=order, serials=serials)
    if field.type is FieldType.MONEY:
        return lambda text: read_money(text, field, unit)
    if field.type is FieldType.INTEGER:
        if field.unit == "years":
            return lambda text: read_age(text, field, unit)
        return lambda text: read_integer(text, field)
    return lambda text: read_text(text, field)


__all__ = [
    "BLANKS", "Clean", "DateValue", "Money", "Problem", "read_age", "read_code", "read_integer",
    "read_joined_labels", "read_money", "reader_of", "tidy",
]  # fmt: skip
