"""Case stories put together from sentences, in Russian and English, with names, places and phones inside.

They are the worst that a free-text column can hold, so that a leak of one word of them is noticed.
"""

from codebook import Codebook

from .dice import Dice
from .model import Case, Involvement

_OPENINGS_RU = (
    "{name}, {age}: обращение по линии помощи.",
    "Нам написали о случае: {name}, {age}.",
    "Со слов заявительницы. {name}, {age}.",
    "Повторный разговор. {name}, {age}, просит не перезванивать домой.",
    "«Если меня вернут, меня не станет». {name}, {age}.",
)
_PLACES_RU = (
    "Проживает: {place}.",
    "Родом из населённого пункта {place}.",
    "Семья живёт в {place}, улица известна.",
)
_CLOSINGS_RU = (
    "Связь только по номеру {phone}.",
    "Просит не сообщать родственникам.",
    "Документы у отца; нужна помощь с выездом.",
    "Разговор прерван, перезвонить вечером.",
    "Фото побоев сохранены; копии у подруги.",
    "Ушла из дома в тапочках, без денег и телефона.",
)
_OPENINGS_EN = (
    "{name}, {age}, called the line.",
    "A friend called about {name}, {age}.",
    "Second call from {name}, {age}.",
    'Caller says: "do not ring back". {name}, {age}.',
)
_PLACES_EN = (
    "Lives in {place}.",
    "Family is from {place}; relatives in the same street.",
    "Call came from {place}.",
)
_CLOSINGS_EN = (
    "Safe number {phone}.",
    "Asks that the family is not told.",
    "Passport is with the brother.",
    "Call dropped; ring after nine.",
    "Left home without shoes or money.",
)


class NarrativeMaker:
    """Writes one story for a case, in the language of its channel."""

    def __init__(self, dice: Dice, book: Codebook) -> None:
        """Draw with `dice`; take labels from `book`."""
        self._dice = dice
        self._book = book

    def story(self, case: Case, language: str, names: list[str]) -> str:
        """Return the story of a case; `names` are the names of its persons as they are written there."""
        russian = language == "ru"
        openings, places, closings = (
            (_OPENINGS_RU, _PLACES_RU, _CLOSINGS_RU) if russian else (_OPENINGS_EN, _PLACES_EN, _CLOSINGS_EN)
        )
        first = case.people[0]
        parts = [self._dice.pick(openings).format(name=names[0], age=_age(first, russian))]
        settlement = case.settlement[0 if russian else 1]
        if settlement:
            parts.append(self._dice.pick(places).format(place=settlement))
        parts.append(
            ("Сообщает: " if russian else "Reports: ") + self._words("act", first.acts, language) + "."
        )
        who = self._words("relationship", first.relationships, language)
        if who:
            parts.append(("Кто: " if russian else "By: ") + who + ".")
        if len(names) > 1:
            parts.append(("С ней: " if russian else "With her: ") + ", ".join(names[1:]) + ".")
        parts.append(self._dice.pick(closings).format(phone=f"+7{first.person.phone}"))
        return ("\n" if self._dice.chance(0.08) else " ").join(parts)

    def _words(self, code_list: str, codes: tuple[str, ...], language: str) -> str:
        return ", ".join(self._book.label(code_list, code, language).lower() for code in codes)


def _age(one: Involvement, russian: bool) -> str:
    if one.age is None:
        return "возраст не назван" if russian else "age not given"
    return f"возраст {one.age}" if russian else f"aged {one.age}"
