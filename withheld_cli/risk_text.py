"""What a person is told of a file's risk and of a recoding: names of columns and counts, never a value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .language import said

_SHOWN = 5
_LEAST = 0.0005  # of average risk that is worth a line
Evidence = Mapping[str, Any]


def risk_lines(evidence: Evidence, chart: Path | None = None) -> list[str]:
    """Return what `withheld risk` prints."""
    lines = [
        f"verdict:       {evidence['verdict']}",
        *(f"               {reason}" for reason in evidence["reasons"]),
        "",
        *_before(evidence),
        *_looks(evidence),
    ]
    if "population" in evidence:
        lines += ["", *_population(evidence["population"])]
    if "after" in evidence:
        lines += ["", *_after(evidence)]
    if chart is not None:
        lines += ["", f"chart:         {chart}"]
    return lines


def recoding_lines(evidence: Evidence, output: Path) -> list[str]:
    """Return what `withheld anonymize` prints."""
    after = evidence["risk"]["after"]
    levels = ", ".join(f"{name} {level}" for name, level in (evidence["levels"] or {}).items())
    lines = [
        f"written:     {output}",
        f"records:     {evidence['rows']}, {evidence['suppressed']} left out",
        f"classes:     {evidence['classes']}, the smallest {evidence['smallest_class']}",
        f"loss:        {evidence['loss']['name']} {evidence['loss']['value']:.6f}{_gap(evidence)}",
        f"levels:      {levels or 'each class its own'}",
        f"risk:        highest {after['highest']:.1%}, average {after['average']:.1%}",
    ]
    if evidence["dropped_columns"]:
        lines.append(f"dropped:     {', '.join(evidence['dropped_columns'])}")
    if "level_costs" in evidence:
        lines += ["", *_level_costs(evidence["level_costs"], evidence["rows"])]
    return lines


def _before(evidence: Evidence) -> list[str]:
    risk, clusters = evidence["risk"], evidence["smallest_class_clusters"]
    names = ", ".join(evidence["quasi_identifiers"])
    lines = [
        f"records:       {evidence['rows']} in {evidence['classes']} classes by {names}",
        f"smallest:      {evidence['smallest_class']} records"
        + ("" if clusters is None else f", {clusters} clusters"),
        f"below k={evidence['k']}:     {evidence['share_below_k']:.1%} of the records",
        f"unique:        {risk['unique_share']:.1%} of the records are alone in their class",
        f"highest risk:  {risk['highest']:.1%}; average {risk['average']:.1%}; "
        f"{risk['share_above_threshold']:.1%} of the records above {risk['threshold']:.0%}",
    ]
    if evidence["starred_records"]:
        lines.append(f"suppressed:    {evidence['starred_records']} records that are all * were not counted")
    for name, measure in evidence["sensitive"].items():
        lines.append(
            f"sensitive:     {name}: at least {measure['distinct_l']} values in every class, "
            f"distance up to {measure['t']:.2f}"
        )
    for one in evidence["special_uniques"][:_SHOWN]:
        lines.append(f"singled out:   {one['records']} records by {' + '.join(one['columns'])} alone")
    told = sorted(evidence["contributions"].items(), key=lambda item: -item[1]["average"])
    for name, share in [one for one in told[:_SHOWN] if one[1]["average"] >= _LEAST]:
        lines.append(
            f"without {name + ':':<20} average risk {share['average'] * 100:.1f} points lower, "
            f"unique records {share['unique_share'] * 100:.1f} points fewer"
        )
    return lines + _drop_order(evidence)


def _drop_order(evidence: Evidence) -> list[str]:
    steps = evidence["drop_order"]
    if not steps:
        return []
    names = [step["column"] for step in steps]
    shown = ", then ".join(names[:_SHOWN]) + (f", then {len(names) - _SHOWN} more" if names[_SHOWN:] else "")
    return [
        f"drop first:    {shown}: that leaves {steps[-1]['records_below_k']} records below k={evidence['k']} "
        f"({steps[0]['records_below_k']} after the first)"
    ]


def _looks(evidence: Evidence) -> list[str]:
    by_kind: dict[str, list[str]] = {}
    for hint in evidence["columns"]:
        by_kind.setdefault(hint["looks"], []).append(hint["column"])
    return [
        f"looks {said(kind) + ': ':<9}{', '.join(by_kind[kind])}"
        for kind in ("direct", "quasi")
        if kind in by_kind
    ]


def _population(told: Evidence) -> list[str]:
    how = "estimated from its size" if told["estimated"] else "counted"
    journalist = told["journalist"]
    lines = [
        f"population:    {told['population']} persons, {how}",
        f"journalist:    highest risk {journalist['highest']:.1%}, average {journalist['average']:.1%}",
        f"marketer:      {told['marketer']:.1%} of the records would be matched rightly",
    ]
    uniques = told.get("population_uniques", told.get("population_uniques_expected"))
    lines.append(
        f"uniques:       {told['sample_uniques']} in the file, {uniques:.0f} in the population as well"
    )
    return lines


def _after(evidence: Evidence) -> list[str]:
    after = evidence["after"]
    risk, rows = after["risk"], evidence["rows"]
    lines = [
        f"recoded to k={evidence['k']}, leaving out at most {after['suppression_limit']:.0%}:",
        f"  records:     {after['suppressed']} of {rows} left out ({after['suppressed'] / max(rows, 1):.1%})",
        f"  classes:     {after['classes']}, the smallest {after['smallest_class']}",
        f"  risk:        highest {evidence['risk']['highest']:.1%} -> {risk['highest']:.1%}, "
        f"average {evidence['risk']['average']:.1%} -> {risk['average']:.1%}",
        f"  loss:        {after['loss']['name']} {after['loss']['value']:.4f}{_gap(after)}",
    ]
    for name, level in after["level_names"].items():
        before, left = evidence["contributions"][name], after["contributions"][name]
        lines.append(
            f"  {name + ':':<22} {said(level)}; its part of the average risk "
            f"{before['average'] * 100:.1f} -> {left['average'] * 100:.1f} points"
        )
    lines += ["", *_level_costs(after["level_costs"], rows), "", "what k costs:"]
    for point in evidence["trade_off"]:
        lines.append(
            f"  k={point['k']:<4} loss {point['loss']:.4f}   left out {point['suppressed_share']:.1%}   "
            f"average risk {point['average_risk']:.1%}"
        )
    return lines


def _level_costs(costs: list[dict[str, Any]], rows: int) -> list[str]:
    """Return one line a column: what the next finer level would cost."""
    finer: dict[str, dict[str, Any]] = {}
    for one in costs:
        if one["finer"]:
            finer[one["column"]] = one  # the last one is the next finer
    lines = ["what the next finer level costs:"]
    for name, one in finer.items():
        more = one["suppressed_change"]
        limit = "" if one["allowed"] else "; beyond the suppression limit"
        instead, chosen = said(one["instead"]), said(one["chosen"])
        lines.append(
            f"  publishing {name} as {instead} instead of {chosen} costs {more} more records "
            f"({more / max(rows, 1):.1%}); loss {one['loss_change']:+.4f}{limit}"
        )
    return lines if finer else ["every column is published as it is"]


def _gap(told: Evidence) -> str:
    gap = told.get("gap")
    if gap is None:
        return ""
    return said(" (proven optimal)" if gap == 0 else f" (at most {gap:.4f} above the optimum; stopped early)")
