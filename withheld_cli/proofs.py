"""`withheld evidence`, `withheld receipt`: what was received, provable later, without keeping it."""

import datetime
from dataclasses import asdict
from pathlib import Path

import click

from codebook import UsageError
from codebook.small_file import read_small_file

from .output import CommandGroup, json_option, print_result, workspace_options
from .progress import progress
from .workspace import load_workspace

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(cls=CommandGroup)
def evidence() -> None:
    """Register evidence files by hash and size, and check that they are as they were.

    Example:  withheld evidence check -w ourgroup /media/evidence
    """


@evidence.command("add")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--case", "case_code", required=True, help="The case code that the group uses.")
@click.option("--captured", type=_DAY, help="The day on which it was made.")
@workspace_options
def register(
    files: tuple[Path, ...],
    case_code: str,
    captured: datetime.datetime | None,
    directory: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Register files as evidence of a case; neither their content nor their names are kept.

    Example:  withheld evidence add -w ourgroup photo.jpg --case K-17 --captured 2026-03-01
    """
    from vault import add_evidence

    now = datetime.datetime.now(datetime.UTC)
    day = captured.date() if captured else None
    with load_workspace(directory).open_vault(passphrase_file) as vault, progress("hashing"):
        done = add_evidence(vault, files, case_code, now=now, captured=day)
    line = f"registered: {done.added} files; {done.already_there} were there already"
    print_result(asdict(done), [line, "the files stay yours to keep, encrypted"], as_json=as_json)


@evidence.command("check")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@workspace_options
def check_folder(folder: Path, directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Compare the files in DIR with the registered evidence: found, changed, missing.

    Example:  withheld evidence check -w ourgroup /media/evidence
    """
    from vault import check_evidence

    with load_workspace(directory).open_vault(passphrase_file) as vault, progress("hashing"):
        found = check_evidence(vault, folder)
    lines = [
        f"{found.found:>6}  found as they were registered",
        f"{found.changed:>6}  changed: a file of that name has another content",
        f"{found.missing:>6}  missing",
        f"{found.unknown:>6}  files in the folder that were never registered",
    ]
    lines += [f"look at case {code}" for code in found.missing_cases]
    print_result(asdict(found), lines, as_json=as_json)
    if not found.whole:
        raise click.exceptions.Exit(1)


@click.group(cls=CommandGroup)
def receipt() -> None:
    """See, export and check the signed receipts of ingested files.

    Example:  withheld receipt list -w ourgroup
    """


@receipt.command("list")
@workspace_options
def list_receipts(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List the receipts: run, time, rows and the hash of the file.

    Example:  withheld receipt list -w ourgroup
    """
    from vault import signed_receipts

    with load_workspace(directory).open_vault(passphrase_file) as vault:
        found = signed_receipts(vault)
    lines = [
        f"{one['run']}  {one['time_utc']}  {one['rows_read']:>7} rows  {one['file_sha256']}" for one in found
    ]
    print_result({"receipts": found}, lines or ["no file was taken in"], as_json=as_json)


@receipt.command("export")
@click.argument("run")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@workspace_options
def export_receipt(
    run: str, file: Path, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Write the receipt of a run to a new FILE; it holds counts and hashes, no name and no value.

    Example:  withheld receipt export -w ourgroup 7391846000000 receipt.json
    """
    from vault import append_custody, receipt_text, require_free, signed_receipts, write_private

    require_free(file)
    now = datetime.datetime.now(datetime.UTC)
    with load_workspace(directory).open_vault(passphrase_file) as vault:
        chosen = next((one for one in signed_receipts(vault) if one["run"] == run), None)
        if chosen is None:
            raise UsageError("there is no receipt of that run", remedy="see `withheld receipt list`")
        append_custody(vault, "receipt exported", now=now, object_sha256=chosen["file_sha256"])
    write_private(file, receipt_text(chosen).encode("ascii"))
    line = f"written: {file}; keep it where who can open the vault cannot change it"
    print_result({"file": str(file), "run": run}, [line], as_json=as_json)


@receipt.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--against-vault", is_flag=True, help="Also look whether the vault still holds what it says.")
@click.option(
    "-w", "--workspace", "directory", type=click.Path(file_okay=False, path_type=Path), default=Path(),
    help="With --against-vault: the workspace; the current folder by default.",
)  # fmt: skip
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --against-vault: a file with the passphrase; else WITHHELD_PASSPHRASE, else a prompt.",
)
@json_option
def check_receipt(
    file: Path, against_vault: bool, directory: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Check the signature of a receipt; with the vault, also that the custody log was not rewritten since.

    Example:  withheld receipt check receipt.json --against-vault -w ourgroup
    """
    from vault import is_signed, parse_receipt, receipt_faults

    try:
        receipt_read = parse_receipt(read_small_file(file).decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "the file cannot be read", remedy="give a file of `withheld receipt export`"
        ) from None
    faults = [] if is_signed(receipt_read) else ["the signature is not that of the receipt"]
    if against_vault:
        with load_workspace(directory).open_vault(passphrase_file) as vault:
            faults = receipt_faults(vault, receipt_read)
    lines = [
        f"signature: {'good' if is_signed(receipt_read) else 'BAD'}, by the key {receipt_read['public_key']}",
        f"says: {receipt_read['rows_read']} rows read at {receipt_read['time_utc']}, custody entry "
        f"{receipt_read['custody_seq']}",
    ]
    lines += [f"fault: {one}" for one in faults]
    if not against_vault:
        lines.append("the vault was not asked: with --against-vault the custody log is compared too")
    result = {"signature": is_signed(receipt_read), "against_vault": against_vault, "faults": faults}
    print_result({**result, "receipt": receipt_read}, lines, as_json=as_json)
    if faults:
        raise click.exceptions.Exit(1)
