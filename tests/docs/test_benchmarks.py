"""benchmarks/README.md: a place for every section, and between its markers what was measured."""

import json

import pytest

from benchmarks import readme
from benchmarks.bars import judged
from benchmarks.model import Table
from benchmarks.sections import SECTIONS
from benchmarks.sections.demo import exponent

PAGE = readme.README.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_has_its_place(name):
    assert PAGE.count(f"<!-- bench:{name} -->") == PAGE.count(f"<!-- bench:{name} end -->") == 1


def test_between_the_markers_stands_what_was_kept(tmp_path):
    copy = tmp_path / "README.md"
    copy.write_text(PAGE, encoding="utf-8")
    assert readme.write_readme(copy) == []
    assert copy.read_text(encoding="utf-8") == PAGE


def test_every_result_says_command_date_python_and_load():
    for path in readme.RESULTS.glob("*.json"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert all(kept[name] for name in ("command", "date", "python", "load", "tables")), path.stem


def test_a_bar_is_met_from_above_or_from_below():
    assert judged("help", 0.3).endswith(": met")
    assert judged("help", 0.31).endswith("**not met**")
    assert judged("csv rows", 25_000).endswith(": met")
    assert judged("csv rows", 24_999).endswith("**not met**")


def test_growth_in_proportion_has_the_exponent_one():
    assert exponent(2_000, 20_000, 3.0, 30.0) == "1.00"
    assert exponent(200, 2_000, 0.01, 30.0) == ""


def test_a_table_of_markdown_is_read_back():
    table = Table.of_lines("t", ["| a | b |", "|---|---|", "| 1 | x y |", "", "words"])
    assert (list(table.columns), [list(row) for row in table.rows]) == (["a", "b"], [["1", "x y"]])
