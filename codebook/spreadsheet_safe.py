"""Cells that no spreadsheet runs as a formula: the one guard for every file that a person may open.

Undone by `spreadsheet_raw`, and for files that people repair by `ingest.values.tidy`, so that a file that was
written and read again is what it was.
"""

import re

# Spreadsheets run a cell that starts with one of these, also behind characters that do not show (RULES
# section 3, rule 40). Full-width forms count: some spreadsheets fold them.
_FORMULA = re.compile(
    r"^[\s\x00-\x1f\x7f\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"
    r"[=+\-@|%＝＋－＠｜％]"
)
# A tab or a line end in front is a way of its own to start a cell anew in some spreadsheets.
_CONTROL = re.compile(r"^[\t\r\n]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def spreadsheet_safe(cell: str) -> str:
    """Return a cell with `'` in front where a spreadsheet would run it; plain numbers stay as they are.

    >>> spreadsheet_safe("=1+1"), spreadsheet_safe("-5"), spreadsheet_safe("0-4")
    ("'=1+1", '-5', '0-4')
    """
    runs = _FORMULA.match(cell) or _CONTROL.match(cell)
    return f"'{cell}" if runs and not _NUMBER.match(cell) else cell


def spreadsheet_raw(cell: str) -> str:
    """Return a cell as it was before `spreadsheet_safe`.

    >>> spreadsheet_raw("'=1+1"), spreadsheet_raw("'quoted'")
    ('=1+1', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and spreadsheet_safe(cell[1:]) == cell else cell
