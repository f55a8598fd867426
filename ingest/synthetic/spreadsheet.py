"""Write the Russian casebook: one row per person in a case, help on a second sheet, a guide on a third."""

from datetime import date, datetime
from pathlib import Path

from .desk import Desk, Row
from .model import Case, Help, Involvement
from .workbook import save_without_clock

FILE = "casebook_ru.xlsx"
SHEET = "Обращения"
HELP_SHEET = "Помощь"
GUIDE_SHEET = "Справка"
IDENTIFYING = (
    "Дело", "Код лица", "Код семьи", "ФИО", "Телефон", "Телеграм", "Паспорт", "Населённый пункт",
    "Координаты", "Описание", "Сотрудник", "Устройство",
)  # fmt: skip
HELP_IDENTIFYING = (
    "Дело",
    "Кто помог",
    "Город",
    "Маршрут",
    "Билет откуда",
    "Билет куда",
    "Пункт пропуска",
    "Куда уехала",
)
COLUMNS = (
    "Дело", "№ лица", "Код лица", "Код семьи", "ФИО", "Телефон", "Телеграм", "Паспорт", "Дата рождения",
    "Возраст", "Пол", "Ориентация", "Семейное положение", "Дети", "Дата события", "Дата события (до)",
    "Дата обращения", "Регион", "Населённый пункт", "Координаты", "Место", "Время суток", "Что произошло",
    "Кто причинил", "Число причинивших", "Регулярно", "Мотив", "Описание", "Проверка", "Кто сообщил",
    "Согласие: помощь", "Согласие: статистика", "Кем дано", "Опекун", "Дата согласия", "Действует до",
    "Отозвано", "Публичность", "Обращались ещё", "Исход", "Дата исхода", "Обращение в органы",
    "Риск самоубийства", "Сотрудник", "Устройство", "Примечания",
)  # fmt: skip
HELP_COLUMNS = (
    "Дело", "№ лица", "Что нужно", "Статус", "Срочность", "Запрос", "Ответ", "Стоимость", "Валюта",
    "Кто помог", "Город", "Маршрут", "Билет откуда", "Билет куда", "Дата поездки", "Пункт пропуска",
    "Куда уехала", "Фонд",
)  # fmt: skip
_GUIDE = (
    ("Столбец", "Как заполнять"),
    ("Дело", "Код обращения; у всех лиц одного дела одинаковый"),
    ("Дата события", "Точная дата, месяц или год: что известно"),
    ("Согласие: статистика", "Пусто значит не спрашивали"),
)


