"""A no, a withdrawal and a doubt outlive whatever exports, repairs and answers follow each other."""

import json

from ingest import answer_vanished, list_vanished
from vault import Decision, record_consent, withdraw_person

from .test_changes import by_case, counted
from .test_repair import cell_for, repaired
from .workbench import NOW, bench, row

__all__ = ["bench"]

TOLD = {"Case": "K-1", "Date": "12.03.2023", "Acts": "beating", "By": "father"}
FORM = (
    'name: web\nversion: "1"\nformat: json\nkey: [code]\ncolumns: {code: incident.external_id, '
    "date: incident.date_incident}\nrepeats:\n  - path: people\n"
    "    columns: {id: person.external_id, age: person.age, ok: {consent: statistics}}\n"
)


def submit(bench, *people):
    """Take one submission of a form; each person is her code, age and consent."""
    names = ("id", "age", "ok")
    record = {
        "code": "1", "date": "2023-03-12", "people": [dict(zip(names, one, strict=True)) for one in people]
    }  # fmt: skip
    (summary,) = bench.ingest(bench.file(json.dumps([record]), "web.json"), FORM).files
    assert summary.reconciles
    return summary


def test_an_old_file_taken_twice_more_turns_no_refusal_into_consent(bench):
    bench.ingest_rows(row())
    bench.ingest_rows(row(Statistics="no"))
    for _ in range(2):
        bench.ingest_rows(row())
        assert counted(bench) == 0


def test_nobody_is_counted_while_a_newer_version_of_her_row_waits(bench):
    bench.ingest_rows(row())
    assert counted(bench) == 1
    bench.ingest_rows(row(Age="240", Statistics="withdrew in May"))
    assert counted(bench) == 0
    repaired(bench, lambda line: {"Age": "24", "Statistics": "no"}.get(line["column"], line["cell"]))
    assert bench.vault.count("quarantine", "status = 'waiting'") == 0
    assert [one["age"] for one in bench.all("person")] == [24]
    assert counted(bench) == 0


def test_the_refusal_of_a_sister_of_whom_one_withdrew_is_not_lost(bench):
    by_case(bench, {**TOLD, "No": "1"}, {**TOLD, "No": "2"})
    submit(bench, ("7", "30", "yes"), ("8", "31", "yes"))
    withdraw_person(bench.vault, "7", now=NOW)
    before = counted(bench)
    submit(bench, ("7", "30", "yes"), ("8", "31", "no"))
    assert counted(bench) == before - 1


def test_a_withdrawal_counts_for_her_other_case_too_when_its_own_row_is_gone(bench):
    rows = [row(Case=f"A-{number}", Name=f"Name Nr{number}", Phone="") for number in range(4)]
    bench.ingest_rows(row(Case="W-1", Statistics="withdrawn"), row(Case="B-1"), *rows)
    assert counted(bench) == 4
    bench.ingest_rows(row(Case="B-1"), *rows)
    assert len(list_vanished(bench.vault)) == 1
    assert counted(bench) == 4


def test_a_person_who_is_not_in_a_form_any_more_keeps_her_withdrawal(bench):
    submit(bench, ("7", "30", "withdrawn"), ("8", "31", "yes"))
    submit(bench, ("8", "31", "yes"))
    submit(bench, ("7", "30", "yes"), ("8", "31", "yes"))
    assert counted(bench) == 1


def test_another_person_in_the_place_of_the_first_is_another_person(bench):
    submit(bench, ("7", "30", "yes"), ("8", "31", "yes"))
    before = {one["external_id"]: one["person_id"] for one in bench.all("person")}
    submit(bench, ("8", "31", "yes"), ("9", "40", "yes"))
    after = {one["external_id"]: one["person_id"] for one in bench.all("person")}
    assert after["8"] == before["8"]
    assert after["9"] not in before.values()


def test_a_consent_by_hand_does_not_pass_to_whoever_takes_her_place(bench):
    submit(bench, ("7", "30", ""))
    record_consent(bench.vault, "1", Decision("statistics", "given"), now=NOW)
    submit(bench, ("9", "40", ""))
    assert counted(bench) == 0


