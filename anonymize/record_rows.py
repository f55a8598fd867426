"""The records of a release: one row per affected person and incident, as coarse as k asks.

k counts all published columns, the sensitive one included, because the police know what was reported to them;
and beyond that no class of the other columns may be alike in the sensitive one (l).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codebook import ANY, PolicyError, RecordsError, ReleaseRefused

from .dimensions import Coding
from .periods import ShownCode
from .policy import RecordsPolicy
from .population import Population
from .record_columns import RECORD_COLUMNS, codes_at, record_ladder, record_list
from .records import RecordsModel, RecordsResult, anonymize_records


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

    def public_evidence(self, *, published: bool) -> dict[str, Any]:
        """Return what may be published: parameters and verdicts, and no exact count of what was left out.

        Of records that are not published only that the check was made and kept: their levels and smallest
        class would tell, from release to release, that something among them changed.
        """
        k = self.evidence["k"]
        checked = {
            "possible": True,
            "k": k,
            "l": self.evidence["l"],
            "suppression_limit": self.evidence["suppression_limit"],
            "method": self.evidence["method"],
            "highest_risk_allowed": 1 / k,
        }
        if not published:
            return checked
        return {
            **checked,
            "quasi_identifiers": list(self.columns),
            "levels": self.evidence["level_names"],
            "smallest_class": self.evidence["smallest_class"],
            "highest_risk": 1 / self.evidence["smallest_class"],
        }


def release_records(population: Population, coding: Coding) -> ReleasedRecords:
    """Return the records at the least loss found that keeps k (records and households) and l.

    The exact search recodes the quasi-identifiers under k and l; records whose sensitive value is too rare in
    their class are then left out. The less the search itself suppresses, the more is left for that: several
    shares are tried.

    Cases that are in the press are left out (RULES rule 18): the outside file to link with is the newspaper.

    Raises:
        ReleaseRefused: The policy cannot be met; says what to change.
    """
    policy = coding.policy.records
    _require_policy(policy)
    considered = _considered(population, coding, (*policy.quasi_identifiers, policy.sensitive))
    attempts = [
        attempt
        for part in _SUPPRESSION_PARTS
        if (attempt := _attempt(considered, coding, policy.max_suppressed_share * part)) is not None
    ]
    if not attempts:
        raise ReleaseRefused(
            f"records: no recoding keeps k={policy.k} and l={policy.l} within the suppression limit",
            remedy="raise max_suppressed_share, take out a quasi-identifier, or set records: publish: false",
        )
    best = min(attempts, key=lambda attempt: attempt.loss)
    return _lay_out(best, considered, coding)


_SUPPRESSION_PARTS = (1.0, 0.75, 0.5, 0.25, 0.1, 0.0)  # of the limit, left to the search itself
_Codes = tuple[str, ...]  # one row


@dataclass(frozen=True)
class _Considered:
    """Every record that might be published (n_records each)."""

    positions: Sequence[tuple[int, int]]
    cells: Mapping[str, Sequence[str]]
    households: Sequence[str]


@dataclass(frozen=True)
class _Attempt:
    """One recoding that keeps k and l: the records kept, and the loss with those left out counted as lost."""

    result: RecordsResult
    kept: Sequence[int]  # positions among the considered records
    rows: Sequence[tuple[str, ...]]
    loss: float


def _require_policy(policy: RecordsPolicy) -> None:
    names = (*policy.quasi_identifiers, policy.sensitive)
    unknown = sorted(set(names) - set(RECORD_COLUMNS))
    if unknown or len(set(names)) != len(names) or not policy.quasi_identifiers:
        raise PolicyError(
            "policy.yml: records names no column, one that records cannot show, or one twice",
            remedy=f"choose from {', '.join(RECORD_COLUMNS)}",
        )
    try:
        _model(policy, policy.max_suppressed_share)
    except RecordsError as error:
        raise PolicyError(f"policy.yml: records: {error.reason}", remedy=error.remedy) from error


def _model(policy: RecordsPolicy, limit: float) -> RecordsModel:
    return RecordsModel(
        k=policy.k, l=policy.l, sensitive=(policy.sensitive,), max_suppressed_share=limit, loss=policy.loss,
        cluster="household",
    )  # fmt: skip


def _considered(population: Population, coding: Coding, names: Sequence[str]) -> _Considered:
    positions, households = [], []
    cells: dict[str, list[str]] = {name: [] for name in names}
    for case_position, case in enumerate(population.cases):
        if case.row["public_exposure"] not in (None, "none"):
            continue
        for person_position, person in enumerate(case.persons):
            positions.append((case_position, person_position))
            households.append(person.household)
            for name in names:
                cells[name].append(RECORD_COLUMNS[name].code_of(case, person, coding))
    return _Considered(positions, cells, households)


def _attempt(considered: _Considered, coding: Coding, limit: float) -> _Attempt | None:
    policy = coding.policy.records
    names = policy.quasi_identifiers
    ladders = {name: record_ladder(coding, name) for name in names}
    columns = {**considered.cells, "household": considered.households}
    try:
        result = anonymize_records(columns, ladders, names, _model(policy, limit))
    except RecordsError:
        return None
    positions = [number for number, kept in enumerate(result.kept) if kept]
    rows = list(zip(*(result.columns[name] for name in (*names, policy.sensitive)), strict=True))
    chosen = _shared_by_enough(rows, [considered.households[n] for n in positions], policy)
    kept = len(chosen)
    total = len(considered.positions)
    if not kept or total - kept > policy.max_suppressed_share * total:
        return None
    searched = max(len(rows), 1)
    # The search's loss counts its own suppressed records; those left out after it are lost as well.
    loss = 1 - (1 - result.loss) * kept / searched
    return _Attempt(result, [positions[n] for n in chosen], [rows[n] for n in chosen], loss)


def _class_sizes(rows: Sequence[tuple[str, ...]], households: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return how many share each row: the smaller of records and households (rule 15)."""
    families: dict[_Codes, set[str]] = defaultdict(set)
    for row, household in zip(rows, households, strict=True):
        families[row].add(household)
    return {row: len(homes) for row, homes in families.items()}


