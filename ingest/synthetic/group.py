"""Draw the whole group: its cases in the order of time, the four sisters, the mistakes, the case codes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from codebook import Codebook

from .cases import CaseMaker
from .dice import Dice
from .mistakes import add_duplicates, add_hopeless, withdraw_one
from .model import Case
from .names import NameMaker
from .people import PeopleMaker
from .places import PlaceMaker

_SISTERS_AT = 0.6  # their place in the order of time, share of the cases


@dataclass(frozen=True)
class Group:
    """Every record of every channel, in the order in which they were reported."""

    cases: list[Case]
    withdrawn: Case | None
    duplicates: int
    hopeless: int

    def cases_of(self, channel: str) -> list[Case]:
        """Return the cases of one channel."""
        return [case for case in self.cases if case.channel == channel]


class GroupMaker:
    """Draws a group for a period."""

    def __init__(self, dice: Dice, book: Codebook, fake: Any, period: tuple[date, date]) -> None:
        """Draw with `dice` and `fake`, both seeded by the caller."""
        start, self._today = period
        self._dice = dice
        people = PeopleMaker(dice, NameMaker(fake))
        self._maker = CaseMaker(dice, start, self._today, people=people, places=PlaceMaker(book, dice))

    def group(
        self, incidents: int, channels: tuple[str, ...], codes: dict[str, str], first_case: int = 1
    ) -> Group:
        """Return a group of so many incidents; `codes` is the pattern of the case codes of each channel."""
        dice = self._dice
        cases = list(self._maker.cases(incidents, channels))
        sisters = cases[int(len(cases) * _SISTERS_AT)]
        sisters.channel = channels[0]
        self._maker.make_four_sisters(sisters)
        duplicates = add_duplicates(dice, cases, channels, self._today)
        withdrawn = withdraw_one(dice, cases, duplicates)
        hopeless = add_hopeless(dice, self._maker, incidents, channels)
        everything = sorted([*cases, *duplicates, *hopeless], key=lambda case: case.reported)
        _give_codes(everything, codes, first_case)
        return Group(everything, withdrawn, len(duplicates), len(hopeless))


def _give_codes(cases: Sequence[Case], codes: dict[str, str], first_case: int) -> None:
    """Number the cases of each channel and year in the order in which they were reported."""
    numbers: Counter[tuple[str, int]] = Counter()
    for case in cases:
        key = (case.channel, case.reported.year)
        numbers[key] += 1
        case.code = codes[case.channel].format(year=case.reported.year, number=numbers[key] + first_case - 1)
