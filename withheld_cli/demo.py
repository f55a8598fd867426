"""`withheld demo`: an invented group from messy case files to a published release, in a fresh folder."""

import datetime
import time
from pathlib import Path
from typing import Any

import click

from codebook import UsageError, Verdict
from codebook.shell_words import typed

from .intake import ingest_lines
from .language import language, said_comments
from .output import ask_secretly, json_option, print_result, warn
from .progress import Step, progress, rows_step, told_checks
from .publish import release_lines, release_result
from .workspace import Workspace, create_workspace

GROUP = "Demo group (invented cases)"
_DEMO_POLICY = """# The demo spans seven years and publishes records too, if there are enough of them.
# A group decides for itself.
years_shown: 7
records:
  publish: true
  required: false
"""


@click.command()
@click.argument(
    "directory", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=Path("demo")
)
@click.option(
    "--incidents",
    default=2000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How many incidents to invent.",
)
@click.option(
    "--seed", default=7, show_default=True, type=int, help="Same seed, same bytes of the case files."
)
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with the passphrase; else WITHHELD_PASSPHRASE, else the word demo.",
)
@json_option
def demo(directory: Path, incidents: int, seed: int, passphrase_file: Path | None, as_json: bool) -> None:
    """Do the whole way with invented cases in the fresh folder DIR: from case files to a published release.

    Example:  withheld demo demo --incidents 2000
    """
    from vault import resolve_passphrase
    from vault.keys import PASSPHRASE_VARIABLE

    if directory.exists() and any(directory.iterdir()):
        raise UsageError(
            "that folder is not empty", remedy=f"name a fresh folder: withheld demo {typed(f'{directory}2')}"
        )
    passphrase = resolve_passphrase(passphrase_file, fallback="demo", ask=ask_secretly)
    if passphrase == "demo":  # noqa: S105 (said aloud below; the cases are invented)
        warn(f"using the passphrase demo; set {PASSPHRASE_VARIABLE} for another")
    start = time.monotonic()
    now = datetime.datetime.now(datetime.UTC)
    with progress("demo") as step:
        step("inventing a group and its case files")
        _synthesize(directory, incidents, seed, now.date())
        step("making the workspace")
        workspace = create_workspace(directory, GROUP, passphrase, now)
        (directory / "policy.yml").write_text(said_comments(_DEMO_POLICY), encoding="utf-8")
        ingested, pairs, outcome = _ingest_and_release(workspace, passphrase, now, step)
        report = _audit(outcome.folder, step)
    parts = (ingested, pairs, outcome, report)
    _print_summary(workspace, parts, time.monotonic() - start, as_json=as_json)
    if report.verdict is Verdict.FAIL:
        raise click.exceptions.Exit(1)


def _synthesize(directory: Path, incidents: int, seed: int, today: datetime.date) -> Any:
    from ingest.synthetic import synthesize

    incoming = directory / "incoming"
    summary = synthesize(incoming, incidents=incidents, seed=seed, today=today)
    # truth.json is for checks and stays in the root of the workspace, outside public/ (DESIGN section 4).
    summary.truth.rename(directory / "truth.json")
    return summary


def _ingest_and_release(workspace: Workspace, passphrase: str, now: datetime.datetime, step: Any) -> Any:
    from ingest import find_duplicates, ingest_files, list_candidates
    from vault import open_vault

    from .intake import workspace_sources
    from .output import forbid_core_dumps
    from .release_run import next_release_id, run_release

    forbid_core_dumps()
    with open_vault(workspace.vault_path, passphrase) as vault:
        ingested = ingest_files(
            vault,
            [workspace.directory / "incoming"],
            sources=workspace_sources(workspace),
            now=now,
            progress=rows_step(step),
        )
        step("looking for duplicates")
        find_duplicates(vault, now=now)
        pairs = len(list_candidates(vault))
        name = next_release_id(workspace, vault, now.date())
        outcome = run_release(workspace, vault, release_id=name, now=now, dry_run=False, step=step)
    return ingested, pairs, outcome


def _audit(folder: Path, step: Step) -> Any:
    from anonymize.audit import CHECKS, audit_release

    return audit_release(folder, checks=told_checks(CHECKS, step))


def _findings_page(folder: Path) -> Path:
    """Return the findings page in the language of the command line, where there is one."""
    page = folder / f"index.{language()}.html"
    return page if page.exists() else folder / "index.en.html"


def _print_summary(workspace: Workspace, parts: Any, seconds: float, *, as_json: bool) -> None:
    ingested, pairs, outcome, report = parts
    result = {
        "workspace": str(workspace.directory),
        "ingest": ingested.as_dict(),
        "duplicates_to_decide": pairs,
        "release": release_result(outcome),
        "audit": report.verdict.name,
        "seconds": round(seconds, 1),
        "next": f"withheld serve {typed(workspace.public)}",
    }
    lines = [
        "READ",
        *(f"  {line}" for line in ingest_lines(ingested)),
        f"  {pairs} pairs may be duplicates: `withheld duplicates list -w {typed(workspace.directory)}`",
        "PUBLISHED",
        *(f"  {line}" for line in release_lines(outcome)),
        "AUDIT OF THE PUBLISHED FOLDER",
        f"  verdict {report.verdict.name}, {len(report.findings)} checks",
        "WHERE",
        f"  {_findings_page(outcome.folder)}  (works without a server)",
        f"  {workspace.vault_path}  (encrypted; passphrase: demo unless you set another)",
        f"  done in {seconds:.0f} s",
        f"NEXT\n  withheld serve {typed(workspace.public)}",
    ]
    print_result(result, lines, as_json=as_json)
