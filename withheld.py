"""The front door: the `withheld` command. It parses, calls a stage and prints; nothing is decided here.

Commands are imported when they are run, so that `--help` loads none of the stages.
"""

import importlib
import sys
from typing import Any

import click

from codebook.errors import UsageError, WithheldError
from withheld_cli.language import LANGUAGES, language, said, speak
from withheld_cli.output import tell_refusal

__version__ = "0.1.0"

# command -> module under withheld_cli, and the line that `withheld --help` shows
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Generate a group and do everything below with it, in a fresh folder."),
    "init": ("setup", "Make a workspace: settings, an encrypted vault, folders."),
    "template": ("setup", "Write a form (XLSForm) or a workbook to collect cases with."),
    "synthesize": ("setup", "Write generated case files in real formats, and truth.json."),
    "ingest": ("intake", "Read case files into the vault."),
    "quarantine": ("intake", "See, export or retry the rows that could not be read."),
    "duplicates": ("duplicates", "See and decide pairs that may be one case."),
    "vanished": ("vanished", "See and answer the rows that a newer export lacks."),
    "status": ("people", "Count what the vault holds; counts only."),
    "consent": ("consent", "Record or count consent, and see what is due to expire."),
    "withdraw": ("people", "Erase a person and list the releases that counted her."),
    "quote": ("quote", "Propose a quotation without what identifies; confirm and export it."),
    "release": ("publish", "Build, protect, attack and publish a release."),
    "audit": ("publish", "Attack a release as its strongest reader would."),
    "serve": ("publish", "Show a release as a Datasette site."),
    "verify": ("verifying", "Check the vault, the custody chain, receipts and releases."),
    "vault": ("vault", "Change its passphrase, let a trustee in, back it up, restore it."),
    "evidence": ("proofs", "Register evidence files by hash, and check them."),
    "receipt": ("proofs", "See, export and check the signed receipts of ingested files."),
    "risk": ("engines", "Say how identifying the records of any file are."),
    "anonymize": ("engines", "Make the records of any file k-anonymous."),
    "protect": ("protecting", "Protect tables made from any microdata file."),
}


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
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])

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

    Start with:  withheld demo demo
    """


def main() -> None:
    """Run the command line; end with 0 done, 1 refused or failed, 2 wrong usage."""
    try:
        _require_text(sys.argv[1:])
        code = cli.main(standalone_mode=False)
        # click hands the code of `Exit` back instead of raising it, where it does not stand alone.
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort:
        click.echo(said("stopped; nothing half-done was kept"), err=True)
        sys.exit(1)
    except click.ClickException as error:
        _show(error)
        sys.exit(error.exit_code)
    except WithheldError as error:
        tell_refusal(error.reason, error.remedy)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except Exception as error:  # noqa: BLE001 (the last guard: a traceback could quote a value of a record)
        from withheld_cli.machine_faults import named_machine_fault

        reason, remedy = named_machine_fault(error) or (
            f"a fault of the program ({_place_of(error)})",
            "report this line and the command; nothing was published",
        )
        tell_refusal(reason, remedy)
        sys.exit(1)


def _show(error: click.ClickException) -> None:
    if language() == "en":
        error.show()
        return
    from withheld_cli.translated_help import said_error

    click.echo(said_error(error), err=True)


def _require_text(arguments: list[str]) -> None:
    """Stop on bytes that are no text: they could be neither stored nor printed."""
    if any("\ud800" <= sign <= "\udfff" for argument in arguments for sign in argument):
        raise click.UsageError(
            "an argument is not text in UTF-8; give the file another name, or type it again"
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
