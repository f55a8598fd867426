"""Every row and every row of a repeat is accounted for, and a file that has changed is noticed."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codebook import SourceError
from ingest.newer_exports import RepeatCounts

from .workbench import bench, row

__all__ = ["bench"]

FORM = """
name: web
version: "1"
format: json
key: [code]
columns: {code: incident.external_id, date: incident.date_incident}
repeats:
  - path: people
    columns: {age: person.age, sex: person.sex}
    repeats:
      - path: acts
        columns: {act: act.act_code, by: act.relationship}
"""


def ingest_records(bench, records):
    (summary,) = bench.ingest(bench.file(json.dumps(records), "web.json"), FORM).files
    assert summary.refused is None
    return summary


def test_rows_of_repeats_are_told_by_what_became_of_them(bench):
    acts = [{"act": "beating", "by": "father"}]
    good = {
        "code": "1",
        "date": "2023-01-02",
        "people": [{"age": "30", "acts": acts}, {"age": "9", "acts": acts}],
    }
    bad = {"code": "2", "date": "2023-01-02", "people": [{"age": "300", "acts": [*acts, *acts]}]}
    summary = ingest_records(bench, [good, bad, good])
    assert summary.sheets == {
        "people": {"read": 5, "stored": 2, "already_there": 2, "quarantined": 1, "orphans": 0},
        "acts": {"read": 6, "stored": 2, "already_there": 2, "quarantined": 2, "orphans": 0},
    }
    kept = json.loads(str(bench.all("ingest_run")[-1]["sheet_counts"]))
    assert kept == summary.sheets


PEOPLE = st.lists(st.fixed_dictionaries({"age": st.sampled_from(["", "19", "300"])}), max_size=3)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"code": st.sampled_from("abcd"), "date": st.sampled_from(["2023-01-02", "?!"]), "people": PEOPLE}
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS)
def test_whatever_the_records_hold_no_row_of_a_repeat_is_lost(bench, records):
    summary = ingest_records(bench, records)
    assert summary.reconciles
    people = summary.sheets.get("people", {"read": 0, "stored": 0, "already_there": 0, "quarantined": 0})
    assert people["read"] == sum(len(one["people"]) for one in records)
    assert people["read"] == people["stored"] + people["already_there"] + people["quarantined"]


def test_a_repeat_whose_rows_do_not_add_up_stops_the_file():
    with pytest.raises(SourceError, match="3 rows of people were read and 1 are accounted for"):
        RepeatCounts(joined=True).reconciled({"people": 3}, {"people": 1}, "web.xlsx")


def test_a_column_that_the_last_file_filled_and_this_one_leaves_empty_is_noticed(bench):
    bench.ingest_rows(*(row(Case=f"A-{number}") for number in range(25)))
    (summary,) = bench.ingest_rows(
        *(row(Case=f"B-{number}", Region="", Sex="") for number in range(25))
    ).files
    (notice,) = [one for one in summary.notices if "filled are empty" in one]
    assert "2 columns" in notice
    assert "Region, Sex" in notice


def test_a_column_that_was_always_nearly_empty_is_not_noticed(bench):
    bench.ingest_rows(
        *(row(Case=f"A-{number}", Town="Grozny" if number == 3 else "") for number in range(25))
    )
    (summary,) = bench.ingest_rows(*(row(Case=f"B-{number}") for number in range(25))).files
    assert not any("empty in this one" in one for one in summary.notices)


def test_a_list_that_the_last_file_filled_and_this_one_lacks_is_noticed(bench):
    people = [{"age": "30", "acts": [{"act": "beating", "by": "father"}]}]
    records = [{"code": str(number), "date": "2023-01-02", "people": people} for number in range(25)]
    assert ingest_records(bench, records).notices == ()
    later = [{**one, "code": f"B{one['code']}", "people": [{"age": "31"}]} for one in records]
    (notice,) = ingest_records(bench, later).notices
    assert "1 sheets or lists" in notice
    assert "acts" in notice


def test_a_column_for_which_many_rows_wait_is_named_with_the_remedy(bench):
    rows = [row(Case=f"A-{number}", Region="Somewhere" if number % 2 else "Dagestan") for number in range(24)]
    (summary,) = bench.ingest_rows(*rows).files
    (notice,) = [one for one in summary.notices if "rows wait because of" in one]
    assert "12 of 24 rows" in notice
    assert "Region" in notice
    assert "Somewhere" not in notice
