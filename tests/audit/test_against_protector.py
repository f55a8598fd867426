"""Protector and attacker share no code: what the one prints, the other must not break, and must not be wrong
about.
"""

import random
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.audit import CHECKS, Exhibit, IntervalAttack, audit_release, read_release
from anonymize.audit.intervals import linked_unit
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

PLACE = Dimension(
    "place",
    ("region", "federal_district"),
    {"D1": "_T", "D2": "_T", "R1": "D1", "R2": "D1", "R3": "D2", "R4": "D2"},
    {"D1": "federal_district", "D2": "federal_district", **dict.fromkeys(("R1", "R2", "R3", "R4"), "region")},
)
KIND = Dimension("kind", ("kind",), dict.fromkeys(("k1", "k2", "k3", "k4"), "_T"), {}, frozenset({"k1"}))
AGE = Dimension("age", ("age",), dict.fromkeys(("minor", "adult", "unknown"), "_T"), {}, frozenset({"minor"}))
PERIOD = Dimension("period", ("year",), dict.fromkeys(("2021", "2022", "2023"), "_T"))
CHANNEL = Dimension("channel", ("channel",), dict.fromkeys(("transfer", "foundation", "other"), "_T"))
DIMENSIONS = {one.name: one for one in (PLACE, KIND, AGE, PERIOD, CHANNEL)}
PLANS = [
    TablePlan("kind_year", "persons", {"kind": "kind", "period": "year"}),
    TablePlan("age_kind", "persons", {"age": "age", "kind": "kind"}),
    TablePlan("place_year", "incidents", {"place": "region", "period": "year"}),
]
MONEY = [TablePlan("gifts", "donations", {"channel": "channel", "period": "year"})]
UNPACKED = {name: check for name, check in CHECKS.items() if name != "checksums"}


