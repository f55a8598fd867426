"""The identifiers of one case, found in a narrative in any case form, script and order, and with one slip.

A word of a name is found by its generated forms (`codebook.names`), in Latin letters also by its sound; with
one letter left out, doubled, wrong or exchanged it is marked as unsure. What has digits is found whatever
stands between them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from codebook import fold
from codebook.folding import cyrillic_twin
from codebook.names import case_forms, name_forms, place_forms, sound_key, word_forms

from .spans import Certainty, Span
from .words import Word, words_of

SHORTEST_SOUND = 4  # letters of a key that is compared between scripts
SHORTEST_SLIP = 6  # letters of a word that may have a slip
SHORTEST_CODE = 3  # letters and digits of a code
_BREAK = re.compile(r"[\s.,;()\"«»/]+")
_ADJECTIVE = re.compile(r"(?:[ыи]й|ая|ое|ые|ие|[аеи]я)$")
_INITIAL = r"[A-ZА-ЯЁ]\."
_INITIALS_BEFORE = re.compile(rf"(?<!\w)(?:{_INITIAL}\s?){{1,2}}$")
_INITIALS_AFTER = re.compile(rf"\s(?:(?:{_INITIAL}\s?){{1,2}}(?!\w)|[A-ZА-ЯЁ](?=\s[A-ZА-ЯЁ]))")
# Ranks and titles before a name say whose it is.
_TITLE_BEFORE = re.compile(
    r"\b(?:капитан|майор|лейтенант|полковник|подполковник|прапорщик|сержант|хаджи|имам|шейх|mr|mrs|ms|dr|captain|major)"
    r"\w{0,2}\.?\s$",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[a-z]")
_JOINED = re.compile(r"[A-ZА-ЯЁ]?[a-zа-яё]+|[A-ZА-ЯЁ]+(?![a-zа-яё])")


@dataclass(frozen=True)
class KnownIdentifiers:
    """What is known to identify the people of one case.

    Attributes:
        persons: Names of people, in any order of words.
        places: Settlements, districts, schools and the like.
        codes: Case codes, phones, documents, accounts: whatever is searched letter by letter.
        is_known_word: Says whether a folded word is a name whose keyed fingerprint the vault has.
    """

    persons: Sequence[str] = ()
    places: Sequence[str] = ()
    codes: Sequence[str] = ()
    is_known_word: Callable[[str], bool] | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return bool(self.persons or self.places or self.codes or self.is_known_word)


def find_known(text: str, known: KnownIdentifiers) -> list[Span]:
    """Return where a known identifier stands in a text."""
    words = words_of(text)
    names = _Matcher(one for name in known.persons for one in _words_of_name(name))
    spans = [*names.spans(words, "name"), *_initials_alone(text, known.persons)]
    for place in known.places:
        spans += _places(place, words)
    if known.is_known_word:
        spans += [
            Span(one.start, one.end, "name", Certainty.KNOWN)
            for one in words
            if len(one.folded) > 2 and known.is_known_word(one.folded)
        ]
    for code in known.codes:
        spans += [Span(*place, "code", Certainty.KNOWN) for place in _code_places(code, text)]
    return spans


def with_initials(span: Span, text: str) -> Span:
    """Return the span of a name with the initials and the title beside it.

    >>> text = "видел Х. А. Джамалханов у дома"
    >>> span = with_initials(Span(12, 23, "name", Certainty.KNOWN), text)
    >>> text[span.start : span.end]
    'Х. А. Джамалханов'
    """
    start, end = span.start, span.end
    for signs in (_INITIALS_BEFORE, _TITLE_BEFORE):
        if before := signs.search(text[max(start - 20, 0) : start]):
            start = max(start - 20, 0) + before.start()
    if after := _INITIALS_AFTER.match(text, end):
        end = after.end()
    return Span(start, end, span.kind, span.certainty)


def _words_of_name(name: str) -> Iterator[str]:
    words = [one for one in _BREAK.split(fold(name)) if len(one) > 1]
    for word in words:
        yield word
        yield from (part for part in word.split("-") if "-" in word and len(part) > 3)


class _Matcher:
    """Finds single words in all their forms."""

    def __init__(self, words: Iterable[str]) -> None:
        plain = [one for one in dict.fromkeys(words) if len(one) > 1]
        forms = {form for word in plain for form in word_forms(word)}
        self._forms = {one for one in forms if len(one) > 2 or one in plain}
        self._sounds = {
            key
            for word in plain
            for form in (case_forms(word) if not _LATIN.search(word) else word_forms(word))
            if len(key := sound_key(form)) >= SHORTEST_SOUND
        }
        long = {one for one in self._forms if len(one) >= SHORTEST_SLIP and not _LATIN.search(one)}
        self._slips = {slip for one in long for slip in _less_one(one)}

    def certainty(self, folded: str) -> Certainty | None:
        """Return how surely a folded word is one of the words, None where it is none."""
        if folded in self._forms or (cyrillic_twin(folded) or folded) in self._forms:
            return Certainty.KNOWN
        if _LATIN.search(folded) and sound_key(folded) in self._sounds:
            return Certainty.KNOWN
        if len(folded) >= SHORTEST_SLIP and not self._slips.isdisjoint(_less_one(folded)):
            return Certainty.UNSURE
        return None

    def spans(self, words: Sequence[Word], kind: str) -> Iterator[Span]:
        """Yield the words that are found, also as parts of a double name or in two words."""
        for place, word in enumerate(words):
            readings = [word.folded, *_readings_of_parts(word)]
            found = [one for one in map(self.certainty, readings) if one is not None]
            if found:
                yield Span(word.start, word.end, kind, max(found))
            elif place + 1 < len(words) and words[place + 1].start - word.end == 1:
                after = words[place + 1]
                if (
                    f"{word.folded}{after.folded}" in self._forms
                    or f"{word.folded}-{after.folded}" in self._forms
                ):
                    yield Span(word.start, after.end, kind, Certainty.KNOWN)


def _readings_of_parts(word: Word) -> Iterator[str]:
    """Yield the parts of a double name, and the words in `ЗаремаХ95`: joined by capitals or digits."""
    if "-" in word.folded:
        yield from word.folded.split("-")
    joined = _JOINED.findall(word.text)
    if len(joined) > 1 or (joined and joined[0] != word.text):
        yield from (fold(one) for one in joined if len(one) > 2)


def _less_one(word: str) -> set[str]:
    """Return a word and the word less one letter: two words with one slip between them share one of these."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _places(place: str, words: Sequence[Word]) -> Iterator[Span]:
    forms = place_forms(place)
    parts = [one for one in _BREAK.split(fold(place)) if len(one) > 1]
    telling = [one for one in parts if len(parts) == 1 or not _ADJECTIVE.search(one)]
    matcher = _Matcher(one for one in telling if one not in _KINDS)
    beside = _Matcher(one for one in parts if one not in telling)
    hits = {span.start: span for span in matcher.spans(words, "place")}
    for at, word in enumerate(words):
        if word.start in hits:
            yield hits[word.start]
            continue
        near = [words[one] for one in (at - 1, at + 1) if 0 <= one < len(words)]
        adjective = beside.certainty(word.folded) is not None
        helped = word.capital or any(one.start in hits for one in near)
        if (adjective and helped) or word.folded in forms.parts:
            yield Span(word.start, word.end, "place", Certainty.KNOWN)


