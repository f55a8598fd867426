"""What is to be suppressed: the sums of a unit, its counts, and which cells must be how wide."""

from dataclasses import dataclass

import numpy as np

from anonymize.tables.plan import Integers, LinkedSystem, Marks
from anonymize.tables.programs import Numbers


@dataclass(frozen=True)
class SuppressionTask:
    """A unit to protect: its sums, true counts, primary cells and the width each interval must have.

    `least` is the smallest count a reader can think of for a withheld cell: 1 where zeros are published.
    """

    system: LinkedSystem
    counts: Integers
    primary: Marks
    widths: Integers
    least: int | Integers = 1

    @property
    def down(self) -> Numbers:
        """Return how far each cell could go down if it were withheld."""
        return np.maximum(self.counts - self.least, 0).astype(np.float64)

    @property
    def up(self) -> Numbers:
        """Return how far each cell could go up; published zeros stay."""
        return np.where((self.counts > 0) | (self.least == 0), np.inf, 0.0)

    @property
    def prices(self) -> Numbers:
        """Return what withholding each cell costs."""
        return np.log1p(self.counts) + 0.5
