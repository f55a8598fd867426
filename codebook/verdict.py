"""The verdict of a check: an ordered enumeration, so that the worst one wins."""

from collections.abc import Iterable
from enum import IntEnum


class Verdict(IntEnum):
    """What a check found; larger is worse."""

    PASS = 0
    REVIEW = 1
    FAIL = 2


def overall_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict; no verdict at all is a failure, because what was not checked has not passed.

    >>> overall_verdict([Verdict.PASS, Verdict.REVIEW]).name
    'REVIEW'
    >>> overall_verdict([]).name
    'FAIL'
    """
    return max(verdicts, default=Verdict.FAIL)
