"""From evidence to link, ask or separate: one incident told twice, or one person in two incidents.

A pair is one incident if the person is one *and* day, place and what happened agree: whoever comes again
months later has the same name and another incident. So both are asked of the evidence, and the weaker answer
counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from .records import Record
from .signs import INCIDENT, PERSON, Sign

RETURNING_SHARE = 0.08  # records of a person who is on record already, before any evidence
LEAST_POPULATION = 2000  # persons who could have come, however few have
LINK_PERSON, ASK_PERSON = 8.0, 1.0  # bits: 1 error in 256; even odds and a little
LINK_INCIDENT, ASK_INCIDENT = 5.0, 0.0
ASK_KNOWN_INCIDENT = (
    -3.0
)  # where the person is likely to be one: an incident counted twice is the worse fault
_SAME_INCIDENT_BITS = -2.0  # one person in two channels: more often two incidents than one
_ONE_CHANNEL_BITS = -9.0  # one person twice in one channel: nearly always two incidents
_FIRST_LOOK = -8.0  # bits below which a pair is not looked at
_WORDS = {
    "given": "given name", "family": "family name", "birth": "date of birth", "birth_year": "age",
}  # fmt: skip
_STRANGER_BITS = 10.0  # evidence for the incident from which another given name still asks


@dataclass(frozen=True, slots=True)
class Finding:
    """Two records that are or may be one.

    Attributes:
        kind: `incident` or `person`.
        places: Positions of the two records.
        bits: Evidence, prior included; 0 is even odds.
        links: Whether it is sure enough to be decided without a person.
        signs: What agrees, without values.
    """

    kind: str
    places: tuple[int, int]
    bits: float
    links: bool
    signs: tuple[str, ...]


def prior_bits(n_records: int) -> float:
    """Return the evidence that two records at random are of one person, in bits."""
    return log2(2 * RETURNING_SHARE / max(n_records, LEAST_POPULATION))


def judge_pairs(database: Any, records: Sequence[Record], signs: Sequence[Sign]) -> Iterator[Finding]:
    """Yield what the table `scored` shows, strongest first."""
    prior = prior_bits(len(records))
    person = " + ".join(sign.name for sign in signs if sign.about == PERSON)
    incident = " + ".join(sign.name for sign in signs if sign.about == INCIDENT) or "0"
    columns = ", ".join(sign.name for sign in signs)
    rows = database.execute(
        f"""SELECT left_place, right_place, {person} AS person_bits, {incident} AS incident_bits, {columns}
        FROM scored WHERE person_bits + {prior} >= {_FIRST_LOOK}
        OR person_bits + incident_bits + {prior} >= {_FIRST_LOOK} ORDER BY 1, 2"""
    ).fetchall()
    found = []
    for left, right, person_bits, incident_bits, *bits in rows:
        pair = (records[left], records[right])
        by_sign = dict(zip((sign.name for sign in signs), bits, strict=True))
        if pair[0].incident_id != pair[1].incident_id:
            one = _judge(pair, (left, right), person_bits + prior, incident_bits, by_sign)
            if one:
                found.append(one)
    yield from sorted(found, key=lambda one: (-one.bits, one.places))


def _judge(
    pair: tuple[Record, Record],
    places: tuple[int, int],
    person_bits: float,
    incident_bits: float,
    by_sign: Mapping[str, float],
) -> Finding | None:
    known = pair[0].same_person_id == pair[1].same_person_id
    if known:
        person_bits = max(person_bits, 2 * LINK_PERSON)
    across = pair[0].sources.isdisjoint(pair[1].sources)
    one_incident = weaker(
        person_bits + incident_bits, incident_bits + (_SAME_INCIDENT_BITS if across else _ONE_CHANNEL_BITS)
    )
    stranger = (
        by_sign.get("given", 0) < 0 and max(by_sign.get(name, 0) for name in ("document", "handle")) <= 0
    )
    if stranger:
        # Another given name in one family is a sister, a mother or a twin, whatever else agrees.
        asks = across and by_sign.get("family", 0) <= 0 and one_incident >= _STRANGER_BITS
        return Finding("incident", places, one_incident, False, _agreeing(by_sign)) if asks else None
    if one_incident >= LINK_INCIDENT and across:
        return Finding("incident", places, one_incident, True, _agreeing(by_sign))
    if one_incident >= ASK_INCIDENT or (person_bits >= ASK_PERSON and one_incident >= ASK_KNOWN_INCIDENT):
        return Finding("incident", places, one_incident, False, _agreeing(by_sign))
    if known or person_bits < ASK_PERSON:
        return None
    return Finding("person", places, person_bits, person_bits >= LINK_PERSON, _agreeing(by_sign))


def weaker(one: float, other: float) -> float:
    """Return the evidence, in bits, against two rival explanations at once."""
    low, high = sorted((max(one, -60.0), max(other, -60.0)))
    return low - log2(1 + 2.0 ** (low - high))


def _agreeing(by_sign: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(_WORDS.get(name, name) for name, bits in by_sign.items() if bits > 0)
