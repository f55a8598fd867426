"""Hierarchy files of a folder: `<column>.csv` or `*_<column>.csv`, one `;`-separated line per value."""

import csv
from collections.abc import Sequence
from pathlib import Path

from codebook.errors import HierarchyError, SourceError

from .hierarchies import Hierarchy, hierarchy_from_lines
from .text_files import read_text


def read_hierarchy(path: Path, column: str) -> Hierarchy:
    """Return the hierarchy in a file.

    Raises:
        HierarchyError: Unreadable, or wrong in a way that `hierarchy_from_lines` tells with the line.
    """
    try:
        text = read_text(path)
    except SourceError as error:
        raise HierarchyError(error.reason, remedy=error.remedy) from error
    lines = [line for line in csv.reader(text.splitlines(), delimiter=";", strict=True) if line]
    return hierarchy_from_lines(column, lines, place=path.name)


def find_hierarchy_files(directory: Path, columns: Sequence[str]) -> dict[str, Path]:
    """Return column -> file for the columns that have one.

    A file named exactly like the column comes before `*_<column>.csv`.

    Raises:
        HierarchyError: The folder does not exist, or two files of it end in the same column name.
    """
    if not directory.is_dir():
        raise HierarchyError(
            f"{directory}: no such folder of hierarchies", remedy="give the folder with one CSV per column"
        )
    names = sorted(path.name for path in directory.iterdir() if path.suffix.lower() == ".csv")
    found = {}
    for column in columns:
        exact = [name for name in names if name[:-4] == column]
        ending = [name for name in names if name[:-4].endswith(f"_{column}")]
        # `*_group.csv` would also catch the file of a column `age_group`.
        ending = [name for name in ending if not _is_of_longer_column(name, column, columns)]
        if not exact and len(ending) > 1:
            raise HierarchyError(
                f"column '{column}': {len(ending)} hierarchy files in {directory.name} end in its name",
                remedy=f"name the right one {column}.csv",
            )
        if exact or ending:
            found[column] = directory / (exact or ending)[0]
    return found


def read_hierarchies(
    directory: Path, columns: Sequence[str], *, required: Sequence[str] = ()
) -> dict[str, Hierarchy]:
    """Return column -> hierarchy for the columns that have a file in the folder.

    Raises:
        HierarchyError: A required column has no file, or a file is wrong.
    """
    files = find_hierarchy_files(directory, columns)
    without = [column for column in required if column not in files]
    if without:
        raise HierarchyError(
            f"{directory.name}: no hierarchy file for {', '.join(without)}",
            remedy=f"add {without[0]}.csv: one line per value, value;level 1;...;*",
        )
    return {column: read_hierarchy(path, column) for column, path in files.items()}


def _is_of_longer_column(name: str, column: str, columns: Sequence[str]) -> bool:
    stem = name[:-4]
    return any(
        len(other) > len(column) and other.endswith(column) and (stem == other or stem.endswith(f"_{other}"))
        for other in columns
    )
