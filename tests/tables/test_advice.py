"""A plan that is too fine for its cases is said to be so, in counts, before anything is lost."""

from anonymize.tables import Dimension, TablePlan, UnitRows
from anonymize.tables.files.advice import plan_warnings

KIND = Dimension("kind", ("kind",), dict.fromkeys(("a", "b", "rare"), "_T"))
PLANS = [TablePlan("kinds", "rows", {"kind": "kind"})]


def rows(**sizes: int) -> UnitRows:
    """Return so many rows of each kind."""
    kinds = [kind for kind, size in sizes.items() for _ in range(size)]
    ids = [str(i) for i in range(len(kinds))]
    return UnitRows({"kind": kinds}, ids, ids, ids)


def test_large_even_categories_need_no_advice():
    assert plan_warnings(PLANS, {"kind": KIND}, rows(a=100, b=100, rare=100), 5) == []


def test_a_rare_category_is_counted_and_not_named():
    (found,) = plan_warnings(PLANS, {"kind": KIND}, rows(a=500, b=500, rare=19), 5)
    assert (found["dimension"], found["categories"]) == ("kind", 1)
    assert "rare" not in str(found)


def test_too_few_rows_a_cell_are_told():
    found = plan_warnings(PLANS, {"kind": KIND}, rows(a=15, b=15, rare=14), 5)
    assert [one.get("table") for one in found] == ["kinds"]
