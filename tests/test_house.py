"""The house stays in order: nothing imports in a circle, files and functions are short, or say why not."""

import ast
import re
from pathlib import Path

import pytest

from .house import ROOT, STAGES, circles, imports, modules, read_module

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LONG_FUNCTIONS = dict(re.findall(r"^\| `([\w/]+\.py: [\w.]+)` \| (.+) \|$", PAGE, re.MULTILINE))
MOST_LINES, MOST_LINES_OUTSIDE, MOST_LINES_OF_A_FUNCTION = 300, 350, 40
OUTSIDE = sorted(
    path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py") if path.is_file()
)


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(paths: list[Path]) -> set[str]:
    return {
        f"{module.path}: {function.name}"
        for module in map(read_module, paths)
        for function in module.functions
        if function.lines > MOST_LINES_OF_A_FUNCTION
    }


def test_no_module_imports_itself_through_others():
    assert circles(imports()) == []


def test_nothing_below_imports_the_front_door():
    for name, others in imports().items():
        assert "withheld" not in others, name
        if name.split(".")[0] in STAGES:
            assert not any(other.startswith("withheld_cli") for other in others), name


def test_files_are_short():
    assert [one.path for one in modules().values() if one.lines > MOST_LINES] == []
    assert [path.name for path in OUTSIDE if lines_of(path) > MOST_LINES_OUTSIDE] == []


def test_functions_are_short_or_the_page_says_why_not():
    paths = [ROOT / module.path for module in modules().values()]
    paths += [path for path in OUTSIDE if path.is_relative_to(ROOT / "benchmarks")]
    assert long_functions(paths) == set(LONG_FUNCTIONS)
    assert all(len(reason) > 20 for reason in LONG_FUNCTIONS.values())


@pytest.mark.parametrize("name", sorted(name for name, one in modules().items() if one.is_window))
def test_a_front_window_shows_what_it_takes_from_its_folder_and_nothing_else(name: str) -> None:
    tree = modules()[name].tree
    taken = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    told = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    assert taken == set(told[0] if told else ()), name
