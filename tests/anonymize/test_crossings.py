"""Tables that no release may show are refused by name before anything is counted."""

from dataclasses import replace

import pytest

from anonymize.policy import DimensionPlan, PlannedTable, Policy, require_policy
from codebook import PolicyError

from .small_vault import POLICY

MONTHLY = DimensionPlan(("month", "quarter", "year"), "Period", "Период")
SEX = DimensionPlan(("sex",), "Sex", "Пол")
LOCAL = DimensionPlan(("district", "region", "federal_district"), "Place", "Место")


def with_table(columns: dict[str, str]) -> Policy:
    """Return a policy whose only table has these columns."""
    dimensions = {**POLICY.dimensions, "period": MONTHLY, "place": LOCAL, "sex": SEX}
    return replace(
        POLICY, dimensions=dimensions, tables={"mine": PlannedTable("persons", columns, "Mine", "Моя")}
    )


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"period": "month"}, "rule 29"),
        ({"period": "month", "place": "region"}, "rule 29"),
        ({"place": "region", "motive": "motive"}, "rule 30"),
        ({"place": "region", "actor_type": "actor_type"}, "rule 30"),
        ({"place": "region", "justice_level": "justice_level", "period": "year"}, "rule 30"),
        ({"period": "year", "place": "federal_district", "sex": "sex", "motive": "motive"}, "rule 30"),
        ({"place": "district"}, "rule 31"),
    ],
)
def test_a_forbidden_crossing_is_refused_by_the_name_of_its_table(columns: dict[str, str], rule: str) -> None:
    with pytest.raises(PolicyError, match=rf"table mine is not allowed \({rule}"):
        require_policy(with_table(columns))


@pytest.mark.parametrize(
    "columns",
    [
        {"period": "quarter", "place": "region"},
        {"place": "federal_district", "motive": "motive", "period": "year"},
        {"age_band": "age_band", "motive": "motive"},
    ],
)
def test_other_crossings_are_allowed(columns: dict[str, str]) -> None:
    require_policy(with_table(columns))
