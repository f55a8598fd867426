"""Words by which dates are written: months, seasons, parts of a period, in English and Russian.

Tables only; `dates.py` reads with them. All words are folded.
"""

import re

_STEMS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12, "янв": 1, "фев": 2, "февр": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "мае": 5,
    "июн": 6, "июл": 7, "авг": 8, "сен": 9, "сент": 9, "окт": 10, "ноя": 11, "нояб": 11, "дек": 12,
}  # fmt: skip
_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_RUSSIAN = (
    "январь января январе январем январю", "февраль февраля феврале февралем февралю",
    "март марта марте мартом марту", "апрель апреля апреле апрелем апрелю", "май мая мае маем маю",
    "июнь июня июне июнем июню", "июль июля июле июлем июлю", "август августа августе августом августу",
    "сентябрь сентября сентябре сентябрем сентябрю", "октябрь октября октябре октябрем октябрю",
    "ноябрь ноября ноябре ноябрем ноябрю", "декабрь декабря декабре декабрем декабрю",
)  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
MONTHS = {
    **_STEMS,
    "sept": 9,
    **{name: number for number, name in enumerate(_ENGLISH, start=1)},
    **{name: number for number, names in enumerate(_RUSSIAN, start=1) for name in names.split()},
}
ROMAN = {numeral: number for number, numeral in enumerate(_ROMAN, start=1)}

# Season -> first month; a winter has two years and is read only where both are named.
SEASONS = {
    "весна": 3, "весной": 3, "весны": 3, "весне": 3, "весну": 3, "spring": 3,
    "лето": 6, "летом": 6, "лета": 6, "лете": 6, "summer": 6,
    "осень": 9, "осенью": 9, "осени": 9, "autumn": 9, "fall": 9,
    "зима": 12, "зимой": 12, "зимы": 12, "зиме": 12, "зиму": 12, "winter": 12,
}  # fmt: skip
WINTER = 12

# Part of a period -> (which one, of how many equal parts).
PARTS = {
    "начало": (1, 3), "начале": (1, 3), "начала": (1, 3), "beginning of": (1, 3), "start of": (1, 3),
    "early": (1, 3), "нач": (1, 3),
    "середина": (2, 3), "середине": (2, 3), "середины": (2, 3), "middle of": (2, 3), "mid": (2, 3),
    "конец": (3, 3), "конце": (3, 3), "конца": (3, 3), "end of": (3, 3), "late": (3, 3),
    "первая половина": (1, 2), "первой половине": (1, 2), "1-я половина": (1, 2), "first half of": (1, 2),
    "вторая половина": (2, 2), "второй половине": (2, 2), "2-я половина": (2, 2), "second half of": (2, 2),
    "первая декада": (1, 3), "вторая декада": (2, 3), "третья декада": (3, 3),
}  # fmt: skip
PART = re.compile(
    rf"(?:the )?({'|'.join(sorted(map(re.escape, PARTS), key=len, reverse=True))})\.?[\s-]+(?:the )?(.+)"
)
QUARTER_WORD = r"(?:кв\.?|квартал[еа]?|q|quarter(?: of)?)"
_WEEKDAYS = (
    "понедельник", "вторник", "среда", "среду", "четверг", "пятница", "пятницу", "суббота", "субботу",
    "воскресенье", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
)  # fmt: skip
WEEKDAY = re.compile(rf"^(?:{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\.?(?:,\s*|\s+)")
ABOUT = re.compile(
    r"^(?:около|примерно|ориентировочно|приблизительно|предположительно|about|approx(?:imately)?\.?|circa|ca\.?|"
    r"around|~|≈)\s*"
)
UNKNOWN = frozenset(
    {
        "?", "??", "???", "неизвестно", "не помнит", "не известно", "не знает", "нет данных", "unknown",
        "not known", "н/д", "n/a",
    }
)  # fmt: skip
