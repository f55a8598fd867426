"""Anybody's tables can be attacked: sums are found by total names and ladders, withheld cells given back."""

import pytest

from anonymize.audit.cube import audit_cube
from codebook import AuditError, Verdict


def table(folder, name, text):
    """Write a table."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def counts(report):
    """Return check -> counts."""
    return {finding.name: finding.counts for finding in report.findings}


def test_a_withheld_cell_alone_in_a_sum_is_given_back(tmp_path):
    folder = table(tmp_path / "t", "a", "place,value\nTotal,20\nx,17\ny,\n")
    report = audit_cube(folder)
    assert report.verdict is Verdict.FAIL
    assert counts(report)["intervals"]["exact"] == 1


def test_two_tables_that_are_safe_alone_are_not_together(tmp_path):
    folder = table(tmp_path / "t", "a", "place,value\n_T,30\nx,\ny,\nz,10\n")
    assert audit_cube(folder).verdict is Verdict.PASS
    table(folder, "b", "place,kind,value\nx,_T,\nx,k1,9\nx,k2,8\n")
    assert counts(audit_cube(folder))["intervals"]["exact"] == 2


def test_a_ladder_makes_a_sum_of_a_region_and_its_districts(tmp_path):
    folder = table(tmp_path / "t", "a", "place,value\nR1,20\nd1,17\nd2,\n")
    assert audit_cube(folder).verdict is Verdict.PASS
    ladders = table(tmp_path / "ladders", "place", "d1;R1;*\nd2;R1;*\n")
    assert audit_cube(folder, hierarchies=ladders).verdict is Verdict.FAIL


def test_a_language_version_with_one_cell_more_is_caught(tmp_path):
    folder = table(tmp_path / "t", "a_en", "place,value\nTotal,30\nx,\ny,\n")
    table(folder, "a_ru", "place,value\nВсего,30\nx,\ny,26\n")
    found = counts(audit_cube(folder))
    assert found["shared_cells"]["shown_in_one_and_withheld_in_another"] == 1
    assert found["intervals"]["exact"] == 1


def test_levels_that_nobody_named_are_left_out_and_put_to_a_person(tmp_path):
    text = "place,value\n_T,30\nR1,20\nR2,10\nd1,12\nd2,8\nd3,10\n"
    folder = table(tmp_path / "t", "a", text)
    assert audit_cube(folder).verdict is Verdict.REVIEW
    ladders = table(tmp_path / "ladders", "place", "d1;R1;*\nd2;R1;*\nd3;R2;*\n")
    assert audit_cube(folder, hierarchies=ladders).verdict is Verdict.PASS


@pytest.mark.parametrize("text", ["place,count\nx,3\n", "place,value\nx,many\n", "place,value\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path, text):
    with pytest.raises(AuditError, match=r"not a table|no tables"):
        audit_cube(table(tmp_path / "t", "a", text))
