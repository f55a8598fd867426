"""The page "Write a policy" has every value of the policy, the tables and the settings, as they are."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from anonymize.policy import PACKAGED_POLICY, PACKAGED_TABLES, DimensionPlan, PlannedTable, UnitLabel
from tests.shared_files import REPOSITORY
from withheld_cli.workspace import WorkspaceSettings

PAGE = (REPOSITORY / "docs" / "write-a-policy.md").read_text("utf-8")
ROWS = {
    row[0].strip("`"): row
    for line in PAGE.splitlines()
    if line.startswith("| `")
    for row in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}
TABLES: dict[str, Any] = yaml.safe_load(PACKAGED_TABLES.read_text("utf-8"))


def values_of(policy: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in policy.items():
        if isinstance(value, dict):
            yield from values_of(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


POLICY = dict(values_of(yaml.safe_load(PACKAGED_POLICY.read_text("utf-8"))))


@pytest.mark.parametrize("key", list(POLICY))
def test_every_value_of_the_policy_is_on_the_page_with_its_default_and_what_a_change_does(key: str) -> None:
    _, default, unit, change = ROWS[key]
    assert yaml.safe_load(default.strip("`")) == POLICY[key]
    assert unit
    assert change


@pytest.mark.parametrize("name", list(TABLES["tables"]))
def test_every_table_is_on_the_page_with_its_unit_and_columns(name: str) -> None:
    _, unit, columns, reason = ROWS[name]
    declared = TABLES["tables"][name]
    assert unit == declared["unit"]
    assert yaml.safe_load(f"{{{columns.strip('`')}}}") == declared["columns"]
    assert reason


def test_the_packaged_tables_use_no_key_that_the_page_does_not_explain() -> None:
    keys = {field.name for field in dataclasses.fields(PlannedTable)}
    assert {key for table in TABLES["tables"].values() for key in table} <= keys
    for key in sorted(keys - {"title_ru"}):
        assert f"`tables.<table>.{key}`" in PAGE
    for key in sorted({field.name for field in dataclasses.fields(DimensionPlan)} - {"label_ru"}):
        assert f"`dimensions.<column>.{key}`" in PAGE
    for unit in TABLES["units"]:
        assert f"`{unit}`" in re.findall(r"^The units: .*", PAGE, re.MULTILINE)[0]
    assert {field.name for field in dataclasses.fields(UnitLabel)} == {"label_en", "label_ru"}


@pytest.mark.parametrize("column", list(TABLES["dimensions"]))
def test_every_column_is_on_the_page_with_its_levels_and_its_units(column: str) -> None:
    _, levels, units = ROWS[column]
    assert levels.strip("`").split(", ") == TABLES["dimensions"][column]["levels"]
    with_it = {table["unit"] for table in TABLES["tables"].values() if column in table["columns"]}
    told = set(units.split(", in ")[0].split(", "))
    assert told in (with_it, {"all"})


def test_every_setting_of_a_workspace_is_on_the_page() -> None:
    told = re.findall(r"`(\w+)`", PAGE[PAGE.index("## withheld.yml") :])
    assert set(told) == {field.name for field in dataclasses.fields(WorkspaceSettings)}


def test_the_page_tells_of_no_value_that_is_not_there() -> None:
    known = {*POLICY, *TABLES["tables"], *TABLES["dimensions"]}
    settings = {field.name for field in dataclasses.fields(WorkspaceSettings)}
    told = {name for name in ROWS if not name.startswith(("tables.", "units.", "dimensions."))}
    assert told - {"licence`, `licence_url"} <= known | settings
