"""`withheld duplicates` lists, shows and decides; what describes a case never becomes JSON."""

import json

import pytest
from click.testing import CliRunner

from withheld_cli.duplicates import duplicates
from withheld_cli.setup import init

DECLARATION = """
name: {name}
version: "1"
format: csv
key: [Ref]
columns:
  Ref: incident.external_id
  When: incident.date_incident
  Who: person.name
  Tel: person.phone
"""
ENVIRONMENT = {"WITHHELD_PASSPHRASE": "six words of a test, no more"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace with two pairs to decide."""
    from withheld_cli.intake import ingest

    folder = tmp_path_factory.mktemp("duplicates") / "group"
    runner = CliRunner(env=ENVIRONMENT)
    assert runner.invoke(init, [str(folder), "--group", "Test"]).exit_code == 0
    for name, year in (("desk", "2019"), ("line", "2022")):
        (folder / "sources" / f"{name}.yml").write_text(DECLARATION.format(name=name))
        file = folder / f"{name}.csv"
        file.write_text(
            f"Ref,When,Who,Tel\n{name}-1,{year}-03-20,Заира Инвентова,\n"
            f"{name}-2,{year}-05-20,,8 900 0000001\n"
        )
        taken = runner.invoke(ingest, [str(file), "--source", name, "-w", str(folder)])
        assert taken.exit_code == 0, taken.output
    return folder


def run(workspace, *arguments):
    """Return what a command printed."""
    result = CliRunner(env=ENVIRONMENT).invoke(duplicates, [*arguments, "-w", str(workspace)])
    assert result.exit_code == 0, result.output
    return result.stdout


def waiting(workspace):
    """Return the pairs that wait."""
    return json.loads(run(workspace, "list", "--json"))["waiting"]


def test_several_pairs_are_decided_at_once_and_asked_about_again(workspace):
    keys = [pair["duplicate_id"] for pair in waiting(workspace)]
    assert keys
    run(workspace, "decide", *keys, "different")
    assert waiting(workspace) == []
    run(workspace, "decide", *keys, "ask")
    assert {pair["duplicate_id"] for pair in waiting(workspace)} == set(keys)


def test_the_list_names_signs_and_no_values(workspace):
    text = run(workspace, "list") + json.dumps(waiting(workspace))
    assert "phone" in text
    for value in ("Заира", "900", "desk-1", "2019"):
        assert value not in text


def test_a_pair_is_shown_on_the_terminal_and_never_as_json(workspace):
    key = waiting(workspace)[0]["duplicate_id"]
    shown = run(workspace, "show", key)
    assert "desk-" in shown
    assert "2022-" in shown
    assert "Заира" not in shown
    refused = CliRunner(env=ENVIRONMENT).invoke(duplicates, ["show", key, "--json", "-w", str(workspace)])
    assert refused.exit_code != 0
    assert "desk-" not in refused.output
