"""The file edge of the engine, for `withheld risk` and `withheld anonymize`: measure or recode a file."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codebook.errors import RecordsError
from codebook.verdict import Verdict

from .hierarchy_files import find_hierarchy_files, read_hierarchies
from .fields import contributions, special_uniques
from .measures import Measures, measure_records, require_columns
from .model import RecordsModel
from .output_files import write_evidence, write_records
from .recode import anonymize_records
from .suggest import ColumnHint, suggest_columns
from .table_files import Columns, ReadOptions, read_table

DEFAULT_K = 5
GLOBAL_RISK = 0.03  # HDX's line for public microdata (RULES section 3, rule 17)
_MANY_COLUMNS = 12  # beyond, special uniques are searched in pairs only


@dataclass(frozen=True)
class RiskReport:
    """What a file exposes as it is, and the verdict on publishing it."""

    verdict: Verdict
    reasons: tuple[str, ...]  # why it is not PASS; counts only
    k: int
    quasi_identifiers: tuple[str, ...]
    measures: Measures
    evidence: dict[str, Any]  # all of it, for --json
    hints: tuple[ColumnHint, ...]


def risk_of_file(
    path: Path,
    quasi_identifiers: Sequence[str] = (),
    *,
    sensitive: Sequence[str] = (),
    cluster: str | None = None,
    hierarchies: Path | None = None,
    k: int = DEFAULT_K,
    read: ReadOptions | None = None,
) -> RiskReport:
    """Measure a file without changing it.

    Args:
        path: CSV, XLSX, Parquet or SQLite.
        quasi_identifiers: Columns that others may know; when none, those with a file in `hierarchies`.
        sensitive: Columns that must not be learnt.
        cluster: Household or incident column; k counts its distinct values too.
        hierarchies: Folder of hierarchy files.
        k: Smallest class that passes.
        read: Separator, encoding, sheet or table.

    Raises:
        RecordsError: No quasi-identifier is named (the remedy lists the columns that look identifying), or
        no record. SourceError, HierarchyError: A file cannot be read.
    """
    columns = read_table(path, read)
    hints = suggest_columns(columns)
    quasi = _chosen(columns, quasi_identifiers, hierarchies, hints, (*sensitive, cluster))
    if hierarchies is not None:
        read_hierarchies(hierarchies, quasi)
    if not columns[quasi[0]]:
        raise RecordsError(
            f"{path.name}: there are no records", remedy="check the file; nothing can be measured"
        )
    measures = measure_records(columns, quasi, sensitive=sensitive, cluster=cluster)
    named = {*quasi, *sensitive, cluster}
    unnamed = [hint for hint in hints if hint.column not in named and hint.looks != "other"]
    verdict, reasons = _verdict(measures, k, unnamed)
    evidence = {
        "file": path.name,
        "verdict": verdict.name,
        "reasons": list(reasons),
        "k": k,
        **_told(columns, quasi, measures),
        "columns": [vars(hint) for hint in hints],
    }
    return RiskReport(verdict, reasons, k, tuple(quasi), measures, evidence, tuple(hints))


def _told(columns: Columns, quasi: Sequence[str], measures: Measures) -> dict[str, Any]:
    """Return what was measured, for evidence: counts and shares only."""
    sets = special_uniques(columns, quasi, max_columns=3 if len(quasi) <= _MANY_COLUMNS else 2)
    return {
        "rows": measures.n_records,
        "quasi_identifiers": list(quasi),
        "classes": measures.n_classes,
        "smallest_class": measures.smallest_class,
        "smallest_class_clusters": measures.smallest_class_clusters,
        "risk": measures.risk.as_dict(),
        "sensitive": {name: vars(measure) for name, measure in measures.sensitive.items()},
        "special_uniques": [{"columns": list(one.columns), "records": one.n_records} for one in sets[:20]],
        "contributions": {name: vars(one) for name, one in contributions(columns, quasi).items()},
    }


def anonymize_file(
    path: Path,
    output: Path,
    *,
    hierarchies: Path,
    model: RecordsModel,
    quasi_identifiers: Sequence[str] = (),
    evidence: Path | None = None,
    read: ReadOptions | None = None,
    in_order: bool = False,
) -> dict[str, Any]:
    """Recode a file and write it with its evidence; nothing is written when it is refused.

    Only quasi-identifiers and sensitive columns leave; every other column is dropped and listed in the
    evidence.

    Args:
        path: CSV, XLSX, Parquet or SQLite.
        output: CSV to write.
        hierarchies: Folder of hierarchy files.
        model: What every class must satisfy.
        quasi_identifiers: Columns that others may know; when none, every column with a hierarchy file.
        evidence: JSON to write.
        read: Separator, encoding, sheet or table.
        in_order: Keep the order of the records; sorted otherwise.

    Returns:
        The evidence.

    Raises:
        RecordsError, HierarchyError, SourceError: As `anonymize_records` and `read_table`.
    """
    start = time.process_time()
    columns = read_table(path, read)
    hints = suggest_columns(columns) if not quasi_identifiers else []
    quasi = _chosen(columns, quasi_identifiers, hierarchies, hints, (*model.sensitive, model.cluster))
    trees = [*model.sensitive] if model.t is not None and model.t_distance == "hierarchical" else []
    ladders = read_hierarchies(hierarchies, [*quasi, *trees], required=[*quasi, *trees])
    result = anonymize_records(columns, ladders, quasi, model)
    write_records(output, result.columns, in_order=in_order)
    told = {"file": path.name, **result.evidence(), "seconds": round(time.process_time() - start, 4)}
    if evidence is not None:
        write_evidence(evidence, told)
    return told


def _chosen(
    columns: Columns,
    asked: Sequence[str],
    hierarchies: Path | None,
    hints: Sequence[ColumnHint],
    taken: Sequence[str | None],
) -> list[str]:
    """Return the quasi-identifiers: those named, else those with a hierarchy file."""
    if asked:
        require_columns(columns, asked)
        return list(asked)
    if hierarchies is not None:
        found = find_hierarchy_files(hierarchies, list(columns))
        chosen = [name for name in columns if name in found and name not in taken]
        if chosen:
            return chosen
        raise RecordsError(
            f"no column has a hierarchy file in {hierarchies.name}", remedy="name each file <column>.csv"
        )
    looking = [hint.column for hint in hints if hint.looks != "other"]
    remedy = f"the columns are: {', '.join(columns)}"
    if looking:
        remedy = f"these look identifying: {', '.join(looking)}; name those that others may know"
    raise RecordsError("no quasi-identifier is named, and none is guessed", remedy=remedy)


def _verdict(measures: Measures, k: int, unnamed: Sequence[ColumnHint]) -> tuple[Verdict, tuple[str, ...]]:
    """Judge a file as if it were to be published."""
    verdict, reasons = Verdict.PASS, []
    if measures.smallest_class < k:
        verdict = Verdict.FAIL
        reasons.append(f"the smallest class has {measures.smallest_class} records, fewer than k={k}")
    if measures.smallest_class_clusters is not None and measures.smallest_class_clusters < k:
        verdict = Verdict.FAIL
        reasons.append(
            f"the smallest class has {measures.smallest_class_clusters} clusters, fewer than k={k}"
        )
    for name, measure in measures.sensitive.items():
        if measure.distinct_l < 2:
            verdict = Verdict.FAIL
            reasons.append(
                f"a class has a single value of '{name}': who is in it is told, unidentified or not"
            )
    direct = [hint.column for hint in unnamed if hint.looks == "direct"]
    if direct:
        verdict = Verdict.FAIL
        reasons.append(f"columns that look like direct identifiers: {', '.join(direct)}")
    others = [hint.column for hint in unnamed if hint.looks == "quasi"]
    if others:
        verdict = max(verdict, Verdict.REVIEW)
        reasons.append(f"columns that look identifying and were not measured: {', '.join(others)}")
    if measures.risk.average > GLOBAL_RISK:
        verdict = max(verdict, Verdict.REVIEW)
        reasons.append(f"global risk {measures.risk.average:.1%} is above {GLOBAL_RISK:.0%}")
    return verdict, tuple(reasons)
