"""What a data officer sees first: counts in plain words, what waits, what helps, and where to go next."""

import socket
from types import SimpleNamespace

import pytest

from codebook import load_codebook
from ingest import WaitingCount, load_sources
from tests.test_whole_way import withheld as run
from withheld_cli.people import _status_lines
from withheld_cli.plain_words import ENTITIES, HELPS, LEFT_OUT
from withheld_cli.publish import _next_lines
from withheld_cli.quarantine_text import waiting_lines
from withheld_cli.workspace import Workspace, WorkspaceSettings

BOOK = load_codebook()


def test_every_entity_of_the_codebook_has_a_plain_word():
    assert {*ENTITIES, "source"} == set(BOOK.entities)


def test_every_reason_of_quarantine_has_something_that_helps():
    assert set(HELPS) == set(BOOK.code_lists["quarantine_reason"].codes)


@pytest.mark.parametrize("verdict", ["refused", "withdrawn", "expired", "guardian", "not_asked"])
def test_every_no_of_a_consent_has_plain_words(verdict):
    assert f"persons: consent {verdict}" in LEFT_OUT


def status(**changed):
    result = {
        "rows": dict.fromkeys(BOOK.entities, 0),
        "quarantine_waiting": 0, "duplicates_to_decide": 0, "vanished_to_answer": 0,
        "consent_expiring_in_90_days": 0, "releases": 0, "left_out": {}, "period_to": "2026-06-30",
        "next_release_would_count": {"incidents": 0, "persons": 0}, "swap_warning": "",
    }  # fmt: skip
    return _status_lines({**result, **changed})


def test_the_status_of_an_empty_vault_says_how_to_begin():
    lines = status()
    assert "       0  nothing" in lines
    assert "`withheld ingest FILE --suggest`" in lines[-1]


def test_status_tells_what_waits_and_by_which_command_to_see_it():
    told = "\n".join(status(quarantine_waiting=59, left_out={"persons: consent not_asked": 12}))
    assert "59  rows in quarantine, which could not be read: `withheld quarantine list`" in told
    assert "12  persons: not asked for consent, or no answer is recorded" in told
    assert "duplicates" not in told


def test_an_unknown_code_in_quarantine_is_told_with_the_codes_that_are_known():
    source = load_sources()["casebook_ru"]
    column = next(
        name
        for name, targets in source.main.block.columns.items()
        if any(target.path == "person.sex" for target in targets)
    )
    waiting = [WaitingCount("casebook_ru", "unknown_code", column, 2, (4, 9))]
    told = "\n".join(waiting_lines(waiting, {"casebook_ru": source}, BOOK))
    assert f"the codes of {column}: {', '.join(BOOK.code_lists['sex'].codes)}" in told
    assert "`withheld quarantine retry`" in told


def test_rows_of_a_declaration_that_is_gone_are_told_all_the_same():
    waiting = [WaitingCount("gone", "unknown_code", "Пол", 1, (4,))]
    assert waiting_lines(waiting, {}, BOOK)[0] == "     1  gone  unknown_code  in Пол: rows 4"


def test_a_release_says_where_to_look_and_a_dry_run_how_to_publish(tmp_path):
    workspace = Workspace(tmp_path, WorkspaceSettings("G"))
    told = _next_lines(workspace, SimpleNamespace(folder=tmp_path / "public" / "2026-q2"))
    assert "index.en.html" in told[0]
    assert told[1] == f"site:       withheld serve {tmp_path / 'public'}"
    assert "`withheld release`" in _next_lines(workspace, SimpleNamespace(folder=None))[0]


def test_a_port_in_use_is_told_before_an_address_and_with_another_port(tmp_path):
    (tmp_path / "2026-q2").mkdir()
    (tmp_path / "2026-q2" / "release.db").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", str(tmp_path), "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr
    assert f"--port {port + 1}" in done.stderr or f"--port {port - 1}" in done.stderr
    assert "http://" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "audit"])
def test_a_workspace_in_the_place_of_its_releases_is_answered_with_public(tmp_path, command):
    (tmp_path / "public" / "2026-q2").mkdir(parents=True)
    (tmp_path / "public" / "2026-q2" / "release.db").touch()
    done = run(command, str(tmp_path))
    assert done.returncode in (1, 2)
    assert f"name {tmp_path / 'public'}, or a release in it" in done.stderr
