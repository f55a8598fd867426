"""What follows from a case and what cannot be true of it: its region, ages, the order of dates."""

import datetime
from typing import Any

from ingest.mapping import Source
from ingest.problems import CONTRADICTION, IMPOSSIBLE_DATE, MISSING, Problem
from ingest.values import Gazetteer, age_at

from .case import Case

Fault = tuple[str, str]  # reason, and the field it lies in
_AGE_TOLERANCE = 1  # years by which an age told may differ from the one a birth date gives


class CaseChecker:
    """Completes the cases of one source and says what is wrong with them."""

    def __init__(self, source: Source, gazetteer: Gazetteer, today: datetime.date) -> None:
        self._source = source
        self._gazetteer = gazetteer
        self._today = today.isoformat()

    def complete(self, case: Case) -> Fault | None:
        """Fill in what follows from a case; return the reason and place of what cannot be true."""
        incident = case.incident
        return self._missing(case) or self._dates(incident) or self._place(incident) or ages_fault(case)

    def _missing(self, case: Case) -> Fault | None:
        for path in self._source.required:
            entity, _, name = path.partition(".")
            if entity == "person":
                found = [person.fields.get(name) for person in case.persons]
            else:
                found = [getattr(case, entity, {}).get(name)]
            if any(value in (None, "", []) for value in found):
                return (MISSING.reason, path)
        return None

    def _dates(self, incident: dict[str, Any]) -> Fault | None:
        first, last = incident.get("date_incident", ""), incident.get("date_incident_to", "")
        known = incident.get("date_precision")
        fault, precision = self.dates(first, last, incident.get("date_report", ""), known)
        if precision != known:
            incident["date_precision"] = precision
        return fault

    def dates(
        self, first: str, last: str, reported: str, precision: str | None
    ) -> tuple[Fault | None, str | None]:
        """Return what cannot be true of the dates of an incident, and how exactly its date is known.

        Args:
            first: ISO, as the others; empty where none is recorded.
        """
        if first > self._today:
            return (IMPOSSIBLE_DATE.reason, "incident.date_incident"), precision
        if reported[:10] > self._today:
            return (IMPOSSIBLE_DATE.reason, "incident.date_report"), precision
        if first and last and last < first:
            return (CONTRADICTION.reason, "incident.date_incident_to"), precision
        if last > first and precision == "day":
            precision = "range"
        if precision == "day" and first and reported and reported[:10] < first:
            return (CONTRADICTION.reason, "incident.date_report"), precision
        return None, precision

    def _place(self, incident: dict[str, Any]) -> Fault | None:
        """Find the region of a settlement where none is recorded; a recorded region is never overruled."""
        settlement = incident.get("settlement")
        if not settlement or incident.get("region") or incident.get("country") == "abroad":
            return None
        region = self._gazetteer.region_of(settlement)
        if isinstance(region, Problem):
            return (region.reason, "incident.settlement")
        incident["region"] = region
        return None


def ages_fault(case: Case) -> Fault | None:
    """Fill in the ages that dates of birth give; return what cannot be true of them."""
    happened = case.incident.get("date_incident")
    precision = case.incident.get("date_precision") or "day"
    last = str(case.incident.get("date_incident_to") or "")
    for person in case.persons:
        fields = person.fields
        born = fields.get("date_of_birth")
        if not born or not happened:
            continue
        if born > happened:
            return (IMPOSSIBLE_DATE.reason, "person.date_of_birth")
        age = age_at(born, fields.get("date_of_birth_precision", "day"), happened, precision, last)
        if age is None:
            continue
        if age > 120:
            return (IMPOSSIBLE_DATE.reason, "person.date_of_birth")
        told = fields.setdefault("age", age)
        if abs(told - age) > _AGE_TOLERANCE:
            return (CONTRADICTION.reason, "person.age")
    return None
