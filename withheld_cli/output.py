"""How commands speak: lines for people or one JSON object for machines, progress on a terminal only."""

import functools
import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from .language import said

Command = TypeVar("Command", bound=Callable[..., Any])


class Quoted(str):
    """A line that is somebody's own words: printed as it is in every language."""

    __slots__ = ()


def print_result(result: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    """Print the result of a command: the JSON object alone, or the lines for a person."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo("\n".join(line if isinstance(line, Quoted) else said(line) for line in lines))


def warn(text: str) -> None:
    """Say a line on stderr, in the language of the command line."""
    click.echo(f"withheld: {said(text)}", err=True)


def tell_refusal(reason: str, remedy: str) -> None:
    """Say on stderr why something was refused and what to do."""
    warn(reason)
    if remedy:
        click.echo(f"  {said('what to do:')} {said(remedy)}", err=True)


def ask_secretly(question: str) -> str:
    """Ask for a passphrase on the terminal; it is not shown."""
    return getpass.getpass(said(question))


def ask_yes(question: str) -> None:
    """Ask on stderr whether to go on; stop where the answer is not yes."""
    click.confirm(said(question), abort=True, err=True)


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
            help="The group's folder; the current one by default.",
        ),
        click.option(
            "--passphrase-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="A file with the passphrase; else WITHHELD_PASSPHRASE, else a prompt.",
        ),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), options, json_option(command))


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner with the current step on stderr, where that is a terminal; otherwise stay silent."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    told = said(title)
    with Console(stderr=True).status(told) as status:
        yield lambda step: status.update(f"{told}: {said(step)}")


def forbid_core_dumps() -> None:
    """Keep the memory of this process, which holds plain records, out of crash files and other programs."""
    from vault import guard_process

    guard_process()
