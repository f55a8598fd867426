"""The columns that published records may show: their levels, their ladders, and how a row gets its code."""

from collections.abc import Callable
from dataclasses import dataclass

from codebook import ANY, TOTAL

from .dimensions import Coding
from .periods import ShownCode
from .population import Case, Person
from .records import Hierarchy, hierarchy_from_mapping
from .units import age_band, gbv_type


@dataclass(frozen=True)
class RecordColumn:
    """A column that records may show: its levels from fine to coarse and how a row gets its code."""

    label_en: str
    label_ru: str
    levels: tuple[str, ...]  # code lists; periods have levels of their own
    code_of: Callable[[Case, Person, Coding], str]


RECORD_COLUMNS: dict[str, RecordColumn] = {
    "period": RecordColumn(
        # Single years stand in the tables of persons: records by year would give minima of their cells.
        "Period", "Период", ("three_years",),
        lambda case, person, coding: _three_years_of(case, coding),
    ),
    "place": RecordColumn(
        "Place", "Место", ("federal_district",),  # never finer when crossed (RULES 1.1)
        lambda case, person, coding: coding.group("place", case.row["region"], "federal_district", "unknown"),
    ),
    "age": RecordColumn(
        "Age", "Возраст", ("age_band", "age_minority"), lambda case, person, coding: age_band(person, coding)
    ),
    "sex": RecordColumn(
        "Sex", "Пол", ("sex",), lambda case, person, coding: person.row["sex"] or "unknown"
    ),
    "marital": RecordColumn(
        "Marital status", "Семейное положение", ("marital", "marital_group"),
        lambda case, person, coding: person.row["marital"] or "unknown",
    ),
    "gbv_type": RecordColumn(
        "Type of gender-based violence", "Вид гендерного насилия", ("gbv_type",),
        lambda case, person, coding: gbv_type(person, coding.book),
    ),
}  # fmt: skip


def record_list(column: str) -> str:
    """Return the name of the code list that a column of `records` is written in."""
    return f"records_{column}"


Rung = tuple[str, str, str]  # code, label_en, label_ru


def record_ladder(coding: Coding, name: str) -> Hierarchy:
    """Return the hierarchy of a column of records: code -> its group on every level, up to `*`."""
    ladder = {rungs[0][0]: [*(code for code, _, _ in rungs[1:]), ANY] for rungs in _rungs(coding, name)}
    return hierarchy_from_mapping(name, ladder, place=f"hierarchy of {name}")


def codes_at(coding: Coding, name: str, level: str) -> list[ShownCode]:
    """Return the codes of a column on the level published; records show one level, so nothing is above."""
    index = RECORD_COLUMNS[name].levels.index(level)
    rungs = dict.fromkeys(ladder[index] for ladder in _rungs(coding, name))
    return [ShownCode(code, TOTAL, level, label_en, label_ru) for code, label_en, label_ru in rungs]


def _rungs(coding: Coding, name: str) -> list[tuple[Rung, ...]]:
    """Return for every finest code its rungs, from itself upwards."""
    if name == "period":
        years = coding.periods.shown_years()
        return [(rung,) for rung in dict.fromkeys(_three_years(year, coding) for year in years)]
    levels = RECORD_COLUMNS[name].levels
    lists = [coding.book.code_lists[level].codes for level in levels]
    ladders = []
    for code in lists[0].values():
        rungs: list[Rung] = [(code.code, code.label_en, code.label_ru)]
        for level, codes in zip(levels[1:], lists[1:], strict=True):
            group = codes[code.parents[level]]
            rungs.append((group.code, group.label_en, group.label_ru))
        ladders.append(tuple(rungs))
    return ladders


def _three_years_of(case: Case, coding: Coding) -> str:
    code = coding.periods.code_of(case.row["date_incident"], case.row["date_precision"], "year")
    return _span(code, coding)


def _span(year: str, coding: Coding) -> str:
    """Return the three years, counted from the first one shown, in which a year lies; other codes stay."""
    if not year.isdigit():
        return year
    years = coding.periods.years
    # A remainder of one year goes with the span before it: records never show a single year.
    spans = max((len(years) + 1) // 3, 1)
    number = min((int(year) - years[0]) // 3, spans - 1)
    last = years[-1] if number == spans - 1 else years[0] + 3 * number + 2
    return f"{years[0] + 3 * number}-{last}"


def _three_years(year: ShownCode, coding: Coding) -> Rung:
    span = _span(year.code, coding)
    shown = span.replace("-", "–")
    return (span, shown, shown) if year.code.isdigit() else (year.code, year.label_en, year.label_ru)
