"""Write a Kobo CSV of a group's own flat form: one submission a person, so that a CSV loses nobody.

`examples/kobo_flat_csv.yml` declares it. The form is not Withheld's: it asks for positions and keeps staff.
"""

import csv
from pathlib import Path
from uuid import UUID

from .desk import Desk, Row
from .kobo_export import Content, KoboExport, Look
from .model import Case, Involvement
from .names import in_latin

FILE = "kobo_flat.csv"
_TEXTS = ("start", "end", "deviceid", "username", "case_code", "person_code", "family_code", "date_report",
          "incident_date")  # fmt: skip
_LISTS = {
    "reported_elsewhere": "reported_elsewhere", "region": "region", "sex": "sex", "marital": "marital",
    "consent_statistics": "consent_status", "consent_by": "given_by", "guardian": "relationship",
}  # fmt: skip
_SEVERAL = {"acts": "act", "relationship": "relationship"}
_IDENTIFYING = ("_id", "_uuid", "_submitted_by", "deviceid", "username", "case_code", "settlement", "gps",
                "person_code", "family_code", "full_name", "phone", "narrative")  # fmt: skip


def write_kobo_csv(directory: Path, desk: Desk) -> Path:
    """Write the CSV: `;`, every cell quoted, several answers in one cell and in 0/1 columns."""
    submissions = [row for case in desk.turns() for row in _submissions(desk, case) if not case.vanished]
    (table,) = KoboExport(_content(desk), "Flat form", Look()).tables(submissions)
    path = directory / FILE
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows([table.header, *table.rows])
    return path


def _content(desk: Desk) -> Content:
    survey = [{"type": "text", "name": name} for name in _TEXTS]
    survey += [{"type": f"select_one {codes}", "name": name} for name, codes in _LISTS.items()]
    survey += [{"type": f"select_multiple {codes}", "name": name} for name, codes in _SEVERAL.items()]
    survey += [
        {"type": "text", "name": name} for name in ("settlement", "full_name", "phone", "age", "narrative")
    ]
    survey.append({"type": "geopoint", "name": "gps"})
    lists = dict.fromkeys((*_LISTS.values(), *_SEVERAL.values()))
    choices = [
        {"list_name": name, "name": code} for name in lists for code in desk.book.code_lists[name].codes
    ]
    return {"survey": survey, "choices": choices}


def _submissions(desk: Desk, case: Case) -> list[Row]:
    region, settlement = desk.place(case)
    shared = {
        "case_code": case.code,
        "date_report": case.reported.isoformat(),
        "incident_date": desk.pen.incident_date(case),
        "reported_elsewhere": case.elsewhere,
        "region": region,
        "settlement": settlement,
        "gps": "{:.7f} {:.7f} 0 0".format(*case.coordinates) if case.coordinates else "",
        "narrative": desk.story(case),
    }
    rows = [_meta(desk, case) | shared | _person(desk, case, one) for one in case.people]
    for row in rows:
        desk.values.add_row(row, _IDENTIFYING)
    return rows


def _meta(desk: Desk, case: Case) -> Row:
    day, worker = case.reported.isoformat(), "worker." + in_latin(desk.staff[case.staff].split()[-1]).lower()
    return {
        "start": f"{day}T08:00:00.000+03:00",
        "end": f"{day}T08:25:00.000+03:00",
        "deviceid": f"ee.kobo.invalid:{desk.dice.digits(10)}",
        "username": worker,
        "_id": 610_000_000 + desk.dice.between(0, 9_999_999),
        "_uuid": str(UUID(int=desk.dice.random.getrandbits(128), version=4)),
        "_submission_time": f"{day}T09:00:00",
        "_submitted_by": worker,
        "_status": "submitted_via_web",
        "__version__": "vFlat1",
    }


def _person(desk: Desk, case: Case, one: Involvement) -> Row:
    return {
        "person_code": f"P-{one.person.number:05d}",
        "family_code": f"F-{one.person.household:05d}",
        "acts": desk.pen.acts(case, one.acts, " "),
        "relationship": " ".join(one.relationships),
        "full_name": desk.name(one),
        "phone": desk.phone(one),
        "age": desk.pen.age(case, one.age),
        "sex": one.person.sex,
        "marital": one.marital,
        "consent_statistics": one.consent.status,
        "consent_by": one.consent.given_by,
        "guardian": one.consent.guardian,
    }
