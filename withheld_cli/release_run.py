"""One release from vault to public folder: build, draw, attack, scan, remember, and only then name it."""

import datetime
import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebook import ReleaseRefused, UsageError, Verdict

from .progress import told_checks
from .unfinished import clear_staging, give_release_its_name, require_writable, staging_of
from .version import __version__
from .workspace import Workspace

if TYPE_CHECKING:
    from anonymize import BuiltRelease
    from vault import Vault

Step = Callable[[str], None]
_RELEASE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")


@dataclass(frozen=True)
class ReleaseOutcome:
    """What came of a release; `evidence` is public, `report` is for the data officer's eyes."""

    folder: Path | None  # None after a dry run
    built: "BuiltRelease"
    evidence: dict[str, Any]
    charts: int


def run_release(
    workspace: Workspace,
    vault: "Vault",
    *,
    release_id: str,
    now: datetime.datetime,
    dry_run: bool,
    step: Step,
) -> ReleaseOutcome:
    """Build and publish a release, or leave everything as it was.

    Raises:
        ReleaseRefused: The policy cannot be met, or the auditor broke the release; with reason and remedy.
        UsageError: The release id is taken or not usable.
    """
    from vault import append_custody

    require_writable(workspace)
    with ExitStack() as undo:
        try:
            # Nobody else writes meanwhile: what is counted, searched for and remembered is one state.
            with vault.transaction():
                require_new_id(workspace, vault, release_id)
                require_known_releases(workspace, vault)
                clear_staging(workspace, vault)
                staging = staging_of(workspace, release_id)
                staging.mkdir()
                undo.callback(shutil.rmtree, staging, ignore_errors=True)
                outcome = _build_and_attack(
                    workspace, vault, staging, release_id=release_id, now=now, step=step
                )
                if not dry_run:
                    step("remembering what was printed")
                    _remember(vault, outcome, staging, now)
        except ReleaseRefused:
            append_custody(vault, "release refused", now=now)
            raise
        if dry_run:
            return outcome
        undo.pop_all()  # it is remembered: from here on it is finished, never removed
    # The vault remembers first: a print that it knows and nobody saw is safe, the other way round is not.
    folder = give_release_its_name(workspace, staging, release_id)
    return ReleaseOutcome(folder, outcome.built, outcome.evidence, outcome.charts)


def next_release_id(workspace: Workspace, vault: "Vault", today: datetime.date) -> str:
    """Return today's date, with a number where there is a release of today already."""
    from vault import earlier_releases

    taken = {path.name for path in workspace.release_folders()} | set(earlier_releases(vault))
    candidates = [today.isoformat(), *(f"{today.isoformat()}-{number}" for number in range(2, 1000))]
    return next(one for one in candidates if one not in taken)


def require_new_id(workspace: Workspace, vault: "Vault", release_id: str) -> None:
    """Stop where a release id is taken or could not be a folder's name."""
    from vault import earlier_releases

    if not _RELEASE_ID.fullmatch(release_id):
        raise UsageError(
            "the release id is not usable", remedy="use small Latin letters, digits, dots and dashes"
        )
    if (workspace.public / release_id).exists() or release_id in earlier_releases(vault):
        raise UsageError(
            "there is a release of that id already", remedy="choose another --id; releases are kept"
        )


def require_known_releases(workspace: Workspace, vault: "Vault") -> None:
    """Refuse to build beside a release that the vault does not remember, as after restoring an older backup.

    What it printed is then missing: the next release would be rounded afresh, and the two together tell more.
    """
    from vault import earlier_releases

    unknown = {path.name for path in workspace.release_folders()} - set(earlier_releases(vault))
    if unknown:
        raise ReleaseRefused(
            f"public/ holds {len(unknown)} releases that the vault does not remember: "
            f"{', '.join(sorted(unknown))}; what they printed cannot be held",
            remedy="restore a backup of the vault that was made after them (`withheld vault restore`)",
        )