def write_spreadsheet(directory: Path, desk: Desk) -> Path:
    """Write the casebook and return its path; the same cases give the same bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    main, helps, guide = (book.create_sheet(name) for name in (SHEET, HELP_SHEET, GUIDE_SHEET))
    main.append(COLUMNS)
    helps.append(HELP_COLUMNS)
    for line in _GUIDE:
        guide.append(line)
    for case in desk.turns():
        shared = _case_cells(desk, case)
        for number, one in enumerate(case.people, start=1):
            row = shared | _person_cells(desk, case, one, number)
            desk.values.add_row(row, IDENTIFYING)
            if not case.vanished:
                main.append([_cell(row[column]) for column in COLUMNS])
            for help_ in one.requests:
                help_row = _help_cells(desk, case, number, help_)
                desk.values.add_row(help_row, HELP_IDENTIFYING)
                if not case.vanished:
                    helps.append([_cell(help_row[column]) for column in HELP_COLUMNS])
    path = directory / FILE
    save_without_clock(book, path)
    return path


def _case_cells(desk: Desk, case: Case) -> Row:
    pen = desk.pen
    region, settlement = desk.place(case)
    exact = case.precision == "day" and not case.hopeless and desk.dice.chance(0.6)
    row: Row = {
        "Дело": case.code,
        "Дата события": case.date_from if exact else pen.incident_date(case),
        "Дата события (до)": pen.date_to(case),
        "Дата обращения": case.reported if desk.dice.chance(0.7) else pen.day(case.reported),
        "Регион": region,
        "Населённый пункт": settlement,
        "Координаты": "{:.7f}, {:.7f}".format(*case.coordinates) if case.coordinates else "",
        "Место": pen.code("place_type", case.place_type),
        "Время суток": pen.code("time_of_day", case.time_of_day),
        "Число причинивших": case.number_perpetrators,
        "Регулярно": pen.code("yes_no", case.repeated),
        "Мотив": pen.codes("motive", case.motives, "; "),
        "Описание": desk.story(case),
        "Проверка": pen.code("verification", case.verification),
        "Кто сообщил": pen.code("source_connection", case.connection),
        "Публичность": pen.code("public_exposure", case.exposure),
        "Обращались ещё": pen.code("reported_elsewhere", case.elsewhere),
        "Сотрудник": desk.staff[case.staff],
        "Устройство": f"NB-{case.staff + 1:02d}-{desk.dice.digits(6)}",
        "Примечания": desk.note(),
    }
    return row


def _person_cells(desk: Desk, case: Case, one: Involvement, number: int) -> Row:
    pen, dice, person, consent = desk.pen, desk.dice, one.person, one.consent
    by_birth = one.age is not None and case.precision == "day" and not case.hopeless and dice.chance(0.15)
    age = "" if by_birth else pen.age(case, one.age)
    return {
        "№ лица": number,
        "Код лица": f"ЛИЦО-{person.number:05d}",
        "Код семьи": f"СЕМЬЯ-{person.household:05d}",
        "ФИО": desk.name(one),
        "Телефон": desk.phone(one),
        "Телеграм": desk.handle(one),
        "Паспорт": person.document if dice.chance(0.3) else "",
        "Дата рождения": person.birth if by_birth else None,
        "Возраст": int(age) if age.isdigit() else age,
        "Пол": pen.code("sex", person.sex),
        "Ориентация": pen.code("sogi", person.sogi),
        "Семейное положение": pen.code("marital", one.marital, sex=one.person.sex),
        "Дети": one.children,
        "Что произошло": pen.acts(case, one.acts, "; "),
        "Кто причинил": pen.codes("relationship", one.relationships, "; "),
        "Согласие: помощь": pen.code("consent_status", "given" if dice.chance(0.95) else "", sex=person.sex),
        "Согласие: статистика": pen.code("consent_status", consent.status, sex=one.person.sex),
        "Кем дано": pen.code("given_by", consent.given_by, sex=one.person.sex),
        "Опекун": pen.code("relationship", consent.guardian),
        "Дата согласия": consent.given_on,
        "Действует до": consent.expires,
        "Отозвано": consent.withdrawn_on,
        "Исход": pen.code("outcome", one.outcome),
        "Дата исхода": one.outcome_on,
        "Обращение в органы": pen.code("justice_status", one.justice),
        "Риск самоубийства": pen.code("yes_no", dice.weighted({"": 60, "no": 28, "yes": 9, "unknown": 3})),
    }


def _help_cells(desk: Desk, case: Case, number: int, help_: Help) -> Row:
    pen, dice, more = desk.pen, desk.dice, help_.operational
    cost: object = help_.cost
    if help_.cost is not None and dice.chance(0.15):
        cost = f"{help_.cost:,.2f}".replace(",", " ").replace(".", ",")
    as_cell = dice.chance(0.6)
    return {
        "Дело": case.code,
        "№ лица": number,
        "Что нужно": pen.code("assistance", help_.need),
        "Статус": pen.code("assistance_status", help_.status),
        "Срочность": pen.code("urgency", help_.urgency),
        "Запрос": help_.asked if as_cell else pen.moment(help_.asked),
        "Ответ": help_.answered.replace(second=0, microsecond=0) if as_cell and help_.answered
        else pen.moment(help_.answered),
        "Стоимость": cost,
        "Валюта": "RUB" if help_.cost is not None else "",
        "Кто помог": more.get("provider", ""),
        "Город": more.get("provider_city", ""),
        "Маршрут": more.get("route", ""),
        "Билет откуда": more.get("ticket_from", ""),
        "Билет куда": more.get("ticket_to", ""),
        "Дата поездки": date.fromisoformat(more["travel_date"]) if "travel_date" in more else None,
        "Пункт пропуска": more.get("border_point", ""),
        "Куда уехала": more.get("destination", ""),
        "Фонд": more.get("fund_id", ""),
    }  # fmt: skip


def _cell(value: object) -> str | int | float | date | datetime | None:
    if value == "" or value is None:
        return None
    return value if isinstance(value, str | int | float | date | datetime) else str(value)
