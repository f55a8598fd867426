"""What a release may say after an earlier one: no single arrival, departure or payment between the two.

Rounding keeps small changes of counts uncertain; these rules are for what is not rounded (records), for sums
of money, and for the release as a whole.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from codebook import ReleaseRefused
from vault import Amount, Vault, persons_of_last_release, released_records

from .policy import Policy
from .population import Population, Window
from .record_columns import record_list
from .record_rows import ReleasedRecords
from .tables import MoneyRows, MoneyRules, is_one_payment

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


def settled_amounts(
    before: Sequence[Amount],
    now: Sequence[Amount],
    is_printed: Callable[[Mapping[str, str]], bool],
    rules: MoneyRules,
) -> list[Amount]:
    """Return the contributions to publish: those of the last release wherever the change would be a payment.

    A late, corrected or withdrawn payment waits until what changed in its cell is the sum of enough others;
    then all of it goes in at once. What no earlier release printed is as it is now.

    Args:
        before: Contributions behind the last release.
        now: Contributions on record.
        is_printed: Whether an earlier release printed the cell of these finest codes.
        rules: What a change must keep, like any sum that is shown.
    """
    earlier, later = _by_codes(before), _by_codes(now)
    chosen: list[Amount] = []
    for codes in sorted({*earlier, *later}):
        old, new = earlier.get(codes, []), later.get(codes, [])
        waits = is_printed(dict(codes)) and is_one_payment(_difference(old, new), rules)
        chosen += old if waits else new
    return chosen


def _by_codes(amounts: Sequence[Amount]) -> dict[RecordClass, list[Amount]]:
    found: dict[RecordClass, list[Amount]] = {}
    for one in amounts:
        found.setdefault(one.codes, []).append(one)
    return found


def _difference(old: Sequence[Amount], new: Sequence[Amount]) -> MoneyRows:
    """Return what changed in one cell; an amount that only went to another name of a household did not."""
    for same in (_with_its_owner, _amount_alone):
        gone, come = _rest(old, new, same), _rest(new, old, same)
        old, new = gone, come
    return _changes(old, new)


def _with_its_owner(one: Amount) -> tuple[str, int]:
    return one.contributor, one.amount


def _amount_alone(one: Amount) -> tuple[str, int]:
    return "", one.amount


def _rest(
    these: Sequence[Amount], others: Sequence[Amount], same: Callable[[Amount], tuple[str, int]]
) -> list[Amount]:
    """Return what is left of these when each of the others takes away one that is the same."""
    taken = Counter(map(same, others))
    rest = []
    for one in these:
        if taken[same(one)] > 0:
            taken[same(one)] -= 1
        else:
            rest.append(one)
    return rest


def as_rows(amounts: Sequence[Amount]) -> MoneyRows:
    """Return contributions as the rows that the protector adds up."""
    columns = [column for column, _ in amounts[0].codes] if amounts else []
    return MoneyRows(
        {column: [dict(one.codes)[column] for one in amounts] for column in columns},
        [one.amount for one in amounts],
        [one.contributor for one in amounts],
        [one.contributors for one in amounts],
        [None if one.largest < 0 else one.largest for one in amounts],
    )


def changed_amounts(before: Sequence[Amount], now: Sequence[Amount]) -> MoneyRows | None:
    """Return what differs from the contributions of the last release; None where it had none."""
    return _changes(before, now) if before else None


def _changes(before: Sequence[Amount], now: Sequence[Amount]) -> MoneyRows:
    earlier, later = _by_contributor(before), _by_contributor(now)
    different = [key for key in sorted({*earlier, *later}) if earlier.get(key) != later.get(key)]
    columns = [column for column, _ in (*now, *before)[0].codes] if (now or before) else []
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
