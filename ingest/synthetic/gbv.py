"""What the systems of the GBVIMS family can say of a case: one survivor, one type, coarse relationships."""

from dataclasses import replace

from codebook import load_codebook

from .model import Case, Consent, Help, Involvement

# GBVIMS type -> the act of the codebook that stands for it, where the two have no common name.
ACT_OF_TYPE = {
    "rape": "rape", "sexual_assault": "sexual_assault", "physical_assault": "assault_minor",
    "forced_marriage": "forced_marriage", "denial_of_resources_opportunities_or_services": "economic_control",
    "psychological_emotional_abuse": "psych_abuse", "non-gbv": "other",
}  # fmt: skip
TYPE_OF_ACT = {act: kind for kind, act in ACT_OF_TYPE.items()}
_FAMILY = "relative_other"
_COARSE = {
    "partner": "partner", "ex_partner": "partner", "fiance": "partner", "father": "guardian",
    "mother": "guardian", "guardian": "guardian", "brother": _FAMILY, "sister": _FAMILY, "uncle": _FAMILY,
    "in_law": _FAMILY, "child": _FAMILY, "relative_other": _FAMILY, "neighbour_friend": "neighbour_friend",
    "teacher": "teacher", "employer": "employer", "stranger": "stranger",
}  # fmt: skip
RELATIONSHIP = {
    "partner": "intimate_partner_former_partner", "guardian": "primary_caregiver",
    "relative_other": "family_other_than_spouse_or_caregiver", "neighbour_friend": "family_friend_neighbor",
    "teacher": "teacher_school_official", "employer": "supervisor_employer", "stranger": "no_relation",
    "unknown": "other",
}  # fmt: skip
STATUS = {
    "provided": "service_provided_by_your_agency",
    "received_elsewhere": "services_already_received_from_another_agency",
    "declined": "referral_declined_by_survivor", "unavailable": "service_unavailable",
}  # fmt: skip
_SERVICE = {
    "shelter": "shelter", "hostel": "shelter", "rent": "shelter", "medical": "medical",
    "psych_long": "psych_long", "psych_urgent": "psych_long", "legal_consult": "legal_consult",
    "lawyer_urgent": "legal_consult", "police_liaison": "police_liaison",
    "education_work": "education_work", "childcare": "childcare",
}  # fmt: skip
MARITAL = {
    "single": "single", "married": "married_cohabitating", "separated": "divorced_separated",
    "widowed": "widowed", "unknown": "unknown_not_applicable", "": "",
}  # fmt: skip
PLACE = {
    "home": "clients_home", "perp_home": "perpetrators_home", "street": "road", "hotel": "guest_house_hotel",
    "school": "school",
}  # fmt: skip
_CONSENT = {"given": "given", "refused": "refused", "withdrawn": "refused"}


def one_survivor(case: Case) -> Case:
    """Return a case as a list of incidents has it: no perpetrators, no services."""
    one = _narrowed(case.people[0])
    return replace(case, people=[replace(one, relationships=(), requests=[])], exposure="none")


def one_survivor_with_services(case: Case) -> Case:
    """Return a case with its perpetrators and the services that have a field of their own."""
    return replace(case, people=[_narrowed(case.people[0])], exposure="none", number_perpetrators=None)


def one_primary_perpetrator(case: Case) -> Case:
    """Return a case as the Incident Recorder has it: the relationship of the primary perpetrator only."""
    one = _narrowed(case.people[0])
    number = len(one.relationships) or None
    age = None if case.precision == "unknown" else one.age  # it is computed from two dates
    one = replace(one, relationships=one.relationships[:1], age=age)
    return replace(case, people=[one], exposure="none", number_perpetrators=number)


def _narrowed(one: Involvement) -> Involvement:
    relationships = tuple(dict.fromkeys(_COARSE.get(code, "unknown") for code in one.relationships))
    return replace(
        one,
        acts=(ACT_OF_TYPE[_type_of(one.acts)],),
        relationships=relationships,
        consent=Consent(_CONSENT.get(one.consent.status, "")),
        requests=_services(one.requests),
        outcome="",
        justice="",
    )


def _type_of(acts: tuple[str, ...]) -> str:
    """Return the type of the gravest act, by the order of the GBVIMS questions."""
    codes = load_codebook().code_lists["act"].codes
    types = {codes[act].parents["gbv_type"] for act in acts}
    return next(kind for kind in ACT_OF_TYPE if kind in types)


def _services(requests: list[Help]) -> list[Help]:
    found: dict[str, Help] = {}
    for help_ in requests:
        service = _SERVICE.get(help_.need)
        if service and help_.status in STATUS and service not in found:
            found[service] = replace(help_, need=service, cost=None)
    return list(found.values())
