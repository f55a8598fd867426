"""The verdict on a file as if it were published: what was measured, and what was not."""

from collections.abc import Sequence

from codebook.verdict import Verdict

from .measures import Measures
from .suggest import ColumnHint

GLOBAL_RISK = 0.03  # HDX's line for public microdata (RULES section 3, rule 17)


def judge_file(
    measures: Measures, k: int, unnamed: Sequence[ColumnHint], chosen_by: str
) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict and its reasons, which count and name columns.

    Args:
        measures: Of the file as it is.
        k: Smallest class that passes.
        unnamed: Columns that look identifying and were neither measured nor named.
        chosen_by: Who chose the quasi-identifiers: "named", "hierarchies" or "suggested".
    """
    found = [*_failures(measures, k, unnamed), *_doubts(measures, unnamed, chosen_by)]
    return max((verdict for verdict, _ in found), default=Verdict.PASS), tuple(reason for _, reason in found)


def _failures(measures: Measures, k: int, unnamed: Sequence[ColumnHint]) -> list[tuple[Verdict, str]]:
    reasons = []
    if measures.smallest_class < k:
        reasons.append(f"the smallest class has {measures.smallest_class} records, fewer than k={k}")
    if measures.smallest_class_clusters is not None and measures.smallest_class_clusters < k:
        reasons.append(
            f"the smallest class has {measures.smallest_class_clusters} clusters, fewer than k={k}"
        )
    for name, measure in measures.sensitive.items():
        if measure.distinct_l < 2:
            reasons.append(
                f"a class has a single value of '{name}': who is in it is told, unidentified or not"
            )
    direct = [hint.column for hint in unnamed if hint.looks == "direct"]
    if direct:
        reasons.append(f"columns that look like direct identifiers: {', '.join(direct)}")
    return [(Verdict.FAIL, reason) for reason in reasons]


def _doubts(measures: Measures, unnamed: Sequence[ColumnHint], chosen_by: str) -> list[tuple[Verdict, str]]:
    reasons = []
    if chosen_by == "suggested":
        reasons.append(
            "no quasi-identifier was named: the columns that look identifying were measured; what others may "
            "know, no file can tell"
        )
    others = [hint.column for hint in unnamed if hint.looks == "quasi"]
    if others:
        reasons.append(f"columns that look identifying and were not measured: {', '.join(others)}")
    if measures.risk.average > GLOBAL_RISK:
        reasons.append(f"global risk {measures.risk.average:.1%} is above {GLOBAL_RISK:.0%}")
    return [(Verdict.REVIEW, reason) for reason in reasons]
