"""A file opened for measuring: small ones are read whole, large ones are counted column by column."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .big_files import column_names, count_rows, hints_of_large, is_large
from .cell_rules import split_flags
from .hierarchies import IntArray
from .suggest import ColumnHint, suggest_columns
from .table_files import Columns, ReadOptions, read_table


@dataclass(frozen=True)
class OpenTable:
    """The columns of a file; `whole` holds them where the file is small."""

    path: Path
    options: ReadOptions
    flags: tuple[tuple[str, str], ...]  # (column, separator) of set-valued columns to split
    names: tuple[str, ...]  # as in the file, split columns replaced by themselves
    whole: Columns | None

    def hints(self) -> list[ColumnHint]:
        """Return what each column looks like."""
        if self.whole is None:
            return hints_of_large(self.path, self.options)
        return suggest_columns(self.whole)

    def take(self, names: Sequence[str]) -> tuple[Columns, tuple[str, ...], IntArray | None]:
        """Return columns with set-valued ones split into flags, the names asked for, and the rows' weights.

        Raises:
            RecordsError: A column is not there. SourceError: The file cannot be read.
        """
        weights: IntArray | None = None
        if self.whole is None:
            counted, weights = count_rows(self.path, names, self.options)
            columns: Columns = dict(counted)
        else:
            columns = dict(self.whole)
        chosen: list[str] = list(names)
        for name, separator in self.flags:
            if name in chosen:
                split = split_flags(columns, name, separator)
                place = chosen.index(name)
                chosen[place : place + 1] = list(split)
                columns = {other: cells for other, cells in columns.items() if other != name} | split
        return columns, tuple(chosen), weights


def open_table(
    path: Path, options: ReadOptions | None = None, flags: tuple[tuple[str, str], ...] = ()
) -> OpenTable:
    """Open a file.

    Raises:
        SourceError: It cannot be read.
    """
    options = options or ReadOptions()
    if is_large(path):
        return OpenTable(path, options, flags, tuple(column_names(path, options)), None)
    whole = read_table(path, options)
    return OpenTable(path, options, flags, tuple(whole), whole)
