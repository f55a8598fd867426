"""Is every primary cell wide enough under a pattern? The moves that show it, or the cuts that it breaks."""

from collections.abc import Sequence

import numpy as np

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import TOLERANCE, Numbers
from anonymize.tables.suppression import SuppressionTask, whole_width

from .separation import Cut, Reached, Separation, cut_value

VIOLATED = 1e-3  # share of a cut's right side that must be missing


class Examination:
    """The questions of one task, asked of many patterns."""

    def __init__(self, task: SuppressionTask) -> None:
        """Prepare the programs of a task."""
        self._task = task
        self.movable = (task.up > 0) | (task.down > 0)
        self._separation = Separation(task)
        self._cells = [int(i) for i in np.flatnonzero(task.primary)]

    def relaxed_cuts(self, shares: Numbers) -> list[Cut]:
        """Return cuts that a relaxed choice (n_cells, 0..1) breaks; there may be others."""
        cuts: list[Cut] = []
        for width in sorted({float(self._task.widths[i]) for i in self._cells}):
            self._separation.set_pattern(shares, width, bounded=True)
            for position in self._cells:
                if self._task.widths[position] == width:
                    parts = [self._separation.reach(position, 1.0, width)]
                    if self._task.down[position] > 0:
                        parts.append(self._separation.reach(position, -1.0, width))
                    cuts += self._broken(position, parts, shares)
        return cuts

    def examine(self, hidden: Marks) -> tuple[list[Cut], list[Integers]]:
        """Return the cuts that a pattern breaks; where it breaks none, whole-number moves that show it."""
        moves: list[Integers] = []
        narrow, doubtful = self._first_look(hidden, moves)
        cuts = [cut for position in narrow for cut in self._cuts_of(position, hidden)]
        if narrow:
            return cuts or [self.more_than(hidden)], []
        for position in doubtful:
            low, high = _span(moves, position)
            if high - low < self._task.widths[position]:
                whole = whole_width(self._task, hidden, position)
                if not whole:
                    return [self.more_than(hidden)], []
                moves += whole
        return [], moves

    def more_than(self, hidden: Marks) -> Cut:
        """Return the cut that asks for one cell more: fewer cells never widen an interval."""
        cells = np.flatnonzero(~hidden & self.movable)
        return cells, np.ones(len(cells))

    def _first_look(self, hidden: Marks, moves: list[Integers]) -> tuple[list[int], list[int]]:
        """Return the cells that are too narrow, and those of which linear programs cannot tell."""
        narrow: list[int] = []
        doubtful: list[int] = []
        self._separation.set_pattern(hidden.astype(np.float64), 0.0, bounded=False)
        low, high = np.zeros(len(hidden)), np.zeros(len(hidden))
        for position in self._cells:
            width = float(self._task.widths[position])
            distance = 0.0
            for sign in (1.0, -1.0):
                if high[position] - low[position] >= width:
                    break
                part = self._separation.reach(position, sign, width)
                distance += part.distance
                if np.abs(part.move - np.rint(part.move)).max() <= TOLERANCE:
                    moves.append(np.rint(part.move).astype(np.int64))
                    low, high = np.minimum(low, moves[-1]), np.maximum(high, moves[-1])
            if high[position] - low[position] < width:
                (narrow if distance < width - TOLERANCE else doubtful).append(position)
        return narrow, doubtful

    def _cuts_of(self, position: int, hidden: Marks) -> list[Cut]:
        """Return the cuts of one narrow cell of the pattern that was looked at last."""
        width = float(self._task.widths[position])
        parts = [self._separation.reach(position, sign, width) for sign in (1.0, -1.0)]
        return self._broken(position, parts, hidden.astype(np.float64))

    def _broken(self, position: int, parts: Sequence[Reached], shares: Numbers) -> list[Cut]:
        """Return the cuts of one cell, of what goes up and of both ways together, that are broken."""
        width = float(self._task.widths[position])
        found = [self._separation.cut(position, width, parts)]
        if len(parts) > 1 and self._task.down[position] < width:
            found.append(self._separation.cut(position, width, parts[:1]))
        return [cut for cut in found if cut is not None and cut_value(cut, shares) < 1 - VIOLATED]


def _span(moves: Sequence[Integers], position: int) -> tuple[int, int]:
    reached = [0, *(int(move[position]) for move in moves)]
    return min(reached), max(reached)
