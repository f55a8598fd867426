"""`--help` of every command says what it is for, shows an example that works, and uses one word a thing."""

import re
import shlex

import click
import pytest

from tests.command_line.commands import all_commands, help_of
from withheld import COMMANDS, cli

ALL = all_commands()
NAMES = [" ".join(words) for words in ALL]

# What another tool would say -> what Withheld says, everywhere.
WORDS = {
    "password": "passphrase",
    "project": "workspace",
    "database": "vault (or: SQLite file)",
    r"dataset\b": "release",
    "mapping": "declaration",
    "anonymise": "anonymize",
    "quasi-id ": "columns that others may know",
    "repository": "workspace",
    "directory of": "folder of",
    "config": "withheld.yml, policy.yml",
    "deduplicate": "duplicates",
    "survivor": "person",
    "delete": "erase, discard",
}  # fmt: skip
# "Moved aside, never deleted" is what is meant; `--mapping` and ~/.config are names.
ALLOWED = {
    ("vault", "restore"): {"delete"},
    ("vault",): {"delete"},
    ("ingest",): {"mapping"},
    ("completion",): {"config"},
}


def examples_of(command: click.Command) -> list[list[str]]:
    """Return the example lines of a command's help, as words."""
    lines = [line.strip() for line in (command.help or "").splitlines()]
    return [shlex.split(line.removeprefix("Example:")) for line in lines if line.startswith("Example:")]


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=NAMES)
def test_every_command_and_sub_command_shows_an_example_of_itself(words, command):
    examples = examples_of(command)
    assert examples
    for example in examples:
        assert example[: 1 + len(words)] == ["withheld", *words]


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=NAMES)
def test_every_example_parses(words, command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for example in examples_of(command):
        leaf = command
        for word in example[1 + len(words) :]:  # the example of a group is one of a command in it
            if isinstance(leaf, click.Group) and word in leaf.commands:
                leaf = leaf.commands[word]
        called: list[int] = []
        monkeypatch.setattr(leaf, "callback", lambda *_, called=called, **__: called.append(1))
        for param in leaf.params:
            if isinstance(param.type, click.Path):  # the files of an example are not here
                monkeypatch.setattr(param.type, "exists", False)
        cli.main(example[1:], standalone_mode=False)
        assert called, example


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=NAMES)
def test_every_option_says_what_it_is(words, command):
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.opts
            assert option.help.endswith("."), option.opts


def test_an_option_has_one_short_form_and_one_kind_everywhere():
    forms: dict[str, set[tuple[str, ...]]] = {}
    flags: dict[str, set[bool]] = {}
    for command in ALL.values():
        for option in command.params:
            if isinstance(option, click.Option):
                name = max(option.opts, key=len)
                forms.setdefault(name, set()).add(tuple(sorted(option.opts)))
                flags.setdefault(name, set()).add(option.is_flag)
    assert {name: found for name, found in forms.items() if len(found) > 1} == {}
    assert {name: found for name, found in flags.items() if len(found) > 1} == {}


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_help_uses_one_word_for_a_thing(words):
    text = help_of(words).lower()
    found = {word for word in WORDS if re.search(rf"\b{word}", text)}
    assert found <= ALLOWED.get(words, set()), {word: WORDS[word] for word in found}


def test_the_list_of_commands_shows_what_each_command_says_of_itself_at_full_length():
    text = help_of(())
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", text, re.MULTILINE)
