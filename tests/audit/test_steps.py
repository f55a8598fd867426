"""Where several units step in one closed year as one case would make them, a person is asked to look."""

from anonymize.audit import CHECKS, audit_release
from codebook import Verdict

from .fake_release import FakeRelease, FakeTable, crossed, flat

ONLY = {"closed_periods": CHECKS["closed_periods"]}
YEARS = {
    "2022": ("_T", "year", 0),
    "2023": ("_T", "year", 0),
    "unknown": ("_T", "year", 0),
    "_T": ("", "total", 0),
}


def release(folder, built, *, period_to="2022-12-31", **changes):
    """Write a release of three units by year; `changes` are added to the print of (unit, kind, year)."""
    tables = []
    for unit in ("persons", "acts", "requests"):
        cells = {
            (year, kind): 40 + changes.get(f"{unit}_{kind}_{year}", 0)
            for year in ("2022", "2023", "unknown")
            for kind in ("a", "b", "c", "d")
        }
        tables.append(FakeTable(f"{unit}_year", unit, ("period", "kind"), crossed(cells)))
    codes = {"period": YEARS, "kind": flat("a", "b", "c", "d")}
    settings = {"built_at": built, "period_to": period_to, "period_from": "2022-01-01"}
    return FakeRelease(tables, codes, settings).write(folder)


def found(tmp_path, **changes):
    """Return the verdict on a second release in which prints changed, and its counts."""
    first = release(tmp_path / "a", "2023-04-01")
    finding = audit_release(release(tmp_path / "b", "2023-07-01", **changes), [first], checks=ONLY).findings[
        0
    ]
    return finding.verdict, finding.counts["with_steps_of_few_cases_in_several_units"], finding.counts


def test_a_first_release_and_equal_prints_pass(tmp_path):
    verdict, few, counts = found(tmp_path)
    assert (verdict, few, counts["closed_periods"], counts["with_steps"]) == (Verdict.PASS, 0, 2, 0)


def test_one_case_that_steps_in_two_units_of_a_closed_year_is_put_to_a_person(tmp_path):
    verdict, few, counts = found(tmp_path, persons_a_2022=-5, acts_b_2022=-5)
    assert (verdict, few, counts["most_units_that_step_together"]) == (Verdict.REVIEW, 1, 2)


def test_a_case_without_a_date_counts_like_one_of_a_closed_year(tmp_path):
    assert found(tmp_path, persons_a_unknown=5, requests_b_unknown=5)[:2] == (Verdict.REVIEW, 1)


def test_one_unit_alone_and_the_running_year_tell_no_case(tmp_path):
    assert found(tmp_path, persons_a_2022=-5)[:2] == (Verdict.PASS, 0)
    other = tmp_path / "running"
    assert found(other, persons_a_2023=5, acts_a_2023=5)[:2] == (Verdict.PASS, 0)


def test_several_cells_of_a_table_and_steps_to_and_fro_are_not_one_case(tmp_path):
    several = {f"{unit}_{kind}_2022": 5 for unit in ("persons", "acts") for kind in "abc"}
    assert found(tmp_path / "several", **several)[:2] == (Verdict.PASS, 0)
    assert found(tmp_path / "fro", persons_a_2022=5, acts_b_2022=-5)[:2] == (Verdict.PASS, 0)


def test_what_stepped_before_the_last_release_is_not_told_again(tmp_path):
    first = release(tmp_path / "a", "2023-04-01")
    second = release(tmp_path / "b", "2023-07-01", persons_a_2022=5, acts_a_2022=5)
    third = release(tmp_path / "c", "2023-10-01", persons_a_2022=5, acts_a_2022=5)
    assert audit_release(second, [first], checks=ONLY).verdict is Verdict.REVIEW
    assert audit_release(third, [second, first], checks=ONLY).verdict is Verdict.PASS
