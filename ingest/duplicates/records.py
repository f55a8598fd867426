"""The records that are compared: what the vault holds of each person and incident, and the keyed prints."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from codebook.name_prints import NamePrints, neutral, read_prints, slips_of
from vault import Vault

from .marks import BIRTH, NAME_PARTS

MAXIMUM_SHARED = 40  # records behind one contact; more of them is a hotline's own number
COMMON = 4  # records of one name from which on a like name is another name
_CONTACTS = ("document", "handle", "phone")
_BITS = 63
_DAYS_IN_YEAR = 365.25
# Columns of the vault that are read: the others would fill the memory with what nobody compares.
_TOLD_OF_PLACE = ("place_type", "time_of_day", "number_perpetrators", "repeated")
_OF_INCIDENT = (
    "incident_id", "region", "settlement", "date_incident", "date_precision", "date_report", "motive",
    *_TOLD_OF_PLACE,
)  # fmt: skip
_OF_PERSON = ("person_id", "incident_id", "same_person_id", "sex", "age")


@dataclass(slots=True)
class Record:
    """One person in one incident, as it is compared; None and empty is not known.

    Attributes:
        birth_year: Year and fraction, from age and date.
        day: Days since year 1 of the incident, or of the report where that is all that is known.
        facts: What is said of the incident: acts, relationships, place; `field:code`.
    """

    person_id: str
    incident_id: str
    same_person_id: str = ""
    sources: frozenset[str] = frozenset()
    document: str | None = None
    handle: str | None = None
    phone: str | None = None
    name: NamePrints | None = None
    birth: str | None = None
    birth_slips: tuple[str, ...] = ()
    birth_year: float | None = None
    sex: str | None = None
    region: str | None = None
    settlement: str | None = None
    day: int | None = None
    exact_day: bool = False
    month: int | None = None
    facts: tuple[str, ...] = ()


def load_records(vault: Vault) -> list[Record]:
    """Return a record for every person of the vault, in a fixed order."""
    sources = defaultdict(set)
    for row in vault.rows("source", "incident_id IS NOT NULL", only=("incident_id", "source_name")):
        sources[str(row["incident_id"])].add(str(row["source_name"]))
    incidents = {str(row["incident_id"]): row for row in vault.rows("incident", only=_OF_INCIDENT)}
    acts: dict[str, set[str]] = defaultdict(set)
    for row in vault.rows("act", only=("person_id", "act_code", "relationship")):
        said = acts[str(row["person_id"])]
        said.add(f"act:{row['act_code']}")
        if row["relationship"]:
            said.add(f"by:{row['relationship']}")
    prints = _prints(vault)
    records = []
    for row in vault.rows("person", only=_OF_PERSON):
        person, incident = str(row["person_id"]), str(row["incident_id"])
        told = incidents.get(incident)
        if told is None:
            continue
        record = Record(person, incident, str(row["same_person_id"] or person), frozenset(sources[incident]))
        record.sex = row["sex"] if row["sex"] not in (None, "unknown") else None
        _tell_incident(record, told)
        _tell_age(record, row, told)
        if record.facts or acts[person]:
            record.facts = tuple(sorted({*record.facts, *acts[person]}))
        _tell_prints(record, prints.get(person, {}))
        records.append(record)
    return records


def _prints(vault: Vault) -> dict[str, dict[str, str]]:
    """Return person -> kind -> print; a contact behind too many records is nobody's."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    holders: Counter[tuple[str, str]] = Counter()
    for row in vault.rows("match_key", only=("person_id", "kind", "fingerprint")):
        kind, text = str(row["kind"]), str(row["fingerprint"])
        if kind in _CONTACTS:
            holders[(kind, text)] += 1
        if kind in _CONTACTS or kind in (NAME_PARTS, BIRTH):
            found[str(row["person_id"])].setdefault(kind, text)
    for own in found.values():
        for kind in _CONTACTS:
            if kind in own and holders[(kind, own[kind])] > MAXIMUM_SHARED:
                del own[kind]
    return found


