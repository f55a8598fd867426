"""Exact dates, times and ages in Russian and English, in digits, words and Latin letters."""

import re
from collections.abc import Iterator

from .spans import Certainty, Span

_MONTH = (
    r"(?:январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|август[ае]?|сентябр[ьяе]|октябр[ьяе]|"
    r"ноябр[ьяе]|декабр[ьяе])"
)
_MONTH_EN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_MONTH_LATIN = (
    r"(?:yanvar|ianvar|fevral|mart|aprel|ma[yij]|i?[yij]u?n|i?[yij]u?l|avgust|sentyabr|sentiabr|oktyabr|oktiabr|"
    r"noyabr|noiabr|dekabr)[yi]?[ae]\b"
)
_YEAR = r"(?:\s*,?\s*(?:19|20)\d{2}(?:-?го\b)?(?:\s?(?:г\.|года|году|год\b))?|\s*'?\d{2}\s?г\.)?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:-?(?:го|е|ое|st|nd|rd|th))?"
_CLOCK = r"(?:[01]?\d|2[0-4])"
_WEEKDAY = (
    r"(?:понедельник|вторник|сред[уы]|четверг|пятниц[уы]|суббот[уы]|воскресенье|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday)"
)
# What may stand before a date and belongs to it.
_BEFORE = rf"(?:(?:{_WEEKDAY}|утром|днём|днем|вечером|ночью|the),?\s)?"
_DATES: tuple[str, ...] = (
    rf"\b{_DAY}\s?[./-]\s?(?:0?[1-9]|1[0-2])\s?[./-]\s?(?:(?:19|20)\d{{2}}|\d{{2}})(?:\s?(?:г\.|года))?(?!\d)",
    r"\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d{2}\b",
    r"\b(?:19|20)\d{2}\s?[./-]\s?(?:0?[1-9]|1[0-2])\s?[./-]\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)",
    rf"\b(?:с\s|from\s|between\s)?{_DAY}\s(?:по|до|to|and|-|–|—)\s{_DAY}\s(?:of\s)?(?:{_MONTH}|{_MONTH_EN}){_YEAR}",
    rf"\b{_BEFORE}{_DAY}\s(?:of\s)?{_MONTH}{_YEAR}",
    rf"\b{_BEFORE}{_DAY}\s(?:of\s)?{_MONTH_EN}{_YEAR}",
    rf"\b{_DAY}\s{_MONTH_LATIN}{_YEAR}",
    rf"\b(?-i:[A-Z]){_MONTH_EN[0:0]}(?<=[A-Z])(?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)[a-z]*\.?\s{_DAY}\b{_YEAR}",
    rf"\b{_MONTH}\s(?:19|20)\d{{2}}(?:-?го\b)?(?:\s?(?:г\.|года))?",
    rf"\b{_MONTH_EN}\s(?:19|20)\d{{2}}\b",
    rf"(?<=\bв\s){_MONTH}\b",
    r"(?<=\b[Ii]n\s)(?-i:January|February|March|April|May|June|July|August|September|October|November|December)\b",
    r"\b(?:[12]?\d|3[01])(?:-?(?:го|ого))?\sчисла\b",
    rf"\b{_WEEKDAY},?\s(?:[12]?\d|3[01])-?го\b",
    rf"\b(?:{_WEEKDAY}),?\s(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\b",
    rf"\b{_BEFORE}(?:0?[1-9]|[12]\d|3[01])-?го\b",
    r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2]|[1-9])(?![\d%])(?!\.\d)(?!\s?(?:тыс|млн|%|руб|час|кг|км))",
    r"\b(?:19|20)\d{2}(?:-го|\s?г\.|\s(?:года|г))?\s?(?:р\.|рожд\w*)",
    r"\bborn in (?:19|20)\d{2}\b",
)
_TIMES: tuple[str, ...] = (
    rf"\b{_CLOCK}[:.][0-5]\d\s?(?:[ap]\.?m\.?\b|час\w*|ч\.)",
    rf"\b{_CLOCK}:[0-5]\d(?::[0-5]\d)?\b",
    rf"(?<=\bв\s){_CLOCK}[.-][0-5]\d\b(?!\.\d)",
    rf"(?<=,\s){_CLOCK}\.[0-5]\d\b(?!\.\d)",
    rf"\b{_CLOCK}\s?[ap]\.?m\.?(?!\w)",
    rf"\b(?:в|около|до|после|к)\s{_CLOCK}\s(?:час\w*\s)?(?:утра|вечера|ночи|дня)\b",
    r"\b(?:вчера|сегодня|завтра|послезавтра)\sв\s\d{1,2}(?:[:.][0-5]\d)?\b",
    rf"\bat {_CLOCK} o'clock\b",
)
_NUMBER_WORD = (
    r"(?:один|одного|два|две|двух|три|тр[её]х|четыре|четыр[её]х|пять|пяти|шесть|шести|семь|семи|восемь|восьми|"
    r"девять|девяти|десять|десяти|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцат[ьи]|двадцат[ьи]|"
    r"тридцат[ьи]|сорок|сорока|пятьдесят|шестьдесят|семьдесят)(?:\s(?:один|два|две|три|четыре|пять|шесть|семь|"
    r"восемь|девять))?"
)
_NUMBER_WORD_EN = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy)(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_YEARS = r"(?:-?(?:ти|и)?\s?(?:лет(?:н\w+)?|год(?:а|ик\w*)?|годков|let|goda?)\b)"
_TO_WHOM = (
    r"(?:мне|ему|ей|ему|тебе|нам|им|старш(?:ей|ему)|младш(?:ей|ему)|дочк[еи]|дочери|сыну|сестре|брату|мужу|маме|"
    r"девочке|мальчику|ребенку|ребёнку)"
)
_AGES: tuple[tuple[str, Certainty], ...] = (
    (
        rf"\b{_TO_WHOM}\s(?:всего\s|только\s|было\s|уже\s|сейчас\s|исполнилось\s)?"
        rf"(?P<age>(?:\d{{1,2}}|полтора|{_NUMBER_WORD}){_YEARS}|\d{{1,2}}(?!\d)|{_NUMBER_WORD}(?=\s?[,.;)]|$))",
        Certainty.PATTERN,
    ),
    (rf"(?<=\()(?P<age>\d{{1,2}}{_YEARS}?)(?=[),;])", Certainty.PATTERN),
    (rf"(?<=[,(]\s)(?P<age>\d{{1,2}}{_YEARS}?)(?=\s?[,.;)])", Certainty.PATTERN),
    (r"(?<=[\w])\s(?P<age>\d{1,2})(?=\s(?:живу|из|учусь)\b)", Certainty.PATTERN),
    (rf"\b(?P<age>\d{{1,2}}{_YEARS})(?!\s(?:назад|спустя|подряд|тюрьмы))", Certainty.PATTERN),
    (
        rf"(?P<age>(?:полтора|{_NUMBER_WORD}){_YEARS})(?=\s?[,.;)])(?!\s(?:назад|спустя|подряд))",
        Certainty.UNSURE,
    ),
    (rf"(?:\b(?:с|в)\s)(?P<age>(?:{_NUMBER_WORD}){_YEARS})", Certainty.UNSURE),
    (rf"\b(?P<age>(?:\d{{1,2}}|{_NUMBER_WORD_EN})[\s-]years?[\s-]old)\b", Certainty.PATTERN),
    (r"\b(?:возраст\w{0,2}|age)[:\s-]{1,3}(?P<age>\d{1,2})\b", Certainty.PATTERN),
    (rf"\b(?P<age>aged?\s(?:of\s)?(?:\d{{1,2}}|{_NUMBER_WORD_EN}))\b", Certainty.PATTERN),
    (
        rf"\b(?:I am|I'm|he is|she is|is|was|turned)\s(?:only\s|just\s)?(?P<age>\d{{1,2}}|{_NUMBER_WORD_EN})"
        r"(?=\s?[,.;)]|\sand\b|\swhen\b|$)",
        Certainty.PATTERN,
    ),
    (rf"(?<=,\s)(?P<age>\d{{1,2}}|{_NUMBER_WORD})(?=[,.])", Certainty.PATTERN),
    (r"\b(?-i:[А-ЯЁA-Z])[\w-]+\s(?P<age>\d{1,2})(?=[,.;](?:\s|$))", Certainty.PATTERN),
)
_DATE_RULES = tuple(re.compile(one, re.IGNORECASE) for one in _DATES)
_TIME_RULES = tuple(re.compile(one, re.IGNORECASE) for one in _TIMES)
_AGE_RULES = tuple((re.compile(one, re.IGNORECASE), certainty) for one, certainty in _AGES)


def find_moments(text: str) -> Iterator[Span]:
    """Yield exact dates, times of day, and ages; a year alone and "three days ago" are left."""
    for rule in _DATE_RULES:
        for found in rule.finditer(text):
            yield Span(found.start(), found.end(), "date", Certainty.PATTERN)
    for rule in _TIME_RULES:
        for found in rule.finditer(text):
            yield Span(found.start(), found.end(), "time", Certainty.PATTERN)
    for rule, certainty in _AGE_RULES:
        for found in rule.finditer(text):
            group = "age" if found["age"] else 0
            yield Span(found.start(group), found.end(group), "age", certainty)
