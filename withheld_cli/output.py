"""How commands speak: lines for people or one JSON object for machines, errors with what to do."""

import functools
import getpass
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from codebook.shell_words import typed

from .language import said

# The commands that work on a workspace, where a text names one to type.
_IN_WORKSPACE = (
    "ingest", "quarantine", "duplicates", "vanished", "status", "consent", "withdraw", "quote", "release",
    "verify", "vault", "evidence", "receipt",
)  # fmt: skip
_COMMAND = re.compile(rf"`(withheld (?:{'|'.join(_IN_WORKSPACE)})\b[^`\n]*)`")
Command = TypeVar("Command", bound=Callable[..., Any])


class Quoted(str):
    """A line that is somebody's own words: printed as it is in every language."""

    __slots__ = ()


class CommandGroup(click.Group):
    """A group of commands whose help tells each of them at full length."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, none cut off in the middle of what it does."""
        rows = [(name, one.get_short_help_str(1000)) for name, one in sorted(self.commands.items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def print_result(result: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    """Print the result of a command: the JSON object alone, or the lines for a person."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str))
    else:
        told = (line if isinstance(line, Quoted) else said(line) for line in lines)
        click.echo(in_workspace("\n".join(told), _named_workspace()))


def tell_error(reason: str, remedy: str) -> None:
    """Say on stderr what went wrong and what to do next."""
    warn(reason)
    if remedy:
        told = in_workspace(said(remedy), workspace_of(sys.argv[1:]))
        click.echo(f"  {said('what to do:')} {told}", err=True)


def warn(text: str) -> None:
    """Say something on stderr that is no part of the result."""
    click.echo(f"withheld: {in_workspace(said(text), workspace_of(sys.argv[1:]))}", err=True)


def ask_secretly(question: str) -> str:
    """Ask for a passphrase on the terminal; it is not shown."""
    return getpass.getpass(said(question))


def ask_yes(question: str) -> None:
    """Ask on stderr whether to go on; stop where the answer is not yes."""
    click.confirm(said(question), abort=True, err=True)


def in_workspace(text: str, directory: str) -> str:
    """Return a text whose commands can be copied: they name the workspace; empty: none to name."""
    if not directory:
        return text
    added = f" -w {typed(directory)}"
    return _COMMAND.sub(lambda found: f"`{found[1]}{'' if ' -w ' in found[1] else added}`", text)


def _named_workspace() -> str:
    context = click.get_current_context(silent=True)
    if context is None or context.get_parameter_source("directory") is not ParameterSource.COMMANDLINE:
        return ""
    return str(context.params["directory"])


def workspace_of(arguments: Sequence[str]) -> str:
    """Return the folder that the command line names with `-w`, as it was typed; empty where it names none."""
    for place, word in enumerate(arguments):
        if word in ("-w", "--workspace"):
            return arguments[place + 1] if place + 1 < len(arguments) else ""
        if word.startswith("--workspace="):
            return word.partition("=")[2]
    return ""


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")(
        command
    )


def workspace_options(command: Command) -> Command:
    """Add `-w/--workspace`, `--passphrase-file` and `--json`."""
    options = [
        click.option(
            "-w",
            "--workspace",
            "directory",
            type=click.Path(file_okay=False, path_type=Path),
            default=Path(),
            help="The workspace, which is the folder of a group; the current folder by default.",
        ),
        click.option(
            "--passphrase-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="A file with the passphrase; else WITHHELD_PASSPHRASE, else a prompt.",
        ),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), options, json_option(command))


def forbid_core_dumps() -> None:
    """Keep the memory of this process, which holds plain records, out of crash files and other programs."""
    from vault import guard_process

    guard_process()
