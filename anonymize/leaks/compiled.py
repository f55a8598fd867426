"""The values made ready for the search: as written, as phrases in all forms, as codes, numbers and hashes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from codebook import fold
from codebook.name_prints import neutral

from .gather import Gathered
from .hashes import UNEXPLAINED, hashed_values
from .identity import Prints
from .numbers import Position, code_key, days_of, is_day, near, phone_keys, positions_of
from .own_texts import own_texts, printed_texts
from .texts import texts_of
from .values import PrivateValue, PrivateValues
from .words import SHINGLE, WORD, Phrases, WordClasses, words_of

# Fields whose words are declined and may change places: names of persons.
_NAMES = frozenset({"person.name", "person.other_names", "person.patronymic", "perpetrator.perpetrator_name"})
_HANDLES = frozenset({"person.social_handle", "person.email"})
# First and last days of years and quarters: as which periods are published.
_PERIOD_ENDS = ("-01-01", "-03-31", "-04-01", "-06-30", "-07-01", "-09-30", "-10-01", "-12-31")
_SHORTEST_NAME_ALONE = 5  # letters in neutral spelling; a shorter name is told beside another one only
_KEYED = "keyed fingerprint"
_LONGEST_DECLINED = 6  # words; a longer text is quoted, not declined
_DAY_OR_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_AMOUNT = re.compile(r"\d{1,3}(?:[ \u00a0]?\d{3}){0,3}[.,]\d{1,2}(?: ?(?:руб\.?|р\.|₽|rub|usd|eur|\$|€))?")
_MONTH_OF_A_YEAR = re.compile(
    r"(?:in |в )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|янв|фев|март?|апр|ма[йяе]|июн|июл|авг|сен|окт|ноя|дек)"
    r"[a-zа-я]{0,7}\.?,? \d{4}(?: ?г\.?| года?)?"
    r"|(?:19|20)\d\d[-./](?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[-./](?:19|20)\d\d"
)
_RANDOM = re.compile(r"[0-9]+|[0-9a-f]{16,}(?:\.[0-9a-f]+)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LETTERS = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")
_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|vk\.com|instagram\.com|facebook\.com|wa\.me)/"
)
_CAPITALISED = re.compile(r"[^\W\d_a-zа-яё][^\W\d_]+(?:[ -][^\W\d_a-zа-яё][^\W\d_]+){1,3}")


@dataclass
class Compiled:
    """What is searched for in a release, by the way in which it is found; fields by key."""

    searched: Sequence[PrivateValue]
    phrases: Phrases
    identity: Prints | None
    fingerprints: frozenset[str]
    own_dates: frozenset[str]
    dates: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    positions: dict[Position, str] = field(default_factory=dict)

    @property
    def forms(self) -> int:
        """How many keys are looked up."""
        named = len(self.dates) + len(self.numbers) + len(self.codes) + len(self.handles)
        return self.phrases.count + named + len(self.positions) + len(self.fingerprints)

    def add(self, value: PrivateValue) -> None:
        """Search for the forms of a value too; an id of random digits has none but itself."""
        if _is_id(value):
            return
        name = value.field in _NAMES or bool(
            value.field.startswith("quarantine") and _CAPITALISED.fullmatch(value.text)
        )
        # Of a day in words, the month by itself is no value; the day is looked up below.
        if name or not (_is_cell_of_own_words(value) or is_day(value.text)):
            self.phrases.add(value.field, value.text, is_name=name)
        if key := code_key(value.text) if len(value.text) < 40 else "":
            self.codes.setdefault(key, value.field)
        if (
            value.field in _HANDLES
            or value.text.startswith("@")
            or re.fullmatch(r"[\w.+-]+@[\w.-]+", value.text)
        ):
            self.handles.setdefault(handle_key(value.text), value.field)
        digits = "".join(re.findall(r"\d", value.text))
        if (
            7 <= len(digits) <= 15
            and not re.search(r"[^\W\d]{3}", value.text)
            and not list(days_of(value.text))
        ):
            for one in phone_keys(digits):
                self.numbers.setdefault(one, value.field)
        for day in days_of(value.text) if len(value.text) < 40 else ():
            self.dates.setdefault(day, value.field)
        for position in positions_of([value.text]):
            for other in near(position):
                self.positions.setdefault(other, value.field)

    def fields_in(self, found: Gathered, hashed: Mapping[str, str]) -> Iterator[str]:
        """Yield the fields of which a value stands among what was gathered, each once.

        Args:
            hashed: Digest -> what it is of, for all digests of the release that no file of it explains.
        """
        yield from dict.fromkeys(self._fields_in(found, hashed))

    def _fields_in(self, found: Gathered, hashed: Mapping[str, str]) -> Iterator[str]:
        yield from (self.phrases.field_of(length, key) for length, key in found.phrases)
        yield from (self.codes[one] for one in found.codes if one in self.codes)
        yield from (self.handles[key] for one in found.handles if (key := handle_key(one)) in self.handles)
        yield from (self.positions[one] for one in found.positions if one in self.positions)
        for digits in found.numbers:
            yield from (self.numbers[one] for one in phone_keys(digits) if one in self.numbers)
        for day in found.days:
            if day in self.own_dates or day.endswith(_PERIOD_ENDS):
                continue
            if day in self.dates:
                yield self.dates[day]
            elif self.identity and self.identity.is_birth(day):
                yield "person.date_of_birth"
        yield from (hashed[one] for one in found.digests if one in hashed)
        if found.handles & self.fingerprints:
            yield _KEYED
        if self.identity:
            yield from self._persons_in(found, self.identity)

    def explain_digests(self, digests: set[str]) -> dict[str, str]:
        """Return what the digests of a release are of that are those of none of its files."""
        unknown = "hash of something unknown"
        known = {one.text: one.field for one in self.searched if not _is_id(one)}
        found = {one: unknown for one in digests if len(one) >= UNEXPLAINED}
        for digest, text in hashed_values(digests, known):
            found[digest] = f"hash of {known.get(text, 'a small number')}"
        return found | {one: _KEYED for one in digests if one in self.fingerprints}

    def _persons_in(self, found: Gathered, identity: Prints) -> Iterator[str]:
        if found.names:
            yield "person.name"
        own = own_words()
        if any(fold(word) not in own and _is_name(word, identity) for word in found.words):
            yield "person.name"
        if any(identity.has("phone", key) for digits in found.numbers for key in phone_keys(digits)):
            yield "person.phone"
        if any(identity.has("handle", handle_key(one)) for one in found.handles):
            yield "person.social_handle"
        if any(identity.has("document", one) for one in (*found.numbers, *found.codes)):
            yield "person.document_number"


def _is_name(word: str, identity: Prints) -> bool:
    if len(neutral(word)) < _SHORTEST_NAME_ALONE:
        return False
    named = identity.named(word)
    return bool(named.given or named.family)


def handle_key(text: str) -> str:
    """Return a messenger name or mail address without its address and signs."""
    return _ADDRESS.sub("", text.strip().casefold()).strip("@/ .,;:")


@cache
def own_words() -> frozenset[str]:
    """Return the words of the program's own texts, folded."""
    return frozenset(fold(word) for text in own_texts() for word in set(WORD.findall(text)))


