"""A small group publishes four times; readers who keep every release learn nothing of what came and went.

The same with 2,000 incidents, charts and records: `python benchmarks/releases.py`.
"""

import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest

from codebook import ReleaseRefused, Verdict
from tests.group_over_time import Chapter, Story, tell


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> list[Chapter]:
    story = Story(incidents=300, new=40, rounds=3, withdrawal_before=2, drawn=False)
    return list(tell(story, tmp_path_factory.mktemp("story") / "group"))


def amounts(chapter: Chapter) -> dict[tuple[str, ...], int | None]:
    """Return every printed amount of money, None where withheld."""
    found: dict[tuple[str, ...], int | None] = {}
    with sqlite3.connect(chapter.folder / "release.db") as database:
        for table, column in (("spending_year", "need_category"), ("donations_year", "channel")):
            query = f"SELECT {column}, period, value FROM {table}"
            for code, period, value in database.execute(query):
                found[table, code, period] = value
    database.close()
    return found


def test_nothing_is_exact_or_narrow_and_no_small_change_is_proved_over_four_releases(
    chapters: list[Chapter],
) -> None:
    assert len(chapters) == 4
    for number, chapter in enumerate(chapters):
        # Counts that leave the bounds of a held print may step in two units of one closed year: for a person.
        assert chapter.report.verdict <= Verdict.REVIEW, chapter.report.as_evidence()
        assert {one.name for one in chapter.report.findings if one.verdict} <= {"closed_periods"}
        (over_time,) = [one for one in chapter.report.findings if one.name == "earlier_releases"]
        assert over_time.counts["earlier_releases"] == number
        assert over_time.counts["small_changes_proved"] == 0
        for belief in ("only_growth", "closed_periods_unchanged") if number else ():
            found = over_time.counts[belief]
            assert isinstance(found, dict)
            assert (found["exact"], found["too_narrow"]) == (0, 0)


def test_an_amount_once_withheld_stays_so_and_one_that_was_shown_moves_by_nobodys_payment(
    chapters: list[Chapter],
) -> None:
    printed = [amounts(chapter) for chapter in chapters]
    for earlier, later in pairwise(printed):
        both = earlier.keys() & later.keys()
        assert len(both) > 40
        assert not [cell for cell in both if earlier[cell] is None and later[cell] is not None]
        # One payment is withdrawn and some come late: they wait, so no amount of a finished year moves.
        assert not [
            cell for cell in both if None not in (later[cell], earlier[cell]) and later[cell] != earlier[cell]
        ]


def test_totals_of_money_are_shown_of_every_year(chapters: list[Chapter]) -> None:
    totals = {cell: value for cell, value in amounts(chapters[-1]).items() if cell[1] == "_T"}
    assert len(totals) == 2 * 7
    assert sum(value is None for value in totals.values()) <= 2


def test_a_release_whose_only_news_is_one_withdrawal_is_refused_and_says_what_to_wait_for(
    tmp_path: Path,
) -> None:
    story = Story(incidents=250, new=1, rounds=1, withdrawal_before=1, drawn=False, late=True)
    told = tell(story, tmp_path / "group")
    assert next(told).report.verdict is Verdict.PASS
    with pytest.raises(ReleaseRefused, match="are gone since the last release") as refused:
        next(told)
    assert "withdrawals go in with them" in str(refused.value.remedy)
