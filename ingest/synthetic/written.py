"""How codes, dates and numbers look in a file: one language, labels or seen spellings, mixed precision."""

from datetime import date, datetime

from codebook import Codebook, fold

from .dice import Dice
from .model import Case

_MONTHS_RU = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
    "декабрь",
)  # fmt: skip
_MONTHS_RU_OF = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
    "ноября", "декабря",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
# Spellings that say the sex of the person, in Russian; children's words are left to children.
_OF_WOMEN = frozenset({
    "незамужняя", "не замужем", "замужем", "разведена", "вдова", "согласна", "не согласна", "отказалась",
    "отозвала", "сама",
})  # fmt: skip
_OF_MEN = frozenset({"холост", "не женат", "женат", "разведен", "вдовец", "согласен"})
_OF_CHILDREN = frozenset({"девочка", "мальчик", "girl", "boy"})
_IMPOSSIBLE_DATES = {"ru": "31.02.2021", "en": "31/02/2021", "codes": "2021-02-31"}
UNKNOWN_ACT = {"ru": "сглаз по телефону", "en": "evil eye by phone", "codes": "evil_eye"}
IMPOSSIBLE_AGE = 240  # years


class Pen:
    """Writes codes and dates in one language: `ru`, `en`, or `codes` (codes and ISO dates only)."""

    def __init__(self, dice: Dice, book: Codebook, language: str) -> None:
        """Draw with `dice`; take spellings from `book`."""
        self.dice = dice
        self.language = language
        self._book = book
        self._spellings: dict[tuple[str, str], tuple[str, ...]] = {}

    def code(self, code_list: str, code: str, *, sex: str = "") -> str:
        """Return a code as somebody wrote it, empty for an empty one; `sex` avoids the other's words."""
        if not code or self.language == "codes":
            return code
        spellings = self._spellings_of(code_list, code)
        written = spellings[0] if self.dice.chance(0.6) else self.dice.pick(spellings)
        foreign = _OF_MEN if sex == "female" else _OF_WOMEN
        return spellings[0] if sex and written in foreign else written

    def codes(self, code_list: str, codes: tuple[str, ...], separator: str) -> str:
        """Return several codes in one cell."""
        return separator.join(self.code(code_list, code) for code in codes)

    def day(self, on: date | None) -> str:
        """Return an exact day as text."""
        if on is None:
            return ""
        if self.language == "codes":
            return on.isoformat()
        if self.language == "ru":
            long = f"{on.day} {_MONTHS_RU_OF[on.month - 1]} {on.year}"
            return self.dice.weighted({f"{on:%d.%m.%Y}": 70, long: 22, on.isoformat(): 8})
        long = f"{on.day} {_MONTHS_EN[on.month - 1]} {on.year}"
        return self.dice.weighted({on.isoformat(): 60, long: 25, f"{on:%d/%m/%Y}": 15})

    def incident_date(self, case: Case) -> str:
        """Return the date of the incident as exactly as it is known; a range where one cell can say it."""
        on = case.date_from
        if case.hopeless == "impossible_date":
            return _IMPOSSIBLE_DATES[self.language]
        if case.precision in ("day", "range"):
            until = case.date_to
            same_month = until is not None and (until.year, until.month) == (on.year, on.month)
            if self.language == "ru" and until is not None and same_month:
                return f"{on.day:02d}-{until:%d.%m.%Y}"
            return self.day(on)
        if case.precision == "unknown":
            return ""
        if case.precision == "year":
            return str(on.year)
        if self.language == "codes":
            return f"{on:%Y-%m}"
        names = _MONTHS_RU if self.language == "ru" else _MONTHS_EN
        return self.dice.weighted({f"{names[on.month - 1]} {on.year}": 70, f"{on:%m.%Y}": 30})

    def date_to(self, case: Case) -> date | None:
        """Return the last day of a range where `incident_date` could not say it."""
        until, on = case.date_to, case.date_from
        if until is None or case.hopeless == "impossible_date":
            return None
        in_one_cell = self.language == "ru" and (until.year, until.month) == (on.year, on.month)
        return None if in_one_cell else until

    def acts(self, case: Case, acts: tuple[str, ...], separator: str) -> str:
        """Return the acts of a person; a hopeless case has one that nobody knows."""
        if case.hopeless == "unknown_code":
            return UNKNOWN_ACT[self.language]
        return self.codes("act", acts, separator)

    def age(self, case: Case, age: int | None) -> str:
        """Return an age as text."""
        if case.hopeless == "impossible_number":
            return str(IMPOSSIBLE_AGE)
        if age is None:
            return ""
        if self.language == "ru" and self.dice.chance(0.06):
            return f"{age} {years_in_russian(age)}"
        return str(age)

    def moment(self, at: datetime | None) -> str:
        """Return a day and time as text."""
        if at is None:
            return ""
        if self.language == "ru":
            return f"{at:%d.%m.%Y %H:%M}"
        return f"{at:%Y-%m-%dT%H:%M}" if self.language == "codes" else f"{at:%Y-%m-%d %H:%M}"

    def _spellings_of(self, code_list: str, code: str) -> tuple[str, ...]:
        key = (code_list, code)
        if key not in self._spellings:
            known = self._book.code_lists[code_list]
            one = known.codes[code]
            label = one.label_ru if self.language == "ru" else one.label_en
            usable = [
                text
                for text in (label, *one.also_seen)
                if known.spellings.get(fold(text)) == code and self._is_usable(text)
            ]
            self._spellings[key] = tuple(usable) or (code,)
        return self._spellings[key]

    def _is_usable(self, text: str) -> bool:
        """No children's word, nothing that could be a separator or a formula, the right letters."""
        right_letters = _is_cyrillic(text) == (self.language == "ru")
        return right_letters and text not in _OF_CHILDREN and not set(text) & set(",;|?-=")


def _is_cyrillic(text: str) -> bool:
    return any("а" <= letter <= "я" or letter == "ё" for letter in text.casefold())


def years_in_russian(age: int) -> str:
    """Return the form of the word year that follows a number in Russian.

    >>> [years_in_russian(age) for age in (1, 11, 21, 23, 25)]
    ['год', 'лет', 'год', 'года', 'лет']
    """
    if age % 10 == 1 and age % 100 != 11:
        return "год"
    return "года" if age % 10 in (2, 3, 4) and age % 100 not in (12, 13, 14) else "лет"
