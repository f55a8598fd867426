"""Shares come from published numbers, and there is none where one would say too much."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reports.published import TOTAL, Cell, Release
from reports.select import ChartData, select_charts
from reports.shares import WIDEST_INTERVAL, shares_of

BASE = 5


def _chart(release: Release) -> ChartData:
    return next(c for c in select_charts(release) if c.declaration.name == "help_result_year-shares")


def _cell(value: int) -> Cell:
    return Cell(("x",), value, max(0, value - BASE + 1), value + BASE - 1, "A", "F")


def _with(data: ChartData, values: list[int], total: int | None = None) -> ChartData:
    row, parts = data.rows[0], [panel for panel in data.panels if panel.code != TOTAL]
    cells = {(part.code, row.code): _cell(BASE * value) for part, value in zip(parts, values, strict=True)}
    cells[TOTAL, row.code] = _cell(BASE * (sum(values) if total is None else total))
    return replace(data, cells=cells)


def test_no_share_stands_beside_a_withheld_part(release: Release) -> None:
    data = _with(_chart(release), [40, 30, 20, 10])
    assert len(shares_of(data, data.rows[0]).parts) == 4
    for place in data.cells:
        hidden = Cell(("x",), None, None, None, "Q", "C")
        shares = shares_of(replace(data, cells={**data.cells, place: hidden}), data.rows[0])
        assert shares.is_withheld
        assert shares.parts == ()


def test_parts_that_do_not_make_the_total_have_no_share(release: Release) -> None:
    data = _with(_chart(release), [40, 30, 20, 10], total=101)
    assert shares_of(data, data.rows[0]).parts == ()


def test_shares_near_nothing_and_near_everything_are_ranges(release: Release) -> None:
    data = _with(_chart(release), [970, 10, 10, 10])
    assert [share.text for share in shares_of(data, data.rows[0]).parts] == [">95 %", "<5 %", "<5 %", "<5 %"]


def test_few_numbers_have_no_share(release: Release) -> None:
    data = _with(_chart(release), [2, 1, 1, 0])
    shares = shares_of(data, data.rows[0])
    assert shares.is_wide
    assert shares.parts == ()


COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@given(values=COUNTS, moved=st.lists(st.integers(-BASE + 1, BASE - 1), min_size=4, max_size=4))
def test_the_interval_of_a_share_holds_every_true_share(
    release: Release, values: list[int], moved: list[int]
) -> None:
    data = _with(_chart(release), values)
    truth = [max(0, BASE * value + move) for value, move in zip(values, moved, strict=True)]
    whole = data.cells[TOTAL, data.rows[0].code]
    if not (whole.lower or 0) <= sum(truth) <= (whole.upper or 0) or not sum(truth):
        return  # no true table is rounded so
    for place, share in enumerate(shares_of(data, data.rows[0]).parts):
        assert share.upper - share.lower <= WIDEST_INTERVAL
        assert share.lower - 1e-9 <= truth[place] / sum(truth) <= share.upper + 1e-9
        ends = sum(truth[: place + 1]) / sum(truth)
        assert share.ends_lower - 1e-9 <= ends <= share.ends_upper + 1e-9
