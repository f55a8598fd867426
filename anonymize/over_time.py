"""What a release may say after an earlier one: no single arrival, departure or payment between the two.

Rounding keeps small changes of counts uncertain; these rules are for what is not rounded (records), for sums
of money, and for the release as a whole.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from codebook import ReleaseRefused
from vault import Amount, Vault, persons_of_last_release, released_amounts, released_records

from .policy import Policy
from .population import Population, Window
from .record_columns import record_list
from .record_rows import ReleasedRecords
from .tables import MoneyRows

RecordClass = tuple[tuple[str, str], ...]


def require_enough_change(vault: Vault, population: Population, window: Window, policy: Policy) -> None:
    """Stop a release whose only news are a few persons: comparing it with the last one would describe them.

    Allowed are a release in which nobody came or went, one that closes another quarter, and one with enough
    new persons; corrections and withdrawals go in with those (RULES section 4, batch).

    Raises:
        ReleaseRefused: Too few are new.
    """
    last_day, last_count, still_known = persons_of_last_release(vault)
    if not last_day or window.period_to.isoformat() > last_day:
        return
    now = set(population.person_ids)
    added, removed = len(now - still_known), last_count - len(now & still_known)
    if (added or removed) and added < policy.minimum_new_persons:
        raise ReleaseRefused(
            f"{added} person records are new and {removed} are gone since the last release of the same "
            f"period; the policy asks for {policy.minimum_new_persons} new ones",
            remedy="wait for the next closed quarter or for more cases; withdrawals go in with them",
        )


def record_classes(records: ReleasedRecords | None) -> dict[RecordClass, int]:
    """Return every class of equal published records and its size."""
    if records is None:
        return {}
    names = [f"{column}:{_level(records, column)}" for column in records.columns]
    return dict(Counter(tuple(zip(names, row, strict=True)) for row in records.rows))


def _level(records: ReleasedRecords, column: str) -> str:
    """Return the level that a column is published on: the same column on another level is another column."""
    codes = records.codes.get(record_list(column), ())
    return codes[0].level if codes else ""


def may_follow(vault: Vault, records: ReleasedRecords, k: int) -> bool:
    """Return whether publishing these records gives nothing away beside those of every earlier release.

    Records are exact: against each earlier file every class must be as it was, or differ by k or more; and
    the columns and levels must be the same, or one file would refine the other.
    """
    now = record_classes(records)
    for earlier in released_records(vault).values():
        if {_shape(record) for record in earlier} != {_shape(record) for record in now}:
            return False
        changes = (abs(now.get(one, 0) - earlier.get(one, 0)) for one in {*now, *earlier})
        if any(0 < change < k for change in changes):
            return False
    return True


def _shape(record: RecordClass) -> tuple[str, ...]:
    return tuple(column for column, _ in record)


def amounts_of(vault: Vault, unit: str, rows: MoneyRows) -> list[Amount]:
    """Return the contributions behind a unit's amounts, the contributors as fingerprints."""
    columns = sorted(rows.codes)
    return [
        Amount(
            unit,
            tuple((column, rows.codes[column][number]) for column in columns),
            vault.fingerprint("contributor", contributor) if contributor else "",
            amount,
            rows.contributor_counts[number] if rows.contributor_counts else 1,
            -1 if not rows.largest or rows.largest[number] is None else int(rows.largest[number] or 0),
        )
        for number, (amount, contributor) in enumerate(zip(rows.amounts, rows.contributors, strict=True))
    ]


def changed_amounts(vault: Vault, unit: str, now: Sequence[Amount]) -> MoneyRows | None:
    """Return what differs from the contributions of the last release; None where it had none."""
    before = [one for one in released_amounts(vault) if one.unit == unit]
    if not before:
        return None
    earlier, later = _by_contributor(before), _by_contributor(now)
    different = [key for key in sorted({*earlier, *later}) if earlier.get(key) != later.get(key)]
    columns = [column for column, _ in now[0].codes] if now else [column for column, _ in before[0].codes]
    changes = [(later.get(key, _NOTHING), earlier.get(key, _NOTHING)) for key in different]
    return MoneyRows(
        {column: [dict(codes)[column] for codes, _ in different] for column in columns},
        [abs(new.amount - old.amount) for new, old in changes],
        [contributor for _, contributor in different],
        [max(abs(new.contributors - old.contributors), 1) for new, old in changes],
        # A sum of many gifts that changed: whose gift it was is not known, unless the whole sum is new.
        [_largest(new, old) for new, old in changes],
    )


_NOTHING = Amount("", (), "", 0, 0, 0)


def _largest(new: Amount, old: Amount) -> int | None:
    if new.contributor or old.contributor:
        return abs(new.amount - old.amount)
    whole = new if old is _NOTHING else old if new is _NOTHING else None
    return whole.largest if whole and whole.largest >= 0 else None


def _by_contributor(amounts: Sequence[Amount]) -> Mapping[tuple[RecordClass, str], Amount]:
    found: dict[tuple[RecordClass, str], Amount] = {}
    for one in amounts:
        key = one.codes, one.contributor
        known = found.get(key)
        found[key] = one if known is None else _together(known, one)
    return found


def _together(one: Amount, other: Amount) -> Amount:
    contributors = one.contributors if one.contributor else one.contributors + other.contributors
    largest = max(one.largest, other.largest) if min(one.largest, other.largest) >= 0 else -1
    return Amount(one.unit, one.codes, one.contributor, one.amount + other.amount, contributors, largest)
