"""A shell is offered commands, options, files and releases; nothing out of the vault."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from withheld import COMMANDS, cli
from withheld_cli.completers import LOSSES, ROLES


def offered(*typed: str, incomplete: str = "") -> list[str]:
    found = ShellComplete(cli, {}, "withheld", "_WITHHELD_COMPLETE").get_completions(list(typed), incomplete)
    return [item.value for item in found if item.type == "plain"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with two releases, a declaration, and a vault that nobody could open."""
    monkeypatch.chdir(tmp_path)
    for name in ("2026-q1", "2026-q2"):
        (tmp_path / "ourgroup" / "public" / name).mkdir(parents=True)
        (tmp_path / "ourgroup" / "public" / name / "release.db").touch()
    (tmp_path / "ourgroup" / "public" / "not-a-release").mkdir()
    (tmp_path / "ourgroup" / "sources").mkdir()
    (tmp_path / "ourgroup" / "sources" / "our_register.yml").touch()
    (tmp_path / "ourgroup" / "private").mkdir()
    (tmp_path / "ourgroup" / "private" / "vault.db").write_bytes(b"secret")
    return tmp_path / "ourgroup"


def test_commands_and_the_commands_of_a_group_are_offered():
    assert offered() == list(COMMANDS)
    assert offered(incomplete="re") == ["release", "receipt"]
    assert offered("vault", "trustee") == ["add", "list", "remove", "repair"]


def test_options_and_their_choices_are_offered():
    assert "--dry-run" in offered("release", incomplete="--")
    assert offered("protect", "--method") == ["rounding", "suppression", "cell-key"]
    assert offered("template") == ["xlsform", "spreadsheet"]
    assert offered("consent", "set", "--status", incomplete="wi") == ["withdrawn"]
    assert offered("anonymize", "--loss") == list(LOSSES)


def test_what_is_offered_for_roles_and_losses_is_what_the_stages_know():
    from anonymize.records.losses import LOSSES as KNOWN_LOSSES
    from anonymize.text.quotations import ROLES as KNOWN_ROLES

    assert set(LOSSES) <= set(KNOWN_LOSSES)
    assert ROLES == KNOWN_ROLES


def test_files_and_folders_are_left_to_the_shell():
    found = ShellComplete(cli, {}, "withheld", "_WITHHELD_COMPLETE").get_completions(["ingest"], "ca")
    assert [(item.value, item.type) for item in found] == [("ca", "file")]


def test_releases_are_offered_where_one_is_named(workspace):
    folders = ["ourgroup/public/2026-q1", "ourgroup/public/2026-q2"]
    assert offered("serve", incomplete="ourgroup/public/") == folders
    assert offered("audit", incomplete="ourgroup/public/2026-q2") == folders[1:]
    assert offered("audit", "-w", "ourgroup") == folders


def test_declarations_are_offered_packaged_ones_and_those_of_the_workspace(workspace):
    found = offered("ingest", "-w", "ourgroup", "--source")
    assert {"casebook_ru", "our_register"} <= set(found)


@pytest.mark.parametrize(
    "typed",
    [
        ("withdraw", "-w", "ourgroup", "--case"),
        ("consent", "set", "-w", "ourgroup", "--case"),
        ("quote", "-w", "ourgroup", "--case"),
        ("duplicates", "show", "-w", "ourgroup"),
        ("vanished", "answer", "-w", "ourgroup"),
        ("receipt", "export", "-w", "ourgroup"),
        ("vault", "trustee", "remove", "-w", "ourgroup"),
        ("quarantine", "discard", "-w", "ourgroup", "--row"),
        ("quote", "confirm", "-w", "ourgroup"),
    ],
    ids=" ".join,
)
def test_what_only_the_vault_knows_is_never_offered(workspace, monkeypatch, typed):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a completion opened the vault")

    monkeypatch.setattr("vault.open_vault", refuse)
    assert offered(*typed) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_asks_withheld(shell):
    result = CliRunner().invoke(cli, ["completion", shell])
    assert result.exit_code == 0
    assert f"_WITHHELD_COMPLETE={shell}_complete" in result.output


def test_bash_completes_with_the_printed_script(workspace):
    script = CliRunner().invoke(cli, ["completion", "bash"]).output
    command = workspace.parent / "withheld"
    command.write_text(f"#!{sys.executable}\nfrom withheld import main\nmain()\n", encoding="utf-8")
    command.chmod(0o700)
    asked = (
        f'{script}\nCOMP_WORDS=(withheld serve "ourgroup/public/"); COMP_CWORD=2\n'
        f'_withheld_completion {command}; printf "%s\\n" "${{COMPREPLY[@]}}"\n'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
    assert "ourgroup/public/2026-q2" in done.stdout.splitlines(), done.stderr
