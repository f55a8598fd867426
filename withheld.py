"""The front door: the `withheld` command. It parses, calls a stage and prints; nothing is decided here.

Commands are imported when they are run, so that `--help` loads none of the stages.
"""

import importlib
import sys
from typing import Any

import click

from codebook.errors import UsageError, WithheldError
from withheld_cli.language import LANGUAGES, language, said, speak
from withheld_cli.version import __version__

# command -> module under withheld_cli, and the line that `withheld --help` shows
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Invent a group and do everything below with it, in a fresh folder."),
    "init": ("setup", "Make a workspace: settings, an encrypted vault, folders."),
    "template": ("setup", "Write a form (XLSForm) or a workbook to collect cases with."),
    "synthesize": ("setup", "Write invented case files in real formats, and truth.json."),
    "ingest": ("intake", "Read case files into the vault."),
    "quarantine": ("intake", "See, export, retry or discard the rows that could not be read."),
    "duplicates": ("duplicates", "See and decide pairs that may be one case."),
    "vanished": ("vanished", "See and answer the rows that a newer export lacks."),
    "status": ("people", "Count what the vault holds and what a release would count."),
    "consent": ("consent", "Record or count consent, and see what is due to expire."),
    "withdraw": ("people", "Erase a person and list the releases that counted her."),
    "quote": ("quote", "Propose a quotation without what identifies; confirm and export it."),
    "release": ("publish", "Build, protect, attack and publish a release."),
    "audit": ("publish", "Attack a release as its strongest reader would."),
    "serve": ("publish", "Show releases as a Datasette site on this machine."),
    "verify": ("verifying", "Check the vault, the custody log, receipts and releases."),
    "vault": ("vault", "Change its passphrase, let a trustee in, back it up, restore or upgrade it."),
    "evidence": ("proofs", "Register evidence files by hash, and check them."),
    "receipt": ("proofs", "See, export and check the signed receipts of ingested files."),
    "risk": ("engines", "Say how identifying the records of any file are."),
    "anonymize": ("engines", "Make the records of any file k-anonymous."),
    "protect": ("protecting", "Protect tables made from any microdata file."),
    "completion": ("completion", "Print the script that completes commands in your shell."),
}

# How `withheld --help` puts them: heading -> the first command below it, in the order of `COMMANDS`.
HEADINGS: dict[str, str] = {
    "Begin": "demo",
    "Cases into the vault": "ingest",
    "The people in it": "status",
    "Out of the vault": "release",
    "Keep and prove": "verify",
    "Any file, without a vault": "risk",
    "This machine": "completion",
}


def _no_command(typed: str) -> str:
    from difflib import get_close_matches

    likely = get_close_matches(typed, COMMANDS, n=2)
    meant = f" Did you mean {' or '.join(likely)}?" if likely else ""
    return f"there is no command {typed!r}.{meant}"


_WIDEST = max(map(len, COMMANDS))


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a case's way through the house."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"withheld_cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        if language() == "en":
            return command
        from withheld_cli.translated_help import translated

        return translated(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by heading, without importing them."""
        first = {name: heading for heading, name in HEADINGS.items()}
        sections: list[tuple[str, list[tuple[str, str]]]] = []
        for name, (_, line) in COMMANDS.items():
            if name in first:
                sections.append((first[name], []))
            sections[-1][1].append((f"{name:<{_WIDEST}}", line))
        for heading, rows in sections:
            with formatter.section(heading):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; `help` asks for the help of what stands after it."""
        if args[0] == "help":
            words = [word for word in args[1:] if not word.startswith("-")]
            args = [*words, "--help"]
            if not words:
                click.echo(ctx.get_help())
                ctx.exit()
        if not ctx.resilient_parsing and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(_no_command(args[0]), ctx)
        return super().resolve_command(ctx, args)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Settle the language before anything is said, also what `--help` and wrong usage say."""
        _speak_as_asked(args)
        if language() != "en":
            from withheld_cli.translated_help import TranslatedContext

            self.context_class = TranslatedContext
        else:
            self.context_class = click.Context
        return super().make_context(info_name, args, parent, **extra)


def _speak_as_asked(arguments: list[str]) -> None:
    """Read `--lang` where it stands before the command."""
    for place, one in enumerate(arguments):
        name, equals, value = one.partition("=")
        if name == "--lang":
            value = value if equals else "".join(arguments[place + 1 : place + 2])
            if value in LANGUAGES:
                speak(value)
            return
        if not one.startswith("-"):
            return


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help="Language of messages; else WITHHELD_LANG, else that of the system.",
)
@click.version_option(__version__, prog_name="withheld")
def cli() -> None:
    """Publish what happened without exposing whom it happened to.

    Everything private is in one encrypted file, the vault. Everything public is in one folder, a release.
    Between them stands one door, which refuses rather than leaks.

    \b
    Start with:  withheld demo demo
    Help:        withheld COMMAND --help
    """


def main() -> None:
    """Run the command line; end with 0 done, 1 refused or failed, 2 wrong usage."""
    try:
        _require_text(sys.argv[1:])
        code = cli.main(prog_name="withheld", standalone_mode=False)
        # click hands the code of `Exit` back instead of raising it, where it does not stand alone.
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort:
        click.echo(said("stopped; nothing half-done was kept"), err=True)
        sys.exit(1)
    except click.ClickException as error:
        from withheld_cli.usage_errors import tell_usage

        tell_usage(error)
        sys.exit(error.exit_code)
    except WithheldError as error:
        _tell(error.reason, error.remedy)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except Exception as error:  # noqa: BLE001 (the last guard: a traceback could quote a value of a record)
        from withheld_cli.machine_faults import named_machine_fault

        reason, remedy = named_machine_fault(error) or (
            f"a fault of the program ({_place_of(error)})",
            "report this line and the command; nothing was published",
        )
        _tell(reason, remedy)
        sys.exit(1)


def _tell(reason: str, remedy: str) -> None:
    from withheld_cli.output import tell_error

    tell_error(reason, remedy)


def _require_text(arguments: list[str]) -> None:
    """Stop on bytes that are no text: they could be neither stored nor printed."""
    if any("\ud800" <= sign <= "\udfff" for argument in arguments for sign in argument):
        raise UsageError(
            "an argument is not text in UTF-8", remedy="give the file another name, or type it again"
        )


def _place_of(error: BaseException) -> str:
    """Return the kind of a fault and the line of ours that it came from, without its message."""
    place, trace = "", error.__traceback__
    while trace:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.split(".")[0] in {"codebook", "vault", "ingest", "anonymize", "reports", "withheld_cli"}:
            place = f" at {name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"


if __name__ == "__main__":
    main()
