"""A column as codes and distinct values: how a counting engine hands over what would not fit as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class CodedColumn(Sequence[str]):
    """Cells that are read like any other column's; every value occurs.

    >>> import numpy as np
    >>> list(CodedColumn(np.array([1, 0, 1]), ("f", "m")))
    ['m', 'f', 'm']
    """

    codes: npt.NDArray[np.int64]  # (n_rows)
    values: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Return the cell of a row, or a list of cells."""
        if isinstance(place, slice):
            return [self.values[code] for code in self.codes[place].tolist()]
        return self.values[int(self.codes[place])]

    def __iter__(self) -> Iterator[str]:
        """Return the cells one by one."""
        return (self.values[code] for code in self.codes.tolist())

    def __contains__(self, cell: object) -> bool:
        """Tell whether a value occurs."""
        return cell in self.values
