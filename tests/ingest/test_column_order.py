"""`order: column`: day and month decided over a whole column, the evidence told, what is open kept apart."""

import pytest

from tests.ingest.workbench import DECLARATION, Workbench, row
from tests.ingest.workbench import bench as bench

BY_COLUMN = DECLARATION.replace("order: day_month", "order: column")


def dated(dates):
    """Return one usual row a date."""
    return [row(Case=f"A-{number}", Date=date) for number, date in enumerate(dates)]


@pytest.mark.parametrize(
    ("dates", "stored", "said"),
    [
        (["13/04/2023", "05/04/2023"], ["2023-04-05", "2023-04-13"], "day first"),
        (["04/13/2023", "05/04/2023"], ["2023-04-13", "2023-05-04"], "month first"),
        (["05/04/2023", "2023-04-13"], ["2023-04-13"], "too few show the order"),
        (["13/04/2023", "04/14/2023", "05/04/2023"], ["2023-04-13", "2023-04-14"], "both orders occur"),
    ],
)
def test_the_order_is_decided_over_the_column_and_what_stays_open_waits(
    bench: Workbench, dates, stored, said
):
    (summary,) = bench.ingest_rows(*dated(dates), declaration=BY_COLUMN).files
    assert sorted(str(one["date_incident"]) for one in bench.all("incident")) == stored
    assert summary.reasons == (
        {"ambiguous_value": len(dates) - len(stored)} if len(stored) < len(dates) else {}
    )
    (notice,) = [one for one in summary.notices if one.startswith("Date: ")]
    assert said in notice
    assert "2023" not in notice
