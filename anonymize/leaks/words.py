"""Phrases that may not leave, found in any case form, script, order of a name and punctuation.

A word is compared in a spelling that is neutral to script and transliteration; the case forms of one word are
one. What is looked up is a sequence of words, so that it does not matter what stands between them.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from codebook import fold
from codebook.name_prints import neutral
from codebook.names import case_forms, cyrillic_readings

WORD = re.compile(r"[^\W\d_]{2,}")
SHORTEST_WORD = 4  # letters in neutral spelling of a word that is searched for alone
SHINGLE = 5  # words: of longer texts, as many words in a row are the text
_MOST_WORDS_OF_A_NAME = 4
_LATIN_ENDINGS = {
    "a": ("i", "e", "u", "oi", "ei", "ou", "eu"),
    "": ("a", "u", "om", "em", "im", "e", "oi", "ogo", "omu", "i", "ov", "ami", "ah", "am"),
}
_FACTOR, _SHIFT, _WHOLE = 0x9E3779B97F4A7C15, 29, 2**64 - 1  # of the hash of a phrase; it has 64 bits
Hashes = NDArray[np.uint64]


class WordClasses:
    """Which words are forms of one word; grows while values are read, and is then only asked."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._declined: set[str] = set()

    def decline(self, word: str) -> None:
        """Make the case forms of a word one with it, in both scripts."""
        if word in self._declined:
            return
        self._declined.add(word)
        spelt = neutral(word)
        if len(spelt) < 3:
            return
        folded = fold(word)
        readings = cyrillic_readings(folded) if folded.isascii() else (folded,)
        forms = {neutral(form) for reading in readings for form in case_forms(reading)}
        for form in forms | set(latin_forms(spelt)):
            if len(form) > 2:
                self._join(spelt, form)

    def _join(self, one: str, other: str) -> None:
        first, second = self.of(one), self.of(other)
        if first != second:
            self._parent[max(first, second)] = min(first, second)

    def of(self, spelt: str) -> str:
        """Return what stands for all forms of a word in neutral spelling."""
        while (parent := self._parent.get(spelt, spelt)) != spelt:
            spelt = parent
        return spelt


def latin_forms(spelt: str) -> Iterator[str]:
    """Yield the case forms of a word in neutral spelling, as transliterations of declined words have them."""
    stem, ending = (spelt[:-1], "a") if spelt.endswith("a") else (spelt, "")
    yield from (stem + one for one in _LATIN_ENDINGS[ending])


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order; one letter alone is none."""
    return WORD.findall(text)


def hash_word(word: str) -> int:
    """Return 64 bits for a word class; the same in every run."""
    data = word.encode("utf-8")
    return zlib.crc32(data) << 32 | zlib.crc32(b"\x00" + data[::-1])


def hash_phrases(words: Hashes, length: int) -> Hashes:
    """Return the hashes of all phrases of so many words, one for each place where one begins."""
    n_phrases = len(words) - length + 1
    if n_phrases < 1:
        return np.zeros(0, np.uint64)
    found = np.full(n_phrases, np.uint64(length))
    for place in range(length):
        found = found * np.uint64(_FACTOR) + words[place : place + n_phrases]
        found ^= found >> np.uint64(_SHIFT)
    return found


def hash_phrase(words: Sequence[int]) -> int:
    """Return what `hash_phrases` gives for a row of words that is one phrase; an array would cost more.

    >>> hash_phrase([2**64 - 1, 7]) == int(hash_phrases(np.array([2**64 - 1, 7], np.uint64), 2)[0])
    True
    """
    found = len(words)
    for word in words:
        found = (found * _FACTOR + word) & _WHOLE
        found ^= found >> _SHIFT
    return found


class Phrases:
    """The phrases that are searched for, by their number of words.

    Args:
        classes: Case forms of the words that are declined.
    """

    def __init__(self, classes: WordClasses) -> None:
        self.classes = classes
        self._fields: dict[int, dict[int, str]] = {}  # number of words -> hash -> field
        self._sorted: dict[int, Hashes] = {}
        self.hash_of = lru_cache(maxsize=1 << 17)(self._hash_of)

    def _hash_of(self, word: str) -> int:
        return hash_word(self.classes.of(neutral(word)))

    def add(self, field: str, text: str, *, is_name: bool) -> bool:
        """Search for a text too; return whether it has words enough to be told from others.

        Args:
            is_name: The words may stand in any order, and two of them are enough.
        """
        words = [word for word in words_of(text) if len(neutral(word)) > 1]
        keys = list(self._keys(words, is_name=is_name))
        for length, key in keys:
            self._fields.setdefault(length, {}).setdefault(key, field)
        self._sorted.clear()
        return bool(keys)

    def _keys(self, words: Sequence[str], *, is_name: bool) -> Iterator[tuple[int, int]]:
        """Yield the length and hash of every phrase by which a text is found."""
        if len(words) >= SHINGLE:  # more than a name has
            hashes = np.fromiter(map(self.hash_of, words), np.uint64, len(words))
            yield from ((SHINGLE, key) for key in hash_phrases(hashes, SHINGLE).tolist())
            return
        for phrase in _phrases(words, is_name=is_name):
            if len(phrase) > 1 or len(neutral(phrase[0])) >= SHORTEST_WORD:
                yield len(phrase), hash_phrase(list(map(self.hash_of, phrase)))

    def remove(self, length: int, keys: Iterable[int]) -> None:
        """Search no longer for phrases of the program's own texts."""
        for key in keys:
            self._fields.get(length, {}).pop(key, None)
        self._sorted.clear()

    def find(self, words: Hashes) -> Iterator[tuple[int, int]]:
        """Yield the length and hash of every phrase that stands in a row of words."""
        for length, fields in self._fields.items():
            if fields:
                if length not in self._sorted:
                    self._sorted[length] = np.sort(np.fromiter(fields, np.uint64, len(fields)))
                known = self._sorted[length]
                phrases = np.unique(hash_phrases(words, length))
                places = np.minimum(np.searchsorted(known, phrases), len(known) - 1)
                yield from ((length, int(one)) for one in phrases[known[places] == phrases])

    @property
    def count(self) -> int:
        """How many phrases are searched for."""
        return sum(map(len, self._fields.values()))

    def field_of(self, length: int, key: int) -> str:
        """Return the field of a phrase that was found."""
        return self._fields[length][key]


def _phrases(words: Sequence[str], *, is_name: bool) -> Iterator[Sequence[str]]:
    """Yield the phrases of a short text: of a name in any order, of another one its words in a row."""
    if not words:
        return
    if is_name and 1 < len(words) <= _MOST_WORDS_OF_A_NAME:
        yield from permutations(words, 2)
        yield from ((word,) for word in words)
    else:
        yield words
