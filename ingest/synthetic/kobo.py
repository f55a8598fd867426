"""Write the submissions of the web form as Kobo's API v2 gives them: repeats nested, numbers as text."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from .desk import Desk, Row
from .model import Case, Help, Involvement
from .names import in_latin

FILE = "web_form.json"
IDENTIFYING = (
    "_id", "_uuid", "meta/instanceID", "_submitted_by", "username", "deviceid", "incident/settlement",
    "incident/gps", "incident/narrative", "form/case_code",
)  # fmt: skip
PERSON_IDENTIFYING = ("person/full_name", "person/phone", "person/telegram", "person/email")
HELP_IDENTIFYING = ("help/route", "help/destination", "help/provider")
_FORM = "aWithheldDemoForm"


def write_kobo(directory: Path, desk: Desk) -> Path:
    """Write the submissions and return the path; the same cases give the same bytes."""
    drawn = [(case, _submission(desk, case, number)) for number, case in enumerate(desk.turns(), start=1)]
    results = [submission for case, submission in drawn if not case.vanished]
    body = {"count": len(results), "next": None, "previous": None, "results": results}
    path = directory / FILE
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _submission(desk: Desk, case: Case, number: int) -> Row:
    persons = [_person(desk, case, one) for one in case.people]
    helps = [
        _help(desk, help_, position)
        for position, one in enumerate(case.people, start=1)
        for help_ in one.requests
    ]  # fmt: skip
    for person in persons:
        desk.values.add_row(person, PERSON_IDENTIFYING)
    for help_ in helps:
        desk.values.add_row(help_, HELP_IDENTIFYING)
    row = _meta(desk, case, number) | _incident(desk, case)
    desk.values.add_row(row, IDENTIFYING)
    filled: Row = {key: value for key, value in row.items() if value not in ("", None)}
    return filled | {"person": persons} | ({"help": helps} if helps else {})


def _meta(desk: Desk, case: Case, number: int) -> Row:
    uuid = UUID(int=desk.dice.random.getrandbits(128), version=4)
    worker = "worker." + in_latin(desk.staff[case.staff].split()[-1]).lower()
    day = case.reported.isoformat()
    return {
        "_id": 480_000_000 + number * 7,
        "_uuid": str(uuid),
        "meta/instanceID": f"uuid:{uuid}",
        "formhub/uuid": "00000000000000000000000000000000",
        "_xform_id_string": _FORM,
        "__version__": "vDemo1",
        "_submission_time": f"{day}T{desk.dice.between(8, 21):02d}:{desk.dice.between(0, 59):02d}:00",
        "_submitted_by": worker,
        "_status": "submitted_via_web",
        "_tags": [],
        "_notes": [],
        "_attachments": [],
        "_geolocation": [None, None],
        "_validation_status": {},
        "start": f"{day}T08:00:00.000+03:00",
        "end": f"{day}T08:20:00.000+03:00",
        "username": worker,
        "deviceid": f"ee.kobo.invalid:{desk.dice.digits(10)}",
        "form/case_code": case.code,
    }


def _incident(desk: Desk, case: Case) -> Row:
    pen = desk.pen
    region, settlement = desk.place(case)
    until = pen.date_to(case)
    return {
        "form/date_report": case.reported.isoformat(),
        "form/who_reports": case.connection,
        "incident/date": pen.incident_date(case),
        "incident/date_to": until.isoformat() if until else "",
        "incident/region": region,
        "incident/settlement": settlement,
        "incident/gps": "{:.7f} {:.7f} 0 0".format(*case.coordinates) if case.coordinates else "",
        "incident/place_type": case.place_type,
        "incident/time_of_day": case.time_of_day,
        "incident/motive": " ".join(case.motives),
        "incident/repeated": case.repeated,
        "incident/number_perpetrators": ""
        if case.number_perpetrators is None
        else str(case.number_perpetrators),
        "incident/narrative": desk.story(case),
        "incident/verification": case.verification,
        "incident/public": case.exposure,
        "incident/reported_elsewhere": case.elsewhere,
    }


def _person(desk: Desk, case: Case, one: Involvement) -> Row:
    pen, consent = desk.pen, one.consent
    mail = f"{one.person.handle[1:]}@example.org" if desk.dice.chance(0.4) else ""
    row: dict[str, Any] = {
        "person/full_name": desk.name(one),
        "person/phone": desk.phone(one),
        "person/telegram": desk.handle(one),
        "person/email": mail,
        "person/age": pen.age(case, one.age),
        "person/sex": one.person.sex,
        "person/sogi": one.person.sogi,
        "person/marital": one.marital,
        "person/children": "" if one.children is None else str(one.children),
        "person/acts": pen.acts(case, one.acts, " "),
        "person/relationship": " ".join(one.relationships),
        "person/consent_statistics": consent.status,
        "person/consent_by": consent.given_by,
        "person/guardian": consent.guardian,
        "person/consent_date": pen.day(consent.given_on),
        "person/consent_until": pen.day(consent.expires),
        "person/consent_withdrawn": pen.day(consent.withdrawn_on),
        "person/outcome": one.outcome,
        "person/justice": one.justice,
    }
    return {key: value for key, value in row.items() if value != ""}


def _help(desk: Desk, help_: Help, position: int) -> Row:
    pen, more = desk.pen, help_.operational
    row: dict[str, Any] = {
        "help/person_no": str(position),
        "help/need": help_.need,
        "help/status": help_.status,
        "help/urgency": help_.urgency,
        "help/asked": pen.moment(help_.asked),
        "help/answered": pen.moment(help_.answered),
        "help/cost": "" if help_.cost is None else f"{help_.cost:.2f}",
        "help/provider": more.get("provider", ""),
        "help/route": more.get("route", ""),
        "help/destination": more.get("destination", ""),
    }
    return {key: value for key, value in row.items() if value != ""}
