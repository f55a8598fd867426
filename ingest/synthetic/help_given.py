"""Requests for help: what was asked, when, what came of it, what it cost, and by which way people left."""

from datetime import date, datetime, timedelta

from .dice import Dice
from .model import Help
from .skew import COSTS, STATUSES

_MET_BY_US = "provided"
_ANSWERED = ("provided", "referred", "received_elsewhere", "declined", "unavailable", "no_funds")
_LEAVING = ("ticket", "relocation_abroad", "relocation_domestic", "transport_other")
_CITIES = ("Ереван", "Тбилиси", "Алматы", "Стамбул", "Белград", "Берлин", "Варшава", "Бишкек")
_COUNTRIES = ("Армения", "Грузия", "Казахстан", "Турция", "Сербия", "Германия", "Польша", "Киргизия")
_STARTS = ("Махачкала", "Минеральные Воды", "Владикавказ", "Назрань", "Грозный", "Москва", "Нальчик")
_POINTS = (
    "КПП Верхний Ларс",
    "КПП Яраг-Казмаляр",
    "аэропорт Внуково, терминал А",
    "КПП Сагарчин",
    "аэропорт Пулково",
)
_HOUSES = (
    "Дом «Ласточка»",
    "Приют «Тихая гавань»",
    "Квартира «Северная»",
    "Хостел «Третий этаж»",
    "Дом «Гранат»",
)
_HELPERS = (
    "Кабинет «Опора»",
    "Бюро «Второе мнение»",
    "Клиника «Ясень»",
    "Коллегия «Довод»",
    "Группа «Попутчик»",
)


class HelpMaker:
    """Draws the requests of one person; money gets scarcer over the years."""

    def __init__(self, dice: Dice, start: date, today: date) -> None:
        """Draw with `dice` for cases reported from `start` to `today`."""
        self._dice = dice
        self._start = start
        self._today = datetime(today.year, today.month, today.day, 23, 59)
        self._days = max((today - start).days, 1)

    def requests(self, reported: date, needs: tuple[str, ...]) -> list[Help]:
        """Return the requests of a person who came on a day with needs typical of her situation."""
        dice = self._dice
        count = dice.weighted({0: 17.0, 1: 38.0, 2: 28.0, 3: 17.0})
        wanted: list[str] = []
        while len(wanted) < count:
            need = dice.pick(needs) if dice.chance(0.8) else dice.pick(tuple(COSTS))
            if need not in wanted:
                wanted.append(need)
        return [self._request(need, reported) for need in wanted]

    def _request(self, need: str, reported: date) -> Help:
        dice = self._dice
        asked = datetime(
            reported.year, reported.month, reported.day, dice.between(0, 23), dice.between(0, 59)
        )
        asked = min(asked + timedelta(days=dice.weighted({0: 70, 3: 12, 12: 10, 40: 8})), self._today)
        share_gone = (reported - self._start).days / self._days
        status = dice.weighted({**STATUSES, "no_funds": STATUSES["no_funds"] * (0.35 + 1.6 * share_gone)})
        answered = None
        if status in _ANSWERED and dice.chance(0.93):
            hours = dice.lognormal(9.0, 1.7)
            answered = min(asked + timedelta(minutes=round(hours * 60)), self._today)
        median, sigma = COSTS[need]
        cost = None
        if status == _MET_BY_US and median and dice.chance(0.9):
            cost = round(
                dice.lognormal(median, sigma) * (8 if dice.chance(0.01) else 1), 2 if dice.chance(0.1) else -1
            )
        urgency = dice.weighted({"urgent": 32, "high": 22, "normal": 30, "": 16})
        return Help(need, status, urgency, asked, answered, cost, self._operational(need, asked))

    def _operational(self, need: str, asked: datetime) -> dict[str, str]:
        dice, found = self._dice, {}
        if need in _LEAVING and dice.chance(0.75):
            start, end = dice.pick(_STARTS), dice.between(0, len(_CITIES) - 1)
            abroad = need in ("ticket", "relocation_abroad")
            goal = _CITIES[end] if abroad else "Нижний Новгород"
            found["route"] = f"{start} — Самара — {goal}, рейс {dice.between(1000, 9999)}"
            found["ticket_from"], found["ticket_to"] = f"{start}, вокзал", f"{goal}, центр"
            found["travel_date"] = (asked.date() + timedelta(days=dice.between(1, 9))).isoformat()
            if abroad:
                found["destination"] = f"{goal}, {_COUNTRIES[end]}"
                found["border_point"] = dice.pick(_POINTS)
        if need in ("shelter", "hostel", "rent"):
            found["provider"] = f"{dice.pick(_HOUSES)}, № {dice.between(2, 40)}"
        elif dice.chance(0.3):
            found["provider"] = f"{dice.pick(_HELPERS)}, договор {dice.digits(4)}"
        if "provider" in found and dice.chance(0.6):
            found["provider_city"] = f"г. {dice.pick(_STARTS[:3])}"
        if dice.chance(0.5):
            found["fund_id"] = f"ФОНД-{dice.between(1, 9):03d}"
        return found
