"""What belongs together: the tellings of one incident, and everybody whom one household or person joins."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def join_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return member -> the first name, in order of names, of everything that pairs join it to.

    >>> join_pairs([("a", "c"), ("b", "c")])
    {'a': 'a', 'c': 'a', 'b': 'a'}
    """
    above: dict[str, str] = {}
    for pair in pairs:
        first, last = sorted(_top(above, one) for one in pair)
        above[last] = first
    return {one: _top(above, one) for one in above}


def _top(above: dict[str, str], one: str) -> str:
    above.setdefault(one, one)
    while above[one] != one:
        above[one] = above[above[one]]
        one = above[one]
    return one


def identity_of(person: Row) -> str:
    """Return what is the same for all incidents of one person."""
    return str(person["same_person_id"] or person["person_id"])


def households_of(persons: Iterable[Row]) -> dict[str, str]:
    """Return person_id -> household, the same for everybody who may be of one family.

    The records of one woman are one household, whatever was written in each: her five cases are not five
    families. Persons of one incident without a household on record are one, too.
    """
    pairs = []
    for person in persons:
        home = f"household {person['household_id'] or person['incident_id']}"
        pairs += [(f"record {person['person_id']}", home), (home, f"person {identity_of(person)}")]
    joined = join_pairs(pairs)
    return {one.removeprefix("record "): top for one, top in joined.items() if one.startswith("record ")}
