"""What stands in a release that could be a value: gathered in one pass, by kind of file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from .hashes import digests_of
from .identity import NOBODY, Named, Prints
from .making import traces_in_path, traces_in_text
from .numbers import Position, codes_of, days_of, numbers_of, positions_of
from .texts import packed_words, texts_of, unpacked, words_inside
from .words import WORD, Phrases

_HANDLE = re.compile(r"(?<![\w.@-])@?[A-Za-z0-9_][\w.+-]{2,}(?:@[\w.-]+)?")
_AT = re.compile(r"[ ]?[\[({][ ]?(?:at|AT|собака)[ ]?[\])}][ ]?")
_DOT = re.compile(r"[ ]?[\[({][ ]?(?:dot|DOT|точка)[ ]?[\])}][ ]?")
_INITIAL_FIRST = re.compile(r"(?<![^\W\d_])([^\W\d_])\.[ \u00a0]?(?:[^\W\d_]\.[ \u00a0]?)?([^\W\d_]{3,})")
_INITIAL_LAST = re.compile(r"([^\W\d_]{3,}),?[ \u00a0]([^\W\d_])\.")
_PRINT_LETTERS = 8  # of a keyed print of a part of a name
_DEEPEST = 2  # base64 in base64


@dataclass
class Gathered:
    """What one kind of file holds that has to be looked up."""

    phrases: set[tuple[int, int]] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)  # kinds of names of persons that were found
    numbers: set[str] = field(default_factory=set)
    handles: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    positions: set[Position] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    traces: set[str] = field(default_factory=set)


class Gatherer:
    """Reads parts of files into what has to be looked up.

    Args:
        phrases: The phrases that are searched for.
        identity: The keyed prints of the vault, if there are any.
        with_positions: Whether the vault has coordinates to look for.
    """

    def __init__(self, phrases: Phrases, identity: Prints | None, *, with_positions: bool) -> None:
        self._phrases = phrases
        self._identity = identity
        self._with_positions = with_positions
        self._seen_inside: set[str] = set()
        self._seen_lines: set[int] = set()
        self._short_packed: set[str] = set()

    def read(self, data: bytes, found: Gathered) -> list[str]:
        """Enter what a part holds into `found`; return the texts that were read."""
        texts = self.texts(data)
        found.traces.update(traces_in_path(data))
        found.handles.update(self._short_packed)
        for place, text in enumerate(texts):
            if new := self._new_lines(text):
                # The third reading of a page has blanks for tags: it differs from the others in words only.
                self._read_text(new, found, words_only=place == 2 and "<" in texts[0])
        return texts

    def _new_lines(self, text: str) -> str:
        """Return the lines that did not stand beside the same line before, in this scan.

        A release repeats its texts on many pages; two lines stay together wherever they are neighbours first.
        """
        lines = text.split("\n")
        pairs = list(zip(["", *lines], lines, strict=False))
        new = [hash(pair) not in self._seen_lines for pair in pairs]
        self._seen_lines.update(map(hash, pairs))
        if all(new):
            return text
        after = [*new[1:], False]
        return "\n".join(line for line, this, next_ in zip(lines, new, after, strict=True) if this or next_)

    def texts(self, data: bytes, depth: int = 0) -> list[str]:
        """Return the texts of a part, with what is packed in their words."""
        texts = list(texts_of(data))
        inside = self._inside(texts) if depth < _DEEPEST else b""
        return texts + self.texts(inside, depth + 1) if inside else texts

    def _inside(self, texts: list[str]) -> bytes:
        """Return what words hold that are packed or grown together, each word once in the whole scan."""
        packed, grown = set[str](), set[str]()
        for text in texts:
            packed.update(packed_words(text))
            grown.update(word for word in re.findall(r"[\w-]{4,}", text) if not word.islower())
        self._short_packed = {word for word in packed if len(word) == _PRINT_LETTERS}
        packed -= self._seen_inside
        grown -= self._seen_inside
        self._seen_inside |= packed | grown
        content = unpacked(sorted(packed)), words_inside(sorted(grown)).encode("utf-8")
        return b"\n".join(one for one in content if one)

    def _read_text(self, text: str, found: Gathered, *, words_only: bool) -> None:
        self._read_words(text, found)
        found.numbers.update(numbers_of(text))
        if words_only:
            return
        found.traces.update(traces_in_text(text))
        found.codes.update(filter(None, codes_of(text)))
        found.days.update(days_of(text))
        found.digests.update(digests_of(text))
        found.handles.update(_HANDLE.findall(text))
        if _AT.search(text):
            found.handles.update(_HANDLE.findall(_DOT.sub(".", _AT.sub("@", text))))
        if self._with_positions:
            found.positions.update(positions_of([text]))

    def _read_words(self, text: str, found: Gathered) -> None:
        words = WORD.findall(text)
        if words:
            hashes = np.fromiter(map(self._phrases.hash_of, words), np.uint64, len(words))
            found.phrases.update(self._phrases.find(hashes))
            found.words.update(words)
            if self._identity:
                found.names.update(self._names(words, self._identity))
                found.names.update(self._initials(text, self._identity))

    @staticmethod
    def _names(words: list[str], identity: Prints) -> Iterator[str]:
        """Yield a kind of name for two words, next to each other or with one between, of one person."""
        places = [(place, named) for place, word in enumerate(words) if (named := identity.named(word)) and
                  (named.given or named.family)]  # fmt: skip
        for (first, one), (second, other) in pairwise(places):
            if second - first <= 2 and _one_person(one, other):
                yield "given name and family name"

    @staticmethod
    def _initials(text: str, identity: Prints) -> Iterator[str]:
        pairs = {
            *_INITIAL_FIRST.findall(text),
            *((letter, word) for word, letter in _INITIAL_LAST.findall(text)),
        }
        for letter, word in pairs:
            persons = identity.named(word).family
            if persons and identity.begins_with(persons, letter):
                yield "initial and family name"


def _one_person(one: Named, other: Named) -> bool:
    return (one.given & other.family or one.family & other.given) != NOBODY
