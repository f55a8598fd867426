"""`withheld consent`: what the persons of a case decided, and whose consent ends soon."""

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import click

from .completers import codes
from .output import CommandGroup, print_result, workspace_options
from .workspace import load_workspace


@click.group(cls=CommandGroup)
def consent() -> None:
    """Record or count consent, and see what is due to expire.

    Example:  withheld consent list -w ourgroup
    """


@consent.command("set")
@click.option("--case", "case_code", required=True, help="The case or person code that the group uses.")
@click.option(
    "--scope",
    shell_complete=codes("consent_scope"),
    default="statistics",
    show_default=True,
    help="What it is about: service, referral, statistics, donor, justice, research, media.",
)
@click.option(
    "--status",
    "consent_status",
    shell_complete=codes("consent_status"),
    required=True,
    help="What was said: given, refused, withdrawn, not_asked, unknown, expired.",
)
@click.option(
    "--given-by",
    shell_complete=codes("given_by"),
    default="verbal",
    show_default=True,
    help="Who gave it: self, guardian, verbal, none.",
)
@click.option(
    "--guardian",
    shell_complete=codes("relationship"),
    default="",
    help="With --given-by guardian: what the guardian is to the person, such as mother.",
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day on which it holds; after it, it counts as no.",
)
@workspace_options
def set_consent(
    case_code: str, directory: Path, passphrase_file: Path | None, as_json: bool, **said: Any
) -> None:
    """Record what the persons of a case decided about being counted, quoted or referred.

    Example:  withheld consent set -w ourgroup --case K-17 --status given --expires 2028-12-31
    """
    from vault import Decision, record_consent

    workspace = load_workspace(directory)
    now = datetime.datetime.now(datetime.UTC)
    expires = said["expires"].date() if said["expires"] else None
    decision = Decision(said["scope"], said["consent_status"], said["given_by"], said["guardian"], expires)
    with workspace.open_vault(passphrase_file) as vault:
        persons = record_consent(vault, case_code, decision, now=now)
    print_result({"persons": persons}, [f"recorded for {persons} persons"], as_json=as_json)


@consent.command("list")
@workspace_options
def list_consent(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Count consents by scope and status.

    Example:  withheld consent list -w ourgroup
    """
    workspace = load_workspace(directory)
    with workspace.open_vault(passphrase_file) as vault:
        counts = Counter((row["scope"] or "", row["consent_status"] or "") for row in vault.rows("consent"))
        persons = vault.count("person")
    result = {
        "persons": persons,
        "consents": [{"scope": s, "status": t, "rows": n} for (s, t), n in sorted(counts.items())],
    }
    lines = [f"{number:>8}  {scope}: {status}" for (scope, status), number in sorted(counts.items())]
    print_result(result, [f"{persons:>8}  persons; a missing row means no", *lines], as_json=as_json)


@consent.command("due")
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How far to look ahead."
)
@click.option("--codes", is_flag=True, help="Name the cases by their codes, on this screen only.")
@workspace_options
def due(days: int, codes: bool, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Count the consents that end soon, by month and scope; ask these persons again in time.

    Example:  withheld consent due -w ourgroup --days 180
    """
    from vault import consents_due

    today = datetime.datetime.now(datetime.UTC).date()
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        found = consents_due(vault, today=today, days=days)
    counts = Counter((one.expires[:7], one.scope) for one in found)
    result = {
        "days": days,
        "due": [
            {"month": month, "scope": scope, "consents": n} for (month, scope), n in sorted(counts.items())
        ],
    }
    lines = [f"{number:>8}  {month}  {scope}" for (month, scope), number in sorted(counts.items())]
    if codes and not as_json:
        lines += [f"{one.expires}  {one.scope}  {one.case_code or '(no code)'}" for one in found]
    lines.append(f"{len(found)} consents end within {days} days; then these persons are not counted any more")
    print_result(result, lines, as_json=as_json)
