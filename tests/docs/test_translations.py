"""A Russian page holds every command, output and question of its English one, so that it cannot drift.

WITHHELD_WRITE_DOCS=1 python -m pytest tests/docs/test_translations.py     takes over the English outputs
"""

import os
import re

import pytest

from tests.shared_files import REPOSITORY

from .page import STEP

TRANSLATIONS = {
    "docs/ru/start.md": "README.md",
    "docs/ru/bring-your-data.md": "docs/bring-your-data.md",
    "docs/ru/cite-us.md": "docs/cite-us.md",
}
_COMMENT = re.compile(r"\s+# .*$", re.MULTILINE)  # of a command: said in the language of the page


def steps_of(text: str) -> list[str]:
    """Return what is run on a page, in order: commands, questions, hidden orders, with what they give."""
    return [found[0] for found in STEP.finditer(text)]


def in_any_language(step: str) -> str:
    """Return a step without the words that each language says in its own way."""
    return _COMMENT.sub("", step) if step.startswith("```sh") else step


def taken_over(mine: str, english: str) -> str:
    """Return the English step, or the own one where its comments are in the language of the page."""
    return mine if english.startswith("```sh") else english


@pytest.mark.parametrize("russian", list(TRANSLATIONS))
def test_a_russian_page_has_the_commands_and_outputs_of_the_english_one(russian: str) -> None:
    page = REPOSITORY / russian
    english = steps_of((REPOSITORY / TRANSLATIONS[russian]).read_text("utf-8"))
    mine = steps_of(page.read_text("utf-8"))
    if os.environ.get("WITHHELD_WRITE_DOCS") and len(mine) == len(english):
        fresh = iter(english)
        text = STEP.sub(lambda found: taken_over(found[0], next(fresh)), page.read_text("utf-8"))
        page.write_text(text, "utf-8")
        mine = steps_of(text)
    assert [in_any_language(step) for step in mine] == [in_any_language(step) for step in english]


@pytest.mark.parametrize("russian", list(TRANSLATIONS))
def test_a_russian_page_leads_to_the_english_one_and_has_its_sections(russian: str) -> None:
    page = REPOSITORY / russian
    text = page.read_text("utf-8")
    english = REPOSITORY / TRANSLATIONS[russian]
    assert f"]({os.path.relpath(english, page.parent)})" in text
    sections = re.findall(r"^## ", text, re.MULTILINE)
    if russian != "docs/ru/start.md":  # which leaves out what is about other tools and the code
        assert len(sections) == len(re.findall(r"^## ", english.read_text("utf-8"), re.MULTILINE))
