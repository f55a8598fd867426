"""A newer export adds, updates and asks; it never doubles a person and never brings one back."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymize import closed_window, load_policy, load_population
from codebook import UsageError
from ingest import answer_vanished, list_quarantine, list_vanished
from vault import Decision, record_consent, withdraw_person

from .workbench import NOW, bench, csv_text, row

__all__ = ["bench"]

BY_CASE = """
name: desk
version: "1"
format: csv
key: [Case, No]
incident_by: [Case]
columns:
  Case: incident.external_id
  No: person.external_id
  Date: incident.date_incident
  Acts: {field: act.act_code, separator: ";"}
  By: {field: act.relationship, separator: ";"}
  Age: person.age
  Statistics: {consent: statistics}
  Outcome: outcome.outcome_status
  Since: outcome.date_outcome
"""


def by_case(bench, *rows):
    names = ("Case", "No", "Date", "Acts", "By", "Age", "Statistics", "Outcome", "Since")
    filled = [{**dict.fromkeys(names, ""), "Statistics": "yes", **one} for one in rows]
    (summary,) = bench.ingest(bench.file(csv_text(filled, names)), BY_CASE).files
    assert summary.refused is None
    assert summary.reconciles
    return summary


def counted(bench):
    """Return how many persons a release of today would count."""
    window = closed_window(NOW.date(), 90)
    return len(load_population(bench.vault, load_policy(bench.folder), window).person_ids)


def test_a_changed_row_updates_the_person_on_record_and_keeps_the_older_version(bench):
    bench.ingest_rows(row(), row(Case="A-2", Name="Amina Other", Phone=""))
    before = {one["incident_id"]: one for one in bench.all("person")}
    (summary,) = bench.ingest_rows(
        row(Age="20", Region="Chechnya", Acts="beating", By="brother"),
        row(Case="A-2", Name="Amina Other", Phone=""),
    ).files
    assert (summary.stored, summary.changed, summary.already_there, summary.quarantined) == (1, 1, 1, 0)
    persons = {one["incident_id"]: one for one in bench.all("person")}
    assert persons.keys() == before.keys()
    (changed,) = [one for one in persons.values() if one["age"] == 20]
    same = ("person_id", "same_person_id", "household_id", "source_id", "incident_id")
    assert {key: changed[key] for key in same} == {key: before[changed["incident_id"]][key] for key in same}
    (incident,) = [one for one in bench.all("incident") if one["external_id"] == "A-1"]
    assert incident["region"] == "RU-CE"
    acts = [one for one in bench.all("act") if one["person_id"] == changed["person_id"]]
    assert [(one["act_code"], one["relationship"]) for one in acts] == [("assault_minor", "brother")]
    (version,) = bench.all("history")
    older = json.loads(version["before_json"])
    assert older["person"][0]["age"] == 19
    assert {one["relationship"] for one in older["act"]} == {"father", "brother"}
    assert "changed" in bench.all("custody")[-1]["detail"]


def test_a_change_back_and_forth_ends_where_it_began(bench):
    bench.ingest_rows(row())
    first = bench.records()
    for time, age in enumerate(("20", "19", "20", "19")):
        (summary,) = bench.ingest_rows(row(Age=age, Worker=str(time))).files
        assert (summary.stored, summary.changed) == (1, 1)
    assert bench.records() == first
    assert bench.vault.count("history") == 4


def test_a_changed_name_and_phone_are_still_the_same_record(bench):
    bench.ingest_rows(row())
    (person,) = bench.all("person")
    bench.ingest_rows(row(Name="Zaira Renamed", Phone="+7 900 000-00-99"))
    (again,) = bench.all("person")
    assert again["person_id"] == person["person_id"]
    assert {one["person_id"] for one in bench.all("match_key")} == {person["person_id"]}


def test_a_corrected_phone_that_shows_a_known_person_joins_all_her_records(bench):
    bench.ingest_rows(
        row(), row(Case="A-2", Phone="+7 900 000-00-02"), row(Case="A-3", Phone="+7 900 000-00-02")
    )
    assert len({one["same_person_id"] for one in bench.all("person")}) == 2
    bench.ingest_rows(row(), row(Case="A-2"), row(Case="A-3", Phone="+7 900 000-00-02"))
    assert len({one["same_person_id"] for one in bench.all("person")}) == 1


def test_a_changed_row_that_cannot_be_read_waits_and_what_is_on_record_stays(bench):
    bench.ingest_rows(row())
    (summary,) = bench.ingest_rows(row(Age="240")).files
    assert (summary.stored, summary.reasons) == (0, {"impossible_number": 1})
    assert [one["age"] for one in bench.all("person")] == [19]
    assert list_vanished(bench.vault) == []
    bench.ingest_rows(row(Worker="Another"))
    assert list_quarantine(bench.vault) == [], "the newest export says again what is on record"


def test_a_consent_recorded_by_hand_outlives_every_change_of_the_row(bench):
    bench.ingest_rows(row(Statistics=""))
    record_consent(bench.vault, "A-1", Decision("statistics", "given"), now=NOW)
    bench.ingest_rows(row(Statistics="", Age="20"))
    assert counted(bench) == 1


def test_a_withdrawal_in_the_file_outlives_a_later_yes(bench):
    bench.ingest_rows(row())
    assert counted(bench) == 1
    bench.ingest_rows(row(Statistics="withdrawn"))
    assert counted(bench) == 0
    bench.ingest_rows(row(Statistics="yes"))
    assert counted(bench) == 0


def test_a_consent_that_the_newer_export_does_not_know_is_none(bench):
    bench.ingest_rows(row())
    bench.ingest_rows(row(Statistics=""))
    assert counted(bench) == 0


def test_persons_of_one_case_change_one_by_one(bench):
    told = {"Case": "K-1", "Date": "12.03.2023", "Acts": "beating", "By": "father"}
    by_case(bench, {**told, "No": "1", "Age": "30"}, {**told, "No": "2", "Age": "9"})
    ids = {one["external_id"]: one["person_id"] for one in bench.all("person")}
    summary = by_case(
        bench, {**told, "No": "1", "Age": "30"}, {**told, "No": "2", "Age": "10", "By": "mother"}
    )
    assert (summary.stored, summary.changed, summary.already_there) == (1, 1, 1)
    assert {one["external_id"]: (one["person_id"], one["age"]) for one in bench.all("person")} == {
        "1": (ids["1"], 30), "2": (ids["2"], 10)
    }  # fmt: skip
    assert bench.vault.count("incident") == 1
    relations = {(one["person_id"], one["relationship"]) for one in bench.all("act")}
    assert relations == {(ids["1"], "father"), (ids["2"], "mother")}
    linked = {one["perpetrator_id"] for one in bench.all("act")}
    assert {one["perpetrator_id"] for one in bench.all("perpetrator")} == linked


def test_one_row_may_not_move_a_case_that_its_other_rows_tell_as_before(bench):
    told = {"Case": "K-1", "Date": "12.03.2023", "Acts": "beating", "By": "father"}
    by_case(bench, {**told, "No": "1"}, {**told, "No": "2"})
    summary = by_case(bench, {**told, "No": "1"}, {**told, "No": "2", "Date": "12.03.2024"})
    assert summary.reasons == {"contradiction": 1}
    summary = by_case(bench, *({**told, "No": number, "Date": "12.03.2024"} for number in "12"))
    assert (summary.changed, summary.quarantined) == (2, 0)
    assert [one["date_incident"] for one in bench.all("incident")] == ["2024-03-12"]
    assert bench.vault.count("person") == 2


def test_a_later_outcome_is_added_to_the_history_and_a_corrected_one_replaced(bench):
    told = {"Case": "K-1", "No": "1", "Date": "12.03.2023"}
    by_case(bench, {**told, "Outcome": "returned_force", "Since": "01.04.2023"})
    by_case(bench, {**told, "Outcome": "safe_abroad", "Since": "01.09.2023"})
    by_case(bench, {**told, "Outcome": "safe_same_country", "Since": "01.09.2023"})
    outcomes = {(one["date_outcome"], one["outcome_status"]) for one in bench.all("outcome")}
    assert outcomes == {("2023-04-01", "returned_force"), ("2023-09-01", "safe_same_country")}


FUNDING = """
name: money
version: "1"
format: csv
key: [Month]
columns: {Month: funding.month, Sum: funding.amount}
constants: {funding.channel: domestic, funding.funding_currency: RUB}
"""
EVENTS = """
name: events
version: "1"
format: csv
key: [Code]
columns: {Code: context_event.event_code, Day: context_event.event_date, Dead: context_event.fatalities}
constants: {context_event.dataset: acled}
"""


@pytest.mark.parametrize(
    ("declaration", "table", "column", "names"),
    [
        (FUNDING, "funding", "amount", ("Month", "Sum")),
        (EVENTS, "context_event", "fatalities", ("Code", "Day", "Dead")),
    ],
)
def test_a_corrected_month_or_event_replaces_what_was_there(bench, declaration, table, column, names):
    for number, value in enumerate(("3", "5")):
        cells = dict(zip(names, ("2024-03", "2024-03-01", "3"), strict=False)) | {names[-1]: value}
        path = bench.file(csv_text([cells], names), f"{number}.csv")
        (summary,) = bench.ingest(path, declaration).files
        assert summary.refused is None
        assert summary.changed == number
    assert [one[column] for one in bench.all(table)] == [5]
    assert bench.vault.count("history") == 1


def test_rows_that_a_newer_export_lacks_are_asked_about_and_not_counted_meanwhile(bench):
    rows = [row(Case=f"A-{number}", Name=f"Name Nr{number}", Phone="") for number in range(6)]
    bench.ingest_rows(*rows)
    assert counted(bench) == 6
    (summary,) = bench.ingest_rows(*rows[1:]).files
    assert any("1 rows of an earlier export" in notice for notice in summary.notices)
    (question,) = list_vanished(bench.vault)
    assert (question.source_name, question.file_row) == ("desk", 2)
    assert counted(bench) == 5
    bench.ingest_rows(*rows[1:])
    assert len(list_vanished(bench.vault)) == 1, "it is asked once"
    assert answer_vanished(bench.vault, question.vanished_id, "lost", now=NOW) is None
    assert counted(bench) == 6
    with pytest.raises(UsageError, match="no such question"):
        answer_vanished(bench.vault, question.vanished_id, "withdrawn", now=NOW)


def test_a_vanished_row_that_was_withdrawn_is_erased_and_does_not_come_back(bench):
    rows = [row(Case=f"A-{number}", Name=f"Name Nr{number}", Phone="") for number in range(4)]
    bench.ingest_rows(*rows)
    bench.ingest_rows(*rows[1:])
    (question,) = list_vanished(bench.vault)
    withdrawal = answer_vanished(bench.vault, question.vanished_id, "withdrawn", now=NOW)
    assert withdrawal is not None
    assert withdrawal.persons == 1
    (summary,) = bench.ingest_rows(*rows).files
    assert summary.already_there == 4
    assert bench.vault.count("person") == 3


def test_a_row_that_returns_closes_its_question(bench):
    rows = [row(Case=f"A-{number}", Name=f"Name Nr{number}", Phone="") for number in range(4)]
    bench.ingest_rows(*rows)
    bench.ingest_rows(*rows[1:])
    bench.ingest_rows(*rows, row(Case="A-9", Name="Amina Other", Phone=""))
    assert list_vanished(bench.vault) == []
    assert counted(bench) == 5


def test_the_file_of_another_month_asks_nothing(bench):
    bench.ingest_rows(*(row(Case=f"A-{number}", Name=f"Name Nr{number}", Phone="") for number in range(4)))
    bench.ingest_rows(*(row(Case=f"B-{number}", Name=f"Name Mr{number}", Phone="") for number in range(4)))
    bench.ingest_rows(row(Case="A-0", Name="Name Nr0", Phone=""), row(Case="C-1", Name="Other One", Phone=""))
    assert list_vanished(bench.vault) == []


def test_no_later_version_brings_back_a_person_who_withdrew_from_a_case_of_several(bench):
    told = {"Case": "K-1", "Date": "12.03.2023", "Acts": "beating", "By": "father"}
    by_case(bench, {**told, "No": "1"}, {**told, "No": "2"})
    by_case(bench, {**told, "No": "1", "Age": "30"}, {**told, "No": "2", "Age": "31"})
    assert bench.vault.count("history") == 2
    withdraw_person(bench.vault, "2", now=NOW)
    assert bench.vault.count("history") == 0
    for age in ("32", "31"):
        by_case(bench, {**told, "No": "1", "Age": "30"}, {**told, "No": "2", "Age": age})
        assert [one["external_id"] for one in bench.all("person")] == ["1"]


AGES = st.sampled_from(["", "19", "20", "240"])
VERSIONS = st.lists(st.lists(st.one_of(st.none(), AGES), min_size=5, max_size=5), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VERSIONS)
def test_whatever_exports_follow_each_other_every_case_is_one_person(bench, versions):
    """Absent, changed, broken or back again: nobody is doubled, and the newest readable version counts."""
    prefix = f"v{bench.vault.count('ingest_run')}-"
    newest: dict[str, str] = {}
    for ages in versions:
        rows = [
            row(Case=f"{prefix}{number}", Name=f"Name {prefix}{number}", Phone="", Age=age)
            for number, age in enumerate(ages)
            if age is not None
        ]
        if not rows:
            continue
        (summary,) = bench.ingest_rows(*rows).files
        assert summary.reconciles
        newest.update({one["Case"]: one["Age"] for one in rows if one["Age"] != "240"})
    cases = {one["incident_id"]: one["external_id"] for one in bench.all("incident")}
    ours = [one for one in bench.all("person") if str(cases[one["incident_id"]]).startswith(prefix)]
    found = {cases[one["incident_id"]]: "" if one["age"] is None else str(one["age"]) for one in ours}
    assert found == newest
    assert len(ours) == len(newest)
