"""`withheld release`, `audit`, `serve`: from the vault to the public, and an attack on it."""

import datetime
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from codebook import UsageError, Verdict
from codebook.shell_words import typed

from .completers import releases
from .language import said
from .output import print_result, tell_error, workspace_options
from .plain_words import left_out_lines
from .progress import progress, told_checks
from .workspace import Workspace, load_workspace


@click.command()
@click.option(
    "--id",
    "release_id",
    default="",
    help="Name of the new release, and of its folder; today's date by default.",
)
@click.option("--dry-run", is_flag=True, help="Build and attack it, publish nothing.")
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="Build although the custody log has later times, because those are wrong.",
)
@workspace_options
def release(
    release_id: str,
    dry_run: bool,
    clock_is_right: bool,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Build a release, protect it, attack it, and publish it into public/<id>/, or refuse.

    A release whose run was stopped just before it got its name is finished first.

    Example:  withheld release -w ourgroup --id 2026-q2
    """
    from .clock import require_right_clock
    from .release_run import next_release_id, run_release
    from .unfinished import finish_releases

    workspace = load_workspace(directory)
    now = datetime.datetime.now(datetime.UTC)
    with workspace.open_vault(passphrase_file) as vault, progress("release") as step:
        finished = () if dry_run else finish_releases(workspace, vault)
        if finished:
            _tell_finished(workspace, finished, as_json=as_json)
            return
        if not clock_is_right:
            require_right_clock(vault, now)
        name = release_id or next_release_id(workspace, vault, now.date())
        outcome = run_release(workspace, vault, release_id=name, now=now, dry_run=dry_run, step=step)
    result = release_result(outcome)
    print_result(result, [*release_lines(outcome), *_next_lines(workspace, outcome)], as_json=as_json)


def _next_lines(workspace: Workspace, outcome: Any) -> list[str]:
    """Return where to look now."""
    if outcome.folder is None:
        return ["next:       `withheld release` publishes it"]
    return [
        f"look:       {outcome.folder / 'index.en.html'}, index.ru.html (they need no server)",
        f"site:       withheld serve {typed(workspace.public)}",
    ]


def _tell_finished(workspace: Workspace, finished: tuple[str, ...], *, as_json: bool) -> None:
    """Say which releases were finished; a new one is built by the next run, against these."""
    lines = [
        f"published:  {workspace.public / name} (an earlier run was stopped before it could name it)"
        for name in finished
    ]
    print_result({"finished": list(finished)}, [*lines, "for a new release, run it again"], as_json=as_json)


def release_result(outcome: Any) -> dict[str, Any]:
    """Return what `withheld release --json` prints; it is private, because it holds exact counts."""
    return {
        "release_id": outcome.built.release_id,
        "folder": str(outcome.folder) if outcome.folder else None,
        "verdict": outcome.evidence["verdict"],
        "tables": outcome.built.tables,
        "charts": outcome.charts,
        "checks": {check["name"]: check["verdict"] for check in outcome.evidence["checks"]},
        "private": {
            "counted": outcome.built.private["counted"],
            "left_out": outcome.built.private["left_out"],
        },
    }


def release_lines(outcome: Any) -> list[str]:
    """Return what a person is told of a release: what was counted, what was given up, what was found."""
    private = outcome.built.private
    costs = private["tables"].values()
    cells = sum(cost.cells for cost in costs)
    withheld = sum(cost.withheld_cells for cost in costs)
    counts = [cost for name, cost in private["tables"].items() if cost.error_bound < 100]
    error = sum(cost.mean_error * cost.rounded_cells for cost in counts) / max(
        sum(cost.rounded_cells for cost in counts), 1
    )
    lines = [
        f"counted:    {private['counted']['incidents']} incidents, {private['counted']['persons']} affected "
        "persons (for your eyes: the release shows rounded numbers only)",
    ]
    lines += [f"left out:   {number} {reason}" for number, reason in left_out_lines(private["left_out"])]
    lines += [
        f"tables:     {outcome.built.tables} tables, {cells} cells; {withheld} withheld; counts moved by "
        f"{error:.1f} on average to hide small ones",
        f"records:    {_records_line(private['records'], outcome.evidence['records']['published'])}",
    ]
    lines += [f"not there:  {name}: nothing of it is recorded" for name in private["tables_left_out"]]
    checks = outcome.evidence["checks"]
    passed = sum(check["verdict"] == "PASS" for check in checks)
    lines.append(
        f"attacked:   {passed} of {len(checks)} checks passed; verdict {outcome.evidence['verdict']}"
    )
    doubtful = private.get("doubtful_tables", {})
    lines += [
        f"  {check['verdict']}: {check['name']}: {said(check['remedy'])}"
        + (f" (for your eyes: {', '.join(doubtful[check['name']])})" if check["name"] in doubtful else "")
        for check in checks
        if check["verdict"] != "PASS"
    ]
    where = outcome.folder or "nowhere: this was a dry run"
    lines.append(f"published:  {where}")
    return lines


def _records_line(records: Any, published: bool) -> str:
    if records is None:
        return "k and l cannot be reached with this policy; none are published"
    return (
        f"{records['rows']} considered, {records['suppressed']} left out for k={records['k']}, "
        f"smallest group {records['smallest_class']}"
        + ("" if published else "; none published (policy, or too little is new)")
    )


@click.command()
@click.argument(
    "public_dirs",
    metavar="[PUBLIC_DIR]...",
    shell_complete=releases,
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--against-vault", is_flag=True, help="Also search the release for private values of the vault."
)
@click.option(
    "--tables",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Attack anybody's tables instead: a folder of CSV files, in which an empty value is a withheld one.",
)
@click.option(
    "--hierarchies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --tables: a folder of hierarchy files, so that regions are sums of districts.",
)
@workspace_options
def audit(
    public_dirs: tuple[Path, ...],
    against_vault: bool,
    tables: Path | None,
    hierarchies: Path | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Attack a release, with nothing but what is in it and in the earlier releases named after it.

    A folder of releases, such as public/, stands for its newest release and, as earlier ones, the others.

    Example:  withheld audit ourgroup/public/2026-q3 ourgroup/public/2026-q2
    """
    from anonymize.audit import CHECKS, AuditReport, audit_cube, audit_release

    if bool(tables) == bool(public_dirs):
        raise UsageError(
            "name releases, or --tables DIR, and not both",
            remedy="for example: withheld audit ourgroup/public",
        )
    folder, *earlier = _release_folders(public_dirs) if public_dirs else [Path()]
    with progress("audit") as step:
        if tables:
            report = audit_cube(tables, hierarchies=hierarchies)
        else:
            report = audit_release(folder, earlier, checks=told_checks(CHECKS, step))
    if against_vault and not tables:
        from anonymize import private_values, scan_release

        workspace = load_workspace(directory)
        with workspace.open_vault(passphrase_file) as vault:
            leaks = scan_release(folder, private_values(vault), earlier)
        report = AuditReport(report.release_id, (*report.findings, leaks))
    lines = [*map(_finding_text, report.findings), f"verdict: {report.verdict.name}"]
    print_result(report.as_evidence(), lines, as_json=as_json)
    if report.verdict is Verdict.FAIL:
        tell_error("the release failed the audit", "take it offline; build it again with `withheld release`")
        raise click.exceptions.Exit(1)


def _near_release(folder: Path) -> str:
    if any((folder / "public").glob("*/release.db")):
        return f"name {typed(folder / 'public')}, or a release in it"
    return "name public/ of a workspace, or a release in it; `withheld release` makes one"


def _finding_text(finding: Any) -> str:
    text = f"{finding.verdict.name:6} {finding.name}: {said(finding.rule)}"
    if not finding.verdict:
        return text
    return f"{text}\n       {_counts(finding.counts)}\n       what to do: {finding.remedy}"


def _counts(counts: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in counts.items())


def _release_folders(folders: tuple[Path, ...]) -> list[Path]:
    """Return release folders; a folder of releases stands for its newest one and, as earlier, the others."""
    if len(folders) == 1 and not (folders[0] / "release.db").exists():
        inside = sorted(path.parent for path in folders[0].glob("*/release.db"))
        if not inside:
            raise UsageError(
                f"{folders[0]}: there is no release in this folder", remedy=_near_release(folders[0])
            )
        return inside[::-1]
    missing = [path for path in folders if not (path / "release.db").exists()]
    if missing:
        raise UsageError(f"{missing[0]}: there is no release.db in it", remedy=_near_release(missing[0]))
    return list(folders)


@click.command()
@click.argument(
    "public_dirs",
    metavar="PUBLIC_DIR...",
    shell_complete=releases,
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port on this machine."
)
def serve(public_dirs: tuple[Path, ...], port: int) -> None:
    """Show releases as a Datasette site on this machine, until Ctrl-C.

    PUBLIC_DIR is the folder of one release, or public/ for all of them.

    Example:  withheld serve ourgroup/public
    """
    from reports import serve_release

    with ExitStack() as waiting:
        waiting.enter_context(progress("making the pages"))

        def ready() -> None:
            waiting.close()
            click.echo(said(f"http://127.0.0.1:{port}/  (Ctrl-C to stop)"), err=True)

        # The address is told when it answers, and not where the port or the release cannot be had.
        serve_release(public_dirs, port, ready=ready)
