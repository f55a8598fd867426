"""`--help` and the errors of click in the language of the command line; click brings no translations."""

import copy
import inspect
import io
import re
from collections.abc import Iterable

import click

from .language import said

_EXTRA = re.compile(r"(?P<help>.*?)(?:^|  )\[(?P<extra>[^\[\]]*(?:\[[^\]]*\])?[^\[\]]*)\]", re.DOTALL)
_PLACEHOLDER = re.compile(r"[A-Z]{2,}(?: RANGE)?")


class TranslatedFormatter(click.HelpFormatter):
    """Writes help as click does, every text in the language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line on how a command is called."""
        super().write_usage(prog, _placeholders(args), said("Usage:") + " ")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(said(heading))

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        super().write_text(said_paragraphs(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options or commands and what they are for."""
        told = [(_placeholders(name), _said_cell(text)) for name, text in rows]
        super().write_dl(told, col_max, col_spacing)


class TranslatedContext(click.Context):
    """The context of a command that speaks another language."""

    formatter_class = TranslatedFormatter


def translated(command: click.Command) -> click.Command:
    """Return a copy of a command, and of the commands in it, whose help is in the language."""
    copied = copy.copy(command)
    copied.context_class = TranslatedContext
    copied.short_help = said_paragraphs(command.get_short_help_str(1000))
    if isinstance(command, click.Group) and isinstance(copied, click.Group):
        copied.commands = {name: translated(one) for name, one in command.commands.items()}
    return copied


def said_error(error: click.ClickException) -> str:
    """Return what click shows of an error, in the language."""
    shown = io.StringIO()
    error.show(shown)
    return "\n".join(said(line) for line in shown.getvalue().rstrip("\n").split("\n"))


def said_paragraphs(text: str) -> str:
    r"""Return a help text in the language: each paragraph as one line, those after \b line by line."""
    found = []
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        lines = paragraph.splitlines()
        if lines and lines[0].strip() == "\b":
            found.append("\n".join([lines[0], *map(said, lines[1:])]))
        else:
            found.append(said(" ".join(line.strip() for line in lines)))
    return "\n\n".join(found)


def _said_cell(text: str) -> str:
    """Return the help of an option, with what click adds in brackets: its default, that it is required."""
    parts = _EXTRA.fullmatch(text)
    if parts is None:
        return said(text)
    extra = "; ".join(said(one) for one in parts["extra"].split("; "))
    return f"{said(parts['help'])}  [{extra}]" if parts["help"] else f"[{extra}]"


def _placeholders(text: str) -> str:
    """Return names such as FILE and DIRECTORY in the language, where it has words for them."""
    return _PLACEHOLDER.sub(lambda word: said(word[0]), text)
