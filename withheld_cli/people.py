"""`withheld status`, `withdraw`: who is in the vault, and how they leave."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .output import ask_yes, print_result, progress, workspace_options
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
    with workspace.open_vault(passphrase_file) as vault:
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
    counted = result["next_release_would_count"]
    lines = [f"{count:>8}  {name}" for name, count in result["rows"].items()]
    lines += [
        f"{result['quarantine_waiting']:>8}  rows wait in quarantine",
        f"{result['duplicates_to_decide']:>8}  pairs may be duplicates and wait for a decision",
        f"{result['vanished_to_answer']:>8}  rows are gone from a newer export and wait for an answer",
        f"{result['consent_expiring_in_90_days']:>8}  consents end within 90 days (`withheld consent due`)",
        f"{result['releases']:>8}  releases",
        f"a release today would count {counted['incidents']} incidents and "
        f"{counted['persons']} persons, to {result['period_to']}; left out:",
    ]
    lines += [f"{number:>8}  {reason}" for reason, number in sorted(result["left_out"].items())]
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