def _build_and_attack(
    workspace: Workspace,
    vault: "Vault",
    staging: Path,
    *,
    release_id: str,
    now: datetime.datetime,
    step: Step,
) -> ReleaseOutcome:
    from anonymize import build_release, load_policy, private_values, scan_release
    from anonymize.audit import CHECKS, AuditReport, audit_release
    from reports import publish_release, write_checksums

    policy = load_policy(workspace.directory)
    built = build_release(vault, policy, _settings(workspace, release_id, now), staging, step=step)
    published = publish_release(staging, step=step)
    checks = told_checks({name: check for name, check in CHECKS.items() if name != "checksums"}, step)
    report = audit_release(staging, workspace.release_folders(), checks=checks)
    step("searching what can be read for private values")
    leaks = scan_release(staging, private_values(vault), workspace.release_folders())
    findings = AuditReport(release_id, (*report.findings, leaks))
    evidence = {
        "release_id": release_id,
        "built_at": now.date().isoformat(),
        **findings.as_evidence(published=True),
        **built.public,
    }
    text = json.dumps(evidence, ensure_ascii=False, indent=2, sort_keys=True)
    (staging / "evidence.json").write_text(text + "\n", encoding="utf-8")
    write_checksums(staging)
    _require_pass(findings)
    # Which tables a finding is about is for the data officer; in public it would point at single cells.
    doubtful = {one.name: one.tables for one in findings.findings if one.verdict and one.tables}
    built = replace(built, private={**built.private, "doubtful_tables": doubtful})
    return ReleaseOutcome(None, built, evidence, len(published.charts))


def _require_pass(report: Any) -> None:
    failed = [finding for finding in report.findings if finding.verdict is Verdict.FAIL]
    if failed or report.verdict is Verdict.FAIL:
        names = "; ".join(map(_told, failed)) or "nothing was checked"
        remedies = dict.fromkeys(finding.remedy for finding in failed if finding.remedy)
        raise ReleaseRefused(
            f"the auditor broke this release ({names}); nothing was published", remedy="; ".join(remedies)
        )


def _told(finding: Any) -> str:
    """Return the name of a check and what it counted: zeros left out, never a value."""
    counts = ", ".join(f"{name} {count}" for name, count in finding.counts.items() if count)
    return f"{finding.name}: {counts}" if counts else str(finding.name)


def _settings(workspace: Workspace, release_id: str, now: datetime.datetime) -> Any:
    from anonymize import Correction, ReleaseSettings

    settings = workspace.settings
    return ReleaseSettings(
        release_id=release_id,
        group=settings.group,
        publisher=settings.publisher,
        licence=settings.licence,
        licence_url=settings.licence_url,
        contact=settings.contact,
        base_url=settings.base_url,
        built_at=now.date(),
        record_delay_days=settings.record_delay_days,
        contributing_organisations=settings.contributing_organisations,
        withheld_version=__version__,
        group_ru=settings.group_ru,
        corrections=tuple(
            Correction(one.date, str(one.release), one.text_en, one.text_ru) for one in settings.corrections
        ),
    )


def _remember(vault: "Vault", outcome: ReleaseOutcome, staging: Path, now: datetime.datetime) -> None:
    import hashlib

    from vault import ReleaseEntry, append_custody, record_release

    built = outcome.built
    sums = hashlib.sha256((staging / "SHA256SUMS").read_bytes()).hexdigest()
    entry = ReleaseEntry(
        release_id=built.release_id,
        built_at=now.date(),
        period_from=built.period_from,
        period_to=built.window.period_to.isoformat(),
        rules_id=built.rules_id,
        verdict=str(outcome.evidence["verdict"]),
        tables=built.tables,
        sums_sha256=sums,
        supersedes=built.supersedes,
    )
    with vault.transaction():
        record_release(vault, entry, built.remembered)
        append_custody(vault, "release built", now=now, object_sha256=sums, detail=f"{built.tables} tables")
