"""Four releases in a row, made by the protector and judged by the attacker: small changes stay unknown."""

import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from anonymize.audit import CHECKS, audit_release
from anonymize.tables import (
    Dimension,
    Known,
    MoneyRows,
    MoneyRules,
    RoundingRules,
    TablePlan,
    UnitRows,
    protect_counts,
    protect_money,
)
from codebook import Verdict

from .fake_release import FakeRelease, FakeTable

YEARS = {str(year): "_T" for year in range(2018, 2024)}
DIMENSIONS = {
    "period": Dimension("period", ("year",), YEARS),
    "kind": Dimension("kind", ("kind",), {f"k{n}": "_T" for n in range(6)}),
    "place": Dimension("place", ("place",), {f"p{n}": "_T" for n in range(4)}),
}
PLANS = [
    TablePlan("kinds", "persons", {"kind": "kind", "period": "year"}),
    TablePlan("places", "persons", {"place": "place", "period": "year"}),
]
RULES = RoundingRules(b"not a secret" * 3, 5, 5, 5, 5)
CODES = {
    name: {"_T": ("", "total", 0), **dict.fromkeys(dimension.parent, ("_T", dimension.levels[0], 0))}
    for name, dimension in DIMENSIONS.items()
}
ONLY = {name: CHECKS[name] for name in ("earlier_releases", "intervals", "single_withheld")}

Case = tuple[str, str, str]


def drawn(dice: random.Random) -> Case:
    """Return the kind, place and year of a case; some are frequent, most are rare."""
    return (
        f"k{min(int(dice.expovariate(0.6)), 5)}",
        f"p{min(int(dice.expovariate(0.9)), 3)}",
        dice.choice(list(YEARS)),
    )


def changed(cases: list[Case], dice: random.Random, new: int = 30) -> list[Case]:
    """Return the cases of the next release: a few withdrawn, a few corrected, some reported late."""
    left = [one for one in cases if dice.random() > 0.004]
    corrected = [(drawn(dice)[0], *one[1:]) if dice.random() < 0.006 else one for one in left]
    return corrected + [drawn(dice) for _ in range(new)]


def rows_of(cases: list[Case]) -> UnitRows:
    ids = [str(number) for number in range(len(cases))]
    columns = zip(*cases, strict=True)
    return UnitRows(dict(zip(("kind", "place", "period"), map(list, columns), strict=True)), ids, ids, ids)


def written(folder, tables, number, unit="persons", base=5):
    """Write protected tables as a release that anybody may read."""
    method = "rounding" if unit == "persons" else "suppression_rounded"
    fakes = [
        FakeTable(
            table.name,
            unit,
            table.plan.columns,
            {row.codes: row.value for row in table.rows},
            base,
            method=method,
        )
        for table in tables.values()
    ]
    settings = {"built_at": f"2024-0{number + 1}-01", "period_to": "2023-12-31", "base": str(base)}
    return FakeRelease(fakes, CODES, settings).write(folder / f"r{number}")


@pytest.mark.parametrize("seed", range(4))
def test_late_reports_corrections_and_withdrawals_give_no_small_change_and_no_cell_away(seed, tmp_path):
    dice = random.Random(seed)
    cases, known, folders, counts = [drawn(dice) for _ in range(700)], Known(), [], []
    for number in range(4):
        protection = protect_counts(PLANS, DIMENSIONS, {"persons": rows_of(cases)}, RULES, known=known)
        folders.append(written(tmp_path, protection.tables, number))
        known = Known(ledger=protection.ledger)
        counts.append(Counter((kind, year) for kind, _, year in cases))
        report = audit_release(folders[-1], folders[:-1], checks=ONLY)
        (over_time,) = [one for one in report.findings if one.name == "earlier_releases"]
        assert (over_time.counts["small_changes_proved"], over_time.counts["withheld_then_shown"]) == (0, 0)
        assert report.verdict is not Verdict.FAIL, report.as_evidence()
        cases = changed(cases, dice)
    small = [
        change
        for before, after in pairwise(counts)
        for cell in before | after
        if 0 < abs(change := after[cell] - before[cell]) < 5
    ]
    assert min(small) < 0 < max(small)  # changes of either sign, or the test proves nothing


@pytest.mark.parametrize("seed", range(4))
def test_payments_that_come_and_go_between_releases_open_no_withheld_amount(seed, tmp_path):
    dice = random.Random(seed)
    plans = [
        TablePlan("paid", "spending", {"kind": "kind", "period": "year"}, leave_out={"period": ("2023",)})
    ]
    paid = [(*drawn(dice), round(dice.lognormvariate(9, 1))) for _ in range(260)]
    known, folders = Known(), []
    for number in range(3):
        rows = MoneyRows(
            {"kind": [one[0] for one in paid], "period": [one[2] for one in paid]},
            [one[3] for one in paid],
            [str(position % 90) for position in range(len(paid))],
        )
        protection = protect_money(plans, DIMENSIONS, {"spending": rows}, MoneyRules(b"k" * 32), known=known)
        folders.append(written(tmp_path, protection.tables, number, "spending", 1000))
        known = Known(ledger=protection.ledger)
        report = audit_release(folders[-1], folders[:-1], checks=ONLY)
        assert report.verdict is not Verdict.FAIL, report.as_evidence()
        (over_time,) = [one for one in report.findings if one.name == "earlier_releases"]
        assert over_time.counts["withheld_then_shown"] == 0
        growth: Any = over_time.counts.get("only_growth", {"exact": 0})
        assert growth["exact"] == 0
        paid += [(*drawn(dice), round(dice.lognormvariate(9, 1))) for _ in range(60)]
