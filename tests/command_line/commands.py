"""Every command and sub-command of the command line, for the tests that go over all of them."""

import importlib
from collections.abc import Iterator

import click

from withheld import COMMANDS, cli

Path = tuple[str, ...]  # ("vault", "trustee", "add")
_WIDTH = 110


def command_of(name: str) -> click.Command:
    """Return a command of the first level."""
    module = importlib.import_module(f"withheld_cli.{COMMANDS[name][0]}")
    command: click.Command = getattr(module, name)
    return command


def all_commands() -> dict[Path, click.Command]:
    """Return the words of each command and sub-command -> the command; groups are there too."""
    return {words: command for name in COMMANDS for words, command in _below((name,), command_of(name))}


def _below(words: Path, command: click.Command) -> Iterator[tuple[Path, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        for name, inside in sorted(command.commands.items()):
            yield from _below((*words, name), inside)


def help_of(words: Path) -> str:
    """Return what `withheld WORDS --help` prints, on a wide terminal."""
    context = click.Context(cli, info_name="withheld", terminal_width=_WIDTH)
    command: click.Command = cli
    for number, word in enumerate(words):
        command = all_commands()[words[: number + 1]]
        context = click.Context(command, info_name=word, parent=context, terminal_width=_WIDTH)
    return command.get_help(context)
