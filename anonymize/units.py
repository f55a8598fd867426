"""From the population to countable rows: per unit, the finest code of each column and who stands behind it.

Everything that is derived and never typed is derived here: GBVIMS type and contexts, age band, bands of time.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from codebook import Codebook

from .dimensions import Coding
from .population import Case, Person, Population

Codes = Mapping[str, str]


@dataclass
class CountedRows:
    """The rows of one unit: parallel lists of codes, persons, households and incidents (n_rows)."""

    codes: dict[str, list[str]] = field(default_factory=dict)
    persons: list[str] = field(default_factory=list)
    households: list[str] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)  # money units only
    person_records: list[str] = field(
        default_factory=list
    )  # the vault's person_id, for the records file only

    def add(self, codes: Codes, case: Case, person: Person, amount: float = 0.0) -> None:
        """Append one row; every row of a unit has the same columns."""
        for column, code in codes.items():
            self.codes.setdefault(column, []).append(code)
        self.persons.append(person.identity)
        self.households.append(person.household)
        self.incidents.append(str(case.row["incident_id"]))
        self.amounts.append(amount)
        self.person_records.append(str(person.row["person_id"]))


def count_units(population: Population, coding: Coding) -> dict[str, CountedRows]:
    """Return unit -> its rows, for every unit that a person stands behind."""
    units = {unit: CountedRows() for unit in UNITS}
    for case in population.cases:
        for unit, rows_of in UNITS.items():
            for codes, person, amount in rows_of(case, coding, unit):
                units[unit].add(codes, case, person, amount)
    return units


UnitRow = tuple[Codes, Person, float]


def _incidents(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    row = case.row
    codes = {
        "period": incident_period(case, coding, unit),
        "place": coding.place_of(row["region"]),
        "verification": row["verification"] or "unverified",
        "source_connection": case.source.get("source_connection") or "unknown",
    }
    yield codes, case.persons[0], 0.0


def _persons(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    for person in case.persons:
        codes = {
            "period": incident_period(case, coding, unit),
            "gbv_type": gbv_type(person, coding.book),
            "justice_level": coding.group(
                "justice", latest(person, "justice"), "justice_level", "not_recorded"
            ),
        }
        quality = {f"recorded:{name}": code for name, code in recorded_fields(case, person).items()}
        yield {**codes, **quality}, person, 0.0


def _acts(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    for person in case.persons:
        groups = {coding.group("act", act["act_code"], "act_group", "other") for act in person.acts}
        for group in sorted(groups or {"other"}):
            codes = {
                "period": incident_period(case, coding, unit),
                "act_group": group,
                "age_band": age_band(person, coding),
            }
            yield codes, person, 0.0


def _contexts(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    for person in case.persons:
        for context in sorted(gbv_contexts(case, person, coding.book)):
            period = incident_period(case, coding, unit)
            yield {"gbv_context": context, "period": period}, person, 0.0


def _motives(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    for person in case.persons:
        for motive in sorted(set(case.row["motive"]) or {"unknown"}):
            period = incident_period(case, coding, unit)
            yield {"motive": motive, "period": period}, person, 0.0


def _acts_by_actor(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    for person in case.persons:
        pairs = {
            (
                coding.group("relationship", act["relationship"], "actor_type", "unknown"),
                coding.group("act", act["act_code"], "act_group", "other"),
            )
            for act in person.acts
        }
        for actor, group in sorted(pairs or {("unknown", "other")}):
            yield {"actor_type": actor, "act_group": group}, person, 0.0


def _requests(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    statuses = coding.book.code_lists["assistance_status"].codes
    for person in case.persons:
        for request in person.requests:
            status = request["status"]
            codes = {
                "need_category": coding.group("need", request["need"], "published_need", "other"),
                "request_result": statuses[status].parents["request_result"] if status else "other",
                "response_band": response_band(request, coding.book),
                "period": request_period(case, request, coding, unit),
            }
            yield codes, person, 0.0


def _spending(case: Case, coding: Coding, unit: str) -> Iterator[UnitRow]:
    for person in case.persons:
        for request in person.requests:
            if (
                not request["cost"]
                or request["currency"] != coding.currency
                or request["status"] != "provided"
            ):
                continue
            codes = {
                "need_category": coding.group("need", request["need"], "published_need", "other"),
                "period": request_period(case, request, coding, unit),
            }
            yield codes, person, float(request["cost"])


UNITS: dict[str, Callable[[Case, Coding, str], Iterator[UnitRow]]] = {
    "incidents": _incidents,
    "persons": _persons,
    "acts": _acts,
    "contexts": _contexts,
    "motives": _motives,
    "acts_by_actor": _acts_by_actor,
    "requests": _requests,
    "spending": _spending,
}


def gbv_type(person: Person, book: Codebook) -> str:
    """Return the GBVIMS type: the lowest rank among the acts (questions asked in order, first yes wins).

    Source: GBVIMS classification tool; RULES 2.2.
    """
    types = book.code_lists["gbv_type"].codes
    acts = book.code_lists["act"].codes
    found = {acts[act["act_code"]].parents["gbv_type"] for act in person.acts if act["act_code"]}
    return min(found or {"non-gbv"}, key=lambda code: int(types[code].attributes["rank"]))


_SEXUAL = frozenset({"rape", "sexual_assault"})
_PARTNERS = frozenset({"partner", "ex_partner", "fiance"})
_ABDUCTION = frozenset({"abduction", "bride_kidnapping", "forced_return", "deceived_return"})
_MARRIAGE = frozenset({"forced_marriage", "bride_kidnapping"})


def gbv_contexts(case: Case, person: Person, book: Codebook) -> set[str]:
    """Return the GBVIMS case contexts that hold for a person, computed as in Primero (RULES 2.1)."""
    acts = book.code_lists["act"].codes
    codes = {act["act_code"] for act in person.acts if act["act_code"]}
    any_gbv = any(acts[code].parents["gbv_type"] != "non-gbv" for code in codes)
    sexual = any(acts[code].parents["gbv_type"] in _SEXUAL for code in codes)
    minor = person.row["age"] is not None and person.row["age"] < 18
    practices = {code for code in codes if "harmful" in acts[code].standards.get("gbvims_context", "")}
    holds = {
        "intimate_partner_violence": any_gbv and any(act["relationship"] in _PARTNERS for act in person.acts),
        "child_sexual_abuse": (sexual and minor) or "sexual_act_child" in codes,
        "early_marriage": bool(codes & _MARRIAGE) and minor,
        "possible_sexual_exploitation": sexual and case.row["goods_exchanged"] == "yes",
        "possible_sexual_slavery": sexual and bool(codes & _ABDUCTION),
        "harmful_traditional_practice": bool(practices),
    }
    return {context for context, true in holds.items() if true}


def age_band(person: Person, coding: Coding) -> str:
    """Return the GBVIMS age band at the incident, or `unknown`."""
    age = person.row["age"]
    return coding.book.hierarchies["age"].generalise("" if age is None else str(age), "age_band")


def response_band(request: Mapping[str, Any], book: Codebook) -> str:
    """Return the band of hours from request to response; bands are half-open: a full hour is in the next."""
    if not request["date_request"] or not request["date_response"]:
        return "not_recorded"
    start, end = (datetime.datetime.fromisoformat(request[key]) for key in ("date_request", "date_response"))
    if end < start or "T" not in request["date_request"] or "T" not in request["date_response"]:
        return "not_recorded"  # contradictory, or days only: hours are not known
    hours = (end - start).total_seconds() / 3600
    bands = book.code_lists["response_band"].codes.values()
    known = [code for code in bands if code.attributes.get("from")]
    return next(code.code for code in reversed(known) if hours >= float(code.attributes["from"]))


def incident_period(case: Case, coding: Coding, unit: str) -> str:
    """Return the period of the incident, as fine as the unit's tables show it."""
    return coding.periods.code_of(
        case.row["date_incident"], case.row["date_precision"], coding.period_level(unit)
    )


