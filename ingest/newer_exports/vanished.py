"""Rows of an earlier export that a newer one lacks: withdrawn by the person, or lost? A person answers.

Until then nobody of such a row is counted: a row that was taken out on request must not be published.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from codebook import UsageError
from vault import Vault, Withdrawal, append_custody, withdraw_source

ANSWERS = ("withdrawn", "lost")
SAME_EXPORT_SHARE = 0.5  # of the rows of an earlier file that a newer one of the same form holds again
ASKED = "ask"


@dataclass(frozen=True)
class Vanished:
    """A row that is asked about: where it stood; no value of it."""

    vanished_id: str
    source_name: str
    file_row: int
    noticed_on: str


def notice_vanished(
    vault: Vault, source_name: str, run_id: str, seen_before: Mapping[str, int], *, now: datetime.datetime
) -> int:
    """Ask about the rows of earlier runs that this run's file should hold again and does not.

    A file is a newer export of an earlier one where it holds at least half of its rows; a file of another
    month holds none of them and asks nothing.

    Args:
        seen_before: Run -> rows of that run that the file holds again.

    Returns:
        How many rows are asked about anew.
    """
    _settle_returned(vault, run_id)
    found = 0
    asked = {row["source_id"] for row in vault.rows("vanished", "answer = ?", [ASKED])}
    for earlier, again in sorted(seen_before.items()):
        where = "source_name = ? AND last_run_id = ? AND adapter <> 'withdrawn'"
        if not earlier or not _is_same_export(again, vault.count("source", where, [source_name, earlier])):
            continue
        missing = [row["source_id"] for row in vault.rows("source", where, [source_name, earlier])]
        new = [source_id for source_id in missing if source_id not in asked]
        day = now.date().isoformat()
        vault.insert(
            "vanished",
            (
                {
                    "vanished_id": vault.new_id(), "source_id": source_id, "source_name": source_name,
                    "ingest_run_id": run_id, "noticed_on": day, "answer": ASKED,
                }
                for source_id in new
            ),
        )  # fmt: skip
        found += len(new)
    return found


def _is_same_export(again: int, missing: int) -> bool:
    return missing > 0 and again >= SAME_EXPORT_SHARE * (again + missing)


def _settle_returned(vault: Vault, run_id: str) -> None:
    """Close the questions about rows that are there again."""
    returned = "answer = ? AND source_id IN (SELECT source_id FROM source WHERE last_run_id = ?)"
    for row in list(vault.rows("vanished", returned, [ASKED, run_id])):
        vault.update("vanished", row["vanished_id"], {"answer": "returned"})


def list_vanished(vault: Vault) -> list[Vanished]:
    """Return the rows that are asked about, oldest question first."""
    rows = {
        row["source_id"]: row for row in vault.rows("source", "source_id IN (SELECT source_id FROM vanished)")
    }
    return [
        Vanished(
            vanished_id=str(one["vanished_id"]),
            source_name=str(one["source_name"]),
            file_row=int(rows.get(one["source_id"], {}).get("file_row") or 0),
            noticed_on=str(one["noticed_on"]),
        )
        for one in vault.rows("vanished", "answer = ?", [ASKED])
    ]


def answer_vanished(
    vault: Vault, vanished_id: str, answer: str, *, now: datetime.datetime
) -> Withdrawal | None:
    """Record what a person says of a vanished row: `withdrawn` erases it, `lost` lets it count again.

    Returns:
        What the withdrawal erased; None for `lost`.

    Raises:
        UsageError: There is no such question or answer.
    """
    found = list(vault.rows("vanished", "vanished_id = ? AND answer = ?", [vanished_id, ASKED]))
    if not found or answer not in ANSWERS:
        raise UsageError(
            "there is no such question or answer", remedy="see `withheld vanished list`; withdrawn or lost"
        )
    if answer == "withdrawn":
        return withdraw_source(vault, str(found[0]["source_id"]), now=now)  # erases the question with the row
    with vault.transaction():
        vault.update("vanished", vanished_id, {"answer": answer, "answered_on": now.date().isoformat()})
        append_custody(vault, "vanished row answered", now=now, detail=answer)
    return None
