"""Draw the cases of the group: when, where, what, to whom, by whom.

A case is drawn once, in the order of time; `mistakes.py` adds duplicates and hopeless rows afterwards.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from .dice import Dice
from .help_given import HelpMaker
from .involvements import InvolvementMaker
from .model import Case
from .people import PeopleMaker
from .places import PlaceMaker
from .situations import Situation, load_situations
from .skew import (
    CHANNELS,
    CONNECTIONS,
    DELAYS,
    ELSEWHERE,
    EXPOSURES,
    GROWTH_PER_YEAR,
    MONTHS,
    OTHER_CHANNEL,
    PLACES,
    PRECISIONS,
    REGION_CENTRES,
    REGIONS,
    REGIONS_IN_FLIGHT,
    REPEATED,
    TIMES,
    VERIFICATIONS,
)

_STAFF = 8


class CaseMaker:
    """Draws cases from `start` to `today`."""

    def __init__(
        self, dice: Dice, start: date, today: date, *, people: PeopleMaker, places: PlaceMaker
    ) -> None:
        """Draw with `dice`; persons come from `people`, settlements from `places`."""
        self._dice = dice
        self._start = start
        self._today = today
        self._places = places
        self._people = InvolvementMaker(dice, people, HelpMaker(dice, start, today), today)
        self._months = _month_weights(start, today)
        self._situations = load_situations()
        self._weights = {name: one.weight for name, one in self._situations.items()}

    def cases(self, count: int, channels: tuple[str, ...]) -> Iterator[Case]:
        """Yield `count` cases in the order of time, spread over the channels."""
        days = sorted(self._day() for _ in range(count))
        shares = {channel: CHANNELS.get(channel, OTHER_CHANNEL) for channel in channels}
        for number, day in enumerate(days, start=1):
            yield self._case(number, day, self._dice.weighted(shares))

    def make_four_sisters(self, case: Case) -> None:
        """Turn a case into that of the four sisters."""
        self._people.make_four_sisters(case)

    def _case(self, number: int, day: date, channel: str) -> Case:
        dice = self._dice
        name = dice.weighted(self._weights)
        situation = self._situations[name]
        region = dice.weighted(REGIONS_IN_FLIGHT if situation.in_flight else REGIONS)
        settlement = self._places.settlement(region) if dice.chance(0.82) else ("", "")
        precision, until = dice.weighted(PRECISIONS), None
        if precision == "range":
            until = min(day + timedelta(days=dice.between(2, 20)), self._today)
            precision = "range" if until > day else "day"
        reported = min((until or day) + timedelta(days=self._delay()), self._today)
        case = Case(
            number, channel, name, day, until if precision == "range" else None, precision, reported, region,
            settlement, self._coordinates(region), _place(dice, situation), dice.weighted(TIMES),
            self._motives(situation), None, dice.weighted(REPEATED), dice.weighted(VERIFICATIONS),
            dice.weighted(CONNECTIONS), dice.weighted(EXPOSURES), dice.weighted(ELSEWHERE),
            dice.between(0, _STAFF - 1), [],
        )  # fmt: skip
        self._people.fill(case, situation)
        return case

    def _day(self) -> date:
        year, month = self._dice.random.choices(self._months[0], cum_weights=self._months[1])[0]
        first, last = _edges(year, month)
        first, last = max(first, self._start), min(last, self._today)
        return first + timedelta(days=self._dice.between(0, (last - first).days))

    def _delay(self) -> int:
        edge = self._dice.weighted(DELAYS)
        edges = list(DELAYS)
        below = edges[edges.index(edge) - 1] + 1 if edge != edges[0] else 0
        return self._dice.between(below, edge)

    def _coordinates(self, region: str) -> tuple[float, float] | None:
        if region not in REGION_CENTRES or not self._dice.chance(0.35):
            return None
        latitude, longitude = REGION_CENTRES[region]
        shift = self._dice.random.uniform
        return latitude + shift(-0.3, 0.3), longitude + shift(-0.4, 0.4)

    def _motives(self, situation: Situation) -> tuple[str, ...]:
        found = self._dice.several(situation.motives)
        if self._dice.chance(0.05):
            return ()
        return tuple(found) if found else ("unknown",)


def _place(dice: Dice, situation: Situation) -> str:
    if dice.chance(0.62):
        return situation.place
    return dice.weighted(PLACES)


def _edges(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month_weights(start: date, today: date) -> tuple[list[tuple[int, int]], list[float]]:
    months, running, total = [], [], 0.0
    for year in range(start.year, today.year + 1):
        for month, weight in MONTHS.items():
            first, last = _edges(year, month)
            if first <= today and last >= start:
                days = (min(last, today) - max(first, start)).days + 1
                total += weight * GROWTH_PER_YEAR ** (year - start.year) * days / ((last - first).days + 1)
                months.append((year, month))
                running.append(total)
    return months, running
