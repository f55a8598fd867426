"""Two records files side by side: a class that moved by fewer than k, or another level, fails."""

from types import SimpleNamespace
from typing import Any

import pytest

from anonymize.audit.exhibit import Exhibit
from anonymize.audit.read import Code
from anonymize.audit.records_over_time import check_records_over_time
from codebook import Verdict


def published(level: str, **sizes: int) -> Any:
    """Return as much of a release as the check reads."""
    return SimpleNamespace(
        records=[(code,) for code, size in sizes.items() for _ in range(size)],
        record_columns={"age": "records_age"},
        codes={"records_age": {code: Code("_T", level, False) for code in sizes}},
        number=lambda key, default: default,
    )


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (published("age_minority", adult=40, minor=9), Verdict.PASS),
        (published("age_minority", adult=45, minor=9), Verdict.PASS),
        (published("age_minority", adult=41, minor=9), Verdict.FAIL),
        (published("age_minority", adult=40, minor=5), Verdict.FAIL),
        (published("age_band", young=30, older=20), Verdict.FAIL),
    ],
)
def test_a_class_of_records_may_stay_or_move_by_k_on_the_same_level(now: Any, verdict: Verdict) -> None:
    earlier = published("age_minority", adult=40, minor=9)
    assert check_records_over_time(Exhibit(now, (earlier,))).verdict is verdict
