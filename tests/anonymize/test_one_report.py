"""A release with exact numbers: small ones withheld, attacked, passed, and never beside another."""

from dataclasses import replace
from pathlib import Path

import pytest

from anonymize import build_release
from anonymize.audit import CHECKS, audit_release
from anonymize.policy import Policy, require_policy
from codebook import PolicyError, ReleaseRefused, Verdict
from vault import Vault, record_release
from vault.ledger import ReleaseEntry

from .conftest import GROUP_POLICY, SETTINGS, Published
from .small_vault import coding, population

EXACT: Policy = replace(
    GROUP_POLICY, method="suppression", records=replace(GROUP_POLICY.records, publish=False)
)
OF_THE_DATABASE = {name: check for name, check in CHECKS.items() if name in (
    "schema", "codes", "crossings", "prints", "shared_cells", "additivity", "single_withheld", "intervals",
)}  # fmt: skip


@pytest.fixture(scope="module")
def report(group_vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A report of exact numbers."""
    folder = tmp_path_factory.mktemp("report")
    built = build_release(group_vault, EXACT, SETTINGS, folder)
    return Published(built, folder, EXACT, population(), coding())


def test_an_exact_report_passes_the_attack(report: Published) -> None:
    found = audit_release(report.folder, checks=OF_THE_DATABASE)
    assert {one.name: one.counts for one in found.findings if one.verdict is not Verdict.PASS} == {}


def test_small_counts_are_withheld_and_the_others_are_exact(report: Published) -> None:
    rows = [row for name in report.tables() for row in report.rows(f"SELECT * FROM {name}")]
    counted = [row for row in rows if row["conf_status"] == "F" and row["lower"] == row["upper"]]
    assert any(row["conf_status"] == "C" and row["value"] is None for row in rows)
    assert all(row["value"] == 0 or row["value"] >= EXACT.threshold for row in counted)
    (method,) = report.rows("SELECT value FROM release WHERE key = 'method'")
    assert method["value"] == "suppression"


def test_the_evidence_of_a_report_says_how_many_cells_each_rule_withheld(report: Published) -> None:
    method = report.built.public["method"]
    assert (method["name"], method["base"], method["zeros"]) == ("suppression", 1, "sensitive")
    withheld = sum(table["withheld_cells"] for table in report.built.public["tables"])
    assert withheld > 0
    assert method["withheld_by_rule"]["threshold"] > 0
    assert "only one" in method["weakness"]


def test_an_exact_report_beside_an_earlier_release_is_refused(
    group_vault: Vault, report: Published, tmp_path: Path
) -> None:
    entry = ReleaseEntry("first", SETTINGS.built_at, "2019-01-01", "2026-06-30", "r", "PASS", 1, "", "")
    with group_vault.transaction():
        record_release(group_vault, entry, report.built.remembered)
    try:
        with pytest.raises(ReleaseRefused, match="give small changes away"):
            build_release(group_vault, EXACT, SETTINGS, tmp_path)
    finally:  # the vault is for all tests, in whatever order they run
        for table in ("release", "release_person", "printed_cell", "released_record", "released_amount"):
            group_vault.delete(table, "1 = 1", [])


@pytest.mark.parametrize(
    ("policy", "key"),
    [
        (replace(EXACT, method="cell-key"), "method"),
        (replace(EXACT, zeros="maybe"), "zeros"),
        (replace(EXACT, records=replace(EXACT.records, publish=True)), "records: publish"),
    ],
)
def test_a_policy_that_no_method_can_keep_is_refused_by_its_key(policy: Policy, key: str) -> None:
    with pytest.raises(PolicyError, match=f"policy.yml: {key} is not allowed"):
        require_policy(policy)