def _tell_prints(record: Record, own: Mapping[str, str]) -> None:
    for kind in _CONTACTS:
        setattr(record, kind, own.get(kind))
    if NAME_PARTS in own:
        record.name = _read_once(own[NAME_PARTS])
    if BIRTH in own:
        record.birth, _, slips = own[BIRTH].partition(";")
        record.birth_slips = tuple(slips.split(","))


_read_once = lru_cache(maxsize=65_536)(read_prints)


def _tell_incident(record: Record, told: Mapping[str, Any]) -> None:
    record.region = told["region"] or None
    record.settlement = neutral(str(told["settlement"])) or None if told["settlement"] else None
    on = _day(told["date_incident"]) or None
    record.exact_day = bool(on) and told["date_precision"] in ("day", "range")
    on = on or _day(told["date_report"])
    if on and told["date_precision"] not in ("year", "unknown", "estimate"):
        record.day, record.month = on.toordinal(), on.year * 12 + on.month
    said = {f"motive:{one}" for one in told["motive"] or ()}
    for name in _TOLD_OF_PLACE:
        if told[name] not in (None, "", "unknown"):
            said.add(f"{name}:{told[name]}")
    record.facts = tuple(sorted(said))


def _tell_age(record: Record, row: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    on = _day(told["date_incident"]) or _day(told["date_report"])
    if row["age"] is not None and on:
        middle = 0.5 if told["date_precision"] == "year" else (on.timetuple().tm_yday / _DAYS_IN_YEAR)
        record.birth_year = on.year + middle - float(row["age"]) - 0.5


def _day(text: object) -> datetime.date | None:
    return datetime.date.fromisoformat(str(text)[:10]) if text else None


def as_columns(records: Iterable[Record]) -> dict[str, list[Any]]:
    """Return the columns that the signs compare; one row a record, in order."""
    listed = list(records)
    plain = (
        "document",
        "handle",
        "phone",
        "birth",
        "birth_year",
        "sex",
        "region",
        "settlement",
        "day",
        "exact_day",
        "month",
    )
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in listed] for name in plain}
    columns["unique_id"] = list(range(len(listed)))
    columns["birth_slips"] = [list(one.birth_slips) for one in listed]
    columns["facts"], columns["more_facts"] = _as_bits([one.facts for one in listed])
    slips = lru_cache(maxsize=65_536)(lambda text: sorted(slips_of(text)))
    columns["settlement_slips"] = [slips(one.settlement) if one.settlement else [] for one in listed]
    columns |= {f"{name}": [_of(one.name, name) for one in listed] for name in _NAME_FIELDS}
    for part in ("given", "family", "patronymic"):
        seen = Counter(columns[part])
        columns[f"{part}_common"] = [value is not None and seen[value] >= COMMON for value in columns[part]]
    known = [bool(one.name and one.name.given_known) for one in listed]
    columns["given_common"] = [
        common or told for common, told in zip(columns["given_common"], known, strict=True)
    ]
    return columns


def _as_bits(facts: Sequence[tuple[str, ...]]) -> tuple[list[int | None], list[int | None]]:
    """Return the facts of each record as bits of two numbers; the most frequent have bits of their own."""
    seen = Counter(fact for own in facts for fact in own)
    place = {
        fact: number % (2 * _BITS) for number, (fact, _) in enumerate(sorted(seen.items(), key=_by_number))
    }
    low, high = [], []
    for own in facts:
        bits = 0
        for fact in own:
            bits |= 1 << place[fact]
        low.append(bits & ((1 << _BITS) - 1) if own else None)
        high.append(bits >> _BITS if own else None)
    return low, high


def _by_number(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


_NAME_FIELDS = tuple(one.name for one in fields(NamePrints) if one.name != "given_known")


def _of(name: NamePrints | None, part: str) -> Any:
    if name is None:
        return [] if part.endswith(("slips", "groups")) else None
    value = getattr(name, part)
    return list(value) if isinstance(value, tuple) else value or None
