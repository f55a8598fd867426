"""Which language the command line speaks, and that nothing but the words depends on it."""

import json
import re
import subprocess
import sys

import click
import pytest
import yaml
from click.testing import CliRunner

from codebook import VaultError
from tests.shared_files import REPOSITORY
from withheld import COMMANDS, cli, main
from withheld_cli.language import language, said_comments
from withheld_cli.output import tell_error

ENGLISH = re.compile(r"\b[a-z]{2,} (?:[a-z]{2,} )+[a-z]{2,}\b")  # three small words in a row
COMMAND = re.compile(r"`[^`]*`|(?:Вызов|Пример|Начните так|Справка|bash):.*?(?=\n\n|\Z)", re.DOTALL)


@pytest.fixture(autouse=True)
def no_language(monkeypatch):
    for name in ("WITHHELD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "")


def run(*arguments, **environment):
    return CliRunner(env=environment).invoke(cli, arguments)


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ru_RU"}, "ru"),
        ({"LC_ALL": "C", "LC_MESSAGES": "ru_RU.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LC_ALL": "ru-RU", "LANG": "en"}, "ru"),
        ({"WITHHELD_LANG": "en", "LC_ALL": "ru_RU.UTF-8"}, "en"),
        ({"WITHHELD_LANG": "ru", "LC_ALL": "C"}, "ru"),
        ({"WITHHELD_LANG": "", "LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "run"}, "en"),
    ],
)
def test_the_first_variable_that_says_something_decides(environment, chosen):
    assert language(environment) == chosen


def test_a_terminal_that_cannot_show_the_letters_is_spoken_to_in_english():
    told = subprocess.run(
        [sys.executable, "-m", "withheld", "--lang", "ru", "--help"],
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: withheld" in told.stdout


def commands(group, path=()):
    """Yield the words of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("command", [(), *commands(cli)], ids=" ".join)
def test_the_help_of_a_command_is_in_russian_throughout(command):
    told = run("--lang", "ru", *command, "--help")
    assert told.exit_code == 0
    assert "Вызов: " in told.stdout
    assert not ENGLISH.findall(COMMAND.sub("", told.stdout)), told.stdout
    assert not re.search(r"\[default|\[required|Options:|Commands:|Show ", told.stdout)


def test_all_commands_are_there():
    assert {path[0] for path in commands(cli)} == set(COMMANDS)


def test_lang_forces_either_language_whatever_the_system_speaks():
    assert "Usage:" in run("--lang", "en", "--help", LANG="ru_RU.UTF-8").stdout
    assert "Вызов:" in run("--lang=ru", "--help", LANG="en_GB.UTF-8").stdout
    assert "Вызов:" in run("-h", "--lang", "ru").stdout


def test_one_run_in_russian_leaves_the_next_in_english_as_it_was():
    english = run("vault", "--help").stdout
    assert "Вызов:" in run("vault", "--help", LANG="ru_RU.UTF-8").stdout
    assert run("vault", "--help").stdout == english


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "withheld: команды 'nonsense' нет."),
        (["status", "--nonsense"], "withheld: Параметра '--nonsense' нет."),
        (["init", "folder"], "withheld: Не хватает параметра '--group'."),
        (["ingest"], "withheld: Не хватает аргумента"),
        (["protect", __file__, "--method", "magic"], "withheld: Недопустимое значение '--method'"),
        (["serve", "no such folder"], "Папки 'no such folder' нет."),
        (["serve", ".", "--port", "0"], "0 вне пределов 1<=x<=65535."),
        (["risk", __file__, "--population", "many"], "это не число людей и не файл"),
        (["--lang", "xx", "status"], "withheld: Недопустимое значение '--lang'"),
    ],
)
def test_wrong_usage_is_told_in_russian_with_the_same_exit_code(arguments, told, capsys, monkeypatch):
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    monkeypatch.setattr(sys, "argv", ["withheld", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr().err
    assert told in shown
    assert "Вызов: withheld" in shown
    assert ended.value.code == 2


def test_an_error_and_what_to_do_are_told_in_russian(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["withheld", "--lang", "ru", "status", "-w", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr().err
    assert shown.startswith(
        f"withheld: {tmp_path}: это не рабочая папка, в ней нет withheld.yml\n  что делать: "
    )
    assert "или создайте её: `withheld init DIR --group NAME`" in shown
    assert ended.value.code == 2


def test_an_error_without_a_translation_is_told_in_english(capsys, monkeypatch):
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    error = VaultError("a thing that nobody has translated", remedy="wait")
    tell_error(error.reason, error.remedy)
    assert capsys.readouterr().err == ("withheld: a thing that nobody has translated\n  что делать: wait\n")


def test_json_is_the_same_in_both_languages(tmp_path, monkeypatch):
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "six words that nobody guesses")
    for tongue in ("en", "ru"):
        folder = tmp_path / tongue
        made = run("init", str(folder), "--group", "Group", "--json", WITHHELD_LANG=tongue)
        assert json.loads(made.stdout)["workspace"] == str(folder)
    english, russian = (
        run("status", "-w", str(tmp_path / tongue), "--json", WITHHELD_LANG=tongue).stdout
        for tongue in ("en", "ru")
    )
    assert english == russian
    screen = run("status", "-w", str(tmp_path / "ru"), WITHHELD_LANG="ru").stdout
    assert "       0  инциденты\n" in screen
    assert "       0  пострадавшие лица\n" in screen
    english, russian = ((tmp_path / one / "withheld.yml").read_text("utf-8") for one in ("en", "ru"))
    assert "# Группа, как она подписывает выпуски." in russian
    assert yaml.safe_load(english) == yaml.safe_load(russian)


def test_comments_of_a_draft_are_translated_and_keys_and_values_are_not(monkeypatch):
    draft = 'draft: true\ncolumns:\n  "note # 3 cells": x  # unsure: is it the date of the report?\n'
    assert said_comments(draft) == draft
    monkeypatch.setenv("LANG", "ru")
    assert said_comments(draft) == draft.replace(
        "unsure: is it the date of the report?", "неясно: это дата обращения?"
    )
