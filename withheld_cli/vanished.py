"""`withheld vanished`: rows that a newer export lacks, and what a person says of them."""

import datetime
from dataclasses import asdict
from pathlib import Path

import click

from .output import CommandGroup, print_result, workspace_options
from .workspace import load_workspace


@click.group(cls=CommandGroup)
def vanished() -> None:
    """See and answer the rows that a newer export lacks: withdrawn, or lost?

    Example:  withheld vanished list -w ourgroup
    """


@vanished.command("list")
@workspace_options
def list_rows(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List the rows that wait for an answer, by source and row; no values.

    Example:  withheld vanished list -w ourgroup
    """
    from ingest import list_vanished

    with load_workspace(directory).open_vault(passphrase_file) as vault:
        rows = list_vanished(vault)
    lines = [
        f"{one.vanished_id}  {one.source_name}, row {one.file_row} of the earlier file, "
        f"noticed {one.noticed_on}"
        for one in rows
    ]
    ask = f"{len(rows)} rows wait; answer with `withheld vanished answer ID withdrawn|lost`"
    lines.append(ask if rows else "no row waits for an answer")
    print_result({"waiting": [asdict(one) for one in rows]}, lines, as_json=as_json)


@vanished.command("answer")
@click.argument("vanished_ids", nargs=-1, required=True, metavar="ID...")
@click.argument("answer", metavar="withdrawn|lost", type=click.Choice(["withdrawn", "lost"]))
@workspace_options
def answer_row(
    vanished_ids: tuple[str, ...], answer: str, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Say what became of rows: `withdrawn` erases them for good, `lost` lets them count again.

    Example:  withheld vanished answer -w ourgroup 7391846000017 lost
    """
    from ingest import answer_vanished, list_vanished

    now = datetime.datetime.now(datetime.UTC)
    erased = 0
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        for place, one in enumerate(vanished_ids):
            # A woman of two rows is erased with the first; then nobody asks about the second any more.
            if place and one not in {row.vanished_id for row in list_vanished(vault)}:
                continue
            withdrawal = answer_vanished(vault, one, answer, now=now)
            erased += withdrawal.persons if withdrawal else 0
    result = {"answered": len(vanished_ids), "answer": answer, "person_records_erased": erased}
    print_result(
        result, [f"answered: {len(vanished_ids)} rows, {erased} person records erased"], as_json=as_json
    )
