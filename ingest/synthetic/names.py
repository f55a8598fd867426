"""Invented full names of North Caucasus and Russian people, and the forms they are written in.

faker's ru_RU has almost no names of the North Caucasus, so it gets a provider of ours.
"""

from dataclasses import dataclass
from typing import Any

from .names_data import load_names

# No invented person has a surname of a public person of the region or of a widely reported case: surnames
# only, so that this list itself names nobody.
_DENIED = """
кадыров дудаев масхадов басаев делимханов даудов закаев аушев зязиков евкуров калиматов хасбулатов
абдулатипов меликов васильев магомедов нурмагомедов махачев алханов байсаров гуцериев емельяненко чимаев
мамиашвили коков канокин темрезов мамсуров битаров меняйло дзасохов карданов геремеев янгулбаев
эстемиров политковская немцов сулейманов тарамов лорсанов бакаев магамадов исаев мусаев умаев ухманов
халитов исмаилов гаджиев путин медведев мишустин лавров шойгу навальный яшин ковальчук пригожин
бастрыкин краснов
"""
DENIED_SURNAMES = frozenset(_DENIED.split())

_PATRONYMIC_ENDS = {"й": ("евич", "евна", 1), "ь": ("евич", "евна", 1), "а": ("аевич", "аевна", 1)}
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


@dataclass(frozen=True)
class FullName:
    """An invented name: given name, patronymic, surname, in Cyrillic."""

    given: str
    patronymic: str
    surname: str

    @property
    def short(self) -> str:
        """Given name and surname."""
        return f"{self.given} {self.surname}"

    @property
    def full(self) -> str:
        """Surname, given name, patronymic: the order of Russian forms."""
        return f"{self.surname} {self.given} {self.patronymic}"

    @property
    def initials(self) -> str:
        """Surname and initials."""
        return f"{self.surname} {self.given[0]}. {self.patronymic[0]}."


def is_denied(surname: str) -> bool:
    """Return whether a surname, in its male or female form, belongs to a public person."""
    folded = surname.casefold()
    return folded in DENIED_SURNAMES or folded.removesuffix("а") in DENIED_SURNAMES


def patronymic_of(father: str, sex: str) -> str:
    """Return the patronymic made from a father's given name.

    >>> patronymic_of("Муса", "female"), patronymic_of("Магомед", "male"), patronymic_of("Али", "female")
    ('Мусаевна', 'Магомедович', 'Алиевна')
    """
    last = father[-1]
    if last in "иеуо":
        male, female, cut = "евич", "евна", 0
    else:
        male, female, cut = _PATRONYMIC_ENDS.get(last, ("ович", "овна", 0))
    stem = father[: len(father) - cut] if cut else father
    return stem + (female if sex == "female" else male)


def in_latin(text: str) -> str:
    """Return Cyrillic text in Latin letters, each word with its own capital.

    >>> in_latin("Хеда Юсхарбекова")
    'Kheda Yuskharbekova'
    """
    letters = []
    for letter in text:
        latin = _LATIN.get(letter.lower(), letter)
        letters.append(latin.capitalize() if letter.isupper() and latin else latin)
    return "".join(letters)


def make_faker(seed: int) -> Any:
    """Return a faker of ru_RU with our provider, seeded for itself alone."""
    from faker import Faker
    from faker.providers import BaseProvider

    class NorthCaucasusProvider(BaseProvider):
        """Names of the six peoples of `names_data.py`."""

        def caucasus_surname(self, people: str) -> str:
            """Return a male surname that no public person has."""
            parts = load_names().peoples[people]
            while True:
                surname: str = self.random_element(parts.stems) + self.random_element(parts.ends)
                if not is_denied(surname):
                    return surname

        def caucasus_given(self, people: str, sex: str) -> str:
            """Return a given name."""
            parts = load_names().peoples[people]
            given: str = self.random_element(parts.female if sex == "female" else parts.male)
            return given

    fake = Faker("ru_RU")
    fake.add_provider(NorthCaucasusProvider)
    fake.seed_instance(seed)
    return fake


class NameMaker:
    """Makes families and single names; `fake` comes from `make_faker`."""

    def __init__(self, fake: Any) -> None:
        """Draw every name from `fake`."""
        self._fake = fake

    def surname(self, people: str) -> str:
        """Return a male surname."""
        if people != "russian":
            return str(self._fake.caucasus_surname(people))
        while True:
            surname = str(self._fake.last_name_male())
            if not is_denied(surname) and surname.endswith(("ов", "ев", "ин")):
                return surname

    def given(self, people: str, sex: str) -> str:
        """Return a given name."""
        if people != "russian":
            return str(self._fake.caucasus_given(people, sex))
        return str(self._fake.first_name_female() if sex == "female" else self._fake.first_name_male())

    def full_name(self, people: str, sex: str, surname: str, father: str) -> FullName:
        """Return a full name in a family: its male surname and the father's given name."""
        return FullName(
            self.given(people, sex), patronymic_of(father, sex), surname + ("а" if sex == "female" else "")
        )
