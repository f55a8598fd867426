"""The records of a release: one row per affected person and incident, as coarse as k asks.

k counts all published columns, the sensitive one included, because the police know what was reported to them;
and beyond that no class of the other columns may be alike in the sensitive one (l).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codebook import ANY, TOTAL, PolicyError, RecordsError, ReleaseRefused

from .dimensions import Coding
from .periods import ShownCode
from .policy import RecordsPolicy
from .population import Case, Person, Population
from .records import Hierarchy, RecordsModel, RecordsResult, anonymize_records, hierarchy_from_mapping
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
        "Period", "Период", ("year", "three_years"),
        lambda case, person, coding: coding.periods.code_of(
            case.row["date_incident"], case.row["date_precision"], "year"
        ),
    ),
    "place": RecordColumn(
        "Place", "Место", ("federal_district",),  # never finer when crossed (RULES 1.1)
        lambda case, person, coding: coding.group("place", case.row["region"], "federal_district", "unknown"),
    ),
    "age": RecordColumn(
        "Age", "Возраст", ("age_band", "age_minority"),
        lambda case, person, coding: age_band(person, coding),
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


@dataclass(frozen=True)
class ReleasedRecords:
    """Records that may be published, and what is said of them.

    Attributes:
        columns: Names, in order; a column that had to be generalised to `*` is left out.
        rows: Codes (n_kept).
        positions: (case, person) positions in the population of the kept rows, for the tables' protection.
        codes: Code list of a column -> the codes at the level published.
        evidence: Everything measured; private, because it holds exact counts.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    positions: tuple[tuple[int, int], ...]
    codes: Mapping[str, Sequence[ShownCode]]
    evidence: Mapping[str, Any]

    def public_evidence(self) -> dict[str, Any]:
        """Return what may be published: parameters and verdicts, and no exact count of what was left out."""
        after = self.evidence["risk"]["after"]
        return {
            "quasi_identifiers": list(self.columns),
            "k": self.evidence["k"],
            "l": self.evidence["l"],
            "levels": self.evidence["level_names"],
            "suppression_limit": self.evidence["suppression_limit"],
            "method": self.evidence["method"],
            "smallest_class": self.evidence["smallest_class"],
            "highest_risk": after["highest"],
        }


def record_list(column: str) -> str:
    """Return the name of the code list that a column of `records` is written in."""
    return f"records_{column}"


def release_records(population: Population, coding: Coding) -> ReleasedRecords:
    """Return the records at the least loss that keeps k (records and households) and l.

    Cases that are in the press are left out (RULES rule 18): the outside file to link with is the newspaper.

    Raises:
        ReleaseRefused: The policy cannot be met; says what to change.
    """
    policy = coding.policy.records
    names = _required_columns(policy)
    positions, cells, households = _cells(population, coding, names)
    ladders = {name: record_ladder(coding, name) for name in names}
    model = RecordsModel(
        k=policy.k,
        max_suppressed_share=policy.max_suppressed_share,
        loss=policy.loss,
        cluster="household",
    )
    try:
        result = anonymize_records({**cells, "household": households}, ladders, names, model)
    except RecordsError as error:
        raise ReleaseRefused(f"records: {error.reason}", remedy=error.remedy or _REMEDY) from None
    return _diverse(result, positions, coding)


_REMEDY = "raise max_suppressed_share, take out a quasi-identifier, or set records: publish: false"


def _required_columns(policy: RecordsPolicy) -> tuple[str, ...]:
    names = (*policy.quasi_identifiers, policy.sensitive)
    unknown = sorted(set(names) - set(RECORD_COLUMNS))
    if unknown or len(set(names)) != len(names):
        raise PolicyError(
            "policy.yml: records names a column that records cannot show, or one twice",
            remedy=f"choose from {', '.join(RECORD_COLUMNS)}",
        )
    return names