def is_in_own_texts(text: str) -> bool:
    """Return whether the program's own texts hold a text of letters, be it inside a word.

    As bytes it then stands in every release: `Черкесск` in `Карачаево-Черкесская Республика`.
    """
    return bool(_LETTERS.fullmatch(text)) and fold(text) in _own_letters()


@cache
def _own_letters() -> str:
    return "\n".join(map(fold, printed_texts()))


def compile_values(values: PrivateValues, own_dates: frozenset[str]) -> Compiled:
    """Make values ready for the search.

    Args:
        own_dates: Days that the release states of itself; a cell that is one of them is no value.
    """
    searched = [
        one
        for one in values.searchable
        if not _is_own_day(one.text, own_dates) and not _is_common_in_a_waiting_cell(one)
    ]
    classes = WordClasses()
    for value in searched:
        words = [] if _is_id(value) else words_of(value.text)
        if len(words) <= _LONGEST_DECLINED:
            for word in words:
                classes.decline(word)
    compiled = Compiled(
        searched, Phrases(classes), values.identity, values.fingerprints, own_dates, dict(values.dates)
    )
    for value in searched:
        compiled.add(value)
    _leave_out_own(compiled.phrases)
    return compiled


def _is_cell_of_own_words(value: PrivateValue) -> bool:
    """Return whether a cell in quarantine says no more than the program's own words, such as codes."""
    words = words_of(value.text)
    few = len(words) < SHINGLE and value.field.startswith("quarantine")
    return few and all(fold(word) in own_words() for word in words)


def _is_id(value: PrivateValue) -> bool:
    return bool(_RANDOM.fullmatch(value.text))


def _leave_out_own(phrases: Phrases) -> None:
    """Search no longer for phrases that stand in the program's own texts: every release has them."""
    for words in _own_rows():
        hashes = np.fromiter(map(phrases.hash_of, words), np.uint64, len(words))
        for length, key in list(phrases.find(hashes)):
            phrases.remove(length, [key])


@cache
def _own_rows() -> tuple[tuple[str, ...], ...]:
    """Return the words of the program's own texts, in order."""
    return tuple(
        tuple(WORD.findall(text)) for packaged in own_texts() for text in texts_of(packaged.encode("utf-8"))
    )


def _is_common_in_a_waiting_cell(value: PrivateValue) -> bool:
    """Return whether a cell in quarantine says a month and no day, or an amount: every release has some.

    Without its point an amount of 10000.00 would be found in a printed sum of a million.
    """
    if not value.field.startswith("quarantine"):
        return False
    text = value.text.casefold()
    return bool(_MONTH_OF_A_YEAR.fullmatch(text) or _AMOUNT.fullmatch(text))


def _is_own_day(text: str, own_dates: frozenset[str]) -> bool:
    """Return whether a text is one of the release's own days or its month, as a cell in quarantine may be.

    Every release prints its days in words too: `1 декабря 2026` says no more than `2026-12-01`.
    """
    if _DAY_OR_MONTH.fullmatch(text):
        return any(day.startswith(text) for day in own_dates)
    return is_day(text) and not own_dates.isdisjoint(days_of(text))
