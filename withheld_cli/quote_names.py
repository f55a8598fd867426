"""Is a word a name of this case? Asked of the keyed prints that the vault keeps instead of the names.

The prints are made in `ingest`, the quotation in `anonymize`: neither may know the other, so they meet here.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from codebook.names import case_forms

if TYPE_CHECKING:
    from vault import Vault

NAME_PARTS = "name_parts"
_LONGEST_ENDING = 3  # letters of a case ending
_NOMINATIVES = ("", "а", "я", "й", "ь", "и", "о", "е")


def known_words(vault: "Vault", prints: Iterable[tuple[str, str]]) -> Callable[[str], bool] | None:
    """Return a judge of folded words, None where the vault keeps no prints of names of these persons."""
    from codebook.name_prints import read_prints
    from ingest.duplicates import comparison_prints

    kept = [read for kind, text in prints if kind == NAME_PARTS and (read := read_prints(text))]
    wanted = {one for read in kept for one in (read.given, read.family, read.patronymic) if one}
    if not wanted:
        return None

    @lru_cache(maxsize=4096)
    def is_known(word: str) -> bool:
        for candidate in _base_words(word):
            for kind, text in comparison_prints(vault, {"name": candidate}):
                read = read_prints(text) if kind == NAME_PARTS else None
                if read and not wanted.isdisjoint((read.given, read.family, read.patronymic)):
                    return True
        return False

    return is_known


def _base_words(word: str) -> list[str]:
    """Return the words of which a folded word may be a case form, itself first."""
    found = [word]
    for cut in range(_LONGEST_ENDING + 1):
        stem = word[: len(word) - cut]
        if len(stem) < 2:
            break
        found += [stem + ending for ending in _NOMINATIVES if word in case_forms(stem + ending)]
    return list(dict.fromkeys(found))
