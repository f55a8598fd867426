"""What every earlier release printed, so that the next one cannot give away what changed."""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .store import Vault


@dataclass(frozen=True)
class Printed:
    """What was last printed for one cell, and the true count behind it."""

    true_count: int
    printed: int
    base: int


@dataclass(frozen=True)
class Amount:
    """One contribution behind a published amount: its codes, whose it is, and how much.

    Attributes:
        contributors: How many are behind it; 1 where the contributor is named.
        largest: The largest single one, where the row is a sum and it is known; -1 where it is not.
    """

    unit: str
    codes: tuple[tuple[str, str], ...]  # (column, finest code), sorted
    contributor: str
    amount: int
    contributors: int = 1
    largest: int = -1


@dataclass(frozen=True)
class Remembered:
    """What a release leaves behind in the vault."""

    cells: Mapping[str, Printed]
    persons: tuple[str, ...]
    records: Mapping[tuple[tuple[str, str], ...], int]  # (column, code) pairs -> records of that class
    amounts: tuple[Amount, ...]


@dataclass(frozen=True)
class ReleaseEntry:
    """One release as the ledger remembers it; counts only."""

    release_id: str
    built_at: datetime.date
    period_from: str
    period_to: str
    rules_id: str
    verdict: str
    tables: int
    sums_sha256: str
    supersedes: str = ""


def printed_cells(vault: Vault) -> dict[str, Printed]:
    """Return cell key -> what was last printed for it."""
    return {
        row["cell"]: Printed(row["true_count"], row["printed"], row["base"])
        for row in vault.rows("printed_cell")
    }


def earlier_releases(vault: Vault) -> tuple[str, ...]:
    """Return the identifiers of all releases, oldest first."""
    return tuple(row["release_id"] for row in vault.rows("release"))


def record_release(vault: Vault, entry: ReleaseEntry, remembered: Remembered) -> None:
    """Remember a release: its entry, what it printed, whom it counted and what its sums were made of."""
    counted = sorted(set(remembered.persons))
    with vault.transaction():
        vault.insert("release", [_entry_row(entry, len(counted))])
        _replace_prints(vault, entry.release_id, remembered.cells)
        vault.insert(
            "release_person",
            (
                {"release_person_id": vault.new_id(), "release_id": entry.release_id, "person_id": person}
                for person in counted
            ),
        )
        vault.insert(
            "released_record",
            (
                {
                    "released_record_id": vault.new_id(),
                    "release_id": entry.release_id,
                    "record_json": json.dumps(record, ensure_ascii=False),
                    "records": count,
                }
                for record, count in remembered.records.items()
            ),
        )
        vault.delete("released_amount", "1 = 1", [])
        vault.insert("released_amount", (_amount_row(vault, one) for one in remembered.amounts))


def _entry_row(entry: ReleaseEntry, n_persons: int) -> dict[str, object]:
    return {
        "release_id": entry.release_id,
        "built_at": entry.built_at.isoformat(),
        "period_from": entry.period_from,
        "period_to": entry.period_to,
        "rules_id": entry.rules_id,
        "verdict": entry.verdict,
        "tables": entry.tables,
        "persons": n_persons,
        "sums_sha256": entry.sums_sha256,
        "supersedes": entry.supersedes,
    }


def _replace_prints(vault: Vault, release_id: str, cells: Mapping[str, Printed]) -> None:
    for start in range(0, len(cells), 500):
        keys = list(cells)[start : start + 500]
        vault.delete("printed_cell", f"cell IN ({', '.join('?' * len(keys))})", keys)
    rows = (
        {
            "cell": key,
            "true_count": one.true_count,
            "printed": one.printed,
            "base": one.base,
            "release_id": release_id,
        }
        for key, one in cells.items()
    )
    vault.insert("printed_cell", rows)


def _amount_row(vault: Vault, one: Amount) -> dict[str, object]:
    return {
        "released_amount_id": vault.new_id(),
        "unit": one.unit,
        "codes_json": json.dumps(one.codes, ensure_ascii=False),
        "contributor": one.contributor,
        "amount": one.amount,
        "contributors": one.contributors,
        "largest": one.largest,
    }


def released_amounts(vault: Vault) -> tuple[Amount, ...]:
    """Return the contributions behind the amounts of the last release."""
    return tuple(
        Amount(
            row["unit"],
            tuple((column, code) for column, code in json.loads(row["codes_json"])),
            row["contributor"],
            row["amount"],
            row["contributors"],
            row["largest"],
        )
        for row in vault.rows("released_amount")
    )


def released_records(vault: Vault) -> dict[str, dict[tuple[tuple[str, str], ...], int]]:
    """Return release id -> the classes of its records, for every release that published records."""
    found: dict[str, dict[tuple[tuple[str, str], ...], int]] = {}
    for row in vault.rows("released_record"):
        record = tuple((column, code) for column, code in json.loads(row["record_json"]))
        found.setdefault(row["release_id"], {})[record] = row["records"]
    return found


def persons_of_last_release(vault: Vault) -> tuple[str, int, frozenset[str]]:
    """Return the last day that the last release covers, how many it counted, and whom the vault still knows.

    Who was erased since is in the number and not in the set. Empty where there is no release.
    """
    releases = list(vault.rows("release"))
    if not releases:
        return "", 0, frozenset()
    last = releases[-1]
    counted = vault.rows("release_person", "release_id = ?", [last["release_id"]])
    return str(last["period_to"]), int(last["persons"]), frozenset(row["person_id"] for row in counted)


def releases_that_counted(vault: Vault, person_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the releases in which one of these persons was counted, oldest first."""
    wanted = set(person_ids)
    found = {row["release_id"] for row in vault.rows("release_person") if row["person_id"] in wanted}
    return tuple(release for release in earlier_releases(vault) if release in found)
