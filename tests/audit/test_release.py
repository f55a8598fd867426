"""A release that keeps the rules passes; every way of putting the truth back into it is caught."""

import csv
import sqlite3
from pathlib import Path

import pytest

from anonymize.audit import CHECKS, audit_release
from codebook import AuditError, Verdict

from .fake_release import FakeRelease, FakeTable, crossed, flat, small_release, write_chart

UNPACKED = {name: check for name, check in CHECKS.items() if name != "checksums"}


def verdicts(folder: Path, *earlier: Path) -> dict[str, Verdict]:
    """Return check -> verdict."""
    return {f.name: f.verdict for f in audit_release(folder, earlier, checks=UNPACKED).findings}


def failed(folder: Path, *earlier: Path) -> set[str]:
    """Return the checks that failed."""
    return {name for name, verdict in verdicts(folder, *earlier).items() if verdict is Verdict.FAIL}


def edit(folder: Path, statement: str) -> None:
    """Change release.db as somebody with a database tool would."""
    with sqlite3.connect(folder / "release.db") as database:
        database.execute(statement)
    database.execute("VACUUM")
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A release without fault."""
    return small_release().write(tmp_path / "r1")


def test_a_release_that_keeps_the_rules_passes(folder):
    report = audit_release(folder, checks=UNPACKED)
    assert {finding.name for finding in report.findings} == set(UNPACKED)
    assert report.verdict is Verdict.PASS


def test_a_release_without_checksums_is_put_to_a_person(folder):
    assert audit_release(folder).verdict is Verdict.REVIEW


def test_a_report_without_checks_has_failed(folder):
    assert audit_release(folder, checks={}).verdict is Verdict.FAIL


AT = "WHERE place = 'p1' AND period = '2023'"


@pytest.mark.parametrize(
    ("statement", "caught_by"),
    [
        (f"UPDATE incidents_place SET value = 3 {AT}", {"prints", "additivity", "data_files"}),
        (
            f"UPDATE incidents_place SET value = 3, lower = 3, upper = 3 {AT}",
            {"prints", "intervals", "data_files"},
        ),
        (f"UPDATE incidents_place SET lower = 5, upper = 5 {AT}", {"prints", "intervals", "data_files"}),
        (f"UPDATE incidents_place SET lower = 4, upper = 6 {AT}", {"prints", "intervals", "data_files"}),
        (f"UPDATE incidents_place SET value = 10, lower = 6, upper = 14 {AT}", {"additivity", "data_files"}),
        (
            "UPDATE incidents_place SET value = 83 WHERE place = '_T' AND period = '_T'",
            {"shared_cells", "prints"},
        ),
        (f"UPDATE incidents_place SET value = NULL {AT}", {"prints", "data_files"}),
        (f"UPDATE incidents_place SET value = 'three' {AT}", {"schema", "prints"}),
        (f"UPDATE incidents_place SET value = 5.5 {AT}", {"schema", "prints"}),
        (f"UPDATE incidents_place SET obs_status = 'P' {AT}", {"prints"}),
        (f"UPDATE incidents_place SET place = 'Secret village' {AT}", {"codes", "data_files"}),
        ("INSERT INTO incidents_place SELECT * FROM incidents_place LIMIT 1", {"codes"}),
    ],
)
def test_what_was_put_back_into_the_database_is_caught(folder, statement, caught_by):
    edit(folder, statement)
    assert caught_by <= failed(folder)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE notes (note TEXT)",
        "CREATE VIEW everything AS SELECT * FROM incidents_place",
        "ALTER TABLE incidents_place ADD COLUMN exact_count INTEGER",
        "ALTER TABLE release ADD COLUMN author TEXT",
        "CREATE TABLE records (name TEXT)",
        'ALTER TABLE incidents_place RENAME TO "incidents-place"',
        "UPDATE catalog SET name = 'elsewhere' WHERE name = 'incidents_place'",
    ],
)
def test_whatever_the_contract_does_not_know_fails(folder, statement):
    edit(folder, statement)
    assert "schema" in failed(folder)


def test_free_pages_fail_because_deleted_rows_lie_in_them(folder):
    with sqlite3.connect(folder / "release.db") as database:
        database.execute("CREATE TABLE scratch (value TEXT)")
        database.executemany("INSERT INTO scratch VALUES (?)", [("x" * 500,)] * 100)
        database.commit()
        database.execute("DROP TABLE scratch")
    database.close()
    assert failed(folder) == {"schema"}


def rewrite(path: Path, change) -> None:
    """Change the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[1].__setitem__(2, "3"),
        lambda rows: rows[1].__setitem__(3, "3"),
        lambda rows: rows.append(["p4", "2023", "5", "1", "9", "A", "F"]),
        lambda rows: rows.append(list(rows[1])),
        lambda rows: rows.pop(),
        lambda rows: rows[1].append("3"),
        lambda rows: [row.append("exact" if row is rows[0] else "3") for row in rows],
    ],
    ids=[
        "value",
        "lower",
        "one cell more",
        "one cell twice",
        "one cell less",
        "a field more",
        "a column more",
    ],
)
def test_a_data_file_that_differs_is_caught(folder, change):
    rewrite(folder / "data" / "incidents_place.csv", change)
    assert failed(folder) == {"data_files"}


def test_a_chart_may_show_some_cells_but_no_other_numbers(folder):
    shown = [{"place": "p1", "period": "2022", "value": 20, "lower": 16, "upper": 24}]
    write_chart(folder, "incidents_place", shown)
    assert failed(folder) == set()
    write_chart(folder, "incidents_place", [shown[0] | {"value": 19}])
    assert failed(folder) == {"chart_files"}
    write_chart(folder, "incidents_place", [shown[0] | {"place": "p9"}])
    assert failed(folder) == {"chart_files"}


