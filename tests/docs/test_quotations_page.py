"""The page "A quotation from a narrative": its commands are run on an invented case, outputs compared.

WITHHELD_WRITE_DOCS=1 python -m pytest tests/docs/test_quotations_page.py     writes the outputs into the page
"""

import os
import re
import shlex

from click.testing import CliRunner

from codebook import WithheldError
from tests.anonymize.small_vault import SmallVault
from tests.shared_files import REPOSITORY
from withheld import cli
from withheld_cli.workspace import load_workspace

PAGE = REPOSITORY / "docs" / "quotations.md"
BLOCK = re.compile(r"```\n\$ (withheld [^\n]*)\n(.*?)```", re.DOTALL)
NARRATIVE = (
    "Меня зовут Зарема, мне 19 лет, я из Гудермеса. 12 марта брат нашёл мою переписку. Дядя Салман забрал "
    "паспорт 82 15 № 123456 и телефон. Помогла Бирлант, она работает в школе № 4."
)


def said(command):
    """Return what a command prints, with a refusal as `withheld` prints it."""
    done = CliRunner().invoke(cli, shlex.split(command)[1:])
    if isinstance(done.exception, WithheldError):
        return f"withheld: {done.exception.reason}\n  what to do: {done.exception.remedy}\n"
    assert done.exit_code == 0, done.exception
    return done.output


def test_the_page_shows_what_its_commands_print(tmp_path, monkeypatch):
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "demo")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["init", "ourgroup", "--group", "Invented"]).exit_code == 0
    with load_workspace(tmp_path / "ourgroup").open_vault(None) as vault:
        small = SmallVault(vault)
        incident = small.case(external_id="K-17", settlement="Гудермес", narrative=NARRATIVE)
        small.person(incident, name="Зарема Хашиева", age=19, consent=None)
    page = PAGE.read_text("utf-8")
    first = re.search(r"^withheld consent set[^\n]*", page, re.MULTILINE)
    assert first
    assert "1 persons" in said(first[0])
    real = BLOCK.sub(lambda found: f"```\n$ {found[1]}\n{said(found[1])}```", page)
    if os.environ.get("WITHHELD_WRITE_DOCS"):
        PAGE.write_text(real, "utf-8")
    assert len(BLOCK.findall(page)) == 5
    assert PAGE.read_text("utf-8") == real
