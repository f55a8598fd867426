"""Moves that change nothing published: each is a table that no reader can tell from the truth."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import TOLERANCE, Numbers

Moves = NDArray[np.float32]
ROUGHLY = 1e-4  # single precision holds moves of some thousands to so much


class Witnesses:
    """Moves away from the truth, kept as rows of one array (n_moves, n_cells)."""

    def __init__(self, n_cells: int, moves: Iterable[Integers] = ()) -> None:
        """Keep some moves (n_cells each)."""
        self._rows = np.zeros((16, n_cells), dtype=np.float32)
        self._n_moves = 0
        for move in moves:
            self.add(move)

    def add(self, move: Integers | Numbers) -> None:
        """Keep a move."""
        if self._n_moves == len(self._rows):
            self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
        self._rows[self._n_moves] = move
        self._n_moves += 1

    def table(self) -> Moves:
        """Return all moves (n_moves, n_cells)."""
        return self._rows[: self._n_moves]

    def without(self, cell: int) -> Moves:
        """Return the moves that leave a cell where it is (n_moves, n_cells)."""
        rows = self.table()
        kept: Moves = rows[rows[:, cell] == 0]
        return kept

    def replace(self, moves: Moves) -> None:
        """Keep these moves (n_moves, n_cells) instead."""
        self._rows = moves if len(moves) else np.zeros((16, self._rows.shape[1]), dtype=np.float32)
        self._n_moves = len(moves)

    def drop_fractions(self) -> None:
        """Keep the moves of whole numbers only."""
        rows = self.table()
        self.replace(rows[np.abs(rows - np.rint(rows)).max(axis=1, initial=0.0) <= ROUGHLY])


class Span:
    """How far each cell is seen to go down and up (n_cells each)."""

    def __init__(self, moves: Moves | Integers) -> None:
        """Take the span of some moves (n_moves, n_cells)."""
        self.low = moves.min(axis=0, initial=0).astype(np.float64)
        self.high = moves.max(axis=0, initial=0).astype(np.float64)

    def include(self, move: Integers | Numbers) -> None:
        """Take in a move (n_cells)."""
        self.low, self.high = np.minimum(self.low, move), np.maximum(self.high, move)

    def width(self, position: int) -> float:
        """Return how wide a cell is seen to be."""
        return float(self.high[position] - self.low[position])

    def narrow(self, primary: Marks, widths: Integers) -> Integers:
        """Return the primary cells that are not seen to be wide enough."""
        found: Integers = np.flatnonzero(primary & (self.high - self.low < widths - ROUGHLY))
        return found


def is_whole(move: Numbers) -> bool:
    """Return whether a move is of whole numbers."""
    return bool(np.abs(move - np.rint(move)).max(initial=0.0) <= TOLERANCE)