def test_a_sensitive_cell_needs_the_larger_base(tmp_path):
    table = FakeTable("motives", "motives", ("motive",), {("m1",): 10, ("m2",): 10, ("_T",): 20})
    release = FakeRelease([table], {"motive": flat("m1", "m2", sensitive=["m2"])})
    assert "prints" in failed(release.write(tmp_path / "a"))
    table.bases = {("m2",): 10, ("_T",): 10}
    assert failed(release.write(tmp_path / "b")) == set()


def test_a_total_of_the_smaller_base_that_narrows_a_sensitive_cell_is_caught(tmp_path):
    table = FakeTable("motives", "motives", ("motive",), {("m1",): 0, ("m2",): 0, ("_T",): 0})
    table.bases = {("m2",): 10}
    release = FakeRelease([table], {"motive": flat("m1", "m2", sensitive=["m2"])})
    assert failed(release.write(tmp_path / "a")) == {"intervals"}


def test_a_forbidden_crossing_is_named(tmp_path):
    prints = crossed({("r1", "m1"): 5, ("r1", "m2"): 10})
    codes = {"place": {"_T": ("", "", 0), "r1": ("_T", "region", 0)}, "motive": flat("m1", "m2")}
    table = FakeTable("secret", "motives", ("place", "motive"), prints)
    assert failed(FakeRelease([table], codes).write(tmp_path / "a")) == {"crossings"}


def test_a_withheld_cell_that_follows_from_the_others_is_caught(tmp_path):
    prints = crossed({("a", "x"): 20, ("a", "y"): 5, ("b", "x"): 10, ("b", "y"): 10})
    prints["a", "x"] = None
    table = FakeTable("crossing", "incidents", ("first", "second"), prints)
    release = FakeRelease([table], {"first": flat("a", "b"), "second": flat("x", "y")})
    assert failed(release.write(tmp_path / "a")) == {"single_withheld"}


RECORD_CODES = {"place": flat("p1", "p2"), "age": flat("minor", "adult")}


def test_records_below_k_and_free_text_in_records_are_caught(tmp_path):
    safe = FakeRelease([], RECORD_CODES, record_columns=("place", "age"), records=[("p1", "adult")] * 3)
    assert failed(safe.write(tmp_path / "safe")) == set()
    safe.records = [*safe.records, ("p2", "minor")]
    assert failed(safe.write(tmp_path / "small")) == {"records_k"}
    safe.records = [("p1", "adult")] * 2 + [("p1", "her brother")] * 2
    assert failed(safe.write(tmp_path / "text")) == {"record_values"}


def test_records_that_narrow_a_table_are_caught(tmp_path):
    table = FakeTable("persons_place", "persons", ("place",), {("p1",): 5, ("p2",): 10, ("_T",): 15})
    release = FakeRelease([table], {"place": flat("p1", "p2")}, record_columns=("place",))
    release.records = [("p1",)] * 5 + [("p2",)] * 6
    assert failed(release.write(tmp_path / "wide")) == set()
    release.records = [("p1",)] * 9 + [("p2",)] * 6
    assert failed(release.write(tmp_path / "exact")) == {"records_and_tables"}


def test_a_stacked_table_is_attacked_with_the_total_it_repeats(tmp_path):
    quality: dict[tuple[str, ...], int | None]
    quality = {("age", "recorded"): 15, ("age", "missing"): 5, ("age", "_T"): 20}
    tables = [
        FakeTable("persons_year", "persons", ("period",), {("2023",): 20, ("_T",): 20}),
        FakeTable("quality", "persons", ("question", "recorded"), quality, stacked="question"),
    ]
    codes = {
        "period": flat("2023"),
        "question": flat("age"),
        "recorded": flat("recorded", "missing"),
    }
    release = FakeRelease(tables, codes)
    assert failed(release.write(tmp_path / "same")) == set()
    tables[1].prints = {("age", "recorded"): 15, ("age", "missing"): 10, ("age", "_T"): 25}
    assert "shared_cells" in failed(release.write(tmp_path / "other"))


def test_a_folder_without_a_database_cannot_be_attacked(tmp_path):
    with pytest.raises(AuditError, match=r"no release\.db"):
        audit_release(tmp_path)


def test_evidence_counts_and_never_quotes(folder):
    edit(folder, f"UPDATE incidents_place SET place = 'Secret village' {AT}")
    evidence = str(audit_release(folder).as_evidence())
    assert "Secret" not in evidence
    assert "'unknown_codes': 1" in evidence


def test_parts_whose_total_stands_in_another_table_are_not_passed_unattacked(tmp_path):
    # f and m without x and without a total, beside the totals: no sum says that f is at most total - m.
    years = FakeTable("years", "persons", ("period",), {("2022",): 20, ("2023",): 20, ("_T",): 40})
    prints: dict[tuple[str, ...], int | None] = {}
    for sex, value in (("f", 5), ("m", 15)):
        prints |= {(sex, "2022"): value, (sex, "2023"): value, (sex, "_T"): 2 * value}
    parts = FakeTable("parts", "persons", ("sex", "period"), prints)
    codes = {"sex": flat("f", "m", "x"), "period": flat("2022", "2023")}
    assert "additivity" in failed(FakeRelease([years, parts], codes).write(tmp_path / "apart"))
    assert "additivity" not in failed(FakeRelease([parts], codes).write(tmp_path / "alone"))
