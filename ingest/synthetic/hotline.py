"""Write the log of the English telephone line: one row per call, persons and needs side by side."""

import csv
from pathlib import Path

from .desk import Desk, Row
from .model import Case, Help, Involvement
from .names import in_latin

FILE = "hotline_en.csv"
PERSONS = 4
NEEDS = 3
_CASE_COLUMNS = (
    "Call ref", "Call date", "Incident date", "Incident date to", "Region", "Town", "Latitude", "Longitude",
    "Setting", "Time of day", "What happened", "No. of perpetrators", "Regular", "Motive", "Summary",
    "Checked", "Caller", "In the press", "Reported elsewhere",
)  # fmt: skip
_PERSON_COLUMNS = (
    "name", "phone", "messenger", "age", "sex", "orientation", "marital", "children", "harmed by",
    "stats consent", "consent by", "guardian", "consent date", "consent until", "consent withdrawn",
    "outcome", "police",
)  # fmt: skip
_NEED_COLUMNS = ("", " status", " urgency", " asked", " answered", " cost RUB", " provider", " route")
COLUMNS = (
    *_CASE_COLUMNS,
    *(f"P{number} {column}" for number in range(1, PERSONS + 1) for column in _PERSON_COLUMNS),
    *(f"Need {number}{column}" for number in range(1, NEEDS + 1) for column in _NEED_COLUMNS),
    "Taken by", "Handset", "Internal notes",
)  # fmt: skip
IDENTIFYING = (
    "Call ref", "Town", "Latitude", "Longitude", "Summary", "Taken by", "Handset",
    *(f"P{number} {column}" for number in range(1, PERSONS + 1) for column in ("name", "phone", "messenger")),
    *(f"Need {number} {column}" for number in range(1, NEEDS + 1) for column in ("provider", "route")),
)  # fmt: skip


def write_hotline(directory: Path, desk: Desk) -> Path:
    """Write the call log and return its path; the same cases give the same bytes."""
    path = directory / FILE
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";", restval="", lineterminator="\r\n")
        writer.writeheader()
        for case in desk.turns():
            row = _case_cells(desk, case)
            for number, one in enumerate(case.people[:PERSONS], start=1):
                cells = _person_cells(desk, case, one)
                row |= {f"P{number} {column}": value for column, value in cells.items()}
            for number, help_ in enumerate(_requests(case), start=1):
                row |= {f"Need {number}{column}": value for column, value in _help_cells(desk, help_).items()}
            desk.values.add_row(row, IDENTIFYING)
            if not case.vanished:
                writer.writerow(row)
    return path


def _requests(case: Case) -> list[Help]:
    """The line writes down the needs of the first person only."""
    return case.people[0].requests[:NEEDS]


def _case_cells(desk: Desk, case: Case) -> Row:
    pen, first = desk.pen, case.people[0]
    region, settlement = desk.place(case)
    latitude, longitude = case.coordinates or ("", "")
    return {
        "Call ref": case.code,
        "Call date": pen.day(case.reported),
        "Incident date": pen.incident_date(case),
        "Incident date to": pen.day(pen.date_to(case)),
        "Region": region,
        "Town": settlement,
        "Latitude": f"{latitude:.7f}" if case.coordinates else "",
        "Longitude": f"{longitude:.7f}" if case.coordinates else "",
        "Setting": pen.code("place_type", case.place_type),
        "Time of day": pen.code("time_of_day", case.time_of_day),
        "What happened": pen.acts(case, first.acts, " | "),
        "No. of perpetrators": case.number_perpetrators,
        "Regular": pen.code("yes_no", case.repeated),
        "Motive": pen.codes("motive", case.motives, " | "),
        "Summary": desk.story(case),
        "Checked": pen.code("verification", case.verification),
        "Caller": pen.code("source_connection", case.connection),
        "In the press": pen.code("public_exposure", case.exposure),
        "Reported elsewhere": pen.code("reported_elsewhere", case.elsewhere),
        "Taken by": in_latin(desk.staff[case.staff]),
        "Handset": f"HANDSET-{desk.dice.digits(6)}",
        "Internal notes": desk.note(),
    }


def _person_cells(desk: Desk, case: Case, one: Involvement) -> Row:
    pen, consent = desk.pen, one.consent
    return {
        "name": desk.name(one),
        "phone": desk.phone(one),
        "messenger": desk.handle(one),
        "age": pen.age(case, one.age),
        "sex": pen.code("sex", one.person.sex),
        "orientation": pen.code("sogi", one.person.sogi),
        "marital": pen.code("marital", one.marital, sex=one.person.sex),
        "children": one.children,
        "harmed by": pen.codes("relationship", one.relationships, " | "),
        "stats consent": pen.code("consent_status", consent.status, sex=one.person.sex),
        "consent by": pen.code("given_by", consent.given_by, sex=one.person.sex),
        "guardian": pen.code("relationship", consent.guardian),
        "consent date": pen.day(consent.given_on),
        "consent until": pen.day(consent.expires),
        "consent withdrawn": pen.day(consent.withdrawn_on),
        "outcome": pen.code("outcome", one.outcome),
        "police": pen.code("justice_status", one.justice),
    }


def _help_cells(desk: Desk, help_: Help) -> Row:
    pen = desk.pen
    return {
        "": pen.code("assistance", help_.need),
        " status": pen.code("assistance_status", help_.status),
        " urgency": pen.code("urgency", help_.urgency),
        " asked": pen.moment(help_.asked),
        " answered": pen.moment(help_.answered),
        " cost RUB": "" if help_.cost is None else f"{help_.cost:.2f}",
        " provider": in_latin(help_.operational.get("provider", "")),
        " route": in_latin(help_.operational.get("route", "")),
    }
