"""What is really in the synthetic files: every identifying string, pairs, households, counts.

Tests and the auditor use it as an oracle; it stays outside `public/`.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .model import Case, is_countable


class IdentifyingValues:
    """Collects every identifying string as it is written into a file."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._values: set[str] = set()

    def add(self, value: object) -> str:
        """Remember a value and return it as text; an empty one is not remembered."""
        text = "" if value is None else str(value)
        if text:
            self._values.add(text)
        return text

    def add_row(self, row: Mapping[str, object], columns: Iterable[str]) -> None:
        """Remember the values of the identifying columns of a row."""
        for column in columns:
            self.add(row.get(column))

    def sorted(self) -> list[str]:
        """Return the values, unique and sorted."""
        return sorted(self._values)


def counts_of(cases: Sequence[Case], by_person: Collection[str] = ()) -> dict[str, int]:
    """Return what ingest must find in the cases of one file or of all.

    Args:
        by_person: Channels whose files have one row a person, and not one a case.
    """
    good = [case for case in cases if not case.hopeless]
    people = [one for case in good for one in case.people]
    consents = Counter(one.consent.status for one in people)
    return {
        "records": len(cases),
        "rows": sum(len(case.people) if case.channel in by_person else 1 for case in cases),
        "incidents": len(good),
        "quarantined": len(cases) - len(good),
        "persons": len(people),
        "different_persons": len({one.person.number for one in people}),
        "region_unknown": sum(not case.region for case in good),
        "date_unknown": sum(case.precision == "unknown" for case in good),
        "age_unknown": sum(one.age is None for one in people),
        "person_act_pairs": sum(len(one.acts) for one in people),
        "act_links": sum(len(one.acts) * max(len(one.relationships), 1) for one in people),
        "requests": sum(len(one.requests) for one in people),
        "requests_no_funds": sum(help_.status == "no_funds" for one in people for help_ in one.requests),
        "consent_rows": sum(bool(one.consent.status) for one in people),
        "consent_given": consents["given"],
        "consent_refused": consents["refused"],
        "consent_missing": consents[""],
        "consent_withdrawn": consents["withdrawn"],
        "guardian_is_perpetrator": sum(
            one.consent.status == "given" and one.consent.guardian in one.relationships for one in people
        ),
        "countable_persons": sum(is_countable(one) for one in people),
        "countable_incidents": sum(any(is_countable(one) for one in case.people) for case in good),
        "reported_to_partner": sum(case.elsewhere == "partner" for case in good),
        "public_cases": sum(case.exposure != "none" for case in good),
    }


def truth_of(cases: Sequence[Case], withdrawn: Case | None, files: Mapping[str, str]) -> dict[str, Any]:
    """Return pairs, households, repeats and the special cases, by case code.

    Args:
        cases: Every case of every file, duplicates and hopeless rows included.
        withdrawn: The case of the one person who withdrew.
        files: Channel -> name of its file.
    """
    by_incident: dict[int, list[str]] = {}
    by_person: dict[int, list[Case]] = {}
    by_household: dict[int, list[str]] = {}
    members: dict[int, set[int]] = {}
    for case in cases:
        by_incident.setdefault(case.incident, []).append(case.code)
        for position, one in enumerate(case.people, start=1):
            by_person.setdefault(one.person.number, []).append(case)
            by_household.setdefault(one.person.household, []).append(f"{case.code}/{position}")
            members.setdefault(one.person.household, set()).add(one.person.number)
    sisters = next((case for case in cases if case.situation == "four_sisters"), None)
    return {
        "duplicate_pairs": sorted(sorted(codes) for codes in by_incident.values() if len(codes) > 1),
        "households": sorted(
            records for household, records in by_household.items() if len(members[household]) > 1
        ),
        "repeat_victims": sorted(
            [case.code for case in own]
            for own in by_person.values()
            if len({case.incident for case in own}) > 1
        ),
        "withdrawn": [{"case": withdrawn.code, "person": 1}] if withdrawn else [],
        "four_sisters": {"case": sisters.code, "persons": len(sisters.people)} if sisters else {},
        "hopeless": sorted(
            [case.code, case.hopeless, files[case.channel]] for case in cases if case.hopeless
        ),
    }


def changes_of(drawn: Sequence[Case], files: Mapping[str, str]) -> dict[str, Any]:
    """Return what a newer export changed: [case code, file], and the corrected field where there is one."""
    return {
        "edited": sorted(
            [one.code, files[one.channel], one.edited] for one in drawn if one.edited and not one.vanished
        ),
        "vanished": sorted([one.code, files[one.channel]] for one in drawn if one.vanished),
        "added": sorted([one.code, files[one.channel]] for one in drawn if one.new),
    }


def write_truth(path: Path, truth: Mapping[str, Any]) -> None:
    """Write the truth as JSON, readable and the same every time."""
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
