"""A data officer brings a newer export: told, asked, answered, all from the command line."""

import datetime
import json

import pytest
from click.testing import CliRunner

from codebook import UsageError
from withheld import cli

from .workbench import DECLARATION, csv_text, row


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "six random words are better")
    folder = tmp_path / "group"
    assert CliRunner().invoke(cli, ["init", str(folder), "--group", "G"]).exit_code == 0
    (folder / "sources" / "desk.yml").write_text(DECLARATION, encoding="utf-8")
    return folder


def run(workspace, *arguments):
    done = CliRunner().invoke(cli, [*arguments, "-w", str(workspace), "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def bring(workspace, rows, name):
    path = workspace / name
    path.write_text(csv_text(rows), encoding="utf-8")
    (told,) = run(workspace, "ingest", str(path))["files"]
    return told


def test_changed_rows_are_counted_and_gone_ones_asked_about_and_answered(workspace):
    rows = [row(Case=f"A-{number}", Name=f"Name Nr{number}", Phone="") for number in range(6)]
    bring(workspace, rows, "first.csv")
    told = bring(workspace, [row(Case="A-2", Name="Name Nr2", Phone="", Age="20"), *rows[3:]], "second.csv")
    assert (told["read"], told["stored"], told["changed"], told["already_there"]) == (4, 1, 1, 3)
    assert run(workspace, "status")["vanished_to_answer"] == 2
    first, second = (one["vanished_id"] for one in run(workspace, "vanished", "list")["waiting"])
    answered = run(workspace, "vanished", "answer", first, "withdrawn")
    assert answered == {"answered": 1, "answer": "withdrawn", "person_records_erased": 1}
    assert run(workspace, "vanished", "answer", second, "lost")["person_records_erased"] == 0
    status = run(workspace, "status")
    assert (status["rows"]["person"], status["vanished_to_answer"]) == (5, 0)


def test_an_answer_to_no_question_is_refused_with_the_remedy(workspace):
    done = CliRunner().invoke(cli, ["vanished", "answer", "-w", str(workspace), "123", "lost"])
    assert isinstance(done.exception, UsageError)
    assert "withheld vanished list" in done.exception.remedy


def test_a_repaired_file_is_given_back_on_the_command_line(workspace):
    told = bring(workspace, [row(Age="240"), row(Case="A-2", Name="Amina Other", Phone="")], "first.csv")
    assert told["quarantined"] == 1
    waiting = workspace / "waiting.csv"
    run(workspace, "quarantine", "export", str(waiting))
    waiting.write_text(waiting.read_text("utf-8-sig").replace(",240", ",24"), encoding="utf-8")
    again = run(workspace, "quarantine", "retry", "--repaired", str(waiting))
    assert (again["read"], again["stored"], again["quarantined"]) == (1, 1, 0)


def test_consents_that_end_soon_are_counted_and_cases_named_on_request_only(workspace):
    bring(workspace, [row(Statistics="")], "first.csv")
    soon = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=30)).isoformat()
    run(workspace, "consent", "set", "--case", "A-1", "--status", "given", "--expires", soon)
    told = run(workspace, "consent", "due", "--codes")
    assert told["due"] == [{"month": soon[:7], "scope": "statistics", "consents": 1}]
    asked = ["consent", "due", "-w", str(workspace)]
    assert "A-1" not in CliRunner().invoke(cli, asked).stdout
    assert f"{soon}  statistics  A-1" in CliRunner().invoke(cli, [*asked, "--codes"]).stdout
    assert run(workspace, "consent", "due", "--days", "10")["due"] == []
