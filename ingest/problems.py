"""Why a cell cannot be stored: values that cleaning functions return instead of a clean one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell cannot be stored: a code of list quarantine_reason."""

    reason: str


UNKNOWN_CODE = Problem("unknown_code")
AMBIGUOUS = Problem("ambiguous_value")
IMPOSSIBLE_NUMBER = Problem("impossible_number")
IMPOSSIBLE_DATE = Problem("impossible_date")
MISSING = Problem("missing_required")
CONTRADICTION = Problem("contradiction")
UNREADABLE = Problem("unreadable_row")
