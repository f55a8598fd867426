"""`withheld protect`: tables made from any microdata file, protected together."""

import secrets
from pathlib import Path
from typing import Any

import click

from codebook import UsageError
from codebook.small_file import read_small_file
from codebook.whole_file import new_private_file

from .language import said
from .output import json_option, print_result, warn
from .progress import progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("microdata", metavar="MICRODATA.csv", type=_FILE)
@click.option("--plan", required=True, help="YAML file of tables, or FILE:NAME for one of its lists.")
@click.option("--hierarchies", type=_FOLDER, help="Folder of hierarchy files (value;level 1;...;*).")
@click.option(
    "--method",
    default="rounding",
    show_default=True,
    type=click.Choice(["rounding", "suppression", "cell-key"]),
    help="How the tables are protected; see above.",
)
@click.option(
    "--threshold",
    default=5,
    show_default=True,
    type=click.IntRange(2),
    help="Counts of fewer rows than this are protected.",
)
@click.option(
    "--threshold-sensitive",
    default=10,
    show_default=True,
    type=click.IntRange(2),
    help="The same, for categories that the plan calls sensitive.",
)
@click.option(
    "--zeros",
    default="sensitive",
    show_default=True,
    type=click.Choice(["published", "sensitive", "protected"]),
    help="With suppression: which zeros are withheld: none, those of sensitive categories, or all.",
)
@click.option(
    "--deviation", type=click.IntRange(2), help="With cell keys: no count is moved further than this."
)
@click.option(
    "--variance", type=click.FloatRange(0, min_open=True), help="With cell keys: variance of the moves."
)
@click.option("--previous", multiple=True, type=_FOLDER, help="Folder of an earlier output; may be repeated.")
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the secret key of the rounding; made if missing; keep it for the next release.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write the tables to, one CSV each.",
)
@click.option(
    "--evidence",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The JSON file to write what was done to: counts only.",
)
@json_option
def protect(microdata: Path, plan: str, output: Path, evidence: Path, as_json: bool, **options: Any) -> None:
    """Protect tables made from a microdata file, all of them together.

    \b
    The file has one row a case; person_id, household_id and incident_id are counted where present.
    The plan is a YAML file:
      tables: [{time: quarter, type: type}, {place: district}]
      sensitive: {type: [rape, torture]}      (optional: the higher threshold)
      unknown: {age: [unknown]}               (optional: masked once)
      structural_zeros: [{age: minor, relationship: spouse}]   (optional: cannot be)

    \b
    Methods:
      rounding     everything adds up, nothing is hidden; for releases that others follow
      suppression  exact numbers, small ones withheld; for one report only
      cell-key     flexible tables; the same records always print alike; does not add up

    Example:  withheld protect cases.csv --plan tables.yml --key-file key -o tables --evidence evidence.json
    """
    from anonymize.tables.files import ProtectRequest, protect_file

    file, _, name = plan.partition(":")
    if not Path(file).is_file():
        raise UsageError(
            "the plan file does not exist", remedy="check the name in --plan FILE or --plan FILE:NAME"
        )
    request = ProtectRequest(
        microdata=microdata,
        plan=Path(file),
        plan_name=name,
        hierarchies=options["hierarchies"],
        method=options["method"],
        threshold=options["threshold"],
        threshold_sensitive=options["threshold_sensitive"],
        key=_key(options["key_file"], options["method"]),
        deviation=options["deviation"] or 0,
        variance=options["variance"] or 0.0,
        zeros=options["zeros"],
        previous=options["previous"],
    )
    with progress("protecting"):
        report = protect_file(request, output, evidence)
    print_result(report, _lines(report, output, evidence), as_json=as_json)


def _lines(report: dict[str, Any], output: Path, evidence: Path) -> list[str]:
    tables, cells = len(report["tables"]), report["distinct_cells"]
    lines = [f"written: {tables} tables to {output}, {cells} different cells; evidence: {evidence}"]
    lines.append(f"method:  {report['method']}, threshold {report['threshold']}{_parameters(report)}")
    lines += [f"  {one['name']}: {said(_cost(one))}" for one in report["tables"]]
    if by_rule := {name: n for name, n in report.get("withheld_by_rule", {}).items() if n}:
        lines.append("rules:   " + ", ".join(f"{name} {count}" for name, count in by_rule.items()))
    if "printed_before" in report:
        lines.append(
            f"earlier: {report['printed_alike']} of {report['printed_before']} cells print as before"
        )
    lines += [
        f"advice:  {one.get('table') or one['dimension']}: {one['warning']}; {one['advice']}"
        for one in report["plan_warnings"]
    ]
    if "weakness" in report:
        lines.append(f"weakness: {report['weakness']}")
    return lines


def _parameters(report: dict[str, Any]) -> str:
    names = {
        "threshold_sensitive": "sensitive",
        "base": "base",
        "base_sensitive": "sensitive base",
        "deviation": "deviation",
        "variance": "variance",
    }
    return "".join(f", {said(label)} {report[name]}" for name, label in names.items() if name in report)


def _cost(table: dict[str, Any]) -> str:
    """Return what protecting a table cost, in words."""
    cells = f"{table['cells']} cells"
    if table["max_error"]:
        mean = "" if table["mean_error"] is None else f", {table['mean_error']} on average"
        cells += f", none off by more than {table['max_error']}{mean}"
    withheld = table["withheld_cells"]
    count = table["withheld_count_share"]
    parts = f"{table['withheld_cells_share']:.0%} of the cells"
    parts += "" if count is None else f", {count:.0%} of the count"
    return f"{cells}; {withheld} withheld ({parts})" if withheld else cells


def _key(path: Path | None, method: str) -> bytes:
    """Return the secret key of a file, made new where there is none; without a file, a key for one run.

    Suppression needs none, and cell keys are refused one that is not kept.
    """
    if method == "suppression" or (method == "cell-key" and path is None):
        return b""
    if path is None:
        warn(
            "no --key-file: the next release of these tables would be rounded differently, and the "
            "mean of several releases undoes the rounding"
        )
        return secrets.token_bytes(32)
    if not path.exists():
        warn(f"a new key was made: {path.name}; keep it, and keep it secret")
        with new_private_file(path) as file:
            file.write(secrets.token_hex(32) + "\n")
    try:
        return bytes.fromhex(read_small_file(path).decode("ascii").strip())
    except (ValueError, OSError) as error:
        raise UsageError(
            "the key file holds no key",
            remedy="name the file of the earlier run; or a file that is not there, and a new key is made",
        ) from error
