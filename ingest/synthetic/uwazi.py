"""Write cases as Uwazi exports them: headers are labels, values of a thesaurus name their group first."""

import csv
from dataclasses import replace
from pathlib import Path

from .desk import Desk, Row
from .model import Case

FILE = "uwazi_cases.csv"
_COLUMNS = (
    "Title", "Date added", "Template", "Reported on", "Period", "Region", "Geolocation", "Violations",
    "Alleged perpetrators", "Sex", "Age", "Consent to statistics", "Reported elsewhere", "Account",
    "Documents", "Attachments", "Published",
)  # fmt: skip
_IDENTIFYING = ("Title", "Geolocation", "Account")


def one_victim(case: Case) -> Case:
    """Return a case as an entity of one victim has it."""
    one = case.people[0]
    one = replace(one, requests=[], consent=replace(one.consent, expires=None, given_by="", guardian=""))
    return replace(case, people=[one], number_perpetrators=None, exposure="none")


def write_uwazi(directory: Path, desk: Desk) -> Path:
    """Write the export; `Published` says nothing of consent."""
    path = directory / FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for case in desk.turns():
            row = _entity(desk, case)
            desk.values.add_row(row, _IDENTIFYING)
            if not case.vanished:
                writer.writerow(row)
    return path


def _entity(desk: Desk, case: Case) -> Row:
    pen, one, book = desk.pen, case.people[0], desk.book
    region, _ = desk.place(replace(case, settlement=("", "")))
    acts = pen.acts(case, one.acts, "|").split("|")
    known = book.code_lists["act"].codes
    groups = [
        f"{book.label('act_group', known[act].parents['act_group'], 'en')}::{known[act].label_en}"
        if act in known
        else act
        for act in acts
    ]
    age = pen.age(case, one.age)
    return {
        "Title": case.code,
        "Date added": case.reported.isoformat(),
        "Template": "Case",
        "Reported on": case.reported.isoformat(),
        "Period": _period(case),
        "Region": book.label("region", region, "en") if region else "",
        "Geolocation": "{:.6f}|{:.6f}".format(*case.coordinates) if case.coordinates else "",
        "Violations": "|".join(groups),
        "Alleged perpetrators": "|".join(
            book.label("relationship", code, "en") for code in one.relationships
        ),
        "Sex": book.label("sex", one.person.sex, "en"),
        "Age": age,
        "Consent to statistics": book.label("consent_status", one.consent.status, "en")
        if one.consent.status
        else "",
        "Reported elsewhere": book.label("reported_elsewhere", case.elsewhere, "en")
        if case.elsewhere
        else "",
        "Account": desk.story(case),
        "Documents": f"/files/{desk.dice.digits(13)}.pdf" if desk.dice.chance(0.2) else "",
        "Attachments": "",
        "Published": "Published" if desk.dice.chance(0.5) else "Unpublished",
    }


def _period(case: Case) -> str:
    if case.hopeless == "impossible_date":
        return "2021-02-31~2021-03-01"
    if case.precision == "unknown":
        return ""
    until = case.date_to or case.date_from
    return f"{case.date_from.isoformat()}~{until.isoformat()}"