def request_period(case: Case, request: Mapping[str, Any], coding: Coding, unit: str) -> str:
    """Return the period of the request; where it is not recorded, that of the report to the group."""
    day = request["date_request"] or case.row["date_report"]
    return coding.periods.code_of(day[:10] if day else None, "day", coding.period_level(unit))


def latest(person: Person, column: str) -> str | None:
    """Return the newest recorded value of a column of the person's outcomes; undated rows come first."""
    rows = sorted(person.outcomes, key=lambda row: row["date_outcome"] or "")
    values = [row[column] for row in rows if row[column]]
    return values[-1] if values else None


def recorded_fields(case: Case, person: Person) -> dict[str, str]:
    """Return quality field -> `recorded` or `not_recorded`.

    A field whose `not recorded` is a cell of another table is left out (motive, justice): one number printed
    twice, rounded twice, would lie where the two intervals meet.
    """
    present = {
        "age": person.row["age"] is not None,
        "sex": person.row["sex"] not in (None, "unknown"),
        "marital": person.row["marital"] not in (None, "unknown"),
        "region": case.row["region"] not in (None, "unknown"),
        "incident_day": bool(case.row["date_incident"]) and case.row["date_precision"] == "day",
        "relationship": any(act["relationship"] not in (None, "unknown") for act in person.acts),
    }
    return {name: "recorded" if there else "not_recorded" for name, there in present.items()}
