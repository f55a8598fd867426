"""Hierarchies built by rule: intervals, dates, prefixes, and value > `*`.

Every rule is nested by construction; the hierarchy is checked all the same.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from codebook.errors import HierarchyError

from .hierarchies import MISSING, TOP, Hierarchy, hierarchy_from_mapping


def interval_hierarchy(
    column: str, cells: Iterable[str], widths: Sequence[int], *, start: int = 0
) -> Hierarchy:
    """Return whole numbers in bands of growing widths, both ends of a band included.

    Args:
        column: The column.
        cells: Its cells; the distinct ones become the values.
        widths: Width of the bands on levels 1, 2, ...; each a multiple of the one before, or bands would
        straddle. start: Where a band begins.

    Raises:
        HierarchyError: A width is not a multiple of the one before; cells that are not whole numbers.

    >>> interval_hierarchy("age", ["17", "18"], [5, 10]).label("17", 1)
    '15-19'
    """
    if not widths or min(widths) < 2:
        raise HierarchyError(
            f"column '{column}': a band is narrower than 2",
            remedy="give widths of 2 or more, such as [5, 10]",
        )
    for narrow, wide in pairwise(widths):
        if wide % narrow or wide == narrow:
            raise HierarchyError(
                f"column '{column}': bands of {wide} are not made of whole bands of {narrow}",
                remedy="make each width a multiple of the one before",
            )

    def climb(cell: str) -> list[str]:
        number = int(cell)
        lows = [start + (number - start) // width * width for width in widths]
        return [f"{low}-{low + width - 1}" for low, width in zip(lows, widths, strict=True)]

    names = ("the value itself", *(f"bands of {width}" for width in widths), TOP)
    return replace(_climbed(column, cells, climb, "whole numbers"), level_names=names)


def date_hierarchy(column: str, cells: Iterable[str]) -> Hierarchy:
    """Return ISO days as month, quarter, half year, year, three years, `*`.

    Raises:
        HierarchyError: Cells that are not days (YYYY-MM-DD).

    >>> date_hierarchy("day", ["2023-05-09"]).label("2023-05-09", 3)
    '2023-H1'
    """

    def climb(cell: str) -> list[str]:
        day = datetime.date.fromisoformat(cell)
        first = day.year - day.year % 3
        quarter, half = (day.month + 2) // 3, (day.month + 5) // 6
        return [
            f"{day.year:04d}-{day.month:02d}",
            f"{day.year:04d}-Q{quarter}",
            f"{day.year:04d}-H{half}",
            f"{day.year:04d}",
            f"{first:04d}-{first + 2:04d}",
        ]

    names = ("day", "month", "quarter", "half year", "year", "three years", TOP)
    return replace(_climbed(column, cells, climb, "ISO days (YYYY-MM-DD)"), level_names=names)


def prefix_hierarchy(column: str, cells: Iterable[str], lengths: Sequence[int]) -> Hierarchy:
    """Return codes cut to ever shorter prefixes; what is cut off shows as `*`.

    Args:
        column: The column.
        cells: Its cells.
        lengths: Characters kept on levels 1, 2, ..., each shorter than the one before.

    Raises:
        HierarchyError: The lengths do not fall.

    >>> prefix_hierarchy("postcode", ["364000"], [3]).label("364000", 1)
    '364***'
    """
    if list(lengths) != sorted(set(lengths), reverse=True) or not lengths or min(lengths) < 1:
        raise HierarchyError(
            f"column '{column}': the lengths of prefixes do not fall from level to level",
            remedy="give falling lengths above 0, such as [4, 2]",
        )

    def climb(cell: str) -> list[str]:
        return [cell[:length] + TOP * max(0, len(cell) - length) for length in lengths]

    names = ("the value itself", *(f"first {length} characters" for length in lengths), TOP)
    return replace(_climbed(column, cells, climb, "codes"), level_names=names)


def flat_hierarchy(column: str, cells: Iterable[str]) -> Hierarchy:
    """Return values with nothing between them and `*`.

    >>> flat_hierarchy("sex", ["f", "m"]).label("f", 1)
    '*'
    """
    return _climbed(column, cells, lambda _: [], "values")


def _climbed(column: str, cells: Iterable[str], climb: Callable[[str], list[str]], what: str) -> Hierarchy:
    levels_of, wrong = {}, 0
    for cell in sorted({cell for cell in cells if cell != MISSING}):
        try:
            levels_of[cell] = [*climb(cell), TOP]
        except ValueError:
            wrong += 1
    if wrong:
        raise HierarchyError(
            f"column '{column}': {wrong} different values are not {what}",
            remedy="correct them, leave their cells empty, or give a hierarchy file",
        )
    if not levels_of:
        raise HierarchyError(
            f"column '{column}': there is no value to build a hierarchy from",
            remedy="leave the column out of --quasi, or check the file",
        )
    return hierarchy_from_mapping(column, levels_of, place=f"rule for '{column}'")
