"""Words with a capital that nothing explains: marked as unsure, so that a person looks at each of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from codebook import fold

from .spans import Certainty, Span
from .words import Word

_FILE = Path(__file__).with_name("plain_words.txt")
_LATIN = re.compile("[a-z]")


@cache
def plain_words() -> frozenset[str]:
    """Return the folded words that may have a capital, or open an English sentence, and name nobody."""
    lines = (line for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return frozenset(fold(word) for line in lines for word in line.split())


def find_capitals(words: Sequence[Word], is_plain: Callable[[Word], bool] | None) -> Iterator[Span]:
    """Yield words with a capital inside a sentence, Latin ones also at its beginning, that are in no list.

    Args:
        is_plain: Says whether a word is in the dictionary and no name; None without the extra.
    """
    small = {word.folded for word in words if not word.capital}
    for word in words:
        latin = bool(_LATIN.search(word.folded))
        if not word.capital or len(word.folded) < 2 or word.folded in plain_words():
            continue
        if word.opens and (not latin or word.folded in small):
            continue
        if not latin and is_plain and is_plain(word):
            continue
        yield Span(word.start, word.end, "name", Certainty.UNSURE)
