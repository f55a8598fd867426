"""What a shown amount proves of requests is kept in mind when requests are rounded."""

import pytest

from anonymize.counting import _know_amounts
from anonymize.tables import Dimension, Part, ProtectedRow, ProtectedTable, TableCost, TablePlan, UnitRows

NEED = Dimension("need_category", ("need",), {"legal": "_T", "medical": "_T"})
COST = TableCost("spent", 1, 0, 1, 0, 0, 0.0, 0, 999, 0.0)
PLAN = TablePlan("spent", "spending", {"need_category": "need", "period": "year"})


def proven(n_met, value, codes=("legal", "2023")):
    """Return what is known of requests after an amount was printed, so many being met in a quarter."""
    ids = [str(number) for number in range(n_met + 3)]
    rows = {
        "need_category": ["legal"] * (n_met + 3),
        "period": ["2023-Q2"] * (n_met + 3),
        "request_result": ["met"] * n_met + ["unmet"] * 3,
    }
    parts = {"requests": Part([], {"need_category": NEED}, UnitRows(rows, ids, ids, ids))}
    row = ProtectedRow(codes, value, None, None, "A", "F")
    _know_amounts(parts, {"spent": ProtectedTable("spent", PLAN, (row,), "suppression_rounded", COST)}, 5)
    return dict(parts["requests"].known.minimum)


def test_a_shown_amount_proves_as_many_met_requests_as_it_has_contributors():
    assert proven(7, 40_000) == {"requests|need_category=legal|period=2023|request_result=met": 5}


@pytest.mark.parametrize(
    ("n_met", "value", "codes"),
    [(7, None, ("legal", "2023")), (4, 40_000, ("legal", "2023")), (7, 40_000, ("medical", "2023"))],
    ids=["withheld", "of requests that are gone", "of another kind of help"],
)
def test_other_amounts_prove_nothing(n_met, value, codes):
    assert proven(n_met, value, codes) == {}
