"""The auditor divides as a reader does: a proved share fails, one that prints show is put to a person."""

import pytest

from anonymize.audit import CHECKS, audit_release
from codebook import Verdict

from .fake_release import FakeRelease, FakeTable, crossed, flat

ONLY = {"shares": CHECKS["shares"]}
WIDE = ("sexual", "_T")


def release(folder, rows, *, column="actor_type", withheld=(), **settings):
    """Write a release with one table of a column that the family knows, by groups of acts."""
    prints = crossed(rows) | dict.fromkeys(withheld)
    bases = {codes: 10 for codes in prints if codes[1] in WIDE}
    codes = {
        column: flat(*dict.fromkeys(first for first, _ in rows)),
        "act_group": flat("sexual", "physical", sensitive=["sexual"]),
    }
    table = FakeTable("actors_acts", "acts", (column, "act_group"), prints, bases=bases)
    return FakeRelease([table], codes, settings).write(folder)


def found(folder):
    """Return the verdict and how many tables tell too much, by each way."""
    finding = audit_release(folder, checks=ONLY).findings[0]
    told = finding.as_evidence(published=True)["counts"]
    assert isinstance(told, dict)
    return finding.verdict, [value for name, value in told.items() if name.startswith("tables")], finding


ALIKE = {
    ("family", "sexual"): 60,
    ("family", "physical"): 940,
    ("known", "sexual"): 10,
    ("known", "physical"): 190,
}
STANDS_OUT = ALIKE | {("known", "sexual"): 20, ("known", "physical"): 30}
ONLY_PRINTED = ALIKE | {("known", "sexual"): 10, ("known", "physical"): 5}


def test_a_group_like_all_passes(tmp_path):
    verdict, told, finding = found(release(tmp_path / "a", ALIKE))
    assert (verdict, told, finding.counts["shares"]) == (Verdict.PASS, [0, 0, 0], 2)


def test_a_proved_share_far_above_that_of_all_fails(tmp_path):
    verdict, told, _ = found(release(tmp_path / "a", STANDS_OUT))
    assert (verdict, told) == (Verdict.FAIL, [1, 0, 0])


def test_a_share_that_prints_alone_show_is_put_to_a_person(tmp_path):
    verdict, told, _ = found(release(tmp_path / "a", ONLY_PRINTED))
    assert (verdict, told) == (Verdict.REVIEW, [0, 0, 1])


def test_a_withheld_cell_alone_in_its_row_is_given_back_by_the_programs(tmp_path):
    mostly = STANDS_OUT | {("known", "sexual"): 40, ("known", "physical"): 10}
    verdict, told, _ = found(release(tmp_path / "a", mostly, withheld=[("known", "sexual")]))
    assert (verdict, told) == (Verdict.REVIEW, [0, 1, 0])


def test_a_withheld_cell_with_companions_tells_nothing(tmp_path):
    cells = [(actor, act) for actor in ("family", "known") for act in ("sexual", "physical")]
    verdict, told, _ = found(release(tmp_path / "a", STANDS_OUT, withheld=cells))
    assert (verdict, told) == (Verdict.PASS, [0, 0, 0])


@pytest.mark.parametrize(
    ("column", "verdict"),
    [("age_band", Verdict.FAIL), ("marital", Verdict.FAIL), ("verification", Verdict.PASS)],
)
def test_only_columns_that_the_family_knows_make_groups(tmp_path, column, verdict):
    assert found(release(tmp_path / "a", STANDS_OUT, column=column))[0] is verdict


def test_the_limits_are_those_that_the_release_states(tmp_path):
    assert found(release(tmp_path / "a", STANDS_OUT, share_rise_percent="30"))[0] is Verdict.PASS


def test_the_published_finding_names_no_table_and_the_data_officer_is_told_it(tmp_path):
    finding = found(release(tmp_path / "a", STANDS_OUT))[2]
    assert "actors_acts" not in str(finding.as_evidence(published=True))
    assert finding.tables == ("actors_acts",)
