"""Whether a column writes the day or the month first: decided over all its dates, or left to a person.

One date like 03/04/2025 can be read both ways; a column of them seldom can: no month is above 12.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from codebook import fold

_DATE = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)")
_LEAST_SHARE = 0.1  # of the dates that must show the order: fewer may be slips of the keyboard


@dataclass
class OrderEvidence:
    """What the dates of one column show.

    Attributes:
        dates: Dates of figures with the year last (n_dates).
        first_above: Of them, those whose first part is above 12: the day is first.
        second_above: Of them, those whose second part is above 12: the month is first.
        with_points: Of them, those written with points.
    """

    dates: int = 0
    first_above: int = 0
    second_above: int = 0
    with_points: int = 0

    def see(self, cells: Iterable[str]) -> None:
        """Count the dates of some cells."""
        for cell in cells:
            for first, mark, second, _ in _DATE.findall(fold(cell)):
                self.dates += 1
                self.first_above += int(first) > 12 >= int(second)
                self.second_above += int(second) > 12 >= int(first)
                self.with_points += mark == "."

    @property
    def order(self) -> str:
        """`day_month` or `month_day`; `mixed` where both occur; empty where too few dates show either."""
        if self.first_above and self.second_above:
            return "mixed"
        shown = self.first_above or self.second_above
        if not shown or shown < _LEAST_SHARE * self.dates:
            return ""
        return "day_month" if self.first_above else "month_day"

    def text(self) -> str:
        """Return the evidence in words: counts, no date.

        >>> OrderEvidence(1204, 480, 0).text()
        '1,204 dates, 480 have a first part above 12, none a second part above 12: day first'
        """
        verdict = {
            "day_month": "day first",
            "month_day": "month first",
            "mixed": "both orders occur, so a date that can be read both ways is left to a person",
            "": "too few show the order, so a date that can be read both ways is left to a person",
        }[self.order]
        return (
            f"{self.dates:,} dates, {_many(self.first_above)} have a first part above 12, "
            f"{_many(self.second_above)} a second part above 12: {verdict}"
        )


def _many(number: int) -> str:
    return f"{number:,}" if number else "none"
