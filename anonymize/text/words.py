"""The words of a narrative with their places, folded for comparing."""

import re
from dataclasses import dataclass

from codebook import fold

# Stress marks, letters typed as two signs and signs that nobody sees do not end a word.
_INSIDE = r"[^\W_\u0300-\u036f][\u0300-\u036f\u200b-\u200f\u2060\u00ad\ufeff]*"
_WORD = re.compile(rf"(?:{_INSIDE})+(?:[-'’ʼ`\u2010-\u2015]{{1,2}}(?:{_INSIDE})+)*")
# An initial with its dot ends no sentence; a dash begins one only at the beginning of a line.
_SENTENCE_ENDS = re.compile(r"(?:[!?…:\n]|(?<!\b[A-ZА-ЯЁ])\.|(?:^|\n)\s*[—–-])$")
_POSSESSIVE = re.compile(r"'s?$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as it stands, where, folded, and whether it opens a sentence."""

    text: str
    start: int
    end: int
    folded: str
    opens: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


def words_of(text: str) -> list[Word]:
    """Return the words of a text; a hyphenated one is one word.

    >>> [(one.folded, one.opens) for one in words_of("Это З. Ахмадова. Она - Zarema's…")]
    [('это', True), ('з', False), ('ахмадова', False), ('она', True), ('zarema', False)]
    """
    found = []
    for match in _WORD.finditer(text):
        before = text[max(match.start() - 8, 0) : match.start()].rstrip(' «»"“”(')
        opens = not text[: match.start()].strip() or bool(_SENTENCE_ENDS.search(before))
        folded = _POSSESSIVE.sub("", fold(match[0]))
        found.append(Word(match[0], match.start(), match.end(), folded, opens))
    return found
