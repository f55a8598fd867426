"""`withheld ingest FILE --suggest`: a draft declaration for an unknown file, for a person to confirm."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codebook import UsageError, load_codebook
from codebook.shell_words import typed
from codebook.whole_file import new_private_file

from .language import said_comments
from .output import print_result
from .workspace import Workspace


def suggest(paths: Sequence[Path], output: Path | None, workspace: Workspace, *, as_json: bool) -> None:
    """Write the draft for one file, or say by which declaration it is read; nothing is stored.

    Args:
        output: The draft; by default a new file of the workspace's `sources/`, named after the file.

    Raises:
        UsageError: Not one file, or the draft cannot be written there.
        SourceError: The file cannot be read.
    """
    from ingest import load_sources
    from ingest.suggest import Known, suggest_declaration

    if len(paths) != 1 or not paths[0].is_file():
        raise UsageError(
            "a draft is made of one file", remedy="name one file: `withheld ingest FILE --suggest`"
        )
    path = paths[0]
    target = output or workspace.sources / f"{_name(path)}.yml"
    if target.suffix not in (".yml", ".yaml"):
        raise UsageError("the draft must be a .yml file", remedy="name it so: -o sources/NAME.yml")
    sources = load_sources(*([workspace.sources] if workspace.sources.exists() else []))
    found = suggest_declaration(path, target.stem, sources=sources, book=load_codebook())
    if isinstance(found, Known):
        told = f"{path.name} is of a known kind: {found.source_name}"
        read = f": `withheld ingest {typed(path)}`"
        after = "; its declaration is a draft: confirm it" if found.draft else read
        print_result({"known": found.source_name, "draft": found.draft}, [told + after], as_json=as_json)
        return
    _write(target, said_comments(found.text))
    print_result(*_told(found, path, target), as_json=as_json)


def _told(found: Any, path: Path, target: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what is said of a draft that was written, for machines and for people."""
    result = {
        "known": None,
        "written": str(target),
        "rows": found.rows,
        "columns": {
            "sure": found.sure, "unsure": found.unsure, "unmapped": found.unmapped, "left_out": found.ignored,
        },
        "unsure_lines": found.questions,
        "notices": list(found.notices),
    }  # fmt: skip
    lines = [
        f"draft written: {target}",
        *(f"  {line}" for line in found.lines()),
        f"now: look at the lines marked unsure in {target}, remove its line `draft`, then "
        f"`withheld ingest {typed(path)}`",
    ]
    return result, lines


def _name(path: Path) -> str:
    return re.sub(r"[^\w-]+", "_", path.stem).strip("_").lower()[:60] or "source"


def _write(target: Path, text: str) -> None:
    try:
        with new_private_file(target) as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            f"{target.name} is there already", remedy="finish or delete it, or name another file with -o"
        ) from None
    except OSError as error:
        raise UsageError(
            "the draft cannot be written there",
            remedy="name a new file in a folder that you can write, with -o",
        ) from error
