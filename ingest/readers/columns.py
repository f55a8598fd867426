"""Is every column of a file accounted for? Mapped, dropped or ignored by name; otherwise the file is refused.

Names of columns may be told, values may not: where the first row looks like a record and not like a header,
only the declaration's own names are.
"""

import re
from collections.abc import Sequence

from codebook import SourceError, fold
from ingest.mapping import Sheet

_LISTED = 30  # names told at most; the rest is counted
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# A name with a long run of digits, an address or a sentence is more likely a value than a name.
_LIKE_A_VALUE = re.compile(
    r"\d{5,}|@|://|.{81,}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}", re.DOTALL
)
_DONOR = r"(?:donor|donator|benefactor|payer|giver|донор|жертвовател|благотворител|плательщик|отправител)"
_PERSONAL = (
    r"(?:name|e-?mail|phone|card|account|address|passport|id\b|фио|имя|фамил|почт|телефон|карт|счет|адрес)"
)
_DONOR_NAMED = re.compile(rf"{_DONOR}.*{_PERSONAL}|{_PERSONAL}.*{_DONOR}")
_IN_FUNDING = re.compile(rf"{_DONOR}|{_PERSONAL}")


class LoneName(str):
    """A name that only one record has, as JSON may: it may be a value in the place of a name."""

    number: int

    def __new__(cls, name: str, number: int) -> "LoneName":
        """Return the name with the number of its record."""
        made = super().__new__(cls, name)
        made.number = number
        return made


def check_columns(sheet: Sheet, header: Sequence[str], *, place: str, keys_vary: bool = False) -> list[str]:
    """Return notices, having made sure that every column is mapped, dropped or ignored by name.

    Args:
        place: File and sheet, for the message.
        keys_vary: Mapped columns may be absent (JSON leaves out what nobody answered).

    Raises:
        SourceError: Columns that nobody declared, mapped columns that are missing, names that stand twice.
    """
    missing = sorted((sheet.mapped_columns if keys_vary else sheet.required_columns) - set(header))
    unknown = [name for name in header if name and not sheet.accounts_for(name)]
    if missing and not keys_vary:
        raise _changed(sheet, header, missing, place)
    twice = [name for name in unknown if re.search(r" \[\d+\]$", name)]
    if twice:
        raise SourceError(
            f"{place}: {len(twice)} column names stand twice: {names_of_columns(twice)}",
            remedy="rename them in the file, or map the second one as `name [2]`",
        )
    if unknown:
        raise SourceError(
            f"{place}: {len(unknown)} columns are neither mapped nor ignored: {names_of_columns(unknown)}",
            remedy="add each to the declaration: under `columns`, `drop_coordinates` or `ignore`",
        )
    if missing:
        return [f"{len(missing)} declared columns are in no record: {names_of_columns(missing)}"]
    return []


def refuse_donor_list(header: Sequence[str], *, funding: bool, counts: frozenset[str], place: str) -> None:
    """Refuse a file whose columns name who gave: no donor row may exist (RULES 1.9).

    Args:
        funding: Whether the rows are money: then any personal column is refused.
        counts: Columns that are mapped to how many gave or how much, which are allowed.

    Raises:
        SourceError: Names the columns.
    """
    pattern = _IN_FUNDING if funding else _DONOR_NAMED
    named = [name for name in header if name not in counts and pattern.search(fold(name))]
    if named:
        raise SourceError(
            f"{place}: this is a list of donors, and no donor row may be stored: {names_of_columns(named)}",
            remedy="sum it by month and channel outside Withheld (amount, number of donors); delete the list",
        )


def _changed(sheet: Sheet, header: Sequence[str], missing: list[str], place: str) -> SourceError:
    expected = len(sheet.mapped_columns)
    if len(header) == 1 and (found := [mark for mark in _DELIMITERS if mark in header[0]]):
        best = max(found, key=header[0].count)
        return SourceError(
            f"{place}: the header is one column: the cells seem to be separated by {_DELIMITERS[best]}",
            remedy="set `delimiter` in the declaration to what the file uses",
        )
    if len(missing) == expected:
        return SourceError(
            f"{place}: none of the {expected} declared columns is there; is the first row the header?",
            remedy="check that the file's first row is the header and that the declaration is the right one",
        )
    return SourceError(
        f"{place}: {len(missing)} of {expected} declared columns are missing: {names_of_columns(missing)}",
        remedy="the file has changed since it was declared: correct the declaration, or export it as before",
    )


def names_of_columns(names: Sequence[str]) -> str:
    """Return names of columns as they may be told: not those that look like a value, and not too many."""
    told = [_told(name, place) for place, name in enumerate(names, start=1)]
    rest = len(told) - _LISTED
    return ", ".join(told[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def _told(name: str, place: int) -> str:
    if isinstance(name, LoneName):
        return f"(a key of record {name.number} alone)"
    return f"(column {place}, its name looks like a value)" if _LIKE_A_VALUE.search(name) else name
