"""The file edge of measuring, for `withheld risk`: how anonymous is a file, what helps, what does it cost?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from codebook.errors import RecordsError
from codebook.verdict import Verdict

from .cell_rules import CellRules
from .chart import draw_exposed, draw_trade_off, require_chart_name
from .coded import CodedColumn
from .fields import class_sizes, contributions, drop_order, share_below, special_uniques
from .files import RunOptions, looking, recode_table, require_names, stop_after
from .hierarchies import TOP, BoolArray, IntArray
from .ladder_sources import open_ladders
from .measures import Measures, measure_records
from .model import RecordsModel
from .open_tables import OpenTable, open_table
from .population import counted_risk, estimated_risk
from .suggest import ColumnHint
from .table_files import Columns, ReadOptions
from .trade_off import USUAL_K, level_costs, trade_off
from .verdicts import judge_file

DEFAULT_K = 5
_MANY_COLUMNS = 12  # beyond, special uniques are searched in pairs only
_MANY_ROWS = 1_000_000
_SAID_AFTER = (
    "levels",
    "loss",
    "proven_bound",
    "gap",
    "suppression_limit",
    "suppressed",
    "classes",
    "smallest_class",
)


@dataclass(frozen=True)
class RiskOptions:
    """What is asked of one measurement beside the columns."""

    cells: CellRules = field(default_factory=CellRules)
    flags: tuple[tuple[str, str], ...] = ()  # (column, separator) of set-valued columns to split
    population: int | Path | None = None  # persons the file was drawn from, or a file of them
    max_suppressed_share: float = 0.05  # of the recoding that shows what k costs
    loss: str = "granularity"
    budget_seconds: float | None = None
    chart: Path | None = None  # of the trade-off over k; .svg or .png


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
    options: RiskOptions | None = None,
) -> RiskReport:
    """Measure a file without changing it; with hierarchies also what recoding it to k would cost.

    Args:
        path: CSV, XLSX, Parquet or SQLite.
        quasi_identifiers: Columns that others may know; when none, those with a hierarchy; when none again,
            those that look identifying, which is said and keeps the verdict from being PASS.
        sensitive: Columns that must not be learnt.
        cluster: Household or incident column; k counts its distinct values too.
        hierarchies: Folder of hierarchy files, or a YAML file of rules.
        k: Smallest class that passes.
        read: Separator, encoding, sheet or table.
        options: Missing values, sets, population, suppression limit, time budget, chart.

    Raises:
        RecordsError: No column is named and none looks identifying, or there is no record. SourceError,
        HierarchyError: A file cannot be read. UsageError: The chart's name.
    """
    options = options or RiskOptions()
    if options.chart is not None:
        require_chart_name(options.chart)
    table = open_table(path, read, options.flags)
    hints = table.hints()
    others = [*sensitive, *([cluster] if cluster else [])]
    asked, chosen_by = _chosen(table, quasi_identifiers, hierarchies, hints, others)
    taken = _take(table, asked, others, options.cells)
    measures = _measured(taken, sensitive, cluster, options.cells)
    unnamed = [hint for hint in hints if hint.column not in {*asked, *others} and hint.looks != "other"]
    verdict, reasons = judge_file(measures, k, unnamed, chosen_by)
    evidence = {
        "file": path.name,
        "verdict": verdict.name,
        "reasons": list(reasons),
        "k": k,
        **_read_as(taken, chosen_by, options),
        **_told(taken, measures, k),
        **_population(taken, options),
        "columns": [vars(hint) for hint in hints],
    }
    if hierarchies is not None:
        evidence |= _after(table, hierarchies, _model(options, k, cluster), asked, options)
    elif options.chart is not None:
        below = share_below(taken.columns, taken.quasi, USUAL_K, weights=taken.weights)
        draw_exposed(options.chart, below, k=k)
    return RiskReport(verdict, reasons, k, taken.quasi, measures, evidence, tuple(hints))


def _read_as(taken: "_Taken", chosen_by: str, options: RiskOptions) -> dict[str, object]:
    """Return which columns are measured, and how their cells were read."""
    return {
        "quasi_identifiers": list(taken.quasi),
        "quasi_identifiers_by": chosen_by,
        "missing": options.cells.missing,
        "set_valued": dict(options.cells.set_valued),
        "starred_records": taken.n_starred,
    }


@dataclass(frozen=True, eq=False)
class _Taken:
    """The columns that are measured."""

    columns: Columns
    quasi: tuple[str, ...]
    weights: IntArray | None
    n_starred: int  # records left out, all `*`


def _take(table: OpenTable, asked: Sequence[str], others: Sequence[str], cells: CellRules) -> _Taken:
    require_names(table, [*asked, *others])
    columns, names, weights = table.take([*asked, *others])
    quasi = names[: len(names) - len(others)]
    columns, weights, n_starred = _without_starred(cells.read(columns), quasi, weights)
    if not quasi or not len(columns[quasi[0]]):
        raise RecordsError(
            f"{table.path.name}: there are no records", remedy="check the file; nothing can be measured"
        )
    return _Taken(columns, quasi, weights, n_starred)


def _measured(taken: _Taken, sensitive: Sequence[str], cluster: str | None, cells: CellRules) -> Measures:
    return measure_records(
        taken.columns, taken.quasi, sensitive=sensitive, cluster=cluster, cells=cells, weights=taken.weights
    )


def _model(options: RiskOptions, k: int, cluster: str | None) -> RecordsModel:
    return RecordsModel(
        k=k,
        max_suppressed_share=options.max_suppressed_share,
        loss=options.loss,
        cluster=cluster,
        cells=options.cells,
    )


def _chosen(
    table: OpenTable,
    asked: Sequence[str],
    hierarchies: Path | None,
    hints: Sequence[ColumnHint],
    others: Sequence[str],
) -> tuple[list[str], str]:
    """Return the quasi-identifiers and who chose them: those named, with a hierarchy, or suggested."""
    if asked:
        return list(asked), "named"
    if hierarchies is not None:
        source, split = open_ladders(hierarchies, table.names), [name for name, _ in table.flags]
        found = [name for name in table.names if name in (*source.columns, *split) and name not in others]
        if found:
            return found, "hierarchies"
        raise RecordsError(
            f"no column has a hierarchy in {hierarchies.name}", remedy="name each file <column>.csv"
        )
    suggested = [name for name in looking(hints, "quasi") if name not in others]
    if not suggested:
        raise RecordsError(
            "no quasi-identifier is named, and no column looks like one",
            remedy=f"name the columns that others may know; the columns are: {', '.join(table.names)}",
        )
    return [name for name in table.names if name in suggested], "suggested"


def _told(taken: _Taken, measures: Measures, k: int) -> dict[str, Any]:
    """Return what was measured, for evidence: counts and shares only."""
    columns, quasi, weights = taken.columns, taken.quasi, taken.weights
    few = len(quasi) <= _MANY_COLUMNS and (weights is None or len(weights) <= _MANY_ROWS)
    sets = special_uniques(columns, quasi, max_columns=3 if few else 2, weights=weights)
    below = share_below(columns, quasi, [k, *USUAL_K], weights=weights)
    return {
        "rows": measures.n_records,
        "classes": measures.n_classes,
        "smallest_class": measures.smallest_class,
        "smallest_class_clusters": measures.smallest_class_clusters,
        "share_below_k": below[k],
        "risk": measures.risk.as_dict(),
        "sensitive": {name: vars(measure) for name, measure in measures.sensitive.items()},
        "special_uniques": [{"columns": list(one.columns), "records": one.n_records} for one in sets[:20]],
        "contributions": {
            name: vars(one) for name, one in contributions(columns, quasi, weights=weights).items()
        },
        "drop_order": [vars(step) for step in drop_order(columns, quasi, k, weights=weights)],
        "share_below": {str(each): share for each, share in below.items()},
    }


def _population(taken: _Taken, options: RiskOptions) -> dict[str, Any]:
    if options.population is None:
        return {}
    columns, quasi, weights = taken.columns, taken.quasi, taken.weights
    if isinstance(options.population, int):
        return {
            "population": estimated_risk(class_sizes(columns, quasi, weights=weights), options.population)
        }
    people, _, persons = open_table(options.population).take(quasi)
    return {"population": counted_risk(columns, people, quasi, weights=weights, population_weights=persons)}


def _after(
    table: OpenTable, hierarchies: Path, model: RecordsModel, asked: Sequence[str], options: RiskOptions
) -> dict[str, Any]:
    """Return what recoding to k would leave and cost: the levels, the fields, and the same for other k."""
    run = RunOptions(budget_seconds=options.budget_seconds, flags=options.flags)
    result = recode_table(table, hierarchies, model, asked, run=run)
    told = result.evidence()
    levels = result.recoding.levels or ()
    fields = contributions(result.columns, result.quasi_identifiers, weights=result.weights)
    names = {
        ladder.column: ladder.level_name(i) for ladder, i in zip(result.task.hierarchies, levels, strict=True)
    }
    points = trade_off(result.task, sorted({*USUAL_K, model.k}), stop=stop_after(options.budget_seconds))
    if options.chart is not None:
        draw_trade_off(options.chart, points, loss=model.loss, k=model.k)
    return {
        "after": {
            **{name: told[name] for name in _SAID_AFTER},
            "level_names": names,
            "smallest_class_clusters": told.get("smallest_class_clusters"),
            "risk": told["risk"]["after"],
            "contributions": {name: vars(one) for name, one in fields.items()},
            "level_costs": [vars(one) for one in level_costs(result.task, levels)],
        },
        "trade_off": [vars(point) for point in points],
    }


def _without_starred(
    columns: Columns, quasi: Sequence[str], weights: IntArray | None
) -> tuple[Columns, IntArray | None, int]:
    """Leave out the records whose quasi-identifiers are all `*`: other tools write suppressed ones so."""
    starred: BoolArray = np.logical_and.reduce([_is_star(columns[name]) for name in quasi])
    n_starred = int(starred.sum() if weights is None else weights[starred].sum())
    if not n_starred or starred.all():
        return columns, weights, 0
    places = np.flatnonzero(~starred)
    left: Columns = {}
    for name, cells in columns.items():
        if isinstance(cells, CodedColumn):
            left[name] = replace(cells, codes=cells.codes[places])
        elif len(cells) == len(starred):
            left[name] = [cells[place] for place in places.tolist()]
    return left, None if weights is None else weights[places], n_starred


def _is_star(cells: Sequence[str]) -> BoolArray:
    if isinstance(cells, CodedColumn):
        return np.array([value == TOP for value in cells.values], np.bool_)[cells.codes]
    return np.fromiter((cell == TOP for cell in cells), np.bool_, len(cells))
