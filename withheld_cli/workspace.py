"""A group's folder: its settings, its vault, its releases."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from codebook import PolicyError, UsageError
from codebook.settings import build_settings, read_yaml
from codebook.shell_words import typed

from .language import said_comments

if TYPE_CHECKING:
    from vault import Vault

SETTINGS_FILE = "withheld.yml"
DEFAULT_DELAY_DAYS = 90  # RULES rule 29


@dataclass(frozen=True)
class CorrectionLine:
    """What was wrong in a release that is out, for the page of corrections of the later ones."""

    date: datetime.date
    release: str | datetime.date  # an id like 2026-12-01 is a date to YAML
    text_en: str
    text_ru: str = ""


@dataclass(frozen=True)
class WorkspaceSettings:
    """What `withheld.yml` says."""

    group: str
    group_ru: str = ""
    publisher: str = ""
    licence: str = "CC-BY-4.0"
    licence_url: str = "https://creativecommons.org/licenses/by/4.0/"
    contact: str = ""
    languages: tuple[str, ...] = ("en", "ru")
    time_zone: str = "Europe/Moscow"
    base_url: str = ""
    record_delay_days: int = DEFAULT_DELAY_DAYS
    contributing_organisations: int = 1
    lock_after_minutes: float = 5  # that a question may wait for its answer with the vault open
    corrections: tuple[CorrectionLine, ...] = ()


@dataclass(frozen=True)
class Workspace:
    """One group's folder."""

    directory: Path
    settings: WorkspaceSettings

    @property
    def vault_path(self) -> Path:
        """Where the one private file lies."""
        return self.directory / "private" / "vault.db"

    @property
    def public(self) -> Path:
        """Where releases lie, one folder each."""
        return self.directory / "public"

    @property
    def sources(self) -> Path:
        """Where the group's own mappings lie."""
        return self.directory / "sources"

    def release_folders(self) -> list[Path]:
        """Return the folders of all releases, the oldest name first."""
        if not self.public.exists():
            return []
        return sorted(path for path in self.public.iterdir() if (path / "release.db").exists())

    def open_vault(
        self, passphrase_file: Path | None, *, fallback: str = "", key_file: Path | None = None
    ) -> "Vault":
        """Open the vault with the passphrase from the file, the environment or a prompt, and the key file."""
        from vault import key_file_digest, open_vault, resolve_passphrase

        from .output import ask_secretly, forbid_core_dumps

        forbid_core_dumps()
        if not self.vault_path.exists():
            raise UsageError(
                f"{self.vault_path} is not there: this workspace has no vault",
                remedy="put the vault, or a backup of it, back there; or name another workspace with -w DIR",
            )
        return open_vault(
            self.vault_path,
            resolve_passphrase(passphrase_file, fallback=fallback, ask=ask_secretly),
            key_file_sha256=key_file_digest(key_file),
            lock_after_seconds=60 * self.settings.lock_after_minutes,
        )


def load_workspace(directory: Path) -> Workspace:
    """Return the workspace in a folder.

    Raises:
        UsageError: It is no workspace.
        PolicyError: Its settings are wrong.
    """
    path = directory / SETTINGS_FILE
    if not path.exists():
        reason = "it has no withheld.yml" if directory.is_dir() else "there is no such folder"
        raise UsageError(
            f"{directory.absolute()} is no workspace: {reason}", remedy=_other_workspace(directory)
        )
    settings = build_settings(WorkspaceSettings, read_yaml(path), SETTINGS_FILE)
    if settings.record_delay_days < 0 or not set(settings.languages) <= {"en", "ru"}:
        raise PolicyError(
            "withheld.yml: record_delay_days or languages is not allowed",
            remedy="use 0 days or more, and languages from [en, ru]",
        )
    if not 0 < settings.lock_after_minutes <= 60:
        raise PolicyError(
            "withheld.yml: lock_after_minutes is not allowed",
            remedy="use more than 0, and 60 minutes or fewer",
        )
    return Workspace(directory, settings)


def _other_workspace(directory: Path) -> str:
    """Return what to do in a folder that is no workspace: name the one that is near, or make one."""
    is_there = directory.is_dir()
    inside = (directory if is_there else directory.parent).glob(f"*/{SETTINGS_FILE}")
    around = [path for path in directory.absolute().parents if is_there and (path / SETTINGS_FILE).exists()]
    near = [*sorted(str(path.parent) for path in inside)[:3], *(str(path) for path in around[:1])]
    named = " or ".join(f"-w {typed(path)}" for path in near) or "-w DIR"
    return f"name your workspace with {named}, or make one: `withheld init DIR --group NAME`"


def create_workspace(
    directory: Path,
    group: str,
    passphrase: str,
    now: datetime.datetime,
    *,
    key_file_sha256: bytes = b"",
) -> Workspace:
    """Make a workspace with an empty vault.

    Args:
        key_file_sha256: Digest of a key file that is needed beside the passphrase; empty for none.

    Raises:
        UsageError: There is a workspace already.
    """
    from vault import append_custody, create_vault, guard_process, open_vault

    guard_process()
    path = directory / SETTINGS_FILE
    if path.exists():
        raise UsageError(
            "this folder is a workspace already",
            remedy=f"use it with -w {typed(directory)}, or name another folder",
        )
    for folder in (directory, directory / "sources", directory / "public"):
        folder.mkdir(parents=True, exist_ok=True)
    vault_path = directory / "private" / "vault.db"
    # A vault without settings beside it is of a run that was stopped: who can open it goes on with it.
    open_or_create = open_vault if vault_path.exists() else create_vault
    with open_or_create(vault_path, passphrase, key_file_sha256=key_file_sha256) as vault:
        if not vault.count("custody"):
            append_custody(vault, "vault created", now=now)
    (directory / "policy.yml").write_text(said_comments(_POLICY_TEXT), encoding="utf-8")
    (directory / ".gitignore").write_text("private/\ntruth.json\nincoming/\n", encoding="utf-8")
    # Last and in one step: it is what makes the folder a workspace.
    part = path.with_name(f"{path.name}.part")
    part.write_text(said_comments(_settings_text(group)), encoding="utf-8")
    part.replace(path)
    return load_workspace(directory)


def _settings_text(group: str) -> str:
    name = yaml.safe_dump({"group": group}, allow_unicode=True).strip()
    return f"""# The group, as it signs its releases. Every key but `group` may be left out.
{name}
group_ru: ""                 # its name on Russian pages and pictures, if it has one
publisher: ""                # who publishes, if not the group itself
licence: CC-BY-4.0           # SPDX name of the licence of the release
licence_url: https://creativecommons.org/licenses/by/4.0/
contact: ""                  # public e-mail for questions; leave empty rather than name a person
languages: [en, ru]          # of charts and pages
time_zone: Europe/Moscow     # of request and response times
base_url: ""                 # where releases will lie on the web, for permalinks
record_delay_days: {DEFAULT_DELAY_DAYS}        # days from the end of a period to its publication (RULES 29)
contributing_organisations: 1
lock_after_minutes: 5        # a question with the vault open waits so long, then the vault is locked
"""


_POLICY_TEXT = """# Your group's own policy: only what differs from the packaged anonymize/policy.yml.
# For the data protection officer. Example:
#
# threshold: 7
# base: 10
# records:
#   publish: true

"""
