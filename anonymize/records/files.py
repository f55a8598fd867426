"""The file edge of recoding, for `withheld anonymize`: a file in, a k-anonymous file and its evidence out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codebook.errors import RecordsError

from .ladder_sources import open_ladders
from .measures import require_columns
from .model import RecordsModel
from .open_tables import OpenTable, open_table
from .output_files import write_evidence, write_records
from .recode import RecordsResult, anonymize_records
from .suggest import ColumnHint
from .table_files import ReadOptions
from .trade_off import level_costs


@dataclass(frozen=True)
class RunOptions:
    """What is asked of one run beside the model."""

    budget_seconds: float | None = None  # wall clock of the search; None: until the optimum is proven
    flags: tuple[tuple[str, str], ...] = ()  # (column, separator) of set-valued columns to split
    explain: bool = False  # also tell what every other level would cost
    in_order: bool = False  # keep the order of the records; sorted otherwise


def anonymize_file(
    path: Path,
    output: Path,
    *,
    hierarchies: Path,
    model: RecordsModel,
    quasi_identifiers: Sequence[str] = (),
    evidence: Path | None = None,
    read: ReadOptions | None = None,
    run: RunOptions | None = None,
) -> dict[str, Any]:
    """Recode a file and write it with its evidence; nothing is written when it is refused.

    Only quasi-identifiers and sensitive columns leave; every other column is dropped and listed in the
    evidence. A large file is counted out of core, and its records are written from the counts.

    Args:
        path: CSV, XLSX, Parquet or SQLite.
        output: CSV to write.
        hierarchies: Folder of hierarchy files, or a YAML file of rules.
        model: What every class must satisfy.
        quasi_identifiers: Columns that others may know; when none, every column with a hierarchy.
        evidence: JSON to write.
        read: Separator, encoding, sheet or table.
        run: Time budget, flags, order, and whether to explain.

    Returns:
        The evidence.

    Raises:
        RecordsError, HierarchyError, SourceError: As `anonymize_records` and `read_table`.
    """
    start, run = time.process_time(), run or RunOptions()
    table = open_table(path, read, run.flags)
    result = recode_table(table, hierarchies, model, quasi_identifiers, run=run)
    if run.in_order and result.weights is not None:
        raise RecordsError(
            f"{path.name}: the order of a file of this size is not kept", remedy="leave the order out"
        )
    write_records(output, result.columns, in_order=run.in_order, weights=result.weights)
    told = {
        "file": path.name,
        **result.evidence(),
        "dropped_columns": dropped_columns(table, result),
        "seconds": round(time.process_time() - start, 4),
    }
    if run.explain and result.recoding.levels is not None:
        told["level_costs"] = [vars(one) for one in level_costs(result.task, result.recoding.levels)]
    if evidence is not None:
        write_evidence(evidence, told)
    return told


def recode_table(
    table: OpenTable,
    hierarchies: Path,
    model: RecordsModel,
    quasi_identifiers: Sequence[str] = (),
    *,
    run: RunOptions,
) -> RecordsResult:
    """Recode an open file with the hierarchies of a folder or of a file of rules."""
    source = open_ladders(hierarchies, table.names)
    split = [name for name, _ in table.flags]
    taken = (*model.sensitive, model.cluster)
    asked = list(quasi_identifiers) or [
        name for name in table.names if name in (*source.columns, *split) and name not in taken
    ]
    if not asked:
        raise RecordsError(
            f"no column has a hierarchy in {hierarchies.name}",
            remedy="name each file <column>.csv, or give a YAML file with one rule per column",
        )
    cluster = [] if model.cluster is None else [model.cluster]
    require_names(table, [*asked, *model.sensitive, *cluster])
    columns, quasi, weights = table.take([*asked, *model.sensitive, *cluster])
    quasi = quasi[: len(quasi) - len(model.sensitive) - len(cluster)]
    trees = list(model.sensitive) if model.t is not None and model.t_distance == "hierarchical" else []
    flags = [name for name in quasi if name not in asked]
    ladders = source.build([*quasi, *trees], columns, model.cells, flags=flags)
    return anonymize_records(
        columns, ladders, quasi, model, weights=weights, stop=stop_after(run.budget_seconds)
    )


def require_names(table: OpenTable, names: Sequence[str]) -> None:
    """Raise where a named column is not in the file, or named twice.

    Raises:
        RecordsError: Such a column.
    """
    require_columns(dict.fromkeys(table.names, ()), names)


def dropped_columns(table: OpenTable, result: RecordsResult) -> list[str]:
    """Return the columns of the file that do not leave."""
    split = [name for name, _ in table.flags]
    return [name for name in table.names if name not in result.columns and name not in split]


def stop_after(seconds: float | None) -> Callable[[], bool] | None:
    """Return a question that is answered yes once the seconds (wall clock) are over."""
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def looking(hints: Sequence[ColumnHint], *kinds: str) -> list[str]:
    """Return the columns that look like one of the kinds."""
    return [hint.column for hint in hints if hint.looks in kinds]
