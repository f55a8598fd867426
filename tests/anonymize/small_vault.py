"""Small vaults, and cases in memory, built by hand: the smallest record that shows one rule."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anonymize.dimensions import Coding
from anonymize.periods import PeriodCodes
from anonymize.policy import Policy, load_policy
from anonymize.population import Case, Person, Population, Window
from codebook import Codebook, FieldType, load_codebook
from vault import Vault

TODAY = datetime.date(2026, 11, 22)
WINDOW = Window(period_to=datetime.date(2026, 6, 30), as_of=TODAY)
PERIODS = PeriodCodes(2019, WINDOW.period_to)
BOOK: Codebook = load_codebook()
POLICY: Policy = load_policy()
Row = dict[str, Any]


def coding(policy: Policy = POLICY, periods: PeriodCodes = PERIODS) -> Coding:
    """Return the coding of the packaged policy, or of another one."""
    return Coding(BOOK, policy, periods)


def blank(entity: str, **values: object) -> Row:
    """Return a row of the vault with nothing recorded but `values`, as the vault would give it back."""
    fields = {one.name: one.type for one in BOOK.entities[entity].stored_fields}
    assert set(values) <= set(fields), f"{entity} has no such field"
    return {**{name: [] if kind is FieldType.CODES else None for name, kind in fields.items()}, **values}


@dataclass
class SmallVault:
    """A vault that is filled case by case; every method returns the id of what it stored."""

    vault: Vault
    stored: int = 0

    def _add(self, entity: str, **values: object) -> str:
        self.stored += 1
        key = str(7_391_846_000_000 + self.stored)  # as the vault counts
        identifier = f"{entity}_id"
        self.vault.insert(entity, [{identifier: values.pop(identifier, key), **values}])
        return key

    def case(self, **values: object) -> str:
        """Store an incident of a closed period; `values` change it."""
        usual = {"date_incident": "2024-03-08", "date_precision": "day", "date_report": "2024-03-10",
                 "region": "RU-DA", "verification": "single_source"}  # fmt: skip
        return self._add("incident", **{**usual, **values})

    def person(self, case: str, *, consent: str | None = "given", **values: object) -> str:
        """Store a person of a case who consents to statistics, unless told otherwise; None stores no row."""
        person = self._add("person", incident_id=case, **values)
        if consent:
            self.consent(person, consent_status=consent)
        return person

    def consent(self, person: str, **values: object) -> str:
        """Store a decision about statistics."""
        usual = {"scope": "statistics", "given_by": "self", "date_consent": "2024-03-10"}
        return self._add("consent", person_id=person, **{**usual, **values})

    def act(self, case: str, person: str, code: str = "assault_minor", relationship: str = "police") -> str:
        """Store an act against a person."""
        return self._add("act", incident_id=case, person_id=person, act_code=code, relationship=relationship)

    def request(self, person: str, **values: object) -> str:
        """Store a request for help."""
        usual = {"date_request": "2024-04-01T10:00", "need": "food", "status": "requested"}
        return self._add("request", person_id=person, **{**usual, **values})

    def outcome(self, person: str, **values: object) -> str:
        """Store a change in what became of a person."""
        return self._add("outcome", person_id=person, **values)

    def funding(self, **values: object) -> str:
        """Store a month of gifts."""
        usual = {"month": "2024-03-01", "channel": "domestic", "funding_currency": "RUB", "amount": 1000.0,
                 "donor_count": 20, "largest_amount": 100.0}  # fmt: skip
        return self._add("funding", **{**usual, **values})

    def same_incident(self, left: str, right: str) -> None:
        """Decide that two incidents are one, told twice."""
        self.stored += 1
        decided = {"duplicate_id": f"d{self.stored}", "kind": "incident", "decision": "same"}
        self.vault.insert("duplicate", [{**decided, "left_id": left, "right_id": right}])


def act(code: str | None = "assault_minor", relationship: str | None = "police") -> Row:
    """Return an act in memory."""
    return blank("act", act_code=code, relationship=relationship)


def person(
    number: int | str = 1,
    acts: Sequence[Row] = (),
    *,
    outcomes: Sequence[Row] = (),
    requests: Sequence[Row] = (),
    **values: object,
) -> Person:
    """Return a person in memory, of a household of her own unless told otherwise."""
    usual = {"person_id": f"p{number}", "same_person_id": f"p{number}", "household_id": f"h{number}"}
    row = blank("person", **{**usual, **values})
    home = row["household_id"] or f"home of {number}"
    return Person(row, tuple(acts), tuple(outcomes), tuple(requests), home)


def case(*persons: Person, source: Mapping[str, object] | None = None, **values: object) -> Case:
    """Return an incident in memory that happened to `persons`."""
    first = persons[0].row["person_id"] if persons else ""
    usual = {"incident_id": f"case of {first}", "date_incident": "2024-03-08", "date_precision": "day",
             "date_report": "2024-03-10", "region": "RU-DA"}  # fmt: skip
    return Case(blank("incident", **{**usual, **values}), persons, dict(source or {}))


def population(*cases: Case) -> Population:
    """Return a population of cases in memory."""
    return Population(cases, ())
