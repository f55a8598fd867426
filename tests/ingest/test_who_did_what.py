"""Who did what to whom, who is the same person and who lives together, from every shape of file."""

import json

import pytest

from codebook import load_codebook

from .workbench import Workbench, bench, csv_text, row

__all__ = ["bench"]

GROUPED = """
name: people
version: "1"
format: csv
key: [Case, No]
incident_by: [Case]
columns:
  Case: incident.external_id
  No: link.person
  Code: person.external_id
  House: person.household_external_id
  Date: incident.date_incident
  Perpetrators: incident.number_perpetrators
  Acts: {field: act.act_code, separator: ";"}
  By: {field: act.relationship, separator: ";"}
  Age: person.age
"""
PEOPLE = ("Case", "No", "Code", "House", "Date", "Perpetrators", "Acts", "By", "Age")


def people(bench: Workbench, *rows: str, name: str = "people.csv"):
    """Ingest rows of the grouped file."""
    lines = [dict(zip(PEOPLE, one.split("|"), strict=True)) for one in rows]
    return bench.ingest(bench.file(csv_text(lines, PEOPLE), name), GROUPED).files[0]


def links(bench: Workbench) -> list[tuple[object, object, object]]:
    """Return (age of the person, relationship, number of the perpetrator) of each act."""
    ages = {one["person_id"]: one["age"] for one in bench.all("person")}
    numbers = {one["perpetrator_id"]: place for place, one in enumerate(bench.all("perpetrator"))}
    return sorted((ages[one["person_id"]], one["relationship"], numbers.get(one["perpetrator_id"]))
                  for one in bench.all("act"))  # fmt: skip


def test_one_man_is_husband_of_one_and_father_of_two(bench):
    people(
        bench,
        "C1|1||H|2023|1|beating|husband|40",
        "C1|2||H|2023|1|beating|father|12",
        "C1|3||H|2023|1|beating|father|9",
    )
    assert len(bench.all("incident")) == 1
    assert len(bench.all("perpetrator")) == 1
    assert links(bench) == [(9, "father", 0), (12, "father", 0), (40, "partner", 0)]
    assert len({one["household_id"] for one in bench.all("person")}) == 1


def test_every_act_is_by_every_relationship_of_the_person(bench):
    bench.ingest_rows(row(Acts="beating; threat", By="father; brother"))
    assert links(bench) == [(19, "brother", 1), (19, "brother", 1), (19, "father", 0), (19, "father", 0)]


def test_the_same_relatives_in_another_order_are_not_mixed_up(bench):
    people(bench, "C1|1||H|2023|2|beating|father; brother|20", "C1|2||H|2023|2|beating|brother; father|18")
    assert len(bench.all("perpetrator")) == 2
    assert links(bench) == [(18, "brother", 1), (18, "father", 0), (20, "brother", 1), (20, "father", 0)]


def test_two_men_who_are_different_relatives_of_two_persons_stay_two(bench):
    people(bench, "C1|1||H|2023|2|beating|husband; in-laws|30", "C1|2||H|2023|2|beating|father; relative|8")
    assert len(bench.all("perpetrator")) == 2
    assert links(bench) == [(8, "father", 0), (8, "relative_other", 1), (30, "in_law", 1), (30, "partner", 0)]


def test_an_incident_column_that_contradicts_the_first_row_of_its_case_sends_the_row_to_quarantine(bench):
    summary = people(bench, "C1|1||H|2023|1|beating|father|20", "C1|2||H|2022|1|beating|father|18")
    assert (summary.stored, summary.reasons) == (1, {"contradiction": 1})


def test_a_person_who_comes_with_a_later_file_joins_the_case_on_record(bench):
    first = "C1|1||H|2023|1|beating|father|20"
    people(bench, first)
    summary = people(bench, first, "C1|2||H|2023|1|threat|father|18", name="later.csv")
    assert (summary.stored, summary.already_there) == (1, 1)
    assert (len(bench.all("incident")), len(bench.all("perpetrator"))) == (1, 1)
    summary = people(bench, "C1|3||H|2023|1|threat|father|16", name="third.csv")
    assert (len(bench.all("incident")), len(bench.all("person"))) == (1, 3)


def test_persons_of_one_case_without_household_codes_share_one_household(bench):
    people(
        bench,
        "C1|1|||2023|1|beating|father|20",
        "C1|2|||2023|1|beating|father|18",
        "C2|1|||2023|1|beating|father|5",
    )
    households = [one["household_id"] for one in bench.all("person")]
    assert households[0] == households[1] != households[2]


def test_household_codes_separate_the_persons_of_one_case_and_join_those_of_two(bench):
    people(
        bench,
        "C1|1||H1|2023|1|beating|police|20",
        "C1|2||H2|2023|1|beating|police|18",
        "C2|1||H1|2023||threat|father|5",
    )
    households = [one["household_id"] for one in bench.all("person")]
    assert households[0] == households[2] != households[1]


def test_a_person_code_joins_the_records_of_one_person_and_her_households(bench):
    people(bench, "C1|1|P1||2023||beating|father|20", "C2|1|P2||2023||threat|father|30")
    people(bench, "C3|1|P1||2024||beating|father|21", "C3|2|P2||2024||threat|father|31", name="later.csv")
    rows = bench.all("person")
    assert rows[0]["same_person_id"] == rows[2]["same_person_id"] != rows[1]["same_person_id"]
    assert len({one["household_id"] for one in rows}) == 1


def test_a_phone_joins_only_together_with_a_name(bench):
    bench.ingest_rows(
        row(),
        row(Case="A-2", Name="INVENTED Zaira", Phone="8 (900) 000 00 01"),
        row(Case="A-3", Name="Amina Invented"),
    )
    same = [one["same_person_id"] for one in bench.all("person")]
    assert same[0] == same[1] != same[2]


