"""Which columns of an unknown file look identifying, by their name and by how many records they single out.

Suggestions are shown, never acted on: what others may know about a person, no file can tell.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_DIRECT_SHARE = 0.5  # of the records alone in the column
_MANY_VALUES = 0.05  # distinct values per record
_FEW_RECORDS = 20

DIRECT_NAMES = re.compile(
    r"(^|[^a-zа-яё])((full|first|last|sur|user|nick|family|given|victim)?[ _-]?name|имя|фио|фамилия|отчество"
    r"|e?-?mail|phone|tel|телефон|passport|паспорт|снилс|инн|ssn"
    r"|address|street\w*|адрес|улица|uuid|_?id|case[ _-]?code"
    r"|код|device\w*|submit\w*|lat(itude)?|lon(gitude)?|gps\w*|coord\w*|url|link|handle|telegram|instagram|vk)"
    r"($|[^a-zа-яё])",
    re.IGNORECASE,
)
QUASI_NAMES = re.compile(
    r"(^|[^a-zа-яё])(age\w*|возраст|birth\w*|dob|рожд\w*|sex|gender|пол|race\w*|ethnic\w*|nationalit\w*"
    r"|национальность|religion\w*|marital\w*|occupation|profession|education|employ\w*|job|work\w*|city|town|village|region|state|county"
    r"|district|place|zip|postcode|город|село|район|регион|место|country\w*|native\w*|date|day|month|year|дата|год|"
    r"household\w*|children)($|[^a-zа-яё])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ColumnHint:
    """What a column looks like; `looks` is "direct", "quasi" or "other"."""

    column: str
    looks: str
    n_values: int  # distinct
    unique_share: float  # 0..1 of the records, alone with their value
    why: str


def suggest_columns(columns: Mapping[str, Sequence[str]]) -> list[ColumnHint]:
    """Return a hint for every column, the most identifying first.

    >>> [(hint.column, hint.looks) for hint in suggest_columns({"age": ["1", "1"], "n": ["x", "x"]})]
    [('age', 'quasi'), ('n', 'other')]
    """
    hints = []
    for name, cells in columns.items():
        counts = Counter(cell for cell in cells if cell != "")
        n_unique = sum(1 for count in counts.values() if count == 1)
        hints.append(hint_of(name, len(cells), len(counts), n_unique))
    return sorted_hints(hints)


def sorted_hints(hints: Iterable[ColumnHint]) -> list[ColumnHint]:
    """Return hints with the most identifying first."""
    order = {"direct": 0, "quasi": 1, "other": 2}
    return sorted(hints, key=lambda hint: (order[hint.looks], -hint.unique_share))


def hint_of(name: str, n_records: int, n_values: int, n_unique: int) -> ColumnHint:
    """Return the hint of a column by its name, its distinct values and the records alone with theirs."""
    unique_share = n_unique / max(n_records, 1)
    looks, why = "other", "neither its name nor its values look identifying"
    if DIRECT_NAMES.search(name):
        looks, why = "direct", "its name is that of a direct identifier"
    elif unique_share >= _DIRECT_SHARE and n_records >= _FEW_RECORDS:
        looks, why = "direct", f"{unique_share:.0%} of the records are alone with their value"
    elif QUASI_NAMES.search(name):
        looks, why = "quasi", "its name is that of something others know about a person"
    elif n_values / max(n_records, 1) >= _MANY_VALUES and n_records >= _FEW_RECORDS:
        looks, why = "quasi", f"it has {n_values} different values"
    return ColumnHint(name, looks, n_values, unique_share, why)
