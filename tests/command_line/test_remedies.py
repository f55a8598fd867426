"""Every error that a user can meet says what to do next; no error of ours is raised without it."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import codebook.errors
from codebook.errors import WithheldError
from withheld import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    name
    for name, one in vars(codebook.errors).items()
    if inspect.isclass(one) and issubclass(one, WithheldError)
}
PLACES = ("withheld.py", "withheld_cli", "codebook", "vault", "ingest", "anonymize", "reports")


def files() -> list[Path]:
    found = [ROOT / place for place in PLACES]
    return [path for one in found for path in ([one] if one.is_file() else sorted(one.rglob("*.py")))]


@cache
def errors_made() -> tuple[tuple[str, ast.Call], ...]:
    """Return the place and the call of every error of our tree that the house makes."""
    return tuple(_errors_made())


def _errors_made() -> Iterator[tuple[str, ast.Call]]:
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                # `click.UsageError` is click's own, and answered by withheld_cli/usage_errors.py.
                is_clicks = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "click"
                if name in OURS and not is_clicks:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_there_are_errors_to_look_at():
    assert len(errors_made()) > 300


def test_no_error_of_ours_is_made_without_a_remedy():
    bare = []
    for place, call in errors_made():
        remedies = [keyword.value for keyword in call.keywords if keyword.arg == "remedy"]
        said = [one for one in remedies if not (isinstance(one, ast.Constant) and not one.value)]
        if not said:
            bare.append(place)
    assert bare == []


def test_a_remedy_cannot_be_left_out():
    with pytest.raises(TypeError, match="remedy"):
        WithheldError("something went wrong")  # type: ignore[call-arg]


def remedies() -> list[tuple[str, str]]:
    """Return place, text of every remedy as far as it is written down; `X` stands for what is filled in."""
    found = []
    for place, call in errors_made():
        for keyword in call.keywords:
            if keyword.arg == "remedy":
                text = ast.unparse(keyword.value) if not _is_text(keyword.value) else _text(keyword.value)
                found.append((place, text))
    return found


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in parts)


def test_every_command_that_a_remedy_names_exists():
    named = [
        (place, name) for place, text in remedies() for name in re.findall(r"`?withheld ([a-z]+)\b", text)
    ]
    assert len(named) > 20
    assert [one for one in named if one[1] not in COMMANDS] == []


def test_a_command_in_a_remedy_stands_in_backticks_so_that_the_workspace_can_be_added():
    loose = [
        place
        for place, text in remedies()
        if re.search(
            r"(?<![`\w])withheld (?:ingest|quarantine|quote|consent|status|vault|verify|release)\b", text
        )
    ]
    assert loose == []
