"""Who is the same person, and who lives together: by keyed fingerprints, so that no identifier need be kept.

Sure signs join at once: the group's own person code, a document, phone with name, name with birth date.
A phone, handle or name alone only asks (`duplicates.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.duplicates import Groups, comparison_prints
from ingest.values import document_key, handle_key, name_key, phone_key
from vault import Vault
from vault.schema import SOUGHT_FINGERPRINT, SOUGHT_KINDS

from .records import SOUGHT_DIGITS

JOINING = frozenset({"person_code", "document", "phone_name", "name_birth"})
_CHUNK = 500  # fingerprints in one question to the vault


@dataclass(frozen=True, slots=True)
class Known:
    """A person who is on record already."""

    same_person_id: str
    household_id: str


def match_keys(vault: Vault, person: Mapping[str, Any], code_space: str) -> list[tuple[str, str]]:
    """Return the (kind, fingerprint) pairs of what identifies a person."""
    found: list[tuple[str, str]] = []

    def add(kind: str, *parts: str) -> None:
        if all(parts):
            found.append((kind, vault.fingerprint(kind, *parts)))

    name = name_key(" ".join(str(person[one]) for one in ("name", "patronymic") if person.get(one)))
    phone = phone_key(str(person["phone"])) if person.get("phone") else ""
    if code := person.get("external_id"):
        add("person_code", code_space, str(code).strip())
    if number := person.get("document_number"):
        add("document", document_key(str(number)))
    for field in ("social_handle", "email"):
        if handle := person.get(field):
            add("handle", handle_key(str(handle)))
    add("phone", phone)
    if " " in name:
        add("name", name)
        add("phone_name", phone, name)
        if person.get("date_of_birth") and person.get("date_of_birth_precision") == "day":
            add("name_birth", name, str(person["date_of_birth"]))
    return found + comparison_prints(vault, person)


class People:
    """What the vault knows of the persons of a batch; grows as the batch is written."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[str, Known] = {}
        self._households: dict[str, str] = {}
        self._merged = Groups()
        self._joined = Groups()

    def prepare(self, fingerprints: Iterable[str]) -> None:
        """Look up the joining fingerprints of a batch at once."""
        self._known.clear()
        self._households.clear()
        wanted = sorted(set(fingerprints))
        for start in range(0, len(wanted), _CHUNK):
            self._look_up(wanted[start : start + _CHUNK])

    def _look_up(self, wanted: list[str]) -> None:
        asked = set(wanted)
        marks = ", ".join("?" for _ in wanted)
        where = f"({SOUGHT_KINDS}) AND {SOUGHT_FINGERPRINT} IN ({marks})"
        begun = [fingerprint[:SOUGHT_DIGITS] for fingerprint in wanted]
        keys = [row for row in self._vault.rows("match_key", where, begun) if row["fingerprint"] in asked]
        if not keys:
            return
        ids = sorted({row["person_id"] for row in keys})
        persons: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            marks = ", ".join("?" for _ in part)
            for row in self._vault.rows("person", f"person_id IN ({marks})", part):
                persons[row["person_id"]] = row
        for key in keys:
            person = persons.get(key["person_id"])
            if person:
                if key["kind"] == "household":
                    self._households.setdefault(key["fingerprint"], person["household_id"])
                elif key["kind"] in JOINING:
                    known = Known(
                        person["same_person_id"] or person["person_id"], person["household_id"] or ""
                    )
                    self._known.setdefault(key["fingerprint"], known)

    def known(self, keys: Iterable[tuple[str, str]]) -> Known | None:
        """Return the person that has one of the joining fingerprints, if any has."""
        for kind, fingerprint in keys:
            if kind in JOINING and fingerprint in self._known:
                return self._known[fingerprint]
        return None

    def identities(self, keys: Iterable[tuple[str, str]]) -> set[str]:
        """Return everybody who has one of the joining fingerprints: signs of two make the two one."""
        found = (self._known.get(print_) for kind, print_ in keys if kind in JOINING)
        return {one.same_person_id for one in found if one}

    def has(self, fingerprint: str | None) -> bool:
        """Return whether somebody has a joining fingerprint."""
        return fingerprint in self._known

    def by_sign(self, fingerprint: str) -> Known | None:
        """Return the person that has a joining fingerprint."""
        return self._known.get(fingerprint)

    def learn_signs(self, fingerprints: Iterable[str | None], known: Known) -> None:
        """Remember a person of this batch by her joining fingerprints."""
        for fingerprint in fingerprints:
            if fingerprint:
                self._known.setdefault(fingerprint, known)

    def household(self, fingerprint: str) -> str | None:
        """Return the household that has a household code's fingerprint."""
        return self._households.get(fingerprint)

    def merge_households(self, households: Iterable[str]) -> str:
        """Make one household of several and return it; empty where there is none.

        Persons recorded together without household codes count as one household, so that k is not overstated.
        """
        found = list(dict.fromkeys(self.current_household(one) for one in households if one))
        for one in found[1:]:
            self._merged.join(found[0], one)
        return found[0] if found else ""

    def current_household(self, household: str) -> str:
        """Return the household that a household has become."""
        return self._merged.of(household)

    def join(self, identity: str, other: str) -> None:
        """Make a person on record another one on record: a row shows that the two are one."""
        self._joined.join(other, identity)

    def apply_merges(self) -> None:
        """Move the persons on record of merged households, and those who turned out to be one person."""
        for column, groups in (("same_person_id", self._joined), ("household_id", self._merged)):
            for one, top in groups.moved():
                self._vault.update_where("person", {column: top}, f"{column} = ?", [one])
            groups.clear()

    def learn(self, keys: Iterable[tuple[str, str]], known: Known) -> None:
        """Remember a person of this batch for the rest of it."""
        for kind, fingerprint in keys:
            if kind in JOINING:
                self._known.setdefault(fingerprint, known)
            elif kind == "household":
                self._households.setdefault(fingerprint, known.household_id)