def invented(n_rows: int, seed: int) -> list[dict[str, str]]:
    """Return invented rows with skew and households of several."""
    dice = random.Random(seed)
    shares = {
        "place": [8, 3, 2, 1],
        "kind": [5, 20, 9, 2],
        "age": [3, 10, 1],
        "period": [3, 4, 5],
        "channel": [9, 4, 1],
    }
    rows = []
    for _ in range(n_rows):
        row = {name: dice.choices(DIMENSIONS[name].leaves, shares[name])[0] for name in DIMENSIONS}
        rows.append(row | {"household": str(dice.randrange(max(1, n_rows * 3 // 4)))})
    return rows


def tables_of(rows, *, ledger=None):
    """Protect invented rows; return the tables and what must be remembered."""
    codes = {name: [row[name] for row in rows] for name in DIMENSIONS}
    households = [row["household"] for row in rows]
    unit = UnitRows(codes, [str(i) for i in range(len(rows))], households, households)
    rules, known = RoundingRules(b"key" * 10), Known(ledger=ledger or {})
    counted = protect_counts(PLANS, DIMENSIONS, {"persons": unit, "incidents": unit}, rules, known=known)
    amounts = MoneyRows(codes, [(i * 7919) % 30_000 for i in range(len(rows))], households)
    money = protect_money(MONEY, DIMENSIONS, {"donations": amounts}, MoneyRules(b"key" * 10), known=known)
    return {**counted.tables, **money.tables}, {**counted.ledger, **money.ledger}


def write(tables, folder: Path, **settings_: str) -> Path:
    """Write protected tables as a release, by hand."""
    fakes = []
    for table in tables.values():
        fake = FakeTable(table.name, table.plan.unit, table.plan.columns, {}, method=table.method)
        fake.prints = {row.codes: row.value for row in table.rows}
        fake.bases = {row.codes: row.upper - row.value + 1 for row in table.rows if row.value is not None}
        fake.base = 1000 if table.method == "suppression_rounded" else 5
        fakes.append(fake)
    codes = {}
    for one in DIMENSIONS.values():
        listed = {
            c: (above, one.level.get(c, one.name), int(c in one.sensitive)) for c, above in one.parent.items()
        }
        codes[one.name] = {"_T": ("", "total", 0), **listed}
    return FakeRelease(fakes, codes, settings_).write(folder)


@pytest.mark.parametrize(("n_rows", "seed"), [(2000, 1), (400, 2), (150, 3), (60, 4), (12, 5)])
def test_the_attacker_does_not_break_what_the_protector_made(tmp_path, n_rows, seed):
    tables, _ = tables_of(invented(n_rows, seed))
    report = audit_release(write(tables, tmp_path / "r1"), checks=UNPACKED)
    assert {f.name: dict(f.counts) for f in report.findings if f.verdict} == {}


@given(st.integers(0, 200), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_truth_lies_inside_every_attacked_interval(tmp_path_factory, n_rows, seed):
    tables, ledger = tables_of(invented(n_rows, seed))
    release = read_release(write(tables, tmp_path_factory.mktemp("r") / "r1"))
    for unit in Exhibit(release).units.values():
        attack = IntervalAttack(linked_unit(unit))
        assert attack.feasible
        for position, cell in enumerate(unit.cells):
            low, high = attack.interval(position)
            truth = ledger["|".join([unit.unit, *(f"{d}={c}" for d, c in cell.key)])][0]
            assert low <= truth <= high


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=25, deadline=None)
def test_one_exact_count_among_rounded_ones_is_caught_wherever_it_stands(tmp_path_factory, seed, data):
    tables, ledger = tables_of(invented(300, seed))
    folder = write(tables, tmp_path_factory.mktemp("r") / "r1")
    table = tables[data.draw(st.sampled_from(["kind_year", "age_kind", "place_year"]))]
    row = data.draw(st.sampled_from(table.rows))
    key = sorted((d, c) for d, c in zip(table.plan.columns, row.codes, strict=True) if c != "_T")
    truth = ledger["|".join([table.plan.unit, *(f"{d}={c}" for d, c in key)])][0]
    where = " AND ".join(f"{d} = '{c}'" for d, c in zip(table.plan.columns, row.codes, strict=True))
    with sqlite3.connect(folder / "release.db") as database:
        database.execute(
            f"UPDATE {table.name} SET value = {truth}, lower = {truth}, upper = {truth} WHERE {where}"
        )
    database.close()
    assert audit_release(folder, checks=UNPACKED).verdict is Verdict.FAIL


def test_four_releases_in_a_row_give_nothing_exact_and_no_small_change(tmp_path):
    rows = invented(600, 11)
    folders: list[Path] = []
    ledger: dict[str, tuple[int, int]] = {}
    dice = random.Random(5)
    for number in range(4):
        tables, ledger = tables_of(rows, ledger=ledger)
        built = f"2024-0{number + 1}-01"
        folders.append(write(tables, tmp_path / f"r{number}", built_at=built, period_to="2023-12-31"))
        rows = [row for row in rows if dice.random() > 0.003] + invented(12, 100 + number)
    report = audit_release(folders[-1], folders[:-1], checks={"earlier": CHECKS["earlier_releases"]})
    (finding,) = report.findings
    assert finding.counts["earlier_releases"] == 3
    growth = finding.counts["only_growth"]
    assert isinstance(growth, dict)
    assert growth["exact"] == finding.counts["small_changes_proved"] == 0
    assert finding.verdict is not Verdict.FAIL


def test_an_earlier_release_that_gives_a_cell_away_is_caught(tmp_path):
    tables, _ = tables_of(invented(300, 7))
    first = write(tables, tmp_path / "first", built_at="2024-01-01")
    second = write(tables, tmp_path / "second", built_at="2024-02-01")
    with sqlite3.connect(first / "release.db") as database:
        database.execute("UPDATE place_year SET lower = upper WHERE place = 'R1' AND period = '2021'")
        database.execute("UPDATE place_year SET upper = lower WHERE place = 'R1' AND period = '2022'")
    database.close()
    (finding,) = audit_release(second, [first], checks={"earlier": CHECKS["earlier_releases"]}).findings
    assert finding.verdict > Verdict.PASS


def test_rounding_hides_nothing_where_every_row_is_a_household_of_its_own():
    rows = [row | {"household": str(i)} for i, row in enumerate(invented(500, 3))]
    tables, _ = tables_of(rows)
    assert all(row.value is not None for name in ("kind_year", "place_year") for row in tables[name].rows)
    errors = [table.cost.mean_error for table in tables.values() if table.method == "rounding"]
    assert np.mean(errors) < 5
