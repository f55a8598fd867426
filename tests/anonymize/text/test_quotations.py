"""A quotation leaves only with consent, unchanged, confirmed twice, and the log never holds its text."""

import datetime
import json

import pytest
from click.testing import CliRunner

from anonymize.text import (
    confirm_quotation,
    discard_quotation,
    export_quotation,
    file_quotation,
    filed_quotations,
    load_case,
    propose,
    text_of,
)
from codebook import ReleaseRefused, UsageError
from tests.anonymize.small_vault import SmallVault
from tests.vault_factory import new_vault
from vault import broken_links
from withheld import cli
from withheld_cli.quote_names import known_words

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
NARRATIVE = "Я Зарема из Гудермеса. Дядя Салман сказал, что убьёт меня. Мне 19 лет."
SAID = "Дядя [имя родственника] сказал, что убьёт меня."
REDACTED = f"Я [имя] из [населённый пункт]. {SAID} Мне [18-25 лет]."


@pytest.fixture
def vault(tmp_path):
    with new_vault(tmp_path) as vault:
        yield vault


def told(vault, *, consent="given", **person):
    """Store a case that is told by one person, and return its incident and her."""
    small = SmallVault(vault)
    incident = small.case(external_id="K-17", settlement="Гудермес", narrative=NARRATIVE)
    hers = small.person(incident, consent=None, **{"name": "Зарема Хашиева", "age": 19, **person})
    if consent:
        small.consent(hers, scope="media", consent_status=consent)
    return small, incident, hers


def filed(vault):
    case = load_case(vault, "K-17", today=TODAY, also=["Салман"])
    proposal = propose(case.narrative, case.known, None)
    return file_quotation(vault, case, proposal, "caseworker", passage=(0, len(case.narrative)), now=NOW)


def test_a_quotation_that_two_roles_confirmed_is_exported(vault):
    told(vault)
    number = filed(vault).quotation_id
    confirm_quotation(vault, number, "caseworker", now=NOW)
    assert confirm_quotation(vault, number, "data officer", now=NOW).ready
    assert export_quotation(vault, number, "editor", now=NOW) == REDACTED


def test_one_confirmation_is_not_enough_and_the_refusal_is_logged(vault):
    told(vault)
    number = filed(vault).quotation_id
    confirm_quotation(vault, number, "caseworker", now=NOW)
    with pytest.raises(ReleaseRefused, match="1 of 2 confirmations"):
        export_quotation(vault, number, "editor", now=NOW)
    assert [row["action"] for row in vault.rows("custody")][-1] == "quotation refused"


def test_one_role_confirms_twice_only_with_a_night_between(vault):
    told(vault)
    number = filed(vault).quotation_id
    confirm_quotation(vault, number, "caseworker", now=NOW)
    with pytest.raises(ReleaseRefused, match="confirmed it already"):
        confirm_quotation(vault, number, "caseworker", now=NOW + datetime.timedelta(hours=11))
    assert confirm_quotation(vault, number, "caseworker", now=NOW + datetime.timedelta(hours=12)).ready


@pytest.mark.parametrize("consent", [None, "refused", "withdrawn", "not_asked", "expired"])
def test_without_consent_to_be_quoted_nothing_is_proposed(vault, consent):
    small, _, hers = told(vault, consent=consent)
    small.consent(hers, scope="statistics", consent_status="given")
    with pytest.raises(ReleaseRefused, match="1 of 1 persons"):
        load_case(vault, "K-17", today=TODAY)


def test_every_person_of_the_incident_must_have_consented(vault):
    small, incident, _ = told(vault)
    small.person(incident, consent=None)
    with pytest.raises(ReleaseRefused, match="1 of 2 persons"):
        load_case(vault, "K-17", today=TODAY)


def test_a_withdrawal_in_another_record_of_her_counts_here_too(vault):
    small, _, _ = told(vault, same_person_id="777")
    other = small.person(small.case(), consent=None, same_person_id="777")
    small.consent(other, scope="media", consent_status="withdrawn")
    with pytest.raises(ReleaseRefused, match="consented"):
        load_case(vault, "K-17", today=TODAY)


def test_a_child_needs_a_guardian_who_is_not_accused(vault):
    small, incident, hers = told(vault, age=14)
    with pytest.raises(ReleaseRefused, match="consented"):
        load_case(vault, "K-17", today=TODAY)
    small.consent(
        hers, scope="media", consent_status="given", given_by="guardian", guardian_relationship="mother"
    )
    assert load_case(vault, "K-17", today=TODAY).narrative == NARRATIVE
    small.act(incident, hers, relationship="mother")
    with pytest.raises(ReleaseRefused, match="consented"):
        load_case(vault, "K-17", today=TODAY)


def test_a_consent_that_is_withdrawn_after_the_proposal_stops_it_at_every_step(vault):
    small, _, hers = told(vault)
    number = filed(vault).quotation_id
    small.consent(hers, scope="media", consent_status="withdrawn")
    for step in (confirm_quotation, export_quotation):
        with pytest.raises(ReleaseRefused):
            step(vault, number, "caseworker", now=NOW)


