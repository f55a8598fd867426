"""Quick looks at one sum at a time: which withheld cells are surely needed, and which cells stand close."""

import numpy as np

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import Numbers

from .task import SuppressionTask


class Neighbourhood:
    """The sums in which each cell stands."""

    def __init__(self, task: SuppressionTask) -> None:
        """Prepare the sums of a task."""
        self._primary, self._down, self._widths = task.primary, task.down, task.widths
        self._sums = [(parent, np.array(children)) for parent, children in task.system.equations]
        self._sums_of: list[list[int]] = [[] for _ in task.counts]
        for number, (parent, children) in enumerate(self._sums):
            for cell in (parent, *map(int, children)):
                self._sums_of[cell].append(number)

    def is_needed(self, cell: int, hidden: Marks) -> bool:
        """Return whether a sum would leave a primary cell too narrow if one more cell of it were shown.

        Where the total is shown, its withheld parts can only take from each other what each has to give.
        False proves nothing.
        """
        for number in self._sums_of[cell]:
            parent, children = self._sums[number]
            left = children[hidden[children] & (children != cell)]
            if hidden[parent] and parent != cell:
                if not len(left) and self._primary[parent]:
                    return True
                continue
            primary = left[self._primary[left]]
            if len(primary) and self._down[left].sum() < self._widths[primary].max():
                return True
        return False

    def closeness(self, cell: int, hidden: Marks) -> Numbers:
        """Return for each cell 1 / withheld cells of the shortest sum that it shares with one (n_cells)."""
        result = np.zeros(len(hidden))
        for number in self._sums_of[cell]:
            parent, children = self._sums[number]
            cells: Integers = np.append(children, parent)
            result[cells] = np.maximum(result[cells], 1.0 / max(1, int(hidden[cells].sum())))
        return result
