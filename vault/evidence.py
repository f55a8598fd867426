"""Evidence files by hash and size: what was received is known again, and the file is never stored.

A name of a file can name a person, so it is kept as a keyed fingerprint: enough to tell a changed file from a
missing one.

Source: Berkeley Protocol on Digital Open Source Investigations (OHCHR 2020), chapter VI.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from codebook import UsageError

from .consent import unknown_case
from .custody import append_custody
from .store import Vault


@dataclass(frozen=True)
class Registered:
    """What became of evidence files that were named; numbers of files."""

    added: int
    already_there: int


@dataclass(frozen=True)
class EvidenceCheck:
    """What a folder holds of the evidence that is registered; numbers of files.

    Attributes:
        changed: Files with the name of registered evidence and another content.
        missing: Registered evidence whose content is in no file of the folder.
        unknown: Files that were never registered.
        missing_cases: Codes of the cases whose evidence is missing or changed.
    """

    found: int
    changed: int
    missing: int
    unknown: int
    missing_cases: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all registered evidence is there as it was."""
        return not self.changed and not self.missing


def add_evidence(
    vault: Vault,
    files: Sequence[Path],
    case_code: str,
    *,
    now: datetime.datetime,
    captured: datetime.date | None = None,
) -> Registered:
    """Register files as evidence of a case.

    Raises:
        UsageError: No case has that code, or a file cannot be read; then none is registered.
    """
    incidents = [str(row["incident_id"]) for row in vault.rows("incident", "external_id = ?", [case_code])]
    if not incidents:
        raise unknown_case()
    hashed = [(path.name, *_hash_and_size(path)) for path in files]
    added = 0
    with vault.transaction():
        for name, digest, size in hashed:
            where = "incident_id = ? AND evidence_sha256 = ?"
            if vault.count("evidence", where, [incidents[0], digest]):
                continue
            evidence = vault.new_id()
            row = {
                "evidence_id": evidence,
                "incident_id": incidents[0],
                "evidence_sha256": digest,
                "bytes": size,
            }
            vault.insert("evidence", [{**row, "captured_on": captured.isoformat() if captured else None}])
            names = {"evidence_id": evidence, "name_fingerprint": _name_print(vault, name)}
            vault.insert("evidence_name", [{"evidence_name_id": vault.new_id(), **names}])
            append_custody(
                vault, "evidence registered", now=now, object_sha256=digest, detail=f"{size} bytes"
            )
            added += 1
    return Registered(added, len(hashed) - added)


def check_evidence(vault: Vault, folder: Path) -> EvidenceCheck:
    """Compare the files of a folder, and of folders in it, with what is registered.

    Raises:
        UsageError: A file cannot be read.
    """
    present = [(path.name, *_hash_and_size(path)) for path in _files(folder)]
    registered = list(vault.rows("evidence"))
    known = {(str(row["evidence_sha256"]), int(row["bytes"] or 0)) for row in registered}
    there = {(digest, size) for _, digest, size in present}
    lost = [row for row in registered if (str(row["evidence_sha256"]), int(row["bytes"] or 0)) not in there]
    names = {str(row["evidence_id"]): str(row["name_fingerprint"]) for row in vault.rows("evidence_name")}
    lost_names = {names.get(str(row["evidence_id"]), "") for row in lost} - {""}
    strange = [_name_print(vault, name) for name, digest, size in present if (digest, size) not in known]
    changed = lost_names & set(strange)
    return EvidenceCheck(
        found=len(registered) - len(lost),
        changed=sum(names.get(str(row["evidence_id"])) in changed for row in lost),
        missing=sum(names.get(str(row["evidence_id"])) not in changed for row in lost),
        unknown=sum(one not in changed for one in strange),
        missing_cases=tuple(sorted(set(_cases(vault, {str(row["incident_id"]) for row in lost})))),
    )


def _cases(vault: Vault, incidents: Iterable[str]) -> Iterable[str]:
    for incident in incidents:
        for row in vault.rows("incident", "incident_id = ?", [incident]):
            yield str(row["external_id"] or "")


def _name_print(vault: Vault, name: str) -> str:
    return vault.fingerprint("evidence name", name)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hash_and_size(path: Path) -> tuple[str, int]:
    """Return the hash and the size of a file as it was read; its name is in no message."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(2**20):
                digest.update(piece)
                size += len(piece)
    except OSError:
        raise UsageError(
            "a file cannot be read; nothing was registered", remedy="check the files and their rights"
        ) from None
    return digest.hexdigest(), size
