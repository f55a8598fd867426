"""Wrong usage in words: what click found, and what to type instead."""

import click

from .output import tell_error
from .translated_help import said_error

_LOOKED_FOR = "check the name; a name that does not begin with / is looked for in the current folder"


def tell_usage(error: click.ClickException) -> None:
    """Say on stderr what is wrong with the command line and what to do next."""
    context = getattr(error, "ctx", None)
    if context is None or type(error).__name__ == "NoArgsIsHelpError":
        click.echo(said_error(error), err=True)  # it is the help itself, or says all there is
        return
    click.echo(context.get_usage(), err=True)
    tell_error(error.format_message(), usage_remedy(error, context))


def usage_remedy(error: click.ClickException, context: click.Context) -> str:
    """Return what to do about a wrong command line.

    Args:
        context: Of the command that was being parsed.
    """
    command, name = context.command, context.command_path
    if context.parent is None:
        return f"`{name} --help` lists the commands"
    if isinstance(command, click.Group) and not isinstance(error, click.NoSuchOption):
        return f"its commands: {', '.join(command.list_commands(context))}"
    param = getattr(error, "param", None)
    is_file = isinstance(getattr(param, "type", None), click.Path)
    if is_file and not isinstance(error, click.MissingParameter):
        return _LOOKED_FOR
    return f"for example: {first_example(command)}; `{name} --help` tells all"


def first_example(command: click.Command) -> str:
    """Return the first example of a command's help; empty where it has none."""
    for line in (command.help or "").splitlines():
        if line.strip().startswith("Example:"):
            return line.strip().removeprefix("Example:").strip()
    return ""
