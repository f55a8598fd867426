"""`withheld risk` and `anonymize`: the engine of records, on any file."""

import functools
from pathlib import Path
from typing import Any

import click

from codebook import Verdict

from .completers import LOSSES, words
from .output import json_option, print_result
from .progress import progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_LADDERS = click.Path(exists=True, path_type=Path)
_LADDERS_HELP = "Folder of hierarchy files (value;level 1;...;*), or a YAML file with one rule per column."


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


_SetColumn = tuple[str, str, bool]  # column, separator, whether to split into flags


def _separated(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[_SetColumn, ...]:
    """Return column, separator and whether to split into flags, of COLUMN:SEPARATOR[:flags]."""
    found = []
    for value in values:
        text = value.removesuffix(":flags")
        separator = ":" if text.endswith("::") else text.rpartition(":")[2]
        name = text[: -len(separator) - 1]
        if not name or not separator:
            raise click.BadParameter("write COLUMN:SEPARATOR or COLUMN:SEPARATOR:flags, such as acts:;")
        found.append((name, separator, text != value))
    return tuple(found)


_READ_OPTIONS = [
    click.option("--separator", help="Separator of a CSV file, where it cannot be told from the file."),
    click.option("--encoding", help="Encoding of a CSV file; UTF-8 where not named."),
    click.option("--table", help="Sheet of a workbook, or table of an SQLite file, where there are several."),
    click.option(
        "--missing",
        default="own-value",
        show_default=True,
        type=click.Choice(["own-value", "wildcard"]),
        help="What an empty cell is: a value like others, or any value.",
    ),
    click.option(
        "--set-valued",
        multiple=True,
        callback=_separated,
        metavar="COLUMN:SEP[:flags]",
        help="Column of several items; with :flags it becomes one yes/no column an item.",
    ),
    click.option(
        "--set-size",
        default=2,
        show_default=True,
        type=click.IntRange(0),
        help="Items of set-valued columns that others may know; 0: all of them.",
    ),
    click.option(
        "--budget",
        type=click.FloatRange(0),
        metavar="SECONDS",
        help="Stop the search after this time and report the proven gap.",
    ),
    json_option,
]


def _file_options(command: Any) -> Any:
    """Add what both commands ask about a file and its cells."""
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_READ_OPTIONS), command)


def _cells(options: dict[str, Any]) -> tuple[Any, tuple[tuple[str, str], ...]]:
    """Return the rules for cells, and the columns to split into flags."""
    from anonymize.records import CellRules

    sets = options["set_valued"]
    cells = CellRules(
        missing=options["missing"].replace("-", " "),
        set_valued=tuple((name, separator) for name, separator, flags in sets if not flags),
        set_size=options["set_size"],
    )
    return cells, tuple((name, separator) for name, separator, flags in sets if flags)


def _population(ctx: click.Context, param: click.Parameter, value: str | None) -> int | Path | None:
    if value is None or value.isdigit():
        return None if value is None else int(value)
    if not Path(value).is_file():
        raise click.BadParameter("neither a number of persons nor a file")
    return Path(value)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--quasi", help="Columns that others may know, with commas between.")
@click.option("--sensitive", help="Columns that must not be learnt.")
@click.option("--cluster", help="Column of households or incidents; k counts its values too.")
@click.option("--hierarchies", type=_LADDERS, help=_LADDERS_HELP)
@click.option(
    "-k", "k", default=5, show_default=True, type=click.IntRange(2), help="Smallest class that passes."
)
@click.option(
    "--suppress",
    default=0.05,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Largest share of records left out by the recoding that shows what k costs.",
)
@click.option(
    "--loss",
    shell_complete=words(*LOSSES),
    default="granularity",
    show_default=True,
    help="What that recoding keeps small: granularity, granularity_geometric or entropy.",
)
@click.option(
    "--population",
    callback=_population,
    metavar="N|FILE",
    help="Persons that the file was drawn from: their number, or a file with the same columns.",
)
@click.option(
    "--chart",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.svg|png",
    help="Draw the trade-off over k into this file.",
)
@_file_options
def risk(file: Path, quasi: str | None, sensitive: str | None, as_json: bool, **options: Any) -> None:
    """Say how identifying the records of a file are; exit 1 where they are.

    With --hierarchies also what recoding to k would leave, and what each level costs.

    Example:  withheld risk survey.csv --quasi age,sex,region --sensitive diagnosis
    """
    from anonymize.records import ReadOptions, RiskOptions, risk_of_file

    from .risk_text import risk_lines

    cells, flags = _cells(options)
    with progress("measuring"):
        report = risk_of_file(
            file,
            _names(quasi),
            sensitive=_names(sensitive),
            cluster=options["cluster"],
            hierarchies=options["hierarchies"],
            k=options["k"],
            read=ReadOptions(options["separator"], options["encoding"], options["table"]),
            options=RiskOptions(
                cells=cells,
                flags=flags,
                population=options["population"],
                max_suppressed_share=options["suppress"],
                loss=options["loss"],
                budget_seconds=options["budget"],
                chart=options["chart"],
            ),
        )
    print_result(report.evidence, risk_lines(report.evidence, options["chart"]), as_json=as_json)
    if report.verdict is Verdict.FAIL:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--hierarchies", required=True, type=_LADDERS, help=_LADDERS_HELP)
