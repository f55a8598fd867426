"""`withheld init`, `template`, `synthesize`: what there is before the first case."""

import datetime
from pathlib import Path

import click

from codebook import UsageError
from codebook.shell_words import typed

from .keys import key_file_option
from .output import ask_secretly, json_option, print_result, warn
from .progress import progress

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_SHARE = click.FloatRange(0, 1)


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--group", required=True, help="The group's name, as it signs its releases.")
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with the passphrase; else WITHHELD_PASSPHRASE, else a prompt.",
)
@key_file_option
@json_option
def init(
    directory: Path, group: str, passphrase_file: Path | None, key_file: Path | None, as_json: bool
) -> None:
    """Make a workspace in DIR: settings, an encrypted vault, folders.

    The passphrase cannot be recovered: write it down and keep it apart from this machine.

    Example:  withheld init ourgroup --group "Our group"
    """
    from vault import is_weak, key_file_digest, resolve_passphrase

    from .workspace import create_workspace

    passphrase = resolve_passphrase(passphrase_file, confirm=True, ask=ask_secretly)
    if is_weak(passphrase):
        warn("this passphrase is short; six random words keep a seized laptop shut")
    digest = key_file_digest(key_file)
    now = datetime.datetime.now(datetime.UTC)
    workspace = create_workspace(directory, group, passphrase, now, key_file_sha256=digest)
    needed = "the passphrase and the key file" if digest else "the passphrase"
    named = typed(workspace.directory)
    lines = [
        f"workspace: {workspace.directory}",
        f"vault:     {workspace.vault_path} (encrypted; nobody opens it without {needed})",
        f"next:      withheld ingest -w {named} FILE --suggest  (a draft of its columns)",
    ]
    print_result(
        {"workspace": str(workspace.directory), "vault": str(workspace.vault_path)}, lines, as_json=as_json
    )


@click.command()
@click.argument("kind", metavar="xlsform|spreadsheet", type=click.Choice(["xlsform", "spreadsheet"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(["en", "ru"]),
    help="Language of the workbook; the form has both and opens in this one.",
)  # fmt: skip
@json_option
def template(kind: str, file: Path, language: str, as_json: bool) -> None:
    """Write an empty form (XLSForm) or workbook into a new FILE, to collect cases with.

    Example:  withheld template spreadsheet cases.xlsx --language ru
    """
    from codebook import load_codebook
    from ingest import write_template

    if file.exists():
        raise UsageError("the file is there already", remedy="name another file")
    write_template(kind, file, load_codebook(), language=language)
    print_result({"file": str(file), "kind": kind}, [f"written: {file}"], as_json=as_json)


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--incidents",
    default=2000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How many incidents to invent.",
)
@click.option("--seed", default=7, show_default=True, type=int, help="Same seed, same bytes.")
@click.option(
    "--as",
    "formats",
    multiple=True,
    help="Format of the case files; may be repeated; spreadsheet, hotline and kobo by default.",
)
@click.option("--from", "start", type=_DAY, help="First day of an incident; six years before the last.")
@click.option("--to", "today", type=_DAY, help="Last day on record; 2025-12-31 by default.")
@click.option(
    "--first-case",
    default=1,
    show_default=True,
    type=click.IntRange(1, 99_999),
    help="Number of the first case, for files that add cases to earlier ones.",
)
@click.option("--edit-share", default=0.0, type=_SHARE, help="A newer export: share of the cases corrected.")
@click.option("--vanish-share", default=0.0, type=_SHARE, help="A newer export: share of the cases gone.")
@click.option("--new-share", default=0.0, type=_SHARE, help="A newer export: new cases, as a share.")
@json_option
def synthesize(
    directory: Path,
    incidents: int,
    seed: int,
    formats: tuple[str, ...],
    start: datetime.datetime | None,
    today: datetime.datetime | None,
    first_case: int,
    as_json: bool,
    **shares: float,
) -> None:
    """Write the case files of an invented group into DIR, and truth.json beside them.

    A newer export of the same group: the same options, and shares of what changed since.

    Example:  withheld synthesize more --incidents 40 --seed 8 --from 2026-01-01 --first-case 9001
    """
    from ingest.synthetic import DEFAULT_FORMATS, FORMATS, SERIES, Changes
    from ingest.synthetic import synthesize as write_synthetic

    unknown = sorted(set(formats) - {*FORMATS, *SERIES})
    if unknown:
        raise UsageError("a format that is not known", remedy=f"formats: {', '.join((*FORMATS, *SERIES))}")
    with progress("writing invented case files"):
        summary = write_synthetic(
            directory,
            incidents=incidents,
            seed=seed,
            formats=formats or DEFAULT_FORMATS,
            today=today.date() if today else None,
            start=start.date() if start else None,
            first_case=first_case,
            changes=Changes(shares["edit_share"], shares["vanish_share"], shares["new_share"]),
        )
    files = [str(path) for path in summary.files]
    lines = [f"written: {path}" for path in files]
    print_result({"files": files, "incidents": incidents, "seed": seed}, lines, as_json=as_json)
