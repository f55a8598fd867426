"""Every word of the pictures and pages that is not in a release or a declaration, in both languages."""

from .published import Bilingual

WORDS: dict[str, Bilingual] = {
    "withheld": Bilingual("withheld", "скрыто"),
    "not_prevalence": Bilingual(
        "Documented cases, not prevalence.", "Задокументированные случаи, не распространённость."
    ),
    "rounded": Bilingual(
        "Rounded to {base}: the true count is within {less} of the number printed; 0 stands for 0 to {less}.",
        "Округлено до {base}: истинное число отличается не более чем на {less}; 0 означает от 0 до {less}.",
    ),
    "rounded_sensitive": Bilingual(
        "† Sensitive: rounded to {base}, within {less}; 0 stands for 0 to {less}.",
        "† Особо чувствительные: округлено до {base}, в пределах {less}; 0 означает от 0 до {less}.",
    ),
    "zero_line": Bilingual(
        "A printed 0 has no point, only the band from 0 to {less}.",
        "У напечатанного 0 нет точки, только полоса от 0 до {less}.",
    ),
    "strip": Bilingual(
        "A light strip shows where the true count lies; a strip without a bar is a printed 0.",
        "Светлая полоска показывает, где лежит истинное число; полоска без столбца: напечатанный 0.",
    ),
    "strip_money": Bilingual(
        "A light strip shows where the true amount lies.",
        "Светлая полоска показывает, где лежит истинная сумма.",
    ),
    "shares": Bilingual(
        "Shares are whole percents of the published numbers. A line under a boundary shows where it can lie.",
        "Доли: целые проценты от опубликованных чисел. Черта под границей: где она может проходить.",
    ),
    "too_few": Bilingual("too few to show shares", "слишком мало, чтобы показать доли"),
    "out_of": Bilingual("of {whole}", "из {whole}"),
    "rounded_money": Bilingual(
        "Amounts are rounded to {base}: the true amount is within {within} of the one printed.",
        "Суммы округлены до {base}: истинная сумма отличается не более чем на {within}.",
    ),
    "exact": Bilingual("Numbers are not rounded.", "Числа не округлены."),
    "key_withheld": Bilingual(
        "Kept back so that nobody can be recognised; it does not mean zero.",
        "Не публикуется, чтобы никого нельзя было узнать; это не ноль.",
    ),
    "source": Bilingual("Source: {group}, release {release}.", "Источник: {group}, выпуск {release}."),
    "as_of": Bilingual("Data as of {date}.", "Данные на {date}."),
    "rules": Bilingual("Rules {rules}.", "Правила {rules}."),
    "organisations": Bilingual("Contributing organisations: {number}.", "Организаций-участников: {number}."),
    "licence": Bilingual("Licence {licence}.", "Лицензия {licence}."),
    "thousand": Bilingual("thousand {unit}", "тысяч {unit}"),
}


def say(name: str, language: str, **values: object) -> str:
    """Return one text in a language, with its blanks filled.

    >>> say("withheld", "ru")
    'скрыто'
    """
    return WORDS[name].text(language).format(**values)


def number(value: int, language: str) -> str:
    """Write a whole number with the thousands mark of the language.

    >>> number(12500, "en")
    '12,500'
    """
    mark = "\u00a0" if language == "ru" else ","
    return f"{value:,}".replace(",", mark)


def thousands(value: int, language: str) -> str:
    """Write an amount in thousands with no more digits than it has.

    >>> thousands(1_250_000, "en"), thousands(12_500, "ru")
    ('1,250', '12,5')
    """
    whole, rest = divmod(value, 1000)
    if not rest:
        return number(whole, language)
    comma = "," if language == "ru" else "."
    return f"{number(whole, language)}{comma}{rest:03d}".rstrip("0")


def period(start: str, end: str) -> str:
    """Write the years of a period.

    >>> period("2021-01-01", "2025-12-31"), period("2024-01-01", "2024-06-30")
    ('2021–2025', '2024')
    """
    first, last = start[:4], end[:4]
    return first if first == last else f"{first}–{last}"
