"""Wrong usage is told with what to type instead; a remedy names the workspace that the command was given."""

import click
import pytest
from click.testing import CliRunner

from tests.command_line.commands import all_commands
from tests.test_whole_way import withheld as run
from withheld import COMMANDS, cli
from withheld_cli.output import in_workspace, workspace_of
from withheld_cli.usage_errors import usage_remedy


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant():
    done = run("relaese")
    assert done.returncode == 2
    assert "there is no command 'relaese'. Did you mean release?" in done.stderr
    assert "`withheld --help` lists the commands" in done.stderr


def test_a_mistyped_command_of_a_group_is_answered_with_its_commands():
    done = run("quarantine", "lst")
    assert done.returncode == 2
    assert "its commands: discard, export, list, retry" in done.stderr


def test_a_missing_argument_is_answered_with_an_example():
    done = run("ingest")
    assert done.returncode == 2
    assert "what to do: for example: withheld ingest -w ourgroup cases.xlsx" in done.stderr


def test_a_file_that_is_not_there_is_answered_with_where_it_was_looked_for():
    done = run("risk", "nowhere.csv")
    assert done.returncode == 2
    assert "looked for in the current folder" in done.stderr


@pytest.mark.parametrize("words", [["help"], ["help", "release"], ["help", "vault", "trustee", "add"]])
def test_help_is_what_a_person_types_first(words):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0
    assert result.output == CliRunner().invoke(cli, [*words[1:], "--help"]).output


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
@pytest.mark.parametrize("wrong", ["--no-such-option", "no-such-word"])
def test_every_wrong_command_line_is_answered_with_what_to_type(words, wrong):
    with pytest.raises(click.UsageError) as raised:
        cli.main([*words, *([wrong] * 5)], standalone_mode=False)
    context = raised.value.ctx
    assert context is not None
    remedy = usage_remedy(raised.value, context)
    assert any(said in remedy for said in ("for example: withheld ", "its commands: ", "looked for in"))


def test_without_a_command_the_help_is_shown():
    done = run()
    assert done.returncode == 2
    assert all(f"  {name} " in done.stderr for name in COMMANDS)


def test_a_folder_beside_a_workspace_names_it(tmp_path):
    (tmp_path / "our group").mkdir()
    (tmp_path / "our group" / "withheld.yml").touch()
    done = run("status", "-w", str(tmp_path))
    assert done.returncode == 2
    assert f"name your workspace with -w '{tmp_path}/our group'" in done.stderr


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        ("`withheld status`", ["release", "-w", "g"], "`withheld status -w g`"),
        ("`withheld status`", ["release", "--workspace=our group"], "`withheld status -w 'our group'`"),
        ("`withheld status`", ["release"], "`withheld status`"),
        ("`withheld quote export 3 --role R`", ["-w", "g"], "`withheld quote export 3 --role R -w g`"),
        ("`withheld status -w x`", ["release", "-w", "g"], "`withheld status -w x`"),
        ("`withheld risk FILE`", ["release", "-w", "g"], "`withheld risk FILE`"),
        ("`withheld init DIR --group NAME`", ["status", "-w", "g"], "`withheld init DIR --group NAME`"),
    ],
)
def test_a_command_in_a_remedy_can_be_copied(text, arguments, told):
    assert in_workspace(text, workspace_of(arguments)) == told