def test_a_narrative_that_changed_stops_its_quotation(vault):
    _, incident, _ = told(vault)
    quotation = filed(vault)
    vault.update("incident", incident, {"narrative": NARRATIVE + " Ещё."})
    with pytest.raises(ReleaseRefused, match="not the one"):
        text_of(vault, quotation, today=TODAY)


def test_an_identifier_that_became_known_after_the_proposal_stops_it(vault):
    _, _, hers = told(vault)
    quotation = filed(vault)
    vault.update("person", hers, {"other_names": "Скажила"})
    assert text_of(vault, quotation, today=TODAY) == REDACTED
    vault.update("person", hers, {"other_names": "Убьёт"})
    with pytest.raises(ReleaseRefused, match="identifier"):
        text_of(vault, quotation, today=TODAY)


def test_the_vault_keeps_no_second_copy_and_the_log_no_word(vault):
    told(vault)
    number = filed(vault).quotation_id
    confirm_quotation(vault, number, "caseworker", now=NOW)
    confirm_quotation(vault, number, "lawyer", now=NOW)
    export_quotation(vault, number, "editor", now=NOW)
    kept = json.dumps([list(vault.rows("setting")), list(vault.rows("custody"))], ensure_ascii=False)
    for word in ("Зарема", "Салман", "Гудермес", "убьёт", "Дядя"):
        assert word not in kept
    entries = [row for row in vault.rows("custody") if row["action"].startswith("quotation")]
    assert [row["actor_role"] for row in entries] == ["caseworker", "caseworker", "lawyer", "editor"]
    assert len({row["object_sha256"] for row in entries}) == 1
    assert broken_links(vault) == []


def test_a_number_of_a_quotation_is_never_given_twice(vault):
    told(vault)
    first = filed(vault).quotation_id
    discard_quotation(vault, first, "caseworker", now=NOW)
    assert filed_quotations(vault) == []
    assert filed(vault).quotation_id != first
    with pytest.raises(UsageError, match="no quotation"):
        confirm_quotation(vault, first, "caseworker", now=NOW)


def test_a_role_that_may_not_confirm_is_refused(vault):
    told(vault)
    number = filed(vault).quotation_id
    with pytest.raises(UsageError, match="no role"):
        confirm_quotation(vault, number, "Зарема", now=NOW)


def test_a_name_of_which_only_prints_are_kept_is_known_in_its_case_forms(vault):
    from ingest.storing.people import match_keys

    prints = match_keys(vault, {"name": "Хашиева Зарема", "patronymic": "Ахмедовна"}, "group")
    is_known = known_words(vault, prints)
    assert is_known
    for word in ("зарема", "зареме", "хашиевой", "хашиеву", "zarema"):
        assert is_known(word), word
    assert not any(map(is_known, ("комната", "сказала", "салман")))
    assert known_words(vault, []) is None


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A workspace with one told case; names are kept."""
    monkeypatch.setenv("WITHHELD_PASSPHRASE", "demo")
    folder = tmp_path / "ourgroup"
    assert CliRunner().invoke(cli, ["init", str(folder), "--group", "Invented"]).exit_code == 0
    from withheld_cli.workspace import load_workspace

    with load_workspace(folder).open_vault(None) as vault:
        told(vault)
    return folder


def run(*words, code=0):
    done = CliRunner().invoke(cli, ["quote", *map(str, words)])
    assert done.exit_code == code or done.exception
    return done


def test_the_command_shows_the_marked_narrative_to_the_person_who_asked_and_json_does_not(workspace):
    shown = run("-w", workspace, "--case", "K-17", "--also", "Салман").output
    assert "this screen now holds" in shown
    assert "Зарема" in shown
    assert "prints" not in shown
    silent = run("-w", workspace, "--case", "K-17", "--json").output
    assert "Зарема" not in silent
    assert "сказал" not in silent
    assert json.loads(silent)["hidden"]["name"] >= 1
    loud = json.loads(run("-w", workspace, "--case", "K-17", "--json", "--show").output)
    assert loud["narrative"] == NARRATIVE
    assert "Гудермес" not in loud["proposal"]


def test_the_commands_lead_from_a_proposal_to_a_file(workspace, tmp_path):
    run("-w", workspace, "--case", "K-17", "--sentences", "2", "--also", "Салман")
    run("confirm", "1", "-w", workspace, "--role", "caseworker")
    assert isinstance(run("export", "1", "-w", workspace, "--role", "editor").exception, ReleaseRefused)
    run("confirm", "1", "-w", workspace, "--role", "data officer")
    target = tmp_path / "quotation.txt"
    run("export", "1", "-w", workspace, "--role", "editor", "-o", target)
    assert target.read_text("utf-8") == f"{SAID}\n"
    listed = json.loads(run("list", "-w", workspace, "--json").output)
    assert listed["quotations"][0]["confirmed_by"] == ["caseworker", "data officer"]


def test_without_the_extra_the_command_says_that_names_were_not_looked_for(workspace, monkeypatch):
    monkeypatch.setattr("anonymize.text.load_recogniser", lambda: None)
    assert "NOT looked for" in run("-w", workspace, "--case", "K-17").output
