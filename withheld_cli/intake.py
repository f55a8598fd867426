"""`withheld ingest`, `quarantine`: case files on their way into the vault."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codebook import UsageError

from .completers import declarations
from .output import CommandGroup, print_result, tell_error, warn, workspace_options
from .progress import progress, rows_step
from .suggesting import suggest as write_suggestion
from .workspace import Workspace, load_workspace

if TYPE_CHECKING:
    from ingest import IngestSummary


@click.command()
@click.argument(
    "paths", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--source",
    "source_name",
    shell_complete=declarations,
    help="Read every file by the declaration of this name.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read every file by the declaration in this file, which need not be in sources/.",
)
@click.option("--suggest", is_flag=True, help="Write a draft declaration for an unknown file; store nothing.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --suggest: the draft; by default sources/NAME.yml of the workspace.",
)
@click.option(
    "--keep-identifiers",
    is_flag=True,
    help="Keep names and phones in the vault; they are dropped by default.",
)
@workspace_options
def ingest(  # noqa: PLR0913 (one parameter an option)
    paths: tuple[Path, ...],
    source_name: str | None,
    mapping: Path | None,
    suggest: bool,
    output: Path | None,
    keep_identifiers: bool,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Read case files, or folders of them, into the vault; each file whole or not at all.

    Example:  withheld ingest -w ourgroup cases.xlsx --source casebook_ru
    """
    from ingest import ingest_files, load_source

    workspace = load_workspace(directory)
    if suggest:
        write_suggestion(paths, output, workspace, as_json=as_json)
        return
    if output:
        raise UsageError("-o belongs to --suggest", remedy="leave -o out, or ask for a draft with --suggest")
    now = datetime.datetime.now(datetime.UTC)
    with workspace.open_vault(passphrase_file) as vault, progress("ingest") as step:
        sources = workspace_sources(workspace)
        if mapping:
            one = load_source(mapping, vault.book)
            sources, source_name = {**sources, one.name: one}, one.name
        summary = ingest_files(
            vault,
            list(paths),
            sources=sources,
            now=now,
            source_name=source_name,
            keep_identifiers=keep_identifiers,
            progress=rows_step(step),
        )
    print_result(summary.as_dict(), ingest_lines(summary), as_json=as_json)
    _end_on_refusals(summary)


def _end_on_refusals(summary: "IngestSummary") -> None:
    refusals = [file.refused for file in summary.files if file.refused]
    for refusal in refusals:
        tell_error(refusal.reason, refusal.remedy)
    if refusals:
        raise click.exceptions.Exit(1)


def workspace_sources(workspace: Workspace) -> Any:
    """Return the packaged declarations and the group's own, by name."""
    from ingest import load_sources

    return load_sources(*([workspace.sources] if workspace.sources.exists() else []))


def ingest_lines(summary: Any) -> list[str]:
    """Return what a person is told of a run: a line a file, its notices and its reasons of quarantine."""
    lines: list[str] = []
    for one in summary.files:
        # Why a file was refused, and what to do, is told once, at the end and as an error.
        lines.append(f"{one.file}: refused, nothing of it was stored" if one.refused else one.line())
        lines += [f"    quarantined: {reason}: {rows}" for reason, rows in sorted(one.reasons.items())]
        lines += [f"    note: {notice}" for notice in one.notices]
    return lines


@click.group(cls=CommandGroup)
def quarantine() -> None:
    """See, export, retry or discard the rows that could not be read.

    Example:  withheld quarantine list -w ourgroup
    """


@quarantine.command("list")
@workspace_options
def list_waiting(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Count the rows in quarantine by reason; never their values.

    Example:  withheld quarantine list -w ourgroup
    """
    from dataclasses import asdict

    from ingest import list_quarantine

    from .quarantine_text import waiting_lines

    workspace = load_workspace(directory)
    with workspace.open_vault(passphrase_file) as vault:
        waiting = list_quarantine(vault)
        lines = waiting_lines(waiting, workspace_sources(workspace), vault.book)
    print_result({"waiting": [asdict(one) for one in waiting]}, lines, as_json=as_json)


@quarantine.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@workspace_options
def export_waiting(file: Path, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write the rows in quarantine to a new plain FILE, to repair them; it holds personal data.

    Example:  withheld quarantine export -w ourgroup waiting.csv
    """
    from ingest import QUARANTINE_WARNING, export_quarantine

    if file.exists():
        raise UsageError("the file is there already", remedy="name another file")
    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        rows = export_quarantine(vault, file, now=now)
    warn(QUARANTINE_WARNING)
    print_result({"rows": rows, "file": str(file)}, [f"{rows} rows written: {file}"], as_json=as_json)


@quarantine.command("discard")
@click.option("--source", "source_name", required=True, help="Name of the declaration that read the rows.")
@click.option(
    "--row",
    "rows",
    multiple=True,
    required=True,
    type=int,
    help="Number of a row, as `quarantine list` shows it; may be repeated.",
)
@workspace_options
def discard_waiting(
    source_name: str,
    rows: tuple[int, ...],
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Erase rows in quarantine for good, such as test rows or copies.

    Example:  withheld quarantine discard -w ourgroup --source casebook_ru --row 17 --row 42
    """
    from ingest import discard_rows

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        gone = discard_rows(vault, source_name, set(rows), now=now)
    print_result({"discarded": gone}, [f"{gone} rows erased"], as_json=as_json)


@quarantine.command("retry")
@click.option(
    "--repaired",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of `quarantine export`, with its cells repaired.",
)
@click.option(
    "--keep-identifiers",
    is_flag=True,
    help="Keep names and phones in the vault; they are dropped by default.",
)
@workspace_options
def retry_waiting(
    repaired: Path | None,
    keep_identifiers: bool,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Try the rows in quarantine again, after a declaration was corrected or their cells were repaired.

    Example:  withheld quarantine retry -w ourgroup --repaired waiting.csv
    """
    from ingest import retry_quarantine

    workspace = load_workspace(directory)
    now = datetime.datetime.now(datetime.UTC)
    with workspace.open_vault(passphrase_file) as vault, progress("trying the rows again"):
        summary = retry_quarantine(
            vault,
            sources=workspace_sources(workspace),
            now=now,
            keep_identifiers=keep_identifiers,
            repaired=repaired,
        )
    print_result(summary.as_dict(), ingest_lines(summary) or ["nothing waits"], as_json=as_json)
