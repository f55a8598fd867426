"""Which unknown spellings of a coded column may stand in a draft, and which code one may mean.

The draft stays on the machine of the person who asked for it; still no person may be recognised in it.
"""

import re

from codebook import CodeList, fold
from codebook.name_prints import is_given_name, neutral

from .match import Suggestion

_LEAST_TIMES = 3  # a spelling that comes less often is not written into the draft
_CATEGORIES = 40  # distinct unknown spellings; a column with more is not one of categories
_SPELLING = re.compile(r"[^\d@\n]{2,40}")


def nearest_code(text: str, code_list: CodeList) -> str:
    """Return the one code whose spellings hold a long word of a text; empty where none or several do."""
    stems = {word[:5] for word in _words(text) if len(word) >= 5}
    spellings = code_list.spellings.items()
    found = {code for spelling, code in spellings if stems & {word[:5] for word in _words(spelling)}}
    return found.pop() if len(found) == 1 else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", fold(text))


def spellings_to_fill_in(one: Suggestion) -> list[tuple[str, int]]:
    """Return the unknown spellings that may stand in the draft: words of categories, never of a person.

    Few in the column, each short, without figures, at least three times, and no given name among its words.
    """
    if one.evidence is None or not one.code_list or one.code_list in ("region", "consent_status"):
        return []
    if len(one.evidence.unknown) > _CATEGORIES:
        return []
    return [
        (text, n)
        for text, n in one.evidence.unknown.most_common()
        if n >= _LEAST_TIMES and _SPELLING.fullmatch(text) and not _names_someone(text)
    ]


def _names_someone(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    capitals = sum(word[0].isupper() for word in words)
    return capitals > 1 or any(is_given_name(neutral(word)) for word in words)
