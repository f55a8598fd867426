"""Messy files of layouts that no declaration knows, made from a seed: what a data officer may bring.

Nobody in them exists. Each maker writes one file and returns its number of data rows.
"""

import csv
import datetime
import random
from collections.abc import Callable
from pathlib import Path

_GIVEN = ("Зарема", "Мадина", "Патимат", "Луиза", "Амина", "Хеда", "Марьям", "Аминат", "Залина", "Тамара")
_SURNAMES = (
    "Вымышлова",
    "Примерова",
    "Образцова",
    "Условная",
    "Тестова",
    "Макетова",
    "Шаблонова",
    "Выдумкина",
)
_PLACES = (
    "Грозный",
    "г. Грозный",
    "в Хасавюрте",
    "Махачкала",
    "г.Назрань",
    "с. Ачхой-Мартан",
    "Урус-Мартан",
    "Чечня, Гудермес",
    "Нальчик",
    "Дагестан, с. Ботлих",
    "Владикавказ",
)
_ACTS = (
    "побои",
    "Побои, избиение",
    "угрозы",
    "угрозы убийством",
    "заперли дома",
    "отобрали телефон",
    "принудительный брак",
    "слежка",
    "оскорбления",
    "скандал дома",
)
_WHO = ("отец", "муж", "бывший муж", "брат", "братья", "свекровь", "дядя", "мать", "полиция", "сожитель")
_NEEDS = ("психолог", "юрист", "шелтер", "билет", "врач", "деньги", "консультация")
_ENGLISH_ACTS = ("beating", "threats", "locked up", "forced marriage", "phone taken", "humiliation")
_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def _day(chance: random.Random) -> datetime.date:
    return datetime.date(2023, 1, 1) + datetime.timedelta(days=chance.randrange(900))


def _written(day: datetime.date, chance: random.Random) -> str:
    kind = chance.randrange(12)
    if kind < 7:
        return f"{day:%d.%m.%Y}"
    if kind < 9:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year} г."
    return chance.choice((f"{day:%m.%Y}", f"около {day:%m.%Y}", f"{day:%d.%m.%y}", f"весна {day.year}"))


def _age(chance: random.Random) -> str:
    years = chance.randrange(16, 52)
    return chance.choice((str(years), str(years), f"{years} лет", f"{years},0", "девятнадцать"))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_SURNAMES)} {chance.choice(_GIVEN)}"


def _phone(chance: random.Random) -> str:
    first, second, third, fourth = (chance.randrange(10, 99) for _ in range(4))
    return f"8 9{first} 5{second}-{third}-{fourth}"


def _russian_row(number: int, chance: random.Random) -> dict[str, str]:
    day = _day(chance)
    reported = day + datetime.timedelta(days=chance.randrange(1, 60))
    return {
        "Шифр": f"К-{number:04d}",
        "Дата обращения": f"{reported:%d.%m.%Y}",
        "Дата происшествия": _written(day, chance),
        "ФИО пострадавшей": _name(chance),
        "Телефон": _phone(chance),
        "Возраст (лет)": _age(chance),
        "Пол": chance.choice(("ж", "Ж", "жен.", "женский")),
        "Населённый пункт": chance.choice(_PLACES),
        "Что произошло": ", ".join(chance.sample(_ACTS, chance.randrange(1, 3))).replace(
            "Побои, избиение", "побои"
        ),
        "Кто причинил вред": chance.choice(_WHO),
        "Нужна помощь": chance.choice(_NEEDS),
        "Сумма, руб.": chance.choice(("", "12 500,50", "3 000", "5 тыс.", "700")),
        "Согласие на статистику": chance.choice(("да", "да", "да", "нет", "не спросили")),
        "Рассказ": "Вымышленный рассказ. " * chance.randrange(1, 9),
        "Куратор": chance.choice(("А.", "Б.", "В.")),
        "Координаты": f"43.{chance.randrange(10000, 99999)}, 45.{chance.randrange(10000, 99999)}",
        "Цвет папки": chance.choice(("зелёная", "синяя")),
    }


def write_unknown_workbook(path: Path, *, rows: int = 120, seed: int = 7) -> int:
    """Write a Russian workbook of one sheet, one row a case: two rows cannot be taken, two are one case."""
    import openpyxl

    chance = random.Random(seed)
    made = [_russian_row(number, chance) for number in range(1, rows + 1)]
    made[3]["Дата происшествия"] = "31.02.2023"
    made[8]["Населённый пункт"] = "Кизляр"
    made[30] = {**made[20], "Шифр": made[30]["Шифр"], "Куратор": "Г."}
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Лист1"
    sheet.append(list(made[0]))
    for one in made:
        sheet.append(list(one.values()))
    workbook.save(path)
    return rows


