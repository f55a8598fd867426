"""`withheld completion`: the script by which a shell completes commands, options, files and releases."""

import click
from click.shell_completion import get_completion_class

from .output import json_option, print_result

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_WITHHELD_COMPLETE"


@click.command()
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(SHELLS))
@json_option
def completion(shell: str, as_json: bool) -> None:
    """Print the script that lets a shell complete commands, options, files and releases.

    \b
    bash:  withheld completion bash >> ~/.bashrc
    zsh:   withheld completion zsh >> ~/.zshrc
    fish:  withheld completion fish > ~/.config/fish/completions/withheld.fish

    Then open a new terminal. Nothing out of the vault is ever completed.

    Example:  withheld completion bash
    """
    found = get_completion_class(shell)
    if found is None:  # pragma: no cover (click knows all three)
        raise click.UsageError(f"click knows no completion for {shell}")
    whole = click.get_current_context().find_root().command
    maker = found(whole, {}, "withheld", VARIABLE)
    script = maker.source_template % maker.source_vars()
    print_result({"shell": shell, "script": script}, [script.strip()], as_json=as_json)
