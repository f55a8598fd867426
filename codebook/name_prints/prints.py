"""Keyed prints of the parts of a name: what lets two names be compared without storing either.

A slip of typing is found by the words less one letter (a deletion neighbourhood): two words share one of them
if one letter is left out, doubled, wrong or changes places with its neighbour. Initials aside, no print is of
less than a word less one letter: other than with keyed q-grams or a Bloom encoding (Schnell et al. 2009,
doi:10.1186/1472-6947-9-41), a name that is in no list cannot be put together from its pieces.

Source: Mor and Fraenkel 1982, doi:10.1145/358728.358752 (deletion neighbourhood).
"""

from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from .given_names import groups_of, is_given_name
from .name_parts import NameParts, Word, split_name
from .spelling import is_cyrillic

VERSION = "1"
_BYTES = 6  # 48 bits, 8 letters: two of 50,000 words collide with a probability of 1e-5
_SHORTEST_SLIP = 4  # letters; in shorter words one letter is another name
_FIELDS = 12


@dataclass(frozen=True, slots=True)
class NamePrints:
    """The prints of one name; a part that is not known is empty.

    Attributes:
        script: `c` Cyrillic, `l` Latin.
        given_known: Whether the given name is one of our table, so that a like name is another one.
        given_groups: The forms that one person may be written in (nicknames).
        given_slips: The word less one letter; so for the other slips.
    """

    script: str
    given_known: bool
    given_written: str
    given: str
    given_groups: tuple[str, ...]
    given_initial: str
    given_slips: tuple[str, ...]
    family_written: str
    family: str
    family_slips: tuple[str, ...]
    patronymic: str
    patronymic_initial: str
    patronymic_slips: tuple[str, ...]


class NamePrinter:
    """Makes prints under one key; remembers the words it has seen.

    Args:
        key: 1 to 64 bytes; prints under different keys have nothing in common.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._begun: dict[str, blake2b] = {}  # role -> hash that has taken key and role
        self.print_name = lru_cache(maxsize=20_000)(self._print_name)
        self._word = lru_cache(maxsize=65_536)(self._make_word)
        self._one_of_few = lru_cache(maxsize=10_000)(self._print)  # groups and initials

    def _print_name(self, name: str, patronymic: str = "") -> str:
        """Return the prints of a name as one text, empty where nothing of it can be compared."""
        parts = split_name(name, patronymic)
        if not (parts.given.spelt or parts.family.spelt):
            return ""
        first = parts.given.spelt or parts.given_initial
        second = parts.patronymic.spelt or parts.patronymic_initial
        fields = (
            VERSION,
            ("c" if is_cyrillic(name) else "l") + ("1" if is_given_name(parts.given.spelt) else "0"),
            *self._both("given", parts.given),
            ",".join(self._one_of_few("given group", group) for group in groups_of(parts.given.spelt)),
            self._one_of_few("given initial", first[:1]),
            *self._both("family", parts.family),
            *self._both("patronymic", parts.patronymic)[1:],
            self._one_of_few("patronymic initial", second[:1]),
        )
        return ";".join(fields)

    def _both(self, role: str, word: Word) -> tuple[str, str, str]:
        return self._word(role, word.written, word.spelt)

    def _make_word(self, role: str, written: str, spelt: str) -> tuple[str, str, str]:
        if not spelt:
            return "", "", ""
        slip = f"{role} slip"
        slips = slips_of(spelt) if len(spelt) >= _SHORTEST_SLIP else ()
        return (
            self._print(f"{role} written", written),
            self._print(role, spelt),
            ",".join(sorted(self._print(slip, one) for one in slips)),
        )

    def print_text(self, role: str, text: str) -> tuple[str, tuple[str, ...]]:
        """Return the print of any text, such as a date of birth, and the prints of its slips."""
        if not text:
            return "", ()
        slip = f"{role} slip"
        return self._print(role, text), tuple(self._print(slip, one) for one in slips_of(text))

    def print_slip(self, role: str, text: str) -> str:
        """Return the print of one form that a text may have by a slip."""
        return self._print(f"{role} slip", text)

    def print_word(self, role: str, text: str) -> str:
        """Return the print that a word has as one part of a name (`given`, `family`), empty for no word."""
        return self._print(role, text)

    def _print(self, role: str, text: str) -> str:
        if not text:
            return ""
        begun = self._begun.get(role)
        if begun is None:
            begun = blake2b(f"{role}\0".encode(), digest_size=_BYTES, key=self._key)
            self._begun[role] = begun
        made = begun.copy()
        made.update(text.encode())
        return b2a_base64(made.digest(), newline=False).decode("ascii")


def slips_of(text: str) -> Iterable[str]:
    """Return the text itself and the text less one letter, each once.

    >>> sorted(slips_of("abb"))
    ['ab', 'abb', 'bb']
    """
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}


def read_prints(text: str) -> NamePrints | None:
    """Return the prints that `NamePrinter` wrote, None where they are of another version."""
    fields = text.split(";")
    if len(fields) != _FIELDS + 1 or fields[0] != VERSION:
        return None
    _, head, given_written, given, given_slips, groups, initial, family_written, family, family_slips = (
        fields[:10]
    )
    patronymic, patronymic_slips, patronymic_initial = fields[10:]
    return NamePrints(
        head[0], head[1] == "1", given_written, given, _listed(groups), initial, _listed(given_slips),
        family_written, family, _listed(family_slips), patronymic, patronymic_initial,
        _listed(patronymic_slips),
    )  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


__all__ = ["NameParts", "NamePrinter", "NamePrints", "read_prints", "slips_of"]
