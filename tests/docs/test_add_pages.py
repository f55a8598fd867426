"""What the pages for engineers tell to write is written, into a copy of the source, and does what they say.

Marks of a page, each before a block: `write FILE` (of the reader's folder), `module NAME` (appended to it),
`reader FORMAT ENDING` (a new module with its lines in the registry), `test` (run by pytest in the copy),
`chart NAME`, `table NAME`. A block of `$ withheld ...` lines is typed, and prints what follows.
"""

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from anonymize import build_release
from anonymize.audit import CHECKS, audit_release
from anonymize.policy import PlannedTable, require_policy
from codebook import Verdict
from codebook.settings import build_settings
from ingest import ingest_files, load_sources
from ingest.synthetic import synthesize
from reports.chart_styles import FontFaces
from reports.declarations import read_declaration
from reports.draw import Drawing, draw_chart
from reports.published import LANGUAGES, load_release
from reports.select import select_cells
from tests.anonymize.conftest import NOW, SETTINGS
from tests.anonymize.small_vault import POLICY
from tests.house import ROOT, STAGES
from tests.reports.fixture_release import build_release as fixture_release
from tests.vault_factory import PASSPHRASE, new_vault
from withheld import cli
from withheld_cli.workspace import create_workspace

_BLOCK = re.compile(r"(?:<!-- (?P<mark>\w+) ?(?P<words>[^>]*?) -->\n\n)?```\w*\n(?P<text>.*?)```", re.DOTALL)
_COMMAND = re.compile(r"\$ (withheld [^\n]*)\n((?:[^$\n][^\n]*\n)*)")
_COPIED = (*STAGES, "withheld_cli", "withheld.py", "tests", "pyproject.toml", "examples")


def blocks_of(page: str) -> list[tuple[str, str, str]]:
    """Return (mark, words, text) of the code blocks of a page, in their order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [(found["mark"] or "", found["words"] or "", found["text"]) for found in _BLOCK.finditer(text)]


def write_block(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_source_page_is_what_its_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITHHELD_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    create_workspace(Path("ours"), "Our group", PASSPHRASE, NOW)
    typed = 0
    for mark, words, text in blocks_of("add-a-source.md"):
        if mark == "write":
            write_block(tmp_path, words, text)
        for command, output in _COMMAND.findall("" if mark else text):
            typed += 1
            assert CliRunner().invoke(cli, shlex.split(command)[1:]).stdout == output, command
    assert typed == 3


def copy_of_the_source(folder: Path) -> Path:
    left_out = shutil.ignore_patterns("__pycache__")
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def add_reader(folder: Path, words: str, text: str) -> None:
    kind, ending = words.split()
    write_block(folder, f"ingest/readers/{kind}_file.py", text)
    registry = folder / "ingest" / "readers" / "registry.py"
    changed = registry.read_text(encoding="utf-8")
    for old, new in (
        ("from .passing import", f"from .{kind}_file import open_{kind}\nfrom .passing import"),
        ("READERS: dict[str, Reader] = {", f'READERS: dict[str, Reader] = {{"{kind}": open_{kind},'),
        ("ENDINGS: dict[str, str] = {", f'ENDINGS: dict[str, str] = {{"{ending}": "{kind}",'),
    ):
        assert old in changed
        changed = changed.replace(old, new)
    registry.write_text(changed, encoding="utf-8")


def test_the_tests_of_the_pages_pass_with_the_code_of_the_pages(tmp_path: Path) -> None:
    folder = copy_of_the_source(tmp_path)
    tests: dict[str, str] = {}
    for page in ("add-a-source.md", "add-a-measure.md", "add-a-rule.md"):
        for mark, words, text in blocks_of(page):
            if mark == "write":
                write_block(folder, words, text)
            elif mark == "module":
                module = folder / f"{words.replace('.', '/')}.py"
                module.write_text(module.read_text(encoding="utf-8") + "\n\n" + text, encoding="utf-8")
            elif mark == "reader":
                add_reader(folder, words, text)
            elif mark == "test":
                tests[page] = tests.get(page, "") + text + "\n\n"
    assert len(tests) == 3
    for page, text in tests.items():
        place = "tests/ingest" if page == "add-a-source.md" else "tests/pages"  # as the page says
        write_block(folder, f"{place}/test_{page[:-3].replace('-', '_')}.py", text)
    written = ["tests/ingest/test_add_a_source.py", "tests/pages"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *written]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert sum(text.count("\ndef test_") for text in tests.values()) == 7


def test_the_chart_of_the_page_is_drawn_in_both_languages(tmp_path: Path) -> None:
    ((name, text),) = [(words, text) for mark, words, text in blocks_of("add-a-chart.md") if mark == "chart"]
    write_block(tmp_path, f"{name}.yml", text)
    release = load_release(fixture_release(tmp_path / "release"))
    data = select_cells(release, read_declaration(tmp_path / f"{name}.yml"))
    for language in LANGUAGES:
        wide, narrow = draw_chart(Drawing(release, data, language), FontFaces([]), kinds=("svg",))
        assert data.title(language).split(":")[0] in wide.content.decode("utf-8")
        assert narrow.content


def test_the_table_of_the_page_is_published_and_not_broken(tmp_path: Path) -> None:
    ((name, text),) = [(words, text) for mark, words, text in blocks_of("add-a-chart.md") if mark == "table"]
    table: PlannedTable = build_settings(PlannedTable, yaml.safe_load(text)[name], "tables.yml")
    policy = replace(POLICY, tables={**POLICY.tables, name: table})
    require_policy(policy)
    synthesize(tmp_path / "files", incidents=120, seed=7, formats=("spreadsheet",))
    with new_vault(tmp_path) as vault:
        ingest_files(vault, [tmp_path / "files"], sources=load_sources(), now=NOW)
        build_release(vault, policy, SETTINGS, tmp_path)
    assert name in load_release(tmp_path).tables
    asked = ("schema", "codes", "crossings", "prints", "shared_cells", "additivity", "intervals")
    report = audit_release(tmp_path, checks={name: CHECKS[name] for name in asked})
    assert report.verdict is Verdict.PASS
