"""The columns of published tables: their codes from fine to coarse, and how a row gets its code.

Periods and places have rules of their own; every other column is a chain of code lists of the codebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from codebook import TOTAL, Codebook, PolicyError

from .periods import UNKNOWN, PeriodCodes, ShownCode
from .policy import Policy
from .tables import Dimension

# Requests and funding are dated to the day or month: their quarters need no `quarter not known`.
_PRECISELY_DATED_UNITS = frozenset({"requests", "spending", "donations"})


@dataclass(frozen=True)
class Coding:
    """Turns rows of the vault into codes of published columns."""

    book: Codebook
    policy: Policy
    periods: PeriodCodes

    @property
    def currency(self) -> str:
        """The one currency whose amounts are added up."""
        return self.policy.money.currency

    def group(self, hierarchy: str, value: str | None, level: str, missing: str) -> str:
        """Return the group of a code on a level; a missing value has the code `missing`."""
        return self.book.hierarchies[hierarchy].generalise(value, level) if value else missing

    def place_of(self, region: str | None) -> str:
        """Return the finest place code that may be shown for a region."""
        code = region or UNKNOWN
        if code in self.policy.regions_shown or code in (UNKNOWN, "abroad"):
            return code
        district = self.book.hierarchies["place"].generalise(code, "federal_district")
        return f"{district}-other" if district in self._districts_with_regions else district

    def period_level(self, unit: str) -> str:
        """Return the finest level at which any table of a unit shows periods."""
        levels = self.policy.dimensions["period"].levels
        used = [
            table.columns["period"]
            for table in self.policy.tables.values()
            if table.unit == unit and "period" in table.columns
        ]
        return min(used, key=levels.index, default=levels[-1])

    @property
    def _never_counted(self) -> Mapping[str, tuple[str, ...]]:
        """Code list -> codes that the policy leaves out of every count."""
        return {
            "verification": self.policy.exclude_verification,
            "channel": self.policy.money.exclude_channels,
        }

    @cached_property
    def _districts_with_regions(self) -> frozenset[str]:
        place = self.book.hierarchies["place"]
        return frozenset(place.generalise(code, "federal_district") for code in self.policy.regions_shown)

    def shown_codes(self, column: str, unit: str) -> list[ShownCode]:
        """Return every code a column may show in tables of a unit, coarse levels first, in display order.

        Raises:
            PolicyError: The column's levels are no code lists, or no chain of parents joins them.
        """
        if column == "period":
            years = self.periods.shown_years()
            if self.period_level(unit) == "year":
                return years
            return years + self.periods.shown_quarters(imprecise=unit not in _PRECISELY_DATED_UNITS)
        if column == "place":
            return self._shown_places()
        return self._shown_lists(column)

    def dimension(self, column: str, unit: str) -> Dimension:
        """Return the column as the protector needs it."""
        shown = self.shown_codes(column, unit)
        coarse_to_fine = list(dict.fromkeys(one.level for one in shown))
        return Dimension(
            column,
            tuple(reversed(coarse_to_fine)),
            {one.code: one.parent for one in shown},
            {one.code: one.level for one in shown},
            frozenset(one.code for one in shown if one.sensitive),
        )

    def _shown_places(self) -> list[ShownCode]:
        districts = self.book.code_lists["federal_district"].codes.values()
        regions = self.book.code_lists["region"].codes
        shown = [
            ShownCode(one.code, TOTAL, "federal_district", one.label_en, one.label_ru) for one in districts
        ]
        for code in self.policy.regions_shown:
            parent = regions[code].parents["federal_district"]
            labels = regions[code].label_en, regions[code].label_ru
            shown.append(ShownCode(code, parent, "region", *labels))
        for one in districts:
            if one.code in self._districts_with_regions:
                labels = f"{one.label_en}: other regions", f"{one.label_ru}: другие регионы"
                shown.append(ShownCode(f"{one.code}-other", one.code, "region", *labels))
        return shown

    def _shown_lists(self, column: str) -> list[ShownCode]:
        levels = self.policy.dimensions[column].levels
        shown = []
        for level, above in reversed(list(zip(levels, (*levels[1:], TOTAL), strict=True))):
            if level not in self.book.code_lists:
                raise PolicyError(
                    f"tables.yml: dimension {column} names level {level}, which is no code list",
                    remedy="name code lists under codebook/codes",
                )
            for code in self.book.code_lists[level].codes.values():
                if code.code in self._never_counted.get(level, ()):
                    continue  # its zeros would say nothing
                parent = TOTAL if above == TOTAL else code.parents.get(above, "")
                if not parent:
                    raise PolicyError(
                        f"tables.yml: dimension {column}: level {level} has no parents in {above}",
                        remedy=f"add a column in_{above} to codes/{level}.csv, or drop the level",
                    )
                shown.append(
                    ShownCode(code.code, parent, level, code.label_en, code.label_ru, code.sensitive)
                )
        return shown


def dimensions_of_unit(coding: Coding, unit: str) -> Mapping[str, Dimension]:
    """Return column -> dimension for all columns that tables of a unit show."""
    columns = {
        column for table in coding.policy.tables.values() if table.unit == unit for column in table.columns
    }
    return {column: coding.dimension(column, unit) for column in sorted(columns)}
