"""From what a person typed to a value of the codebook, or the reason why it cannot be one.

Pure functions of one cell. A cell that could mean two things is `ambiguous_value`, never the likelier one.
"""

import re
from collections.abc import Callable, Mapping

from codebook import Field, FieldType, fold
from codebook.folding import cyrillic_twin
from ingest.dates import DateValue, read_date, read_datetime
from ingest.problems import AMBIGUOUS, UNKNOWN_CODE, Problem

from .ages import read_age
from .numbers import CURRENCY_SIGNS, Money, read_integer, read_money

BLANKS = frozenset({"", "-", "–", "—", "--", "---"})
# Excel and exporters guard a formula with one `'`; a `'` before a bare number is Excel's mark for text.
_GUARD = re.compile(r"^'(?=[=+\-@|%\t]|\d[\d\s.,/:-]*$)")
# ="0012" is how a CSV keeps Excel from reading a text as a number.
_TEXT_FORMULA = re.compile(r'^="([^"]*)"$')

_MOST_WORDS = 300  # of one cell of labels joined by blanks
_LONGEST_LABEL = 12  # words
_MOST_WAYS = 8

Clean = object  # str, int, float, DateValue, list[str]; None means nothing recorded


def tidy(cell: str) -> str:
    """Return the text without edge spaces and without the one `'` that guards formulas (RULES rule 40)."""
    text = cell.strip()
    if text.startswith("'"):
        return _GUARD.sub("", text)
    return _TEXT_FORMULA.sub(r"\1", text).strip() if text.startswith('="') else text


def read_code(text: str, spellings: Mapping[str, str], own: Mapping[str, str]) -> Clean:
    """Return the code that a text spells, the source's own spellings first; None where they say `nothing`.

    A word of Latin letters that all look like Cyrillic ones ("CEKC") is tried as the Cyrillic word.
    """
    folded = fold(text)
    code = own.get(folded)
    if code is None:
        code = spellings.get(folded)
    if code is None and (twin := cyrillic_twin(folded)):
        code = own.get(twin, spellings.get(twin))
    if code is None:
        return UNKNOWN_CODE
    return code or None


def read_joined_labels(
    text: str, spellings: Mapping[str, str], own: Mapping[str, str], labels: Mapping[str, str] | None = None
) -> Clean:
    """Return the codes of labels joined by blanks, if the text can be cut in one way only.

    Args:
        labels: Those of the codebook, folded -> code: a text of them alone is not cut into other spellings.
    """
    words = text.split()
    if len(words) > _MOST_WORDS:
        return UNKNOWN_CODE
    found = _cuts(words, {**(labels or {}), **own})
    if len(found) != 1:
        found = _cuts(words, {**spellings, **own})
    if not found:
        return UNKNOWN_CODE
    return sorted(next(iter(found))) if len(found) == 1 else AMBIGUOUS


def _cuts(words: list[str], known: Mapping[str, str]) -> set[frozenset[str]]:
    """Return the sets of codes into which words can be cut; of more than a few, a few."""
    ways: list[set[frozenset[str]]] = [set() for _ in words] + [{frozenset()}]
    for start in range(len(words) - 1, -1, -1):
        for end in range(start + 1, min(len(words), start + _LONGEST_LABEL) + 1):
            if not ways[end] or len(ways[start]) >= _MOST_WAYS:
                continue
            code = known.get(fold(" ".join(words[start:end])))
            if code is not None:
                ways[start] |= {rest | {code} if code else rest for rest in ways[end]}
    return ways[0]


def read_text(text: str, field: Field) -> Clean:
    """Return free text as it is; a country or a currency as its ISO code."""
    if field.name in ("currency", "funding_currency"):
        return CURRENCY_SIGNS.get(text.lower()) or (
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
