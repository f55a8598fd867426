"""Consent recorded by hand: by scope, with who gave it and until when; what is due is listed."""

import datetime

import pytest

from codebook import UsageError
from tests.vault_factory import new_vault
from vault import Decision, consents_due, record_consent

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
TODAY = NOW.date()


@pytest.fixture
def vault(tmp_path):
    with new_vault(tmp_path) as made:
        for number in "12":
            made.insert("incident", [{"incident_id": number, "external_id": f"A-{number}"}])
            made.insert("person", [{"person_id": number, "incident_id": number}])
        yield made


def day(text):
    return datetime.date.fromisoformat(text)


def test_who_gave_it_and_until_when_is_kept(vault):
    decision = Decision("justice", "given", "guardian", "mother", day("2027-05-01"))
    assert record_consent(vault, "A-1", decision, now=NOW) == 1
    (row,) = vault.rows("consent")
    kept = {
        name: row[name] for name in ("scope", "given_by", "guardian_relationship", "expires", "source_id")
    }
    assert kept == {
        "scope": "justice", "given_by": "guardian", "guardian_relationship": "mother",
        "expires": "2027-05-01", "source_id": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "decision",
    [
        Decision("everything", "given"),
        Decision("statistics", "maybe"),
        Decision("statistics", "given", "somebody"),
        Decision("statistics", "given", "guardian", "boss"),
        Decision("statistics", "given", "guardian"),
        Decision("statistics", "given", "self", "mother"),
    ],
)
def test_what_is_not_in_the_codebook_or_half_said_is_refused(vault, decision):
    with pytest.raises(UsageError) as error:
        record_consent(vault, "A-1", decision, now=NOW)
    assert error.value.remedy
    assert vault.count("consent") == 0


def test_what_ends_soon_is_due_soonest_first_and_what_was_renewed_is_not(vault):
    for code, expires in (("A-1", "2026-03-01"), ("A-2", "2026-02-01"), ("A-2", "2027-01-01")):
        record_consent(vault, code, Decision("statistics", "given", expires=day(expires)), now=NOW)
    record_consent(vault, "A-2", Decision("media", "given", expires=day("2026-01-20")), now=NOW)
    due = [(one.case_code, one.scope, one.expires) for one in consents_due(vault, today=TODAY, days=90)]
    assert due == [("A-2", "media", "2026-01-20"), ("A-1", "statistics", "2026-03-01")]
    assert consents_due(vault, today=TODAY, days=10) == []


def test_what_has_ended_or_never_ends_is_not_due(vault):
    record_consent(vault, "A-1", Decision("statistics", "given", expires=day("2025-12-31")), now=NOW)
    record_consent(vault, "A-2", Decision("statistics", "given"), now=NOW)
    assert consents_due(vault, today=TODAY, days=3660) == []
