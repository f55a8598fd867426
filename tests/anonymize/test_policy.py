"""The policy: nothing unknown, mistyped or looser than the method allows is ever taken for the default."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from anonymize import load_policy
from codebook import PolicyError
from codebook.settings import overlay, read_yaml


def workspace(folder: Path, text: str, name: str = "policy.yml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_without_a_workspace_the_packaged_policy_holds() -> None:
    policy = load_policy()
    assert (policy.threshold, policy.threshold_sensitive, policy.base, policy.base_sensitive) == (
        5,
        10,
        5,
        10,
    )
    assert (policy.records.publish, policy.records.k, policy.records.l) == (False, 5, 2)
    assert len(policy.tables) == 18


def test_a_workspace_overrides_one_value_and_keeps_the_others(tmp_path: Path) -> None:
    policy = load_policy(workspace(tmp_path, "rules_id: ours-1\nrecords:\n  k: 7\n"))
    packaged = load_policy()
    assert (policy.records.k, policy.rules_id) == (7, "ours-1")
    assert policy.records.l == packaged.records.l
    assert policy.money == packaged.money
    assert policy.tables == packaged.tables


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_policy_file_changes_nothing(tmp_path: Path, text: str) -> None:
    assert load_policy(workspace(tmp_path, text)) == load_policy()


def test_a_stricter_policy_is_allowed(tmp_path: Path) -> None:
    text = "threshold: 10\nbase: 10\nthreshold_sensitive: 20\nbase_sensitive: 20\nminimum_persons: 100\n"
    assert load_policy(workspace(tmp_path, text)).threshold == 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("treshold: 3", "policy.yml: unknown keys: treshold"),
        ("records: {kk: 3}", "policy.yml: records: unknown keys: kk"),
        ("money: {currncy: RUB}", "policy.yml: money: unknown keys: currncy"),
        ("yes: 1", "policy.yml: unknown keys: True"),
        ("5: 1", "policy.yml: unknown keys: 5"),
        ("tables: {}", "policy.yml: unknown keys: tables"),
        ("units: {}\ndimensions: {}", "policy.yml: unknown keys: dimensions, units"),
    ],
)
def test_an_unknown_key_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        load_policy(workspace(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("threshold: five", "threshold"),
        ("threshold: 5.0", "threshold"),
        ("threshold: true", "threshold"),
        ("threshold: null", "threshold"),
        ("threshold: [5]", "threshold"),
        ("rules_id: 1", "rules_id"),
        ("exclude_reported_to_partner: 1", "exclude_reported_to_partner"),
        ("exclude_reported_to_partner: 'yes'", "exclude_reported_to_partner"),
        ("exclude_verification: withdrawn", "exclude_verification"),
        ("regions_shown: [RU-DA, no]", "regions_shown"),
        ("money: 5", "money"),
        ("money: null", "money"),
        ("money: {dominance_share: half}", "money: dominance_share"),
        ("records: [k]", "records"),
        ("records: {publish: 1}", "records: publish"),
        ("records: {quasi_identifiers: [1]}", "records: quasi_identifiers"),
    ],
)
def test_a_value_of_another_type_is_refused_by_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(PolicyError, match=f"policy.yml: {key}: .* expected"):
        load_policy(workspace(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("threshold: 2", "threshold"),
        ("threshold: 6", "base"),
        ("base: 4", "base"),
        ("threshold_sensitive: 4", "threshold_sensitive"),
        ("base_sensitive: 5", "base_sensitive"),
        ("base_sensitive: 12", "base_sensitive"),
        ("minimum_persons: 9", "minimum_persons"),
        ("records: {k: 1}", "records: k"),
        ("records: {l: 0}", "records: l"),
        ("records: {max_suppressed_share: 1.0}", "records: max_suppressed_share"),
        ("records: {max_suppressed_share: -0.1}", "records: max_suppressed_share"),
        ("records: {max_suppressed_share: .nan}", "records: max_suppressed_share"),
        ("money: {minimum_contributors: 2}", "money: minimum_contributors"),
        ("money: {dominance_share: 0}", "money: dominance_share"),
        ("money: {dominance_share: 1.5}", "money: dominance_share"),
        ("money: {dominance_share: .nan}", "money: dominance_share"),
        ("money: {base: 0}", "money: base"),
        ("money: {base: -1000}", "money: base"),
        ("money: {p_percent: 0}", "money: p_percent"),
        ("money: {p_percent: .nan}", "money: p_percent"),
        ("years_shown: 0", "years_shown"),
        ("years_shown: 51", "years_shown"),
        ("regions_shown: [RU-DAA]", "regions_shown"),
        ("regions_shown: [abroad]", "regions_shown"),
        ("exclude_verification: [withdrawnn]", "exclude_verification"),
    ],
)
def test_a_value_looser_than_the_method_allows_is_refused_by_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(PolicyError, match=f"policy.yml: {key} is not allowed") as error:
        load_policy(workspace(tmp_path, text))
    assert error.value.remedy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("threshold: [5", "policy.yml, line 1: not valid YAML"),
        ("threshold: 5\nthreshold: 3\n", "policy.yml, line 2: key threshold stands twice"),
        ("records:\n  k: 5\n  k: 2\n", "policy.yml, line 3: key k stands twice"),
        ("rules_id: a\x00b", "policy.yml: not valid YAML"),
        ("rules_id: 2024-13-45", "policy.yml: not valid YAML"),
        ("- threshold", "policy.yml: a mapping of keys to values is expected"),
        ("threshold", "policy.yml: a mapping of keys to values is expected"),
    ],
)
def test_a_file_that_says_two_things_or_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message) as error:
        load_policy(workspace(tmp_path, text))
    assert error.value.remedy


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.yml").write_bytes("rules_id: правила".encode("cp1251"))
    with pytest.raises(PolicyError, match=r"policy.yml cannot be read"):
        load_policy(tmp_path)


def own_tables() -> dict[str, Any]:
    return {
        "units": {"incidents": {"label_en": "incidents", "label_ru": "инциденты"}},
        "dimensions": {"period": {"levels": ["quarter", "year"], "label_en": "Period", "label_ru": "Период"}},
        "tables": {
            "by_year": {
                "unit": "incidents", "columns": {"period": "year"},
                "title_en": "By year", "title_ru": "По годам",
            }
        },
    }  # fmt: skip


def write_tables(folder: Path, tables: object) -> Path:
    return workspace(folder, yaml.safe_dump(tables, allow_unicode=True), "tables.yml")


def test_a_workspaces_tables_replace_the_packaged_ones_as_a_whole(tmp_path: Path) -> None:
    policy = load_policy(write_tables(tmp_path, own_tables()))
    assert list(policy.tables) == ["by_year"]
    assert list(policy.units) == ["incidents"]
    assert policy.threshold == load_policy().threshold


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["charts"], {}, "tables.yml: unknown keys: charts"),
        (["units"], None, "tables.yml: units: a mapping is expected"),
        (["tables"], ["by_year"], "tables.yml: tables: a mapping is expected"),
        (["units", "incidents"], None, "tables.yml: units: incidents: a mapping is expected"),
        (["units", "incidents"], "incidents", "tables.yml: units: incidents: a mapping is expected"),
        (["units", "incidents", "label"], "x", "tables.yml: units: incidents: unknown keys: label"),
        (["tables", "by_year", "title_ru"], 5, "tables.yml: tables: by_year: title_ru: a value of another"),
        (
            ["tables", "by_year", "unit"],
            "persons",
            "table by_year names a unit or column that is not declared",
        ),
        (["tables", "by_year", "columns"], {"place": "region"}, "table by_year names a unit or column"),
        (["tables", "by_year", "columns"], {"period": "month"}, "table by_year: column period has no level"),
        (["tables", "by_year", "columns"], {"period": ["year"]}, "table by_year: column period has no level"),
        (["tables", "by_year", "only"], {"period": "2024"}, "table by_year: only: period: a list"),
    ],
)
def test_tables_that_do_not_fit_their_declarations_are_refused(
    tmp_path: Path, path: list[str], value: object, message: str
) -> None:
    tables = own_tables()
    inner = tables
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(PolicyError, match=message):
        load_policy(write_tables(tmp_path, tables))


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    tables = own_tables()
    del tables["tables"]["by_year"]["title_ru"]
    with pytest.raises(PolicyError, match=r"tables: by_year: key title_ru is missing"):
        load_policy(write_tables(tmp_path, tables))


def test_a_mapping_is_merged_and_a_list_replaced() -> None:
    assert overlay({"a": [1, 2], "b": {"c": 2, "d": 3}}, {"a": [5], "b": {"c": 4}}) == {
        "a": [5],
        "b": {"c": 4, "d": 3},
    }


def test_every_value_of_the_packaged_policy_has_a_comment() -> None:
    folder = Path(__file__).parents[2] / "anonymize"
    lines = (folder / "policy.yml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        key, colon, value = line.partition(":")
        if colon and value.strip() and not key.lstrip().startswith("#"):
            assert "#" in line or lines[number + 1].lstrip().startswith("#"), f"line {number + 1}"


def test_the_packaged_files_can_be_read_on_their_own() -> None:
    folder = Path(__file__).parents[2] / "anonymize"
    assert set(read_yaml(folder / "tables.yml")) == {"units", "dimensions", "tables"}
