"""A group that publishes release after release: new cases come, one is withdrawn, everything is attacked.

Clock and rounding key are given, so that every run does the same.
"""

import datetime
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anonymize import BuiltRelease, ReleaseSettings, build_release, load_policy
from anonymize.audit import CHECKS, AuditReport, audit_release
from ingest import find_duplicates, ingest_files
from ingest.synthetic import synthesize
from vault import ReleaseEntry, Vault, open_vault, record_release, withdraw_person
from withheld_cli.demo import _DEMO_POLICY
from withheld_cli.intake import workspace_sources
from withheld_cli.release_run import run_release
from withheld_cli.workspace import Workspace, create_workspace

PASSPHRASE = "invented cases only"
KEY = "5eed" * 16
FIRST_DAY = datetime.date(2026, 11, 22)
DELAY = datetime.timedelta(days=95)


@dataclass(frozen=True)
class Story:
    """What happens: so many incidents at first, then so many new ones before each further release.

    Args:
        incidents: Before the first release.
        new: Before each further one.
        rounds: Further releases.
        withdrawal_before: Number of the further release before which one case is withdrawn; 0 for none.
        drawn: Whether charts and pages are made, as `withheld release` does; else only `release.db`.
        late: Whether new cases are from all years and no further quarter closes; else each round closes one.
        seed: Of the cases.
    """

    incidents: int
    new: int = 40
    rounds: int = 3
    withdrawal_before: int = 2
    drawn: bool = True
    late: bool = False
    seed: int = 7


@dataclass(frozen=True)
class Chapter:
    """One release and what the attacker found in it and all earlier ones."""

    built: BuiltRelease
    folder: Path
    report: AuditReport
    release_seconds: float  # processor time
    audit_seconds: float


def tell(story: Story, directory: Path) -> Iterator[Chapter]:
    """Make a group in a fresh folder and publish again and again; each release as soon as it is out."""
    synthesize(directory / "incoming", incidents=story.incidents, seed=story.seed, today=FIRST_DAY)
    (directory / "incoming" / "truth.json").rename(directory / "truth.json")
    now = datetime.datetime.combine(FIRST_DAY, datetime.time(12), datetime.UTC)
    workspace = create_workspace(directory, "Invented group", PASSPHRASE, now)
    if story.drawn:
        (directory / "policy.yml").write_text(_DEMO_POLICY, encoding="utf-8")
    _ingest(workspace, "incoming", now)
    with open_vault(workspace.vault_path, PASSPHRASE) as vault:
        vault.update("setting", "rounding_key", {"value": KEY})
    publish = _publish if story.drawn else _publish_database
    yield publish(workspace, "r0", now)
    for number in range(1, story.rounds + 1):
        quarter_ends = _quarter_end(FIRST_DAY - DELAY, number)
        last = FIRST_DAY if story.late else quarter_ends
        start = None if story.late else (quarter_ends - datetime.timedelta(days=85)).replace(day=1)
        day = FIRST_DAY + number * datetime.timedelta(days=7) if story.late else quarter_ends + DELAY
        now = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        folder = f"incoming-{number}"
        synthesize(
            directory / folder,
            incidents=story.new,
            seed=100 * story.seed + number,
            today=last,
            start=start,
            first_case=10_000 * number,
        )
        (directory / folder / "truth.json").unlink()
        _ingest(workspace, folder, now)
        if number == story.withdrawal_before:
            with open_vault(workspace.vault_path, PASSPHRASE) as vault:
                withdraw_person(vault, counted_case(vault), now=now)
        yield publish(workspace, f"r{number}", now)


def counted_case(vault: Vault) -> str:
    """Return the code of a case that the last release counted and whose person was given money."""
    paid = {row["person_id"] for row in vault.rows("request", "status = 'provided' AND cost > 0")}
    counted = paid & {row["person_id"] for row in vault.rows("release_person")}
    incidents = {row["incident_id"] for row in vault.rows("person") if row["person_id"] in counted}
    codes = (row["external_id"] for row in vault.rows("incident") if row["incident_id"] in incidents)
    return min(str(code) for code in codes if code)


def _quarter_end(day: datetime.date, later: int) -> datetime.date:
    """Return the last day of the quarter so many quarters after the last one closed on a day.

    >>> _quarter_end(datetime.date(2026, 8, 19), 1)
    datetime.date(2026, 9, 30)
    """
    months = day.year * 12 + (day.month - 1) // 3 * 3 + 3 * later
    return datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)


def _ingest(workspace: Workspace, folder: str, now: datetime.datetime) -> None:
    with open_vault(workspace.vault_path, PASSPHRASE) as vault:
        ingest_files(vault, [workspace.directory / folder], sources=workspace_sources(workspace), now=now)
        find_duplicates(vault, now=now)


def _publish(workspace: Workspace, name: str, now: datetime.datetime) -> Chapter:
    start = _processor_seconds()
    with open_vault(workspace.vault_path, PASSPHRASE) as vault:
        outcome = run_release(workspace, vault, release_id=name, now=now, dry_run=False, step=lambda _: None)
    built = _processor_seconds()
    newest, *earlier = sorted(workspace.release_folders(), reverse=True)
    report = audit_release(newest, earlier)
    return Chapter(outcome.built, newest, report, built - start, _processor_seconds() - built)


def _publish_database(workspace: Workspace, name: str, now: datetime.datetime) -> Chapter:
    """Do what a release does, but for its files beside `release.db` and the checks of these."""
    folder, earlier = workspace.public / name, workspace.release_folders()
    folder.mkdir()
    start = _processor_seconds()
    settings = ReleaseSettings(
        release_id=name,
        group=workspace.settings.group,
        publisher="",
        licence=workspace.settings.licence,
        licence_url=workspace.settings.licence_url,
        contact="",
        base_url="",
        built_at=now.date(),
        record_delay_days=workspace.settings.record_delay_days,
        contributing_organisations=1,
        withheld_version="0.1.0",
    )
    with open_vault(workspace.vault_path, PASSPHRASE) as vault:
        built = build_release(vault, load_policy(workspace.directory), settings, folder)
        day = built.window.period_to.isoformat()
        entry = ReleaseEntry(name, now.date(), built.period_from, day, built.rules_id, "", built.tables, "")
        record_release(vault, entry, built.remembered)
    released = _processor_seconds()
    checks = {name: check for name, check in CHECKS.items() if name not in OF_OTHER_FILES}
    report = audit_release(folder, earlier, checks=checks)
    return Chapter(built, folder, report, released - start, _processor_seconds() - released)


OF_OTHER_FILES = frozenset({"data_files", "chart_files", "checksums", "printed_numbers"})


def _processor_seconds() -> float:
    """Return the processor time of this process and of those that it started and that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
