"""What every earlier release printed, so that the next one cannot give away what changed."""

import datetime
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


def record_release(
    vault: Vault, entry: ReleaseEntry, *, cells: Mapping[str, Printed], persons: Iterable[str]
) -> None:
    """Remember a release: its entry, every cell it printed and every person it counted."""
    counted = sorted(set(persons))
    with vault.transaction():
        vault.insert(
            "release",
            [
                {
                    "release_id": entry.release_id,
                    "built_at": entry.built_at.isoformat(),
                    "period_from": entry.period_from,
                    "period_to": entry.period_to,
                    "rules_id": entry.rules_id,
                    "verdict": entry.verdict,
                    "tables": entry.tables,
                    "persons": len(counted),
                    "sums_sha256": entry.sums_sha256,
                    "supersedes": entry.supersedes,
                }
            ],
        )
        for start in range(0, len(cells), 500):
            keys = list(cells)[start : start + 500]
            vault.delete("printed_cell", f"cell IN ({', '.join('?' * len(keys))})", keys)
        vault.insert(
            "printed_cell",
            (
                {
                    "cell": key,
                    "true_count": one.true_count,
                    "printed": one.printed,
                    "base": one.base,
                    "release_id": entry.release_id,
                }
                for key, one in cells.items()
            ),
        )
        vault.insert(
            "release_person",
            (
                {"release_person_id": vault.new_id(), "release_id": entry.release_id, "person_id": person}
                for person in counted
            ),
        )


def releases_that_counted(vault: Vault, person_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the releases in which one of these persons was counted, oldest first."""
    wanted = set(person_ids)
    found = {row["release_id"] for row in vault.rows("release_person") if row["person_id"] in wanted}
    return tuple(release for release in earlier_releases(vault) if release in found)
