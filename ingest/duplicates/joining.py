"""Making the records of several persons those of one, and taking that back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from codebook.name_prints import read_prints
from vault import Vault
from vault.schema import SOUGHT_KINDS

from .marks import NAME_PARTS

SURE = frozenset({"document", "person_code", "phone_name", "name_birth"})
_ALIKE = SURE | {"phone", "handle", "name"}
_COLUMNS = ("same_person_id", "household_id")

Before = dict[str, dict[str, str]]  # person -> column -> value before a joining


def join_persons(vault: Vault, left: str, right: str, before: Before) -> None:
    """Make two person records one person, and their households one; note in `before` what was there."""
    found = [next(vault.rows("person", "person_id = ?", [one]), None) for one in (left, right)]
    if found[0] is None or found[1] is None:
        return
    kept, gone = found[0], found[1]
    for column in _COLUMNS:
        if kept[column] and gone[column] and kept[column] != gone[column]:
            for row in list(vault.rows("person", f"{column} = ?", [gone[column]])):
                before.setdefault(str(row["person_id"]), {}).setdefault(column, str(row[column]))
                vault.update("person", row["person_id"], {column: kept[column]})


def separate_persons(vault: Vault, duplicate_id: str) -> None:
    """Take back the joinings of one decision: all go back to what ingest said, and the other decisions are
    applied again.
    """
    decided = _joinings(vault)
    original: Before = {}
    for entry in decided:
        for person, columns in entry["before"].items():
            original.setdefault(person, {})
            for column, value in columns.items():
                original[person].setdefault(column, value)
    _restore(vault, original)
    in_force = {str(row["duplicate_id"]) for row in vault.rows("duplicate", "decision = 'same'")} - {
        duplicate_id
    }
    for entry in decided:
        if entry["duplicate_id"] in in_force:
            for left, right in entry["pairs"]:
                join_persons(vault, left, right, {})


def _joinings(vault: Vault) -> list[dict[str, Any]]:
    rows = vault.rows("duplicate_decision", "decision = 'same'")
    return [{"duplicate_id": str(row["duplicate_id"]), **json.loads(row["joined_json"])} for row in rows]


def _restore(vault: Vault, original: Mapping[str, Mapping[str, str]]) -> None:
    """Give persons back what ingest said, and the records that came later to who has their sure sign."""
    later: dict[str, dict[str, str]] = defaultdict(dict)
    for person, columns in original.items():
        row = next(vault.rows("person", "person_id = ?", [person]), None)
        if row is None:
            continue
        for column in columns:
            where = f"{column} = ? AND person_id IN ({_SHARING})"
            for other in list(vault.rows("person", where, [row[column], person])):
                if str(other["person_id"]) not in original:
                    later[str(other["person_id"])].setdefault(column, columns[column])
    for person, columns in (*original.items(), *later.items()):
        vault.update("person", person, columns)


_SHARING = (
    "SELECT other.person_id FROM match_key AS own "
    f"JOIN (SELECT person_id, fingerprint FROM match_key WHERE {SOUGHT_KINDS}) AS other "
    "ON substr(other.fingerprint, 1, 12) = substr(own.fingerprint, 1, 12) "
    "AND other.fingerprint = own.fingerprint "
    f"WHERE own.person_id = ? AND own.kind IN ({', '.join(repr(kind) for kind in sorted(SURE))})"
)


def persons_of_incidents(vault: Vault, left: str, right: str) -> list[tuple[str, str]]:
    """Return the pairs of persons who are in both of two incidents: by what they share, each at most once."""
    sides = [_prints_of(vault, incident) for incident in (left, right)]
    alone = len(sides[0]) == len(sides[1]) == 1
    likeness = [
        (_likeness(sides[0][one], sides[1][other], alone=alone), one, other)
        for one, other in product(sides[0], sides[1])
    ]
    pairs: list[tuple[str, str]] = []
    taken: set[str] = set()
    for alike, one, other in sorted(likeness, key=lambda item: (-item[0], item[1:])):
        if alike > 0 and not taken & {one, other}:
            pairs.append((one, other))
            taken |= {one, other}
    return pairs


def _prints_of(vault: Vault, incident_id: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for person in list(vault.rows("person", "incident_id = ?", [incident_id])):
        rows = vault.rows("match_key", "person_id = ?", [person["person_id"]])
        found[str(person["person_id"])] = [(str(row["kind"]), str(row["fingerprint"])) for row in rows]
    return found


def _likeness(one: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]], *, alone: bool) -> int:
    """Return how many signs two persons share; below 0 where their given names differ."""
    left, right = dict(one), dict(other)
    shared = sum(left[kind] == right[kind] for kind in _ALIKE & left.keys() & right.keys())
    names = [read_prints(side.get(NAME_PARTS, "")) for side in (left, right)]
    if names[0] and names[1] and names[0].given_initial and names[1].given_initial:
        alike = set(names[0].given_slips) & set(names[1].given_slips)
        alike |= set(names[0].given_groups) & set(names[1].given_groups)
        if names[0].given_initial != names[1].given_initial and not alike:
            return -1
        if names[0].given and names[1].given:
            if names[0].given != names[1].given and not alike:
                return -1
            shared += names[0].given == names[1].given
    return shared + alone
