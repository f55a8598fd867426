"""Whole numbers and amounts of money as people write them; a number that could be two numbers is neither."""

import re
from dataclasses import dataclass

from codebook import Field, fold
from codebook.folding import western_digits
from ingest.problems import AMBIGUOUS, CONTRADICTION, IMPOSSIBLE_NUMBER, Problem

from .number_words import read_number_words

LONGEST = 80  # characters of a number or age; a longer cell is a story, and patterns take long over it
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_INTEGER = re.compile(r"[+-]?\d{1,9}(?:[.,]00?)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_COUNTED = re.compile(
    r"\s*(?:дет(?:и|ей)|реб[её]н\w*|человека?|чел\.?|лица?|шт\.?|persons?|people|child(?:ren)?|kids?)$"
)
_NONE = frozenset({"нет", "нет детей", "none", "no", "no children", "бездетна", "0"})
_SEVERAL = re.compile(
    r".*\d\s*(?:-|или|or|/)\s*\d.*|(?:несколько|много|several|many|some|да|yes|есть)\b.*|.*\d\+"
)
_SIGNS = {
    "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р": "RUB", "р.": "RUB", "рублей": "RUB", "рубля": "RUB",
    "рубль": "RUB", "rub": "RUB", "rur": "RUB", "$": "USD", "usd": "USD", "долл": "USD", "долл.": "USD",
    "долларов": "USD", "€": "EUR", "eur": "EUR", "евро": "EUR", "£": "GBP", "gbp": "GBP", "₾": "GEL",
    "gel": "GEL", "лари": "GEL", "₸": "KZT", "kzt": "KZT", "тенге": "KZT", "₺": "TRY", "try": "TRY",
    "лир": "TRY", "֏": "AMD", "amd": "AMD", "драм": "AMD",
}  # fmt: skip
CURRENCY_SIGNS = _SIGNS
_MONEY = re.compile(r"^([^\d\s.,+-]*)\s*([\d\s.,'’]+?)\s*([^\d,]*)$")
_UNITS = {"": 1, "thousand": 1_000, "million": 1_000_000}
_SCALE = re.compile(
    r"^(тыс(?:яч[аи]?|\.)?|т\.(?=\s?р)|thousand|k|к|млн\.?|миллион(?:а|ов)?|million|mln)\s*(.*)$"
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount whose cell names its currency; it must not contradict the currency recorded beside it."""

    amount: float
    currency: str  # ISO 4217


def read_integer(text: str, field: Field) -> int | Problem:
    """Return a whole number within bounds: `3`, `3.0`, `двое`, `2 ребёнка`; `нет` for children is none."""
    if len(text) > LONGEST:
        return IMPOSSIBLE_NUMBER
    compact = _SPACES.sub("", text)
    if _THOUSANDS.fullmatch(compact):
        # "1,000" may be one with three decimals; "1,022" cannot be, where whole numbers are meant.
        digits = re.sub("[.,]", "", compact)
        return AMBIGUOUS if compact.endswith("000") else bounded(int(digits[:9]), field)
    if _INTEGER.fullmatch(compact):
        return bounded(int(re.split("[.,]", compact)[0]), field)
    folded = fold(text)
    if field.name == "children" and folded in _NONE:
        return bounded(0, field)
    bare = _COUNTED.sub("", folded)
    if bare.isdecimal() and len(bare) < 10:
        return bounded(int(bare), field)
    number = read_number_words(bare)
    if number is not None:
        return bounded(number, field)
    return AMBIGUOUS if _SEVERAL.fullmatch(folded) else IMPOSSIBLE_NUMBER


def read_money(text: str, field: Field, unit: str = "") -> float | Money | Problem:
    """Return an amount: `12 500,50`, `12,500.50`, `1 200 руб.`, `5 тыс. руб.`; `12,500` is ambiguous."""
    if len(text) > LONGEST:
        return IMPOSSIBLE_NUMBER
    western = western_digits(text).replace("٫", ".").replace("٬", ",")
    found = _MONEY.match(western.strip().strip("'").lower().strip())
    if not found:
        return AMBIGUOUS if re.search(r"\d\s*[-–—]\s*\d", western) else IMPOSSIBLE_NUMBER
    scale, after = _scale(found[3].strip())
    signs = {sign.strip() for sign in (found[1], after) if sign.strip()}
    if not signs <= _SIGNS.keys():
        about = any(re.match("около|примерно|до|от|более|about|up to|over|~|≈", sign) for sign in signs)
        return AMBIGUOUS if about else IMPOSSIBLE_NUMBER
    currencies = {_SIGNS[sign] for sign in signs}
    number = _decimal(re.sub(r"[\s'’]", "", found[2]))
    if number is None or (scale > 1 and unit):
        return AMBIGUOUS
    if len(currencies) > 1:
        return CONTRADICTION
    amount = _bounded_money(round(number * scale * _UNITS.get(unit, 1), 2), field)
    return Money(amount, currencies.pop()) if currencies and isinstance(amount, float) else amount


def _scale(after: str) -> tuple[int, str]:
    """Return what a word after a figure multiplies it by, and what stands after that word."""
    found = _SCALE.match(after)
    if not found:
        return 1, after
    return 1_000_000 if found[1].startswith(("м", "m")) else 1_000, found[2]


def bounded(number: int, field: Field) -> int | Problem:
    """Return a number that lies within the field's bounds."""
    low = -(10**9) if field.minimum is None else field.minimum
    high = 10**9 if field.maximum is None else field.maximum
    return number if low <= number <= high else IMPOSSIBLE_NUMBER


def _bounded_money(amount: float, field: Field) -> float | Problem:
    low = 0 if field.minimum is None else field.minimum
    return amount if low <= amount < 1e13 else IMPOSSIBLE_NUMBER


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
