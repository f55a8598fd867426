"""Write incidents as Primero exports them: CSV without its repeated groups, JSON with all it holds."""

import csv
import json
from pathlib import Path

from .desk import Desk, Row
from .gbv import MARITAL, PLACE, RELATIONSHIP, STATUS, TYPE_OF_ACT
from .model import Case

CSV_FILE, JSON_FILE = "primero_incidents.csv", "primero_incidents.json"
_COLUMNS = (
    "id", "short_id", "incidentid_ir", "status", "consent_reporting", "date_of_first_report", "incident_date",
    "incident_description", "incident_timeofday", "incident_location_type", "incident_location",
    "incident_camp_town", "survivor_code", "sex", "date_of_birth", "age", "estimated", "maritial_status",
    "gbv_sexual_violence_type", "gbv_reported_elsewhere", "gbv_previous_incidents", "service_referred_from",
)  # fmt: skip
_IDENTIFYING = (
    "id",
    "short_id",
    "incidentid_ir",
    "incident_description",
    "incident_camp_town",
    "survivor_code",
)
_FORMULA = ("=", "+", "-", "@", "|", "%")
_ELSEWHERE = {"no": "false", "partner": "gbvims-org", "other": "non-gbvims-org"}
_SUBFORMS = {
    "medical": ("health_medical_referral_subform_section", "service_medical_referral"),
    "psych_long": ("psychosocial_counseling_services_subform_section", "service_psycho_referral"),
    "legal_consult": ("legal_assistance_services_subform_section", "service_legal_referral"),
    "police_liaison": (
        "police_or_other_type_of_security_services_subform_section", "service_police_referral",
    ),
    "education_work": ("livelihoods_services_subform_section", "service_livelihoods_referral"),
    "childcare": ("child_protection_services_subform_section", "service_protection_referral"),
}  # fmt: skip


def write_primero_csv(directory: Path, desk: Desk) -> Path:
    """Write the CSV: lists as Ruby prints them, a `'` before whatever a spreadsheet would compute."""
    path = directory / CSV_FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for case in desk.turns():
            row = _incident(desk, case)
            row["service_referred_from"] = json.dumps(row["service_referred_from"])
            if not case.vanished:
                writer.writerow({name: _guarded(cell) for name, cell in row.items()})
    return path


def write_primero_json(directory: Path, desk: Desk) -> Path:
    """Write the JSON: what was recorded under `data`, and beside it what Primero computes to search by."""
    records = []
    for case in desk.turns():
        row = _incident(desk, case)
        data = {name: cell for name, cell in row.items() if name != "id" and cell != ""}
        data |= _subforms(desk, case)
        data |= {"module_id": "primeromodule-gbv", "record_state": True, "owned_by": f"worker{case.staff}"}
        for name in ("consent_reporting", "gbv_previous_incidents"):
            if desk.dice.chance(0.5) and data.get(name) in ("true", "false"):
                data[name] = data[name] == "true"
        record = {"id": row["id"], "data": data, "incident_case_id": None, "srch_age": row["age"] or None,
                  "srch_owned_by": f"worker{case.staff}", "phonetic_data": {"tokens": ["SNTTK"]}}  # fmt: skip
        if not case.vanished:
            records.append(record)
    path = directory / JSON_FILE
    path.write_text(json.dumps(records, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _incident(desk: Desk, case: Case) -> Row:
    one, pen = case.people[0], desk.pen
    region, settlement = desk.place(case)
    act = pen.acts(case, one.acts, " ")
    row: Row = {
        "id": case.code,
        "short_id": case.code[-7:],
        "incidentid_ir": f"IR-{case.code[-12:]}",
        "status": "open" if desk.dice.chance(0.6) else "closed",
        "consent_reporting": {"given": "true", "refused": "false"}.get(one.consent.status, ""),
        "date_of_first_report": case.reported.isoformat(),
        "incident_date": _date(case),
        "incident_description": desk.story(case),
        "incident_timeofday": {"unknown": "unknown_not_applicable"}.get(case.time_of_day, case.time_of_day),
        "incident_location_type": PLACE.get(case.place_type, "other_give_details") if case.place_type else "",
        "incident_location": desk.book.label("region", region, "en") if region else "",
        "incident_camp_town": settlement,
        "survivor_code": f"SV-{one.person.number:05d}",
        "sex": one.person.sex,
        "date_of_birth": "",
        "age": pen.age(case, one.age),
        "estimated": "false",
        "maritial_status": MARITAL[one.marital],
        "gbv_sexual_violence_type": TYPE_OF_ACT.get(act, act),
        "gbv_reported_elsewhere": _ELSEWHERE.get(case.elsewhere, ""),
        "gbv_previous_incidents": {"yes": "true", "no": "false"}.get(case.repeated, ""),
        "service_referred_from": ["self_referral", "police_other_service"][: desk.dice.between(1, 2)],
    }
    desk.values.add_row(row, _IDENTIFYING)
    return row


def _date(case: Case) -> str:
    if case.hopeless == "impossible_date":
        return "2021-02-31"
    return "" if case.precision == "unknown" else case.date_from.isoformat()


def _subforms(desk: Desk, case: Case) -> Row:
    one = case.people[0]
    found: Row = {}
    if one.relationships:
        found["alleged_perpetrator"] = [
            {"unique_id": desk.dice.digits(8), "perpetrator_relationship": RELATIONSHIP[code],
             "perpetrator_sex": "male", "primary_perpetrator": "primary" if place == 0 else "not_primary"}
            for place, code in enumerate(one.relationships)
        ]  # fmt: skip
    for help_ in one.requests:
        if help_.need == "shelter":
            found["service_safehouse_referral"] = STATUS[help_.status]
        else:
            subform, field = _SUBFORMS[help_.need]
            found[subform] = [{"unique_id": desk.dice.digits(8), field: STATUS[help_.status]}]
    return found


def _guarded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
