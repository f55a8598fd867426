"""The command line keeps its contract: help, JSON, exit codes, and messages that never quote a record."""

import importlib
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ingest import load_sources
from tests.test_whole_way import withheld as run
from withheld import COMMANDS, cli

SECRET = "Хадижат Неизвестная"


def command_of(name: str) -> click.Command:
    module = importlib.import_module(f"withheld_cli.{COMMANDS[name][0]}")
    command: click.Command = getattr(module, name)
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_or_commands_of_its_own(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output or isinstance(command_of(name), click.Group)


def leaves_of(command: click.Command) -> list[click.Command]:
    if not isinstance(command, click.Group):
        return [command]
    return [leaf for inside in command.commands.values() for leaf in leaves_of(inside)]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "serve"])
def test_every_command_but_serve_can_speak_json(name):
    for leaf in leaves_of(command_of(name)):
        assert "--json" in [option for one in leaf.params for option in one.opts], leaf.name


def test_an_unknown_command_or_option_is_wrong_usage():
    assert run("publish-everything").returncode == 2
    assert run("release", "--everything").returncode == 2


def test_a_folder_that_is_no_workspace_is_wrong_usage_and_says_what_to_do(tmp_path):
    done = run("status", "-w", str(tmp_path))
    assert done.returncode == 2
    assert "withheld init" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_passphrase_nothing_is_asked_in_a_script(tmp_path):
    done = run("init", str(tmp_path / "w"), "--group", "G", passphrase="")
    assert done.returncode == 2
    assert "no passphrase was given" in done.stderr
    assert not (tmp_path / "w").exists()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "group"
    done = run("init", str(folder), "--group", "Our group", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["workspace"] == str(folder)
    return folder


def test_a_wrong_passphrase_is_refused_and_says_no_more(workspace):
    done = run("status", "-w", str(workspace), passphrase="not the one")
    assert done.returncode == 1
    assert "does not open this vault" in done.stderr


def test_init_never_touches_an_existing_workspace(workspace):
    before = (workspace / "private" / "vault.db").read_bytes()
    assert run("init", str(workspace), "--group", "Another").returncode == 2
    assert (workspace / "private" / "vault.db").read_bytes() == before


def test_the_passphrase_file_goes_before_the_environment(workspace, tmp_path):
    file = tmp_path / "passphrase"
    file.write_text("demo\n", encoding="utf-8")
    done = run("status", "-w", str(workspace), "--passphrase-file", str(file), passphrase="wrong one")
    assert done.returncode == 0, done.stderr


def test_an_empty_vault_is_refused_a_release_with_reason_and_remedy(workspace):
    done = run("release", "-w", str(workspace))
    assert done.returncode == 1
    assert "0 persons of 0 households may be counted" in done.stderr
    assert "withheld status" in done.stderr
    assert not list((workspace / "public").iterdir())


def test_a_file_that_nobody_declared_is_refused_without_quoting_it(workspace, tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text(f"Имя;Возраст\n{SECRET};19\n", encoding="utf-8")
    done = run("ingest", "-w", str(workspace), str(file))
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    assert "what to do" in done.stderr


def test_events_that_others_publish_are_counted_apart_and_a_refusal_is_told_once(workspace, tmp_path):
    series = load_sources()["insecurity_insight"].main
    columns = sorted({*series.mapped_columns, *series.ignore, *series.drop_coordinates})
    cells = {"Date": "2024-03-01", "SIND Event ID": "77", "Number of Reported Victims": "2"}
    lines = (columns, [cells.get(name, "") for name in columns])
    (tmp_path / "events.csv").write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    (tmp_path / "other.csv").write_text("Имя;Возраст\nКто-то;19\n", encoding="utf-8")
    done = run("ingest", "-w", str(workspace), str(tmp_path))
    assert done.returncode == 1
    assert "events.csv: 1 read = 1 stored" in done.stdout
    assert (done.stdout + done.stderr).count("of no source declaration") == 1
    found = json.loads(run("status", "-w", str(workspace), "--json").stdout)
    assert found["rows"]["context_event"] == 1
    assert found["rows"]["incident"] == found["next_release_would_count"]["incidents"] == 0


def test_a_misspelt_setting_is_named_and_stops_the_run(workspace):
    policy = workspace / "policy.yml"
    before = policy.read_text(encoding="utf-8")
    policy.write_text("treshold: 3\n", encoding="utf-8")
    try:
        done = run("status", "-w", str(workspace))
    finally:
        policy.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert "unknown keys: treshold" in done.stderr


def test_a_fault_of_the_program_shows_its_place_and_not_its_message(monkeypatch, capsys):
    import withheld as front

    def broken(**_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(front.cli, "main", broken)
    with pytest.raises(SystemExit) as stop:
        front.main()
    assert stop.value.code == 1
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    assert "a fault of the program (RuntimeError" in shown.err


def test_synthesize_writes_the_same_bytes_for_the_same_seed(tmp_path):
    for name in ("a", "b"):
        assert run("synthesize", str(tmp_path / name), "--incidents", "60", "--seed", "3").returncode == 0
    one, other = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("a", "b"))
    assert one == other
    assert "truth.json" in one


def test_risk_fails_a_file_that_is_not_anonymous(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text("age,sex\n" + "\n".join(f"{20 + n},f" for n in range(30)) + "\n", encoding="utf-8")
    done = run("risk", str(file), "--quasi", "age,sex", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "FAIL"


def test_protect_without_a_key_file_warns_and_with_one_keeps_it(tmp_path):
    data, plan, key = tmp_path / "cases.csv", tmp_path / "plan.yml", tmp_path / "key"
    data.write_text("region,year\n" + "\n".join(f"R{n % 3},{2020 + n % 2}" for n in range(60)) + "\n")
    plan.write_text("- {region: region, year: year}\n")
    arguments = ["protect", str(data), "--plan", str(plan), "--evidence", str(tmp_path / "e.json")]
    warned = run(*arguments, "-o", str(tmp_path / "one"))
    assert warned.returncode == 0, warned.stderr
    assert "no --key-file" in warned.stderr
    outputs = []
    for name in ("two", "three"):
        assert run(*arguments, "-o", str(tmp_path / name), "--key-file", str(key)).returncode == 0
        outputs.append({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.csv")})
    assert outputs[0] == outputs[1]
    assert key.stat().st_mode & 0o077 == 0


def test_protect_by_cell_keys_is_refused_without_a_key_and_tells_method_cost_and_weakness(tmp_path):
    data, plan = tmp_path / "cases.csv", tmp_path / "plan.yml"
    data.write_text("region,year\n" + "\n".join(f"R{n % 3},{2020 + n % 2}" for n in range(60)) + "\n")
    plan.write_text("- {region: region, year: year}\n")
    arguments = ["protect", str(data), "--plan", str(plan), "--evidence", str(tmp_path / "e.json")]
    arguments += ["--method", "cell-key", "-o", str(tmp_path / "out")]
    refused = run(*arguments)
    assert refused.returncode == 1
    assert "--key-file" in refused.stderr
    done = run(*arguments, "--key-file", str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr
    assert "cell-key, threshold 5, deviation 5, variance 2.0" in done.stdout
    assert "none off by more than 5" in done.stdout
    assert "weakness: not additive" in done.stdout


def test_audit_of_a_folder_that_is_no_release_is_wrong_usage(tmp_path):
    assert run("audit", str(tmp_path)).returncode == 2
