"""From a vault to a release: what may be said of it, when it is refused, and what the vault must remember."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from anonymize import BuiltRelease, Correction, build_release
from codebook import TOTAL, PolicyError, ReleaseRefused
from tests.vault_factory import new_vault
from vault import Vault, record_release
from vault.ledger import ReleaseEntry

from .conftest import GROUP_POLICY, SETTINGS, Published
from .small_vault import POLICY, SmallVault, coding, population


def opened(folder: Path, built: BuiltRelease) -> Published:
    return Published(built, folder, POLICY, population(), coding())


def numbers_in(said: object, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(said, dict):
        for key, value in said.items():
            yield from numbers_in(value, f"{path}.{key}")
    elif isinstance(said, list | tuple):
        for value in said:
            yield from numbers_in(value, path)
    elif isinstance(said, int | float) and not isinstance(said, bool):
        yield path, said


SHARES = {"withheld_cells_share", "withheld_count_share"}  # worked out from what is printed
# Numbers of the plan and the policy, which are the same whoever is in the vault.
OF_THE_PLAN = {".tables.cells", ".tables.rounded_cells", ".tables.withheld_cells", ".tables.max_error"}


def test_public_evidence_holds_no_exact_count_of_anybody(published: Published) -> None:
    private = published.built.private
    exact = {
        *private["counted"].values(),
        *private["left_out"].values(),
        len(published.rows("SELECT * FROM records")),
    }
    exact |= {private["records"]["rows"], private["records"]["suppressed"]}
    told = {number for path, number in numbers_in(published.built.public) if path not in OF_THE_PLAN}
    policy = {number for _, number in numbers_in(dict(vars(GROUP_POLICY.records)))}
    assert not {number for number in exact if number > 10} & (told - policy)
    assert not {path for path, _ in numbers_in(published.built.public) if "left_out" in path}
    json.dumps(published.built.public)


def test_public_evidence_says_of_a_table_what_its_plan_and_prints_say_already(published: Published) -> None:
    for said in published.built.public["tables"]:
        (entry,) = published.rows(f"SELECT * FROM catalog WHERE name = '{said['name']}'")
        assert set(said) - SHARES == {
            "name",
            "cells",
            "withheld_cells",
            "rounded_cells",
            "mean_error",
            "max_error",
        }
        assert (said["cells"], said["withheld_cells"]) == (entry["cells"], entry["withheld_cells"])


def test_the_vault_is_told_who_was_counted_and_what_was_printed(published: Published) -> None:
    built = published.built
    assert set(built.remembered.persons) == set(published.population.person_ids)
    assert built.tables == len(POLICY.tables)
    (total,) = published.rows(f"SELECT value FROM incidents_region WHERE place = '{TOTAL}'")
    assert built.remembered.cells["incidents"].printed == total["value"]
    assert built.remembered.cells["incidents"].true_count == len(published.population.cases)
    first = str(sorted(built.remembered.persons)[0])
    assert first not in repr(built), first


def test_the_same_vault_key_and_ledger_give_the_same_bytes(
    group_vault: Vault, published: Published, tmp_path: Path
) -> None:
    build_release(group_vault, GROUP_POLICY, SETTINGS, tmp_path)
    again, first = (folder / "release.db" for folder in (tmp_path, published.folder))
    assert again.read_bytes() == first.read_bytes()


def printed_tables(release: Published) -> dict[str, list[dict[str, object]]]:
    return {name: list(release.rows(f"SELECT * FROM {name}")) for name in release.tables()}


def test_another_key_gives_other_prints_of_the_same_counts(
    group_vault: Vault, published: Published, tmp_path: Path
) -> None:
    key = group_vault.setting("rounding_key")
    group_vault.update("setting", "rounding_key", {"value": "00" * 32})
    try:
        built = build_release(group_vault, GROUP_POLICY, SETTINGS, tmp_path)
    finally:
        group_vault.update("setting", "rounding_key", {"value": key})
    one, other = printed_tables(published), printed_tables(opened(tmp_path, built))
    assert one != other
    for table, cells in one.items():
        for cell, twin in zip(cells, other[table], strict=True):
            if cell["value"] is not None and twin["value"] is not None:
                # Both keep the same promise, so their bounds meet.
                assert twin["lower"] <= cell["upper"]  # type: ignore[operator]
                assert cell["lower"] <= twin["upper"]  # type: ignore[operator]


def test_a_second_release_of_the_same_cases_prints_the_same_and_names_the_first(
    group_vault: Vault, published: Published, tmp_path: Path
) -> None:
    built = published.built
    entry = ReleaseEntry(
        "007", SETTINGS.built_at, built.period_from, "2025-09-30", built.rules_id, "PASS", 17, ""
    )
    record_release(group_vault, entry, built.remembered)
    try:
        second = build_release(group_vault, GROUP_POLICY, replace(SETTINGS, release_id="008"), tmp_path)
    finally:
        for table in ("release", "release_person", "printed_cell"):
            group_vault.delete(table, "1 = 1", [])
    assert second.supersedes == "007"
    assert printed_tables(opened(tmp_path, second)) == printed_tables(published)


def test_a_release_of_too_few_persons_is_refused_and_nothing_is_written(
    group_vault: Vault, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseRefused, match=r"may be counted; the policy asks for 5000 of each") as error:
        build_release(group_vault, replace(GROUP_POLICY, minimum_persons=5000), SETTINGS, tmp_path)
    assert "withheld status" in error.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_records_that_are_asked_for_and_cannot_be_made_refuse_the_release(
    group_vault: Vault, tmp_path: Path
) -> None:
    policy = replace(GROUP_POLICY, records=replace(GROUP_POLICY.records, k=200))
    with pytest.raises(ReleaseRefused, match="no recoding keeps k=200"):
        build_release(group_vault, policy, SETTINGS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_records_that_are_asked_for_and_cannot_be_made_may_be_left_out_and_that_is_said(
    group_vault: Vault, tmp_path: Path
) -> None:
    records = replace(GROUP_POLICY.records, k=200, required=False)
    built = build_release(group_vault, replace(GROUP_POLICY, records=records), SETTINGS, tmp_path)
    assert (built.public["records"]["published"], built.public["records"]["possible"]) == (False, False)
    names = opened(tmp_path, built).rows("SELECT name FROM sqlite_master WHERE name = 'records'")
    assert names == []


def test_a_correction_of_a_release_that_nobody_knows_refuses_the_release(
    group_vault: Vault, tmp_path: Path
) -> None:
    wrong = replace(SETTINGS, corrections=(Correction(SETTINGS.built_at, "unknown", "Counted twice."),))
    with pytest.raises(PolicyError, match="no release of that id"):
        build_release(group_vault, GROUP_POLICY, wrong, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_records_that_are_not_asked_for_are_measured_and_not_published(
    group_vault: Vault, tmp_path: Path
) -> None:
    policy = replace(GROUP_POLICY, records=replace(GROUP_POLICY.records, publish=False))
    built = build_release(group_vault, policy, SETTINGS, tmp_path)
    release = opened(tmp_path, built)
    assert (built.public["records"]["published"], built.public["records"]["possible"]) == (False, True)
    names = {row["name"] for row in release.rows("SELECT name FROM sqlite_master")}
    assert "records" not in names
    assert release.rows("SELECT * FROM fields WHERE table_name = 'records'") == []
    assert release.rows("SELECT * FROM codes WHERE code_list LIKE 'records%'") == []


@pytest.fixture
def acts_only(tmp_path: Path) -> Iterator[SmallVault]:
    """A group that records acts against 60 persons of 60 households, and no help, money or outcomes."""
    with new_vault(tmp_path) as vault:
        small = SmallVault(vault)
        with vault.transaction():
            for number in range(60):
                case = small.case(date_incident=f"20{20 + number % 5}-03-08")
                small.act(case, small.person(case, age=20 + number % 30, household_id=f"h{number}"))
        yield small


def test_tables_of_what_a_group_does_not_record_are_left_out(acts_only: SmallVault, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    built = build_release(acts_only.vault, POLICY, SETTINGS, folder)
    absent = {
        "help_result_year",
        "help_quarter",
        "response_year",
        "spending_year",
        "donations_quarter",
        "donations_year",
        "contexts_year",
    }
    release = opened(folder, built)
    assert set(built.private["tables_left_out"]) == absent
    assert set(release.tables()) == set(POLICY.tables) - absent
    described = {row["table_name"] for row in release.rows("SELECT table_name FROM fields")}
    assert described == set(release.tables())
    lists = {row["code_list"] for row in release.rows("SELECT code_list FROM codes")}
    assert not lists & {"need_category", "channel", "response_band", "request_result", "gbv_context"}


def test_gifts_in_other_currencies_or_of_foundations_only_are_not_printed_as_none(
    acts_only: SmallVault, tmp_path: Path
) -> None:
    acts_only.funding(funding_currency="EUR")
    acts_only.funding(channel="foundation")
    folder = tmp_path / "r"
    folder.mkdir()
    built = build_release(acts_only.vault, POLICY, SETTINGS, folder)
    assert "donations_quarter" in built.private["tables_left_out"]


def test_sixty_persons_of_one_household_are_too_few(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        small = SmallVault(vault)
        with vault.transaction():
            for _ in range(60):
                small.person(small.case(), household_id="one home")
        with pytest.raises(ReleaseRefused, match="60 persons of 1 households may be counted"):
            build_release(vault, POLICY, SETTINGS, tmp_path)


def test_one_woman_in_sixty_cases_is_too_few(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        small = SmallVault(vault)
        with vault.transaction():
            for number in range(60):
                small.person(small.case(), same_person_id="she", household_id=f"h{number}")
        with pytest.raises(ReleaseRefused, match="1 persons of 1 households may be counted"):
            build_release(vault, POLICY, SETTINGS, tmp_path)


def test_the_stages_are_told_as_they_begin(group_vault: Vault, tmp_path: Path) -> None:
    told: list[str] = []
    build_release(group_vault, GROUP_POLICY, SETTINGS, tmp_path, step=told.append)
    assert told == [
        "choosing who may be counted",
        "making records k-anonymous",
        "rounding all tables together",
        "writing release.db",
    ]
