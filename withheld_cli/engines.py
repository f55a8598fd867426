"""`withheld risk`, `anonymize`, `protect`: the two engines of a release, on any file."""

import secrets
from pathlib import Path
from typing import Any

import click

from codebook import UsageError, Verdict

from .output import json_option, print_result, progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


@click.command()
@click.argument("file", type=_FILE)
@click.option("--quasi", help="Columns that others may know, with commas between.")
@click.option("--sensitive", help="Columns that must not be learnt.")
@click.option("--cluster", help="Column of households or incidents; k counts its values too.")
@click.option("--hierarchies", type=_FOLDER, help="Folder of hierarchy files.")
@click.option(
    "-k", "k", default=5, show_default=True, type=click.IntRange(2), help="Smallest class that passes."
)
@click.option("--separator", help="Of a CSV file, where it cannot be told.")
@click.option("--encoding", help="Of a CSV file; UTF-8 where not named.")
@click.option("--table", help="Sheet or SQLite table.")
@json_option
def risk(file: Path, quasi: str | None, sensitive: str | None, as_json: bool, **options: Any) -> None:
    """Say how identifying the records of a file are; exit 1 where they are.

    Example:  withheld risk survey.csv --quasi age,sex,region --sensitive diagnosis
    """
    from anonymize.records import ReadOptions, risk_of_file

    with progress("measuring"):
        report = risk_of_file(
            file,
            _names(quasi),
            sensitive=_names(sensitive),
            cluster=options["cluster"],
            hierarchies=options["hierarchies"],
            k=options["k"],
            read=ReadOptions(options["separator"], options["encoding"], options["table"]),
        )
    print_result(report.evidence, risk_lines(report), as_json=as_json)
    if report.verdict is Verdict.FAIL:
        raise click.exceptions.Exit(1)


def risk_lines(report: Any) -> list[str]:
    """Return what a person is told of a file's risk; names of columns and counts only."""
    measures, risk_before = report.measures, report.measures.risk
    lines = [
        f"verdict:       {report.verdict.name}",
        *(f"               {reason}" for reason in report.reasons),
        f"records:       {measures.n_records} in {measures.n_classes} classes "
        f"by {', '.join(report.quasi_identifiers)}",
        f"smallest:      {measures.smallest_class} records"
        + (
            f", {measures.smallest_class_clusters} clusters"
            if measures.smallest_class_clusters is not None
            else ""
        ),
        f"unique:        {risk_before.unique_share:.1%} of the records are alone in their class",
        f"highest risk:  {risk_before.highest:.1%}; average {risk_before.average:.1%}; "
        f"{risk_before.share_above_threshold:.1%} of the records above 20%",
    ]
    for one in report.evidence["special_uniques"][:5]:
        lines.append(f"singled out:   {one['records']} records by {' + '.join(one['columns'])} alone")
    named = [hint for hint in report.hints if hint.looks != "other"]
    lines += [f"looks {hint.looks}:  {hint.column} ({hint.why})" for hint in named]
    return lines


@click.command()
@click.argument("file", type=_FILE)
@click.option("--hierarchies", required=True, type=_FOLDER, help="One CSV per column: value;level 1;...;*")
@click.option("-k", "k", default=5, show_default=True, type=click.IntRange(1), help="Records in every class.")
@click.option(
    "--suppress", default=0.0, show_default=True, type=click.FloatRange(0, 1), help="Share left out."
)
@click.option("--loss", default="granularity", show_default=True, help="What is kept as small as possible.")
@click.option("--method", default="optimal", show_default=True, type=click.Choice(["optimal", "local"]))
@click.option("--quasi", help="Columns that others may know; all with a hierarchy where not named.")
@click.option("--sensitive", help="Columns that must not be learnt.")
@click.option("-l", "l", type=click.IntRange(1), help="Different sensitive values in every class.")
@click.option("-t", "t", type=click.FloatRange(0, 1), help="Distance of a class from the whole file.")
@click.option(
    "--t-distance", default="equal", show_default=True, type=click.Choice(["equal", "hierarchical"])
)
@click.option("--cluster", help="Column of households or incidents; k counts its values too.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--evidence", type=click.Path(dir_okay=False, path_type=Path), help="JSON with what was done.")
@click.option("--separator", help="Of a CSV file, where it cannot be told.")
@click.option("--encoding", help="Of a CSV file; UTF-8 where not named.")
@click.option("--table", help="Sheet or SQLite table.")
@json_option
def anonymize(file: Path, output: Path, as_json: bool, **options: Any) -> None:
    """Make the records of a file k-anonymous at the least loss; unknown columns are dropped.

    Example:  withheld anonymize survey.csv --hierarchies ladders -k 5 --suppress 0.05 -o out.csv
    """
    from anonymize.records import ReadOptions, RecordsModel, anonymize_file

    model = RecordsModel(
        k=options["k"],
        max_suppressed_share=options["suppress"],
        loss=options["loss"],
        method=options["method"],
        sensitive=_names(options["sensitive"]),
        l=options["l"],
        t=options["t"],
        t_distance=options["t_distance"],
        cluster=options["cluster"],
    )
    with progress("searching"):
        evidence = anonymize_file(
            file,
            output,
            hierarchies=options["hierarchies"],
            model=model,
            quasi_identifiers=_names(options["quasi"]),
            evidence=options["evidence"],
            read=ReadOptions(options["separator"], options["encoding"], options["table"]),
        )
    levels = evidence["levels"] or {}
    after = evidence["risk"]["after"]
    lines = [
        f"written:     {output}",
        f"records:     {evidence['rows']}, {evidence['suppressed']} left out",
        f"classes:     {evidence['classes']}, the smallest {evidence['smallest_class']}",
        f"loss:        {evidence['loss']['name']} {evidence['loss']['value']:.6f}",
        f"levels:      {_levels(levels)}",
        f"risk:        highest {after['highest']:.1%}, average {after['average']:.1%}",
    ]
    if evidence["dropped_columns"]:
        lines.append(f"dropped:     {', '.join(evidence['dropped_columns'])}")
    print_result(evidence, lines, as_json=as_json)


def _levels(levels: dict[str, int]) -> str:
    return ", ".join(f"{name} {level}" for name, level in levels.items()) or "each class its own"


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
        key=_key(options["key_file"]),
        previous=options["previous"],
    )
    with progress("protecting"):
        report = protect_file(request, output, evidence)
    tables, cells = len(report["tables"]), report["distinct_cells"]
    lines = [f"written: {tables} tables to {output}, {cells} different cells"]
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
