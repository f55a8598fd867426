"""What the vault keeps of persons only as keyed prints, and whether a word or number of a release is theirs.

Names, phones, handles and documents are not stored, so they cannot be searched for. The search goes the other
way round: what could be one, in the release, is printed under the vault's key and looked up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from codebook.name_prints import NamePrinter, family_stem, neutral, read_prints
from vault import Vault

_SHORTEST = 3  # letters of a name in neutral spelling
# Endings of cases in neutral spelling, and what the nominative may have instead.
_ENDINGS = ("ogo", "omu", "ami", "imi", "om", "em", "im", "oi", "ei", "ah", "am", "u", "a", "e", "i")
_NOMINATIVES = ("", "a")
Persons = frozenset[int]
NOBODY: Persons = frozenset()


@dataclass(frozen=True)
class Named:
    """Whose given name or family name a word may be, by number of the person."""

    given: Persons = NOBODY
    family: Persons = NOBODY


_NO_NAME = Named()


@dataclass
class Prints:
    """The keyed prints of a vault.

    Attributes:
        by_kind: Kind of print (`phone`, `handle`, `document`) -> prints.
        births: Prints of dates of birth.
        given: Print of a given name -> persons; so for `family`.
        initials: Person -> print of the first letter of the given name.
        unknown: Prints of names that another version made: these cannot be looked up.
    """

    vault: Vault
    printer: NamePrinter
    by_kind: Mapping[str, frozenset[str]]
    births: frozenset[str]
    given: Mapping[str, Persons]
    family: Mapping[str, Persons]
    initials: Mapping[int, str]
    unknown: int = 0
    _named: dict[str, Named] = field(default_factory=dict)

    def has(self, kind: str, text: str) -> bool:
        """Return whether a text in its one form (`codebook.identifier_keys`) is a print of that kind."""
        known = self.by_kind.get(kind)
        return bool(known) and bool(text) and self.vault.fingerprint(kind, text) in (known or ())

    def named(self, word: str) -> Named:
        """Return whose name a word may be, in any case and script."""
        spelt = neutral(word)
        if spelt not in self._named:
            self._named[spelt] = self._look_up(spelt) if self.given or self.family else _NO_NAME
        return self._named[spelt]

    def _look_up(self, spelt: str) -> Named:
        given: set[int] = set()
        family: set[int] = set()
        for form in nominatives(spelt):
            given |= self.given.get(self.printer.print_word("given", form), NOBODY)
            family |= self.family.get(self.printer.print_word("family", family_stem(form)), NOBODY)
        return Named(frozenset(given), frozenset(family)) if given or family else _NO_NAME

    def begins_with(self, persons: Iterable[int], letter: str) -> bool:
        """Return whether the given name of one of these persons begins with a letter, in either script."""
        print_of_letter = self.printer.print_word("given initial", neutral(letter)[:1])
        return any(self.initials.get(person) == print_of_letter for person in persons)

    def is_birth(self, day: str) -> bool:
        """Return whether a day (ISO) is a date of birth."""
        return bool(self.births) and self.printer.print_word("birth", day.replace("-", "")) in self.births


@lru_cache(maxsize=65_536)
def nominatives(spelt: str) -> frozenset[str]:
    """Return what a word in neutral spelling may be a case form of, itself included.

    >>> "inventov" in nominatives("inventovoi"), "zarema" in nominatives("zaremu")
    (True, True)
    """
    found = {spelt}
    for ending in _ENDINGS:
        if spelt.endswith(ending):
            found |= {spelt[: -len(ending)] + one for one in _NOMINATIVES}
    return frozenset(one for one in found if len(one) >= _SHORTEST)


def read_identity(vault: Vault) -> Prints:
    """Return the keyed prints of all persons on record."""
    by_kind: dict[str, set[str]] = {"phone": set(), "handle": set(), "document": set()}
    births: set[str] = set()
    given: dict[str, set[int]] = {}
    family: dict[str, set[int]] = {}
    initials: dict[int, str] = {}
    unknown = 0
    for number, row in enumerate(_rows(vault)):
        kind, kept = row["kind"], str(row["fingerprint"])
        if kind in by_kind:
            by_kind[kind].add(kept)
        elif kind == "birth":
            births.add(kept.partition(";")[0])
        elif kind == "name_parts":
            parts = read_prints(kept)
            unknown += parts is None
            if parts:
                given.setdefault(parts.given, set()).add(number)
                family.setdefault(parts.family, set()).add(number)
                initials[number] = parts.given_initial
    for table in (given, family):
        table.pop("", None)
    return Prints(
        vault,
        NamePrinter(vault.fingerprint("prints of names").encode("ascii")),
        {kind: frozenset(kept) for kind, kept in by_kind.items()},
        frozenset(births),
        {print_: frozenset(persons) for print_, persons in given.items()},
        {print_: frozenset(persons) for print_, persons in family.items()},
        initials,
        unknown,
    )


def _rows(vault: Vault) -> Iterator[dict[str, Any]]:
    yield from vault.rows("match_key", "kind IN ('phone', 'handle', 'document', 'birth', 'name_parts')")
