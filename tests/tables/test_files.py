"""Any microdata file can be protected: plans by name, ladders, errors that quote nothing."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from anonymize.tables.files import ProtectRequest, protect_file
from codebook import PlanError, ReleaseRefused
from tests.shared_files import shared_path

MICRODATA = """year,quarter,type,person_id,household_id
Y0,Q1,a,1,h1
Y0,Q1,a,2,h1
Y0,Q2,b,3,h2
Y1,Q3,b,4,h3
"""


@pytest.fixture
def microdata(tmp_path: Path) -> Path:
    """Four rows in three households."""
    path = tmp_path / "micro.csv"
    path.write_text(MICRODATA, encoding="utf-8")
    return path


def plan_file(folder: Path, text: str) -> Path:
    """Write a plan."""
    path = folder / "plans.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_one_csv_a_table_with_the_columns_of_a_release(microdata, tmp_path):
    plan = plan_file(tmp_path, "- {time: quarter, type: type}\n- {time: year}\n")
    request = ProtectRequest(microdata, plan, key=b"k" * 32)
    evidence = protect_file(request, tmp_path / "out", tmp_path / "e.json")
    assert json.loads((tmp_path / "e.json").read_text("utf-8")) == evidence
    assert (evidence["rows"], evidence["distinct_cells"]) == (4, 18)
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["t01_quarter_type.csv", "t02_year.csv"]
    with (tmp_path / "out" / files[1]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["time", "value", "lower", "upper", "obs_status", "conf_status"]
    assert [row["time"] for row in rows] == ["_T", "Y0", "Y1"]
    assert all(int(row["value"]) % 5 == 0 for row in rows)


def test_the_same_key_gives_the_same_bytes_and_the_ledger_stays_where_it_is_told(microdata, tmp_path):
    request = ProtectRequest(microdata, plan_file(tmp_path, "- {time: quarter, type: type}\n"), key=b"k" * 32)
    for name in ("one", "two"):
        protect_file(request, tmp_path / name, tmp_path / f"{name}.json", ledger=tmp_path / "ledger.json")
    one, two = (next((tmp_path / name).iterdir()).read_bytes() for name in ("one", "two"))
    assert one == two
    assert json.loads((tmp_path / "ledger.json").read_text("utf-8"))["rows"][0] == 4


def test_prints_of_an_earlier_output_are_kept_under_another_key(microdata, tmp_path):
    plan = plan_file(tmp_path, "- {time: quarter, type: type}\n")
    protect_file(ProtectRequest(microdata, plan, key=b"a" * 32), tmp_path / "one", tmp_path / "e.json")
    for number in range(5):
        request = ProtectRequest(microdata, plan, key=bytes([number]) * 32, previous=(tmp_path / "one",))
        protect_file(request, tmp_path / "two", tmp_path / "e.json")
        one, two = (next((tmp_path / name).iterdir()).read_bytes() for name in ("one", "two"))
        assert one == two
    request = ProtectRequest(microdata, plan, previous=(microdata.parent,))
    with pytest.raises(PlanError, match="not a protected table"):
        protect_file(request, tmp_path / "three", tmp_path / "e.json")


def test_hierarchies_name_codes_that_no_row_has(microdata, tmp_path):
    ladders = tmp_path / "ladders"
    ladders.mkdir()
    (ladders / "quarter.csv").write_text("Q1;Y0;*\nQ2;Y0;*\nQ3;Y1;*\nQ4;Y1;*\n", encoding="utf-8")
    request = ProtectRequest(microdata, plan_file(tmp_path, "- {time: quarter}\n"), hierarchies=ladders)
    evidence = protect_file(request, tmp_path / "out", tmp_path / "e.json")
    assert evidence["distinct_cells"] == 7


@pytest.mark.parametrize(
    ("plan", "changes", "message"),
    [
        ("- {time: month}\n", {}, "1 columns of its ladder are not in the microdata"),
        ("- {time: year, x: nothing}\n", {}, "not in the microdata"),
        ("a: [{time: year}]\nb: [{time: year}]\n", {}, "name one of its 2 plans"),
        ("a: [{time: year}]\n", {"plan_name": "z"}, "name one of its 1 plans"),
        ("just text\n", {}, "a plan is a list of tables"),
        ("- [time]\n", {}, "table 1 is no mapping"),
        ("- {time: year}\n- {time: type}\n", {}, "on no common ladder"),
        ("- {time: year}\n", {"method": "magic"}, "unknown method"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_by_name(microdata, tmp_path, plan, changes, message):
    request = ProtectRequest(microdata, plan_file(tmp_path, plan), **changes)
    with pytest.raises(PlanError, match=message):
        protect_file(request, tmp_path / "out", tmp_path / "e.json")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no rows"),
        (b"year,type\n", "no rows"),
        (b"year,year\n1,2\n", "stands twice"),
        (b"year,type\n1,2,3\n", "1 rows have more or fewer fields"),
        ("year,type\nё,2\n".encode("cp1251"), "not a CSV file in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content, message):
    path = tmp_path / "micro.csv"
    path.write_bytes(content)
    request = ProtectRequest(path, plan_file(tmp_path, "- {time: year}\n"))
    with pytest.raises(PlanError, match=message):
        protect_file(request, tmp_path / "out", tmp_path / "e.json")


def test_the_coarse_plan_of_two_thousand_cases_is_rounded_without_hiding_anything(tmp_path):
    folder = shared_path("bench", "tables")
    request = ProtectRequest(
        folder / "synthetic_incidents_2000.csv", folder / "plans.yml", "coarse", key=b"k" * 32
    )
    evidence = protect_file(request, tmp_path / "out", tmp_path / "e.json")
    assert evidence["distinct_cells"] == 1074
    assert sum(table["withheld_cells"] for table in evidence["tables"]) == 0
    assert max(table["max_error"] for table in evidence["tables"]) == 4


def test_what_suppression_costs_is_told_in_shares_of_cells_and_of_the_printed_total(tmp_path):
    lines = ["a,x"] * 40 + ["b,x"] * 37 + ["a,y"] * 31 + ["b,y"] * 3
    (tmp_path / "micro.csv").write_text("\n".join(["kind,place", *lines]) + "\n", encoding="utf-8")
    request = ProtectRequest(
        tmp_path / "micro.csv", plan_file(tmp_path, "- {kind: kind, place: place}\n"), method="suppression"
    )
    evidence = protect_file(request, tmp_path / "out", tmp_path / "e.json")
    (table,) = evidence["tables"]
    assert (table["mean_error"], table["max_error"]) == (0.0, 0)
    with next((tmp_path / "out").iterdir()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = sum(int(row["value"] or 0) for row in rows if "_T" not in (row["kind"], row["place"]))
    assert table["withheld_cells"] == sum(row["value"] == "" for row in rows) > 0
    total = next(row["value"] for row in rows if (row["kind"], row["place"]) == ("_T", "_T"))
    assert table["withheld_count_share"] == (round(1 - shown / int(total), 3) if total else None)
    assert evidence["withheld_by_rule"]["threshold"] == 1


SENSITIVE = "tables: [{type: type, time: year}]\nsensitive: {type: [b]}\n"


def test_categories_that_the_plan_calls_sensitive_have_the_larger_threshold(microdata, tmp_path):
    request = ProtectRequest(microdata, plan_file(tmp_path, SENSITIVE), key=b"k" * 32, threshold_sensitive=8)
    evidence = protect_file(request, tmp_path / "out", tmp_path / "e.json")
    assert (evidence["threshold_sensitive"], evidence["base"], evidence["base_sensitive"]) == (8, 5, 10)
    with next((tmp_path / "out").iterdir()).open(encoding="utf-8", newline="") as file:
        widths = {
            (row["type"], row["time"]): int(row["upper"]) - int(row["value"]) for row in csv.DictReader(file)
        }
    assert (widths["b", "Y0"], widths["_T", "Y0"]) == (9, 9)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("tables: [{time: year}]\nsensitive: {time: [Y7]}\n", "sensitive: 1 codes of time are not in"),
        ("tables: [{time: year}]\nsensitive: {colour: [red]}\n", "sensitive: an entry is no list of codes"),
        ("tables: [{time: year}]\nsensitive: [Y0]\n", "sensitive is not written as it should"),
        ("tables: [{time: year}]\nweights: {}\n", "unknown keys: weights"),
        ("tables: []\n", "and this one has none"),
        ("tables: [{time: year}]\nstructural_zeros: [{time: Y7}]\n", "structural_zeros: entry 1"),
        ("a: [", "not a YAML file"),
    ],
)
def test_what_a_plan_says_of_categories_must_be_there(microdata, tmp_path, plan, message):
    request = ProtectRequest(microdata, plan_file(tmp_path, plan), method="suppression")
    with pytest.raises(PlanError, match=message) as caught:
        protect_file(request, tmp_path / "out", tmp_path / "e.json")
    assert "Y7" not in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second", "threshold"),
    [
        ("suppression", "rounding", 5),
        ("suppression", "cell-key", 5),
        ("rounding", "cell-key", 5),
        ("cell-key", "rounding", 5),
        ("rounding", "rounding", 7),
        ("cell-key", "cell-key", 7),
    ],
)
def test_an_earlier_output_of_another_method_or_threshold_is_refused(tmp_path, first, second, threshold):
    # Bounds of two methods cut each other: 0-4 and 4-14 leave 4.
    lines = ["kind,place", *(f"{'ab'[n % 2]},{'xyz'[n % 3]}" for n in range(120))]
    (tmp_path / "micro.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = plan_file(tmp_path, "- {kind: kind, place: place}\n")
    request = ProtectRequest(tmp_path / "micro.csv", plan, key=b"k" * 32, method=first)
    protect_file(request, tmp_path / "one", tmp_path / "e.json")
    later = replace(request, method=second, threshold=threshold, previous=(tmp_path / "one",))
    with pytest.raises(ReleaseRefused, match="another method or threshold"):
        protect_file(later, tmp_path / "two", tmp_path / "e.json")
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize("method", ["rounding", "cell-key"])
def test_what_an_earlier_output_withholds_stays_withheld(tmp_path, method):
    lines = ["kind,place,person_id", *(f"{'ab'[n % 2]},{'xyz'[n % 3]},{n // 20}" for n in range(120))]
    (tmp_path / "micro.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = plan_file(tmp_path, "- {kind: kind, place: place}\n")
    request = ProtectRequest(tmp_path / "micro.csv", plan, method=method, key=b"k" * 32)
    protect_file(request, tmp_path / "one", tmp_path / "e.json")
    (path,) = (tmp_path / "one").iterdir()
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    rows[-1] |= {"value": "", "lower": "", "upper": "", "obs_status": "Q", "conf_status": "C"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    again = replace(request, previous=(tmp_path / "one",))
    protect_file(again, tmp_path / "two", tmp_path / "e.json")
    (path,) = (tmp_path / "two").iterdir()
    now = {
        (row["kind"], row["place"]): row["value"]
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    }
    assert now[rows[-1]["kind"], rows[-1]["place"]] == ""
