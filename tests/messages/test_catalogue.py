"""Every message of the program is in every language, and nothing that is there is left over."""

import re

import pytest
import yaml

from codebook import load_codebook
from tests.shared_files import REPOSITORY
from withheld_cli.language import LANGUAGES, PLURALS
from withheld_cli.translation import MESSAGES, load_messages

from .collect import collected, words
from .told import ALL, TOLD

OTHERS = [one for one in LANGUAGES if one != "en"]
HOLE = re.compile(r"\{(\d+)[^{}]*\}")
FORMS = re.compile(r"\{\d+:([^{}]*)\}")
NO_SOURCE = ("click.yml", "codes.yml", "shapes.yml")  # of click, of the codebook, put together at run time


@pytest.fixture(params=OTHERS)
def language(request):
    return request.param


def messages(language, *names):
    """Return the catalogue of a language, or only some of its files."""
    if not names:
        return load_messages([MESSAGES / language])
    files = [MESSAGES / language / name for name in names]
    return {text: said for file in files for text, said in read(file).items()}


def read(file):
    return yaml.safe_load(file.read_text("utf-8"))


def test_a_language_has_a_folder_and_a_rule_for_its_plurals():
    folders = {path.name for path in MESSAGES.iterdir() if path.is_dir()}
    assert folders == set(OTHERS) == set(PLURALS)


def test_the_places_that_make_texts_are_there():
    for path, names in TOLD.items():
        assert (REPOSITORY / path).exists(), path
        text = "" if path.endswith("/") else (REPOSITORY / path).read_text("utf-8")
        assert all(name == ALL or re.search(rf"\b{name}\b", text) for name in names), path


def test_everything_that_can_be_told_is_in_the_language(language):
    known = messages(language)
    missing = [f"{min(places)}: {text}" for text, places in collected().items() if text not in known]
    assert not missing, "\n".join(missing)


def test_nothing_is_translated_that_nobody_says_any_more(language):
    elsewhere = messages(language, *NO_SOURCE)
    left = set(messages(language)) - set(elsewhere) - set(collected()) - words()
    assert not left, "\n".join(sorted(left))


def test_no_text_is_translated_twice(language):
    texts = [text for file in sorted((MESSAGES / language).glob("*.yml")) for text in read(file)]
    assert sorted(texts) == sorted(set(texts))


def test_a_translation_has_the_holes_of_its_text(language):
    for text, said in messages(language).items():
        assert set(HOLE.findall(said)) == set(HOLE.findall(text)), text


def test_a_translation_names_the_same_commands_keys_and_files(language):
    for text, said in messages(language).items():
        # The mark of doubtful lines is a word of the language.
        named = [one for one in re.findall(r"`[^`]+`", text) if one != "`unsure`"]
        assert sorted(re.findall(r"`[^`]+`", said)) == sorted(named), text


def test_a_word_that_goes_with_a_number_has_all_its_forms(language):
    wanted = 1 + max(PLURALS[language](number) for number in range(200))
    for text, said in messages(language).items():
        for forms in FORMS.findall(said):
            assert len(forms.split("|")) == wanted, text
            assert all(forms.split("|")), text


def test_a_code_is_shown_with_its_label_of_the_codebook(language):
    labels = {
        code.code: getattr(code, f"label_{language}")
        for name in ("given_by", "consent_status", "quarantine_reason")
        for code in load_codebook().code_lists[name].codes.values()
    }
    scopes = load_codebook().code_lists["consent_scope"].codes.values()
    names = {code.label_en: getattr(code, f"label_{language}") for code in scopes}
    for code, said in messages(language, "codes.yml").items():
        label = names.get(code) or labels[code]
        label = f"{label[0].lower()}{label[1:]}"
        assert said == (label if code in names else f"{code} ({label})")
    reasons = load_codebook().code_lists["quarantine_reason"].codes
    assert set(reasons) <= set(messages(language, "codes.yml"))
