"""Invented case files of any length for the benchmark of ingest: 25 columns, some rows faulty.

The same seed writes the same file, row by row, so that the writer needs no memory. Nobody in it exists.
"""

import csv
import random
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from string import ascii_uppercase
from xml.sax.saxutils import escape

FAULTY_SHARE = 0.03  # of the rows, 0..1: an unknown region, an impossible date, two ages in one cell
RETURNING_SHARE = 0.04  # of the rows, 0..1: the person of an earlier case, with a new case

DECLARATION = """
name: casefile
version: "1"
description: Case file of 25 columns, one row per case
format: {format}
language: ru
recognise: [Case, Happened on, Harmed by]
key: [Case]
columns:
  Case: incident.external_id
  Happened on: incident.date_incident
  Reported on: incident.date_report
  Region: incident.region
  Settlement: incident.settlement
  Place: incident.place_type
  Acts: {{field: act.act_code, separator: ";"}}
  Harmed by: act.relationship
  Perpetrators: incident.number_perpetrators
  Motive: {{field: incident.motive, separator: ";"}}
  Name: person.name
  Phone: person.phone
  Age: person.age
  Sex: person.sex
  Marital status: person.marital
  Children: person.children
  Consent: {{consent: statistics}}
  Consent by: consent.given_by
  Consent on: consent.date_consent
  Checked: incident.verification
  Public: incident.public_exposure
  Need: request.need
  Status: request.status
  Cost: request.cost
  Account: incident.narrative
"""
COLUMNS = (
    "Case", "Happened on", "Reported on", "Region", "Settlement", "Place", "Acts", "Harmed by",
    "Perpetrators", "Motive", "Name", "Phone", "Age", "Sex", "Marital status", "Children", "Consent",
    "Consent by", "Consent on", "Checked", "Public", "Need", "Status", "Cost", "Account",
)  # fmt: skip
NUMBERS = frozenset({"Perpetrators", "Age", "Children", "Cost"})  # kept as numbers in a workbook
FIRST_DAY = date(2016, 1, 1)
DAYS = 3_600

_SETTLEMENTS = {
    "Дагестан": ("Махачкала", "Дербент", "Хасавюрт", "Каспийск", "Буйнакск", "Избербаш", "Кизляр"),
    "Чеченская Республика": ("Грозный", "Гудермес", "Аргун", "Урус-Мартан", "Шали"),
    "Республика Ингушетия": ("Назрань", "Магас", "Карабулак", "Малгобек"),
    "Кабардино-Балкарская Республика": ("Нальчик", "Прохладный", "Баксан"),
    "Ставропольский край": ("Ставрополь", "Пятигорск", "Кисловодск", "Невинномысск"),
    "Краснодарский край": ("Краснодар", "Сочи", "Армавир", "Новороссийск"),
}
_PLACES = ("home", "perp_home", "relative_home", "street", "work", "online", "Не указано", "school")
_ACTS = ("assault_minor", "assault_serious", "confinement_home", "isolation", "forced_marriage", "rape",
         "documents_taken", "forced_marriage_planned", "forced_return")  # fmt: skip
_RELATIONSHIPS = ("Отец", "Брат", "Мать", "Дядя", "partner", "ex_partner", "in_law", "police", "Неизвестно")
_MOTIVES = ("gender", "honour", "escape_attempt", "religion_belief", "none")
_STEMS = ("Ахм", "Басх", "Вис", "Гол", "Дад", "Езир", "Жам", "Зак", "Ибр", "Кан", "Лат", "Мут", "Нас", "Орц",
          "Пат", "Рам", "Сад", "Тур", "Умх", "Хаз", "Чер", "Шам", "Эдил", "Юсх", "Яхъ")  # fmt: skip
_MIDDLES = ("ед", "ах", "ит", "об", "ул", "ар", "ин", "ом", "аз", "ел", "уш", "ир", "ат", "ур", "им", "ож")
_GIVEN = ("Айна", "Амина", "Асият", "Барият", "Заира", "Зарема", "Камила", "Лаура", "Луиза", "Мадина",
          "Малика", "Марьям", "Милана", "Патимат", "Раиса", "Салима", "Седа", "Тамила", "Фатима", "Хава",
          "Эльмира", "Яха", "Руслан", "Тимур", "Адам", "Ислам")  # fmt: skip