def _shared_by_enough(rows: Sequence[_Codes], households: Sequence[str], policy: RecordsPolicy) -> list[int]:
    """Return the rows that k records and households share in all columns, in classes with l sensitive values.

    Taking out a rare value can leave a class with fewer than l values; then the whole class goes.
    """
    common = {row for row, size in _class_sizes(rows, households).items() if size >= policy.k}
    values = Counter(row[:-1] for row in common)
    return [n for n, row in enumerate(rows) if row in common and values[row[:-1]] >= policy.l]


def _lay_out(attempt: _Attempt, considered: _Considered, coding: Coding) -> ReleasedRecords:
    """Drop the columns that say nothing any more, and describe the rest."""
    policy = coding.policy.records
    names = (*policy.quasi_identifiers, policy.sensitive)
    shown = [n for n, _ in enumerate(names) if any(row[n] != ANY for row in attempt.rows)]
    levels = {**(attempt.result.levels or {}), policy.sensitive: 0}
    chosen = {names[n]: RECORD_COLUMNS[names[n]].levels[levels[names[n]]] for n in shown}
    final = sorted(tuple(row[n] for n in shown) for row in attempt.rows)
    sizes = _class_sizes(attempt.rows, [considered.households[n] for n in attempt.kept])
    evidence = {
        **attempt.result.evidence(),
        "rows": len(considered.positions),
        "suppressed": len(considered.positions) - len(final),
        "l": policy.l,
        "loss": {"name": policy.loss, "value": attempt.loss},
        "smallest_class": min(sizes.values()),
        "level_names": chosen,
        "suppression_limit": policy.max_suppressed_share,
    }
    return ReleasedRecords(
        tuple(chosen),
        tuple(final),
        tuple(considered.positions[n] for n in attempt.kept),
        {record_list(name): codes_at(coding, name, level) for name, level in chosen.items()},
        evidence,
    )
