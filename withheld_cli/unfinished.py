"""Releases whose run was stopped: finished where the vault remembers them, else removed.

The order of writes is: the folder is built aside, the vault remembers what it prints, the folder gets its
name. Stopped before the second, nothing was published and nothing is remembered; stopped between the second
and the third, the folder aside is complete and the third is all that is missing.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codebook import ReleaseRefused, UsageError

from .workspace import Workspace

if TYPE_CHECKING:
    from vault import Vault

STAGING_PREFIX = ".release-being-built-"
CHECKSUMS_FILE = "SHA256SUMS"
_SHOWN_FILES = 20


def staging_of(workspace: Workspace, release_id: str) -> Path:
    """Return where a release is built."""
    return workspace.directory / f"{STAGING_PREFIX}{release_id}"


def left_behind(workspace: Workspace) -> dict[str, Path]:
    """Return release id -> the folder aside that a stopped run left, or that a run builds right now."""
    found = sorted(workspace.directory.glob(f"{STAGING_PREFIX}*"))
    return {path.name.removeprefix(STAGING_PREFIX): path for path in found if path.is_dir()}


def unfinished_releases(workspace: Workspace, vault: "Vault") -> dict[str, Path]:
    """Return the releases that the vault remembers and that lack nothing but their name."""
    sums = remembered_sums(vault)
    return {
        name: folder
        for name, folder in left_behind(workspace).items()
        if name in sums and not (workspace.public / name).exists() and is_as_remembered(folder, sums[name])
    }


def remembered_sums(vault: "Vault") -> dict[str, str]:
    """Return release id -> the hash of its SHA256SUMS, as the vault remembers it."""
    return {str(row["release_id"]): str(row["sums_sha256"]) for row in vault.rows("release")}


def own_sums(folder: Path) -> str:
    """Return the hash of the SHA256SUMS in a folder; empty where there is none."""
    try:
        return hashlib.sha256((folder / CHECKSUMS_FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


def is_as_remembered(folder: Path, sums_sha256: str) -> bool:
    """Return whether a release folder is, to the last byte, the one that the vault remembers."""
    return own_sums(folder) == sums_sha256 and not changed_files(folder)


def changed_files(folder: Path) -> tuple[str, ...]:
    """Return the files of a release that are changed, gone, or of which its SHA256SUMS does not speak."""
    try:
        text = (folder / CHECKSUMS_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return (CHECKSUMS_FILE,)
    said = {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())}
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != CHECKSUMS_FILE
    }
    return tuple(name for name in sorted({*said, *found}) if said.get(name) != _sha256(found.get(name)))


def _sha256(path: Path | None) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else "gone"
    except OSError:
        return "unreadable"


def finish_releases(workspace: Workspace, vault: "Vault") -> tuple[str, ...]:
    """Give the unfinished releases their names, and return these."""
    unfinished = unfinished_releases(workspace, vault)
    for name, folder in unfinished.items():
        give_release_its_name(workspace, folder, name)
    return tuple(unfinished)


def give_release_its_name(workspace: Workspace, staging: Path, release_id: str) -> Path:
    """Publish a folder that the vault remembers, and return it.

    Raises:
        ReleaseRefused: It cannot be named; it stays where it is, to be finished by the next run.
    """
    folder = workspace.public / release_id
    try:
        workspace.public.mkdir(exist_ok=True)
        staging.rename(folder)
    except OSError:
        raise ReleaseRefused(
            "the release is complete, but public/ cannot be written; it is not published yet",
            remedy="check the rights and the disk of public/; the next `withheld release` finishes it",
        ) from None
    return folder


def require_writable(workspace: Workspace) -> None:
    """Stop before anything is built where a release could not be published.

    Raises:
        UsageError: public/ is no folder, cannot be written, or lies on another disk.
    """
    public = workspace.public
    place = public if public.exists() else workspace.directory
    # A folder is given its name in one step, which no system does from one disk to another.
    one_disk = place.stat().st_dev == workspace.directory.stat().st_dev
    folders = (place, workspace.directory)
    if not all(one.is_dir() and os.access(one, os.W_OK | os.X_OK) for one in folders) or not one_disk:
        raise UsageError(
            "releases cannot be written into public/",
            remedy="make it a folder of the workspace, on the same disk, that you may write into",
        )


@dataclass(frozen=True)
class Comparison:
    """Where the ledger of the vault and public/ agree, and where not; ids of releases.

    Attributes:
        changed: Release -> its files that are not as SHA256SUMS says, or SHA256SUMS itself where it is not
            the one that the vault remembers.
        unknown: In public/ and not in the ledger.
        missing: In the ledger and not in public/: taken offline, or lost.
        unfinished: Missing, and complete where it was built: the next `withheld release` names it.
        stopped: Left by a stopped run that published nothing, or being built right now.
    """

    present: int
    changed: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    unfinished: tuple[str, ...]
    stopped: tuple[str, ...]

    @property
    def has_faults(self) -> bool:
        """Whether a person must do something; a release may be taken offline without that."""
        return bool(self.changed or self.unknown or self.unfinished)

    def as_dict(self) -> dict[str, object]:
        """Return the result as `withheld verify --json` prints it."""
        return {
            "releases": self.present,
            "releases_changed": sorted(self.changed),
            "files_changed": {name: list(files) for name, files in self.changed.items()},
            "releases_unknown_to_vault": list(self.unknown),
            "releases_missing": list(self.missing),
            "releases_unfinished": list(self.unfinished),
            "releases_stopped": list(self.stopped),
        }

    def lines(self) -> list[str]:
        """Return the result for a person, with what to do."""
        whole = f"changed: {', '.join(sorted(self.changed))}" if self.changed else "as published"
        parts = (
            (self.unknown, "unknown to the vault: {}"),
            (self.missing, "not in public/:       {}"),
            (self.unfinished, "not finished:         {}: run `withheld release`, which publishes it"),
            (self.stopped, "left by a stopped run: {}: the next `withheld release` removes it"),
        )
        told = [line.format(name) for names, line in parts for name in names]
        files = [f"changed: {name}: {', '.join(each[:_SHOWN_FILES])}" for name, each in self.changed.items()]
        return [f"releases: {self.present}, {whole}", *files, *told]


def compare_releases(workspace: Workspace, vault: "Vault") -> Comparison:
    """Hold public/ against the ledger, every file against its checksum."""
    sums = remembered_sums(vault)
    present = {path.name: path for path in workspace.release_folders()}
    unfinished = unfinished_releases(workspace, vault)
    changed = {}
    for name, path in present.items():
        files = changed_files(path)
        if not files and own_sums(path) != sums.get(name, own_sums(path)):
            files = (CHECKSUMS_FILE,)  # the files agree with a list that is not the one of that day
        if files:
            changed[name] = files
    return Comparison(
        len(present),
        changed,
        tuple(sorted(set(present) - set(sums))),
        tuple(sorted(set(sums) - set(present) - set(unfinished))),
        tuple(unfinished),
        tuple(name for name in left_behind(workspace) if name not in unfinished),
    )


def clear_staging(workspace: Workspace, vault: "Vault") -> None:
    """Remove what stopped runs left that nobody was told of; what the vault remembers stays."""
    kept = unfinished_releases(workspace, vault)
    for name, path in left_behind(workspace).items():
        if name not in kept:
            shutil.rmtree(path)