_SENTENCES = (
    "Обратилась по линии помощи вечером.", "Просит не перезванивать домой.", "Документы остались у отца.",
    "Родственники ищут её по знакомым.", "Живёт у подруги, без денег и телефона.", "Нужна помощь с выездом.",
    "Разговор прерван, перезвонить позже.", "Второе обращение за этот год.", "Фото сохранены у знакомой.",
    "Полиция заявление не приняла.", "Боится, что её вернут силой.", "Учёба прервана против её воли.",
)  # fmt: skip


def case_rows(count: int, seed: int = 7) -> Iterator[list[str]]:
    """Yield the cells of `count` cases in the order of `COLUMNS`."""
    dice = random.Random(seed)
    returning: list[tuple[str, str, str]] = []
    for number in range(1, count + 1):
        if returning and dice.random() < RETURNING_SHARE:
            name, phone, sex = returning[dice.randrange(len(returning))]
        else:
            name, phone, sex = _person(dice)
            if len(returning) < 1_000:
                returning.append((name, phone, sex))
        yield _with_fault(_case(dice, number, name, phone, sex), dice)


def _person(dice: random.Random) -> tuple[str, str, str]:
    given = dice.choice(_GIVEN)
    surname = dice.choice(_STEMS) + dice.choice(_MIDDLES) + dice.choice(_MIDDLES)
    male = given in _GIVEN[-4:]
    phone = f"+7 9{dice.randrange(100):02d} {dice.randrange(1000):03d}-{dice.randrange(10_000):04d}"
    return f"{surname}{'ов' if male else 'ова'} {given}", phone, "м" if male else "ж"


def _case(dice: random.Random, number: int, name: str, phone: str, sex: str) -> list[str]:
    region = dice.choice(list(_SETTLEMENTS))
    happened = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    reported = happened + timedelta(days=dice.randrange(60))
    consents = dice.random() < 0.8
    acts = dict.fromkeys(dice.choices(_ACTS, k=dice.choice((1, 1, 2))))
    account = " ".join(dice.sample(_SENTENCES, 3))
    return [
        f"К-{happened.year}-{number:07d}", happened.strftime("%d.%m.%Y"), reported.strftime("%d.%m.%Y"),
        region, dice.choice(_SETTLEMENTS[region]), dice.choice(_PLACES), ";".join(acts),
        dice.choice(_RELATIONSHIPS), str(dice.choice((1, 1, 1, 2))), dice.choice(_MOTIVES), name, phone,
        str(dice.randrange(12, 60)), sex, dice.choice(("single", "married", "separated", "Не в браке")),
        str(dice.choice((0, 0, 1, 2, 3))),
        "да" if consents else "нет", "self" if consents else "", reported.isoformat() if consents else "",
        dice.choice(("unverified", "single_source", "corroborated")), "нет",
        dice.choice(("ticket", "legal_consult", "medical", "psych_crisis", "rent", "cash")),
        dice.choice(("provided", "requested", "no_funds", "referred")), str(500 * dice.randrange(1, 80)),
        f"{account} ({number})",
    ]  # fmt: skip


def _with_fault(cells: list[str], dice: random.Random) -> list[str]:
    if dice.random() < FAULTY_SHARE:
        column, value = dice.choice(
            (("Region", "область неизвестная"), ("Happened on", "31.02.2021"), ("Age", "30-35"))
        )
        cells[COLUMNS.index(column)] = value
    return cells


def write_csv(path: Path, count: int, seed: int = 7) -> None:
    """Write a case file as CSV (UTF-8, comma)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(case_rows(count, seed))


def write_xlsx(path: Path, count: int, seed: int = 7) -> None:
    """Write a case file as a workbook of one sheet, its texts in the sheet itself."""
    numeric = [column in NUMBERS for column in COLUMNS]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_HEAD.encode())
            sheet.write(_xml_row(1, list(COLUMNS), [False] * len(COLUMNS)))
            for number, cells in enumerate(case_rows(count, seed), start=2):
                sheet.write(_xml_row(number, cells, numeric))
            sheet.write(b"</sheetData></worksheet>")


def _xml_row(number: int, cells: list[str], numeric: list[bool]) -> bytes:
    """Return a row as spreadsheet programs write it, each cell with its place."""
    parts = [f'<row r="{number}">']
    for letter, cell, is_number in zip(ascii_uppercase, cells, numeric, strict=False):
        if is_number and cell.isdigit():
            parts.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
        elif cell:
            parts.append(f'<c r="{letter}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        else:
            parts.append(f'<c r="{letter}{number}"/>')
    parts.append("</row>")
    return "".join(parts).encode()


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_HEAD = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
_PARTS = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Cases" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
