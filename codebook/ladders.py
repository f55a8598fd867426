"""Generalisation ladders: a value, and what it becomes level by level.

Nested by construction or refused: two values that are equal on one level are equal on every higher one.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .errors import HierarchyError

ANY = "*"


@dataclass(frozen=True)
class Ladder:
    """One hierarchy: level names from the value itself (level 0) to `any`, and the way up.

    Attributes:
        climb: (value, level index >= 1) -> the value's group on that level; raises KeyError or ValueError
            for a value that is not on the ladder.
        values: The values of level 0 where they can be listed; empty for dates and countries.
    """

    name: str
    levels: tuple[str, ...]
    climb: Callable[[str, int], str]
    values: tuple[str, ...] = ()

    def generalise(self, value: str, level: str) -> str:
        """Return the group of `value` on the level named.

        Raises:
            HierarchyError: The level is not on the ladder, or the value is not.
        """
        if level not in self.levels:
            raise HierarchyError(
                f"hierarchy {self.name} has no level {level}",
                remedy=f"its levels are {', '.join(self.levels)}",
            )
        index = self.levels.index(level)
        if level == "any":
            return ANY
        try:
            return value if index == 0 else self.climb(value, index)
        except (KeyError, ValueError):
            raise HierarchyError(
                f"hierarchy {self.name} lacks a value that is in the data",
                remedy="add the value to the code list behind the hierarchy, or correct the data",
            ) from None


def code_ladder(name: str, levels: tuple[str, ...], parents: Mapping[str, tuple[str, ...]]) -> Ladder:
    """Return a ladder over listed codes: code -> its groups on levels 1, 2, ... (without `any`)."""
    return Ladder(name, levels, lambda value, index: parents[value][index - 1], tuple(parents))


@dataclass(frozen=True)
class Band:
    """A band of whole numbers, both ends included, and its groups on the levels above."""

    code: str
    first: int
    last: int
    groups: tuple[str, ...]


def band_ladder(name: str, levels: tuple[str, ...], bands: tuple[Band, ...], unknown: Band) -> Ladder:
    """Return a ladder over whole numbers; an empty value climbs as `unknown`."""

    def climb(value: str, index: int) -> str:
        band = unknown if value in ("", unknown.code) else _band_of(int(value))
        return band.code if index == 1 else band.groups[index - 2]

    def _band_of(number: int) -> Band:
        for band in bands:
            if band.first <= number <= band.last:
                return band
        raise KeyError(name)

    numbers = tuple(str(number) for band in bands for number in range(band.first, band.last + 1))
    return Ladder(name, levels, climb, numbers)


def date_ladder(name: str, levels: tuple[str, ...]) -> Ladder:
    """Return the ladder of a day: `2024-05-17`, `2024-05`, `2024-Q2`, `2024-H1`, `2024`, `2022-2024`."""

    def climb(value: str, index: int) -> str:
        return DATE_LEVELS[levels[index]](datetime.date.fromisoformat(value))

    return Ladder(name, levels, climb)


def _three_years(day: datetime.date) -> str:
    first = day.year - day.year % 3
    return f"{first}-{first + 2}"


DATE_LEVELS: dict[str, Callable[[datetime.date], str]] = {
    "day": datetime.date.isoformat,
    "month": lambda day: f"{day.year}-{day.month:02d}",
    "quarter": lambda day: f"{day.year}-Q{(day.month - 1) // 3 + 1}",
    "half": lambda day: f"{day.year}-H{(day.month - 1) // 6 + 1}",
    "year": lambda day: str(day.year),
    "three_years": _three_years,
}


def country_ladder(name: str, levels: tuple[str, ...], own: str = "RU") -> Ladder:
    """Return the ladder of a country code: own country, another one, not recorded."""

    def climb(value: str, index: int) -> str:
        if value in ("", "unknown"):
            return "unknown"
        return "own" if value.upper() == own else "other"

    return Ladder(name, levels, climb)
