"""Plan first: which categories are too small for the tables that are asked for, said before anything is lost.

Source: RULES section 4 (with 14 cases a cell suppression hides 0-12 % of a table, with 2-8 it hides 19-67 %).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from anonymize.tables.plan import Dimension, TablePlan, UnitRows

LEAST_SHARE = 0.02  # of all rows
CASES_A_CELL = 3  # times the threshold


def plan_warnings(
    plans: Sequence[TablePlan], dimensions: Mapping[str, Dimension], rows: UnitRows, threshold: int
) -> list[dict[str, object]]:
    """Return what should be merged or left out, in counts only: no category is named by its value.

    Args:
        plans: Tables of one unit.
        dimensions: Column -> dimension.
        rows: What is counted.
        threshold: Counts; the smallest number that may be known.
    """
    warnings: list[dict[str, object]] = []
    for plan in plans:
        n_leaves = int(
            np.prod([len(dimensions[name].codes_at(level)) for name, level in plan.dimensions.items()])
        )
        if len(rows) < CASES_A_CELL * threshold * n_leaves:
            warnings.append(
                {
                    "table": plan.name,
                    "warning": f"fewer than {CASES_A_CELL * threshold} rows a cell on average",
                    "finest_cells": n_leaves,
                    "advice": "use a coarser level of a dimension, or cross fewer dimensions",
                }
            )
    used = {(name, level) for plan in plans for name, level in plan.dimensions.items()}
    for name, level in sorted(used):
        dimension = dimensions[name]
        sizes = Counter(dimension.climb(code, level) for code in rows.codes[name])
        least = max(threshold, LEAST_SHARE * len(rows))
        if small := sum(sizes[code] < least for code in dimension.codes_at(level)):
            warnings.append(
                {
                    "dimension": name,
                    "level": level,
                    "warning": f"categories with under {LEAST_SHARE:.0%} of the rows, or under {threshold}",
                    "categories": small,
                    "advice": "merge them with others of their kind",
                }
            )
    return warnings