def test_a_repaired_copy_of_somebody_withdrawn_does_not_come_back(bench):
    bench.ingest_rows(row(Age="240"))
    withdraw_person(bench.vault, "A-1", now=NOW)
    (summary,) = bench.ingest_rows(row(Age="24")).files
    assert (summary.stored, summary.already_there) == (0, 1)
    assert bench.vault.count("person") == 0


def test_withdrawing_a_case_empties_no_waiting_row_of_another(bench):
    bench.ingest_rows(row(Case="17"), row(Case="18", Age="240", Sex="17", Name="Amina Other", Phone=""))
    withdraw_person(bench.vault, "17", now=NOW)
    assert bench.vault.count("quarantine", "status = 'waiting'") == 1
    repaired(bench, lambda line: {"Age": "24", "Sex": "F"}.get(line["column"], line["cell"]))
    assert [one["age"] for one in bench.all("person")] == [24]


def test_a_vanished_month_of_funding_that_was_withdrawn_is_erased(bench):
    declared = (
        'name: money\nversion: "1"\nformat: csv\nkey: [Month]\ncolumns: {Month: funding.month, Sum: '
        "funding.amount}\nconstants: {funding.channel: domestic, funding.funding_currency: RUB}\n"
    )
    for months in (("2024-01", "2024-02", "2024-03"), ("2024-01", "2024-02")):
        text = "Month,Sum\n" + "".join(f"{month},5\n" for month in months)
        bench.ingest(bench.file(text, f"{len(months)}.csv"), declared)
    (question,) = list_vanished(bench.vault)
    answer_vanished(bench.vault, question.vanished_id, "withdrawn", now=NOW)
    assert bench.vault.count("funding") == 2
    assert list_vanished(bench.vault) == []


def test_two_rows_of_a_newer_file_under_one_key_stop_nothing(bench):
    by_case(bench, {**TOLD, "No": "1", "Age": "30"})
    summary = by_case(bench, {**TOLD, "No": "1", "Age": "31"}, {**TOLD, "No": "1", "Age": "32"})
    assert (summary.changed, summary.quarantined) == (1, 1)


def test_one_row_that_moves_to_another_case_takes_nobody_else_with_it(bench):
    by_case(bench, {**TOLD, "No": "1"}, {**TOLD, "No": "2"})
    text = json.dumps([one["external_id"] for one in bench.all("incident")])
    summary = by_case(bench, {**TOLD, "No": "2", "Date": "12.03.2024"})
    assert summary.reasons == {"contradiction": 1}
    assert json.dumps([one["external_id"] for one in bench.all("incident")]) == text


def test_a_bad_cell_repaired_under_a_guarded_key_keeps_its_key(bench):
    bench.ingest_rows(row(Case="@a", Age="240"))
    repaired(bench, cell_for("Age", "24"))
    bench.ingest_rows(row(Case="@a", Age="25"))
    assert [one["age"] for one in bench.all("person")] == [25]


def test_a_row_with_the_signs_of_two_persons_makes_the_two_one(bench):
    first = row(Case="A-1", Phone="+7 900 000-00-01", Born="01.02.1990", Age="", Name="Zaira Invented")
    other = row(Case="A-2", Phone="+7 900 000-00-02", Born="03.04.1991", Age="", Name="Zaira Invented")
    both = {**other, "Case": "A-3", "Born": first["Born"]}
    bench.ingest_rows(first, other)
    assert len({one["same_person_id"] for one in bench.all("person")}) == 2
    bench.ingest_rows(first, other, both)
    assert len({one["same_person_id"] for one in bench.all("person")}) == 1


def test_the_same_holds_inside_one_file(bench):
    first = row(Case="A-1", Phone="+7 900 000-00-01", Born="01.02.1990", Age="", Name="Zaira Invented")
    other = row(Case="A-2", Phone="+7 900 000-00-02", Born="03.04.1991", Age="", Name="Zaira Invented")
    bench.ingest_rows(first, other, {**other, "Case": "A-3", "Born": first["Born"]})
    assert len({one["same_person_id"] for one in bench.all("person")}) == 1
