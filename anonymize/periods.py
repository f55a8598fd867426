"""The periods a release speaks of: closed quarters within years, one code for all that is earlier.

A date known to the year only has a quarter code of its own, so that nothing is made up.
"""

import datetime
from dataclasses import dataclass

from codebook import TOTAL

EARLIER = "earlier"
UNKNOWN = "unknown"
PRECISE_ENOUGH = frozenset({"day", "range", "month"})


@dataclass(frozen=True)
class ShownCode:
    """One code of a published column, its parent in the same column, its level and its labels."""

    code: str
    parent: str
    level: str
    label_en: str
    label_ru: str
    sensitive: bool = False


@dataclass(frozen=True)
class PeriodCodes:
    """The period column of a release: from `first_year` to `period_to`, by quarter where asked."""

    first_year: int
    period_to: datetime.date

    def code_of(self, day: str | None, precision: str | None, level: str) -> str:
        """Return the finest period code of a day known with some precision.

        >>> PeriodCodes(2019, datetime.date(2024, 6, 30)).code_of("2024-02-03", "day", "quarter")
        '2024-Q1'
        >>> PeriodCodes(2019, datetime.date(2024, 6, 30)).code_of("2024-01-01", "year", "quarter")
        '2024-QX'
        """
        if not day or precision == "unknown":
            return UNKNOWN
        date = datetime.date.fromisoformat(day)
        if date.year < self.first_year:
            return EARLIER
        if level == "year":
            return str(date.year)
        quarter = (date.month - 1) // 3 + 1 if (precision or "day") in PRECISE_ENOUGH else "X"
        return f"{date.year}-Q{quarter}"

    @property
    def unfinished_year(self) -> str:
        """The code of the last year where it is not over, '' where it is."""
        return "" if self.period_to.month == 12 else str(self.period_to.year)

    def not_closed_on(self, day: str) -> frozenset[str]:
        """Return the codes of years and quarters that were not over on a day (ISO).

        >>> sorted(PeriodCodes(2023, datetime.date(2024, 6, 30)).not_closed_on("2024-03-31"))
        ['2024', '2024-Q2', '2024-QX']
        """
        ends = {"": "12-31", "Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31", "QX": "12-31"}
        shown = [*self.shown_years(), *self.shown_quarters(imprecise=True)]
        cut = ((one.code, *one.code.partition("-")[::2]) for one in shown if one.code[:4].isdigit())
        return frozenset(code for code, year, quarter in cut if f"{year}-{ends[quarter]}" > day)

    @property
    def years(self) -> range:
        """All years, the last one perhaps not whole."""
        return range(self.first_year, self.period_to.year + 1)

    def shown_years(self) -> list[ShownCode]:
        """Return the codes of the level `year`, the oldest first."""
        codes = [ShownCode(EARLIER, TOTAL, "year", f"before {self.first_year}", f"до {self.first_year} года")]
        codes += [
            ShownCode(str(year), TOTAL, "year", self._year_label(year, "en"), self._year_label(year, "ru"))
            for year in self.years
        ]
        return [*codes, ShownCode(UNKNOWN, TOTAL, "year", "date not recorded", "дата не указана")]

    def shown_quarters(self, *, imprecise: bool) -> list[ShownCode]:
        """Return the codes of the level `quarter`; with `imprecise`, one a year for `quarter not known`."""
        codes = []
        for year in self.years:
            last = (self.period_to.month - 1) // 3 + 1 if year == self.period_to.year else 4
            for quarter in range(1, last + 1):
                labels = f"{year}, quarter {quarter}", f"{year}, {quarter}-й квартал"
                codes.append(ShownCode(f"{year}-Q{quarter}", str(year), "quarter", *labels))
            if imprecise:
                labels = f"{year}, quarter not known", f"{year}, квартал неизвестен"
                codes.append(ShownCode(f"{year}-QX", str(year), "quarter", *labels))
        return codes

    def _year_label(self, year: int, language: str) -> str:
        if year < self.period_to.year or self.period_to.month == 12:
            return str(year)
        month = self.period_to.month
        return {"en": f"{year} (first {month} months)", "ru": f"{year} (первые {month} мес.)"}[language]