_KINDS = frozenset(
    {"село", "аул", "станица", "поселок", "хутор", "город", "район", "village", "town", "city", "district"}
)


def _initials_alone(text: str, persons: Sequence[str]) -> Iterator[Span]:
    """Yield the initials of a person that stand alone: З. М., З.М., ЗМ."""
    for name in persons:
        for form in name_forms(name).short:
            letters = [one.upper() for one in form if one.isalpha()]
            if not form.endswith(".") or len(letters) < 2:
                continue
            pattern = r"(?<![\w.])" + r"\.?\s?".join(map(re.escape, letters)) + r"\.?(?!\w)"
            for found in re.finditer(pattern, text):
                yield Span(found.start(), found.end(), "name", Certainty.KNOWN)


def _code_places(code: str, text: str) -> Iterator[tuple[int, int]]:
    letters = [one for one in fold(code) if one.isalnum()]
    if len(letters) < SHORTEST_CODE and not (letters and any(one.isdigit() for one in letters)):
        return
    between = r"[^\w\n]{0,3}" if len(letters) >= SHORTEST_CODE + 1 else r"[-\s]?"
    pattern = between.join(_either_script(one) for one in letters)
    for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
        yield found.start(), found.end()
    if sum(one.isdigit() for one in letters) >= 9:  # a phone also without its country code
        digits = r"[^\w\n]{0,3}".join([one for one in letters if one.isdigit()][-10:])
        for found in re.finditer(digits, text):
            yield found.start(), found.end()


_TWINS = dict(zip("abcehkmoptxyавсенкмортху", "авсенкмортхуabcehkmoptxy", strict=True)) | {"е": "eё"}


def _either_script(letter: str) -> str:
    """Return a pattern for a letter and for the one of the other script that looks like it."""
    return f"[{re.escape(letter)}{_TWINS.get(letter, '')}]"