@click.option(
    "-k",
    "k",
    default=5,
    show_default=True,
    type=click.IntRange(1),
    help="Least number of records in every class.",
)
@click.option(
    "--suppress",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Largest share of records that may be left out.",
)
@click.option(
    "--loss",
    shell_complete=words(*LOSSES),
    default="granularity",
    show_default=True,
    help="What is kept small: granularity, granularity_geometric or entropy.",
)
@click.option(
    "--method",
    default="optimal",
    show_default=True,
    type=click.Choice(["optimal", "local"]),
    help="One level for each column (optimal), or the level that each class needs (local).",
)
@click.option("--quasi", help="Columns that others may know; all with a hierarchy where not named.")
@click.option("--sensitive", help="Columns that must not be learnt.")
@click.option(
    "-l", "l", type=click.IntRange(1), help="Least number of different sensitive values in every class."
)
@click.option(
    "--entropy-l", type=click.FloatRange(1), help="The same as -l, as an effective number (entropy)."
)
@click.option(
    "--recursive",
    nargs=2,
    type=(float, int),
    metavar="C L",
    help="Commonest sensitive value rarer than C times the L-th and all rarer ones.",
)
@click.option(
    "-t",
    "t",
    type=click.FloatRange(0, 1),
    help="Largest distance of the sensitive values of a class from those of the whole file.",
)
@click.option(
    "--t-distance",
    default="equal",
    show_default=True,
    type=click.Choice(["equal", "hierarchical"]),
    help="How far apart two sensitive values are: all alike, or by their hierarchy.",
)
@click.option("--cluster", help="Column of households or incidents; k counts its values too.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The CSV file to write the records to.",
)
@click.option(
    "--evidence",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The JSON file to write what was done to: counts only.",
)
@click.option("--explain", is_flag=True, help="Also tell what every other level would cost.")
@_file_options
def anonymize(file: Path, output: Path, as_json: bool, **options: Any) -> None:
    """Make the records of a file k-anonymous at the least loss; unknown columns are dropped.

    Example:  withheld anonymize survey.csv --hierarchies ladders -k 5 --suppress 0.05 -o out.csv
    """
    from anonymize.records import ReadOptions, RunOptions, anonymize_file

    from .risk_text import recoding_lines

    cells, flags = _cells(options)
    with progress("searching"):
        evidence = anonymize_file(
            file,
            output,
            hierarchies=options["hierarchies"],
            model=_model(options, cells),
            quasi_identifiers=_names(options["quasi"]),
            evidence=options["evidence"],
            read=ReadOptions(options["separator"], options["encoding"], options["table"]),
            run=RunOptions(budget_seconds=options["budget"], flags=flags, explain=options["explain"]),
        )
    print_result(evidence, recoding_lines(evidence, output), as_json=as_json)


def _model(options: dict[str, Any], cells: Any) -> Any:
    """Return what every class must satisfy."""
    from anonymize.records import RecordsModel

    return RecordsModel(
        k=options["k"],
        max_suppressed_share=options["suppress"],
        loss=options["loss"],
        method=options["method"],
        sensitive=_names(options["sensitive"]),
        l=options["l"],
        entropy_l=options["entropy_l"],
        recursive=options["recursive"],
        t=options["t"],
        t_distance=options["t_distance"],
        cluster=options["cluster"],
        cells=cells,
    )
