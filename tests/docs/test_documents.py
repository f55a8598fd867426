"""What the documents promise exists: commands, options, files; and the commands of the README run."""

import re
import shlex
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner

from reports.draw import MARKS
from tests.test_cli import command_of
from withheld import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "ingest/**/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_IN_TEXT = re.compile(r"(?<!`)`(withheld [^`\n]+)`(?!`)")
_SCRIPT = re.compile(r"(?:python|pytest) ((?:benchmarks|tests)/[\w/]+\.py)")
_SOURCE = re.compile(
    r"`((?:codebook|vault|ingest|anonymize|reports|withheld_cli|tests|benchmarks)/[\w/.-]+\.(?:py|yml|csv))`"
)
_FENCE = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands_in(path: Path) -> list[list[str]]:
    """Return the `withheld ...` lines of the code blocks of a document, as words."""
    lines = [
        line for block in _FENCE.findall(path.read_text(encoding="utf-8")) for line in block.splitlines()
    ]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    found = [line.strip().removeprefix("$ ") for line in joined]
    return [
        list(takewhile(lambda word: word != "|", shlex.split(line, comments=True)))
        for line in found
        if line.startswith("withheld ")
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_every_link_of_a_document_leads_somewhere(path):
    for target in _LINK.findall(path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_every_source_file_that_a_document_names_exists():
    named = {
        (path.name, place)
        for path in DOCUMENTS
        if path.name != "CHANGELOG.md"
        for place in _SOURCE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert [one for one in sorted(named) if not (ROOT / one[1]).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_every_command_and_option_that_a_document_shows_exists(path):
    for words in commands_in(path):
        name = words[1]
        assert name in COMMANDS, name
        below = list(takewhile(str.isalpha, words[2:4]))  # a command of a group, or of a group in a group
        asked = [[name, *below[:depth], "--help"] for depth in range(len(below) + 1)]
        text = "".join(CliRunner().invoke(cli, one).output for one in asked)
        for option in (word for word in words[2:] if word.startswith("-")):
            assert option.split("=")[0] in text, f"{name} {option}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_every_command_and_script_named_in_a_sentence_exists(path):
    text = path.read_text(encoding="utf-8")
    for told in _IN_TEXT.findall(text):
        name, *rest = told.split()[1:]
        assert name in (*COMMANDS, "help") or name.startswith(("-", "X", "COMMAND")), told
        if name in COMMANDS:
            below = list(takewhile(str.isalpha, rest[:2]))
            helps = [[name, *below[:depth], "--help"] for depth in range(len(below) + 1)]
            shown = "".join(CliRunner().invoke(cli, one).output for one in helps)
            for option in (word.split("=")[0] for word in rest if word.startswith("--")):
                assert option in shown, told
    for script in _SCRIPT.findall(text):
        assert (ROOT / script).exists(), script


def test_the_index_leads_to_every_page():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    pages = [page for page in pages if page.parts[0] != "decisions"]  # which are listed as a folder
    assert pages
    assert not [page for page in pages if page.name != "README.md" and f"]({page})" not in index]


def test_the_page_on_charts_names_every_mark():
    page = (ROOT / "docs" / "charts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    assert {mark for row in rows for mark in re.findall(r"\w+", row)} == set(MARKS)


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "pictures").glob("*")), ids=lambda path: path.name)
def test_a_picture_is_small_and_told_to_be_invented_wherever_it_is_shown(path):
    assert path.suffix == ".png"
    assert path.stat().st_size < 150_000
    shown = [
        alt
        for document in DOCUMENTS
        for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", document.read_text(encoding="utf-8"))
        if (document.parent / target).resolve() == path
    ]
    assert shown
    assert all(re.search("invented|вымышленн", alt) for alt in shown)


def test_the_readme_names_every_command_that_a_group_needs():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("init", "ingest", "status", "release", "serve", "risk", "anonymize", "protect", "audit"):
        assert f"withheld {name}" in text
        assert command_of(name).help


def test_the_design_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_changelog_has_a_privacy_heading_for_every_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert versions
    assert all("### Privacy" in version for version in versions)
