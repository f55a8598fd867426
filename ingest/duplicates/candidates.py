"""Which pairs are compared at all: those who share a key, unless too many share it."""

from collections.abc import Iterator, Sequence

from .records import Record

_WINDOW = 8  # days; two windows, half a window apart, so that records up to 4 days apart share one


def keys_of(record: Record) -> Iterator[str]:
    """Yield the keys of a record; two records with a key in common are compared."""
    for kind in ("document", "handle", "phone", "birth"):
        if value := getattr(record, kind):
            yield f"{kind} {value}"
    yield from _name_keys(record)
    yield from _incident_keys(record)


def _name_keys(record: Record) -> Iterator[str]:
    name = record.name
    if not name:
        return
    if name.family and name.given:
        for slip in (*name.given_slips, name.given):
            yield f"family given~ {name.family} {slip}"
        for slip in (*name.family_slips, name.family):
            yield f"family~ given {slip} {name.given}"
        for group in name.given_groups:
            yield f"family group {name.family} {group}"
    if name.family and name.given_initial:
        initials = f"{name.given_initial} {name.patronymic_initial}"
        yield f"family initials {name.family} {initials} {record.region or ''}"
    if name.patronymic and name.given:
        yield f"given patronymic {name.given} {name.patronymic} {record.region or ''}"


def _incident_keys(record: Record) -> Iterator[str]:
    if record.day is None:
        return
    for window in (record.day // _WINDOW, (record.day + _WINDOW // 2) // _WINDOW + 10**7):
        if record.settlement:
            yield f"day settlement {window} {record.settlement} {record.sex or ''}"
        if record.name and record.name.family:
            yield f"day family {window} {record.name.family}"
        if record.name and record.name.given:
            yield f"day given {window} {record.name.given} {record.region or ''}"
    if record.birth_year is not None:
        yield f"day age {record.day // 2} {record.region or ''} {round(record.birth_year)}"


def key_columns(records: Sequence[Record]) -> dict[str, list[object]]:
    """Return (record position, key) as two columns."""
    places: list[object] = []
    keys: list[object] = []
    for place, record in enumerate(records):
        for key in keys_of(record):
            places.append(place)
            keys.append(hash(key))
    return {"place": places, "key": keys}
