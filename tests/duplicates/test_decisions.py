"""Pairs are linked, asked about or left apart; what a person decided is kept, and can be taken back."""

import pytest

from codebook import UsageError
from ingest import decide, find_duplicates, list_candidates, show_pair
from tests.ingest.workbench import NOW, bench, csv_text, row

__all__ = ["bench"]

OTHER = """
name: line
version: "1"
format: csv
key: [Ref]
columns:
  Ref: incident.external_id
  When: incident.date_incident
  Where: incident.region
  Who: person.name
  Tel: person.phone
  Age: person.age
  Sex: person.sex
  Acts: {field: act.act_code, separator: ";"}
"""
HEADER = ("Ref", "When", "Where", "Who", "Tel", "Age", "Sex", "Acts")
CALL = dict(zip(HEADER, ("L-1", "2023-03-20", "", "", "", "", "", ""), strict=True))


def other_channel(bench, *calls):
    """Ingest rows of a second channel; what a call does not say is empty."""
    return bench.ingest(bench.file(csv_text([{**CALL, **call} for call in calls], HEADER), "line.csv"), OTHER)


def find(bench):
    """Return how many pairs are new: linked by the program, asked."""
    found = find_duplicates(bench.vault, now=NOW)
    return found.linked, found.asked


def identities(bench):
    """Return how many different persons are on record."""
    return len({one["same_person_id"] for one in bench.all("person")})


def test_one_incident_told_through_two_channels_is_asked_about_once(bench):
    bench.ingest_rows(row())
    other_channel(
        bench, {"Who": "Инвентед Заира", "Age": "19"}, {"Ref": "L-2", "When": "2021-01-01", "Age": "40"}
    )
    assert find(bench) == (0, 1)
    assert find(bench) == (0, 0)
    (candidate,) = list_candidates(bench.vault)
    assert (candidate.kind, candidate.reason) == ("incident", "given name+family name+age+day")
    decide(bench.vault, candidate.duplicate_id, "same", now=NOW)
    assert list_candidates(bench.vault) == []
    same = {one["incident_id"]: one["same_person_id"] for one in bench.all("person")}
    assert same[candidate.left_id] == same[candidate.right_id]
    assert bench.vault.count("source") == 3
    assert find(bench) == (0, 0)


def test_one_incident_that_agrees_in_all_is_linked_with_both_provenances(bench):
    bench.ingest_rows(row())
    other_channel(
        bench,
        {"When": "2023-03-12", "Where": "Dagestan", "Who": "Zaira Invented", "Age": "19", "Sex": "F",
         "Acts": "beating; threat"},
    )  # fmt: skip
    assert find(bench) == (1, 0)
    (linked,) = list_candidates(bench.vault, "same")
    assert (linked.kind, linked.decided_by) == ("incident", "program")
    assert identities(bench) == 1
    assert bench.vault.count("incident") == bench.vault.count("source") == 2
    assert bench.all("custody")[-1]["action"] == "duplicate decided"


def test_a_link_that_a_person_takes_back_stays_taken_back(bench):
    bench.ingest_rows(row())
    calls = {
        "When": "2023-03-12",
        "Where": "Dagestan",
        "Who": "Zaira Invented",
        "Age": "19",
        "Acts": "beating; threat",
    }
    other_channel(bench, calls)
    find(bench)
    (linked,) = list_candidates(bench.vault, "same")
    decide(bench.vault, linked.duplicate_id, "different", now=NOW)
    assert identities(bench) == 2
    assert len({one["household_id"] for one in bench.all("person")}) == 2
    bench.ingest_rows(row())
    other_channel(bench, calls, {"Ref": "L-9", "Who": "Nobody Known"})
    assert find(bench)[0] == 0
    (kept,) = list_candidates(bench.vault, "different")
    assert (kept.duplicate_id, kept.decided_by) == (linked.duplicate_id, "person")
    assert [one["decision"] for one in bench.all("duplicate_decision")] == ["same", "different"]


def test_a_decision_survives_a_newer_export_of_either_file(bench):
    bench.ingest_rows(row())
    other_channel(bench, {"Who": "Инвентед Заира", "Age": "19"})
    find(bench)
    (candidate,) = list_candidates(bench.vault)
    decide(bench.vault, candidate.duplicate_id, "same", now=NOW)
    bench.ingest_rows(row(Acts="beating"))
    other_channel(bench, {"Who": "Инвентед Заира", "Age": "20"})
    assert find(bench) == (0, 0)
    (kept,) = list_candidates(bench.vault, "same")
    assert kept.duplicate_id == candidate.duplicate_id
    assert {kept.left_id, kept.right_id} == {str(one["incident_id"]) for one in bench.all("incident")}


