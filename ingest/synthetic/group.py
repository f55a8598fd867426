"""Draw the whole group: its cases in the order of time, the four sisters, the mistakes, the case codes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from codebook import Codebook

from .cases import CaseMaker
from .changes import Changes, change_cases, on_the_side
from .dice import Dice
from .mistakes import add_duplicates, add_hopeless, withdraw_one
from .model import Case
from .names import NameMaker
from .people import PeopleMaker
from .places import PlaceMaker

_SISTERS_AT = 0.6  # their place in the order of time, share of the cases
_NEW_SINCE = 90  # days before the last one in which the new cases of a newer export happened


@dataclass(frozen=True)
class Group:
    """Every record of every channel, in the order in which they were reported.

    Attributes:
        drawn: Every case, those too that a newer export no longer has.
    """

    drawn: list[Case]
    withdrawn: Case | None
    hopeless: int

    def cases_of(self, channel: str) -> list[Case]:
        """Return the cases in the files of one channel."""
        return [case for case in self.cases if case.channel == channel]

    def drawn_for(self, channel: str) -> list[Case]:
        """Return the cases that the writer of a channel draws, vanished ones too."""
        return [case for case in self.drawn if case.channel == channel]

    @property
    def cases(self) -> list[Case]:
        """The cases that are in the files."""
        return [case for case in self.drawn if not case.vanished]


class GroupMaker:
    """Draws a group for a period."""

    def __init__(self, dice: Dice, book: Codebook, fake: Any, period: tuple[date, date]) -> None:
        """Draw with `dice` and `fake`, both seeded by the caller."""
        start, self._today = period
        self._dice, self._fake, self._start = dice, fake, start
        self._people, self._places = PeopleMaker(dice, NameMaker(fake)), PlaceMaker(book, dice)
        self._maker = CaseMaker(dice, start, self._today, people=self._people, places=self._places)
        self._first_case = 1
        self._numbers: Counter[tuple[str, int]] = Counter()  # last case number of a channel and year

    def group(self, incidents: int, codes: dict[str, str], first_case: int = 1) -> Group:
        """Return a group of so many incidents; `codes` is the pattern of the case codes of each channel."""
        dice, channels = self._dice, tuple(codes)
        cases = list(self._maker.cases(incidents, channels))
        sisters = cases[int(len(cases) * _SISTERS_AT)]
        sisters.channel = channels[0]
        self._maker.make_four_sisters(sisters)
        duplicates = add_duplicates(dice, cases, channels, self._today)
        withdrawn = withdraw_one(dice, cases, duplicates)
        hopeless = add_hopeless(dice, self._maker, incidents, channels)
        everything = sorted([*cases, *duplicates, *hopeless], key=lambda case: case.reported)
        self._first_case = first_case
        self._give_codes(everything, codes)
        return Group(everything, withdrawn, len(hopeless))

    def newer(self, group: Group, changes: Changes, codes: dict[str, str], *, seed: int) -> Group:
        """Return the group as a newer export has it, its new cases last.

        Args:
            group: The last that `group` gave.
            seed: What the changes are drawn from; the group itself is not drawn anew.
        """
        spared = frozenset({group.withdrawn.incident} if group.withdrawn else ())
        cases = change_cases(Dice(seed), group.drawn, changes, spared)
        wanted = round(len(cases) * changes.new)
        if group.withdrawn:
            group.withdrawn.people[0].person.incidents = 0  # nobody meets her again
        with on_the_side(seed, self._dice.random, self._fake.random):
            since = max(self._start, self._today - timedelta(days=_NEW_SINCE))
            maker = CaseMaker(self._dice, since, self._today, people=self._people, places=self._places)
            added = list(maker.cases(wanted, tuple(codes))) if wanted else []
        highest = max(case.incident for case in cases)
        for case in added:
            case.new, case.incident = True, case.incident + highest
        self._give_codes(added, codes)
        return replace(group, drawn=[*cases, *added])

    def _give_codes(self, cases: Sequence[Case], codes: dict[str, str]) -> None:
        """Number the cases of each channel and year in the order in which they were reported."""
        for case in cases:
            key = (case.channel, case.reported.year)
            self._numbers[key] += 1
            number = self._numbers[key] + self._first_case - 1
            case.code = codes[case.channel].format(year=case.reported.year, number=number)
