"""What readers know between units is true of every group, and narrows what it must."""

import sqlite3

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.audit import CHECKS, audit_release
from anonymize.audit.between import KNOWN, joined_units
from anonymize.audit.cells import PublicCell, PublicUnit
from anonymize.units import count_units
from codebook import Verdict
from tests.anonymize.small_vault import BOOK, act, case, coding, person, population

from .fake_release import PERIODS, FakeRelease, FakeTable, flat

ONLY = {"between_units": CHECKS["between_units"]}
ACTS = st.builds(
    act,
    st.sampled_from([None, *BOOK.code_lists["act"].codes]),
    st.sampled_from([None, *BOOK.code_lists["relationship"].codes]),
)
PERSONS = st.builds(
    lambda acts, age: person(acts=acts, age=age),
    st.lists(ACTS, max_size=4),
    st.sampled_from([None, 9, 17, 30]),
)
CASES = st.builds(
    lambda persons, day, motive, goods: case(
        *persons, date_incident=day, motive=motive, goods_exchanged=goods
    ),
    st.lists(PERSONS, min_size=1, max_size=3),
    st.sampled_from([None, "2015-05-05", "2023-03-08", "2024-03-08"]),
    st.lists(st.sampled_from(list(BOOK.code_lists["motive"].codes)), max_size=3),
    st.sampled_from([None, "yes", "no"]),
)


def true_unit(name, rows):
    """Return the true counts of a unit over every single code and every pair that is compared."""
    columns = {
        "period",
        *(c for one in KNOWN for c in (one.shared, one.each, one.summed)),
    } & rows.codes.keys()
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    for number in range(len(rows.persons)):
        row = [(column, rows.codes[column][number]) for column in sorted(columns)]
        pairs = [tuple(sorted((a, b))) for a in row for b in row if a < b]
        for key in [(), *((one,) for one in row), *pairs]:
            counts[key] = counts.get(key, 0) + 1
    cells = [PublicCell(key, 5, {(n, n, n)}, {name}) for key, n in counts.items()]
    return PublicUnit(name, False, cells, {key: i for i, key in enumerate(counts)}, set())


@given(st.lists(CASES, min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_what_readers_know_between_units_is_true_of_every_group(cases):
    counted = count_units(population(*cases), coding())
    units = {name: true_unit(name, rows) for name, rows in counted.items() if rows.persons}
    joined = joined_units(units)
    truth = np.array([cell.value for cell in joined.unit.cells])
    assert joined.rows
    for columns, values, low, _ in joined.rows:
        assert np.dot(values, truth[list(columns)]) >= low


def release_of(incidents, persons):
    """Return a release of two units by year; a print of 0 has the bounds 0 to 4."""
    tables = [
        FakeTable(f"{unit}_year", unit, ("period",), {("2022",): a, ("2023",): b, ("_T",): a + b})
        for unit, (a, b) in (("incidents", incidents), ("persons", persons))
    ]
    return FakeRelease(tables, {"period": PERIODS})


def finding(folder):
    """Return what the attack on all units together found."""
    (found,) = audit_release(folder, checks=ONLY).findings
    return found


def test_units_far_apart_tell_nothing_of_each_other(tmp_path):
    found = finding(release_of((10, 20), (40, 60)).write(tmp_path / "a"))
    assert (found.verdict, found.counts["comparisons"]) == (Verdict.PASS, 3)


def test_fewer_persons_than_incidents_narrow_both(tmp_path):
    # Incidents 6-14 and persons 1-9 are wide alone; together both lie in 6-9, which the gate still allows.
    assert finding(release_of((10, 20), (5, 60)).write(tmp_path / "wide")).verdict is Verdict.PASS
    narrow = release_of((10, 20), (5, 60))
    narrow.tables[0].bases = {("2022",): 3}  # 8 to 12
    found = finding(narrow.write(tmp_path / "narrow"))
    assert (found.verdict, found.counts["too_narrow"]) == (Verdict.FAIL, 2)


def test_units_that_contradict_each_other_fail(tmp_path):
    assert finding(release_of((30, 20), (10, 60)).write(tmp_path / "a")).counts["contradictory_units"] == 1


def test_a_group_of_several_acts_is_not_compared_with_persons(tmp_path):
    acts: dict[tuple[str, ...], int | None] = {("violence",): 60, ("a",): 30, ("b",): 30, ("_T",): 60}
    persons = FakeTable("persons_year", "persons", ("period",), {("2023",): 30, ("_T",): 30})
    groups = flat("violence") | dict.fromkeys(("a", "b"), ("violence", "act_group", 0))
    codes = {"period": PERIODS, "act_group": groups}
    table = FakeTable("acts_group", "acts", ("act_group",), acts)
    assert finding(FakeRelease([persons, table], codes).write(tmp_path / "a")).verdict is Verdict.PASS


def with_spending(folder, *, met, amount, threshold="5"):
    """Write a release of requests for one kind of help in one year, met and not, and what was spent on it."""
    key = ("legal", "2023")
    cells: dict[tuple[str, ...], int | None] = {
        (*key, "met"): met,
        (*key, "unmet"): 10,
        (*key, "_T"): met + 10,
    }
    requests = FakeTable("help", "requests", ("need_category", "period", "request_result"), cells)
    prints: dict[tuple[str, ...], int | None] = {key: amount}
    columns = ("need_category", "period")
    spending = FakeTable("spent", "spending", columns, prints, base=1000, method="suppression_rounded")
    codes = {"need_category": flat("legal"), "period": PERIODS, "request_result": flat("met", "unmet")}
    written = FakeRelease([requests, spending], codes).write(folder)
    with sqlite3.connect(written / "release.db") as database:
        database.execute("UPDATE catalog SET threshold = ? WHERE name = 'spent'", [threshold])
    database.close()
    return finding(written)


def test_a_shown_amount_says_that_so_many_requests_were_met(tmp_path):
    shown = with_spending(tmp_path / "a", met=5, amount=40_000)
    assert (shown.verdict, shown.counts["shown_amounts"]) == (Verdict.PASS, 1)  # 5 to 9 is as wide as allowed
    narrow = with_spending(tmp_path / "b", met=5, amount=40_000, threshold="8")
    assert (narrow.verdict, narrow.counts["behind_amounts"]["too_narrow"]) == (Verdict.FAIL, 1)


def test_a_withheld_amount_and_one_that_requests_contradict_say_nothing(tmp_path):
    assert with_spending(tmp_path / "a", met=5, amount=None, threshold="8").verdict is Verdict.PASS
    gone = with_spending(tmp_path / "b", met=0, amount=40_000)
    assert (gone.verdict, gone.counts["shown_amounts"]) == (Verdict.PASS, 0)