def _cells(
    population: Population, coding: Coding, names: Sequence[str]
) -> tuple[list[tuple[int, int]], dict[str, list[str]], list[str]]:
    positions, households = [], []
    cells: dict[str, list[str]] = {name: [] for name in names}
    for case_position, person_position, case, person in _unexposed(population):
        positions.append((case_position, person_position))
        households.append(person.household)
        for name in names:
            cells[name].append(RECORD_COLUMNS[name].code_of(case, person, coding))
    return positions, cells, households


def _unexposed(population: Population) -> Iterator[tuple[int, int, Case, Person]]:
    for case_position, case in enumerate(population.cases):
        if case.row["public_exposure"] in (None, "none"):
            for person_position, person in enumerate(case.persons):
                yield case_position, person_position, case, person


def _diverse(result: RecordsResult, positions: Sequence[tuple[int, int]], coding: Coding) -> ReleasedRecords:
    """Leave out the classes that are alike in the sensitive column, then lay the rest out.

    Taking whole classes of the other columns away leaves every remaining class as it was, so k still holds.
    """
    policy = coding.policy.records
    names = result.quasi_identifiers
    rows = list(zip(*(result.columns[name] for name in names), strict=True))
    values: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        values[row[:-1]].add(row[-1])
    alike = {key for key, seen in values.items() if len(seen) < policy.l and ANY not in seen}
    kept_before = [place for place, kept in zip(positions, result.kept, strict=True) if kept]
    chosen = [number for number, row in enumerate(rows) if row[:-1] not in alike]
    left_out = len(positions) - len(chosen)
    if left_out > policy.max_suppressed_share * len(positions) or not chosen:
        raise ReleaseRefused(
            "records: l-diversity leaves out more records than the policy allows", remedy=_REMEDY
        )
    shown = [column for column, name in enumerate(names) if any(rows[n][column] != ANY for n in chosen)]
    final = [tuple(rows[n][column] for column in shown) for n in chosen]
    levels = result.levels or {}
    chosen_levels = {names[c]: RECORD_COLUMNS[names[c]].levels[levels[names[c]]] for c in shown}
    evidence = {
        **result.evidence(),
        "suppressed": left_out,
        "l": policy.l,
        "smallest_class": min(Counter(final).values()),
        "level_names": chosen_levels,
    }
    return ReleasedRecords(
        tuple(names[column] for column in shown),
        tuple(sorted(final)),
        tuple(kept_before[n] for n in chosen),
        {record_list(name): _codes_at(coding, name, level) for name, level in chosen_levels.items()},
        evidence,
    )


Rung = tuple[str, str, str]  # code, label_en, label_ru


def record_ladder(coding: Coding, name: str) -> Hierarchy:
    """Return the hierarchy of a column of records: code -> its group on every level, up to `*`."""
    ladder = {rungs[0][0]: [*(code for code, _, _ in rungs[1:]), ANY] for rungs in _rungs(coding, name)}
    return hierarchy_from_mapping(name, ladder, place=f"hierarchy of {name}")


def _codes_at(coding: Coding, name: str, level: str) -> list[ShownCode]:
    """Return the codes of a column on the level published; records show one level, so nothing is above."""
    index = RECORD_COLUMNS[name].levels.index(level)
    rungs = dict.fromkeys(ladder[index] for ladder in _rungs(coding, name))
    return [ShownCode(code, TOTAL, level, label_en, label_ru) for code, label_en, label_ru in rungs]


def _rungs(coding: Coding, name: str) -> list[tuple[Rung, ...]]:
    """Return for every finest code its rungs, from itself upwards."""
    if name == "period":
        return [
            ((one.code, one.label_en, one.label_ru), _three_years(one))
            for one in coding.periods.shown_years()
        ]
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


def _three_years(year: ShownCode) -> Rung:
    if not year.code.isdigit():
        return year.code, year.label_en, year.label_ru
    first = int(year.code) - int(year.code) % 3
    return f"{first}-{first + 2}", f"{first}–{first + 2}", f"{first}–{first + 2}"
