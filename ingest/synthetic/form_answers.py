"""The cases as answers to Withheld's own case form: submissions as the API of KoboToolbox gives them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from .desk import Desk, Row
from .model import Case, Help, Involvement
from .names import in_latin

_FORM = "aWithheldCaseForm"
_IDENTIFYING = (
    "incident/case_code",
    "incident/settlement",
    "incident/narrative",
    "_id",
    "_uuid",
    "_submitted_by",
)
_PERSON_IDENTIFYING = ("person/person_code", "person/household_code", "person/full_name", "person/phone",
                       "person/messenger")  # fmt: skip
REFUSED_SHARE = 0.02  # of the people asked: they do not want anything to be written down


def submissions_of(desk: Desk) -> list[Row]:
    """Return the submissions of a desk, among them some that end at the first question."""
    found = []
    for number, case in enumerate(desk.turns(), start=1):
        row = _submission(desk, case, number)
        if not case.vanished:
            found.append(row)
        if desk.dice.chance(REFUSED_SHARE):
            refused = _meta(desk, case.reported, number, 1) | {"consent/consent_record": "no"}
            desk.values.add_row(refused, _IDENTIFYING)
            found.append(refused)
            desk.passed_over += 1
    return found


def _submission(desk: Desk, case: Case, number: int) -> Row:
    row = _meta(desk, case.reported, number, 0) | {"consent/consent_record": "yes"} | _incident(desk, case)
    desk.values.add_row(row, _IDENTIFYING)
    row["person"] = [_person(desk, case, one) for one in case.people]
    return _filled(row)


def _meta(desk: Desk, on: date, number: int, turn: int) -> Row:
    uuid = UUID(int=desk.dice.random.getrandbits(128), version=4)
    moment = f"{on.isoformat()}T{desk.dice.between(8, 21):02d}:{desk.dice.between(0, 59):02d}:00"
    return {
        "_id": 520_000_000 + number * 6 + turn,
        "_uuid": str(uuid),
        "meta/instanceID": f"uuid:{uuid}",
        "_xform_id_string": _FORM,
        "__version__": "vCase2",
        "_submission_time": moment,
        "_submitted_by": "worker." + in_latin(desk.dice.pick(desk.staff).split()[-1]).lower(),
        "_status": "submitted_via_web",
        "_tags": ["urgent"] if desk.dice.chance(0.1) else [],
        "_notes": [],
        "_attachments": [],
        "_geolocation": [None, None],
        "_validation_status": _APPROVED if desk.dice.chance(0.3) else {},
    }


_APPROVED = {"uid": "validation_status_approved", "label": "Approved"}


def _incident(desk: Desk, case: Case) -> Row:
    region, settlement = desk.place(case)
    known = case.precision != "unknown"
    on = "2021-02-31" if case.hopeless == "impossible_date" else case.date_from.isoformat() if known else ""
    number = case.number_perpetrators
    answers = {
        "case_code": case.code,
        "date_report": case.reported.isoformat(),
        "who_reports": case.connection,
        "date_precision": case.precision,
        "date_incident": on,
        "date_incident_to": _day(case.date_to) if not case.hopeless else "",
        "region": region,
        "settlement": settlement,
        "place_type": case.place_type,
        "time_of_day": case.time_of_day,
        "motive": " ".join(case.motives),
        "number_perpetrators": "" if number is None else str(number),
        "repeated": case.repeated,
        "narrative": desk.story(case),
        "verification": case.verification,
        "public_exposure": case.exposure,
        "reported_elsewhere": case.elsewhere,
    }
    return {f"incident/{name}": answer for name, answer in answers.items()}


def _person(desk: Desk, case: Case, one: Involvement) -> Row:
    consent, person = one.consent, one.person
    answers = {
        "age": desk.pen.age(case, one.age),
        "consent_statistics": consent.status,
        "consent_by": consent.given_by,
        "guardian": consent.guardian,
        "consent_date": _day(consent.given_on),
        "consent_until": _day(consent.expires),
        "person_code": f"P-{person.number:05d}",
        "household_code": f"H-{person.household:05d}",
        "full_name": desk.name(one),
        "phone": desk.phone(one),
        "messenger": desk.handle(one),
        "sex": person.sex,
        "sogi": person.sogi,
        "marital": one.marital,
        "children": "" if one.children is None else str(one.children),
        "outcome": one.outcome,
        "justice": one.justice,
    }
    row: Row = {f"person/{name}": answer for name, answer in answers.items()}
    desk.values.add_row(row, _PERSON_IDENTIFYING)
    row["person/act"] = [
        _filled({
            "person/act/act_code": code, "person/act/act_by": " ".join(one.relationships),
            "person/act/completion": "completed" if desk.dice.chance(0.5) else "",
        })
        for code in desk.pen.acts(case, one.acts, " ").split(" ")
    ]  # fmt: skip
    row["person/help"] = [_help(one) for one in one.requests]
    return _filled(row)


def _help(help_: Help) -> Row:
    cost = {"cost": f"{help_.cost:.2f}", "currency": "RUB"} if help_.cost is not None else {}
    answers = {
        "need": help_.need,
        "status": help_.status,
        "urgency": help_.urgency,
        "asked": _moment(help_.asked),
        "answered": _moment(help_.answered),
        **cost,
    }
    return _filled({f"person/help/{name}": answer for name, answer in answers.items()})


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _moment(at: datetime | None) -> str:
    """Return a moment as Collect writes it."""
    return f"{at:%Y-%m-%dT%H:%M}:00.000+03:00" if at else ""


def _filled(row: Mapping[str, Any]) -> Row:
    """Return a row without the questions that nobody answered: the API leaves them out."""
    return {name: value for name, value in row.items() if name.startswith("_") or value not in ("", None, [])}
