"""What a shell is offered after an option or argument: only what is public, or on the command line itself.

Nothing is read out of the vault: who looks over a shoulder, or finds the history of a shell, would see it.
"""

import csv
import importlib.util
from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
ROLES = ("caseworker", "data officer", "coordinator", "lawyer", "editor")
LOSSES = ("granularity", "granularity_geometric", "entropy")


def releases(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the folders of releases below public/; else leave the folders on the way to the shell."""
    workspace = Path(ctx.params.get("directory") or Path())
    typed = Path(incomplete) if incomplete else workspace / "public"
    places = {typed, typed.parent, typed / "public"}
    found = sorted(
        {path.parent for place in places for path in place.glob("*/release.db") if _begins(path, incomplete)}
    )
    # Not both: the script of bash forgets what was offered where it is told to complete folders.
    return [CompletionItem(str(path)) for path in found] or [CompletionItem(incomplete, type="dir")]


def _begins(database: Path, incomplete: str) -> bool:
    return str(database.parent).startswith(incomplete)


def declarations(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the names of source declarations: the packaged ones and those of the workspace."""
    folders = [_package("ingest") / "sources", Path(ctx.params.get("directory") or Path()) / "sources"]
    names = {path.stem for folder in folders for path in folder.glob("*.yml")}
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]


def codes(code_list: str) -> Completer:
    """Return what completes the codes of one code list of the codebook."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        with (_package("codebook") / "codes" / f"{code_list}.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["code"], row["label_en"]) for row in csv.DictReader(file)]
        return [CompletionItem(code, help=label) for code, label in rows if code.startswith(incomplete)]

    return complete


def words(*known: str) -> Completer:
    """Return what completes one of a few words."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(word) for word in known if word.startswith(incomplete)]

    return complete


def _package(name: str) -> Path:
    """Return the folder of a stage without importing it: a shell waits for the answer."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else Path()
