"""A newer export of the invented group: what truth.json says has changed, and nothing else."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ingest.synthetic import Changes, synthesize

INCIDENTS, SEED = 300, 11
Records = dict[str, list[Any]]  # case code -> what the file says about it


def casebook(directory: Path) -> Records:
    found: Records = {}
    workbook = CalamineWorkbook.from_path(directory / "casebook_ru.xlsx")
    for sheet in ("Обращения", "Помощь"):
        for row in workbook.get_sheet_by_name(sheet).to_python()[1:]:
            found.setdefault(str(row[0]), []).append(row)
    return found


def hotline(directory: Path) -> Records:
    with (directory / "hotline_en.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["Call ref"]: [row] for row in csv.DictReader(file, delimiter=";")}


def web_form(directory: Path) -> Records:
    document = json.loads((directory / "web_form.json").read_text(encoding="utf-8"))
    return {one["form/case_code"]: [one] for one in document["results"]}


READ = {"casebook_ru.xlsx": casebook, "hotline_en.csv": hotline, "web_form.json": web_form}


def truth_of(directory: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((directory / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("exports")
    synthesize(folder / "first", incidents=INCIDENTS, seed=SEED)
    synthesize(folder / "newer", incidents=INCIDENTS, seed=SEED, changes=Changes(0.1, 0.05, 0.04))
    return folder / "first", folder / "newer"


def test_something_of_everything_has_changed(exports):
    truth = truth_of(exports[1])
    assert [len(truth[kind]) for kind in ("edited", "vanished", "added")] == [32, 16, 13]


@pytest.mark.parametrize("file", sorted(READ))
def test_a_newer_export_differs_where_the_truth_says_and_nowhere_else(exports, file):
    first, newer = (READ[file](directory) for directory in exports)
    truth = truth_of(exports[1])
    edited, vanished, added = (
        {one[0] for one in truth[kind] if one[1] == file} for kind in ("edited", "vanished", "added")
    )
    assert min(len(edited), len(vanished)) > 0
    assert set(first) - set(newer) == vanished
    assert set(newer) - set(first) == added
    assert {code for code in set(first) & set(newer) if first[code] != newer[code]} == edited


def test_the_identifying_values_are_those_of_the_newer_files(exports):
    truth = truth_of(exports[1])
    gone = {code for code, _ in truth["vanished"]}
    assert not gone & set(truth["identifying_values"])
    assert {code for code, _ in truth["added"]} <= set(truth["identifying_values"])
    assert truth["counts"]["records"] == sum(len(READ[file](exports[1])) for file in READ)


def test_no_share_at_all_is_the_first_export_again(exports, tmp_path):
    synthesize(tmp_path, incidents=INCIDENTS, seed=SEED, changes=Changes())
    for path in exports[0].iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_larger_share_corrects_the_same_cases_and_more(exports, tmp_path):
    synthesize(tmp_path, incidents=INCIDENTS, seed=SEED, changes=Changes(edited=0.2))
    few, many = (truth_of(directory)["edited"] for directory in (exports[1], tmp_path))
    assert {tuple(one) for one in few} < {tuple(one) for one in many}
