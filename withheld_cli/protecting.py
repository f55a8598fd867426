"""`withheld protect`: tables made from any microdata file, protected together."""

import secrets
from pathlib import Path
from typing import Any

import click

from codebook import UsageError

from .output import json_option, print_result, progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("microdata", type=_FILE)
@click.option("--plan", required=True, help="YAML file of tables, or FILE:NAME for one of its lists.")
@click.option("--hierarchies", type=_FOLDER, help="Folder of hierarchy files.")
@click.option(
    "--method",
    default="rounding",
    show_default=True,
    type=click.Choice(["rounding", "suppression", "cell-key"]),
)
@click.option("--threshold", default=5, show_default=True, type=click.IntRange(2))
@click.option("--previous", multiple=True, type=_FOLDER, help="Folder of an earlier output; may be repeated.")
@click.option(
    "--key-file", type=click.Path(dir_okay=False, path_type=Path), help="Secret key; made if missing."
)
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--evidence", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def protect(microdata: Path, plan: str, output: Path, evidence: Path, as_json: bool, **options: Any) -> None:
    """Protect tables made from a microdata file, all of them together.

    Example:  withheld protect cases.csv --plan tables.yml -o tables --evidence evidence.json
    """
    from anonymize.tables.files import ProtectRequest, protect_file

    file, _, name = plan.partition(":")
    if not Path(file).is_file():
        raise UsageError("the plan file does not exist", remedy="give --plan FILE or FILE:NAME")
    request = ProtectRequest(
        microdata=microdata,
        plan=Path(file),
        plan_name=name,
        hierarchies=options["hierarchies"],
        method=options["method"],
        threshold=options["threshold"],
        key=_key(options["key_file"]) if options["method"] != "suppression" else b"",
        previous=options["previous"],
    )
    with progress("protecting"):
        report = protect_file(request, output, evidence)
    tables, cells = len(report["tables"]), report["distinct_cells"]
    lines = [f"written: {tables} tables to {output}, {cells} different cells"]
    lines += [
        f"advice:  {one.get('table') or one['dimension']}: {one['warning']}; {one['advice']}"
        for one in report["plan_warnings"]
    ]
    print_result(report, lines, as_json=as_json)


def _key(path: Path | None) -> bytes:
    """Return the secret key of a file, made new where there is none; without a file, a key for one run."""
    if path is None:
        click.echo(
            "withheld: no --key-file: the next release of these tables would be rounded differently, and the "
            "mean of several releases undoes the rounding",
            err=True,
        )
        return secrets.token_bytes(32)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError) as error:
        raise UsageError("the key file holds no key", remedy="name a new file to make one") from error