def write_cp1251_csv(path: Path, *, rows: int = 80, seed: int = 8) -> int:
    """Write a CSV of an old Windows program: cp1251, semicolons, ticks for acts, no column of consent."""
    chance = random.Random(seed)
    header = [
        "№ п/п",
        "Номер дела",
        "Дата",
        "Заявитель ФИО",
        "Дата рождения",
        "Пол",
        "Район",
        "Регион",
        "Побои",
        "Угрозы",
        "Изнасилование",
        "Агрессор",
        "Расходы",
        "Примечание",
    ]
    with path.open("w", encoding="cp1251", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        for number in range(1, rows + 1):
            day = _day(chance)
            born = datetime.date(
                chance.randrange(1975, 2005), chance.randrange(1, 13), chance.randrange(1, 29)
            )
            ticks = [chance.choice(("1", "0")) for _ in range(3)]
            writer.writerow(
                [
                    number,
                    f"{number}/{day.year}",
                    f"{day:%d.%m.%Y}",
                    _name(chance),
                    f"{born:%d.%m.%Y}",
                    "Ж",
                    chance.choice(("Шалинский", "Ботлихский")),
                    chance.choice(("Чечня", "Дагестан", "ЧР")),
                    *ticks,
                    chance.choice(_WHO),
                    chance.choice(("", "1500,00", "20000")),
                    "-",
                ]
            )
    return rows


def write_titled_workbook(path: Path, *, rows: int = 60, seed: int = 9) -> int:
    """Write a workbook with titles above its header, help on a second sheet and a sheet that is no table."""
    import openpyxl

    chance = random.Random(seed)
    workbook = openpyxl.Workbook()
    cases = workbook.active
    cases.title = "Случаи"
    cases.append(["Журнал обращений"])
    cases.append([])
    cases.append(["за 2023-2025 гг.", None, "для служебного пользования"])
    cases.append(
        [
            "Код случая",
            "Когда произошло",
            "Город/село",
            "Возраст",
            "Пол",
            "Вид насилия",
            "Обидчик",
            "Сем. положение",
            "Дети",
            "Согласие",
            "Кто внёс",
        ]
    )
    needs = workbook.create_sheet("Помощь")
    needs.append(["Код случая", "Вид помощи", "Статус", "Сумма", "Дата"])
    for number in range(1, rows + 1):
        day = _day(chance)
        code = f"2024-{number:03d}"
        cases.append(
            [
                code,
                day,
                chance.choice(_PLACES),
                chance.randrange(17, 60),
                "Ж",
                "; ".join(chance.sample(_ACTS[:8], 2)).replace("Побои, избиение", "побои"),
                chance.choice(_WHO),
                chance.choice(("замужем", "разведена", "не замужем")),
                chance.choice((0, 1, 2, "нет")),
                chance.choice(("да", "нет")),
                "Н.",
            ]
        )
        for _ in range(chance.randrange(3)):
            needs.append(
                [
                    code,
                    chance.choice(_NEEDS),
                    chance.choice(("оказано", "нет средств", "передано")),
                    chance.choice((1500, 20000, None)),
                    day + datetime.timedelta(days=3),
                ]
            )
    workbook.create_sheet("Справочник").append(["Коды видов насилия см. в инструкции"])
    workbook.save(path)
    return rows


def write_persons_csv(path: Path, *, cases: int = 60, seed: int = 10) -> int:
    """Write an English CSV, one row a person of a case, dates with slashes and the day first."""
    chance = random.Random(seed)
    header = [
        "Case No.",
        "Person",
        "Incident date",
        "Town",
        "Victim age",
        "Victim sex",
        "What happened",
        "Perpetrator",
        "Help needed 1",
        "Help needed 2",
        "Consent to statistics",
        "Case worker",
        "Story",
    ]
    n_rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(1, cases + 1):
            day, town = (
                _day(chance),
                chance.choice(("Grozny", "Khasavyurt", "Nalchik", "Makhachkala", "Nazran")),
            )
            story = "An invented account, told over the telephone and written down by nobody at all."
            for person in range(1, chance.choice((1, 1, 2, 3)) + 1):
                writer.writerow(
                    [
                        f"C{number:03d}",
                        person,
                        f"{day:%d/%m/%Y}",
                        town,
                        chance.randrange(14, 60),
                        chance.choice("FFFM"),
                        " | ".join(chance.sample(_ENGLISH_ACTS, 2)),
                        chance.choice(("father", "husband", "brother", "Police")),
                        chance.choice(("doctor", "lawyer", "")),
                        chance.choice(("", "shelter")),
                        chance.choice(("yes", "yes", "no")),
                        "K.",
                        story,
                    ]
                )
                n_rows += 1
    return n_rows


MAKERS: dict[str, Callable[[Path], int]] = {
    "workbook.xlsx": write_unknown_workbook, "old.csv": write_cp1251_csv,
    "titled.xlsx": write_titled_workbook, "persons.csv": write_persons_csv,
}  # fmt: skip