def test_identifiers_are_not_stored_and_the_birth_date_becomes_an_age(bench):
    bench.ingest_rows(row(Born="2000-06-15", Age=""))
    (person,) = bench.all("person")
    assert person["age"] == 22
    assert [person[name] for name in ("name", "phone", "date_of_birth")] == [None, None, None]
    kinds = {one["kind"] for one in bench.all("match_key")}
    assert kinds == {"name", "name_parts", "phone", "phone_name", "birth", "name_birth"}


def test_identifiers_are_stored_where_the_group_asks_for_it(bench):
    bench.ingest(bench.file(csv_text([row()])), keep_identifiers=True)
    assert bench.all("person")[0]["name"] == "Zaira Invented"


def test_no_byte_of_coordinates_or_ignored_columns_is_in_the_vault(bench):
    bench.ingest_rows(
        row(Lat="42.98765", Worker="Ignored Worker"), row(Case="A-2", Age="240", Lat="42.98765")
    )
    text = json.dumps(
        [bench.all(table) for table in (*load_codebook().entities, "quarantine", "ingest_run", "custody")]
    )
    assert "Zaira" in text  # in the quarantined row, so that it can be repaired
    assert "42.98765" not in text
    assert "Ignored Worker" not in text


KOBO = {
    "results": [
        {
            "case": "W-1", "date": "2025-02-11", "acts": "beating", "consent": "yes",
            "person": [
                {"p/age": "40", "p/by": "husband"},
                {"p/age": "12", "p/by": "father", "p/acts": [{"a/act": "threat", "a/by": "brother"}]},
            ],
            "help": [{"h/need": "ticket", "h/who": "2"}, {"h/need": "food"}],
        }
    ]
}  # fmt: skip
WEB = """
name: web
version: "1"
format: json
path: results
key: [case]
columns:
  case: incident.external_id
  date: incident.date_incident
  acts: {field: act.act_code, separator: " "}
  consent: {consent: statistics}
repeats:
  - path: person
    columns: {p/age: person.age, p/by: act.relationship}
    repeats:
      - path: p/acts
        columns: {a/act: act.act_code, a/by: act.relationship}
  - path: help
    columns: {h/need: request.need, h/who: link.person}
"""


def test_nested_repeats_belong_to_the_person_they_stand_in(bench):
    (summary,) = bench.ingest(bench.file(json.dumps(KOBO), "web.json"), WEB).files
    assert (summary.stored, summary.sheets["person"]["read"], summary.sheets["p/acts"]["read"]) == (1, 2, 1)
    ages = {one["person_id"]: one["age"] for one in bench.all("person")}
    acts = sorted((ages[one["person_id"]], one["act_code"], one["relationship"]) for one in bench.all("act"))
    # Acts of the form hold for whoever has none of her own.
    assert acts == [(12, "threat", "brother"), (40, "assault_minor", "partner")]
    requests = sorted((one["need"], ages[one["person_id"]]) for one in bench.all("request"))
    assert requests == [("food", 40), ("ticket", 12)]
    assert [one["consent_status"] for one in bench.all("consent")] == ["given", "given"]


def test_a_link_to_a_person_who_is_not_there_sends_the_record_to_quarantine(bench):
    record = {**KOBO["results"][0], "help": [{"h/need": "ticket", "h/who": "7"}]}
    (summary,) = bench.ingest(bench.file(json.dumps({"results": [record]}), "web.json"), WEB).files
    assert summary.reasons == {"contradiction": 1}


def test_a_record_without_any_person_is_not_counted_silently(bench):
    record = {"case": "W-1", "date": "2025-02-11", "acts": "beating", "consent": "yes", "person": []}
    (summary,) = bench.ingest(bench.file(json.dumps({"results": [record]}), "web.json"), WEB).files
    assert summary.reasons == {"missing_required": 1}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("yes", "yes", "given"),
        ("yes", "no", "refused"),
        ("no", "yes", "refused"),
        ("yes", "", "given"),
        ("", "", None),
    ],
)
def test_of_two_answers_on_one_consent_the_more_careful_counts(bench, first, second, kept):
    declaration = bench.declaration.replace("  Story: incident.narrative", "  Story: {consent: statistics}")
    bench.ingest_rows(row(Statistics=first, Story=second), declaration=declaration)
    assert [one["consent_status"] for one in bench.all("consent")] == ([kept] if kept else [])


def test_a_consent_that_holds_for_a_whole_source_keeps_its_basis_and_never_overrules_a_person(bench):
    basis = "consent: [{scope: statistics, status: given, basis: public data under an open licence}]\n"
    bench.ingest_rows(
        row(Statistics="no"), row(Case="A-2", Statistics=""), declaration=bench.declaration + basis
    )
    found = [(one["consent_status"], one["consent_note"]) for one in bench.all("consent")]
    assert found == [("refused", None), ("given", "public data under an open licence")]


@pytest.mark.parametrize(
    ("cell", "stored"), [("120.5", (120.5, "RUB")), ("1 200 руб.", (1200.0, "RUB")), ("$ 30", None)]
)
def test_an_amount_in_another_currency_than_recorded_waits_for_a_person(bench, cell, stored):
    declaration = bench.declaration.replace("  Story: incident.narrative", "  Story: request.cost")
    declaration += "constants: {request.currency: RUB}\n"
    (summary,) = bench.ingest_rows(row(Story=cell), declaration=declaration).files
    assert summary.reasons == ({} if stored else {"contradiction": 1})
    assert [(one["cost"], one["currency"]) for one in bench.all("request")] == ([stored] if stored else [])
