"""One guard against spreadsheet formulas, and every stage that writes files uses it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.spreadsheet_safe import spreadsheet_raw, spreadsheet_safe

REPOSITORY = Path(__file__).resolve().parents[2]
SIGNS = "=+-@|%＝＋－＠｜％"
UNSEEN = " \t\r\n\x00\x0b\u00a0\u00ad\u200b\u200e\u202a\u2060\u2066\ufeff"


@given(st.text(alphabet=UNSEEN, max_size=4), st.sampled_from(SIGNS), st.text(max_size=8))
def test_a_formula_never_starts_a_cell_whatever_stands_unseen_before_it(
    unseen: str, sign: str, rest: str
) -> None:
    cell = f"{unseen}{sign}{rest}"
    safe = spreadsheet_safe(cell)
    assert safe == f"'{cell}" or (safe == cell and re.fullmatch(r"[+-]?\d+([.,]\d+)?\n?", cell))


@given(st.text(alphabet=UNSEEN + SIGNS + "'12a,", max_size=6))
def test_a_cell_that_was_guarded_is_what_it_was(cell: str) -> None:
    assert spreadsheet_raw(spreadsheet_safe(cell)) in (cell, cell.removeprefix("'"))
    if not cell.startswith("'"):
        assert spreadsheet_raw(spreadsheet_safe(cell)) == cell


@given(st.from_regex(r"[+-]?[0-9]{1,6}([.,][0-9]{1,3})?", fullmatch=True))
def test_a_plain_number_stays_a_number(cell: str) -> None:
    assert spreadsheet_safe(cell) == cell


@given(st.text(alphabet="абвАБВxyz0123456789 –*()", max_size=20).filter(lambda text: text == text.strip()))
def test_a_text_that_starts_with_no_sign_stays(cell: str) -> None:
    assert spreadsheet_safe(cell) == cell


@pytest.mark.parametrize(
    "path",
    [
        "ingest/quarantine/waiting.py",
        "anonymize/records/output_files.py",
        "anonymize/tables/files/protect.py",
        "reports/data_files.py",
    ],
)
def test_every_stage_that_writes_for_people_uses_the_one_guard(path: str) -> None:
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    assert "spreadsheet_safe(" in text or "map(spreadsheet_safe, " in text
