"""`withheld duplicates`: pairs of records that may be one, for a person to decide."""

import datetime
from pathlib import Path
from typing import Any

import click

from codebook import UsageError, load_codebook

from .language import language, said
from .output import CommandGroup, print_result, warn, workspace_options
from .progress import progress
from .workspace import load_workspace

WARNING = (
    "what follows describes two cases. It is shown, not stored: clear the terminal when you have decided"
)
_BANDS = {"likely": "likely one", "open": "may be one", "weak": "less likely one"}


@click.group(cls=CommandGroup)
def duplicates() -> None:
    """See and decide pairs that may be one case.

    Example:  withheld duplicates list -w ourgroup
    """


@duplicates.command("list")
@click.option(
    "--decided",
    is_flag=True,
    help="List the pairs that were decided to be the same, by the program or a person.",
)
@workspace_options
def list_pairs(decided: bool, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Find pairs that may be one case and list those that wait for a decision.

    What is sure is linked; what may be is asked. The line says how strong the evidence is, whether it is one
    incident told twice or one person in two incidents, and which signs agree.

    Example:  withheld duplicates list -w ourgroup
    """
    from ingest import find_duplicates, list_candidates

    with load_workspace(directory).open_vault(passphrase_file) as vault, progress("looking for duplicates"):
        found = find_duplicates(vault, now=datetime.datetime.now(datetime.UTC))
        candidates = list_candidates(vault, "same" if decided else "ask")
        waiting = len(candidates) if not decided else vault.count("duplicate", "decision = 'ask'")
    pairs = [
        {"duplicate_id": one.duplicate_id, "kind": one.kind, "evidence": one.band, "reason": one.reason,
         "decided_by": one.decided_by}
        for one in candidates
    ]  # fmt: skip
    lines = [_line(pair, decided=decided) for pair in pairs]
    if found.linked:
        lines.append(f"{found.linked} pairs were sure and are linked: `withheld duplicates list --decided`")
    if waiting:
        lines.append(
            f"{waiting} pairs wait, both records of each are counted; look with `withheld duplicates show "
            "ID`, decide with `withheld duplicates decide ID ... same|different|ask`"
        )
    else:
        lines.append("no pair waits for a decision")
    print_result({"decided" if decided else "waiting": pairs, "linked": found.linked}, lines, as_json=as_json)


def _line(pair: dict[str, str], *, decided: bool) -> str:
    state = f"decided by {pair['decided_by']}" if decided else _BANDS[pair["evidence"]]
    kind, state = pair["kind"], said(state)
    if language() != "en":
        kind = _label_of(load_codebook().entities[kind]).lower()
    signs = "+".join(_sign(one) for one in pair["reason"].split("+"))
    return f"{pair['duplicate_id']}  {kind:<8}  {state:<18}  {signs}"


def _label_of(named: Any) -> str:
    """Return the label in the language of the command line; in English where the codebook has no other."""
    return str(getattr(named, f"label_{language()}", named.label_en))


def _sign(sign: str) -> str:
    """Return a sign in the language of the command line; `~` after it: nearly."""
    name = sign.removesuffix("~")
    return said(name) + sign[len(name) :]


@duplicates.command("show")
@click.argument("duplicate_id", metavar="ID")
@workspace_options
def show(duplicate_id: str, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Show the two records of a pair side by side on the terminal; no names and no account.

    Never as JSON: what describes a case does not go into logs.

    Example:  withheld duplicates show -w ourgroup 7391846000017
    """
    from ingest import show_pair

    if as_json:
        raise UsageError(
            "what describes two cases is not given as JSON, which ends in logs",
            remedy="run it without --json",
        )
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        sides = show_pair(vault, duplicate_id)
    labels = [_label(side.field) for side in sides]
    width = max((len(label) for label in labels), default=0)
    middle = max((len(side.left) for side in sides), default=0)
    warn(WARNING)
    for label, side in zip(labels, sides, strict=True):
        mark = " " if side.left == side.right else "|"
        click.echo(f"{label:<{width}}  {side.left:<{middle}} {mark} {side.right}")


def _label(field: str) -> str:
    """Return the label of a field, with the number of the person where there are several."""
    number, _, path = field.rpartition(": ")
    entity, _, _ = path.partition(".")
    label: Any = said("Persons")
    if "." in path and entity:
        label = _label_of(load_codebook().field(path))
    return f"{number}: {label}" if number else str(label)


@duplicates.command("decide")
@click.argument("duplicate_ids", metavar="ID...", nargs=-1, required=True)
@click.argument("decision", metavar="same|different|ask", type=click.Choice(["same", "different", "ask"]))
@workspace_options
def decide_pairs(
    duplicate_ids: tuple[str, ...],
    decision: str,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Decide pairs, all or none; the later record of an incident that is the same is not counted.

    `ask` takes a decision back; its history is kept. A decision stands when files are ingested again.

    Example:  withheld duplicates decide -w ourgroup 7391846000017 same
    """
    from ingest import decide

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault, vault.transaction():
        for duplicate_id in duplicate_ids:
            decide(vault, duplicate_id, decision, now=now)
    result = {"duplicate_ids": list(duplicate_ids), "decision": decision}
    print_result(result, [f"{len(duplicate_ids)} decided: {decision}"], as_json=as_json)
