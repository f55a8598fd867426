"""Invented persons: families, phones, handles, documents, and the memory of who has called before.

Phones use the code 907, documents the series 00, which nobody has been given.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from .dice import Dice
from .model import Person
from .names import NameMaker, in_latin, is_denied
from .names_data import load_names
from .skew import TYPO_SHARE

_LGBTQ_WOMEN = {"lesbian": 50.0, "bisexual": 25.0, "trans": 10.0, "perceived": 15.0}
_LGBTQ_MEN = {"gay": 68.0, "bisexual": 12.0, "trans": 8.0, "perceived": 12.0}
_MOST_INCIDENTS = 3


class PeopleMaker:
    """Makes persons and finds earlier ones again; every contact is given out once."""

    def __init__(self, dice: Dice, names: NameMaker) -> None:
        """Draw with `dice`, name with `names`."""
        self._dice = dice
        self._names = names
        self._taken: set[str] = set()
        self._persons = 0
        self._households = 0
        self._known: dict[str, list[Person]] = {}

    def family(self, region: str, born_and_sex: Sequence[tuple[date, str]], sogi: bool) -> list[Person]:
        """Return new persons of one household.

        Args:
            region: Where they come from; empty is allowed.
            born_and_sex: Date of birth and sex of each; the first is the person the case is about.
            sogi: Whether orientation or identity is why the first one calls.
        """
        dice = self._dice
        parts = load_names()
        people = dice.weighted(parts.peoples_of_region.get(region, parts.peoples_elsewhere))
        surname, father = self._names.surname(people), self._names.given(people, "male")
        self._households += 1
        members: list[Person] = []
        for born, sex in born_and_sex:
            name = self._names.full_name(people, sex, surname, father)
            while any(name.short == other.name.short for other in members):
                name = self._names.full_name(people, sex, surname, father)
            self._persons += 1
            orientation = dice.weighted(_LGBTQ_MEN if sex == "male" else _LGBTQ_WOMEN) if sogi else ""
            member = Person(
                self._persons, name, sex, orientation, born, people, region, self._phone(), "",
                self._document(), self._households,
            )  # fmt: skip
            members.append(replace(member, handle=self._handle(member)))
            sogi = False
        self._known.setdefault(region, []).append(members[0])
        return members

    def earlier(self, region: str, on: date, ages: tuple[int, int], sex: str) -> Person | None:
        """Return somebody of that region, age range (years) and sex who came before; None if nobody did."""
        known = self._known.get(region, [])
        for _ in range(6):
            if not known:
                return None
            person = self._dice.pick(known)
            fits = ages[0] <= age_on(person.birth, on) <= ages[1] and person.sex == sex
            if fits and 0 < person.incidents < _MOST_INCIDENTS:
                return person
        return None

    def _unique(self, draw: str) -> bool:
        if draw in self._taken:
            return False
        self._taken.add(draw)
        return True

    def _phone(self) -> str:
        while not self._unique(number := "907" + self._dice.digits(7)):
            pass
        return number

    def _document(self) -> str:
        while not self._unique(number := f"00 {self._dice.between(5, 24):02d} {self._dice.digits(6)}"):
            pass
        return number

    def _handle(self, person: Person) -> str:
        stem = in_latin(person.name.given).lower().replace("-", "")
        while not self._unique(handle := f"@{stem}_{self._dice.digits(5)}"):
            pass
        return handle


def age_on(birth: date, on: date) -> int:
    """Return the age in full years.

    >>> age_on(date(2000, 5, 2), date(2020, 5, 1))
    19
    """
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def birth_for(dice: Dice, age: int, on: date) -> date:
    """Return a date of birth of somebody who is `age` years old on a day."""
    return date(on.year - age, on.month, min(on.day, 28)) - timedelta(days=dice.between(0, 364))


def written_name(dice: Dice, person: Person, language: str) -> str:
    """Return the name as one intake worker wrote it: full, short, initials, with a typo, or not at all."""
    name = person.name
    form = dice.weighted({"full": 50, "short": 28, "initials": 12, "": 10})
    if not form:
        return ""
    if language == "en":
        text = in_latin(name.short)
        if dice.chance(0.3):  # workers hear kh as h
            text = text.replace("kh", "h").replace("Kh", "H")
    else:
        text = {"full": name.full, "short": name.short, "initials": name.initials}[form]
    mistaken = with_typo(dice, text) if dice.chance(TYPO_SHARE) else text
    return text if any(is_denied(word) for word in mistaken.split()) else mistaken


def with_typo(dice: Dice, text: str) -> str:
    """Return the text with two neighbouring letters exchanged, one doubled, or one left out."""
    at = dice.between(1, len(text) - 2)
    kind = dice.pick(("swap", "double", "drop"))
    if kind == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at] * 2 + text[at + 1 :] if kind == "double" else text[:at] + text[at + 1 :]


def written_phone(dice: Dice, digits: str) -> str:
    """Return a phone number the way somebody typed it."""
    code, first, second, third = digits[:3], digits[3:6], digits[6:8], digits[8:]
    style = dice.weighted({"plain": 30, "spaces": 35, "brackets": 25, "eight": 10})
    if style == "plain":
        return f"+7{digits}"
    if style == "spaces":
        return f"+7 {code} {first}-{second}-{third}"
    return f"8 ({code}) {first}-{second}-{third}" if style == "brackets" else f"8{digits}"
