"""`withheld vault`: its passphrase, its backups and the way back from one."""

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .keys import key_file_option, new_secret_options, trustee
from .output import CommandGroup, ask_secretly, print_result, workspace_options
from .progress import progress
from .workspace import load_workspace

if TYPE_CHECKING:
    from vault import Backup, Upgrade

NEW_PASSPHRASE_VARIABLE = "WITHHELD_NEW_PASSPHRASE"  # noqa: S105 (the name of the variable, not a secret)


@click.group(cls=CommandGroup)
def vault() -> None:
    """Change the passphrase, let a trustee in, back the vault up and restore it.

    Example:  withheld vault backup -w ourgroup /media/stick/2026-11-22.vault
    """


vault.add_command(trustee)


@vault.command()
@new_secret_options
@key_file_option
@workspace_options
def passphrase(
    new_passphrase_file: Path | None,
    new_key_file: Path | None,
    no_key_file: bool,
    key_file: Path | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Give the vault another passphrase; trustees keep theirs, and so do backups made before.

    Example:  withheld vault passphrase -w ourgroup
    """
    from vault import change_passphrase, key_file_digest

    from .keys import asked_anew

    now = datetime.datetime.now(datetime.UTC)
    digest = b"" if no_key_file else key_file_digest(new_key_file or key_file)
    with load_workspace(directory).open_vault(passphrase_file, key_file=key_file) as opened:
        with opened.waiting_for_a_person():
            new = asked_anew(new_passphrase_file, NEW_PASSPHRASE_VARIABLE, "New passphrase: ")
        with progress("writing every page anew"):
            kept = change_passphrase(opened, new, now=now, key_file_sha256=digest)
    lines = [
        f"changed; {kept} trustees keep their way in" + ("; the key file is needed too" if digest else ""),
        "backups made before open with the passphrase of then: make a new one, destroy the old ones",
    ]
    print_result({"changed": True, "trustees": kept, "key_file": bool(digest)}, lines, as_json=as_json)


@vault.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@key_file_option
@workspace_options
def backup(
    file: Path, key_file: Path | None, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Write an encrypted copy of the vault to a new FILE, checked; it opens with the same passphrases.

    Example:  withheld vault backup -w ourgroup /media/stick/2026-11-22.vault
    """
    from vault import backup_vault

    now = datetime.datetime.now(datetime.UTC)
    with (
        load_workspace(directory).open_vault(passphrase_file, key_file=key_file) as opened,
        progress("copying and checking"),
    ):
        made = backup_vault(opened, file, now=now)
    result = {
        "file": str(file), "sha256": made.sha256, "bytes": made.bytes, "rows": made.rows,
        "trustees": made.trustees,
    }  # fmt: skip
    lines = [
        f"written and checked: {file}, {made.bytes} bytes, {made.rows} rows, {made.trustees} trustees",
        f"SHA-256 {made.sha256}; the custody log holds it too",
    ]
    print_result(result, lines, as_json=as_json)


@vault.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--present-passphrase-file", type=click.Path(dir_okay=False, path_type=Path),
    help="Passphrase of the vault that is there, where the backup has another: who withdrew stays withdrawn.",
)  # fmt: skip
@key_file_option
@workspace_options
def restore(
    file: Path,
    present_passphrase_file: Path | None,
    key_file: Path | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Put a backup in the place of the vault; the vault that is there is moved aside, never deleted.

    Releases made after the backup are not in its memory: until a newer backup is restored, none is built.

    Example:  withheld vault restore -w ourgroup /media/stick/2026-11-22.vault
    """
    from vault import (  # fmt: skip
        earlier_releases,
        guard_process,
        key_file_digest,
        open_vault,
        resolve_passphrase,
        restore_vault,
    )

    workspace = load_workspace(directory)
    guard_process()
    secret, digest = resolve_passphrase(passphrase_file, ask=ask_secretly), key_file_digest(key_file)
    present = resolve_passphrase(present_passphrase_file) if present_passphrase_file else ""
    now = datetime.datetime.now(datetime.UTC)
    with progress("checking and restoring"):
        restored = restore_vault(
            file, workspace.vault_path, secret, now=now, key_file_sha256=digest, present_passphrase=present
        )
    with open_vault(workspace.vault_path, secret, key_file_sha256=digest) as opened:
        known = set(earlier_releases(opened))
    unknown = sorted({path.name for path in workspace.release_folders()} - known)
    result = {
        "vault": str(workspace.vault_path), "sha256": restored.sha256, "rows": restored.rows,
        "trustees": restored.trustees, "aside": str(restored.aside) if restored.aside else None,
        "releases_unknown_to_vault": unknown, "withdrawn_again": restored.withdrawn_again,
        "upgraded_from": restored.upgraded_from,
    }  # fmt: skip
    print_result(result, _restored_lines(restored, unknown), as_json=as_json)


@vault.command()
@click.option("--keep-unknown", is_flag=True, help="Keep fields that this version does not know.")
@key_file_option
@workspace_options
def upgrade(
    keep_unknown: bool,
    key_file: Path | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Bring a vault of an older version, or of an older codebook, to this one, after a backup beside it.

    On any fault the vault is as it was. Fields that the codebook has lost stay, with what is in them.

    Example:  withheld vault upgrade -w ourgroup
    """
    from vault import guard_process, key_file_digest, resolve_passphrase, upgrade_vault

    workspace = load_workspace(directory)
    guard_process()
    secret, digest = resolve_passphrase(passphrase_file, ask=ask_secretly), key_file_digest(key_file)
    now = datetime.datetime.now(datetime.UTC)
    with progress("copying, changing and checking"):
        done = upgrade_vault(
            workspace.vault_path, secret, now=now, key_file_sha256=digest, keep_unknown=keep_unknown
        )
    if done is None:
        print_result({"upgraded": False}, ["the vault is of this version already"], as_json=as_json)
        return
    result = {
        "upgraded": True, **asdict(done.migration), "backup": str(done.file), "sha256": done.backup.sha256,
    }  # fmt: skip
    print_result(result, _upgraded_lines(done), as_json=as_json)


def _upgraded_lines(done: "Upgrade") -> list[str]:
    made = done.migration
    lines = [
        f"upgraded: schema {made.from_version} to {made.to_version}, {made.rows} rows as they were, checked",
        f"added:    {len(made.added)} tables or columns",
        f"before:   {done.file} (encrypted, the same passphrases; destroy it when all is well: who withdraws "
        "from now on is still in it)",
    ]
    if made.kept:
        lines.append(f"kept:     {', '.join(made.kept)}: no longer in the codebook, read by nothing")
    if made.runs_without_receipt:
        lines.append(f"receipts: none for {made.runs_without_receipt} runs from before there were receipts")
    if made.unknown_codes:
        lines.append(
            f"codes:    {made.unknown_codes} cells have a code that the codebook has lost: give it back in "
            "codebook/codes/, or correct the cells by a newer file"
        )
    return lines


def _restored_lines(restored: "Backup", unknown: list[str]) -> list[str]:
    lines = [
        f"restored: {restored.rows} rows, {restored.trustees} trustees",
        "a release made after this backup that is not in public/ either is unknown to Withheld: put it back "
        "there before you build another one",
    ]
    if restored.withdrawn_again is None:
        lines.append(
            "the vault that was there does not open with this passphrase: who withdrew after the backup is "
            "in it again; withdraw her again, or restore the vault that was there and then this backup with "
            "--present-passphrase-file"
        )
    elif restored.withdrawn_again:
        lines.append(f"erased again: {restored.withdrawn_again} person records, withdrawn after the backup")
    if restored.upgraded_from is not None:
        lines.append(f"the backup was of schema {restored.upgraded_from}: upgraded; the file is as it was")
    if restored.aside:
        lines.append(f"the vault that was there: {restored.aside} (encrypted; it is yours to destroy)")
    lines += [
        f"made after this backup: public/{name}; no release is built until its memory is back"
        for name in unknown
    ]
    return lines