def test_a_person_who_comes_back_months_later_is_linked_and_her_incidents_stay_two(bench):
    bench.ingest_rows(row(Sex="F"))
    again = {
        "When": "2024-08-01",
        "Where": "Dagestan",
        "Who": "Заира Инвентет",
        "Tel": "8 900 0000001",
        "Age": "20",
    }
    other_channel(bench, again)
    assert find(bench) == (1, 0)
    (linked,) = list_candidates(bench.vault, "same")
    assert linked.kind == "person"
    assert identities(bench) == 1
    decide(bench.vault, linked.duplicate_id, "different", now=NOW)
    assert identities(bench) == 2
    assert find(bench) == (0, 0)


def test_a_phone_that_changed_hands_joins_nobody(bench):
    bench.ingest_rows(row())
    other_channel(bench, {"When": "2019-03-20", "Who": "Amina Other", "Tel": "8 900 0000001", "Age": "40"})
    assert find(bench) == (0, 0)
    assert identities(bench) == 2


def test_a_shared_phone_without_a_name_asks_whether_it_is_the_same_person(bench):
    bench.ingest_rows(row())
    other_channel(bench, {"When": "2019-03-20", "Tel": "8 900 0000001"})
    assert find(bench) == (0, 1)
    (candidate,) = list_candidates(bench.vault)
    assert (candidate.kind, candidate.reason) == ("person", "phone")
    decide(bench.vault, candidate.duplicate_id, "different", now=NOW)
    assert identities(bench) == 2
    assert find(bench) == (0, 0)


@pytest.mark.parametrize("sister", ["Zarema Invented", "Diana Invented", "Zaida Invented"])
def test_sisters_with_one_phone_are_not_one(bench, sister):
    bench.ingest_rows(row())
    other_channel(bench, {"When": "2022-03-12", "Who": sister, "Tel": "8 900 0000001", "Age": "18"})
    assert find(bench) == (0, 0)
    assert identities(bench) == 2


def test_a_hotline_number_that_many_share_is_no_sign(bench):
    bench.ingest_rows(row(Name=""))
    other_channel(
        bench, *({"Ref": f"L-{number}", "When": "2019-03-20", "Tel": "8 900 0000001"} for number in range(41))
    )
    assert find(bench) == (0, 0)


def test_the_same_words_in_two_accounts_are_no_sign(bench):
    bench.ingest_rows(row(), row(Case="A-2", Name="Amina Other", Phone="", Age="40", Date="01.02.2021"))
    assert find(bench) == (0, 0)


def test_taking_one_of_two_joinings_back_leaves_the_other(bench):
    bench.ingest_rows(row())
    other_channel(
        bench,
        {"When": "2019-03-20", "Tel": "8 900 0000001"},
        {"Ref": "L-2", "When": "2020-08-20", "Tel": "8 900 0000001"},
    )
    find(bench)
    for candidate in list_candidates(bench.vault):
        decide(bench.vault, candidate.duplicate_id, "same", now=NOW)
    assert identities(bench) == 1
    first, *_ = list_candidates(bench.vault, "same")
    decide(bench.vault, first.duplicate_id, "ask", now=NOW)
    joined = {one["person_id"]: one["same_person_id"] for one in bench.all("person")}
    for candidate in list_candidates(bench.vault, "same"):
        assert joined[candidate.left_id] == joined[candidate.right_id]
    decide(bench.vault, first.duplicate_id, "same", now=NOW)
    assert identities(bench) == 1


def test_a_pair_is_shown_without_names_places_and_accounts(bench):
    bench.ingest_rows(row(Town="Derbent"))
    other_channel(bench, {"Who": "Инвентед Заира", "Age": "19"})
    find(bench)
    (candidate,) = list_candidates(bench.vault)
    sides = {side.field: (side.left, side.right) for side in show_pair(bench.vault, candidate.duplicate_id)}
    assert sides["incident.external_id"] == ("A-1", "L-1")
    assert sides["incident.date_incident"] == ("2023-03-12", "2023-03-20")
    assert sides["person.age"] == ("19", "19")
    for text in ("Zaira", "Заира", "900", "Derbent", "account"):
        assert text not in str(sides)


def test_a_decision_needs_a_candidate(bench):
    with pytest.raises(UsageError, match="no such candidate"):
        decide(bench.vault, "nothing", "same", now=NOW)
    with pytest.raises(UsageError, match="no such candidate"):
        show_pair(bench.vault, "nothing")
