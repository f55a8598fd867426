"""`withheld status`, `withdraw`: who is in the vault, and how they leave."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .output import ask_yes, print_result, workspace_options
from .plain_words import ALWAYS_SHOWN, ENTITIES, left_out_lines
from .progress import progress
from .workspace import load_workspace

if TYPE_CHECKING:
    from vault import Withdrawal


@click.command()
@workspace_options
def status(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Count what the vault holds and what is due; counts only.

    Example:  withheld status -w ourgroup
    """
    from anonymize import closed_window, load_policy, load_population
    from vault import consents_due, swap_state

    workspace = load_workspace(directory)
    today = datetime.datetime.now(datetime.UTC).date()
    window = closed_window(today, workspace.settings.record_delay_days)
    with workspace.open_vault(passphrase_file) as vault, progress("counting"):
        population = load_population(vault, load_policy(directory), window)
        result: dict[str, Any] = {
            "rows": {name: vault.count(name) for name in vault.book.entities},
            "quarantine_waiting": vault.count("quarantine", "status = 'waiting'"),
            "duplicates_to_decide": vault.count("duplicate", "decision = 'ask'"),
            "vanished_to_answer": vault.count("vanished", "answer = 'ask'"),
            "consent_expiring_in_90_days": len(consents_due(vault, today=today, days=90)),
            "releases": vault.count("release"),
            "next_release_would_count": {
                "incidents": len(population.cases),
                "persons": len(population.person_ids),
            },
            "left_out": dict(population.left_out),
            "period_to": window.period_to.isoformat(),
            "swap_warning": swap_state().warning(),
        }
    print_result(result, _status_lines(result), as_json=as_json)


def _status_lines(result: dict[str, Any]) -> list[str]:
    counted, rows = result["next_release_would_count"], result["rows"]
    shown = {
        name: count for name, count in rows.items() if name in ALWAYS_SHOWN or (count and name in ENTITIES)
    }
    lines = ["in the vault:", *(f"{count:>8}  {ENTITIES[name]}" for name, count in shown.items())]
    waiting = (
        ("quarantine_waiting", "rows in quarantine, which could not be read", "quarantine list"),
        ("duplicates_to_decide", "pairs that may be one case told twice", "duplicates list"),
        ("vanished_to_answer", "rows that a newer export lacks", "vanished list"),
        ("consent_expiring_in_90_days", "consents that end within 90 days", "consent due"),
    )
    asked = [f"{result[key]:>8}  {what}: `withheld {see}`" for key, what, see in waiting if result[key]]
    lines += ["waiting for you:", *(asked or ["       0  nothing"])]
    lines += [
        f"a release today, of what happened up to {result['period_to']}:",
        f"{counted['incidents']:>8}  incidents would be counted",
        f"{counted['persons']:>8}  persons would be counted",
    ]
    if result["left_out"]:
        lines.append("left out of it:")
        lines += [f"{number:>8}  {reason}" for number, reason in left_out_lines(result["left_out"])]
    lines += ["published:", f"{result['releases']:>8}  releases"]
    if not rows["incident"]:
        lines.append(
            "next: `withheld ingest FILE --suggest` makes a draft of what the columns of your file mean"
        )
    if result["swap_warning"]:
        lines.append(f"warning: {result['swap_warning']}")
    return lines


@click.command()
@click.option("--case", "case_code", required=True, help="The case or person code that the group uses.")
@click.option("--yes", is_flag=True, help="Do not ask; erasing cannot be undone.")
@workspace_options
def withdraw(case_code: str, yes: bool, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Erase the persons of a case from the vault and list the releases that counted them.

    Example:  withheld withdraw -w ourgroup --case K-17
    """
    from vault import withdraw_person

    workspace = load_workspace(directory)
    if not yes:
        ask_yes("Erase everything about the persons of this case? This cannot be undone")
    now = datetime.datetime.now(datetime.UTC)
    with workspace.open_vault(passphrase_file) as vault, progress("erasing"):
        withdrawal = withdraw_person(vault, case_code, now=now)
    result = {
        "person_records": withdrawal.persons,
        "incidents": withdrawal.incidents,
        "rows": withdrawal.rows,
        "quarantined_rows": withdrawal.waiting,
        "releases": list(withdrawal.releases),
        "shared_incidents": withdrawal.shared,
    }
    print_result(result, _withdrawal_lines(withdrawal), as_json=as_json)


def _withdrawal_lines(withdrawal: "Withdrawal") -> list[str]:
    lines = [
        f"erased: {withdrawal.persons} person records, {withdrawal.incidents} incidents, "
        f"{withdrawal.rows} other rows, {withdrawal.waiting} rows in quarantine",
        "the custody log keeps a tombstone; source files and backups made before now are yours to destroy",
    ]
    if withdrawal.shared:
        lines.append(
            f"{withdrawal.shared} incidents stay: others were affected too; read their narratives for her"
        )
    if withdrawal.releases:
        lines.append(f"counted in these releases: {', '.join(withdrawal.releases)}")
        lines += [
            "they show rounded numbers only, and what others have copied stays as it is",
            "from the next release on she is in no count and no record; an amount of money that she is part "
            "of stays as printed until enough others change with it: the vault keeps it without her name",
        ]
    else:
        lines.append("no release counted her")
    return lines
