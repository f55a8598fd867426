"""Write the GBVIMS Incident Recorder as Primero exports it: 42 columns, headings in English or Russian.

Cells hold labels in English, labels in the language of the export, or raw codes, all in one file, as the
exporter of Primero writes them.
"""

from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from .desk import Desk
from .gbv import MARITAL, PLACE, RELATIONSHIP, STATUS, TYPE_OF_ACT
from .kobo_export import ExportTable
from .model import Case
from .workbook import save_tables

_FILE = Path(__file__).with_suffix(".yml")
_YES = {"en": {"yes": "Yes", "no": "No", "": None}, "ru": {"yes": "Да", "no": "Нет", "": None}}
_SEX = {"en": {"female": "F", "male": "M"}, "ru": {"female": "Ж", "male": "М"}}
_MARITAL = {"married_cohabitating": "Married/Cohabitating", "divorced_separated": "Divorced/Separated",
            "unknown_not_applicable": "Unknown/Not Applicable"}  # fmt: skip
_TYPE = {
    "physical_assault": "Physical Assault", "sexual_assault": "Sexual Assault",
    "psychological_emotional_abuse": "Psychological / Emotional Abuse", "forced_marriage": "Forced Marriage",
}  # fmt: skip
_IMPOSSIBLE_NUMBER = 2400  # of perpetrators
_SERVICES = ("shelter", "medical", "psych_long", None, "legal_consult", "police_liaison", "education_work",
             "childcare")  # fmt: skip


def write_incident_recorder(directory: Path, desk: Desk, *, language: str) -> Path:
    """Write the workbook with the headings of a language: en or ru."""
    headings = _words()[f"headings_{language}"]
    rows = []
    for case in desk.turns():
        cells = _cells(desk, case, language)
        desk.values.add_row(dict(enumerate(map(str, cells))), (0, 1, 18))  # type: ignore[arg-type]
        if not case.vanished:
            rows.append(cells)
    path = directory / f"incident_recorder_{language}.xlsx"
    lists = ExportTable("Menu Data", ["SEX", "LOCATION"], [["M", "clients_home"], ["F", "road"]])
    save_tables(path, [ExportTable("Incident Data", headings, rows), lists])
    return path


write_incident_recorder_en = partial(write_incident_recorder, language="en")
write_incident_recorder_ru = partial(write_incident_recorder, language="ru")


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def _cells(desk: Desk, case: Case, language: str) -> list[Any]:
    one, dice = case.people[0], desk.dice
    region, settlement = desk.place(case)
    act = desk.pen.acts(case, one.acts, " ")
    kind = TYPE_OF_ACT.get(act, act)
    marital = MARITAL[one.marital]
    given = {help_.need: STATUS[help_.status] for help_ in one.requests}
    services = [None if need is None else _as_label(dice.chance(0.5), given.get(need)) for need in _SERVICES]
    return [
        case.code,
        f"SV-{one.person.number:05d}",
        f"CW{case.staff:02d}",
        _day(case.reported, language, short=dice.chance(0.5)),
        _incident_day(case, language, short=dice.chance(0.5)),
        _born(desk, case),
        _SEX[language].get(one.person.sex, one.person.sex),
        "",
        "Russia" if dice.chance(0.5) else "russia",
        _MARITAL.get(marital, marital) if dice.chance(0.6) else marital,
        "Resident" if dice.chance(0.5) else "resident",
        "No" if dice.chance(0.5) else "",
        "",
        "not_displaced" if dice.chance(0.3) else "",
        {"evening_night": "Evening/Night", "unknown": "Unknown/Not Applicable"}.get(
            case.time_of_day, case.time_of_day
        ),
        PLACE.get(case.place_type, "other_give_details") if case.place_type else "",
        desk.book.label("region", region, language) if region else "",
        "",
        settlement,
        _TYPE.get(kind, kind) if dice.chance(0.6) else kind,
        "no",
        _YES[language]["no"] if dice.chance(0.5) else "false",
        "None",
        {"no": "No", "partner": "gbvims-org", "other": "non-gbvims-org"}.get(case.elsewhere, ""),
        _YES[language].get(case.repeated),
        _IMPOSSIBLE_NUMBER if case.hopeless == "impossible_number" else case.number_perpetrators,
        _SEX[language]["male"] if one.relationships else "",
        "",
        "41_60" if one.relationships and dice.chance(0.3) else "",
        RELATIONSHIP[one.relationships[0]] if one.relationships else "",
        "",
        "self_referral",
        *services,
        {"given": _YES[language]["yes"], "refused": "false"}.get(one.consent.status, ""),
        "AGY1",
    ]


def _as_label(is_label: bool, code: str | None) -> str | None:
    """Return a code of a service as its label: the first letter large, blanks for the rest."""
    return code.replace("_", " ").capitalize() if code and is_label else code


def _day(on: date, language: str, *, short: bool) -> str:
    return (
        f"{on.day:02d}-{_words()[f'months_{language}'][on.month - 1]}-{on.year}" if short else on.isoformat()
    )


def _incident_day(case: Case, language: str, *, short: bool) -> str:
    if case.hopeless == "impossible_date":
        return "2021-02-31"
    return "" if case.precision == "unknown" else _day(case.date_from, language, short=short)


def _born(desk: Desk, case: Case) -> str:
    """Return the date of birth, from which the age is computed."""
    one = case.people[0]
    if one.age is None or case.precision == "unknown":
        return ""
    return desk.values.add(one.person.birth.isoformat())
