"""`withheld vault trustee`, and how commands ask for key files and new passphrases."""

import datetime
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .output import CommandGroup, ask_secretly, print_result, warn, workspace_options
from .workspace import load_workspace

TRUSTEE_VARIABLE = "WITHHELD_TRUSTEE_PASSPHRASE"
_FILE = click.Path(dir_okay=False, path_type=Path)
_REMOVED = (
    "a copy of the old vault.keys still opens this vault until the main passphrase is changed: "
    "`withheld vault passphrase`"
)


def key_file_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--key-file`."""
    return click.option(
        "--key-file", type=_FILE, help="A file that is needed beside the passphrase; else WITHHELD_KEY_FILE."
    )(command)


def new_secret_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a new passphrase and a new key file."""
    options = [
        click.option(
            "--new-passphrase-file", type=_FILE,
            help="A file with the new passphrase; else WITHHELD_NEW_PASSPHRASE, else a prompt.",
        ),
        click.option("--new-key-file", type=_FILE, help="Another key file from now on."),
        click.option("--no-key-file", is_flag=True, help="No key file from now on."),
    ]  # fmt: skip
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def asked_anew(file: Path | None, variable: str, question: str) -> str:
    """Return a new passphrase; say so where it is short."""
    from vault import is_weak, resolve_passphrase

    new = resolve_passphrase(file, confirm=True, variable=variable, question=question, ask=ask_secretly)
    if is_weak(new):
        warn("this passphrase is short; six random words keep a seized laptop shut")
    return new


@click.group(cls=CommandGroup)
def trustee() -> None:
    """Let somebody you trust open the vault with a passphrase of her own.

    Example:  withheld vault trustee add -w ourgroup
    """


@trustee.command()
@click.option(
    "--trustee-passphrase-file", "trustee_file", type=_FILE,
    help=f"A file with the trustee's passphrase; else {TRUSTEE_VARIABLE}, else a prompt.",
)  # fmt: skip
@key_file_option
@workspace_options
def add(
    trustee_file: Path | None,
    key_file: Path | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Give a trustee her own passphrase; it opens the vault and its later backups.

    Her passphrase is without a key file: WITHHELD_KEY_FILE must not be set when she opens the vault.

    Example:  withheld vault trustee add -w ourgroup
    """
    from vault import add_trustee

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file, key_file=key_file) as vault:
        with vault.waiting_for_a_person():
            new = asked_anew(trustee_file, TRUSTEE_VARIABLE, "Passphrase of the trustee: ")
        slot = add_trustee(vault, new, now=now)
    lines = [
        f"trustee {slot.number} added; note who that is somewhere safe: the vault keeps no name",
        "she opens every later state of this vault, and you can change the main passphrase without her",
    ]
    print_result({"trustee": slot.number, "added": slot.added}, lines, as_json=as_json)


@trustee.command("list")
@key_file_option
@workspace_options
def list_trustees(
    key_file: Path | None, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """List the trustees by number and day; names are not kept.

    Example:  withheld vault trustee list -w ourgroup
    """
    from vault import slots_differ, trustee_slots

    with load_workspace(directory).open_vault(passphrase_file, key_file=key_file) as vault:
        found = [{"trustee": slot.number, "added": slot.added} for slot in trustee_slots(vault)]
        differ = slots_differ(vault)
    lines = [f"{one['trustee']:>4}  added {one['added']}" for one in found] or ["no trustee"]
    if differ:
        lines.append("private/vault.keys is not as the vault remembers it: `withheld vault trustee repair`")
    print_result({"trustees": found, "file_differs": differ}, lines, as_json=as_json)


@trustee.command()
@click.argument("number", type=click.IntRange(1))
@key_file_option
@workspace_options
def remove(
    number: int, key_file: Path | None, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Take a trustee's way in away; change the main passphrase too where she may have a copy.

    Example:  withheld vault trustee remove -w ourgroup 1
    """
    from vault import remove_trustee

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file, key_file=key_file) as vault:
        remove_trustee(vault, number, now=now)
    print_result({"removed": number}, [f"trustee {number} removed", _REMOVED], as_json=as_json)


@trustee.command()
@key_file_option
@workspace_options
def repair(key_file: Path | None, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write private/vault.keys again from what the vault remembers.

    Example:  withheld vault trustee repair -w ourgroup
    """
    from vault import repair_trustees

    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file, key_file=key_file) as vault:
        number = repair_trustees(vault, now=now)
    print_result({"trustees": number}, [f"{number} trustees written to private/vault.keys"], as_json=as_json)
